"""All thirteen KPIs as rows per sampling unit, each with its slices.

Every KPI is a frame of (sampling_unit, customer_key, is_weak, day, path_day, leaf, x, y, channel, …): `day` dates the row,
on `path_day` the leaf's path and the customer's slices are looked up, x and y are whole numbers. Some carry `order`, which
ranks the rows of one unit (a cell takes the last), and `micros`, a case's business time.
"""

from datetime import date, datetime

import polars as pl

from .answers import ces_effort, complaint_csat, csat_t2b, nps_relationship, nps_touchpoint
from .catalogue import CATALOGUE
from .company import Company
from .facts import Facts
from .purchases import (
    active_members,
    new_to_repeat,
    promo_dependence,
    repurchase_90d,
    retention_rolling,
)
from .service import complaint_rate, fcr, first_response
from .slices import with_slices


def kpi_rows(
    facts: Facts, questions: pl.DataFrame, company: Company, as_of: datetime, ends: list[date]
) -> dict[str, pl.DataFrame]:
    """The rows of every KPI; `ends`: the first day after each complete month, for which states exist."""
    today = company.day(as_of)
    rows = {
        "nps_relationship": nps_relationship(facts, questions),
        "nps_touchpoint": nps_touchpoint(facts, questions),
        "csat_t2b": csat_t2b(facts, questions),
        "ces_effort": ces_effort(facts, questions),
        "retention_rolling": retention_rolling(facts, ends),
        "repurchase_90d": repurchase_90d(facts, today),
        "new_to_repeat": new_to_repeat(facts, company, today),
        "promo_dependence": promo_dependence(facts, company),
        "fcr": fcr(facts, company, today),
        "first_response": first_response(facts, company, as_of),
        "complaint_rate": complaint_rate(facts),
        "complaint_csat": complaint_csat(facts, questions),
        "active_members": active_members(facts, company, ends),
    }
    return {kpi_id: with_slices(frame, CATALOGUE[kpi_id].slices, facts) for kpi_id, frame in rows.items()}
