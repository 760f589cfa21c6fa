"""KPIs of survey answers."""

import polars as pl

from .catalogue import NANO
from .facts import Facts, sampling_unit
from .units import home_units

_KEY = ["source_system", "response_id", "question_code"]
COLUMNS = [
    *("sampling_unit", "customer_key", "is_weak", "day", "path_day", "leaf", "x", "y"),
    *("channel", "touchpoint", "journey_stage"),
]


def answers_to(facts: Facts, questions: pl.DataFrame, asked: pl.Expr) -> pl.DataFrame:
    """Answers with a score to the questions asked for, by default of the answer's own unit and day (scores: thousandths)."""
    about = questions.filter(asked).select(
        "question_code", "item", "measures", "occasion", "scale_min", "scale_max", "polarity"
    )
    answers = facts.responses.filter(pl.col("score").is_not_null()).join(about, on="question_code")
    return answers.with_columns(
        sampling_unit("survey_responses", *_KEY), path_day="day", leaf="own_unit", x=pl.lit(1, pl.Int64)
    )


def on_scale(low: int, high: int) -> pl.Expr:
    return (pl.col("scale_min") == low * 1_000) & (pl.col("scale_max") == high * 1_000)


def _nps(facts: Facts, questions: pl.DataFrame, occasion: str) -> pl.DataFrame:
    """−1, 0, +1 per answer; `order` ranks a unit's answers, of which a cell takes the last."""
    asked = on_scale(0, 10) & (pl.col("measures") == "nps") & (pl.col("occasion") == occasion)
    points = pl.when(pl.col("score") < 7_000).then(-1).when(pl.col("score") < 9_000).then(0).otherwise(1)
    return answers_to(facts, questions, asked).with_columns(
        y=points.cast(pl.Int64),
        order=pl.struct("responded_at", "source_system", "response_id", "question_code").rank("dense").cast(pl.Int64),
    )


def nps_relationship(facts: Facts, questions: pl.DataFrame) -> pl.DataFrame:
    """At the home unit of who answers; of the answer's own where nobody is named."""
    answers = _nps(facts, questions, "relationship")
    home = home_units(answers.with_columns(on="day"), facts.orders, facts.tree.root)
    leaf = pl.when(pl.col("customer_key").is_not_null()).then("home").otherwise("own_unit")
    return answers.with_columns(home=home).with_columns(leaf=leaf).select(*COLUMNS, "order")


def nps_touchpoint(facts: Facts, questions: pl.DataFrame) -> pl.DataFrame:
    """At the answer's own unit."""
    return _nps(facts, questions, "transaction").select(*COLUMNS, "order")


def _overall_csat() -> pl.Expr:
    return on_scale(1, 5) & (pl.col("measures") == "csat") & (pl.col("item").fill_null("overall") == "overall")


def _top_two_boxes() -> pl.Expr:
    return (pl.col("score") >= 4_000).cast(pl.Int64).alias("y")


def _complaints(facts: Facts) -> pl.DataFrame:
    return facts.cases.filter(pl.col("kind") == "complaint").select(
        "resolved_at", case_system="source_system", case_id="case_id", case_unit="own_unit", case_day="day"
    )


def csat_t2b(facts: Facts, questions: pl.DataFrame) -> pl.DataFrame:
    """Overall satisfaction answers that aren't about a complaint, by their case or their occasion; y: score 4 or 5."""
    asked = _overall_csat() & (pl.col("occasion").fill_null("") != "complaint_closure")
    answers = answers_to(facts, questions, asked).join(_complaints(facts), on=["case_system", "case_id"], how="anti")
    return answers.with_columns(_top_two_boxes()).select(COLUMNS)


def complaint_csat(facts: Facts, questions: pl.DataFrame) -> pl.DataFrame:
    """Overall satisfaction with a complaint that is resolved, at the unit that the case belonged to when it was opened."""
    answers = answers_to(facts, questions, _overall_csat()).join(_complaints(facts), on=["case_system", "case_id"])
    return (
        answers.filter(pl.col("responded_at") >= pl.col("resolved_at"))
        .with_columns(_top_two_boxes(), leaf="case_unit")
        .select(COLUMNS)
    )


def ces_effort(facts: Facts, questions: pl.DataFrame) -> pl.DataFrame:
    """Effort as a part of its scale, in billionths; where ease was asked the scale is turned round."""
    asked = (pl.col("measures") == "ces") & (pl.col("scale_min") < pl.col("scale_max"))
    asked &= pl.col("polarity").is_not_null()
    low, high = pl.col("scale_min"), pl.col("scale_max")
    effort = pl.when(pl.col("polarity") == "lower_is_better").then("score").otherwise(high + low - pl.col("score"))
    # Half up in whole numbers: (2·part·10⁹ + whole) ÷ (2·whole), rounded down.
    part, whole = (effort - low).cast(pl.Int128), (high - low).cast(pl.Int128)
    y = (2 * part * NANO + whole) // (2 * whole)
    return answers_to(facts, questions, asked).with_columns(y=y.cast(pl.Int64)).select(COLUMNS)
