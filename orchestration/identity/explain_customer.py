"""Who a customer is made of: records, links, decisions, the golden record's sources, household and history."""

from typing import Any

import duckdb

from orchestration.errors import ConfigurationError
from orchestration.identity.decisions import Record
from orchestration.identity.explain import decisions_between, links, record_of
from orchestration.identity.waterfall import Show


def explain_customer(connection: duckdb.DuckDBPyConnection, customer_id: str, show: Show) -> dict[str, Any]:
    """Everything about one customer; an id that was absorbed leads to the one that lives on.

    Raises:
        ConfigurationError: nobody ever bore this id.
    """
    alive = _living(connection, customer_id)
    members = connection.execute(
        """
        select source_system || ':' || source_customer_id, is_weak from identity.memberships
        where customer_id = ? order by source_system, source_customer_id
        """,
        [alive],
    ).fetchall()
    if not members:
        raise ConfigurationError(f"there is no customer {customer_id}; give a customer_id, or two records as SYSTEM:ID")
    return {
        "asked_for": customer_id,
        "customer_id": alive,
        "is_weak": members[0][1],
        "records": [record for record, _ in members],
        "links": links(connection, alive),
        "decisions": decisions_between(connection, alive, alive),
        "fields": _fields(connection, alive, show),
        "household": _household(connection, alive),
        "events": _rows(
            connection,
            """
            select occurred_at, run, event, old_customer_id, new_customer_id, decision_id from identity.events
            where old_customer_id = $id or new_customer_id = $id
            order by occurred_at, event, old_customer_id, new_customer_id, decision_id
            """,
            {"id": alive},
        ),
    }


def customer_of(connection: duckdb.DuckDBPyConnection, record: Record) -> str:
    """The customer whose record it is.

    Raises:
        ConfigurationError: the record is unknown.
    """
    return record_of(connection, record)["customer_id"]


def _living(connection: duckdb.DuckDBPyConnection, customer_id: str) -> str:
    """Who bears an id's records now: an absorbed id may come alive again in a later split."""
    seen = {customer_id}
    while True:
        absorbed = connection.execute(
            """
            select new_customer_id from identity.events
            where event = 'absorb' and old_customer_id = ?
                and old_customer_id not in (select customer_id from identity.memberships)
            order by occurred_at desc, new_customer_id
            limit 1
            """,
            [customer_id],
        ).fetchall()
        if not absorbed or absorbed[0][0] in seen:
            return customer_id
        customer_id = absorbed[0][0]
        seen.add(customer_id)


def _fields(connection: duckdb.DuckDBPyConnection, customer_id: str, show: Show) -> list[dict[str, Any]]:
    rows = _rows(
        connection,
        """
        select field, value, source_system || ':' || source_customer_id as record, rule, losing_values
        from main.customer_fields where customer_id = $id order by field
        """,
        {"id": customer_id},
    )
    for row in rows:
        row["value"] = show(row["field"], row["value"])
        row["losing_values"] = [show(row["field"], value) for value in row["losing_values"] or []]
    return rows


def _household(connection: duckdb.DuckDBPyConnection, customer_id: str) -> dict[str, Any] | None:
    rows = connection.execute(
        """
        select h.household_id, o.customer_id
        from identity.households as h
        inner join identity.households as o on h.household_id = o.household_id and h.customer_id <> o.customer_id
        where h.customer_id = ? order by o.customer_id
        """,
        [customer_id],
    ).fetchall()
    return {"household_id": rows[0][0], "with": [other for _, other in rows]} if rows else None


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    result = connection.execute(sql, parameters)
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
