"""What stands behind the sample company's scorecards: slices, signals, actions, notes, effects, and two persons."""

from datetime import date, datetime
from typing import Any

import duckdb
from sample_company import MONTHS

PHONE, OLD_PHONE, EMAIL, CARD = "+8613800001111", "+8613900002222", "mei@example.test", "LC0001"
PERSON, OTHER = "C00000000000a", "C00000000000b"
PARTS = {
    "tenure": ("new", "over_1_year"),
    "channel": ("store", "webshop"),
    "journey_stage": ("order", "receipt"),
    "touchpoint": ("hotline", "checkout"),
}


def fill(connection: duckdb.DuckDBPyConnection) -> None:
    """All of it."""
    _parts(connection)
    insert(connection, "kpi_signals", [
        {"kpi_id": "csat_t2b", "org_unit_id": "acme", "period_start": month, "value": 78.0, "centre": 77.0, "lower_limit": 72.0,
         "upper_limit": 82.0, "baseline_points": 9, "signal": "outside" if month == date(2025, 5, 1) else "none"}
        for month in MONTHS[:-1]
    ])  # fmt: skip
    insert(connection, "business_actions", [
        {"action_id": "A1", "action_type": "service_policy", "name_en": "Answer <fast>", "name_zh": "快速回复", "starts_at": datetime(2024, 12, 31, 16), "owner_org_unit_id": "cs"},
        {"action_id": "A2", "action_type": "campaign", "name_en": "Spring sale", "name_zh": "春季促销", "starts_at": datetime(2025, 5, 3), "ends_at": datetime(2025, 5, 9), "owner_org_unit_id": "mkt"},
    ])  # fmt: skip
    insert(connection, "field_notes", [
        {"note_id": "N1", "noted_at": datetime(2025, 6, 3), "journey_stage": "receipt", "touchpoint": "checkout", "theme": "promise", "text": "<b>Came</b> late", "author_role": "agent"},
    ])  # fmt: skip
    insert(connection, "programme_economics", [
        {"period_kind": "month", "period_start": month, "status": "shown", "customers": 90, "member_net_sales": 50_000.0, "points_earned": 50_000.0,
         "points_redeemed": 20_000.0, "redemption_cost": 400.0, "benefit_cost": 100.0, "earn_rate": 1.0, "redemption_rate": 0.5, "breakage_rate": 0.5,
         "unit_cost": 0.02, "points_outstanding": 80_000.0, "liability": 1600.0, "expected_liability": 800.0}
        for month in MONTHS[:-1]
    ])  # fmt: skip
    insert(connection, "campaign_effects", [
        {"action_id": "A2", "action_type": "campaign", "name_en": "Spring sale", "name_zh": "春季促销", "org_unit_id": "mkt", "starts_on": date(2025, 5, 3),
         "ends_on": date(2025, 5, 10), "cost_amount": 500.0, "status": "shown", "treated": 400, "held_out": 100, "increment_whole": 1000.0,
         "increment_whole_low": -200.0, "increment_whole_high": 2200.0, "verdict": "uncertain", "spike": 12.0, "base_lift": -1.5},
    ])  # fmt: skip
    _people(connection)


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    """Rows by column; what is not named is null."""
    for row in rows:
        columns = ", ".join(row)
        connection.execute(
            f"insert into {table} ({columns}) values ({', '.join('?' for _ in row)})", list(row.values())
        )


def _parts(connection: duckdb.DuckDBPyConnection) -> None:
    """Every company cell again in two parts, the second clearly worse."""
    for dimension, values in PARTS.items():
        for place, value in enumerate(values):
            connection.execute(
                "insert into kpi_values select kpi_id, org_unit_id, period_kind, period_start, $dimension, $value, n // 2, "
                "numerator / 2, denominator / 2, value - 30 * $place, ci_low - 30 * $place, ci_high - 30 * $place, weak_share, status "
                "from kpi_values where org_unit_id = 'acme' and slice_dimension = 'all' and period_kind != 'year'",
                {"dimension": dimension, "value": value, "place": place},
            )


def _people(connection: duckdb.DuckDBPyConnection) -> None:
    """Two records that are one customer, with an old number; and somebody else."""
    seen = {"first_seen_at": datetime(2024, 8, 1), "last_seen_at": datetime(2025, 7, 1)}
    common = {
        "certainty": "firm",
        "tenure": "over_1_year",
        "value_tier": "high",
        "loyalty_tier": "member",
        "open_complaints": 0,
    }
    insert(connection, "customers", [
        {"customer_id": PERSON, "full_name": "Mei <Lin>", "phone": PHONE, "email": EMAIL, "city": "上海", "loyalty_card_no": CARD, "records": 2, "open_cases": 1,
         "frequency": 4, "monetary": 820.5, "churn_risk": 0.12, "value_12m": 260.0, "value_low": 0.0, "value_high": 900.0, "marketing_consent": False, **seen, **common},
        {"customer_id": OTHER, "full_name": "Somebody Else", "records": 1, "open_cases": 0, "marketing_consent": True, **seen, **common},
    ])  # fmt: skip
    field = {"customer_id": PERSON, "source_system": "crm", "source_customer_id": "17"}
    insert(connection, "customer_fields", [
        {**field, "field": "phone", "value": PHONE, "rule": "most_recent", "losing_values": [OLD_PHONE]},
        {**field, "field": "email", "value": EMAIL, "rule": "only_value"},
        {**field, "field": "loyalty_card_no", "value": CARD, "rule": "only_value"},
    ])  # fmt: skip
    insert(connection, "customer_identities", [
        {"source_system": system, "source_customer_id": record, "customer_id": person, "customer_key": f"{system}|{record}", "is_weak": False}
        for system, record, person in (("crm", "17", PERSON), ("pos", "9", PERSON), ("pos", "10", OTHER))
    ])  # fmt: skip
    insert(connection, "customer_links", [
        {"customer_id": PERSON, "left_source_system": "crm", "left_source_customer_id": "17", "right_source_system": "pos", "right_source_customer_id": "9",
         "kind": "exact", "rule": "phone"},
    ])  # fmt: skip
    insert(connection, "customer_timeline", [
        {"customer_id": PERSON, "occurred_at": datetime(2025, 7, 1, 4), "channel": "store", "event_type": "order", "source_system": "pos", "source_id": "O1", "title": "completed", "amount": 99.5},
        {"customer_id": OTHER, "occurred_at": datetime(2025, 7, 1, 4), "channel": "store", "event_type": "order", "source_system": "pos", "source_id": "SECRET", "title": "completed", "amount": 77.25},
    ])  # fmt: skip
    insert(connection, "case_handoffs", [
        {"issue_key": "case:crm:1", "step_no": step, "customer_id": PERSON, "occurred_at": datetime(2025, 6, step), "event_type": "contact", "kind": "complaint",
         "channel": channel, "org_unit_id": "cs", "is_handoff": step == 2, "source_system": "crm", "source_id": str(step)}
        for step, channel in ((1, "store"), (2, "webshop"))
    ])  # fmt: skip
