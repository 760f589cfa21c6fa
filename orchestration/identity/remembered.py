"""A state as temporary tables: what was remembered (`old_…`) and what is to be (`new_…`)."""

from pathlib import Path

import duckdb

from orchestration.identity import state


def load(connection: duckdb.DuckDBPyConnection, previous: Path | None) -> None:
    """The previous state as temporary tables; `old_ages` numbers the ids that records bear, the oldest first."""
    for table, file, columns in (
        (
            "old_memberships",
            state.MEMBERSHIPS,
            "source_system varchar, source_customer_id varchar, customer_id varchar",
        ),
        ("old_customers", state.CUSTOMERS, "customer_id varchar, first_seen bigint, alias_of varchar"),
    ):
        connection.execute(f"create or replace temp table {table} ({columns})")
        if previous is not None:
            connection.execute(f"insert into {table} select * from read_parquet(?)", [str(previous / file)])
    connection.execute("""
        create or replace temp table old_ages as
        -- total order: a customer_id stands there once
        select row_number() over (order by first_seen, customer_id) - 1 as age, customer_id, first_seen
        from old_customers
        where alias_of is null
    """)


def next_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """`new_memberships` and `new_customers`: what is true now, and what was and is no longer delivered."""
    connection.execute("""
        create or replace temp table new_aliases as
        select o.customer_id, a.customer_id as alias_of
        from absorbed_now as a
        inner join old_ages as o on a.old = o.age
    """)
    # A record that is withdrawn and comes back finds its customer again, so it is remembered.
    connection.execute("""
        create or replace temp table new_memberships as
        select source_system, source_customer_id, customer_id from identity.memberships
        union all
        select m.source_system, m.source_customer_id, coalesce(a.alias_of, m.customer_id) as customer_id
        from old_memberships as m
        anti join identity.memberships as n using (source_system, source_customer_id)
        left join new_aliases as a using (customer_id)
    """)
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


def differs(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the new tables say anything that the previous state doesn't."""
    for name in ("memberships", "customers"):
        changes = connection.execute(f"""
            (select * from new_{name} except select * from old_{name})
            union all
            (select * from old_{name} except select * from new_{name})
            limit 1  -- total order: any difference will do
        """).fetchall()
        if changes:
            return True
    return False
