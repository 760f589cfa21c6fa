"""XmR charts: the catalogue's vector, the rules one by one, and where a series is cut."""

from datetime import datetime

import pytest

from . import recalculate
from .by_hand import deliver
from .signals import limits, signals

VECTOR = [42.0, 45, 41, 44, 47, 43, 46, 44, 42, 45, 43]
AS_OF = datetime.fromisoformat("2025-03-01T00:00:00+08:00")


def test_the_vector_of_the_catalogue():
    found = limits(VECTOR)
    assert found == pytest.approx((43.818, 36.104, 51.532), abs=0.0005)
    assert found and signals([*VECTOR, 58.0], *found) == ["none"] * 11 + ["outside"]


def test_fewer_than_six_points_have_no_limits():
    assert limits(VECTOR[:5]) is None and limits(VECTOR[:6]) is not None


@pytest.mark.parametrize(
    ("values", "last"),
    [  # centre 10, limits 4 and 16: nearer a limit is above 13 or below 7
        ([10, 14, 14, 14], "near_limit"),
        ([14, 14, 10, 14], "near_limit"),
        ([14, 14, 14, 10], "none"),  # the point itself must lie there
        ([14, 10, 10, 14], "none"),
        ([6, 6, 14, 14], "none"),  # not of the same limit
        ([13, 13, 13, 13], "none"),  # as near the one as the other
        ([14, 14], "none"),
        ([14, 14, 14], "near_limit"),  # of the two there are before it, both
        ([14, 14, 17], "outside"),
        ([16, 16], "none"),  # a limit is not beyond itself
        ([11] * 8, "run"),
        ([11] * 7, "none"),
        ([10] + [11] * 7, "none"),  # the centre is on no side
        ([9] * 7 + [11], "none"),
        ([11] * 5 + [14] * 3, "near_limit"),  # before the run
    ],
)
def test_what_a_point_shows(values, last):
    assert signals(values, 10.0, 4.0, 16.0)[-1] == last


TREE = """
org_unit_id | valid_from | parent_org_unit_id | kind
co          | 2020-01-01 |     | company
sto         | 2020-01-01 | co  | department
ecm         | 2020-01-01 | co  | department
"""
ACTIONS = "action_id|action_type|starts_at|owner_org_unit_id\n"


def series(data, actions: str) -> dict[str, list]:
    """Per unit (baseline points, signal) of complaint_rate in the 14 months of 2024 and early 2025."""
    deliver(data, "org_units", TREE)
    months = [f"{2024 + n // 12}-{n % 12 + 1:02}" for n in range(14)]
    orders = [
        f"p|{unit}{month}{n}|c{n}|{unit}|{month}-10|1" for month in months for unit in ("sto", "ecm") for n in range(5)
    ]
    deliver(
        data,
        "orders",
        "source_system|order_id|source_customer_id|org_unit_id|ordered_at|net_amount\n" + "\n".join(orders),
    )
    deliver(data, "business_actions", ACTIONS + actions)
    result = recalculate(data, AS_OF)
    found: dict[str, list] = {}
    for row in result.kpi_signals.filter(kpi_id="complaint_rate").sort("period_start").iter_rows(named=True):
        found.setdefault(row["org_unit_id"], []).append((row["baseline_points"], row["signal"]))
    return found


def test_a_series_without_a_cut(tmp_path):
    # Nobody complains: all limits are nought, and nothing lies beyond, nearer or aside. The first twelve months are the base.
    assert series(tmp_path, "a|campaign|2024-07-01|co\nb|other|2024-07-01|co\nc|price_change||co") == dict.fromkeys(
        ("co", "sto", "ecm"), [(12, "none")] * 14
    )


def test_a_business_action_cuts_the_series_of_its_owner_and_all_below(tmp_path):
    # July begins, in Shanghai, while it is June in Greenwich. In ecm five months are too few for limits.
    found = series(tmp_path, "a|price_change|2024-06-30T16:00:00Z|sto\nb|product_launch|2024-10-20|ecm")
    assert found == {
        "co": [(12, "none")] * 14,
        "sto": [(6, "none")] * 6 + [(8, "none")] * 8,
        "ecm": [(9, "none")] * 9 + [(None, None)] * 5,
    }


def test_an_action_of_nobody_is_the_companys(tmp_path):
    found = series(tmp_path, "a|service_policy|2024-07-31|\nb|programme_rule|2024-07-01|co")
    assert found == dict.fromkeys(("co", "sto", "ecm"), [(6, "none")] * 6 + [(8, "none")] * 8)


def test_retention_enters_every_third_month(tmp_path):
    series(tmp_path, "")
    result = recalculate(tmp_path, AS_OF)
    months = set(result.kpi_signals.filter(kpi_id="retention_rolling")["period_start"].dt.month())
    shown = set(
        result.kpi_values.filter(kpi_id="retention_rolling", period_kind="month", status="shown")[
            "period_start"
        ].dt.month()
    )
    assert months == {6, 9, 12} and shown > months
