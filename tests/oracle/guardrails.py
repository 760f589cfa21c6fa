"""What is shown beside the scored KPIs so that nobody earns points at its expense."""

from datetime import date

import polars as pl

from .answers import COLUMNS
from .facts import Facts, sampling_unit

FORTNIGHT = "14d"
QUICK_SECONDS = 30
_PLAIN = [name for name in COLUMNS if name not in ("touchpoint", "journey_stage")]


def survey_response_rate(facts: Facts, today: date) -> pl.DataFrame:
    """Invitations; y: answered in the fortnight after."""
    answered = facts.responses.group_by("source_system", "response_id").agg(answered=pl.col("day").min())
    key = ["response_system", "response_id"]
    rows = facts.invitations.join(answered, left_on=key, right_on=["source_system", "response_id"], how="left")
    closes = pl.col("day").dt.offset_by(FORTNIGHT)
    return rows.with_columns(
        sampling_unit("survey_invitations", "source_system", "invitation_id"),
        path_day="day",
        day=closes,
        leaf="own_unit",
        x=pl.lit(1, pl.Int64),
        y=(pl.col("answered") <= closes).fill_null(False).cast(pl.Int64),
    ).filter(pl.col("day") < today)


def feedback_welcome(facts: Facts, questions: pl.DataFrame) -> pl.DataFrame:
    """Counting orders (x), and what people say of their own accord (y): comments beside a score, and suggestions."""
    said = (
        facts.responses.drop_nulls(["score", "comment"])
        .join(questions, on="question_code", how="semi")
        .sort("question_code")
        .unique(["source_system", "response_id"], keep="first", maintain_order=True)
    )
    told = {
        "orders": (facts.orders, "order_id", 1, 0),
        "survey_responses": (said, "response_id", 0, 1),
        "cases": (facts.cases.filter(pl.col("kind") == "suggestion"), "case_id", 0, 1),
    }
    return pl.concat(
        [
            frame.with_columns(
                # each for itself: what one person says twice are two things said
                sampling_unit=pl.concat_str([pl.lit(dataset), "source_system", key], separator="|"),
                path_day="day",
                leaf="own_unit",
                x=pl.lit(x, pl.Int64),
                y=pl.lit(y, pl.Int64),
            ).select(_PLAIN)
            for dataset, (frame, key, x, y) in told.items()
        ]
    )


def rule_understood_30s(facts: Facts, questions: pl.DataFrame) -> pl.DataFrame:
    """Quiz answers; y: right, in half a minute."""
    asked = questions.filter(pl.col("measures") == "rule_quiz")
    quiz = facts.responses.drop_nulls("is_correct").join(asked, on="question_code", how="semi")
    right = pl.col("is_correct") & (pl.col("seconds_taken") <= QUICK_SECONDS).fill_null(False)
    return quiz.with_columns(
        sampling_unit("survey_responses", "source_system", "response_id", "question_code"),
        path_day="day",
        leaf="own_unit",
        x=pl.lit(1, pl.Int64),
        y=right.cast(pl.Int64),
    )


def customised_share(facts: Facts) -> pl.DataFrame:
    """Counting orders of systems that deliver lines; y: one of them is made to measure."""
    systems = facts.order_lines["source_system"].unique().to_list()
    made = facts.order_lines.filter(pl.col("is_customised")).select("source_system", "order_id").unique()
    orders = facts.orders.filter(pl.col("source_system").is_in(systems))
    return orders.join(
        made.with_columns(y=pl.lit(1, pl.Int64)), on=["source_system", "order_id"], how="left"
    ).with_columns(
        pl.col("y").fill_null(0),
        sampling_unit=pl.concat_str([pl.lit("orders"), "source_system", "order_id"], separator="|"),
        path_day="day",
        leaf="own_unit",
        x=pl.lit(1, pl.Int64),
    )
