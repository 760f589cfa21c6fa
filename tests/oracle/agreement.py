"""Published tables against the oracle's: cell by cell, row sets equal both ways."""

from decimal import Decimal
from math import isclose
from pathlib import Path
from typing import NamedTuple

import polars as pl

from . import Recalculation
from .catalogue import KPIS

RELATIVE = 1e-9
# Numbers are published to nine decimals; a billionth is also more than the last bits of a bound that should be 0.
ABSOLUTE = 1e-9
# A likelihood is flat at its top: where two ways of climbing it stop differs in more than the last bits.
OF_A_FIT = 1e-4
# Where all units agree the variance is a difference of equal sums: its root keeps half the digits.
OF_A_BOUND = 2e-8
_CELL = ["kpi_id", "org_unit_id", "period_kind", "period_start", "slice_dimension", "slice_value"]
KEYS = {
    "kpi_values": _CELL,
    "kpi_details": [*_CELL, "measure"],
    "kpi_signals": ["kpi_id", "org_unit_id", "period_start"],
    "campaign_effects": ["action_id"],
    "pilot_effects": ["pilot_id", "arm"],
    "kpi_comparisons": ["kpi_id", "period_kind", "period_start", "org_unit_id"],
    "programme_economics": ["period_kind", "period_start"],
    "scorecards": ["org_unit_id", "period_kind", "period_start", "kpi_id"],
    "department_scores": ["org_unit_id", "period_kind", "period_start"],
}
# Counts and sums are exact decimals: nothing but equality will do.
EXACT = {"n", "numerator", "denominator"}
# But for a sum of what is expected, calculated in binary: in a small currency its last decimals are noise.
EXPECTED = "cltv_12m", "numerator"


class Difference(NamedTuple):
    """One cell that differs; column None: the whole row stands on one side only (the other side is None)."""

    table: str
    key: tuple
    column: str | None
    published: object
    recalculated: object


def compare(published: Path, recalculation: Recalculation) -> list[Difference]:
    """Every differing cell of the tables in KEYS, of all slices.

    Raises:
        ValueError: the published catalogue is another than the oracle's, a published key stands twice, or a published
            table lacks a column of the contract.
    """
    computed = set(pl.read_parquet(published / "kpis.parquet")["kpi_id"])
    if computed != KPIS.keys():
        raise ValueError(f"published and recalculated KPIs differ in {sorted(computed ^ KPIS.keys())}")
    found: list[Difference] = []
    for table, key in KEYS.items():
        expected = getattr(recalculation, table)
        frame = pl.read_parquet(published / f"{table}.parquet")
        if missing := set(expected.columns) - set(frame.columns):
            raise ValueError(f"{table}: published without {sorted(missing)}")
        theirs, ours = _by_key(frame, expected.columns, key, table), _by_key(expected, expected.columns, key, table)
        for name in sorted(theirs.keys() | ours.keys(), key=str):
            if name not in theirs or name not in ours:
                found.append(Difference(table, name, None, theirs.get(name), ours.get(name)))
                continue
            found += [
                Difference(table, name, column, theirs[name][column], value)
                for column, value in ours[name].items()
                if not same(theirs[name][column], value, "" if (name[0], column) == EXPECTED else column)
            ]
    return found


def same(left: object, right: object, column: str = "") -> bool:
    """Equal, or equal but for rounding in the last bits; null equals only null, and no number equals NaN."""
    if not isinstance(left, int | float | Decimal) or not isinstance(right, int | float | Decimal):
        return left == right
    if column in EXACT:  # as the shortest text says: a binary number and a decimal one may be the same
        return Decimal(str(left)) == Decimal(str(right))
    if column == "shrunk_value":
        return isclose(left, right, rel_tol=OF_A_FIT, abs_tol=OF_A_FIT)
    relative = OF_A_BOUND if column in ("ci_low", "ci_high") else RELATIVE
    return isclose(left, right, rel_tol=relative, abs_tol=ABSOLUTE)


def _by_key(frame: pl.DataFrame, columns: list[str], key: list[str], table: str) -> dict[tuple, dict]:
    rows = {tuple(row[name] for name in key): row for row in frame.select(columns).iter_rows(named=True)}
    if len(rows) < frame.height:
        raise ValueError(f"{table}: {frame.height - len(rows)} keys stand twice")
    return rows
