"""Who is whom: what people decide about records."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime

import click

from orchestration import terminal
from orchestration.commands import friendly, json_option, print_json
from orchestration.errors import ConfigurationError
from orchestration.folders import DataFolder
from orchestration.identity import decisions as log
from orchestration.identity.contradictions import contradictions
from orchestration.settings import load_settings
from orchestration.warehouse import writer_lock


@click.command()
@click.argument("kind", type=click.Choice(["must-link", "cannot-link"]), required=False)
@click.argument("records", nargs=-1, metavar="[SYSTEM:ID SYSTEM:ID]")
@click.option("--by", help="Who decides.")
@click.option("--why", help="The reason, in words.")
@click.option("--revoke", metavar="ID", help="Take back a decision; it stays on the list, as revoked.")
@click.option("--list", "listed", is_flag=True, help="List all decisions, revoked ones too.")
@json_option
@friendly
def decide(
    kind: str | None,
    records: tuple[str, ...],
    by: str | None,
    why: str | None,
    revoke: str | None,
    listed: bool,
    as_json: bool,
) -> None:
    """Decide that two records are one person (must-link) or are two (cannot-link).

    Decisions win over every rule and model, take effect with the next run, and are kept for ever with who and why.

    loyalty decide cannot-link crm:17 shop:9 --by "A. Lin" --why "mother and daughter"
    """
    folder = DataFolder.from_environment()
    asked = [bool(kind), bool(revoke), listed]
    if sum(asked) != 1 or (kind and len(records) != 2):
        raise ConfigurationError(
            "say what to decide: must-link or cannot-link with two records as SYSTEM:ID, or --revoke ID, or --list"
        )
    if listed:
        taken, _ = log.read(folder)
        print_json([asdict(decision) for decision in taken]) if as_json else terminal.show_decisions(taken)
        return
    if not (by and by.strip() and why and why.strip()):
        raise ConfigurationError("a decision is kept with who and why: add --by WHO --why TEXT")
    with writer_lock(folder.lock, load_settings(folder.company_yml).lock_wait_minutes, _say):
        taken, _ = log.read(folder)
        if revoke:
            _check_revocable(taken, revoke)
            log.revoke(folder, revoke, by.strip(), why.strip(), datetime.now(UTC))
            decision_id, what = revoke, "revoked"
        else:
            left, right = (record_name(text) for text in records)
            _warn_of_unknown(folder, (left, right))
            _check_new(taken, str(kind), left, right)
            decision_id = log.record(
                folder, str(kind).replace("-", "_"), left, right, by.strip(), why.strip(), datetime.now(UTC)
            )
            what = "kept"
    if as_json:
        print_json(asdict(next(one for one in log.read(folder)[0] if one.decision_id == decision_id)))
    else:
        click.echo(f"decision {decision_id} {what}; it takes effect with the next: loyalty run")


def record_name(text: str) -> log.Record:
    """'crm:17' as (source_system, source_customer_id); everything behind the first colon is the id."""
    system, colon, number = text.partition(":")
    if not (system and colon and number):
        raise ConfigurationError(f"'{text}' names no record; write SYSTEM:ID, for example crm:17")
    return system, number


def _check_new(taken: Sequence[log.Decision], kind: str, left: log.Record, right: log.Record) -> None:
    if left == right:
        raise ConfigurationError(f"{_text(left)} is one record; a decision is about two")
    for decision in taken:
        same = {decision.left, decision.right} == {left, right} and decision.kind == kind.replace("-", "_")
        if decision.in_force and same:
            raise ConfigurationError(f"that is decided already: {decision.decision_id}, by {decision.decided_by}")
    against = contradictions(taken, kind.replace("-", "_"), left, right)
    if against:
        names = {decision.decision_id: decision for decision in taken}
        lines = [
            f"  {one}: {names[one].kind.replace('_', '-')} {_text(names[one].left)} {_text(names[one].right)}, "
            f"by {names[one].decided_by}"
            for one in against
        ]
        raise ConfigurationError(
            f"{kind} {_text(left)} {_text(right)} contradicts what holds:\n"
            + "\n".join(lines)
            + f"\n  revoke one first: loyalty decide --revoke {against[0]} --by WHO --why TEXT"
        )


def _check_revocable(taken: Sequence[log.Decision], decision_id: str) -> None:
    found = [decision for decision in taken if decision.decision_id == decision_id]
    if not found:
        raise ConfigurationError(f"there is no decision {decision_id}; all of them: loyalty decide --list")
    if not found[0].in_force:
        raise ConfigurationError(f"{decision_id} was revoked already, by {found[0].revoked_by}")


def _warn_of_unknown(folder: DataFolder, records: Sequence[log.Record]) -> None:
    """A record may be delivered after the decision about it; a misspelt one never is, so say so now."""
    import duckdb

    identities = folder.published / "current" / "profiles" / "customer_identities.parquet"
    if not identities.exists():
        return
    with duckdb.connect() as connection:
        for record in records:
            known = connection.execute(
                "select count(*) from read_parquet(?) where source_system = ? and source_customer_id = ?",
                [str(identities), *record],
            ).fetchall()[0][0]
            if not known:
                click.echo(
                    f"warning: no published record is {_text(record)}; the decision waits until one is delivered",
                    err=True,
                )


def _text(record: log.Record) -> str:
    return ":".join(record)


def _say(line: str) -> None:
    click.echo(line, err=True)


@click.command()
@click.argument("who", nargs=-1, metavar="SYSTEM:ID SYSTEM:ID | CUSTOMER")
@click.option("--queue", is_flag=True, help="List the pairs that are worth a person's decision, the least sure first.")
@click.option("--show-values", is_flag=True, help="Show names, phones and addresses as they are instead of masked.")
@json_option
@friendly
def explain(who: tuple[str, ...], queue: bool, show_values: bool, as_json: bool) -> None:
    """Say why two records are one person, or why not, or who a customer is made of.

    loyalty explain crm:17 shop:9 · loyalty explain C2cf24dba5fb0 · loyalty explain --queue
    """
    import duckdb

    from orchestration.errors import LockHeld
    from orchestration.identity import explain as pairs
    from orchestration.identity import explain_words, masking
    from orchestration.identity.explain_customer import customer_of, explain_customer
    from orchestration.identity.model import load_model
    from orchestration.warehouse import connect

    folder = DataFolder.from_environment()
    if queue == bool(who) or len(who) > 2:
        raise ConfigurationError("say what to explain: two records as SYSTEM:ID, one customer, or --queue")
    pair = [record_name(text) for text in who] if len(who) == 2 else []
    if pair and pair[0] == pair[1]:
        raise ConfigurationError(f"{who[0]} is one record: name two, or give it alone to see whose it is")
    if not folder.database.exists():
        raise ConfigurationError(f"{folder.database} does not exist yet; find out who is whom with: loyalty run")
    show = (lambda field, value: str(value)) if show_values else masking.masked
    try:
        with connect(folder.database) as warehouse:
            if queue:
                found = pairs.review_queue(warehouse)
                lines = explain_words.queue_lines(found)
            elif len(who) == 2:
                found = pairs.explain_pair(warehouse, load_model(folder.models), pair[0], pair[1], show)
                found["waiting"] = pairs.waiting_decisions(warehouse, log.read(folder)[0], pair)
                lines = explain_words.pair_lines(found)
            else:
                asked = customer_of(warehouse, record_name(who[0])) if ":" in who[0] else who[0]
                found = explain_customer(warehouse, asked, show)
                lines = explain_words.customer_lines(found)
    except duckdb.IOException as problem:
        raise LockHeld("a run is writing the warehouse; try again when it is done") from problem
    except (duckdb.CatalogException, duckdb.BinderException) as problem:
        raise ConfigurationError(
            f"{folder.database} has no identities yet, or those of an earlier version; make them with: loyalty run"
        ) from problem
    if as_json:
        print_json(found)
    else:
        click.echo("\n".join(lines))
