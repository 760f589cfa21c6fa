"""What the matching model sees in two records, comparison by comparison."""

import math
import re
from collections.abc import Callable
from typing import Any

import duckdb

from orchestration.identity.model import DECIMALS, Comparison, Level, Model
from orchestration.identity.scoring import weights_sql

Show = Callable[[str, object], str]
"""How a value of a field is shown: masked, or as it is."""


def waterfall(
    connection: duckdb.DuckDBPyConnection, model: Model, pair: list[int], show: Show
) -> dict[str, Any] | None:
    """The prior, what each comparison adds, and the total of two records (by number, the smaller first).

    In bits: each doubles the odds that they are one person (Fellegi and Sunter 1969). None where a record has nothing
    to compare or no run has scored anything.
    """
    sides = [
        connection.execute("select * from identity.comparable where record_no = ?", [number]).df().to_dict("records")
        for number in pair
    ]
    priors = connection.execute("select prior from identity.scoring").fetchall()
    if not all(sides) or not priors:
        return None
    connection.execute("create or replace temp table explained (left_record bigint, right_record bigint)")
    connection.execute("insert into explained values (?, ?)", pair)
    steps: list[dict[str, Any]] = []
    for comparison in model.comparisons:
        _, _, weight, gamma = connection.execute(weights_sql(model, "explained", [comparison.name])).fetchall()[0]
        left, right = (_values(comparison, side[0], show) for side in sides)
        found = next(level for level in comparison.levels if level.gamma == gamma)
        steps.append(
            {
                "comparison": comparison.name,
                "found": found.label,
                "one_in": _one_in(found, [side[0] for side in sides]),
                "weight": weight,
                "left": left,
                "right": right,
            }
        )
    connection.execute("drop table explained")
    total = round(math.fsum([priors[0][0], *(step["weight"] for step in steps)]), DECIMALS)
    kept = connection.execute(
        "select match_weight from identity.scored_pairs where left_record = ? and right_record = ?", pair
    ).fetchall()
    return {
        "version": model.version,
        "prior": priors[0][0],
        "comparisons": steps,
        "total": total,
        "threshold": model.threshold,
        "probability": 1 / (1 + math.pow(2, -max(-60.0, min(60.0, total)))),
        "was_compared": bool(kept),
    }


def _one_in(level: Level, records: list[dict[str, Any]]) -> int | None:
    """In how many people one bears the commoner of two values, as far as that moves the weight."""
    shares = [record[f"tf_{level.frequency}"] for record in records if level.frequency]
    known = [share for share in shares if share is not None and not math.isnan(share)]
    return round(1 / max(known)) if known else None


def _values(comparison: Comparison, record: dict[str, Any], show: Show) -> list[str]:
    """What the comparison's first condition reads of a record, as it may be shown."""
    columns = dict.fromkeys(re.findall(r"\b\"?(\w+?)_l\b", comparison.levels[0].condition))
    found: list[str] = []
    for column in columns:
        value = record.get(column)
        listed = list(value) if hasattr(value, "__len__") and not isinstance(value, str) else [value]
        found += [show(column, one) for one in listed if isinstance(one, str)]
    return found
