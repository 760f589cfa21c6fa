"""KPIs of issues that cross contacts: told again, solved without a person, and what people call about."""

from datetime import date, datetime

import polars as pl

from .company import Company
from .facts import Facts, sampling_unit
from .service import issues

WEEK = "7d"
SELF = ["self_service", "bot"]


def inbound(facts: Facts) -> pl.DataFrame:
    """Contacts that customers began."""
    return facts.contacts.filter(pl.col("direction").fill_null("inbound") == "inbound")


def _talks(facts: Facts) -> pl.DataFrame:
    return issues(inbound(facts), "started_at", "contact_id", "purpose").with_row_index("talk")


def self_service(facts: Facts, company: Company, as_of: datetime) -> pl.DataFrame:
    """Sessions that somebody can be followed from; y: not given up, not unresolved, and no person in the 72 hours after."""
    talks = _talks(facts)
    linked = pl.col("issue_id").is_not_null() | pl.col("customer_key").is_not_null()
    closes = pl.col("started_at") + pl.duration(hours=72)
    sessions = talks.filter(pl.col("handled_by").is_in(SELF) & linked).with_columns(closes=closes)
    people = talks.filter(pl.col("handled_by") == "person").select("issue", later="talk", at="started_at")
    helped = (
        sessions.join(people, on="issue")
        .filter((pl.col("later") > pl.col("talk")) & (pl.col("at") <= pl.col("closes")))["talk"]
        .unique()
    )
    failed = pl.col("abandoned").fill_null(False) | ~pl.col("resolved").fill_null(True)
    failed |= pl.col("talk").is_in(helped.to_list())
    return sessions.filter(pl.col("closes") <= as_of).with_columns(
        sampling_unit("issues", "issue"),
        path_day="day",
        day=pl.col("closes").dt.convert_time_zone(company.timezone).dt.date(),
        leaf="own_unit",
        x=pl.lit(1, pl.Int64),
        y=(~failed).cast(pl.Int64),
    )


def reexplain_rate(facts: Facts, today: date) -> pl.DataFrame:
    """Cases with contacts; y: one of them was handed on, or they came through two channels, until a week after opening."""
    talks = _talks(facts)
    cases = facts.cases.with_row_index("case").with_columns(closes=pl.col("day").dt.offset_by(WEEK))
    of_issue = talks.select("issue_id", "issue").drop_nulls("issue_id").unique()
    of_case = talks.select("case_system", "case_id", "issue").drop_nulls().unique()
    theirs = pl.concat(
        [
            cases.join(of_issue, on="issue_id").select("case", "closes", "issue"),
            cases.join(of_case, left_on=["source_system", "case_id"], right_on=["case_system", "case_id"]).select(
                "case", "closes", "issue"
            ),
        ]
    ).unique()
    heard = (
        theirs.join(talks.select("issue", "channel", "transferred", at="day"), on="issue")
        .filter(pl.col("at") <= pl.col("closes"))
        .group_by("case")
        .agg(
            again=pl.col("transferred").fill_null(False).any() | (pl.col("channel").drop_nulls().n_unique() > 1),
        )
    )
    return (
        cases.join(heard, on="case")
        .filter(pl.col("closes") < today)
        .with_columns(
            sampling_unit("cases", "source_system", "case_id"),
            path_day="day",
            day="closes",
            leaf="own_unit",
            x=pl.lit(1, pl.Int64),
            y=pl.col("again").cast(pl.Int64),
        )
    )


def _contacts(rows: pl.DataFrame, y: pl.Expr) -> pl.DataFrame:
    return rows.with_columns(
        sampling_unit("contacts", "source_system", "contact_id"),
        path_day="day",
        leaf="own_unit",
        x=pl.lit(1, pl.Int64),
        y=y.cast(pl.Int64),
    )


def contact_reason_mix(facts: Facts) -> pl.DataFrame:
    """What customers call about; y: a person took it."""
    return _contacts(inbound(facts), (pl.col("handled_by") == "person").fill_null(False))


def wait_p90(facts: Facts) -> pl.DataFrame:
    """Seconds that customers wait for a person; `micros`: the same for the quantiles, null for who gave up."""
    waited = inbound(facts).filter(~pl.col("handled_by").is_in(SELF).fill_null(False)).drop_nulls("wait_seconds")
    patient = ~pl.col("abandoned").fill_null(False)
    return _contacts(waited, pl.col("wait_seconds")).with_columns(micros=pl.when(patient).then("wait_seconds"))
