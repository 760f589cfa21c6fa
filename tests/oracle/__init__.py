"""The oracle: the published loyalty KPIs once more, from the landing files and `company.yml` alone.

It shares no code with the product and is written from the design's words, so that an error would have to be made twice,
in SQL and in data frames, to go unseen.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from .cells import cells
from .company import load_company
from .facts import facts
from .identity import identify, people_of_the_run
from .kpis import kpi_rows
from .periods import periods
from .published import kpi_details, kpi_values
from .read import Landing, load
from .scores import department_scores, scorecards
from .signals import kpi_signals


@dataclass(frozen=True)
class Recalculation:
    """The tables in the columns that are published, and what led to them: who is whom, and the rows in use."""

    kpi_values: pl.DataFrame
    kpi_details: pl.DataFrame
    kpi_signals: pl.DataFrame
    scorecards: pl.DataFrame
    department_scores: pl.DataFrame
    memberships: pl.DataFrame
    landing: Landing


def recalculate(data: Path, as_of: datetime) -> Recalculation:
    """Recalculate every cell of a company's folder as of a moment.

    Raises:
        ValueError: `as_of` carries no offset.
    """
    if as_of.tzinfo is None:
        raise ValueError("as_of needs an offset")
    company = load_company(data / "company.yml")
    today = company.day(as_of)
    landing = load(data, company, as_of.astimezone(UTC))
    memberships, order_records = identify(landing, company)
    memberships = people_of_the_run(data, memberships)
    known = facts(landing, memberships, order_records, company)
    calendar = periods(known.event_days)
    ends = [period.end for period in calendar if period.kind == "month" and period.end <= today]
    rows = kpi_rows(known, landing.used["survey_questions"], company, as_of, ends)
    summed = cells(rows, known, calendar, today)
    values = kpi_values(summed, today)
    cards = scorecards(values, landing.used["targets"], known, company, as_of)
    return Recalculation(
        kpi_values=values,
        kpi_details=kpi_details(summed),
        kpi_signals=kpi_signals(values, known),
        scorecards=cards,
        department_scores=department_scores(cards),
        memberships=memberships,
        landing=landing,
    )
