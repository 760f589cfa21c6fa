"""KPIs of the company's own people: what they would recommend, and whether they meet about loyalty in time."""

from datetime import datetime

import polars as pl

from .answers import on_scale
from .company import Company
from .facts import Facts


def enps(facts: Facts, questions: pl.DataFrame) -> pl.DataFrame:
    """−1, 0, +1 per answer, of nobody and of the whole company."""
    asked = questions.filter(on_scale(0, 10) & (pl.col("measures") == "nps"))
    answers = facts.employee_survey.drop_nulls(["score", "day"]).join(asked, on="question_code", how="semi")
    points = pl.when(pl.col("score") < 7_000).then(-1).when(pl.col("score") < 9_000).then(0).otherwise(1)
    return _alone(answers, "response_id").with_columns(leaf=pl.lit(facts.tree.root), y=points.cast(pl.Int64))


def reviews_on_time(facts: Facts, company: Company, as_of: datetime) -> pl.DataFrame:
    """Reviews that were due by now; y: held by then."""
    due = facts.reviews.filter(pl.col("due_at") <= as_of)
    held = (pl.col("held_at") <= pl.col("due_at")).fill_null(False)
    known = pl.col("org_unit_id").is_in(facts.tree.known)
    leaf = pl.when(known).then("org_unit_id").otherwise(pl.lit(facts.tree.root))
    return _alone(due, "review_id").with_columns(leaf=leaf, y=held.cast(pl.Int64))


def _alone(rows: pl.DataFrame, key: str) -> pl.DataFrame:
    return rows.with_columns(
        sampling_unit=key,
        customer_key=pl.lit(None, pl.String),
        is_weak=pl.lit(False),
        path_day="day",
        x=pl.lit(1, pl.Int64),
    )
