"""Relationship NPS, satisfaction, retention and complaints on hand-made companies; what each cell must hold is counted in the comments."""

from datetime import date, timedelta

import pytest

from . import recalculate
from .by_hand import AS_OF, cell, deliver, numbers

TREE = """
org_unit_id | valid_from | parent_org_unit_id | kind       | function
co          | 2020-01-01 |                    | company    |
sto         | 2020-01-01 | co                 | department | STO
s1          | 2020-01-01 | sto                | store      | STO
cs          | 2020-01-01 | co                 | department | CS
"""
ORDERS = "source_system | order_id | source_customer_id | org_unit_id | ordered_at | net_amount | status\n"
QUESTIONS = """
question_code | measures | item           | occasion     | scale_min | scale_max
N             | nps      |                | relationship | 0         | 10
N5            | nps      |                | relationship | 0         | 5
T             | nps      |                | transaction  | 0         | 10
C             | csat     |                | transaction  | 1         | 5
CV            | csat     | vs_expectation | transaction  | 1         | 5
"""


def test_an_empty_company(tmp_path):
    result = recalculate(tmp_path, AS_OF)
    assert result.kpi_values.is_empty() and result.scorecards.is_empty() and result.department_scores.is_empty()


def test_a_company_with_only_customers(tmp_path):
    deliver(tmp_path, "customers", "source_system | source_customer_id\n crm | 1")
    result = recalculate(tmp_path, AS_OF)
    assert result.memberships.height == 1 and result.kpi_values.is_empty()


def test_retention(tmp_path):
    # E = 2024-07-01: x has an order day in [2024-01-03, 2024-04-02), y one in [2024-04-02, 2024-07-01).
    # a, b, c, e, g, h are in x; a, b and h come back, h by a day that is 2024-07-01 in UTC+8 and so too late: it leaves y.
    # d's first order is a day too late for x; f's, a day too early. g's return order was cancelled, c's never completed.
    deliver(tmp_path, "org_units", TREE)
    rows = """
    p | 1  | a | s1  | 2024-01-03 | 1 |
    p | 2  | a | cs  | 2024-04-02 | 1 |
    p | 3  | b | s1  | 2024-04-01T23:59:59 | 1 | completed
    p | 4  | b | s1  | 2024-06-30T23:59:59 | 1 |
    p | 5  | c | s1  | 2024-02-01 | 1 |
    p | 6  | c | s1  | 2024-05-01 | 1 | open
    p | 7  | d | s1  | 2024-04-02 | 1 |
    p | 8  | d | s1  | 2024-05-02 | 1 |
    p | 9  | e | s1  | 2024-02-01 | 1 |
    p | 10 | f | s1  | 2024-01-02 | 1 |
    p | 11 | g | s1  | 2024-02-01 | 1 |
    p | 12 | g | s1  | 2024-05-01 | 1 | cancelled
    p | 13 | h | s1  | 2024-02-01 | 1 |
    p | 14 | h | s1  | 2024-06-30T16:00:00Z | 1 |
    p | 15 |   | s1  | 2024-02-01 | 1 |
    """
    deliver(tmp_path, "orders", ORDERS + rows)
    result = recalculate(tmp_path, AS_OF)
    june, half = date(2024, 6, 1), date(2024, 4, 1)
    # All six homes are s1: a's second order, elsewhere, lies after the window's start.
    assert [numbers(result, "retention_rolling", unit, "month", june) for unit in ("co", "sto", "s1", "cs")] == [
        *((6, 2, 6), (6, 2, 6), (6, 2, 6), None)
    ]
    shown = cell(result, "retention_rolling", "co", "month", june)
    assert shown and shown["value"] == pytest.approx(100 / 3) and shown["status"] == "shown"
    # The quarter is its last month; the last business event lies in July (h's), so 2024 has no December to take.
    assert numbers(result, "retention_rolling", "co", "quarter", half) == (6, 2, 6)
    assert cell(result, "retention_rolling", "co", "year", date(2024, 1, 1)) is None
    assert cell(result, "retention_rolling", "co", "quarter", date(2024, 7, 1)) is None


def test_returned_orders_do_not_count(tmp_path):
    # Order 1 is returned in full by two completed returns, 2 in part, 3 in full but not yet completed; 4 was free.
    deliver(
        tmp_path,
        "orders",
        ORDERS + "p|1|a||2024-06-01|10|\np|2|b||2024-06-01|10|\np|3|c||2024-06-01|10|\np|4|d||2024-06-01|0|\n"
        "p|5|e||2024-06-01|10|\np|6|f||2024-06-01|10|\np|7|g||2024-06-01|10|",
    )
    deliver(
        tmp_path,
        "returns",
        """
        source_system | return_id | order_id | completed_at | amount
        p             | 1         | 1        | 2024-06-02   | 4
        p             | 2         | 1        | 2024-06-03   | 6
        p             | 3         | 2        | 2024-06-02   | 9.9999
        p             | 4         | 3        |              | 10
        p             | 5         | 5        | 2024-06-02   |
        """,
    )
    result = recalculate(tmp_path, AS_OF)
    assert numbers(result, "complaint_rate", "company", "month", date(2024, 6, 1)) == (5, 0, 5)


def test_relationship_nps(tmp_path):
    # a lives in s1 by June's orders, moves to cs in August (two order days against one): June's answer counts for s1,
    # August's for cs; the year in the company takes the later, the year in s1 still June's.
    deliver(tmp_path, "org_units", TREE)
    deliver(tmp_path, "survey_questions", QUESTIONS)
    deliver(tmp_path, "orders", ORDERS + "p|1|a|s1|2024-06-01|1|\np|2|a|cs|2024-08-01|1|\np|3|a|cs|2024-08-02|1|")
    deliver(
        tmp_path,
        "survey_responses",
        """
        source_system | response_id | question_code | customer_source_system | source_customer_id | org_unit_id | score | responded_at
        s | 1  | N  | p | a | cs | 9  | 2024-06-02
        s | 2  | N  | p | a | s1 | 6  | 2024-08-03
        s | 3  | N  | p | b | s1 | 8  | 2024-08-03
        s | 4  | N  |   |   | s1 | 10 | 2024-08-03
        s | 5  | N  |   |   | s1 | 7  | 2024-08-03
        s | 6  | N  |   |   | s1 | 0  | 2024-08-03
        s | 7  | N  |   |   | s1 | 9  | 2024-08-03
        s | 8  | N  |   |   | s1 | 9  | 2024-06-03
        s | 9  | N5 | p | c | s1 | 5  | 2024-08-03
        s | 10 | T  | p | c | s1 | 10 | 2024-08-03
        s | 11 | N  | p | c | s1 |    | 2024-08-03
        s | 12 | ?  | p | c | s1 | 10 | 2024-08-03
        """,
    )
    result = recalculate(tmp_path, AS_OF)
    august, year = date(2024, 8, 1), date(2024, 1, 1)
    # August: a −1 (cs), b 0 (no orders: the root's own), anonymous +1 0 −1 +1 (s1).
    assert numbers(result, "nps_relationship", "co", "month", august) == (6, 0, 6)
    hidden = cell(result, "nps_relationship", "s1", "month", august)
    assert hidden and hidden["status"] == "hidden" and hidden["n"] is hidden["value"] is hidden["weak_share"] is None
    # The year: s1 has June's a (+1), the four of August (+1) and June's anonymous (+1); the company a's −1 instead.
    assert numbers(result, "nps_relationship", "s1", "year", year) == (6, 3, 6)
    assert numbers(result, "nps_relationship", "co", "year", year) == (7, 1, 7)


def test_csat(tmp_path):
    # a answers twice: two answers of one sampling unit. d's follows a complaint and is left out, e's a request and counts;
    # f's item is not overall. The unit is the answer's own; the channel's where it names none.
    deliver(tmp_path, "org_units", TREE)
    (tmp_path / "company.yml").write_text("channel_units: {phone: cs}\n")
    deliver(tmp_path, "survey_questions", QUESTIONS)
    deliver(
        tmp_path, "cases", "source_system|case_id|kind|opened_at\n cs|1|complaint|2024-06-01\n cs|2|request|2024-06-01"
    )
    deliver(
        tmp_path,
        "survey_responses",
        """
        source_system | response_id | question_code | source_customer_id | org_unit_id | channel | score | case_id | responded_at
        s | 1 | C  | a | s1 |       | 5 |   | 2024-06-02
        s | 2 | C  | a | s1 |       | 3 |   | 2024-06-03
        s | 3 | C  | b | s1 |       | 4 |   | 2024-06-03
        s | 4 | C  | c | s1 |       | 3 |   | 2024-06-03
        s | 5 | C  | d | s1 |       | 1 | 1 | 2024-06-03
        s | 6 | C  | e | s1 |       | 5 | 2 | 2024-06-03
        s | 7 | CV | f | s1 |       | 5 |   | 2024-06-03
        s | 8 | C  |   |    | phone | 5 |   | 2024-06-03
        s | 9 | C  |   | s1 |       | 1 |   | 2024-06-03
        """,
    )
    result = recalculate(tmp_path, AS_OF)
    june = date(2024, 6, 1)
    assert numbers(result, "csat_t2b", "s1", "month", june) == (5, 3, 6)
    assert numbers(result, "csat_t2b", "co", "month", june) == (6, 4, 7)
    company = cell(result, "csat_t2b", "co", "month", june)
    # n = 6, x = 2,1,1,1,1,1, y = 1,1,0,1,1,0: Σxx = 9, Σxy = 5, Σyy = 4, R = 4/7.
    # Var = 6/5 · (4 − 2·4/7·5 + 16/49·9)/49 = .0299875; against p(1−p)/7 = .0349854 less: deff = 1, Wilson of 4/7.
    assert company and company["ci_low"] == pytest.approx(25.05, abs=0.005)
    assert company["ci_high"] == pytest.approx(84.18, abs=0.005)


def test_complaints(tmp_path):
    deliver(tmp_path, "org_units", TREE)
    customers = "abcdef"
    deliver(
        tmp_path,
        "orders",
        ORDERS
        + "\n".join(f"p|{c}|{c}|s1|2024-06-01|1|" for c in customers)
        + "\np|z||s1|2024-06-01|1|open\np|y||s1|2024-06-01|1|",
    )
    deliver(
        tmp_path,
        "cases",
        """
        source_system | case_id | customer_source_system | source_customer_id | org_unit_id | issue_id | kind | category | order_id | opened_at
        cs | 1  | p | a | cs | I1 | complaint | x | a | 2024-06-02
        cs | 2  | p | b | cs | I1 | complaint | x | b | 2024-07-02
        cs | 3  | p | c | cs |    | complaint | x |   | 2024-06-02T10:00:00
        cs | 4  | p | c | cs |    | request   | x |   | 2024-06-09T10:00:00
        cs | 5  | p | c | cs |    | complaint | x |   | 2024-06-16T10:00:00
        cs | 6  | p | c | cs |    | complaint | x |   | 2024-06-23T10:00:01
        cs | 7  | p | c | cs |    | complaint | y |   | 2024-06-16T10:00:00
        cs | 8  | p | c | cs |    | complaint |   |   | 2024-06-16T10:00:00
        cs | 9  | p | c | cs |    | complaint |   |   | 2024-06-17T10:00:00
        cs | 10 |   |   | s1 |    | complaint | x |   | 2024-06-16T10:00:00
        cs | 11 |   |   | s1 |    | complaint | x |   | 2024-06-16T10:00:00
        cs | 12 |   |   | cs |    | complaint | x | z | 2024-06-30T23:00:00
        cs | 13 | p | d | s1 | I2 | request   | x | d | 2024-06-02
        cs | 14 |   |   | cs |    | complaint | x | f | 2024-06-02
        cs | 15 |   |   | cs |    | complaint | x | y | 2024-06-02
        """,
    )
    result = recalculate(tmp_path, AS_OF)
    june, july = date(2024, 6, 1), date(2024, 7, 1)
    # s1: 1, 14 and 15 (their orders' unit), 10 and 11 (own, it sells), 12 (its order's, though that does not count) over
    # the orders of a–f and the anonymous y. Sampling units: a–f, the orders y and z, the cases 10 and 11; 14 is f's.
    # Beside them the company: c's 3–5 one issue through the request, 6 a second later than 7 days another, 7 and 8–9 one each.
    assert numbers(result, "complaint_rate", "s1", "month", june) == (10, 6, 7)
    assert numbers(result, "complaint_rate", "co", "month", june) == (10, 10, 7)
    assert numbers(result, "complaint_rate", "cs", "month", june) is None
    # I1 was first told in June; July has no orders, so no cell.
    assert numbers(result, "complaint_rate", "co", "month", july) is None
    assert numbers(result, "complaint_rate", "co", "quarter", date(2024, 4, 1)) == (10, 10, 7)


def test_open_periods_and_the_company_day(tmp_path):
    # As of 2024-06-30 15:59 UTC it is still June in Shanghai; a minute later it is July and June is complete.
    deliver(tmp_path, "orders", ORDERS + "\n".join(f"p|{n}|c{n}||2024-06-10|1|" for n in range(5)))
    deliver(
        tmp_path,
        "targets",
        "org_unit_id|kpi_id|period_start|agreed_at|target|weight\n company|complaint_rate|2024-01-01|2024-01-01|2|100",
    )
    midnight = AS_OF.replace(year=2024, month=6, day=30, hour=16)
    before, after = recalculate(tmp_path, midnight - timedelta(minutes=1)), recalculate(tmp_path, midnight)
    june = date(2024, 6, 1)
    assert [(c := cell(r, "complaint_rate", "company", "month", june)) and c["status"] for r in (before, after)] == [
        *("provisional", "shown")
    ]
    assert before.scorecards.is_empty()
    # June and the quarter that ends with it; the year is still open.
    assert after.scorecards.select("period_kind", "reason").rows() == [
        ("month", "below_floor"),
        ("quarter", "below_floor"),
    ]


def test_weak_links_show_in_the_cell(tmp_path):
    # Two of five customers are one by telephone only: four profiles and an anonymous order, one of the five units is weak.
    deliver(
        tmp_path,
        "customers",
        "source_system | source_customer_id | phone\n p | a | 13911112222\n p | b | 13911112222\n p | c |",
    )
    rows = (
        "p|1|a||2024-06-10|1|\np|2|b||2024-06-10|1|\np|3|c||2024-06-10|1|\np|4|d||2024-06-10|1|\np|5|e||2024-06-10|1|"
    )
    deliver(tmp_path, "orders", ORDERS + rows + "\np|6|||2024-06-10|1|")
    found = cell(recalculate(tmp_path, AS_OF), "complaint_rate", "company", "month", date(2024, 6, 1))
    assert found and (found["n"], found["denominator"], found["weak_share"]) == (5, 6, 0.2)
