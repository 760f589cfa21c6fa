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
        delivered = delivered.dropna(subset=["score"])
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
