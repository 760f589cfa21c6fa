"""Why two records are one person, or why not: everything that speaks for and against, as data for people and programs."""

from collections.abc import Iterable, Sequence
from typing import Any

import duckdb

from orchestration.errors import ConfigurationError
from orchestration.identity.decisions import Decision, Record
from orchestration.identity.model import Model
from orchestration.identity.waterfall import Show, waterfall


def explain_pair(
    connection: duckdb.DuckDBPyConnection, model: Model, left: Record, right: Record, show: Show
) -> dict[str, Any]:
    """All that decides over two records: decisions, shared identifiers, links, the way between them, the model's weights.

    Raises:
        ConfigurationError: a record is unknown.
    """
    one, other = record_of(connection, left), record_of(connection, right)
    pair = sorted((one["record_no"], other["record_no"]))
    same = one["customer_id"] == other["customer_id"]
    return {
        "records": [one, other],
        "one_person": same,
        "decisions": decisions_between(connection, one["customer_id"], other["customer_id"]),
        "shared": _shared(connection, pair, show),
        "direct_links": [link for link in links(connection, one["customer_id"]) if link["numbers"] == pair],
        "path": _path(links(connection, one["customer_id"]), one["record_no"], other["record_no"]) if same else [],
        "model": waterfall(connection, model, pair, show),
    }


def links(connection: duckdb.DuckDBPyConnection, customer_id: str) -> list[dict[str, Any]]:
    """The links in force inside one customer."""
    rows = connection.execute(
        """
        select
            k.left_record, k.right_record, l.source_system || ':' || l.source_customer_id,
            r.source_system || ':' || r.source_customer_id, k.kind, k.rule, k.match_weight
        from identity.links as k
        inner join main.identity_records as l on k.left_record = l.record_no
        inner join main.identity_records as r on k.right_record = r.record_no
        inner join identity.memberships as m
            on l.source_system = m.source_system and l.source_customer_id = m.source_customer_id
        where m.customer_id = ?
        order by k.left_record, k.right_record, k.kind, k.rule
        """,
        [customer_id],
    ).fetchall()
    names = ("left", "right", "kind", "rule", "match_weight")
    return [{"numbers": list(row[:2]), **dict(zip(names, row[2:], strict=True))} for row in rows]


def review_queue(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The pairs that are worth a person's decision, as the last run left them."""
    result = connection.execute("select * from identity.review_queue order by place")
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def record_of(connection: duckdb.DuckDBPyConnection, record: Record) -> dict[str, Any]:
    """A record's number, customer and certainty.

    Raises:
        ConfigurationError: the record is unknown.
    """
    rows = connection.execute(
        """
        select r.record_no, m.customer_id, m.is_weak
        from main.identity_records as r
        inner join identity.memberships as m using (source_system, source_customer_id)
        where r.source_system = ? and r.source_customer_id = ?
        """,
        list(record),
    ).fetchall()
    if not rows:
        raise ConfigurationError(
            f"there is no record {':'.join(record)} in the warehouse; a record is SYSTEM:ID, for example crm:17"
        )
    number, customer, weak = rows[0]
    return {"record": ":".join(record), "record_no": number, "customer_id": customer, "is_weak": weak}


def decisions_between(connection: duckdb.DuckDBPyConnection, one: str, other: str) -> list[dict[str, Any]]:
    """Decisions, revoked ones too, whose two records belong to these customers."""
    rows = connection.execute(
        """
        select
            d.decision_id, d.kind, d.left_source_system || ':' || d.left_source_customer_id,
            d.right_source_system || ':' || d.right_source_customer_id, d.decided_by, d.reason, d.revoked_at is null
        from identity.decisions as d
        inner join identity.memberships as l
            on d.left_source_system = l.source_system and d.left_source_customer_id = l.source_customer_id
        inner join identity.memberships as r
            on d.right_source_system = r.source_system and d.right_source_customer_id = r.source_customer_id
        where (l.customer_id = $one and r.customer_id = $other) or (l.customer_id = $other and r.customer_id = $one)
        order by d.decision_id
        """,
        {"one": one, "other": other},
    ).fetchall()
    names = ("decision_id", "kind", "left", "right", "decided_by", "reason", "in_force")
    return [dict(zip(names, row, strict=True)) for row in rows]


def waiting_decisions(
    connection: duckdb.DuckDBPyConnection, taken: Iterable[Decision], pair: Sequence[Record]
) -> list[str]:
    """Ids of decisions about these two records that were taken or revoked after the last run."""
    known = set(
        connection.execute("select decision_id, revoked_at is null as in_force from identity.decisions").fetchall()
    )
    return [
        decision.decision_id
        for decision in taken
        if {decision.left, decision.right} == set(pair) and (decision.decision_id, decision.in_force) not in known
    ]


def _shared(connection: duckdb.DuckDBPyConnection, pair: list[int], show: Show) -> list[dict[str, Any]]:
    """Identifiers that both bear: guarded, borne at different times, or fit to join."""
    rows = connection.execute(
        """
        select
            l.identifier_type, l.identifier_value, t.strength, g.reason, g.records,
            bool_or((l.valid_from is null or r.valid_to is null or l.valid_from < r.valid_to)
                and (r.valid_from is null or l.valid_to is null or r.valid_from < l.valid_to)) as at_one_time,
            count(e.rule) > 0 as joins
        from main.identity_keys as l
        inner join main.identity_keys as r using (identifier_type, identifier_value)
        inner join main.identifier_types as t using (identifier_type)
        left join main.identity_guards as g using (identifier_type, identifier_value)
        left join main.identity_edges as e
            on e.rule = l.identifier_type and least(e.left_record, e.right_record) = l.record_no
            and greatest(e.left_record, e.right_record) = r.record_no
        where l.record_no = ? and r.record_no = ?
        group by l.identifier_type, l.identifier_value, t.strength, g.reason, g.records
        order by l.identifier_type, l.identifier_value
        """,
        pair,
    ).fetchall()
    return [
        {
            "type": kind,
            "value": show(kind, value),
            "strength": strength,
            "guard": guard,
            "guarded_records": records,
            "at_one_time": at_one_time,
            "joins": joins,
        }
        for kind, value, strength, guard, records, at_one_time, joins in rows
    ]


def _path(found: list[dict[str, Any]], start: int, end: int) -> list[dict[str, Any]]:
    """The fewest links that lead from one record to the other inside their customer."""
    ways: dict[int, list[dict[str, Any]]] = {start: []}
    waiting = [start]
    while waiting:
        here = waiting.pop(0)
        if here == end:
            return ways[here]
        for link in found:
            if here in link["numbers"]:
                there = link["numbers"][link["numbers"][0] == here]
                if there not in ways:
                    ways[there] = [*ways[here], link]
                    waiting.append(there)
    return []
