"""KPIs of several answers in one response, all of which must be there, and of agreement with a single statement."""

import polars as pl

from .answers import COLUMNS, answers_to, on_scale
from .facts import Facts
from .units import home_units

SATISFACTION = ("overall", "vs_expectation", "vs_ideal")
TRUST = ("humanity", "transparency", "capability", "reliability")
BENEFITS = ("functional", "emotional", "identity", "learning")
COSTS = ("economic", "time", "mental", "risk")
THOUSAND = 1_000
_RESPONSE = ["source_system", "response_id"]


def good() -> pl.Expr:
    """An answer with the better end of its scale on top: turned round where lower is better, as costs are by default."""
    lower = pl.col("polarity").fill_null(
        pl.when(pl.col("measures") == "cost").then(pl.lit("lower_is_better")).otherwise(pl.lit("higher_is_better"))
    )
    turned = pl.col("scale_min") + pl.col("scale_max") - pl.col("score")
    return pl.when(lower == "lower_is_better").then(turned).otherwise("score")


def agreement() -> pl.Expr:
    """−1, 0, +1: below, at or above the middle of the scale."""
    return (2 * good() - pl.col("scale_min") - pl.col("scale_max")).sign().cast(pl.Int64)


def _battery(answers: pl.DataFrame, items: tuple[str, ...], facts: Facts) -> pl.DataFrame:
    """An answer per item of the responses that answer all, placed as the answer to their first item is.

    At the home unit of who answers, else at the answer's own; `order` ranks a unit's responses, of which a cell takes the
    last; y is the single answer's.
    """
    whole = (
        answers.filter(pl.col("item").is_in(list(items)))
        .sort("question_code")
        .unique([*_RESPONSE, "item"], keep="first", maintain_order=True)
        .filter(pl.len().over(_RESPONSE) == len(items))
    )
    first = whole.filter(pl.col("item") == items[0]).with_columns(
        order=pl.struct("responded_at", *_RESPONSE).rank("dense").cast(pl.Int64),
        sampling_unit=pl.coalesce(
            pl.lit("profile|") + pl.col("customer_key"),
            pl.concat_str([pl.lit("survey_responses"), *_RESPONSE], separator="|"),
        ),
    )
    home = home_units(first.with_columns(on="day"), facts.orders, facts.tree.root)
    leaf = pl.when(pl.col("customer_key").is_not_null()).then("home").otherwise("own_unit")
    placed = first.with_columns(home=home).with_columns(leaf=leaf)
    kept = [name for name in COLUMNS if name != "y"]
    return placed.select(*_RESPONSE, *kept, "order").join(whole.select(*_RESPONSE, "item", "y"), on=_RESPONSE)


def _scored(answers: pl.DataFrame, items: tuple[str, ...], item_x: int, facts: Facts) -> dict[str, pl.DataFrame]:
    """The battery's rows (`all`), and the same cut into items (`item`), each of which has the weight `item_x`."""
    cut = _battery(answers, items, facts).with_columns(x=pl.lit(item_x, pl.Int64))
    together = cut.with_columns(pl.col("x", "y").sum().over(_RESPONSE)).unique(_RESPONSE)
    return {"all": together, "item": cut}


def satisfaction_index(facts: Facts, questions: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Three answers from 1 to 10: what they have above 3, of 27 (in thousandths)."""
    asked = on_scale(1, 10) & (pl.col("measures") == "satisfaction_index")
    answers = answers_to(facts, questions, asked).with_columns(y=good() - THOUSAND)
    return _scored(answers, SATISFACTION, 9 * THOUSAND, facts)


def trust_index(facts: Facts, questions: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Four factors: those agreed with less those disagreed with, of four."""
    asked = (pl.col("measures") == "trust") & (pl.col("scale_min") < pl.col("scale_max"))
    return _scored(answers_to(facts, questions, asked).with_columns(y=agreement()), TRUST, 1, facts)


def perceived_value(facts: Facts, questions: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Four benefits less four costs, 1 to 7, each from the middle of its scale (in thousandths); x = 4."""
    kinds = dict.fromkeys(BENEFITS, "benefit") | dict.fromkeys(COSTS, "cost")
    asked = on_scale(1, 7) & (
        pl.col("measures") == pl.col("item").replace_strict(kinds, default=None, return_dtype=pl.String)
    )
    answers = answers_to(facts, questions, asked).with_columns(y=good() - 4 * THOUSAND)
    found = _scored(answers, BENEFITS + COSTS, THOUSAND, facts)
    return found | {"all": found["all"].with_columns(x=pl.lit(4 * THOUSAND, pl.Int64))}


def personalisation(facts: Facts, questions: pl.DataFrame) -> pl.DataFrame:
    """Answers above the middle of their scale."""
    asked = (pl.col("measures") == "personalisation") & (pl.col("scale_min") < pl.col("scale_max"))
    answers = answers_to(facts, questions, asked)
    return answers.with_columns(y=(agreement() > 0).cast(pl.Int64)).select(COLUMNS)
