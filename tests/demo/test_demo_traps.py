"""Every trap is counted, and really there: found again in the files by rules that don't know how it was planted."""

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import demo_company
import pandas as pd
import pytest
from demo_reader import read_dataset

Read = Callable[[str], pd.DataFrame]
Traps = dict[str, Any]
KEY = ["source_system", "source_customer_id"]
HAN = re.compile("[\u4e00-\u9fff]")
ORDER = ["source_system", "order_id"]


@pytest.fixture(scope="session")
def people(company: Path, dataset: Read) -> pd.DataFrame:
    """The last row of every customer record with the person behind it, indexed by 'system|id'."""
    rows = dataset("customers")
    rows = rows[rows["_file"].str.contains("2026-10-31")]
    truth = pd.read_parquet(company / "truth" / "people.parquet")
    merged = rows.merge(truth, on=KEY)
    written = merged["full_name"].fillna(merged["given_name"] + " " + merged["family_name"])
    merged = merged.assign(written=written.where(written.notna(), None))
    return merged.set_index(merged["source_system"] + "|" + merged["source_customer_id"], drop=False)


@pytest.fixture(scope="session")
def plain_orders(dataset: Read) -> pd.DataFrame:
    """Orders of the regular monthly files."""
    rows = dataset("orders")
    return rows[~rows["_file"].str.contains("resent|corrections|replay")]


def number(phone: str) -> str:
    return re.sub(r"\D", "", phone)[-11:]


def test_every_trap_is_counted(traps: Traps):
    assert {name for name, trap in traps.items() if trap["count"] < 1} == set()
    assert all(trap["find"] for trap in traps.values())


def test_household_phone(traps: Traps, people: pd.DataFrame):
    for first, second in traps["household_phone"]["examples"]:
        a, b = people.loc[first], people.loc[second]
        assert a["person"] != b["person"] and number(a["phone"]) == number(b["phone"])
        assert a["full_name"] != b["full_name"]


def test_household_address(traps: Traps, people: pd.DataFrame):
    for first, second in traps["household_address"]["examples"]:
        assert people.loc[first, "address"] == people.loc[second, "address"] is not None
        assert people.loc[first, "person"] != people.loc[second, "person"]


def test_recycled_phone(traps: Traps, dataset: Read):
    phones = dataset("identifiers").query("identifier_type == 'phone'")
    phones = phones.assign(number=phones["identifier_value"].map(number))
    both = phones.merge(phones, on="number")
    after = both[both["valid_to_x"].notna() & (both["valid_to_x"] < both["valid_from_y"])]
    found = set(zip("crm|" + after["source_customer_id_x"], "crm|" + after["source_customer_id_y"], strict=True))
    assert {tuple(pair) for pair in traps["recycled_phone"]["examples"]} <= found
    assert len(found) == traps["recycled_phone"]["count"]


def test_store_tablet(traps: Traps, dataset: Read):
    devices = dataset("identifiers").query("identifier_type == 'device'").groupby("identifier_value").size()
    assert devices.max() == traps["store_tablet"]["count"] >= 30
    assert devices.drop(devices.idxmax()).max() == 1


def test_guest_checkout(traps: Traps, company: Path, plain_orders: pd.DataFrame):
    guests = plain_orders[plain_orders["source_customer_id"].isna() & (plain_orders["source_system"] != "pos")]
    guests = guests.drop_duplicates(ORDER)
    assert (guests["guest_phone"].notna() | guests["guest_email"].notna()).all()
    # Copies of guest rows may have been spoiled on purpose; they are no orders.
    truth = pd.read_parquet(company / "truth" / "guest_orders.parquet")
    assert len(guests.merge(truth, on=ORDER)) == len(truth) == traps["guest_checkout"]["count"]


@pytest.mark.parametrize(
    "trap, column, value",
    [
        ("placeholder_phone", "phone", "13800000000"),
        ("placeholder_email", "email", "na@na.com"),
        ("placeholder_birth_date", "birth_date", "1990-01-01"),
    ],
)
def test_placeholders(traps: Traps, people: pd.DataFrame, trap: str, column: str, value: str):
    found = set(people.index[people[column] == value])
    assert set(traps[trap]["examples"]) <= found
    assert len(found) >= traps[trap]["count"]


def test_typos(people: pd.DataFrame):
    han = people[people["full_name"].fillna("").str.contains(HAN)]
    both = han.merge(han, on="person")
    both = both[both["full_name_x"].str.len() == both["full_name_y"].str.len()]
    different = [
        sum(a != b for a, b in zip(left, right, strict=True))
        for left, right in zip(both["full_name_x"], both["full_name_y"], strict=True)
    ]
    assert different.count(1) >= 2


def test_nicknames(traps: Traps, people: pd.DataFrame):
    english = {"Kevin", "Lily", "Jack", "Amy", "Leo", "Cindy", "Tony", "Coco", "Eric", "Vivian", "Jason", "Emma"}
    names = people.loc[traps["nickname"]["examples"], "full_name"]
    assert all(name in english or name[0] in "小阿" for name in names)
    assert len(names)


def test_swapped_names(traps: Traps, people: pd.DataFrame):
    surnames = set(people["family_name"].dropna().value_counts().head(15).index)
    swapped = people.loc[traps["swapped_name"]["examples"]]
    columns = swapped[swapped["given_name"].notna()]
    assert len(columns) and columns["given_name"].isin(surnames).any()


def test_pinyin_and_characters(traps: Traps, people: pd.DataFrame):
    named = people[people["written"].notna()]
    in_han = named["written"].str.contains(HAN)
    latin = named[~in_han & (named["written"].str.contains(" "))]
    both = set(named[in_han]["person"]) & set(latin["person"])
    assert len(both) >= traps["pinyin_and_characters"]["count"] >= 1


def test_same_name_and_birth_date(traps: Traps, people: pd.DataFrame):
    for first, second in traps["same_name_and_birth_date"]["examples"]:
        a, b = people.loc[first], people.loc[second]
        assert (a["full_name"], a["birth_date"]) == (b["full_name"], b["birth_date"])
        assert a["full_name"] and a["birth_date"] and a["person"] != b["person"]


def test_late_orders(traps: Traps, plain_orders: pd.DataFrame):
    at = pd.to_datetime(plain_orders["ordered_at"], errors="coerce", utc=True, format="ISO8601")
    local = plain_orders["ordered_at"].str.len() == 19
    at = at.where(local, at + pd.Timedelta(hours=8))
    file_month = plain_orders["_file"].str.extract(r"(\d{4}-\d{2})-\d{2}")[0]
    earliest = plain_orders.assign(at=at.dt.strftime("%Y-%m"), file_month=file_month).dropna(subset=["at"])
    earliest = earliest.sort_values("file_month").drop_duplicates(ORDER)
    assert int((earliest["at"] < earliest["file_month"]).sum()) == traps["late_delivery"]["count"]


def test_duplicated_delivery(traps: Traps, company: Path):
    digests = pd.Series(
        [hashlib.sha256(path.read_bytes()).hexdigest() for path in (company / "landing").rglob("*") if path.is_file()]
    )
    assert int(digests.duplicated().sum()) == traps["duplicated_delivery"]["count"]


def test_repeated_rows(traps: Traps, plain_orders: pd.DataFrame):
    columns = [
        column
        for column in plain_orders
        if column not in ("_file", "ordered_at", "promised_at", "fulfilled_at", "updated_at")
    ]
    assert int(plain_orders.duplicated(columns).sum()) == traps["repeated_row"]["count"]


def test_out_of_order_and_corrected(traps: Traps, dataset: Read, plain_orders: pd.DataFrame):
    orders = dataset("orders")

    def beside(word: str) -> pd.DataFrame:
        both = orders[orders["_file"].str.contains(word)].merge(plain_orders.drop_duplicates(ORDER), on=ORDER)
        for side in ("x", "y"):
            text = both[f"updated_at_{side}"]
            stamp = pd.to_datetime(text, utc=True, format="ISO8601")
            both[f"at_{side}"] = stamp.where(text.str.len() > 19, stamp - pd.Timedelta(hours=8))
        return both

    old = beside("replay")
    assert len(old) == traps["out_of_order_delivery"]["count"] and (old["at_x"] < old["at_y"]).all()
    assert (old["status_x"] != old["status_y"]).all()
    new = beside("corrections")
    assert 1 <= len(new) <= traps["corrected_delivery"]["count"] and (new["at_x"] > new["at_y"]).all()
    assert (new["net_amount_x"].astype(float) < new["net_amount_y"].astype(float)).all()


def test_survey_outage(traps: Traps, dataset: Read):
    (outage,) = traps["survey_outage"]["examples"]
    at = pd.to_datetime(dataset("survey_responses")["responded_at"], utc=True, format="ISO8601").dt.tz_convert(
        "Asia/Shanghai"
    )
    months = set(at.dt.strftime("%Y-%m"))
    assert outage not in months and min(months) < outage < max(months)


def test_tiny_department(traps: Traps, dataset: Read, plain_orders: pd.DataFrame):
    units = dataset("survey_responses").drop_duplicates("response_id")["org_unit_id"].value_counts()
    assert 1 <= units.get("HR", 0) < units["0101"] / 3
    stores = plain_orders["org_unit_id"].value_counts()
    assert stores.get("0112", 0) < stores["0101"] / 20
    assert traps["tiny_department"]["count"] >= units["HR"]


def test_complaints_across_three_channels(traps: Traps, dataset: Read):
    complaints = dataset("cases").query("kind == 'complaint'").dropna(subset=["issue_id"])
    channels = complaints.groupby("issue_id")["channel"].nunique()
    assert set(channels[channels >= 3].index) == set(traps["three_channel_complaint"]["examples"])


def test_promo_only_customers(company: Path, traps: Traps, plain_orders: pd.DataFrame):
    truth = pd.read_parquet(company / "truth" / "people.parquet")
    system = plain_orders["customer_source_system"].fillna(plain_orders["source_system"])
    named = plain_orders.assign(source_system=system)[[*KEY, "campaign_id", "coupon_code"]].merge(truth, on=KEY)
    named["promoted"] = named["campaign_id"].notna() | named["coupon_code"].notna()
    always = named.groupby("person")["promoted"].all()
    who = truth.assign(key=truth["source_system"] + "|" + truth["source_customer_id"]).set_index("key")["person"]
    chosen = [who[key] for key in traps["promo_only_customer"]["examples"]]
    assert [person for person in chosen if person in always.index and not always[person]] == []
    assert sum(person in always.index for person in chosen) >= 1


def test_a_store_moves_and_one_closes(dataset: Read):
    units = dataset("org_units")
    moved = units[units["org_unit_id"] == "0109"].sort_values("valid_from")
    assert list(moved["parent_org_unit_id"]) == ["STO", "ECM"]
    assert moved["valid_to"].iloc[0] == moved["valid_from"].iloc[1]
    closed = units[units["org_unit_id"] == "0111"]["valid_to"].iloc[0][:10]
    orders = dataset("orders")
    at_closed = orders[(orders["org_unit_id"] == "0111") & (orders["ordered_at"].str[:4] == "2026")]
    assert len(at_closed) and (at_closed["ordered_at"].str[:10] < closed).all()


def test_a_target_was_revised_after_its_period(dataset: Read):
    targets = dataset("targets")
    assert int((targets["agreed_at"] > targets["period_end"]).sum()) == 1
    before = targets[targets["agreed_at"] <= targets["period_end"]]
    assert (before["agreed_at"] < before["period_start"]).all()


def test_bad_rows_are_few_and_where_the_truth_says(traps: Traps, company: Path, dataset: Read):
    mark = {
        "excel_error": "#REF!", "excel_number": "1.38E+10", "future": "2099-", "no_exchange_rate": "XXX",
        "bad_number": ("N/A?", "1.38E+10x"), "bad_date": ("2026-02-30", "2026-13-45", "31/02/2026", "昨天下午"),
    }  # fmt: skip
    listed = traps["bad_row"]["examples"]
    assert len(listed) == traps["bad_row"]["count"] >= 10
    for bad in listed:
        rows = dataset(bad["dataset"])
        values = rows[rows["_file"] == Path(bad["path"]).name][bad["column"]].dropna()
        words = mark[bad["reason"]]
        assert sum(value.startswith(words) for value in values) >= 1, bad
    assert pd.DataFrame(listed).groupby("path").size().max() <= 10


def test_the_improving_department_improves_and_others_do_not(tmp_path: Path):
    """A company of its own: ten points of a hundred answers would drown in chance."""
    demo_company.generate(tmp_path, customers=20_000, months=8)
    effects = json.loads((tmp_path / "truth" / "effects.json").read_text(encoding="utf-8"))
    assert effects["improving_department"]["org_unit_id"] == "CS"
    answers = read_dataset(tmp_path, "survey_responses").dropna(subset=["score"])
    answers = answers[answers["score"].str.isdigit()]
    answers = answers.assign(late=answers["responded_at"].str[:7] >= "2026-07", good=answers["score"].astype(int) >= 4)
    service = answers.query("question_code == 'CSAT_SVC' and org_unit_id in ('CS-A', 'CS-B')")
    teams = service.groupby("late")["good"].mean()
    assert teams[True] > teams[False] + 0.05
    stores = answers.query("question_code == 'CSAT_TX' and channel == 'store'")
    level = stores.groupby("late")["good"].mean()
    assert abs(level[True] - level[False]) < 0.08


def test_one_campaign_only_moved_sales(company: Path, dataset: Read, plain_orders: pd.DataFrame):
    effects = json.loads((company / "truth" / "effects.json").read_text(encoding="utf-8"))
    (action,) = effects["only_pulled_forward"]
    campaign = next(entry for entry in effects["campaigns"] if entry["action_id"] == action)
    truth = pd.read_parquet(company / "truth" / "people.parquet")
    arms = dataset("campaign_exposures").query("action_id == @action").merge(truth, on=KEY).set_index("person")["arm"]
    system = plain_orders["customer_source_system"].fillna(plain_orders["source_system"])
    named = plain_orders.drop_duplicates(ORDER).assign(source_system=system).merge(truth, on=KEY)
    day = pd.to_datetime(named["ordered_at"].str[:10], errors="coerce")
    start, end = pd.Timestamp(campaign["starts_on"]), pd.Timestamp(campaign["ends_on"])
    after = end + pd.Timedelta(days=campaign["moved_from_days_after"])
    rate = {}
    for arm in ("treated", "holdout"):
        mine = named["person"].map(arms) == arm
        size = (arms == arm).sum()
        rate[arm] = [
            int((mine & (day >= low) & (day < high)).sum()) / size for low, high in ((start, end), (end, after))
        ]
    assert rate["treated"][0] > 1.3 * rate["holdout"][0]
    assert rate["treated"][1] < 0.8 * rate["holdout"][1]
    assert sum(rate["treated"]) == pytest.approx(sum(rate["holdout"]), rel=0.2)
