"""KPIs of how cases end: followed up, opened again, and complaints handled by the five steps."""

from datetime import date, datetime

import polars as pl

from .business_time import answer_times
from .company import Company
from .facts import Facts, sampling_unit

FORTNIGHT = "14d"
UNRESOLVED = "30d"
STEPS = ("response", "eta", "responsibility", "compensation", "follow_up")


def _cared(facts: Facts) -> pl.Expr:
    """Followed up out of care, and not for marketing, in the fortnight after it was resolved."""
    within = (pl.col("follow_up_at") >= pl.col("resolved_at")) & (
        pl.col("follow_up_day") <= pl.col("resolved_day").dt.offset_by(FORTNIGHT)
    )
    return ((pl.col("follow_up_kind") == "care") & within).fill_null(False)


def _resolved(facts: Facts, y: pl.Expr, today: date) -> pl.DataFrame:
    return (
        facts.cases.drop_nulls("resolved_at")
        .with_columns(
            sampling_unit("cases", "source_system", "case_id"),
            path_day="resolved_day",
            day=pl.col("resolved_day").dt.offset_by(FORTNIGHT),
            leaf="own_unit",
            x=pl.lit(1, pl.Int64),
            y=y.cast(pl.Int64),
        )
        .filter(pl.col("day") < today)
    )


def closed_loop(facts: Facts, today: date) -> pl.DataFrame:
    """Resolved cases that somebody came back to."""
    return _resolved(facts, _cared(facts), today)


def reopen_rate(facts: Facts, today: date) -> pl.DataFrame:
    """Resolved cases that were opened again."""
    again = pl.col("reopened_day") <= pl.col("resolved_day").dt.offset_by(FORTNIGHT)
    return _resolved(facts, again.fill_null(False), today)


def complaint_formula(facts: Facts, company: Company, as_of: datetime, today: date) -> pl.DataFrame:
    """Five rows per complaint, one for each step that was owed."""
    complaints = facts.cases.filter(pl.col("kind") == "complaint")
    closure = pl.coalesce("resolved_day", pl.col("day").dt.offset_by(UNRESOLVED))
    complaints = answer_times(complaints, company, as_of, company.first_response_minutes)
    steps = {
        "response": (pl.col("first_response_at") <= pl.col("due")).fill_null(False),
        "eta": pl.col("eta_at").is_not_null(),
        "responsibility": pl.col("responsibility_accepted").fill_null(False),
        "compensation": (pl.col("compensation_amount").fill_null(0) >= pl.col("policy_amount")).fill_null(True),
        "follow_up": _cared(facts),
    }
    rows = complaints.with_columns(
        sampling_unit("cases", "source_system", "case_id"),
        path_day=closure,
        day=closure.dt.offset_by(FORTNIGHT),
        leaf="own_unit",
        x=pl.lit(1, pl.Int64),
    ).filter(pl.col("day") < today)
    return pl.concat([rows.with_columns(item=pl.lit(name), y=done.cast(pl.Int64)) for name, done in steps.items()])
