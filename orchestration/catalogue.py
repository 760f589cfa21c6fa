"""The KPI table of the README, from the YAML twins: `python -m orchestration.catalogue` writes it anew."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orchestration.folders import REPOSITORY

BEGIN, END = "<!-- kpis: begin -->", "<!-- kpis: end -->"
UNITS = {
    "points": "points",
    "percent": "%",
    "per_mille": "per 1,000",
    "effort_1_7": "1–7",
    "index_0_100": "0–100",
    "net_minus6_6": "−6…6",
    "seconds": "s",
    "currency": "currency",
}
DIRECTIONS = {"higher": "↑", "lower": "↓", "band": "band"}


def kpi_table(manifest: Mapping[str, Any]) -> str:
    """Markdown table of all KPIs in the dbt manifest, sorted by id."""
    lines = ["| id | KPI | what it says | good | unit | shown / scored from |", "|---|---|---|---|---|---|"]
    models = [node for node in manifest["nodes"].values() if "kpi" in (node.get("config", {}).get("meta") or {})]
    for node in sorted(models, key=lambda node: node["name"]):
        kpi = node["config"]["meta"]["kpi"]
        basis = "orders" if kpi["floor_basis"] == "x" else "n"
        scored = "never" if kpi.get("is_guardrail") else f"{kpi['scored_floor']:,} {basis}"
        lines.append(
            f"| `{node['name']}` | {kpi['label_en']} {kpi['label_zh']} | {kpi['definition_en']} "
            f"| {DIRECTIONS[kpi['direction']]} | {UNITS[kpi['unit']]} "
            f"| {kpi['shown_floor']} / {scored} |"
        )
    return "\n".join(lines)


def with_table(readme: str, table: str) -> str:
    """The README's text with the table between its two marks."""
    pattern = re.compile(f"({re.escape(BEGIN)}\n).*?(\n{re.escape(END)})", re.DOTALL)
    return pattern.sub(lambda match: match[1] + table + match[2], readme)


def main(readme: Path = REPOSITORY / "README.md") -> None:
    """Write the table into the README."""
    from orchestration import dbt

    readme.write_text(with_table(readme.read_text(encoding="utf-8"), kpi_table(dbt.manifest())), encoding="utf-8")


if __name__ == "__main__":
    main()
