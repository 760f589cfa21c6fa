"""`identity.scored_pairs`: how likely every open pair of records is one person; a run scores what changed since the last."""

import hashlib
from dataclasses import dataclass

import duckdb

from orchestration.identity.blocking import write_candidates
from orchestration.identity.comparable import comparable_sql, write_comparable
from orchestration.identity.model import DECIMALS, Model
from orchestration.identity.scoring import weights_sql


@dataclass(frozen=True)
class ScoringReport:
    """What one run compared: records and pairs in all, and those of them that were new or had changed."""

    comparable_records: int
    changed_records: int
    scored_pairs: int
    newly_compared_pairs: int


def score(connection: duckdb.DuckDBPyConnection, model: Model) -> ScoringReport:
    """Bring `identity.scored_pairs` up to `main.identity_records`, and equal to what scoring all of them would give.

    Pairs are kept from the run before where both records are what they were (by fingerprint) and model, code and DuckDB
    are the same; all else is scored. The table: left_record < right_record (record_no), match_weight (log2 of the odds,
    prior included) and a gamma per comparison.
    """
    connection.execute("create schema if not exists identity")
    weights = weights_sql(model, "pairs_to_score", floor=model.floor)
    recipe = hashlib.sha256(
        "\n".join((model.digest, comparable_sql(), weights, duckdb.__version__)).encode()
    ).hexdigest()
    before = _prior_before(connection, recipe)
    connection.execute("drop table if exists identity.comparable_before")  # of a run that was broken off
    if before is not None:
        connection.execute("alter table identity.comparable rename to comparable_before")
    write_comparable(connection, model)
    records = _count(connection, "identity.comparable")
    prior = model.prior(records)
    _find_changes(connection, everything=before is None)
    write_candidates(connection, model, everything=before is None)
    connection.execute(f"""
        create or replace temp table newly_scored as
        select left_record, right_record, round(weight + {prior}, {DECIMALS}) as match_weight, columns('^gamma_')
        from ({weights})
    """)
    _merge(connection, None if before is None else prior - before)
    connection.execute(
        "create or replace table identity.scoring as select ? as recipe, ? as prior, ? as model",
        [recipe, prior, model.version],
    )
    report = ScoringReport(
        records,
        _count(connection, "touched"),
        _count(connection, "identity.scored_pairs"),
        _count(connection, "pairs_to_score"),
    )
    for table in ("pairs_to_score", "newly_scored", "touched", "unchanged", "changed_now", "changed_before"):
        connection.execute(f"drop table if exists {table}")
    connection.execute("drop table if exists identity.comparable_before")
    return report


def _prior_before(connection: duckdb.DuckDBPyConnection, recipe: str) -> int | None:
    """The prior of the run before, if its weights were made as today's are; None where all has to be scored."""
    tables = connection.execute(
        "select count(*) from information_schema.tables "
        "where table_schema = 'identity' and table_name in ('comparable', 'scored_pairs', 'scoring')"
    ).fetchall()
    if tables != [(3,)]:
        return None
    found = connection.execute("select prior from identity.scoring where recipe = ?", [recipe]).fetchall()
    return found[0][0] if found else None


def _find_changes(connection: duckdb.DuckDBPyConnection, everything: bool) -> None:
    """`touched`: records to score; `unchanged`: numbers, before and now, of the others."""
    if everything:
        connection.execute("create or replace temp table touched as select record_no from identity.comparable")
        return
    connection.execute("""
        create or replace temp table unchanged as
        select o.record_no as before, n.record_no as now
        from identity.comparable_before as o
        inner join identity.comparable as n using (source_system, source_customer_id)
        where o.fingerprint = n.fingerprint
    """)
    for table, records, number in (
        ("changed_now", "identity.comparable", "now"),
        ("changed_before", "identity.comparable_before", "before"),
    ):
        connection.execute(f"""
            create or replace temp table {table} as
            select record_no from {records} anti join unchanged on record_no = unchanged.{number}
        """)
    connection.execute("create or replace temp table touched as from changed_now")


def _merge(connection: duckdb.DuckDBPyConnection, prior_moved: int | None) -> None:
    """Replace `identity.scored_pairs` by the pairs that stay, with today's numbers and prior, and the new ones."""
    kept = ""
    if prior_moved is not None:
        kept = f"""
            select l.now, r.now, round(p.match_weight + {prior_moved}, {DECIMALS}) as match_weight, columns('^gamma_')
            from identity.scored_pairs as p
            inner join unchanged as l on p.left_record = l.before
            inner join unchanged as r on p.right_record = r.before
            where l.now not in (select record_no from touched) and r.now not in (select record_no from touched)
            union all
        """
    connection.execute(f"""
        create or replace table identity.scored_pairs as
        select * from ({kept} select * from newly_scored) as pairs(left_record, right_record)
        order by left_record, right_record
    """)


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    return connection.execute(f"select count(*) from {table}").fetchall()[0][0]
