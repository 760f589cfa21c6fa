"""A real history: every purchase of the 23,570 people who first bought at CDNOW in the first quarter of 1997.

The purchases run through the pipeline as one web shop's orders; retention and repurchase are counted again here, from the
purchases and in a few lines of pandas that share nothing with the oracle either. A company without surveys has no survey KPIs.
"""

import zipfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import polars as pl
import pytest

from tests.cdnow import wheel

MEMBER = "lifetimes/datasets/CDNOW_master.txt"
NEW_YORK = ZoneInfo("America/New_York")
AS_OF = datetime(1998, 7, 1, 6, tzinfo=NEW_YORK)  # the morning after the last purchase: 18 complete months
COMPANY = "name: CDNOW\ntimezone: America/New_York\ncurrency: USD\nphone_region: US\n"


@pytest.fixture(scope="module")
def purchases(request: pytest.FixtureRequest) -> pd.DataFrame:
    """customer (text, leading zeros kept), day, amount in dollars: a row per purchase, as the file has them."""
    with zipfile.ZipFile(wheel(request.config.cache)) as archive, archive.open(MEMBER) as text:
        columns = ["customer", "day", "discs", "amount"]
        return pd.read_csv(text, sep=r"\s+", skiprows=1, names=columns, dtype={"customer": str}, parse_dates=["day"])


@pytest.fixture(scope="module")
def cdnow(purchases: pd.DataFrame, run_pipeline, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published folder of a run over the purchases, delivered year by year."""
    data = tmp_path_factory.mktemp("cdnow")
    (data / "company.yml").write_text(COMPANY, encoding="utf-8")
    folder = data / "landing" / "orders"
    folder.mkdir(parents=True)
    # A person may buy twice on a day, even twice the same: only the row's number tells purchases apart.
    orders = pd.DataFrame(
        {
            "source_system": "cdnow",
            "order_id": [f"{row:05}" for row in range(1, len(purchases) + 1)],
            "source_customer_id": purchases["customer"],
            "channel": "web",
            "ordered_at": purchases["day"].dt.strftime("%Y-%m-%dT12:00:00"),  # the file knows days only
            "net_amount": purchases["amount"].map("{:.2f}".format),
            "currency": "USD",
        }
    )
    for year, rows in orders.groupby(purchases["day"].dt.year):
        rows.to_csv(folder / f"purchases-of-{year}.csv", index=False)
    return run_pipeline(data, AS_OF)


def test_the_history_is_the_one_we_mean(purchases):
    assert (len(purchases), purchases["customer"].nunique()) == (69_659, 23_570)
    assert (purchases["day"].min(), purchases["day"].max()) == (pd.Timestamp("1997-01-01"), pd.Timestamp("1998-06-30"))
    assert purchases.duplicated(["customer", "day"]).sum() > 1_000


def test_retention_of_every_complete_month(purchases, cdnow):
    counting = purchases[
        purchases["amount"] > 0
    ]  # 80 rows cost nothing: an order counts when more is paid than returned
    expected = {}
    for end in pd.date_range("1997-02-01", "1998-07-01", freq="MS"):
        age = (end - counting["day"]).dt.days
        before = set(counting.loc[(age > 90) & (age <= 180), "customer"])
        after = set(counting.loc[(age > 0) & (age <= 90), "customer"])
        if before:
            expected[(end - pd.offsets.MonthBegin()).date()] = (len(before), len(before & after))
    values = pl.read_parquet(cdnow / "kpi_values.parquet").filter(
        (pl.col("kpi_id") == "retention_rolling")
        & (pl.col("period_kind") == "month")
        & (pl.col("slice_dimension") == "all")
    )
    assert values["org_unit_id"].unique().to_list() == ["company"]
    assert {
        row[0]: row[1:] for row in values.select("period_start", "n", pl.col("numerator").cast(int)).iter_rows()
    } == expected
    assert set(values["status"]) == {"shown"}
    for row in values.iter_rows(named=True):
        n, stayed = expected[row["period_start"]]
        assert row["value"] == pytest.approx(100 * stayed / n, rel=1e-9)
        assert row["ci_low"] < row["value"] < row["ci_high"]


def test_repurchase_of_every_month(purchases, cdnow):
    days = purchases[purchases["amount"] > 0].drop_duplicates(["customer", "day"]).sort_values(["customer", "day"])
    days = days.assign(again=(days.groupby("customer")["day"].shift(-1) - days["day"]).dt.days <= 90)
    days = days.assign(closes=days["day"] + pd.Timedelta(days=90))
    closed = days[days["closes"] < pd.Timestamp("1998-07-01")]
    anchors = closed.assign(month=closed["closes"].dt.to_period("M")).drop_duplicates(["customer", "month"])
    expected = {
        month.start_time.date(): (len(rows), int(rows["again"].sum())) for month, rows in anchors.groupby("month")
    }
    values = pl.read_parquet(cdnow / "kpi_values.parquet").filter(
        kpi_id="repurchase_90d", period_kind="month", slice_dimension="all"
    )
    assert {
        row[0]: row[1:] for row in values.select("period_start", "n", pl.col("numerator").cast(int)).iter_rows()
    } == expected


def test_without_surveys_there_are_no_survey_numbers(cdnow):
    values = pl.read_parquet(cdnow / "kpi_values.parquet")
    # Nobody is new either: all first bought in the first quarter of the history.
    bought = {"retention_rolling", "core_retention", "repurchase_90d", "promo_dependence", "cltv_12m", "value_at_risk"}
    assert set(values["kpi_id"]) == bought | {
        *("complaint_rate", "feedback_welcome", "identity_match", "data_quality_pass"),
    }
    # Cash only: no campaign, no coupon.
    assert set(values.filter(kpi_id="promo_dependence", status="shown")["numerator"]) == {0.0}
    # Orders, and nobody who complains: the rate is nought and its upper bound is not.
    complaints = values.filter((pl.col("kpi_id") == "complaint_rate") & (pl.col("status") == "shown"))
    assert complaints.height > 0 and set(complaints["value"]) == {0.0}
    assert all(bound > 0 for bound in complaints["ci_high"])


def test_what_everybody_is_going_to_be_worth(purchases, cdnow):
    """The whole history fits a model: no costs are known, the quarter has just begun, nobody is left out."""
    days = purchases[purchases["amount"] > 0].groupby("customer")["day"].nunique()
    [model] = pl.read_parquet(cdnow / "lifetime_value_model.parquet").to_dicts()
    assert (model["status"], model["basis"], model["known_cost_share"]) == ("fitted", "net_sales", 0.0)
    assert str(model["fitted_before"]) == str(model["scored_before"]) == "1998-07-01"
    assert (model["customers"], model["repeat_customers"]) == (len(days), int((days > 1).sum()))
    assert abs(model["repeat_margin_correlation"]) < 0.2
    assert model["holdout_expected"] == pytest.approx(model["holdout_actual"], rel=0.2)
    valued = pl.read_parquet(cdnow / "profiles" / "customers.parquet").filter(pl.col("value_12m").is_not_null())
    assert valued.height == len(days)
    assert float(valued["value_12m"].sum()) == pytest.approx(model["total_value_12m"], abs=0.01)
    bins = pl.read_parquet(cdnow / "lifetime_value_calibration.parquet")
    assert bins["actual"].sum() == model["holdout_actual"]
