"""Which pairs of records are worth comparing: those that share a block small enough to be one person."""

import duckdb

from orchestration.identity.model import BlockingRule, Model


def write_candidates(connection: duckdb.DuckDBPyConnection, model: Model, everything: bool) -> None:
    """Write `pairs_to_score(left_record, right_record)`: pairs of which a record is in `touched` and that share a block.

    `identity.comparable` are the records now, `comparable_before` the ones before (`everything`: there were none).
    A block that grows too large, or ceases to be, gains or loses pairs of records that didn't change themselves: all its
    records are added to `touched` first. So pairs without a touched record are today's already.
    """
    if not everything:
        for rule in model.blocking_rules:
            _touch_blocks_that_turn(connection, rule, model.largest_block)
    connection.execute("create or replace temp table found (pair ubigint)")
    for rule in model.blocking_rules:
        _find(connection, rule, model.largest_block, everything)
    connection.execute("""
        create or replace temp table pairs_to_score as
        select distinct cast(pair >> 32 as bigint) as left_record, cast(pair & 4294967295 as bigint) as right_record
        from found
    """)
    connection.execute("drop table found")


def _keys(rule: BlockingRule, records: str) -> str:
    """record_no, key: the blocks of a rule that a record is in."""
    source = records
    if rule.unnested:
        source = f"(select record_no, unnest({rule.unnested}) as {rule.unnested} from {records})"
    known = " and ".join(f"{expression} is not null" for expression in rule.expressions)
    return f"select record_no, hash({', '.join(rule.expressions)}) as key from {source} where {known}"


def _find(connection: duckdb.DuckDBPyConnection, rule: BlockingRule, largest: int, everything: bool) -> None:
    touched = "" if everything else "semi join touched using (record_no)"
    reached = "" if everything else f"where key in (select key from ({_keys(rule, 'identity.comparable')}) {touched})"
    connection.execute(f"""
        insert into found
        with members as materialized (select * from ({_keys(rule, "identity.comparable")}) {reached}),
        blocks as (select key from members group by key having count(*) between 2 and {largest}),
        blocked as materialized (select * from members semi join blocks using (key))
        select (least(a.record_no, b.record_no) << 32) | greatest(a.record_no, b.record_no) as pair
        from (select * from blocked {touched}) as a
        inner join blocked as b on a.key = b.key and a.record_no {"<" if everything else "<>"} b.record_no
    """)


def _touch_blocks_that_turn(connection: duckdb.DuckDBPyConnection, rule: BlockingRule, largest: int) -> None:
    """Blocks that are too large now and weren't, or the other way round; not counting those that were one record."""
    connection.execute(f"""
        insert into touched
        with moves as (
            select key, count(*) as added, 0 as removed
            from ({_keys(rule, "identity.comparable")}) semi join changed_now using (record_no)
            group by key
            union all
            select key, 0 as added, count(*) as removed
            from ({_keys(rule, "comparable_before")}) semi join changed_before using (record_no)
            group by key
        ),
        changed as (select key, sum(added) as added, sum(removed) as removed from moves group by key),
        members as materialized (
            select record_no, key from ({_keys(rule, "identity.comparable")}) semi join changed using (key)
        ),
        sizes as (select key, count(*) as records from members group by key),
        turned as (
            select key
            from sizes inner join changed using (key)
            where (records > {largest}) <> (records - added + removed > {largest})
        )
        select record_no from members semi join turned using (key)
        except
        select record_no from touched
    """)
