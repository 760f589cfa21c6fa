"""What the handbook says of each KPI, read from the dbt manifest."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from orchestration.handbook.words import ADDS, DIRECTIONS, FUNCTIONS, INTERVALS, SLICES, UNITS, Text

# Who is who and who is where: behind every KPI, so that naming their sources each time would say nothing.
SHARED = frozenset(
    {
        "record_customers",
        "profiles",
        "unit_paths",
        "unit_root",
        "home_units",
        "employee_units",
        "channel_units",
        "org_units",
        "periods",
    }
)
NAMED_ONCE = frozenset({"customers", "identifiers", "org_units", "employees"})


@dataclass(frozen=True)
class Entry:
    """One KPI's page: texts by language, `sources` the datasets it is made of, beside those that all need."""

    kpi_id: str
    label: Text
    definition: Text
    role: Text
    limitation: Text
    misuse: Text
    unit: Text
    direction: Text
    adds: Text
    interval: Text
    owners: tuple[Text, ...]
    slices: tuple[Text, ...]
    sources: tuple[str, ...]
    formula: str
    floors: tuple[int, int | None]
    floor_in_orders: bool
    matures_after_days: int
    is_guardrail: bool
    version: int
    since: str | None


def entries(manifest: Mapping[str, Any]) -> list[Entry]:
    """All KPIs, those the company watches first, then by id; guardrails last."""
    nodes = [node for node in manifest["nodes"].values() if "kpi" in (node.get("config", {}).get("meta") or {})]
    found = [(node["config"]["meta"]["kpi"], _entry(manifest, node)) for node in nodes]
    found.sort(key=lambda pair: (pair[1].is_guardrail, pair[0].get("company_place", 99), pair[1].kpi_id))
    return [entry for _, entry in found]


def _entry(manifest: Mapping[str, Any], node: Mapping[str, Any]) -> Entry:
    kpi = node["config"]["meta"]["kpi"]

    def text(key: str) -> Text:
        return {"en": kpi[f"{key}_en"], "zh": kpi[f"{key}_zh"]}

    guardrail = bool(kpi.get("is_guardrail"))
    return Entry(
        kpi_id=node["name"],
        label=text("label"),
        definition=text("definition"),
        role=text("role"),
        limitation=text("limitation"),
        misuse=text("misuse"),
        unit=UNITS[kpi["unit"]],
        direction=DIRECTIONS[kpi["direction"]],
        adds=ADDS[kpi["adds"]],
        interval=INTERVALS[kpi["interval"]],
        owners=tuple(FUNCTIONS[function] for function in kpi.get("functions", [])),
        slices=tuple(SLICES[dimension] for dimension in kpi.get("slices", [])),
        sources=_sources(manifest, node["unique_id"]),
        formula=_formula(kpi.get("scale", 1), kpi.get("offset", 0)),
        floors=(kpi["shown_floor"], None if guardrail else kpi["scored_floor"]),
        floor_in_orders=kpi["floor_basis"] == "x",
        matures_after_days=kpi["matures_after_days"],
        is_guardrail=guardrail,
        version=kpi["definition_version"],
        since=str(kpi["definition_since"])[:7] if kpi.get("definition_since") else None,
    )


def _formula(scale: float, offset: float) -> str:
    """Value from the two sums, as a person would write it."""
    ratio = "Σy ÷ Σx"
    inner = ratio if not offset else f"{ratio} {'−' if offset < 0 else '+'} {abs(offset):.4g}"
    if scale == 1:
        return inner
    return f"{scale:g} × {f'({inner})' if offset else inner}"


def _sources(manifest: Mapping[str, Any], unique_id: str) -> tuple[str, ...]:
    """The datasets above a node, not looking through what all KPIs share."""
    seen, waiting, datasets = set(), [unique_id], set()
    while waiting:
        for parent in manifest["parent_map"].get(waiting.pop(), []):
            name = parent.rsplit(".", 1)[-1]
            if parent in seen or name in SHARED:
                continue
            seen.add(parent)
            kind, *_, group, _ = parent.split(".")
            if name.startswith("stg_"):
                datasets.add(name.removeprefix("stg_"))
            elif kind == "source" and group == "lifetime_value":
                datasets |= {"orders", "returns"}  # what the models in orchestration/lifetime_value are fitted to
            elif kind == "source" and group != "config":
                datasets.add(name)
            else:
                waiting.append(parent)
    return tuple(sorted(datasets - NAMED_ONCE))
