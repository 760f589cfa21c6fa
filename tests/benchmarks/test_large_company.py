"""The large company has the shape it claims, and the roofline script computes what it claims to compute."""

from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from .large_company import EVENT_FILES, write_landing, write_one_more_day
from .work import _roofline

CUSTOMERS, EVENTS = 3_000, 60_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("large")
    write_landing(root / "landing", CUSTOMERS, EVENTS)
    _roofline(str(root / "landing"), str(root / "written"))
    return root


def delivered(folder: Path, dataset: str) -> pd.DataFrame:
    return duckdb.sql(f"from read_parquet('{folder}/landing/{dataset}/*.parquet', filename = true)").df()


def orders_once(folder: Path) -> pd.DataFrame:
    """Completed orders with the card of whoever ordered, by pandas alone."""
    orders = delivered(folder, "orders").drop_duplicates("order_id")
    cards = delivered(folder, "customers").set_index(["source_system", "source_customer_id"])["loyalty_card_no"]
    named = pd.MultiIndex.from_frame(orders[["customer_source_system", "source_customer_id"]])
    orders["card"] = cards.reindex(named).to_numpy()
    orders["month"] = (orders["ordered_at"] + timedelta(hours=8)).dt.to_period("M")
    return orders[orders["status"] == "completed"]


def test_shares_files_and_second_deliveries(folder):
    assert len(list((folder / "landing").glob(EVENT_FILES))) == 192
    for dataset, key, share in (
        ("orders", "order_id", 0.35),
        ("loyalty_events", "event_id", 0.40),
        ("survey_responses", "response_id", 0.20),
        ("contacts", "contact_id", 0.05),
    ):
        events = delivered(folder, dataset)
        once = events.drop(columns="filename").drop_duplicates()
        assert len(once) == once[key].nunique() == EVENTS * share
        assert len(events) / len(once) == pytest.approx(1.01, abs=0.005)
    asked = delivered(folder, "survey_responses")["question_code"].value_counts(normalize=True)
    assert asked["nps"] == pytest.approx(0.4, abs=0.02) and asked["ces"] == pytest.approx(0.2, abs=0.02)
    orders = delivered(folder, "orders")
    assert orders["channel"].nunique() == 8 and orders["org_unit_id"].nunique() == 40
    # ⌊n · u^1.6⌋: half of the events are those of the first 0.5^1.6 of the customers
    busiest = orders_once(folder)["card"].map(lambda card: int(card[2:]) // 31) < CUSTOMERS * 0.5**1.6
    assert busiest.mean() == pytest.approx(0.5, abs=0.02)


def test_one_more_day_follows_the_last_and_is_the_same_every_time(folder, tmp_path):
    for place in ("one", "two"):
        write_one_more_day(tmp_path / place, CUSTOMERS, EVENTS)
    one, two = (sorted((tmp_path / place).rglob("*.parquet")) for place in ("one", "two"))
    assert len(one) == 4
    assert [file.read_bytes() for file in one] == [file.read_bytes() for file in two]
    before = delivered(folder, "orders")
    orders = duckdb.sql(f"from read_parquet('{tmp_path}/one/orders/*.parquet')").df()
    new = orders[~orders["order_id"].isin(before["order_id"])]
    assert len(new) == pytest.approx(EVENTS * 0.35 / 731, abs=1)
    assert new["ordered_at"].min() >= before["ordered_at"].max()
    assert new["ordered_at"].max() < datetime(2026, 1, 2)
    assert 0 < len(orders) - len(new) < 12


def test_the_roofline_counts_what_pandas_counts(folder):
    orders = orders_once(folder)
    kpis = duckdb.sql(f"from '{folder}/written/kpis.parquet'").df()
    kpis["month"] = kpis["month"].dt.to_period("M")
    kpis = kpis.set_index(["department", "channel", "month"])
    cells = orders.groupby(["org_unit_id", "channel", "month"])
    expected = pd.DataFrame({"orders": cells.size(), "revenue": cells["net_amount"].sum().astype(float)})
    expected["buyers"] = cells["card"].nunique()
    months = orders.groupby("card")["month"].agg(set)
    here = orders.drop_duplicates(["card", "org_unit_id", "channel", "month"])
    back = [any(m + n in months[card] for n in (1, 2, 3)) for card, m in zip(here["card"], here["month"], strict=True)]
    expected["retained"] = here.assign(back=back).groupby(["org_unit_id", "channel", "month"])["back"].sum()
    found = kpis.loc[expected.index, list(expected)].astype(float)
    pd.testing.assert_frame_equal(found, expected.astype(float), check_names=False)


def test_the_roofline_profiles_every_customer_with_an_event(folder):
    profiles = duckdb.sql(f"from '{folder}/written/profiles.parquet'").df()
    orders = orders_once(folder)
    assert profiles["orders"].sum() == len(orders)
    assert profiles["revenue"].sum() == pytest.approx(float(orders["net_amount"].sum()))
    assert profiles["visits"].sum() == EVENTS * 0.40 and profiles["contacts"].sum() == EVENTS * 0.05
    for fifth in ("recency", "frequency", "money"):
        assert profiles[fifth].value_counts().max() - profiles[fifth].value_counts().min() <= 1
