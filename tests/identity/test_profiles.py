"""The published profiles of the demo company, counted again from what was delivered, without the product's SQL."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from tests.conftest import CompanyRun


@pytest.fixture(scope="module")
def tables(demo_run: CompanyRun) -> dict[str, pd.DataFrame]:
    """Every table of profiles/, by name."""
    folder = demo_run.published / "profiles"
    return {path.stem: pd.read_parquet(path) for path in folder.glob("*.parquet")}


@pytest.fixture(scope="module")
def warehouse(demo_run: CompanyRun, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    copied = shutil.copy(demo_run.data / "warehouse" / "loyalty.duckdb", tmp_path_factory.mktemp("profiles"))
    with duckdb.connect(str(copied), read_only=True) as connection:
        yield connection


def staged(warehouse: duckdb.DuckDBPyConnection, dataset: str) -> pd.DataFrame:
    """Delivered rows in use, with the customer each belongs to."""
    rows = warehouse.execute(f"select * from stg_{dataset}").df()
    known = warehouse.execute("select * from identity.memberships").df()
    if "customer_source_system" in rows:
        rows["record_system"] = rows["customer_source_system"].fillna(rows["source_system"])
    else:
        rows["record_system"] = rows["source_system"]
    return rows.merge(
        known[["source_system", "source_customer_id", "customer_id"]],
        left_on=["record_system", "source_customer_id"],
        right_on=["source_system", "source_customer_id"],
        how="left",
        suffixes=("", "_of_record"),
    )


def test_every_customer_has_one_profile(tables: dict[str, pd.DataFrame]) -> None:
    people, identities = tables["customers"], tables["customer_identities"]
    assert people["customer_id"].is_unique
    records = identities.groupby("customer_id").size()
    assert people.set_index("customer_id")["records"].to_dict() == records.to_dict()
    weak = identities.groupby("customer_id")["is_weak"].any()
    assert (people.set_index("customer_id")["certainty"] == "probable").to_dict() == weak.to_dict()


@pytest.mark.parametrize(
    ("dataset", "key", "kinds"),
    [
        ("contacts", "contact_id", ["contact"]),
        ("cases", "case_id", [f"case_{kind}" for kind in ("complaint", "request", "return", "suggestion")]),
        ("loyalty_events", "event_id", None),
        ("survey_responses", "response_id", ["answer"]),
        ("orders", "order_id", ["order"]),
        ("campaign_exposures", "action_id", ["campaign", "campaign_holdout"]),
    ],
)
def test_the_timeline_has_every_event_of_every_known_customer(
    tables: dict[str, pd.DataFrame],
    warehouse: duckdb.DuckDBPyConnection,
    dataset: str,
    key: str,
    kinds: list[str] | None,
) -> None:
    delivered = staged(warehouse, dataset).dropna(subset=["customer_id"])
    if dataset == "survey_responses":
        delivered = delivered.dropna(subset=["score", "comment", "is_correct"], how="all")
    kinds = kinds or delivered["event_type"].unique().tolist()
    timeline = tables["customer_timeline"]
    shown = timeline[timeline["event_type"].isin(kinds)]
    if dataset == "orders":
        guests = warehouse.execute("select source_system, order_id as source_id from identity_guests").df()
        shown = shown.merge(guests, how="left", indicator=True).query("_merge == 'left_only'")
    columns = ["customer_id", "source_system", "source_id"]
    due = delivered.rename(columns={key: "source_id"}).groupby(columns).size()
    assert len(due) > 20
    assert shown.groupby(columns).size().to_dict() == due.to_dict()


def test_the_timeline_is_newest_first_and_a_reader_skips_other_customers(tables: dict[str, pd.DataFrame]) -> None:
    timeline = tables["customer_timeline"]
    assert timeline["customer_id"].is_monotonic_increasing
    steps = timeline.groupby("customer_id")["occurred_at"].diff().dropna()
    assert len(steps) > 1000 and (steps <= timedelta(0)).all()


def test_the_timeline_tells_what_became_of_a_case(
    tables: dict[str, pd.DataFrame], warehouse: duckdb.DuckDBPyConnection
) -> None:
    timeline = tables["customer_timeline"]
    cases = staged(warehouse, "cases").dropna(subset=["customer_id"])
    for kind, moment in (
        ("case_answered", "first_response_at"),
        ("case_resolved", "resolved_at"),
        ("case_reopened", "reopened_at"),
    ):
        due = cases.dropna(subset=[moment]).set_index(["source_system", "case_id"])[moment]
        shown = timeline[timeline["event_type"] == kind].set_index(["source_system", "source_id"])["occurred_at"]
        assert len(due) > 0
        assert shown.to_dict() == due.to_dict()


def test_the_timeline_has_words_outcomes_points_and_the_time_on_the_companys_clock(
    tables: dict[str, pd.DataFrame], warehouse: duckdb.DuckDBPyConnection
) -> None:
    timeline = tables["customer_timeline"]
    answers = staged(warehouse, "survey_responses").dropna(subset=["customer_id", "comment"])
    shown = timeline.dropna(subset=["comment"]).set_index(["source_system", "source_id", "title"])["comment"]
    assert len(answers) > 5
    assert shown.to_dict() == answers.set_index(["source_system", "response_id", "question_code"])["comment"].to_dict()
    asked = warehouse.execute("select question_code, text_en, text_zh from stg_survey_questions").df()
    texts = timeline[timeline["event_type"] == "answer"].merge(asked, left_on="title", right_on="question_code")
    assert len(texts) > 100
    assert (texts["question_en"] == texts["text_en"]).all() and (texts["question_zh"] == texts["text_zh"]).all()

    contacts = staged(warehouse, "contacts").dropna(subset=["customer_id"])
    rows = timeline[timeline["event_type"] == "contact"].merge(
        contacts, left_on=["source_system", "source_id"], right_on=["source_system", "contact_id"]
    )
    assert len(rows) == len(contacts)
    abandoned, resolved = (rows[flag].fillna(False).astype(bool) for flag in ("abandoned", "resolved"))
    assert ((rows["outcome"] == "abandoned") == abandoned).all()
    assert ((rows["outcome"] == "resolved") == (resolved & ~abandoned)).all()

    events = staged(warehouse, "loyalty_events").dropna(subset=["customer_id"])
    assert timeline["points"].dropna().astype(float).sum() == pytest.approx(events["points"].astype(float).sum())
    zone = warehouse.execute("select timezone from config.settings").fetchall()[0][0]
    local = timeline["occurred_at"].dt.tz_localize("UTC").dt.tz_convert(zone).dt.tz_localize(None)
    assert (timeline["occurred_local"] == local).all() and (local != timeline["occurred_at"]).any()


def test_a_customer_is_known_since_the_first_registration_and_by_what_came_first(
    tables: dict[str, pd.DataFrame], warehouse: duckdb.DuckDBPyConnection
) -> None:
    people = tables["customers"].set_index("customer_id")
    rows = staged(warehouse, "customers")
    registered = rows.groupby("customer_id")["registered_at"].min().dropna()
    assert len(registered) > 100
    assert (people.loc[registered.index, "first_seen_at"] <= registered).all()
    timeline = tables["customer_timeline"]
    seen = timeline[timeline["event_type"].isin(["order", "answer", "contact"])].groupby("customer_id")
    first = pd.concat([registered, seen["occurred_at"].min()]).groupby(level=0).min()
    assert (people.loc[first.index, "first_seen_at"] <= first).all()
    told = rows.dropna(subset=["acquisition_source", "registered_at"]).sort_values("registered_at")
    ways = told.groupby("customer_id")["acquisition_source"].nunique()
    several = told[told["customer_id"].isin(ways[ways > 1].index)]
    # who registered twice in one moment is left to the rules after the first
    earliest = several[several["registered_at"] == several.groupby("customer_id")["registered_at"].transform("min")]
    clear = earliest.groupby("customer_id").filter(lambda group: len(group) == 1)
    assert len(clear) > 5
    assert (
        people.loc[clear["customer_id"], "acquisition_source"].to_numpy() == clear["acquisition_source"].to_numpy()
    ).all()


def test_recency_frequency_monetary_and_loyalty_kind(
    tables: dict[str, pd.DataFrame], warehouse: duckdb.DuckDBPyConnection
) -> None:
    orders = warehouse.execute("""
        select n.customer_id, o.order_day, o.net_sales
        from orders as o inner join customer_numbers as n using (customer_no) where o.is_counting
    """).df()
    today = warehouse.execute(
        "select cast(timezone(timezone, as_of at time zone 'UTC') as date) from config.settings"
    ).df()
    today = pd.Timestamp(today.iloc[0, 0])
    window = orders[orders["order_day"] > today - timedelta(days=365)]
    bought = window.groupby("customer_id").agg(
        last=("order_day", "max"), frequency=("order_day", "nunique"), monetary=("net_sales", "sum")
    )
    people = tables["customers"].set_index("customer_id")
    shown = people.loc[bought.index]
    assert (shown["frequency"] == bought["frequency"]).all()
    assert np.allclose(shown["monetary"].astype(float), bought["monetary"].astype(float))
    assert (shown["recency_days"] == (today - bought["last"]).dt.days).all()
    for measure, better in (("recency_days", -1), ("frequency", 1), ("monetary", 1)):
        values = shown[measure].astype(float) * better
        ordered = np.sort(values.to_numpy())[::-1]
        bars = [ordered[int(np.ceil(fifth * len(ordered) / 5)) - 1] for fifth in (1, 2, 3, 4)]
        expected = 1 + sum((values >= bar).astype(int) for bar in bars)
        assert (shown[f"{measure.removesuffix('_days')}_quintile"] == expected).all(), measure
    assert people.loc[~people.index.isin(bought.index), "recency_quintile"].isna().all()
    median = np.sort(bought["frequency"].to_numpy())[int(np.ceil(len(bought) / 2)) - 1]
    often = people["frequency"].fillna(0) > median
    fond = people["nps_score"].astype(float) >= 9
    kinds = np.select([fond & often, fond, often], ["true", "latent", "spurious"], "none")
    answered = people["nps_score"].notna()
    assert answered.sum() > 50
    assert (people.loc[answered, "loyalty_kind"] == kinds[answered]).all()
    assert people.loc[~answered, "loyalty_kind"].isna().all()


def test_consent_is_no_where_any_record_says_no(
    tables: dict[str, pd.DataFrame], warehouse: duckdb.DuckDBPyConnection
) -> None:
    said = staged(warehouse, "customers").dropna(subset=["marketing_consent"])
    due = said.groupby("customer_id")["marketing_consent"].agg(lambda values: bool(values.astype(bool).all()))
    shown = tables["customers"].set_index("customer_id")["marketing_consent"].dropna().astype(bool)
    assert shown.to_dict() == due.to_dict()
    assert due.nunique() == 2


def test_a_matter_that_crosses_channels_is_one_issue_with_its_hand_offs(tables: dict[str, pd.DataFrame]) -> None:
    steps = tables["case_handoffs"].sort_values(["issue_key", "step_no"])
    channels = steps.groupby("issue_key")["channel"].nunique()
    assert (channels > 1).sum() > 2
    for _, issue in steps.groupby("issue_key"):
        rows = issue.to_dict("records")
        assert [row["step_no"] for row in rows] == list(range(1, len(rows) + 1))
        assert not rows[0]["is_handoff"]
        for before, after in pairwise(rows):
            if (before["channel"], before["org_unit_id"]) != (after["channel"], after["org_unit_id"]):
                assert after["is_handoff"]
    timeline = tables["customer_timeline"]
    named = timeline.dropna(subset=["issue_key"])
    assert set(steps["issue_key"]) <= set(named["issue_key"])


def test_only_the_owner_may_enter(demo_run: CompanyRun) -> None:
    folder = demo_run.published / "profiles"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in Path(folder).iterdir()} == {0o600}
