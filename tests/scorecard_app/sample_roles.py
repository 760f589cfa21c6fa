"""The sample company with something on every page for every role: what `sample_beside` fills, and what is below."""

import json
from datetime import date
from pathlib import Path

import duckdb
from sample_beside import fill_beside
from sample_company import MONTHS, publish_sample
from sample_depth import insert

CLOSED, CLOSED_ON = "sto-9", date(2025, 1, 1)
CLOSED_NAMES = ("Pier store", "码头店")


def publish_for_roles(root: Path) -> Path:
    """Publish it below `root`, with a gate's result and Data Docs beside; returns `root`."""
    publish_sample(root, more=_fill)
    result = root / "quality" / "results" / "orders" / "run" / "20250710T160000" / "orders.json"
    result.parent.mkdir(parents=True)
    result.write_text(json.dumps({"suite_name": "orders", "results": [{"success": True}]}), encoding="utf-8")
    docs = root / "quality" / "data_docs" / "index.html"
    docs.parent.mkdir()
    docs.write_text("<html>Data Docs</html>", encoding="utf-8")
    return root


def _fill(connection: duckdb.DuckDBPyConnection) -> None:
    fill_beside(connection)
    _closed_store(connection)
    for unit in ("acme", "sto", "ecm"):
        _engines(connection, unit)
    insert(connection, "kpi_comparisons", [
        {"kpi_id": "csat_t2b", "period_kind": "month", "period_start": MONTHS[-2], "parent_org_unit_id": parent, "org_unit_id": unit,
         "n": 300, "value": 78.0, "shrunk_value": 77.5, "centre": 77.0, "lower_95": 72.0, "upper_95": 82.0, "lower_999": 69.0,
         "upper_999": 85.0, "p_value": 0.4, "q_value": 0.6, "verdict": "not_distinguishable"}
        for parent, unit in (("acme", "sto"), ("acme", "ecm"), ("sto", "sto-1"), ("sto", "sto-2"))
    ])  # fmt: skip
    insert(connection, "pilot_effects", [
        {"pilot_id": "P1", "arm": arm, "name_en": "Advice by chat", "name_zh": "专属顾问", "primary_kpi_id": "csat_t2b", "starts_on": date(2025, 3, 1),
         "ends_on": date(2025, 5, 1), "status": "shown", "customers": 260, "in_both_arms": 0, "n": 98, "value": value, "difference": 22.8,
         "difference_low": 9.5, "difference_high": 35.0, "verdict": "better", "sample_ratio": "as_planned", "complaints_per_1000": 7.6, "contacts_per_1000": 221.4}
        for arm, value in (("holdout", 55.1), ("treated", 77.9))
    ])  # fmt: skip


def _closed_store(connection: duckdb.DuckDBPyConnection) -> None:
    """A store of `sto` until CLOSED_ON, with the first store's numbers as long as it stood."""
    connection.execute(
        f"insert into org_units values ('{CLOSED}', 'sto', 'store', 'STO', '{CLOSED_NAMES[0]}', '{CLOSED_NAMES[1]}', 2)"
    )
    for above in (CLOSED, "sto", "acme"):
        connection.execute("insert into org_unit_paths values (?, ?, ?, ?)", [CLOSED, above, date(1, 1, 1), CLOSED_ON])
    connection.execute(
        f"insert into kpi_values select * replace ('{CLOSED}' as org_unit_id) from kpi_values "
        "where org_unit_id = 'sto-1' and period_kind = 'month' and period_start < ?",
        [CLOSED_ON],
    )


def _engines(connection: duckdb.DuckDBPyConnection, unit: str) -> None:
    """Two engines with a whole figure and its parts, for the last complete month."""
    whole = [("trust", "trust_index", "all", None), ("experience", "csat_t2b", "all", None)]
    parts = [("trust", "factor", "capability", None), ("trust", "factor", "transparency", "weakest")]
    parts += [("experience", "csat_t2b", stage, None) for stage in ("order", "receipt")]
    insert(connection, "engines", [
        {"engine": engine, "measure": measure, "subject": subject, "org_unit_id": unit, "period_kind": "month", "period_start": MONTHS[-2],
         "value": 60.0 + place, "ci_low": 52.0, "ci_high": 70.0, "n": 120, "reading": reading}
        for place, (engine, measure, subject, reading) in enumerate([*whole, *parts])
    ])  # fmt: skip
