"""What MetricFlow is told: one semantic model over the rows of all KPIs, and four metrics for each.

`KPI` is the value, `KPI_numerator` and `KPI_denominator` its sums, `KPI_n` the sampling units behind it, by which
whoever asks knows what is too small to be passed on.
"""

from collections.abc import Mapping, Sequence
from typing import Any

ENTITY = "event"
"""What a row is to MetricFlow: dimensions are asked for as `event__channel`, the same for every KPI."""


def semantic_model(slices: Sequence[str], levels: int) -> dict[str, Any]:
    """The semantic model: the day as time, slices and levels of the organisation as dimensions."""
    categories = ["kpi", *slices, *(f"org_unit_level_{level}" for level in range(1, levels + 1))]
    return {
        "name": "kpi_rows",
        "description": "What counts in each KPI, a row per event. Not suppressed: look at KPI_n before passing on a value.",
        "model": "ref('kpi_rows')",
        "defaults": {"agg_time_dimension": "event_day"},
        "primary_entity": ENTITY,
        "dimensions": [
            {"name": "event_day", "type": "time", "type_params": {"time_granularity": "day"}},
            *({"name": name, "type": "categorical"} for name in categories),
        ],
        "measures": [
            {"name": "sum_y", "agg": "sum", "expr": "y"},
            {"name": "sum_x", "agg": "sum", "expr": "x"},
            {"name": "units", "agg": "count_distinct", "expr": "sampling_unit"},
        ],
    }


def metrics(kpi_id: str, kpi: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The KPI's value, scale × (Σy / Σx + offset) as everywhere, and what it is made of."""
    numerator, denominator = f"{kpi_id}_numerator", f"{kpi_id}_denominator"
    label = f"{kpi['label_en']} {kpi['label_zh']}"
    ratio = f"cast({numerator} as double) / nullif(cast({denominator} as double), 0)"
    value = {
        "name": kpi_id,
        "label": label,
        "description": f"{kpi['definition_en']} {kpi['definition_zh']}",
        "type": "derived",
        "type_params": {
            "expr": f"{kpi['scale']} * ({ratio} + {kpi['offset']})",
            "metrics": [{"name": numerator}, {"name": denominator}],
        },
    }
    return [
        value,
        _simple(numerator, f"{label}: Σy", kpi_id, "sum_y"),
        _simple(denominator, f"{label}: Σx", kpi_id, "sum_x"),
        _simple(f"{kpi_id}_n", f"{label}: n", kpi_id, "units"),
    ]


def _simple(name: str, label: str, kpi_id: str, measure: str) -> dict[str, Any]:
    only = f"{{{{ Dimension('{ENTITY}__kpi') }}}} = '{kpi_id}'"
    return {"name": name, "label": label, "type": "simple", "filter": only, "type_params": {"measure": measure}}
