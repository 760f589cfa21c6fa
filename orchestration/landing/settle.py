"""What the deliveries say together: which rows stand, which are set aside, and the counts of every delivery.

Recomputed every run as a function of (all deliveries, settings, as_of): never of the order in which they came.
A row of raw is set aside once: refused by a rule over the set, a duplicate, or superseded.
"""

from collections.abc import Sequence
from datetime import datetime

import duckdb
import numpy as np
import pyarrow as pa

from orchestration.landing.contract import Contract, Dataset
from orchestration.landing.intake import Delivery
from orchestration.landing.load import EXCERPT, key_text
from orchestration.landing.reasons import REASONS
from orchestration.landing.tables import append, raw, run
from orchestration.landing.typed import literal, quoted
from orchestration.settings import Settings

FIRST = ("exchange_rates", "survey_questions")
"""Datasets that rules over others look at; settled before them."""
FIRST_ORDER = "1970-01-02"
"""An order before it carries what systems write for no time: 0001-01-01, 1900-01-01, 1970-01-01. One of them would begin the
company's history there, and every customer of its true first year would pass for a new one."""
MOST_HASHES = 20_000_000
"""Keys whose hashes are sorted at once, in 8 bytes each."""
REFERENCES = {
    "order_source_system": ("order_id", "orders"),
    "case_source_system": ("case_id", "cases"),
    "response_source_system": ("response_id", "survey_responses"),
}
"""Column that names the system of a reference → the reference, and the dataset it points to."""


def settle(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    settings: Settings,
    as_of: datetime,
    order_times: Sequence[tuple[Delivery, datetime | None]],
) -> None:
    """Rewrite raw.set_aside, raw.conflicts and the set-level part of raw.quarantine; the caller holds the transaction.

    `as_of` and `order_times` (when each delivery was made, as its paths tell) are naive UTC.
    """
    run(
        connection, "create or replace temp table order_times (dataset varchar, delivery varchar, order_time timestamp)"
    )
    append(connection, "order_times", [(d.dataset, d.sha256, moment) for d, moment in order_times])
    _shared_ids(connection, contract)
    set_level = ", ".join(literal(code) for code, reason in REASONS.items() if reason.level == "set")
    run(connection, "delete from raw.set_aside")
    run(connection, "delete from raw.conflicts")
    run(connection, f"delete from raw.quarantine where reason in ({set_level})")
    later = [dataset for name, dataset in contract.datasets.items() if name not in FIRST]
    delivered = _with_rows(connection, contract)
    for dataset in [contract.datasets[name] for name in FIRST if name in contract.datasets] + later:
        if dataset.name not in delivered:
            continue
        for rule in rules(dataset, contract, settings, as_of):
            run(connection, _refusals(dataset, rule))
        run(
            connection,
            "insert into raw.set_aside select distinct dataset, delivery, line, 'quarantined' from raw.quarantine "
            f"where dataset = {literal(dataset.name)} and reason in ({set_level})",
        )
        _losers(connection, dataset)
        _mark(connection, dataset)
    for table in ("order_times", *(f"shared_{target}" for _, target in REFERENCES.values())):
        run(connection, f"drop table {table}")


def _with_rows(connection: duckdb.DuckDBPyConnection, contract: Contract) -> set[str]:
    """Datasets of which raw holds a row; a company delivers few of them."""
    counts = " union all ".join(
        f"select {literal(dataset.name)} as name, count(*) as rows from {raw(dataset)}"
        for dataset in contract.datasets.values()
    )
    return {name for (name,) in run(connection, f"select name from ({counts}) where rows > 0")}


def _mark(connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> None:
    """Say in the dataset's rows which of them raw.set_aside holds; only rows for which that changed are written."""
    table, name = raw(dataset), literal(dataset.name)
    run(
        connection,
        f"""
        create or replace temp table landing_marks as
        with aside as (
            -- total order: rowid only finds a row again within this transaction, nothing is ordered by it
            select r.rowid as place from {table} as r
            semi join (select * from raw.set_aside where dataset = {name}) as s
                on s._delivery = r._delivery and s._line = r._line
        )
        select coalesce(aside.place, marked.place) as place, aside.place is not null as is_aside
        -- total order: likewise
        from aside full join (select rowid as place from {table} where _aside) as marked on aside.place = marked.place
        where aside.place is null or marked.place is null
        """,
    )
    [(changed,)] = run(connection, "select count(*) from landing_marks")
    if changed:
        # total order: likewise
        run(connection, f"update {table} set _aside = m.is_aside from landing_marks as m where {table}.rowid = m.place")
    run(connection, "drop table landing_marks")


def rules(dataset: Dataset, contract: Contract, settings: Settings, as_of: datetime) -> list[tuple[str, str, str]]:
    """(column, reason, condition over the row `r`) for each rule over the set that the dataset is under."""
    names, found = dataset.names, []
    for stamp in dict.fromkeys(name for name in (dataset.event_time, "updated_at") if name):
        found.append((stamp, "future", f"r.{quoted(stamp)} > timestamp {literal(as_of.isoformat(sep=' '))}"))
    if dataset.name == "orders":
        found.append(("ordered_at", "placeholder_time", f"r.ordered_at < timestamp '{FIRST_ORDER}'"))
    if dataset.name == "orders" and "exchange_rates" in contract.datasets:
        day = f"cast(timezone({literal(settings.timezone)}, timezone('UTC', r.ordered_at)) as date)"
        rate = f"select 1 from {_standing(contract.datasets['exchange_rates'])} as rate where upper(rate.currency) = upper(r.currency)"
        condition = (
            f"upper(r.currency) <> {literal(settings.currency)} and not exists ({rate} and rate.valid_from <= {day})"
        )
        found.append(("currency", "no_exchange_rate", condition))
    if {"score", "question_code"} <= set(names) and "survey_questions" in contract.datasets:
        question = f"select 1 from {_standing(contract.datasets['survey_questions'])} as q where q.question_code = r.question_code"
        outside = "(r.score < q.scale_min or r.score > q.scale_max)"
        found.append(("score", "score_out_of_scale", f"r.score is not null and exists ({question} and {outside})"))
    for system, (reference, target) in REFERENCES.items():
        if system in names and target in contract.datasets:
            found.append((reference, "ambiguous_reference", _ambiguous(system, reference, target)))
    return found


def _ambiguous(system: str, reference: str, target: str) -> str:
    """No system is named, the row's own does not have the id, and several others do."""
    return (
        f"r.{system} is null and r.{reference} in (select id from shared_{target}) "
        f"and (r.source_system, r.{reference}) not in (select source_system, id from shared_{target})"
    )


def _shared_ids(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Per dataset that others refer to, the ids named without a system that more than one has issued, with those systems."""
    for system, (reference, target) in REFERENCES.items():
        run(connection, f"create or replace temp table shared_{target} (source_system varchar, id varchar)")
        referring = [dataset for dataset in contract.datasets.values() if system in dataset.names]
        if target not in contract.datasets or not referring:
            continue
        table = raw(contract.datasets[target])
        [(several,)] = run(connection, f"select min(source_system) <> max(source_system) from {table}")
        if not several:
            continue
        named = " union all ".join(
            f"select {reference} as id from {raw(dataset)} where {system} is null and {reference} is not null"
            for dataset in referring
        )
        issued = (
            f"(select source_system, {reference} as id from {table} where {reference} in (select id from ({named})))"
        )
        run(
            connection,
            f"insert into shared_{target} with issued as {issued} select distinct source_system, id from issued "
            "where id in (select id from issued group by id having min(source_system) <> max(source_system))",
        )


def _standing(dataset: Dataset) -> str:
    """The dataset's rows that stand, once it is settled."""
    aside = f"select 1 from raw.set_aside as s where s.dataset = {literal(dataset.name)}"
    return (
        f"(select * from {raw(dataset)} as x where not exists "
        f"({aside} and s._delivery = x._delivery and s._line = x._line) and x.withdrawn is distinct from true)"
    )


def _refusals(dataset: Dataset, rule: tuple[str, str, str]) -> str:
    column, reason, condition = rule
    text = f"left(cast(r.{quoted(column)} as varchar), {EXCERPT})"
    return (
        f"insert into raw.quarantine select {literal(dataset.name)}, r._delivery, null, r._line, {literal(column)}, "
        f"{literal(reason)}, {text}, {key_text(dataset)} from {raw(dataset)} as r where {condition}"
    )


def _suspects(connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> np.ndarray:
    """Hashes (ascending, uint64) of the keys that may occur more than once: every one that does, and hardly another.

    Sorting numbers costs half of what grouping by them would.
    """
    key = ", ".join(map(quoted, dataset.key))
    [(rows,)] = run(connection, f"select count(*) from {raw(dataset)}")
    parts, repeated = rows // MOST_HASHES + 1, []
    for part in range(parts):
        chosen = f"select hash({key}) as hash from {raw(dataset)}" + (
            f" where hash % {parts} = {part}" if parts > 1 else ""
        )
        hashes = connection.execute(chosen).fetchnumpy()["hash"]
        hashes.sort()
        repeated.append(hashes[1:][hashes[1:] == hashes[:-1]])
    return np.unique(np.concatenate(repeated))


def _losers(connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> None:
    """Of rows with one key: the latest stands; of equal rows, the one with the smallest (delivery, line) counts.

    Only keys that occur more than once are looked at closely; the hash merely finds candidates.
    """
    suspects = _suspects(connection, dataset)
    if not len(suspects):
        return
    connection.register("landing_suspects", pa.table({"suspect": suspects}))
    key = ", ".join(map(quoted, dataset.key))
    payload = " || chr(31) || ".join(
        f"coalesce(cast({quoted(column.name)} as varchar), chr(30))" for column in dataset.columns
    )
    name = literal(dataset.name)
    run(
        connection,
        f"""
        create or replace temp table landing_rivals as
        with suspected as materialized (
            select * from {raw(dataset)} where hash({key}) in (select suspect from landing_suspects)
        ),
        rivals as (
            select {key_text(dataset)} as key_text, md5({payload}) as payload, r._delivery, r._line,
                coalesce(r.updated_at, t.order_time) as order_time
            from suspected as r
            left join order_times as t on t.dataset = {name} and t.delivery = r._delivery
            where not exists (select 1 from raw.set_aside as s
                where s.dataset = {name} and s._delivery = r._delivery and s._line = r._line)
        ),
        numbered as (
            select *, max(order_time) over (partition by key_text, payload) as latest,
                -- total order: _delivery and _line name one row
                row_number() over (partition by key_text, payload order by _delivery, _line) as copy
            from rivals
        ),
        ranked as (
            -- total order: of one payload only the first copy is here
            select *, row_number() over (partition by key_text order by latest desc nulls last, payload desc) as place
            from numbered where copy = 1
        )
        select numbered.key_text, numbered._delivery, numbered._line, numbered.latest, numbered.copy, ranked.place
        from numbered left join ranked on ranked._delivery = numbered._delivery and ranked._line = numbered._line
        """,
    )
    connection.unregister("landing_suspects")
    run(
        connection,
        f"""
        insert into raw.set_aside
        select {name}, _delivery, _line, case when copy > 1 then 'duplicate' else 'superseded' end
        from landing_rivals where copy > 1 or place > 1
        """,
    )
    run(
        connection,
        f"""
        insert into raw.conflicts
        select {name}, loser._delivery, loser._line, winner._delivery, winner._line
        from landing_rivals as loser join landing_rivals as winner on winner.key_text = loser.key_text and winner.place = 1
        where loser.place > 1 and loser.latest is not distinct from winner.latest
        """,
    )
    run(connection, "drop table landing_rivals")
