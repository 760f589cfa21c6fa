"""Points, effects, matched controls and batteries, worked out by hand."""

from datetime import date

import polars as pl
import pytest

from .batteries import TRUST
from .by_hand import AS_OF, deliver, known, lay, rows
from .complaints import STRATUM, control_details
from .effects import campaign_increment


def test_the_index_of_the_catalogue(tmp_path):
    # 8, 7 and 7 of ten: 22 − 3 of 27 are 70.37; who leaves one out does not count.
    items = ("overall", "vs_expectation", "vs_ideal")
    questions = [{"question_code": f"S{n}", "measures": "satisfaction_index", "item": i} for n, i in enumerate(items)]
    lay(
        tmp_path,
        "survey_questions",
        [{**question, "scale_min": 1, "scale_max": 10} for question in questions],
        "s.csv",
        copies=1,
    )
    answers = [("a", 0, 8), ("a", 1, 7), ("a", 2, 7), ("b", 0, 8), ("b", 1, 7)]
    lay(
        tmp_path,
        "survey_responses",
        [
            {
                "source_system": "s",
                "response_id": who,
                "question_code": f"S{n}",
                "score": score,
                "responded_at": "2024-06-10",
            }
            for who, n, score in answers
        ],
        "a.csv",
        copies=1,
    )
    [(x, y)] = rows(tmp_path, "satisfaction_index").select("x", "y").rows()
    assert 100 * y / x == pytest.approx(70.37, abs=0.005)


def test_trust_falls_where_more_disagree(tmp_path):
    lay(
        tmp_path,
        "survey_questions",
        [
            {
                "question_code": item,
                "measures": "trust",
                "item": item,
                "scale_min": 1,
                "scale_max": 5,
                "polarity": polarity,
            }
            for item, polarity in zip(TRUST, ("", "higher_is_better", "lower_is_better", ""), strict=True)
        ],
        "t.csv",
        copies=1,
    )
    scores = dict(zip(TRUST, (4, 3, 4, 1), strict=True))  # agrees, neither, disagrees (turned round), disagrees
    lay(
        tmp_path,
        "survey_responses",
        [
            {
                "source_system": "s",
                "response_id": 1,
                "question_code": item,
                "score": score,
                "responded_at": "2024-06-10",
            }
            for item, score in scores.items()
        ],
        "a.csv",
        copies=1,
    )
    assert rows(tmp_path, "trust_index").select("x", "y").rows() == [(4, -1)]


def test_points_leave_in_the_order_in_which_they_came(tmp_path):
    # 100 and 50 are earned, 120 taken: all of the first, 20 of the second. A year and a day later nothing is left to take.
    events = [
        *(("a", "earn", "2023-07-10", 100), ("a", "earn", "2023-08-10", 50), ("a", "redeem", "2023-09-10", 120)),
        *(("b", "earn", "2023-07-10", 100), ("b", "redeem", "2024-07-09", 30), ("b", "redeem", "2024-07-10", 30)),
        *(("c", "redeem", "2023-07-09", 10), ("c", "earn", "2023-07-10", 5), ("c", "redeem", "2023-07-11", 9)),
    ]
    columns = ("source_customer_id", "event_type", "occurred_at", "points")
    told = [{"source_system": "l", "event_id": n} | dict(zip(columns, e, strict=True)) for n, e in enumerate(events)]
    lay(tmp_path, "loyalty_events", told, "e.csv", copies=1)
    found = rows(tmp_path, "points_redemption").select("sampling_unit", "day", "x", "y").rows()
    july, august = date(2024, 7, 9), date(2024, 8, 9)
    assert [(who, day, x / 10_000, y / 10_000) for who, day, x, y in found] == [
        *(("l|a", july, 100, 100), ("l|b", july, 100, 30), ("l|c", july, 5, 5), ("l|a", august, 50, 20))
    ]


def test_what_a_campaign_brought(tmp_path):
    # Three treated earn 6, 3 and 0, two held out 1 and 0: (3 − ½)·3 = 7.5; part of Var: 3·9 and 9·½/2 = 2.25.
    deliver(
        tmp_path,
        "business_actions",
        "action_id|action_type|starts_at|ends_at|cost_amount\n c|campaign|2024-06-01|2024-06-08|2",
    )
    arms = {"t1": "treated", "t2": "treated", "t3": "treated", "h1": "holdout", "h2": "holdout"}
    told = [
        {"action_id": "c", "source_system": "p", "source_customer_id": who, "arm": arm} for who, arm in arms.items()
    ]
    lay(tmp_path, "campaign_exposures", told, "x.csv", copies=1)
    bought = [
        ("t1", "2024-06-01", 10, 4),
        ("t2", "2024-08-02", 10, 7),
        ("t3", "2024-08-03", 10, 1),
        ("h1", "2024-06-05", 3, 2),
    ]
    columns = ("source_customer_id", "ordered_at", "net_amount", "cost_amount")
    orders = [{"source_system": "p", "order_id": n} | dict(zip(columns, o, strict=True)) for n, o in enumerate(bought)]
    lay(tmp_path, "orders", orders, "o.csv", copies=1)
    [found] = campaign_increment(known(tmp_path), AS_OF.date())
    assert (found.day, found.n, found.gain / 10_000, found.cost / 10_000) == (date(2024, 8, 3), 2, 7.5, 2)
    assert found.variance / 10_000**2 == pytest.approx(27 + 2.25)
    assert found.parts / 10_000**4 == pytest.approx(27**2 / 2 + 2.25**2)


def test_controls_weigh_as_the_complainers_they_stand_for():
    # Stratum a: 6 complainers, 4 stay, 12 controls of whom 9 do; b: 4, 1 stays, 2 controls, both; c has no control.
    month = date(2024, 6, 1)

    def of(name: str) -> dict:
        return {"month": month} | dict.fromkeys(STRATUM, name)

    kept = pl.DataFrame(
        [of(s) | {"y": int(i < k)} for s, n, k in (("a", 6, 4), ("b", 4, 1), ("c", 3, 3)) for i in range(n)]
    )
    matched = pl.DataFrame([of("a") | {"m": 12, "kept": 9}, of("b") | {"m": 2, "kept": 2}])
    found = control_details(kept, matched)
    # w = ½ and 2: Σw·y = 4.5 + 4 of 10; (Σw)²/Σw² = 100/(12·¼ + 2·4) = 100/11.
    assert found["control_value"][0] == pytest.approx(85)
    assert found["control_n"][0] == pytest.approx(100 / 11)
    assert found["control_gap"][0] == pytest.approx(50 - 85)
    low, high = found["control_gap"][1:]
    assert low is not None and high is not None and low < -35 < high
    assert control_details(kept.head(4), matched) == {}
