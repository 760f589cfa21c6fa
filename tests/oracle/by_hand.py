"""Hand-made companies for the oracle's own tests: deliveries written as tables in the test itself."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from . import Recalculation
from .company import load_company
from .facts import Facts, facts
from .identity import identify
from .kpis import kpi_rows, of_the_run
from .periods import periods
from .read import Landing, load

AS_OF = datetime(2025, 1, 10, 4, tzinfo=UTC)
A_YEAR_LATER = datetime(2026, 1, 10, 4, tzinfo=UTC)


def deliver(data: Path, dataset: str, table: str, name: str = "delivery.csv") -> Path:
    """Write a table (cells separated by |, a line per row, the header first) as one CSV delivery."""
    lines = [",".join(cell.strip() for cell in line.split("|")) for line in table.strip().splitlines()]
    path = data / "landing" / dataset / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def landed(data: Path, as_of: datetime = AS_OF) -> Landing:
    """The folder's rows in use."""
    return load(data, load_company(data / "company.yml"), as_of)


def known(data: Path, as_of: datetime = AS_OF) -> Facts:
    """The folder's facts."""
    company, landing = load_company(data / "company.yml"), landed(data, as_of)
    return facts(landing, *identify(landing, company), company, as_of)


def rows(data: Path, kpi_id: str, as_of: datetime = AS_OF) -> pl.DataFrame:
    """One KPI's rows per sampling unit, with their slices; the sampling unit without what marks it as a profile."""
    company, about = load_company(data / "company.yml"), known(data, as_of)
    months = [period for period in periods(about.event_days) if period.kind == "month"]
    ends = [month.end for month in months if month.end <= company.day(as_of)]
    questions = landed(data, as_of).used["survey_questions"]
    found = kpi_rows(about, questions, company, as_of, ends, of_the_run(data), [kpi_id])[kpi_id]
    return found.sort("day", "sampling_unit").with_columns(pl.col("sampling_unit").str.strip_prefix("profile|"))


def cell(
    result: Recalculation, kpi_id: str, unit: str, kind: str, start: date, dimension: str = "all", value: str = "all"
) -> dict | None:
    """One row of kpi_values; None where there is none."""
    found = result.kpi_values.filter(
        (pl.col("kpi_id") == kpi_id)
        & (pl.col("org_unit_id") == unit)
        & (pl.col("period_kind") == kind)
        & (pl.col("period_start") == start)
        & (pl.col("slice_dimension") == dimension)
        & (pl.col("slice_value") == value)
    )
    return found.row(0, named=True) if found.height else None


def numbers(result: Recalculation, kpi_id: str, unit: str, kind: str, start: date, *sliced: str) -> tuple | None:
    """n, Σy and Σx of one cell; None where there is none."""
    found = cell(result, kpi_id, unit, kind, start, *sliced)
    return None if found is None else (found["n"], found["numerator"], found["denominator"])


def lay(data: Path, dataset: str, rows: Sequence[Mapping[str, object]], name: str, copies: int = 6) -> Path:
    """Deliver rows that name only the columns they fill; each is told `copies` times, # standing for the copy's number."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    lines = [
        "|".join(str(row.get(column, "")).replace("#", str(copy)) for column in columns)
        for row in rows
        for copy in range(copies)
    ]
    return deliver(data, dataset, "\n".join(["|".join(columns), *lines]), name)
