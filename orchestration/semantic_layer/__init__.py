"""KPIs for dbt's MetricFlow: a dbt project of its own, generated from the KPIs' YAML twins, over the warehouse.

It lies beside the warehouse, not in `dbt_project/`: an ordinary run neither parses nor builds it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import yaml

from orchestration.errors import ConfigurationError
from orchestration.semantic_layer.metrics import metrics, semantic_model
from orchestration.semantic_layer.rows import DAYS_SQL, all_slices, levels_sql, rows_sql

NAME = "loyalty_metrics"
QUERYABLE = ("once", "flow")
"""The `adds` rules whose Σx and Σy add over months and units, which is what MetricFlow does with measures."""


def queryable(manifest: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Twins (`meta.kpi`) of the KPIs that MetricFlow can answer, by id."""
    return {kpi_id: kpi for kpi_id, kpi in _twins(manifest).items() if kpi["adds"] in QUERYABLE}


def beyond(manifest: Mapping[str, Any]) -> dict[str, list[str]]:
    """Ids of the KPIs that MetricFlow can't answer, by their `adds` rule."""
    rules: dict[str, list[str]] = {}
    for kpi_id, kpi in _twins(manifest).items():
        if kpi["adds"] not in QUERYABLE:
            rules.setdefault(kpi["adds"], []).append(kpi_id)
    return rules


def organisation_levels(database: Path) -> int:
    """How many levels of org units lie below the company, on the day with most.

    Raises:
        ConfigurationError: where there is no warehouse to read yet.
    """
    try:
        with duckdb.connect(str(database), read_only=True) as warehouse:
            found = warehouse.sql(
                "select max(units) from (select count(distinct p.ancestor_id) - 1 as units from unit_paths as p"
                " inner join (select distinct day_from as day from unit_paths) as e"
                " on e.day >= p.day_from and e.day < p.day_to group by p.org_unit_id, e.day)"
            ).fetchone()
    except duckdb.Error as problem:
        raise ConfigurationError(
            f"{database} can't be read; run: loyalty run, and not beside it ({problem})"
        ) from problem
    return max(1, found[0] or 1) if found else 1


def write_project(manifest: Mapping[str, Any], database: Path, levels: int, folder: Path) -> list[Path]:
    """Write the dbt project that MetricFlow reads into `folder`; the same twins, the same bytes.

    Args:
        manifest: dbt's manifest.json of the main project.
        database: the warehouse, which is attached to read from.
        levels: how many levels of org units lie below the company.
    """
    kpis = queryable(manifest)
    files = {
        "dbt_project.yml": _yaml(
            {
                "name": NAME,
                "version": "1.0.0",
                "profile": NAME,
                "flags": {"send_anonymous_usage_stats": False},
                "models": {NAME: {"+materialized": "view"}},
            }
        ),
        "profiles.yml": _yaml({NAME: {"target": "embedded", "outputs": {"embedded": _connection(database, folder)}}}),
        "models/days.sql": DAYS_SQL,
        "models/days.yml": _yaml({"models": [_time_spine()]}),
        "models/unit_levels.sql": levels_sql(levels),
        "models/kpi_rows.sql": rows_sql(manifest, kpis, levels),
        "models/kpi_rows.yml": _yaml({"semantic_models": [semantic_model(all_slices(kpis), levels)]}),
    }
    for kpi_id, kpi in kpis.items():
        files[f"models/{kpi_id}.yml"] = _yaml({"metrics": metrics(kpi_id, kpi)})
    (folder / "models").mkdir(parents=True, exist_ok=True)
    for left in {*(folder / "models").iterdir()} - {folder / name for name in files}:
        left.unlink()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in files]


def _twins(manifest: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    nodes = sorted(manifest["nodes"].values(), key=lambda node: node["name"])
    return {
        node["name"]: node["config"]["meta"]["kpi"] for node in nodes if "kpi" in (node["config"].get("meta") or {})
    }


def _connection(database: Path, folder: Path) -> dict[str, Any]:
    # views of its own file over a warehouse that it can't change
    attached = {"path": str(database), "alias": "loyalty", "read_only": True}
    return {
        "type": "duckdb",
        "path": str(folder / "metrics.duckdb"),
        "schema": "main",
        "threads": 1,
        "attach": [attached],
        "settings": {"TimeZone": "UTC"},
    }


def _time_spine() -> dict[str, Any]:
    return {
        "name": "days",
        "description": "Every day from the first to the last period; MetricFlow wants one.",
        "time_spine": {"standard_granularity_column": "day"},
        "columns": [{"name": "day", "granularity": "day"}],
    }


def _yaml(content: dict[str, Any]) -> str:
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120)
