"""Deliveries of `survey_responses` and `survey_invitations`."""

import numpy as np
import pyarrow as pa

from demo_company import words
from demo_company.cases import Cases, case_ids, case_systems
from demo_company.columns import DAY, Table, chosen, flags, numbered, only, rows, times, where, whole
from demo_company.company import CHANNELS, ORDER_SYSTEMS, SYSTEMS, UNITS, Company
from demo_company.delivery import Landing, Style
from demo_company.orders import Orders, order_ids
from demo_company.people import People
from demo_company.questions import CODE, QUESTIONS, STAGES
from demo_company.records import Records


def _response_table(
    people: People,
    records: Records,
    company: Company,
    orders: Orders,
    cases: Cases,
    part: dict[str, np.ndarray],
    rng: np.random.Generator,
) -> Table:
    count, person = len(part["at"]), part["person"]
    record = np.where(person >= 0, people.anchor[np.maximum(person, 0)], -1)
    quiz = part["question"] == CODE["QUIZ_POINTS"]
    happy = part["score"] >= np.array([question[5] for question in QUESTIONS])[part["question"]] - 1
    comment = np.where(rng.random(count) < 0.06, rng.integers(0, len(words.GOOD_COMMENTS), count), -1)
    texts = where(happy, chosen(words.GOOD_COMMENTS, comment), chosen(words.BAD_COMMENTS, comment))
    order, case = part["order"], part["case"]
    return {
        "source_system": pa.repeat(pa.scalar("survey"), count),
        "response_id": numbered("S", part["response"], 9),
        "question_code": chosen([question[0] for question in QUESTIONS], part["question"]),
        "customer_source_system": chosen(
            SYSTEMS, np.where(record >= 0, people.record_system[np.maximum(record, 0)], -1)
        ),
        "source_customer_id": records.ids.take(pa.array(record, mask=record < 0)),
        "score": whole(part["score"], ~quiz),
        "seconds_taken": whole(rng.gamma(3, 9, count)),
        "is_correct": flags(part["score"] == 1, quiz),
        "comment": texts,
        "language": chosen(("zh", "en"), (part["response"] % 12 == 0).astype(int)),
        "touchpoint": chosen(("store_visit", "webshop", "app", "miniprogram", "hotline"), part["channel"]),
        "journey_stage": chosen(STAGES, part["stage"]),
        "channel": chosen(CHANNELS, part["channel"]),
        # Every other answer about an adviser names the adviser instead of the team.
        "org_unit_id": chosen(UNITS, np.where((part["employee"] >= 0) & (part["response"] % 2 == 0), -1, part["unit"])),
        "employee_id": chosen([line[0] for line in company.employees], part["employee"]),
        "order_source_system": chosen(
            ORDER_SYSTEMS, np.where(order >= 0, orders.bought.channel[np.maximum(order, 0)], -1)
        ),
        "order_id": only(order_ids(orders, np.maximum(order, 0)), order >= 0),
        "case_source_system": case_systems(cases, case) if len(cases) else pa.nulls(count, pa.string()),
        "case_id": case_ids(cases, case) if len(cases) else pa.nulls(count, pa.string()),
        "responded_at": times(part["at"]),
    }


def deliver_answers(
    landing: Landing,
    people: People,
    records: Records,
    company: Company,
    orders: Orders,
    cases: Cases,
    answers: dict[str, np.ndarray],
    large: bool,
    rng: np.random.Generator,
) -> int:
    """Monthly files of responses, some re-scored later; returns how many answers were corrected."""
    calendar = company.calendar
    edges = np.searchsorted(answers["at"], calendar.edges)
    rescored = 0
    for place in range(calendar.months):
        part = {name: values[edges[place] : edges[place + 1]] for name, values in answers.items()}
        if not len(part["at"]):
            continue
        table = _response_table(people, records, company, orders, cases, part, rng)
        last, day = place == calendar.months - 1, calendar.last_day(place).isoformat()
        bad = [
            {"response_id": "S999999901", "score": "N/A?", "reason": "bad_number"},
            {"response_id": "S999999902", "responded_at": "2099-12-31T10:00:00+08:00", "reason": "future"},
        ]
        style = Style("parquet") if large and not last else Style(compressed=place % 6 == 4)
        landing.deliver("survey_responses", f"survey_responses_{day}", table, style, bad if last else ())
        if place == 0:
            # A till had the scale upside down; the tool's export of that month's first answers was sent again, corrected.
            wrong = np.nonzero(part["question"] == CODE["CSAT_TX"])[0][: 3 + len(part["at"]) // 500]
            fixed = rows(table, wrong)
            fixed["score"] = whole(6 - part["score"][wrong])
            rescored = int((part["score"][wrong] != 3).sum())
            landing.deliver("survey_responses", f"survey_rescored_{calendar.correction_day.isoformat()}", fixed)
    return rescored


def deliver_invitations(
    landing: Landing,
    people: People,
    records: Records,
    company: Company,
    answers: dict[str, np.ndarray],
    large: bool,
    rng: np.random.Generator,
) -> None:
    """An invitation for each named response, and the unanswered ones; none while the tool was down."""
    _, first = np.unique(answers["response"], return_index=True)
    first = first[answers["person"][first] >= 0]
    unanswered = np.repeat(first, 2)
    source = np.concatenate([first, unanswered])
    sent = answers["at"][source] - rng.integers(600, 3 * DAY, len(source))
    sent[len(first) :] = np.clip(
        sent[len(first) :] + rng.integers(-9 * DAY, 9 * DAY, len(unanswered)),
        company.calendar.start,
        company.calendar.stop - 1,
    )
    person = answers["person"][source].copy()
    person[len(first) :] = person[len(first) :][rng.permutation(len(unanswered))]
    month = company.calendar.month_of(sent)
    kept = np.nonzero((month != company.outage) & (sent >= company.calendar.start))[0]
    kept = kept[np.lexsort((kept, sent[kept]))]
    answered, source, sent, person, month = kept < len(first), source[kept], sent[kept], person[kept], month[kept]
    record = people.anchor[person]
    table = {
        "source_system": pa.repeat(pa.scalar("survey"), len(kept)),
        "invitation_id": numbered("V", np.arange(1, len(kept) + 1), 9),
        "customer_source_system": chosen(SYSTEMS, people.record_system[record]),
        "source_customer_id": records.ids.take(pa.array(record)),
        "org_unit_id": chosen(UNITS, answers["unit"][source]),
        "touchpoint": chosen(("store_visit", "webshop", "app", "miniprogram", "hotline"), answers["channel"][source]),
        "sent_at": times(sent),
        "response_id": numbered("S", answers["response"][source], 9, answered),
    }
    for place in range(company.calendar.months):
        here = np.nonzero(month == place)[0]
        if len(here):
            name = f"survey_invitations_{company.calendar.last_day(place).isoformat()}"
            landing.deliver(
                "survey_invitations", name, rows(table, here), Style("parquet") if large else Style(times="utc")
            )
