"""What happened to customers, and whose each record was when: the state's numbers as moments and runs, for people."""

import duckdb


def write(connection: duckdb.DuckDBPyConnection) -> None:
    """Write `identity.events` and `identity.history` from the temporary tables `new_…`.

    Of a decision's event, the old and the new id are the customers of its two records after the run.
    """
    connection.execute("""
        create or replace table identity.events as
        select r.as_of as occurred_at, r.run, e.event, e.old_customer_id, e.new_customer_id, e.decision_id
        from (
            select * from new_events
            union all
            select first_seen as number, 'create', null, customer_id, null from new_customers
        ) as e
        left join new_runs as r on e.number = r.number
        order by e.number, e.event, e.new_customer_id, e.old_customer_id, e.decision_id
    """)
    connection.execute("""
        create or replace table identity.history as
        select
            m.source_system,
            m.source_customer_id,
            m.customer_id,
            f.as_of as valid_from,
            t.as_of as valid_to,
            f.run as from_run,
            t.run as to_run,
            m.until is null as is_current
        from (
            select *, cast(null as bigint) as until from new_memberships
            union all
            select * from new_past
        ) as m
        left join new_runs as f on m.since = f.number
        left join new_runs as t on m.until = t.number
        order by m.source_system, m.source_customer_id, m.since
    """)
