"""Targets in force, scopes, reasons and department scores, worked out by hand."""

from datetime import date

import polars as pl

from . import Recalculation, recalculate
from .by_hand import AS_OF, deliver

JUNE = date(2024, 6, 1)
TREE = """
org_unit_id | valid_from | parent_org_unit_id | kind       | function
co          | 2020-01-01 |                    | company    |
mkt         | 2020-01-01 | co                 | department | MKT
sal         | 2020-01-01 | co                 | department | SAL
sal2        | 2020-01-01 | co                 | department | SAL
sto         | 2020-01-01 | co                 | department | STO
"""
HEAD = "org_unit_id | kpi_id | period_start | period_end | agreed_at | threshold | target | stretch | weight\n"


def company(data, targets: str) -> Recalculation:
    """June 2024: 1,000 orders in `sal`, ten complaints about them; in `sto` 50 anonymous tens and 50 noughts; a few csat answers."""
    deliver(data, "org_units", TREE)
    orders = "\n".join(f"p|{n}|c{n % 500}|sal|2024-06-10|1" for n in range(1000))
    deliver(data, "orders", "source_system|order_id|source_customer_id|org_unit_id|ordered_at|net_amount\n" + orders)
    cases = "\n".join(f"k|{n}|p|c{n}|complaint|2024-06-11|{n}" for n in range(10))
    deliver(
        data,
        "cases",
        "source_system|case_id|customer_source_system|source_customer_id|kind|opened_at|order_id\n" + cases,
    )
    deliver(
        data,
        "survey_questions",
        "question_code|measures|occasion|scale_min|scale_max\nN|nps|relationship|0|10\nC|csat||1|5",
    )
    answers = "\n".join(f"s|{n}|N|sto|{10 * (n % 2)}|2024-06-12" for n in range(100))
    few = "\n".join(
        f"s|{unit}{n}|C|{unit}|5|2024-06-12" for unit, count in (("sto", 10), ("mkt", 4)) for n in range(count)
    )
    deliver(
        data,
        "survey_responses",
        f"source_system|response_id|question_code|org_unit_id|score|responded_at\n{answers}\n{few}",
    )
    deliver(data, "targets", HEAD + targets)
    return recalculate(data, AS_OF)


def june(result: Recalculation, *columns: str) -> dict[tuple[str, str], tuple]:
    rows = result.scorecards.filter((pl.col("period_kind") == "month") & (pl.col("period_start") == JUNE))
    return {row[:2]: row[2:] for row in rows.select("org_unit_id", "kpi_id", *columns).iter_rows()}


def test_the_target_in_force(tmp_path):
    result = company(
        tmp_path,
        """
        sto | nps_relationship | 2024-01-01 |            | 2023-12-01 | | 1 | | 10
        sto | nps_relationship | 2024-01-01 |            | 2024-02-01 | | 2 | | 10
        sto | nps_relationship | 2024-03-01 |            | 2024-02-01 | | 3 | | 10
        sto | nps_relationship | 2024-01-01 |            | 2024-07-01 | | 4 | | 10
        sto | nps_relationship | 2024-06-02 |            | 2024-02-02 | | 5 | | 10
        sto | nps_relationship | 2024-01-01 | 2024-06-29 | 2024-02-03 | | 6 | | 10
        mkt | nps_relationship | 2024-06-01 | 2024-06-30 | 2024-06-30T23:59:59 | | 7 | | 10
        sal | nps_relationship | 2024-01-01 |            | 2024-01-01 | | 8 | | 10
        sal | nps_relationship | 2024-01-01 |            | 2024-02-01 | | 8 | | 0
        co  | nps_relationship | 2024-01-01 |            | 2024-02-01 | | 9 | |
        """,
    )
    assert june(result, "target") == {("sto", "nps_relationship"): (3.0,), ("mkt", "nps_relationship"): (7.0,)}
    # mkt's spans June, not the quarter or the year; for the year, sto's agreed in July (4) is in time.
    kinds = result.scorecards.group_by("org_unit_id").agg(pl.col("period_kind").unique().sort()).sort("org_unit_id")
    assert kinds.rows() == [("mkt", ["month"]), ("sto", ["month", "quarter", "year"])]


def test_scopes(tmp_path):
    units = ("co", "mkt", "sal", "sal2", "sto", "unheard")
    targets = "\n".join(f"{unit}|nps_relationship|2024-01-01||2024-01-01||1||10" for unit in units)
    measured = {unit: row[0] for (unit, _), row in june(company(tmp_path, targets), "measured_org_unit_id").items()}
    # sal has orders below it, sal2 has none.
    assert measured == {"co": "co", "mkt": "co", "sal": "sal", "sal2": "co", "sto": "sto", "unheard": "unheard"}


def test_verdicts_and_reasons(tmp_path):
    result = company(
        tmp_path,
        """
        sto | nps_relationship | 2024-01-01 | | 2024-01-01 | -40 | 40  |    | 10
        sto | csat_t2b         | 2024-01-01 | | 2024-01-01 | 50  | 80  |    | 10
        sto | unheard_of       | 2024-01-01 | | 2024-01-01 | 50  | 80  |    | 10
        sto | complaint_rate   | 2024-01-01 | | 2024-01-01 | 20  | 5   |    | 10
        co  | complaint_rate   | 2024-01-01 | | 2024-01-01 | 20  | 12  | 8  | 10
        co  | csat_t2b         | 2024-01-01 | | 2024-01-01 |     |     |    | 10
        sal | complaint_rate   | 2024-01-01 | | 2024-01-01 | 9.5 | 4.5 | 1  | 10
        co  | nps_relationship | 2024-01-01 | | 2024-01-01 | -20 | -20 | 20 | 10
        """,
    )
    found = june(result, "value", "attainment", "verdict", "rag", "reason")
    # sto's NPS: 50 of 100 promote, 50 detract: 0, half way from −40 to 40; its interval −19…19 lies wholly below 40.
    assert found["sto", "nps_relationship"] == (0.0, 50.0, "missed", "red", None)
    # csat: all ten are satisfied, but ten are too few to be scored; unheard_of is not computed; no orders in sto.
    assert found["sto", "csat_t2b"] == (100.0, None, "not_scored", "grey", "below_floor")
    assert found["sto", "unheard_of"] == (None, None, "not_scored", "grey", "not_computed")
    assert found["sto", "complaint_rate"] == (None, None, "not_scored", "grey", "no_value")
    # 10 complaints per 1,000 orders against 12 at most: in full and not beyond; the interval 4.8…18.4 holds 12: uncertain.
    assert found["co", "complaint_rate"] == (10.0, 100.0, "uncertain", "green", None)
    assert found["co", "csat_t2b"] == (100.0, None, "not_scored", "grey", "no_target")
    # sal: above the threshold of 9.5, and even the interval's best, 4.795, is more than 4.5.
    assert found["sal", "complaint_rate"] == (10.0, 0.0, "missed", "red", None)
    # The company's NPS of 0 is half way from −20 to the stretch 20: 110; the interval −19… lies above −20.
    assert found["co", "nps_relationship"] == (0.0, 110.0, "met", "green", None)


def test_hidden_values_stay_hidden(tmp_path):
    (tmp_path / "company.yml").write_text("function_scopes: {SAL: own_subtree_if_it_sells}\n")  # MKT its own subtree
    found = june(
        company(tmp_path, "mkt|csat_t2b|2024-01-01||2024-01-01||80||10"), "measured_org_unit_id", "value", "n", "reason"
    )
    assert found == {("mkt", "csat_t2b"): ("mkt", None, None, "hidden")}


def test_department_scores(tmp_path):
    result = company(
        tmp_path,
        """
        sto | nps_relationship | 2024-01-01 | | 2024-01-01 | -40 | 40  |    | 70
        sto | unheard_of       | 2024-01-01 | | 2024-01-01 | 50  | 80  |    | 30
        sal | nps_relationship | 2024-01-01 | | 2024-01-01 | -40 | 40  |    | 69.9
        sal | complaint_rate   | 2024-01-01 | | 2024-01-01 | 20  | 12  |    | 30.1
        co  | complaint_rate   | 2024-01-01 | | 2024-01-01 | 20  | 12  |    | 60
        co  | nps_relationship | 2024-01-01 | | 2024-01-01 | -40 | 40  |    | 20
        mkt | complaint_rate   | 2024-01-01 | | 2024-01-01 | 9   | 8   |    | 100
        sal2| complaint_rate   | 2024-01-01 | | 2024-01-01 | 20  | 12  |    | 60
        """,
    )
    scores = result.department_scores.filter((pl.col("period_kind") == "month") & (pl.col("period_start") == JUNE))
    found = {row[0]: row[3:] for row in scores.iter_rows()}
    assert found["sto"] == (50.0, 70.0, "amber", None)  # exactly 70 % of the weight is enough
    assert found["co"] == ((60 * 100 + 20 * 50) / 80, 80.0, "amber", None)  # 20 were agreed for other days
    assert found["mkt"] == (0.0, 100.0, "red", None)
    assert found["sal2"] == (None, 60.0, "grey", "too_little_weight")
    score, weight, rag, reason = found["sal"]  # no NPS answers in sal: 30.1 % is too little
    assert (score, rag, reason) == (None, "grey", "too_little_weight") and abs(weight - 30.1) < 1e-9
