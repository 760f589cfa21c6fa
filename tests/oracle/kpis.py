"""The four KPIs as rows per sampling unit: (sampling_unit, is_weak, on, leaf, x, y) and what orders the answers of one."""

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from .company import Company
from .identity import customer_ref
from .read import Landing
from .units import Tree, home_units, own_units

ISSUE_GAP_SECONDS = 604_800
SELLING = ("STO", "ECM", "SAL")


@dataclass
class Facts:
    """Used rows with company day, own unit and profile: what all KPIs start from. `orders` holds counting orders only."""

    orders: pl.DataFrame
    all_orders: pl.DataFrame
    responses: pl.DataFrame
    cases: pl.DataFrame
    tree: Tree

    @property
    def event_days(self) -> list[date]:
        """The company days on which a business event lies, ascending; empty without any."""
        return (
            pl.concat([frame["day"] for frame in (self.all_orders, self.responses, self.cases)])
            .unique()
            .sort()
            .to_list()
        )


def facts(landing: Landing, memberships: pl.DataFrame, order_records: pl.DataFrame, company: Company) -> Facts:
    """Join who, where and when to orders, survey responses and cases."""
    tree = Tree(landing.used["org_units"])
    profiles = memberships.rename({"source_system": "record_system", "source_customer_id": "record_id"})

    def placed(frame: pl.DataFrame, time: str) -> pl.DataFrame:
        dated = frame.with_columns(day=pl.col(time).dt.convert_time_zone(company.timezone).dt.date())
        owned = dated.with_columns(own_unit=own_units(dated, tree, landing.used["employees"], company))
        return owned.join(profiles, on=["record_system", "record_id"], how="left", maintain_order="left")

    orders = landing.used["orders"].join(order_records, on=["source_system", "order_id"], how="left")
    orders = placed(orders, "ordered_at")
    returned = (
        landing.used["returns"]
        .filter(pl.col("completed_at").is_not_null() & pl.col("order_system").is_not_null())
        .group_by(pl.col("order_system").alias("source_system"), "order_id")
        .agg(returned=pl.col("amount").sum())
    )
    counting = orders.join(returned, on=["source_system", "order_id"], how="left").filter(
        (pl.col("status").fill_null("completed") == "completed")
        & (pl.col("returned").fill_null(0) < pl.col("net_amount"))
    )
    responses, cases = landing.used["survey_responses"], landing.used["cases"]
    return Facts(
        orders=counting,
        all_orders=orders,
        responses=placed(pl.concat([responses, customer_ref(responses)], how="horizontal"), "responded_at"),
        cases=placed(pl.concat([cases, customer_ref(cases)], how="horizontal"), "opened_at"),
        tree=tree,
    )


def _sampling_unit(dataset: str, *key: str) -> pl.Expr:
    """The profile, marked so that it can't meet a row's key; without one the row itself."""
    row = pl.concat_str([pl.lit(dataset), *map(pl.col, key)], separator="|")
    return pl.coalesce(pl.lit("profile|") + pl.col("customer_key"), row).alias("sampling_unit")


def _answers(facts: Facts, questions: pl.DataFrame, low: int, high: int) -> pl.DataFrame:
    """Answers to questions on the scale low … high (scores are in thousandths)."""
    scale = (pl.col("scale_min") == low * 1_000) & (pl.col("scale_max") == high * 1_000)
    asked = questions.filter(scale).select("question_code", "item", "measures", "occasion")
    return facts.responses.filter(pl.col("score").is_not_null()).join(asked, on="question_code")


def nps_relationship(facts: Facts, questions: pl.DataFrame) -> pl.DataFrame:
    """−1, 0, +1 per answer; `order` ranks a unit's answers, of which a cell takes the last."""
    answers = _answers(facts, questions, 0, 10).filter(
        (pl.col("measures") == "nps") & (pl.col("occasion") == "relationship")
    )
    answers = answers.with_columns(on="day")
    home = home_units(answers, facts.orders, facts.tree.root)
    order = ["responded_at", "source_system", "response_id", "question_code"]
    return answers.with_columns(home=home).select(
        _sampling_unit("survey_responses", "source_system", "response_id", "question_code"),
        "is_weak",
        "on",
        leaf=pl.when(pl.col("customer_key").is_not_null()).then("home").otherwise("own_unit"),
        x=pl.lit(1, pl.Int64),
        y=pl.when(pl.col("score") < 7_000).then(-1).when(pl.col("score") < 9_000).then(0).otherwise(1).cast(pl.Int64),
        order=pl.struct(order).rank("dense"),
    )


def csat_t2b(facts: Facts, questions: pl.DataFrame) -> pl.DataFrame:
    """Overall satisfaction answers that aren't about a complaint, by their case or their occasion; y: score 4 or 5."""
    overall = (pl.col("measures") == "csat") & (pl.col("item").fill_null("overall") == "overall")
    overall &= pl.col("occasion").fill_null("") != "complaint_closure"
    complaints = facts.cases.filter(pl.col("kind") == "complaint").select(
        case_system="source_system", case_id="case_id"
    )
    answers = (
        _answers(facts, questions, 1, 5).filter(overall).join(complaints, on=["case_system", "case_id"], how="anti")
    )
    return answers.select(
        _sampling_unit("survey_responses", "source_system", "response_id", "question_code"),
        "is_weak",
        on="day",
        leaf="own_unit",
        x=pl.lit(1, pl.Int64),
        y=(pl.col("score") >= 4_000).cast(pl.Int64),
    )


def retention_rolling(facts: Facts, ends: list[date]) -> pl.DataFrame:
    """Per month end E: profiles with an order day in [E−180, E−90), and whether they have one in [E−90, E).

    `month` is the first day of the month that E closes; the home unit and its path are those of day E−90.
    """
    days = facts.orders.drop_nulls("customer_key").select("customer_key", "is_weak", "day").unique()
    parts = []
    for end in ends:
        middle, start = end - timedelta(days=90), end - timedelta(days=180)
        before = (
            days.filter((pl.col("day") >= start) & (pl.col("day") < middle)).select("customer_key", "is_weak").unique()
        )
        after = days.filter((pl.col("day") >= middle) & (pl.col("day") < end))["customer_key"].unique()
        month = (end - timedelta(days=1)).replace(day=1)
        stayed = pl.col("customer_key").is_in(after.to_list()).cast(pl.Int64)
        parts.append(before.with_columns(on=pl.lit(middle), month=pl.lit(month), x=pl.lit(1, pl.Int64), y=stayed))
    if not parts:
        return pl.DataFrame()
    rows = pl.concat(parts)
    leaf = home_units(rows, facts.orders, facts.tree.root)
    return rows.with_columns(_sampling_unit("profiles", "customer_key"), leaf=leaf).drop("customer_key")


def complaint_rate(facts: Facts) -> pl.DataFrame:
    """One row with x = 1 per counting order and one with y = 1 per complaint issue, at its first complaint case."""
    orders = facts.orders.select(
        _sampling_unit("orders", "source_system", "order_id"),
        "is_weak",
        on="day",
        leaf="own_unit",
        x=pl.lit(1, pl.Int64),
        y=pl.lit(0, pl.Int64),
    )
    first = (
        issues(facts.cases)
        .filter(pl.col("kind") == "complaint")
        .sort("opened_at", "source_system", "case_id")
        .unique("issue", keep="first", maintain_order=True)
    )
    about = facts.all_orders.select(
        _sampling_unit("orders", "source_system", "order_id").alias("order_sampling_unit"),
        order_system="source_system",
        order_id="order_id",
        order_unit="own_unit",
        order_is_weak="is_weak",
    )
    first = first.join(about, on=["order_system", "order_id"], how="left")
    pairs = first.select("own_unit", "day").unique()
    functions = [(facts.tree.version(unit, day) or {}).get("function") for unit, day in pairs.iter_rows()]
    first = first.join(pairs.with_columns(function=pl.Series(functions, dtype=pl.String)), on=["own_unit", "day"])
    own = pl.when(pl.col("function").is_in(list(SELLING))).then("own_unit")
    # Where the case names nobody, the complaint belongs with the order it is about: one buyer is not two sampling units.
    nobody = pl.col("customer_key").is_null() & pl.col("order_sampling_unit").is_not_null()
    complaints = first.select(
        pl.when(nobody)
        .then("order_sampling_unit")
        .otherwise(_sampling_unit("cases", "source_system", "case_id"))
        .alias("sampling_unit"),
        is_weak=pl.when(nobody).then("order_is_weak").otherwise("is_weak"),
        on="day",
        leaf=pl.coalesce("order_unit", own, pl.lit(facts.tree.root)),
        x=pl.lit(0, pl.Int64),
        y=pl.lit(1, pl.Int64),
    )
    return pl.concat([orders, complaints])


def issues(cases: pl.DataFrame) -> pl.DataFrame:
    """Cases with their issue: the company's issue_id, else a chain of one profile's cases of one category, gaps ≤ 7 days."""
    chain = ["customer_key", "category"]
    rows = cases.sort("opened_at", "source_system", "case_id")
    loose = pl.col("issue_id").is_null() & pl.col("customer_key").is_not_null()
    gap = pl.col("opened_at").diff().over([loose, *chain]).dt.total_microseconds()
    starts = gap.is_null() | (gap > ISSUE_GAP_SECONDS * 1_000_000)
    number = starts.cast(pl.Int64).cum_sum().over([loose, *chain])
    # The parts are joined by a character that no trimmed text begins with, a null category being its own.
    spoken = pl.lit("issue\n") + pl.col("issue_id")
    chained = pl.concat_str(
        pl.lit("chain\n"),
        "customer_key",
        pl.lit("\n"),
        pl.col("category").fill_null("\n"),
        pl.lit("\n"),
        number.cast(pl.String),
    )
    alone = pl.concat_str(pl.lit("case\n"), "source_system", pl.lit("\n"), "case_id")
    return rows.with_columns(issue=pl.coalesce(spoken, pl.when(loose).then(chained), alone))
