"""All KPIs as rows per sampling unit, each with its slices.

Every KPI is a frame of (sampling_unit, customer_key, is_weak, day, path_day, leaf, x, y, channel, …): `day` dates the row,
on `path_day` the leaf's path and the customer's slices are looked up, x and y are whole numbers. Some carry `order`, which
ranks the rows of one unit (a cell takes the last), and `micros`, of which a cell has quantiles.
"""

from collections.abc import Callable, Collection
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import polars as pl

from . import (
    answers,
    batteries,
    campaigns,
    closures,
    cohorts,
    complaints,
    guardrails,
    journeys,
    lifetime,
    programme,
    promises,
    purchases,
    quality,
    recognition,
    service,
    staff,
)
from .catalogue import CATALOGUE
from .company import Company
from .facts import Facts
from .periods import periods
from .slices import with_slices

Rows = dict[str, pl.DataFrame]


class OfTheRun(NamedTuple):
    """What the oracle takes from a run instead of finding it itself: models by month end, and counts of rows per dataset."""

    models: dict[date, lifetime.Model]
    counts: pl.DataFrame


def of_the_run(data: Path) -> OfTheRun:
    """Nothing of a folder in which nothing was published."""
    return OfTheRun(lifetime.models_of_the_run(data), quality.counts_of_the_run(data))


def kpi_rows(
    facts: Facts,
    questions: pl.DataFrame,
    company: Company,
    as_of: datetime,
    ends: list[date],
    published: OfTheRun,
    kpis: Collection[str] = tuple(CATALOGUE),
) -> Rows:
    """The rows of the KPIs named but for effects; `ends`: the first day after each complete month, for which states exist.

    A battery's single items are rows of their own, under `<kpi_id>/item`. `published`: what only a run knows.
    """
    today = company.day(as_of)
    found = (
        _asked(facts, questions, today)
        | _bought(facts, company, today, ends)
        | _served(facts, company, as_of, today)
        | _took_part(facts, company, today, ends)
        | {
            "cltv_12m": lambda: lifetime.cltv_12m(facts, published.models, company.annual_discount),
            "value_at_risk": lambda: lifetime.value_at_risk(facts, published.models),
            "enps": lambda: staff.enps(facts, questions),
            "data_quality_pass": lambda: quality.data_quality_pass(
                published.counts, facts, periods(facts.event_days), today
            ),
            "reviews_on_time": lambda: staff.reviews_on_time(facts, company, as_of),
        }
    )
    rows: Rows = {}
    for kpi_id in found.keys() & set(kpis):
        frame = found[kpi_id]()
        if isinstance(frame, dict):
            rows[kpi_id] = with_slices(frame["all"], _but_item(kpi_id), facts)
            rows[f"{kpi_id}/item"] = with_slices(frame["item"], ("item",), facts)
        else:
            rows[kpi_id] = with_slices(frame, CATALOGUE[kpi_id].slices, facts)
    return rows


def _but_item(kpi_id: str) -> tuple[str, ...]:
    return tuple(name for name in CATALOGUE[kpi_id].slices if name != "item")


def _asked(facts: Facts, questions: pl.DataFrame, today: date) -> dict[str, Callable[[], pl.DataFrame | Rows]]:
    return {
        "nps_relationship": lambda: answers.nps_relationship(facts, questions),
        "nps_touchpoint": lambda: answers.nps_touchpoint(facts, questions),
        "csat_t2b": lambda: answers.csat_t2b(facts, questions),
        "ces_effort": lambda: answers.ces_effort(facts, questions),
        "complaint_csat": lambda: answers.complaint_csat(facts, questions),
        "satisfaction_index": lambda: batteries.satisfaction_index(facts, questions),
        "trust_index": lambda: batteries.trust_index(facts, questions),
        "perceived_value": lambda: batteries.perceived_value(facts, questions),
        "personalisation": lambda: batteries.personalisation(facts, questions),
        "survey_response_rate": lambda: guardrails.survey_response_rate(facts, today),
        "feedback_welcome": lambda: guardrails.feedback_welcome(facts, questions),
        "rule_understood_30s": lambda: guardrails.rule_understood_30s(facts, questions),
    }


def _bought(
    facts: Facts, company: Company, today: date, ends: list[date]
) -> dict[str, Callable[[], pl.DataFrame | Rows]]:
    return {
        "retention_rolling": lambda: purchases.retention_rolling(facts, ends),
        "core_retention": lambda: purchases.retention_rolling(facts, ends, core=True),
        "retention_180": lambda: cohorts.cohort_retention(facts, company, today, 180),
        "retention_365": lambda: cohorts.cohort_retention(facts, company, today, 365),
        "repurchase_90d": lambda: purchases.repurchase_90d(facts, today),
        "new_to_repeat": lambda: purchases.new_to_repeat(facts, company, today),
        "earned_new": lambda: cohorts.earned_new(facts, company),
        "promo_dependence": lambda: purchases.promo_dependence(facts, company),
        "base_lift": lambda: campaigns.base_lift(facts, today),
        "identity_match": lambda: recognition.identity_match(facts),
        "customised_share": lambda: guardrails.customised_share(facts),
    }


def _served(
    facts: Facts, company: Company, as_of: datetime, today: date
) -> dict[str, Callable[[], pl.DataFrame | Rows]]:
    return {
        "fcr": lambda: service.fcr(facts, company, today),
        "first_response": lambda: service.first_response(facts, company, as_of),
        "resolution_time": lambda: service.resolution_time(facts, company, as_of),
        "complaint_rate": lambda: service.complaint_rate(facts),
        "post_complaint_retention": lambda: complaints.post_complaint_retention(facts, today),
        "promise_kept": lambda: promises.promise_kept(facts, company, as_of),
        "callback_kept": lambda: promises.callback_kept(facts, company, as_of),
        "self_service": lambda: journeys.self_service(facts, company, as_of),
        "reexplain_rate": lambda: journeys.reexplain_rate(facts, today),
        "contact_reason_mix": lambda: journeys.contact_reason_mix(facts),
        "wait_p90": lambda: journeys.wait_p90(facts),
        "closed_loop": lambda: closures.closed_loop(facts, today),
        "reopen_rate": lambda: closures.reopen_rate(facts, today),
        "complaint_formula": lambda: closures.complaint_formula(facts, company, as_of, today),
    }


def _took_part(
    facts: Facts, company: Company, today: date, ends: list[date]
) -> dict[str, Callable[[], pl.DataFrame | Rows]]:
    return {
        "active_members": lambda: purchases.active_members(facts, company, ends),
        "intrinsic_share": lambda: programme.intrinsic_share(facts),
        "points_redemption": lambda: programme.points_redemption(facts, today),
        "benefit_use_rate": lambda: programme.benefit_use_rate(facts, company, ends),
        "benefit_cost_per_member": lambda: programme.benefit_cost_per_member(facts, company, ends),
    }
