"""Touchpoint NPS, effort and satisfaction with complaints on hand-made answers."""

from datetime import date

import pytest

from . import recalculate
from .by_hand import AS_OF, cell, deliver, numbers, rows

ANSWER = (
    "source_system|response_id|question_code|source_customer_id|org_unit_id|score|touchpoint|case_id|responded_at\n"
)
QUESTIONS = """
question_code | measures | item    | occasion          | scale_min | scale_max | polarity
N             | nps      |         | transaction       | 0 | 10 |
R             | nps      |         | relationship      | 0 | 10 |
effort        | ces      |         |                   | 1 | 7  | lower_is_better
ease          | ces      | learning| transaction       | 1 | 7  | higher_is_better
ease5         | ces      |         |                   | 1 | 5  | higher_is_better
ten           | ces      |         |                   | 0 | 10 | lower_is_better
unsaid        | ces      |         |                   | 1 | 7  |
flat          | ces      |         |                   | 4 | 4  | lower_is_better
C             | csat     |         | complaint_closure | 1 | 5  |
C7            | csat     | overall |                   | 1 | 7  |
"""
JUNE = date(2024, 6, 1)


def test_the_latest_answer_at_a_touchpoint_and_at_any(tmp_path):
    # Each of five likes the till on the 1st, the shelf not on the 2nd; at the till they are asked again on the 3rd: so-so.
    deliver(tmp_path, "survey_questions", QUESTIONS)
    asked = [("9", "till", "01"), ("3", "shelf", "02"), ("8", "till", "03")]
    table = [f"s|{c}{day}|N|{c}||{score}|{at}||2024-06-{day}" for c in "abcde" for score, at, day in asked]
    deliver(tmp_path, "survey_responses", ANSWER + "\n".join([*table, "s|x|R|a||10|till||2024-06-04"]))
    result = recalculate(tmp_path, AS_OF)
    june = ("nps_touchpoint", "company", "month", JUNE)
    assert numbers(result, *june) == (5, 0, 5)
    assert numbers(result, *june, "touchpoint", "till") == (5, 0, 5)
    assert numbers(result, *june, "touchpoint", "shelf") == (5, -5, 5)
    assert numbers(result, *june, "journey_stage", "unknown") == (5, 0, 5)
    assert cell(result, "nps_touchpoint", "company", "year", date(2024, 1, 1), "touchpoint", "till") is None


def test_effort_is_what_was_asked_or_the_other_end_of_ease(tmp_path):
    deliver(tmp_path, "survey_questions", QUESTIONS)
    table = """
    s | 1 | effort | a | | 7   | | | 2024-06-01
    s | 2 | ease   | b | | 7   | | | 2024-06-01
    s | 3 | ease5  | c | | 2   | | | 2024-06-01
    s | 4 | ten    | d | | 2.5 | | | 2024-06-01
    s | 5 | ease   | e | | 5   | | | 2024-06-01
    s | 6 | unsaid | f | | 5   | | | 2024-06-01
    s | 7 | flat   | g | | 4   | | | 2024-06-01
    """
    deliver(tmp_path, "survey_responses", ANSWER + table)
    # In billionths: (7−1)/6, (1−1)/6, (4−1)/4, 2.5/10, (3−1)/6 rounded.
    assert rows(tmp_path, "ces_effort")["y"].to_list() == [10**9, 0, 750_000_000, 250_000_000, 333_333_333]
    found = cell(recalculate(tmp_path, AS_OF), "ces_effort", "company", "month", JUNE)
    assert found and (found["n"], found["numerator"], found["denominator"]) == (5, 2.333333333, 5)
    assert found["value"] == pytest.approx(6 * (2.333333333 / 5 + 1 / 6), abs=1e-12)
    # s² of 1, 0, .75, .25, .3333 is .161806, t(4) = 2.776445: ±6·2.776445·√(.161806/5) = ±2.99676 about 3.8; none is below 1.
    assert (found["ci_low"], found["ci_high"]) == (1.0, pytest.approx(6.79676, abs=5e-6))


def test_complaints_are_judged_once_they_are_resolved_where_they_were_opened(tmp_path):
    # s1 hung below `old` when the case was opened, and hangs below `new` when it is judged.
    deliver(
        tmp_path,
        "org_units",
        """
        org_unit_id | valid_from | parent_org_unit_id | kind
        co          | 2020-01-01 |     | company
        old         | 2020-01-01 | co  | department
        new         | 2020-01-01 | co  | department
        s1          | 2020-01-01 | old | store
        s1          | 2024-06-10 | new | store
        """,
    )
    deliver(tmp_path, "survey_questions", QUESTIONS)
    deliver(
        tmp_path,
        "cases",
        """
        source_system | case_id | org_unit_id | kind | opened_at | resolved_at
        s | 1 | s1 | complaint | 2024-06-01 | 2024-06-12T12:00:00
        s | 2 | s1 | complaint | 2024-06-01 |
        s | 3 | s1 | request   | 2024-06-01 | 2024-06-12T12:00:00
        """,
    )
    table = """
    s | 1 | C  | a | new | 4 | | 1 | 2024-06-12T12:00:00
    s | 2 | C  | b | new | 5 | | 1 | 2024-06-12T11:59:59
    s | 3 | C  | c | new | 5 | | 2 | 2024-06-20
    s | 4 | C  | d | new | 5 | | 3 | 2024-06-20
    s | 5 | C  | e | new | 5 | |   | 2024-06-20
    s | 6 | C7 | f | new | 5 | | 1 | 2024-06-20
    s | 7 | C  | g | new | 3 | | 1 | 2024-07-01
    s | 8 | C  |   | new | 3 | | 1 | 2024-07-02
    """
    deliver(tmp_path, "survey_responses", ANSWER + table)
    found = rows(tmp_path, "complaint_csat").select("sampling_unit", "leaf", "path_day", "day", "y").rows()
    assert found == [
        ("s|a", "s1", date(2024, 6, 12), date(2024, 6, 12), 1),
        ("s|g", "s1", date(2024, 7, 1), date(2024, 7, 1), 0),
        ("survey_responses|s|8|C", "s1", date(2024, 7, 2), date(2024, 7, 2), 0),
    ]
    units = recalculate(tmp_path, AS_OF).kpi_values.select("org_unit_id", "kpi_id").unique().rows()
    assert {unit for unit, kpi_id in units if kpi_id == "complaint_csat"} == {"co", "new", "s1"}
