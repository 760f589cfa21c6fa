"""The counts of every delivery, and which quarantine has been cleared or dismissed, after the set is settled."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from orchestration.errors import DeliveryError
from orchestration.landing.contract import Contract
from orchestration.landing.discover import Found, Note
from orchestration.landing.intake import Delivery
from orchestration.landing.load import key_text
from orchestration.landing.tables import append, raw, run
from orchestration.landing.typed import literal

DISMISSALS = "quarantine_dismissals.jsonl"


def count(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    deliveries: Sequence[Delivery],
    waiting: Sequence[Found],
    notes: Sequence[Note],
    dismissed: dict[str, str],
) -> None:
    """Rewrite raw.deliveries and raw.notes; the caller holds the transaction.

    `received` was counted when the file was read; the other counts are counted here, from the tables: that their sum
    equals `received` is therefore a check. A content seen at a second path is a duplicate there, with all its rows.
    """
    _sightings(connection, deliveries, dismissed)
    run(
        connection,
        "update raw.quarantine as q set path = s.path from sightings as s "
        "where s.dataset = q.dataset and s.delivery = q.delivery and s.is_first and q.path is distinct from s.path",
    )
    _outcomes(connection, contract)
    _cleared(connection, contract)
    run(connection, "delete from raw.deliveries")
    run(
        connection,
        """
        insert into raw.deliveries
        select s.dataset, s.delivery, s.path, s.content_first_seen, s.first_seen,
            case when not s.is_first then 'duplicate' else l.status end,
            l.received,
            case when s.is_first and l.status = 'loaded'
                then coalesce(o.rows, 0) - coalesce(o.superseded, 0) - coalesce(o.duplicate, 0) - coalesce(o.refused, 0) else 0 end,
            case when s.is_first then coalesce(o.superseded, 0) else 0 end,
            case when s.is_first then coalesce(o.duplicate, 0) else l.received end,
            case when not s.is_first then 0 when l.status = 'unreadable' then l.received
                else coalesce(o.quarantined, 0) end,
            case when s.is_first then coalesce(o.conflicts, 0) else 0 end,
            s.dismissed, coalesce(c.cleared, false), l.reason
        from sightings as s
        join raw.loads as l on l.dataset = s.dataset and l.delivery = s.delivery
        left join outcomes as o on o.dataset = s.dataset and o.delivery = s.delivery
        left join cleared as c on c.dataset = s.dataset and c.delivery = s.delivery
        order by s.dataset, s.delivery, s.path
        """,
    )
    append(
        connection,
        "raw.deliveries",
        [(w.dataset, "", w.path, None, None, "waiting", 0, 0, 0, 0, 0, 0, False, False, "waiting") for w in waiting],
    )
    _write_notes(connection, notes)
    for table in ("sightings", "outcomes", "cleared"):
        run(connection, f"drop table {table}")


def _sightings(
    connection: duckdb.DuckDBPyConnection, deliveries: Sequence[Delivery], dismissed: dict[str, str]
) -> None:
    run(
        connection,
        "create or replace temp table sightings (dataset varchar, delivery varchar, path varchar, first_seen timestamp, "
        "content_first_seen timestamp, is_first boolean, dismissed boolean)",
    )
    refused = set(run(connection, "select distinct dataset, delivery from raw.quarantine"))
    newest: dict[tuple[str, str], str] = {}
    for d in deliveries:
        for path in d.paths:
            newest[d.dataset, path] = max(newest.get((d.dataset, path), ""), d.first_seen(path))

    def first(d: Delivery) -> str:
        """What was refused is named by a path where it still lies: at others the corrected file may lie already."""
        if (d.dataset, d.sha256) not in refused:
            return d.paths[0]
        return next((path for path in d.paths if d.first_seen(path) == newest[d.dataset, path]), d.paths[0])

    rows = [
        (
            d.dataset,
            d.sha256,
            path,
            moment(d.first_seen(path)),
            moment(d.first_seen()),
            path == first(d),
            d.sha256 in dismissed,
        )
        for d in deliveries
        for path in d.paths
    ]
    append(connection, "sightings", rows)


def moment(text: str) -> datetime:
    """An ISO 8601 text with offset as naive UTC."""
    return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)


def _outcomes(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    rows = " union all ".join(
        f"select {literal(d.name)} as dataset, _delivery as delivery, count(*) as rows from {raw(d)} group by _delivery"
        for d in contract.datasets.values()
    )
    run(
        connection,
        f"""
        create or replace temp table outcomes as
        with present as ({rows}),
        aside as (
            select dataset, _delivery as delivery, count(*) filter (where outcome = 'superseded') as superseded,
                count(*) filter (where outcome = 'duplicate') as duplicate,
                count(*) filter (where outcome = 'quarantined') as refused
            from raw.set_aside group by all
        ),
        refusals as (select dataset, delivery, count(distinct line) as quarantined from raw.quarantine group by all),
        disputes as (select dataset, _delivery as delivery, count(*) as conflicts from raw.conflicts group by all)
        select l.dataset, l.delivery, present.rows, aside.superseded, aside.duplicate, aside.refused,
            refusals.quarantined, disputes.conflicts
        from raw.loads as l
        left join present using (dataset, delivery) left join aside using (dataset, delivery)
        left join refusals using (dataset, delivery) left join disputes using (dataset, delivery)
        """,
    )


def _cleared(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Quarantine is cleared by new content at every path of the delivery, or by later rows for every refused key."""
    run(
        connection,
        """
        create or replace temp table cleared as
        with refused as (select distinct dataset, delivery from raw.quarantine),
        replaced as (
            -- not by `exists (… and n.delivery <> s.delivery and n.first_seen > s.first_seen)`, which DuckDB 1.5.5
            -- answers with false for every row
            select s.dataset, s.delivery, bool_and(s.first_seen < s.newest) as cleared
            from (select *, max(first_seen) over (partition by dataset, path) as newest from sightings) as s
            group by all
        )
        select dataset, delivery, replaced.cleared from refused join replaced using (dataset, delivery)
        """,
    )
    open_datasets = {
        name
        for (name,) in run(
            connection,
            "select distinct q.dataset from raw.quarantine as q join cleared as c using (dataset, delivery) "
            "where not c.cleared and q.row_key is not null",
        )
    }
    for dataset in (d for d in contract.datasets.values() if d.name in open_datasets):
        run(
            connection,
            f"""
            update cleared set cleared = true where dataset = {literal(dataset.name)} and not cleared and delivery in (
                with refused as (
                    select q.delivery, q.row_key, min(s.content_first_seen) as seen
                    from raw.quarantine as q join sightings as s using (dataset, delivery)
                    where q.dataset = {literal(dataset.name)} group by all
                ),
                candidates as (select distinct row_key from refused),
                later as (
                    select {key_text(dataset)} as row_key, max(s.content_first_seen) as seen
                    from {raw(dataset)} as r
                    join sightings as s on s.dataset = {literal(dataset.name)} and s.delivery = r._delivery
                    where {key_text(dataset)} in (select row_key from candidates where row_key is not null)
                        and not exists (select 1 from raw.set_aside as a where a.dataset = {literal(dataset.name)}
                            and a._delivery = r._delivery and a._line = r._line and a.outcome = 'quarantined')
                    group by all
                )
                select refused.delivery from refused left join later using (row_key)
                group by refused.delivery having bool_and(coalesce(later.seen > refused.seen, false))
            )
            """,
        )


def _write_notes(connection: duckdb.DuckDBPyConnection, notes: Sequence[Note]) -> None:
    run(connection, "delete from raw.notes")
    append(connection, "raw.notes", [(n.dataset, n.delivery, n.path, n.code, n.detail) for n in notes])
    run(
        connection,
        """
        insert into raw.notes
        select n.dataset, n.delivery, s.path, n.code, n.detail from raw.load_notes as n
        join sightings as s on s.dataset = n.dataset and s.delivery = n.delivery and s.is_first
        union all
        select dataset, delivery, path, 'conflict', conflicts || ' rows with the same key and time as another, differing; '
            || 'the winner is the greatest payload hash; see raw.conflicts'
        from raw.deliveries where conflicts > 0
        union all
        select dataset, delivery, path, 'duplicate', 'the same content was delivered at another path'
        from raw.deliveries where status = 'duplicate'
        """,
    )


def dismissals(state: Path) -> dict[str, str]:
    """Delivery → reason, of every quarantine that a person dismissed.

    Raises:
        DeliveryError: a line is no dismissal, perhaps because its writing was cut short.
    """
    file = state / DISMISSALS
    if not file.exists():
        return {}
    found = {}
    for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").split("\n"), start=1):
        if line.strip():
            try:
                entry = json.loads(line)
                found[entry["delivery"]] = entry["reason"]
            except (ValueError, KeyError, TypeError) as problem:
                raise DeliveryError(
                    f"{file} line {number} is no dismissal: delete the line, then say it again with: loyalty quarantine --dismiss"
                ) from problem
    return found
