"""The oracle: the published loyalty KPIs once more, from the landing files and `company.yml` alone.

It shares no code with the product and is written from the design's words, so that an error would have to be made twice,
in SQL and in data frames, to go unseen.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from .cells import kpi_values
from .company import load_company
from .identity import identify
from .kpis import facts
from .read import Landing, load
from .scores import department_scores, scorecards


@dataclass(frozen=True)
class Recalculation:
    """The tables in the columns that are published, and what led to them: who is whom, and the rows in use."""

    kpi_values: pl.DataFrame
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
    landing = load(data, company, as_of.astimezone(UTC))
    memberships, order_records = identify(landing, company)
    known = facts(landing, memberships, order_records, company)
    values = kpi_values(known, landing.used["survey_questions"], company, as_of)
    cards = scorecards(values, landing.used["targets"], known, company, as_of)
    return Recalculation(values, cards, department_scores(cards), memberships, landing)
