"""The oracle: the published loyalty KPIs once more, from the landing files and `company.yml` alone.

It shares no code with the product and is written from the design's words, so that an error would have to be made twice,
in SQL and in data frames, to go unseen.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from .campaign_effects import campaign_effects
from .catalogue import KPIS
from .cells import cells
from .company import load_company
from .comparisons import kpi_comparisons
from .details import kpi_details
from .economics import programme_economics
from .effect_cells import effect_values
from .effects import campaign_increment, programme_roi
from .facts import facts
from .identity import identify, people_of_the_run
from .kpis import kpi_rows, of_the_run
from .periods import periods
from .pilots import pilot_effects
from .published import details_without, kpi_values, values_without, withheld_by_the_run
from .read import Landing, load
from .scores import department_scores, scorecards
from .signals import kpi_signals


@dataclass(frozen=True)
class Recalculation:
    """The tables in the columns that are published, and what led to them: who is whom, and the rows in use."""

    kpi_values: pl.DataFrame
    kpi_details: pl.DataFrame
    kpi_signals: pl.DataFrame
    campaign_effects: pl.DataFrame
    pilot_effects: pl.DataFrame
    kpi_comparisons: pl.DataFrame
    programme_economics: pl.DataFrame
    scorecards: pl.DataFrame
    department_scores: pl.DataFrame
    memberships: pl.DataFrame
    landing: Landing


def recalculate(data: Path, as_of: datetime, kpis: Collection[str] = tuple(KPIS)) -> Recalculation:
    """Recalculate every cell of a company's folder as of a moment, of the KPIs named.

    Raises:
        ValueError: `as_of` carries no offset.
    """
    if as_of.tzinfo is None:
        raise ValueError("as_of needs an offset")
    company = load_company(data / "company.yml")
    today = company.day(as_of)
    landing = load(data, company, as_of.astimezone(UTC))
    memberships, identified = identify(landing, company)
    memberships = people_of_the_run(data, memberships)
    known = facts(landing, memberships, identified, company, as_of)
    calendar = periods(known.event_days)
    ends = [period.end for period in calendar if period.kind == "month" and period.end <= today]
    rows = kpi_rows(known, landing.used["survey_questions"], company, as_of, ends, of_the_run(data), kpis)
    summed = cells(rows, known, calendar, today)
    effects = {"campaign_increment": campaign_increment(known, today), "programme_roi": programme_roi(known, today)}
    of_effects = effect_values(effects, known, calendar, today, set(kpis))
    withheld = withheld_by_the_run(data)
    values = values_without(pl.concat([kpi_values(summed, today), of_effects]), withheld)
    signals = kpi_signals(values, known)
    cards = scorecards(values, signals, landing.used["targets"], known, company, as_of, set(kpis))
    return Recalculation(
        kpi_values=values,
        kpi_details=details_without(
            kpi_details(summed, rows.get("post_complaint_retention", pl.DataFrame()), known), withheld
        ),
        kpi_signals=signals,
        campaign_effects=campaign_effects(known, today),
        pilot_effects=pilot_effects(known, rows),
        kpi_comparisons=kpi_comparisons(values, summed, known, today),
        programme_economics=programme_economics(known, calendar, today, withheld),
        scorecards=cards,
        department_scores=department_scores(cards),
        memberships=memberships,
        landing=landing,
    )
