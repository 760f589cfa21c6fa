"""First contacts and first responses, worked out by hand."""

from datetime import UTC, date, datetime

import numpy as np
import pytest

from . import recalculate
from .business_time import MINUTE, answer_times, business_time
from .by_hand import AS_OF, deliver, known, rows
from .company import load_company

TALK = "source_system|contact_id|source_customer_id|issue_id|purpose|direction|handled_by|abandoned|started_at\n"
CASE = "source_system|case_id|source_customer_id|kind|opened_at|first_response_at\n"


def resolved(data, talks: list[str]) -> dict[str, int]:
    """y per sampling unit of fcr; a talk is who|issue|purpose|direction|handled_by|abandoned|started_at."""
    lines = []
    for n, talk in enumerate(talks):
        who, rest = talk.split("|", 1)
        lines.append(f"c|{n:02}|{who}|{rest}")
    deliver(data, "contacts", TALK + "\n".join(lines))
    return dict(rows(data, "fcr").select("sampling_unit", "y").rows())


def test_who_had_to_come_back(tmp_path):
    assert resolved(
        tmp_path,
        [
            *("once||p||person||2024-06-10T12:00:00",),
            *("soon||p||person||2024-06-10T12:00:00", "soon||p||person||2024-06-17T12:00:00"),
            # A second more than seven days: an issue of its own, and no first contact, as there was one before.
            *("new||p||person||2024-06-10T12:00:00", "new||p||person||2024-06-17T12:00:01"),
            *("day7|A|p||person||2024-06-10T12:00:00", "day7|A|p||person||2024-06-17T23:59:59"),
            *("day8|B|p||person||2024-06-10T12:00:00", "day8|B|p||person||2024-06-18T00:00:00"),
            # An issue that spans a month is judged by what happens in its first week.
            *("long|C|p||person||2024-06-10T12:00:00", "long|C|p||person||2024-07-10T12:00:00"),
            *("called||p||person||2024-06-10T12:00:00", "called||p|outbound|person||2024-06-11T12:00:00"),
            *("other||p||person||2024-06-10T12:00:00", "other||q||bot||2024-06-11T12:00:00"),
            *("bot||p||bot||2024-06-10T12:00:00", "bot||p||person||2024-06-10T12:05:00"),
            *("gave_up||p||person|true|2024-06-10T12:00:00", "who||p||||2024-06-10T12:00:00"),
            *("|D|p||person||2024-06-10T12:00:00", "|D|p||person||2024-06-11T12:00:00"),
            *("||p||person||2024-06-10T12:00:00", "||p||person||2024-06-10T12:00:00"),
            *("late||p||person||2025-01-02T12:00:00", "open||p||person||2025-01-03T12:00:00"),
        ],
    ) == {
        **{"c|once": 1, "c|soon": 0, "c|new": 1, "c|day7": 0, "c|day8": 1, "c|long": 1, "c|called": 1, "c|other": 1},
        **{"issues|issue\nD": 0, "issues|row\nc\n21": 1, "issues|row\nc\n22": 1, "c|late": 1},
    }


def test_who_had_been_there_before(tmp_path):
    assert resolved(
        tmp_path,
        [
            *("at_720h||p||bot||2024-05-11T12:00:00", "at_720h||p||person||2024-06-10T12:00:00"),
            *("before||p||bot||2024-05-11T11:59:59", "before||p||person||2024-06-10T12:00:00"),
            *("other||q||bot||2024-06-01T12:00:00", "other||p||person||2024-06-10T12:00:00"),
            *("none||||bot||2024-06-01T12:00:00", "none||||person||2024-06-10T12:00:00"),
            *("called||p|outbound|person||2024-06-01T12:00:00", "called||p||person||2024-06-10T12:00:00"),
            *("same|A|p||person||2024-06-01T12:00:00", "same|A|p||person||2024-06-10T12:00:00"),
            *("another|B|p||bot||2024-06-09T12:00:00", "another|C|p||person||2024-06-10T12:00:00"),
        ],
    ) == {"c|before": 1, "c|other": 1, "c|called": 1, "c|same": 1}


def test_purposes_that_count(tmp_path):
    (tmp_path / "company.yml").write_text("first_contact_purposes: [p]")
    talks = [f"{who}||{purpose}||person||2024-06-10" for who, purpose in (("a", "p"), ("b", "q"), ("c", ""))]
    assert resolved(tmp_path, talks) == {"c|a": 1}


HOURS = """
business_hours: {mon: ["09:00-12:00", "13:00-18:00"], tue: ["09:00-18:00"], fri: ["09:00-18:00"], sat: []}
special_hours: {2024-06-15: ["10:00-12:00"], 2024-06-18: [], 2024-06-24: ["20:00-24:00"]}
holidays: [2024-06-21, 2024-06-24]
"""


@pytest.mark.parametrize(
    ("opened", "due"),
    [  # June 2024: the 10th is a Monday
        *(("2024-06-10T09:00", "2024-06-10T14:00"), ("2024-06-10T08:00", "2024-06-10T14:00")),
        *(("2024-06-10T12:30", "2024-06-10T17:00"), ("2024-06-10T14:00", "2024-06-10T18:00")),
        ("2024-06-10T14:00:01", "2024-06-11T09:00:01"),
        ("2024-06-10T18:00", "2024-06-11T13:00"),
        ("2024-06-11T17:00", "2024-06-14T12:00"),  # closed on Wednesday and Thursday
        ("2024-06-14T16:00", "2024-06-15T12:00"),  # two hours on Friday, two on a Saturday that is worked
        ("2024-06-14T16:00:01", "2024-06-17T09:00:01"),
        ("2024-06-17T16:00", "2024-06-24T22:00"),  # Tuesday closed, Friday a holiday; special hours win over another
        ("2024-06-24T22:00", "2024-06-25T11:00"),
    ],
)
def test_when_a_first_response_is_due(tmp_path, opened, due):
    (tmp_path / "company.yml").write_text(HOURS)
    deliver(tmp_path, "cases", CASE + f"c|1|a|request|{opened}|")
    company = load_company(tmp_path / "company.yml")
    [found] = answer_times(known(tmp_path).cases, company, AS_OF, company.first_response_minutes)["due"]
    assert found.astimezone(UTC).isoformat() == datetime.fromisoformat(due + "+08:00").astimezone(UTC).isoformat()


def test_a_night_on_which_the_clocks_change(tmp_path):
    (tmp_path / "company.yml").write_text("timezone: America/New_York\nbusiness_hours: {sun: ['00:00-24:00']}")
    company = load_company(tmp_path / "company.yml")
    for sunday, hours in ((date(2024, 3, 10), 23), (date(2024, 3, 17), 24), (date(2024, 11, 3), 25)):
        span = business_time(company, sunday, sunday)
        assert span.passed(np.array([2**62])).tolist() == [hours * 60 * MINUTE]


def test_answers_in_time_and_their_quantiles(tmp_path):
    # Due at one o'clock, or four hours later. Waiting: ¼, ½, 4 and 4 h + 1 s, an answer before the question, and never.
    table = """
    c | 1 | a | complaint | 2024-06-10T09:00:00 | 2024-06-10T09:15:00
    c | 2 | a | request   | 2024-06-10T09:00:00 | 2024-06-10T09:30:00
    c | 3 | b | request   | 2024-06-10T08:00:00 | 2024-06-10T13:00:00
    c | 4 | c | request   | 2024-06-10T09:00:00 | 2024-06-10T13:00:01
    c | 5 | d | request   | 2024-06-10T09:00:00 | 2024-06-10T08:00:00
    c | 6 |   | request   | 2024-06-10T09:00:00 |
    c | 7 | f | request   | 2025-01-09T17:00:00 |
    c | 8 | g | request   | 2025-01-09T17:00:01 |
    """
    deliver(tmp_path, "cases", CASE + table)
    found = rows(tmp_path, "first_response").select("sampling_unit", "day", "y").rows()
    june, today = date(2024, 6, 10), date(2025, 1, 10)  # as of noon: the last case falls due a second later
    assert found == [
        *(("cases|c|6", june, 0), ("c|a", june, 1), ("c|a", june, 1), ("c|b", june, 1), ("c|c", june, 0)),
        *(("c|d", june, 1), ("c|f", today, 0)),
    ]
    details = recalculate(tmp_path, AS_OF).kpi_details.filter(
        kpi_id="first_response", period_kind="month", slice_dimension="all"
    )
    # Of 0, ¼, ½, 4, 4 h 1 s and never the third and the sixth; five sampling units, so they are shown.
    assert details.select("period_start", "measure", "value").rows() == [
        *((date(2024, 6, 1), "median", 0.5), (date(2024, 6, 1), "p90", None)),
    ]
