"""A believable company, published by the real publisher under the real contracts, without running the pipeline.

Company, eight departments and two stores; four KPIs over twelve complete months, one open month, quarters and a year.
It holds what a page must cope with: a month without a survey, a department too small to show, one too small to score,
a KPI measured company-wide, a figure with no target, and intervals that straddle the target.
"""

import csv
import math
import random
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import yaml

from orchestration.folders import DBT_PROJECT, DataFolder
from orchestration.publishing.publish import publish
from orchestration.publishing.versions import PublishedVersion
from orchestration.settings import Settings

AS_OF = datetime(2025, 7, 10, 16, 0, tzinfo=UTC)
MONTHS = [date(2024 + (6 + i) // 12, (6 + i) % 12 + 1, 1) for i in range(13)]
UNITS = [
    ("acme", None, "company", None, "Acme Retail", "艾可零售", 0, 9000),
    ("mkt", "acme", "department", "MKT", "Marketing", "市场部", 1, 0),
    ("sal", "acme", "department", "SAL", "Sales", "销售部", 1, 0),
    ("prd", "acme", "department", "PRD", "Product", "产品部", 1, 0),
    ("cs", "acme", "department", "CS", "Customer service", "客服部", 1, 1500),
    ("sto", "acme", "department", "STO", "Store operations", "门店运营部", 1, 3200),
    ("ecm", "acme", "department", "ECM", "E-commerce", "电商部", 1, 2600),
    ("loy", "acme", "department", "LOY", "Loyalty programme", "会员忠诚度部", 1, 40),
    ("hr", "acme", "department", "HR", "Human resources", "人力资源部", 1, 4),
    ("sto-1", "sto", "store", "STO", "Store <1> & Sons", "南京东路店", 2, 1700),
    ("sto-2", "sto", "store", "STO", "Store 2", "徐家汇店", 2, 900),
]
COMPANY_SCOPE = {"mkt", "sal", "prd", "loy", "hr"}
RATES = {"nps_relationship": 0.31, "csat_t2b": 0.78, "retention_rolling": 0.42, "complaint_rate": 0.0062}
GOALS = {
    "nps_relationship": (20, 30, 45), "csat_t2b": (70, 78, 88),
    "retention_rolling": (38, 45, None), "complaint_rate": (9, 6.5, 4),
}  # fmt: skip
AGREED = {
    "mkt": {"nps_relationship": 60, "retention_rolling": 40}, "sal": {"retention_rolling": 70, "nps_relationship": 30},
    "prd": {"complaint_rate": 60, "nps_relationship": 40}, "cs": {"csat_t2b": 50, "complaint_rate": 30, "nps_relationship": 20},
    "sto": {"csat_t2b": 40, "retention_rolling": 30, "complaint_rate": 20, "nps_relationship": 10},
    "ecm": {"csat_t2b": 40, "complaint_rate": 40, "nps_relationship": 20},
    "hr": {"csat_t2b": 60, "nps_relationship": 40}, "sto-2": {"nps_relationship": 60, "csat_t2b": 40},
}  # fmt: skip
MOVED = date(2025, 3, 1)
OUTAGE = date(2025, 1, 1)
Z = 1.96


def contracts(rooms: Sequence[str] = ("published",)) -> dict[str, Any]:
    """The published tables' contracts, straight from their YAML, in the shape of dbt's manifest."""
    nodes = {}
    for path in sorted(file for room in rooms for file in (DBT_PROJECT / "models" / room).glob("*.yml")):
        model = yaml.safe_load(path.read_text(encoding="utf-8")).get("models", [None])[0]
        if model is None or "published" not in model["config"].get("meta", {}):  # a file of tests, or a step on the way
            continue
        nodes[f"model.loyalty.{model['name']}"] = {
            "resource_type": "model", "name": model["name"], "schema": "main", "original_file_path": str(path),
            "config": model["config"], "columns": {column["name"]: column for column in model["columns"]},
        }  # fmt: skip
    return {"nodes": nodes}


def publish_sample(
    root: Path,
    demo: bool = True,
    language: str = "en",
    periods: bool = True,
    more: Callable[[duckdb.DuckDBPyConnection], None] | None = None,
) -> PublishedVersion:
    """Publish the sample company below `root`; without `periods` it has units and a catalogue, but no numbers.

    `more` fills further tables, profiles among them.
    """
    folder = DataFolder(root).create()
    folder.demo_mark.unlink(missing_ok=True)
    if demo:
        folder.demo_mark.write_text("{}")
    settings = Settings(name="Acme Retail", language="zh" if language == "zh" else "en")
    manifest = contracts(("published", "profiles") if more else ("published",))
    with duckdb.connect() as connection:
        for node in manifest["nodes"].values():
            columns = ", ".join(f'"{name}" {column["data_type"]}' for name, column in node["columns"].items())
            connection.execute(f"create table {node['name']} ({columns})")
        connection.execute("create schema raw")
        connection.execute(
            "create table raw.deliveries (dataset varchar, delivery varchar, path varchar, status varchar)"
        )
        _fill(connection, "labels", _labels())
        _fill(connection, "kpis", _catalogue())
        _fill(connection, "org_units", [unit[:7] for unit in UNITS])
        _fill(connection, "org_unit_paths", paths())
        _fill(connection, "data_quality", [("orders", "a" * 64, "orders/2025.csv", AS_OF.replace(tzinfo=None), "loaded", 81_234, 81_201, 12, 9, 12, None)])  # fmt: skip
        if periods:
            values, cards, scores = numbers()
            _fill(connection, "kpi_values", values)
            _fill(connection, "scorecards", cards)
            _fill(connection, "department_scores", scores)
        if more:
            more(connection)
        return publish(connection, folder, settings, manifest, AS_OF, "sample")


def _fill(connection: duckdb.DuckDBPyConnection, table: str, rows: list[tuple]) -> None:
    connection.executemany(f"insert into {table} values ({', '.join('?' for _ in rows[0])})", rows)


def paths() -> list[tuple]:
    """Every unit below itself, its parent and the company, for all time; but sto-2 was e-commerce's until MOVED."""
    above = {unit[0]: unit[1] for unit in UNITS}
    ever = (date(1, 1, 1), date(9999, 12, 31))
    rows = []
    for unit, parent in above.items():
        lines = {line for line in (unit, parent, above.get(parent or "")) if line}
        rows += [(unit, ancestor, *ever) for ancestor in sorted(lines) if (unit, ancestor) != ("sto-2", "sto")]
    return [*rows, ("sto-2", "ecm", ever[0], MOVED), ("sto-2", "sto", MOVED, ever[1])]


def _labels() -> list[tuple]:
    with (DBT_PROJECT / "seeds" / "label_texts.csv").open(encoding="utf-8") as file:
        return [(row["code"], row["en"], row["zh"]) for row in csv.DictReader(file)]


def _catalogue() -> list[tuple]:
    columns = contracts()["nodes"]["model.loyalty.kpis"]["columns"]
    rows = []
    for kpi_id in RATES:
        model = yaml.safe_load((DBT_PROJECT / "models" / "kpis" / f"{kpi_id}.yml").read_text(encoding="utf-8"))[
            "models"
        ][0]
        known = {"kpi_id": kpi_id, **model["config"]["meta"]["kpi"]}
        rows.append(tuple(known.get(column) for column in columns))
    return rows


def numbers() -> tuple[list[tuple], list[tuple], list[tuple]]:
    """Rows of kpi_values, scorecards and department_scores."""
    chance = random.Random(7)
    values: list[tuple] = []
    for kpi_id in RATES:
        for unit in UNITS:
            for kind, start, months in periods():
                cell = _cell(chance, kpi_id, unit[0], unit[7], kind, start, months)
                values += [cell] if cell else []
    found = {row[:4]: row for row in values}
    cards, scores = [], []
    for unit, weights in AGREED.items():
        for kind, start, _ in periods():
            if start == MONTHS[-1]:
                continue
            rows = [_judged(unit, kind, start, kpi_id, weight, found) for kpi_id, weight in weights.items()]
            cards += rows
            scored = [(row[13], row[14]) for row in rows if row[14] is not None]
            share = sum(weight for weight, _ in scored)
            score = sum(weight * reached for weight, reached in scored) / share if share >= 70 else None
            rag = "grey" if score is None else "green" if score >= 100 else "amber" if score > 0 else "red"
            scores.append(
                (unit, kind, start, score, float(share), rag, None if score is not None else "too_little_weight")
            )
    return values, cards, scores


def periods() -> list[tuple[str, date, list[int]]]:
    """Kind, start, and the positions of its months; only whole quarters and years beside the months."""
    months = [("month", month, [i]) for i, month in enumerate(MONTHS)]
    quarters = [("quarter", MONTHS[i], [i, i + 1, i + 2]) for i in range(0, 12, 3)]
    return [*months, *quarters, ("year", date(2024, 1, 1), list(range(6)))]


def _cell(
    chance: random.Random, kpi_id: str, unit: str, size: int, kind: str, start: date, months: list[int]
) -> tuple | None:
    if size == 0 or (start == OUTAGE and kind == "month" and kpi_id in ("csat_t2b", "nps_relationship")):
        return None
    shift = {"sto": 0.02, "ecm": -0.05, "cs": 0.01, "sto-2": -0.04}.get(unit, 0) * (
        1 if kpi_id != "complaint_rate" else -0.05
    )
    drift = 0.004 * sum(months) / len(months) * (1 if kpi_id != "complaint_rate" else -0.02)
    rate = RATES[kpi_id] + shift + drift + chance.gauss(0, 0.012) * (1 if kpi_id != "complaint_rate" else 0.05)
    n = max(
        1,
        round(
            size / (14 if kpi_id == "nps_relationship" else 6 if kpi_id == "csat_t2b" else 1) * math.sqrt(len(months))
        ),
    )
    x = n * 3 if kpi_id == "complaint_rate" else n
    y = max(0, round(rate * x))
    value, half = y / x, Z * math.sqrt(max(rate * (1 - rate), 1e-6) / x)
    if kpi_id == "nps_relationship":
        half = Z * math.sqrt((0.75 - rate * rate) / (n + 3))
    scale = 1000 if kpi_id == "complaint_rate" else 100
    if n < 5:
        return (kpi_id, unit, kind, start, "all", "all", *[None] * 7, "hidden")
    status = "provisional" if start == MONTHS[-1] else "shown"
    low, high = scale * (value - half), scale * (value + half)
    return (
        kpi_id, unit, kind, start, "all", "all", n, float(y), float(x), scale * value, low, high,
        0.03 if unit == "ecm" else 0.0, status,
    )  # fmt: skip


def _judged(unit: str, kind: str, start: date, kpi_id: str, weight: float, found: dict[tuple, Any]) -> tuple:
    measured = "acme" if unit in COMPANY_SCOPE and unit != "hr" else unit
    cell = found.get((kpi_id, measured, kind, start))
    goals = GOALS[kpi_id]
    floor = {"nps_relationship": 100, "csat_t2b": 50, "retention_rolling": 100, "complaint_rate": 1000}[kpi_id]
    nothing: Any = [None] * 6
    n, _, x, value, low, high = cell[6:12] if cell else nothing
    size = x if kpi_id == "complaint_rate" else n
    reason = "no_value" if not cell else "hidden" if value is None else "below_floor" if size < floor else None
    reached: Any = None if reason else attainment(value, *goals)
    verdict = "not_scored"
    if reached is not None:
        sign = -1 if kpi_id == "complaint_rate" else 1
        ends = sorted((sign * low, sign * high))
        verdict = "met" if ends[0] >= sign * goals[1] else "missed" if ends[1] < sign * goals[1] else "uncertain"
    rag = "grey" if reason else "green" if reached >= 100 else "red" if reached == 0 or verdict == "missed" else "amber"
    return (unit, kind, start, kpi_id, measured, "all", value, n, low, high, *goals, float(weight), reached, verdict, rag, reason)  # fmt: skip


def attainment(value: float, threshold: float, target: float, stretch: float | None) -> float:
    """0 below the threshold, 100 at the target, 120 at the stretch goal, linear between."""
    if target < threshold:
        value, threshold, target, stretch = -value, -threshold, -target, None if stretch is None else -stretch
    if value < target:
        return max(0.0, 100 * (value - threshold) / (target - threshold))
    return 100.0 if stretch is None else min(120.0, 100 + 20 * (value - target) / (stretch - target))


if __name__ == "__main__":
    import sys

    print(publish_sample(Path(sys.argv[1])).path)
