"""Which pairs of records are worth comparing: those that share a block small enough to be one person."""

import duckdb

from orchestration.identity.model import BlockingRule, Model


def write_candidates(connection: duckdb.DuckDBPyConnection, model: Model, everything: bool) -> None:
    """Write `pairs_to_score(left_record, right_record)`: pairs of which a record is in `touched` and that share a block.

    `identity.comparable` are the records now, `identity.comparable_before` the ones before (`everything`: there were
    none). A block that grows too large, or ceases to be, gains or loses pairs of records that didn't change themselves:
    all its records are added to `touched` first. So pairs without a touched record are today's already.
    """
    rules = model.blocking_rules
    connection.execute("create or replace temp table found (pair ubigint)")
    if everything or _anything(connection):
        _write_keys(connection, model, "block_keys", "identity.comparable")
    if everything:
        for place, rule in enumerate(rules):
            _find_all(connection, _keys(place, rule), model.largest_block)
    elif _anything(connection):
        _write_keys(connection, model, "block_keys_now", "identity.comparable semi join changed_now using (record_no)")
        _write_keys(
            connection, model, "block_keys_before",
            "identity.comparable_before semi join changed_before using (record_no)",
        )  # fmt: skip
        for place, rule in enumerate(rules):
            _touch_blocks_that_turn(connection, place, rule, model.largest_block)
        connection.execute(
            "create or replace temp table touched_keys as from block_keys semi join touched using (record_no)"
        )
        for place, rule in enumerate(rules):
            _find_touched(connection, place, rule, model.largest_block)
    connection.execute("""
        create or replace temp table pairs_to_score as
        select distinct cast(pair >> 32 as bigint) as left_record, cast(pair & 4294967295 as bigint) as right_record
        from found
    """)
    for table in ("found", "block_keys", "block_keys_now", "block_keys_before", "touched_keys"):
        connection.execute(f"drop table if exists {table}")


def _anything(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether a record came, went or changed."""
    counts = "(select count(*) from changed_now) + (select count(*) from changed_before)"
    return connection.execute(f"select {counts} > 0").fetchall() == [(True,)]


def _write_keys(connection: duckdb.DuckDBPyConnection, model: Model, table: str, records: str) -> None:
    """record_no, key_0, key_1 …: a number per rule for the block that a record is in, a list of them for a rule over one.

    Texts are read and cut once here; everything after compares numbers.
    """
    keys = ", ".join(f"{_key(rule)} as key_{place}" for place, rule in enumerate(model.blocking_rules))
    connection.execute(f"create or replace temp table {table} as select record_no, {keys} from {records}")


def _key(rule: BlockingRule) -> str:
    known = " and ".join(f"{expression} is not null" for expression in rule.expressions)
    key = f"case when {known} then hash({', '.join(rule.expressions)}) end"
    return f"list_transform({rule.unnested}, lambda {rule.unnested}: {key})" if rule.unnested else key


def _keys(place: int, rule: BlockingRule, table: str = "block_keys") -> str:
    """record_no, key: the blocks of a rule that a record is in."""
    key = f"unnest(key_{place})" if rule.unnested else f"key_{place}"
    return f"select record_no, key from (select record_no, {key} as key from {table}) where key is not null"


def _find_all(connection: duckdb.DuckDBPyConnection, keys: str, largest: int) -> None:
    connection.execute(f"""
        insert into found
        with members as materialized ({keys}),
        blocks as (select key from members group by key having count(*) between 2 and {largest}),
        blocked as materialized (select * from members semi join blocks using (key))
        select (least(a.record_no, b.record_no) << 32) | greatest(a.record_no, b.record_no) as pair
        from blocked as a inner join blocked as b on a.key = b.key and a.record_no < b.record_no
    """)


def _find_touched(connection: duckdb.DuckDBPyConnection, place: int, rule: BlockingRule, largest: int) -> None:
    connection.execute(f"""
        insert into found
        with touched_members as materialized ({_keys(place, rule, "touched_keys")}),
        members as materialized (select * from ({_keys(place, rule)}) semi join touched_members using (key)),
        blocks as (select key from members group by key having count(*) between 2 and {largest}),
        blocked as (select * from members semi join blocks using (key))
        select (least(a.record_no, b.record_no) << 32) | greatest(a.record_no, b.record_no) as pair
        from touched_members as a inner join blocked as b on a.key = b.key and a.record_no <> b.record_no
    """)


def _touch_blocks_that_turn(
    connection: duckdb.DuckDBPyConnection, place: int, rule: BlockingRule, largest: int
) -> None:
    """Blocks that are too large now and weren't, or the other way round; not counting those that were one record."""
    connection.execute(f"""
        insert into touched
        with moves as (
            select key, count(*) as added, 0 as removed from ({_keys(place, rule, "block_keys_now")}) group by key
            union all
            select key, 0 as added, count(*) as removed from ({_keys(place, rule, "block_keys_before")}) group by key
        ),
        changed as materialized (
            select key, sum(added) as added, sum(removed) as removed from moves group by key having sum(added) <> sum(removed)
        ),
        members as materialized (select * from ({_keys(place, rule)}) semi join changed using (key)),
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
