"""Repurchase, new customers, promotion and members, worked out by hand."""

from datetime import date, timedelta

import pytest

from . import recalculate
from .by_hand import AS_OF, deliver, numbers, rows

ORDERS = "source_system | order_id | source_customer_id | org_unit_id | channel | ordered_at | net_amount\n"
MORE = (
    "source_system|order_id|source_customer_id|ordered_at|net_amount|discount_amount|campaign_id|coupon_code|currency\n"
)


def ordered(data, times: dict[str, list[str]]) -> None:
    """Orders of ten of each customer at the times given, some with `@channel`."""
    table = []
    for who, moments in times.items():
        for n, moment in enumerate(moments):
            at, _, channel = moment.partition("@")
            table.append(f"p|{who}{n}|{who}||{channel}|{at}|10")
    deliver(data, "orders", ORDERS + "\n".join(table))


def test_coming_back_within_90_days(tmp_path):
    # The 10th of June + 90 days is the 8th of September; the 12th of October + 90 the 10th of January, which is today.
    ordered(
        tmp_path,
        {
            "same_day": ["2024-06-10T09:00:00", "2024-06-10T20:00:00"],
            "day_90": ["2024-06-10", "2024-09-08T23:59:59"],
            "day_91": ["2024-06-10", "2024-09-09"],
            "utc": ["2024-06-09T16:00:00Z", "2024-09-08T16:00:00Z"],  # in Shanghai the 10th and the 9th
            "yesterday": ["2024-10-11"],
            "today": ["2024-10-12"],
        },
    )
    found = rows(tmp_path, "repurchase_90d")
    assert set(found.select("sampling_unit", "path_day", "day", "y").rows()) == {
        ("p|same_day", date(2024, 6, 10), date(2024, 9, 8), 0),
        ("p|day_90", date(2024, 6, 10), date(2024, 9, 8), 1),
        ("p|day_90", date(2024, 9, 8), date(2024, 12, 7), 0),
        ("p|day_91", date(2024, 6, 10), date(2024, 9, 8), 0),
        ("p|day_91", date(2024, 9, 9), date(2024, 12, 8), 0),
        ("p|utc", date(2024, 6, 10), date(2024, 9, 8), 0),
        ("p|utc", date(2024, 9, 9), date(2024, 12, 8), 0),
        ("p|yesterday", date(2024, 10, 11), date(2025, 1, 9), 0),
    }


def test_the_first_order_day_in_a_cell_is_its_anchor(tmp_path):
    # Each of five comes on the 2nd of April, 62 and 160 days later. The windows close on the 1st of July, the 1st of
    # September and the 8th of December: the third quarter's anchor is the first, which was followed; alone, the second wasn't.
    april = date(2024, 4, 2)
    times = [f"{april}", f"{april + timedelta(days=62)}@app", f"{april + timedelta(days=160)}", "2025-01-02"]
    ordered(tmp_path, dict.fromkeys("abcde", times))
    result = recalculate(tmp_path, AS_OF)
    assert numbers(result, "repurchase_90d", "company", "month", date(2024, 9, 1)) == (5, 0, 5)
    assert numbers(result, "repurchase_90d", "company", "quarter", date(2024, 7, 1)) == (5, 5, 5)
    assert numbers(result, "repurchase_90d", "company", "quarter", date(2024, 7, 1), "channel", "app") == (5, 0, 5)
    assert numbers(result, "repurchase_90d", "company", "year", date(2024, 1, 1)) == (5, 5, 5)


@pytest.mark.parametrize(
    ("setting", "new"),
    [("history_starts_on: 2023-05-01", {"a", "b", "c"}), ("history_starts_on: '2023-05-02'", {"b", "c"}), ("", {"c"})],
)
def test_nobody_is_new_in_the_first_year(tmp_path, setting, new):
    # 2023-05-01 + 365 days is the 30th of April 2024. Without the setting the history begins with the first order.
    (tmp_path / "company.yml").write_text(setting)
    ordered(
        tmp_path,
        {
            "long": ["2023-06-01", "2024-06-01"],
            "a": ["2024-04-30", "2024-07-29"],
            "b": ["2024-05-01T09:00:00", "2024-05-01T10:00:00", "2024-07-31"],
            "c": ["2024-05-31"],
        },
    )
    found = rows(tmp_path, "new_to_repeat").select("sampling_unit", "day", "y").rows()
    known = [("p|a", date(2024, 7, 29), 1), ("p|b", date(2024, 7, 30), 0), ("p|c", date(2024, 8, 29), 0)]
    assert found == [row for row in known if row[0][2:] in new]


def test_promoted_sales(tmp_path):
    # A thirds rate: .5 EUR × .33333 = .166665, rounded half up to .1667.
    deliver(tmp_path, "exchange_rates", "currency | valid_from | rate\n EUR | 2024-01-01 | 0.33333")
    table = """
    p | 1 | a | 2024-06-01 | 100 | 10 |   |   |
    p | 2 | a | 2024-06-02 | 50  |    | A |   |
    p | 3 | b | 2024-06-03 | 30  | 0  |   | C |
    p | 4 | c | 2024-06-04 | 0.5 |    |   | C | EUR
    p | 5 |   | 2024-06-05 | 20  |    |   |   |
    p | 6 | d | 2024-06-05 | 20  |    | A | C |
    p | 7 | e | 2024-06-05 | 1   |    |   |   |
    """
    deliver(tmp_path, "orders", MORE + table)
    returns = (
        "source_system|return_id|order_id|completed_at|amount\np|1|3|2024-07-01|12.5\np|2|6|2024-07-01|20\np|3|1||99"
    )
    deliver(tmp_path, "returns", returns)
    result = recalculate(tmp_path, AS_OF)
    june = ("promo_dependence", "company", "month", date(2024, 6, 1))
    # 50 + 17.5 + .1667 of 100 + 50 + 17.5 + .1667 + 20 + 1; the sampling units a, b, c, e and the order 5.
    assert numbers(result, *june) == (5, 67.6667, 188.6667)
    largest = result.kpi_details.filter(
        kpi_id="promo_dependence", measure="largest_share", period_kind="month", slice_dimension="all"
    )
    # 150 of 188.6667, which is what one customer bought: told as at most four fifths
    assert largest["value"].to_list() == [0.8]
    (tmp_path / "company.yml").write_text("discount_is_promotion: true")
    assert numbers(recalculate(tmp_path, AS_OF), *june) == (5, 167.6667, 188.6667)


def test_members_who_take_part(tmp_path):
    # E is the 1st of July: the 30 days before it are June.
    table = [
        *(("bought", "enrol", "2024-01-10"), ("asleep", "enrol", "2024-01-10"), ("asleep", "earn", "2024-06-10")),
        *(("on_the_1st", "enrol", "2024-01-10"), ("on_the_1st", "check_in", "2024-06-01")),
        *(("in_may", "enrol", "2024-01-10"), ("in_may", "check_in", "2024-05-31T23:59:59")),
        *(("gone", "enrol", "2024-01-10"), ("gone", "share", "2024-06-10"), ("gone", "leave", "2024-06-30T23:59:59")),
        *(("going", "enrol", "2024-01-10"), ("going", "share", "2024-06-10"), ("going", "leave", "2024-07-01")),
        *(("back", "enrol", "2024-01-10"), ("back", "leave", "2024-02-10"), ("back", "enrol", "2024-06-10")),
        *(("late", "enrol", "2024-07-01"), ("stranger", "redeem", "2024-06-10")),
        *(("tie", "leave", "2024-03-10"), ("tie", "enrol", "2024-03-10"), ("tie", "referral", "2024-06-10")),
    ]
    lines = [f"p|{n:02}|{who}|{event}|{at}" for n, (who, event, at) in enumerate(table)]
    head = "source_system|event_id|source_customer_id|event_type|occurred_at\n"
    deliver(tmp_path, "loyalty_events", head + "\n".join(lines))
    ordered(tmp_path, {"bought": ["2024-06-30T10:00:00@app"], "stranger": ["2024-05-30", "2024-06-10"]})
    found = rows(tmp_path, "active_members").filter(path_day=date(2024, 6, 30))
    assert dict(found.select("sampling_unit", "y").rows()) == {
        "p|bought": 1,
        "p|asleep": 0,
        "p|on_the_1st": 1,
        "p|in_may": 0,
        "p|going": 1,
        "p|back": 0,
        "p|tie": 1,
    }
    assert dict(found.select("sampling_unit", "channel").rows())["p|bought"] == "app"
    assert set(found.filter(sampling_unit="p|tie")["channel"]) == {"none"}
    result = recalculate(tmp_path, AS_OF)
    # June is the quarter's last month; July, with which the history ends, isn't one: no third quarter.
    assert numbers(result, "active_members", "company", "quarter", date(2024, 4, 1)) == (7, 4, 7)
    assert numbers(result, "active_members", "company", "quarter", date(2024, 7, 1)) is None
