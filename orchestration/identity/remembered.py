"""A state as temporary tables: what was remembered (`old_…`) and what is to be (`new_…`)."""

from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.identity import decisions, state

TABLES = {
    "memberships": (
        state.MEMBERSHIPS,
        "source_system varchar, source_customer_id varchar, customer_id varchar, since bigint",
    ),
    "past": (
        state.PAST,
        "source_system varchar, source_customer_id varchar, customer_id varchar, since bigint, until bigint",
    ),
    "customers": (state.CUSTOMERS, "customer_id varchar, first_seen bigint, alias_of varchar"),
    "events": (
        state.EVENTS,
        "number bigint, event varchar, old_customer_id varchar, new_customer_id varchar, decision_id varchar",
    ),
    "runs": (state.RUNS, "number bigint, as_of timestamp, run varchar"),
}


def load(connection: duckdb.DuckDBPyConnection, previous: Path | None) -> None:
    """The previous state as temporary tables; `old_ages` numbers the ids that records bear, the oldest first."""
    for table, (file, columns) in TABLES.items():
        connection.execute(f"create or replace temp table old_{table} ({columns})")
        # the first states had neither a history nor `since`: what they say holds since they were written
        if previous is not None and (previous / file).exists():
            connection.execute(f"insert into old_{table} by name select * from read_parquet(?)", [str(previous / file)])
    if previous is not None:
        connection.execute("update old_memberships set since = ? where since is null", [state.number(previous)])
    connection.execute("""
        create or replace temp table old_ages as
        -- total order: a customer_id stands there once
        select row_number() over (order by first_seen, customer_id) - 1 as age, customer_id, first_seen
        from old_customers
        where alias_of is null
    """)
    connection.execute("create schema if not exists identity")
    connection.execute(f"create table if not exists identity.decisions ({decisions.COLUMNS})")


def next_tables(connection: duckdb.DuckDBPyConnection, new_number: int, as_of: datetime | None, run: str) -> None:
    """The new state, which run made it, and what it ended: what is true now, and what was and is no longer delivered."""
    connection.execute("""
        create or replace temp table new_aliases as
        select o.customer_id, a.customer_id as alias_of
        from absorbed_now as a
        inner join old_ages as o on a.old = o.age
    """)
    # A record that is withdrawn and comes back finds its customer again, so it is remembered.
    connection.execute(
        """
        create or replace temp table new_memberships as
        select
            n.source_system,
            n.source_customer_id,
            n.customer_id,
            case when m.customer_id = n.customer_id then m.since else ? end as since
        from identity.memberships as n
        left join old_memberships as m using (source_system, source_customer_id)
        union all
        select
            m.source_system,
            m.source_customer_id,
            coalesce(a.alias_of, m.customer_id) as customer_id,
            case when a.alias_of is null then m.since else ? end as since
        from old_memberships as m
        anti join identity.memberships as n using (source_system, source_customer_id)
        left join new_aliases as a using (customer_id)
        """,
        [new_number, new_number],
    )
    connection.execute(
        """
        create or replace temp table new_past as
        select * from old_past
        union all
        select m.source_system, m.source_customer_id, m.customer_id, m.since, n.since as until
        from new_memberships as n
        inner join old_memberships as m using (source_system, source_customer_id)
        where n.since = ?
        """,
        [new_number],
    )
    connection.execute("""
        create or replace temp table new_customers as
        select
            o.customer_id,
            o.first_seen,
            coalesce(again.alias_of, now.alias_of, o.alias_of) as alias_of
        from old_customers as o
        left join new_aliases as now on o.customer_id = now.customer_id
        left join new_aliases as again on o.alias_of = again.customer_id
        union all
        select customer_id, first_seen, cast(null as varchar) as alias_of
        from customers_now
        where is_new
    """)
    _next_events(connection, new_number)
    connection.execute(
        "create or replace temp table new_runs as select * from old_runs union all select ?, cast(? as timestamp), ?",
        [new_number, as_of.replace(tzinfo=None) if as_of else None, run],
    )


def differs(connection: duckdb.DuckDBPyConnection, new_number: int) -> bool:
    """Whether the new tables say anything that the previous state doesn't."""
    changes = connection.execute(
        """
        select count(*) from (
            select since as number from new_memberships
            union all
            select number from new_events
        ) as every_row where number = ?
        """,
        [new_number],
    ).fetchall()
    return changes[0][0] > 0


def _next_events(connection: duckdb.DuckDBPyConnection, new_number: int) -> None:
    """What happened to customers in this run beside being created: absorbed, split, decided about."""
    connection.execute(
        """
        create or replace temp table new_events as
        with moved as (
            select distinct p.customer_id as old_customer_id, p.new_customer_id, a.alias_of
            from (
                select m.customer_id, n.customer_id as new_customer_id
                from identity.memberships as n
                inner join old_memberships as m using (source_system, source_customer_id)
                where n.customer_id <> m.customer_id
            ) as p
            left join new_aliases as a using (customer_id)
        ),

        decided as (
            select decision_id, 'decision' as event from identity.decisions
            union all
            select decision_id, 'revocation' as event from identity.decisions where revoked_at is not null
        )

        select * from old_events
        union all
        select ?, 'absorb' as event, customer_id as old_customer_id, alias_of as new_customer_id, null as decision_id
        from new_aliases
        union all
        select ?, 'split' as event, old_customer_id, new_customer_id, null as decision_id
        from moved
        where alias_of is null or alias_of <> new_customer_id
        union all
        select ?, d.event, l.customer_id as old_customer_id, r.customer_id as new_customer_id, d.decision_id
        from decided as d
        anti join old_events as known using (decision_id, event)
        inner join identity.decisions as t using (decision_id)
        left join identity.memberships as l
            on t.left_source_system = l.source_system and t.left_source_customer_id = l.source_customer_id
        left join identity.memberships as r
            on t.right_source_system = r.source_system and t.right_source_customer_id = r.source_customer_id
        """,
        [new_number] * 3,
    )
