"""`survey_questions`, `survey_responses` and `survey_invitations`: what people say, driven by what they truly feel."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from demo_company import words
from demo_company.clock import day_of
from demo_company.columns import DAY, Table, chosen, flags, numbered, rows, times, where, whole
from demo_company.company import CHANNELS, CS_UNITS, ORDER_SYSTEMS, SYSTEMS, UNIT_CODE, UNITS, Company
from demo_company.delivery import Landing, Style
from demo_company.orders import COMPLETED, Orders, order_ids
from demo_company.people import People
from demo_company.purchases import Purchases
from demo_company.quality import quality, score
from demo_company.records import Records
from demo_company.service import COMPLAINT, Cases, Contacts, case_ids, case_systems

# code, measures, item, occasion, low, high, polarity, English, Chinese
QUESTIONS = (
    ("NPS_REL", "nps", "overall", "relationship", 0, 10, "higher_is_better", "How likely are you to recommend us to a friend?", "您有多大可能把我们推荐给朋友?"),
    ("NPS_TX", "nps", "overall", "transaction", 0, 10, "higher_is_better", "After this visit, how likely are you to recommend us?", "就这次体验,您有多大可能推荐我们?"),
    ("CSAT_TX", "csat", "overall", "transaction", 1, 5, "higher_is_better", "How satisfied are you with this purchase?", "您对这次购买满意吗?"),
    ("CSAT_SVC", "csat", "overall", "transaction", 1, 5, "higher_is_better", "How satisfied are you with our service?", "您对这次服务满意吗?"),
    ("CSAT_CC", "csat", "overall", "complaint_closure", 1, 5, "higher_is_better", "How satisfied are you with how we handled your complaint?", "您对投诉处理满意吗?"),
    ("CES_EASE", "ces", "overall", "transaction", 1, 7, "higher_is_better", "It was easy to get my issue solved.", "解决问题很容易。"),
    ("CES_EFFORT", "ces", "overall", "transaction", 1, 7, "lower_is_better", "How much effort did it take you?", "您费了多大力气?"),
    *((f"TRUST_{item[:3].upper()}", "trust", item, "relationship", 1, 5, "higher_is_better", f"Trust: {item}", f"信任:{zh}") for item, zh in (("humanity", "人情味"), ("transparency", "透明"), ("capability", "能力"), ("reliability", "可靠"))),
    *((f"SAT_{place}", "satisfaction_index", item, "relationship", 1, 10, "higher_is_better", f"Satisfaction: {item}", f"满意度:{zh}") for place, (item, zh) in enumerate((("overall", "总体"), ("vs_expectation", "与期望相比"), ("vs_ideal", "与理想相比")), 1)),
    *((f"VAL_B{place}", "benefit", item, "relationship", 1, 7, "higher_is_better", f"Benefit: {item}", f"利益:{zh}") for place, (item, zh) in enumerate((("functional", "功能"), ("emotional", "情感"), ("identity", "认同"), ("learning", "学习")), 1)),
    *((f"VAL_C{place}", "cost", item, "relationship", 1, 7, "lower_is_better", f"Cost: {item}", f"成本:{zh}") for place, (item, zh) in enumerate((("economic", "金钱"), ("time", "时间"), ("mental", "精力"), ("risk", "风险")), 1)),
    ("PERS", "personalisation", "customisability", "transaction", 1, 5, "higher_is_better", "It felt made for me.", "感觉是为我定制的。"),
    ("QUIZ_POINTS", "rule_quiz", "transparency", "relationship", 0, 1, "higher_is_better", "When do points expire?", "积分什么时候过期?"),
    ("ENPS", "nps", "overall", None, 0, 10, "higher_is_better", "How likely are you to recommend working here?", "您有多大可能推荐朋友来这里工作?"),
)  # fmt: skip
_CODE = {question[0]: place for place, question in enumerate(QUESTIONS)}
_STAGES = ("awareness", "search", "compare", "order", "receipt", "use", "problem", "repeat_recommend")


About = dict[str, np.ndarray]


@dataclass
class Answers:
    """One entry per answer (response × question), grown in parts and then sorted by time.

    Attributes:
        response: number of the response. question: position in QUESTIONS. person, unit: codes (person −1: anonymous).
        score: the answer. at: UTC seconds. order, case: positions, −1 for none. stage: journey stage code.
        channel: code in CHANNELS. seconds: time taken.
    """

    parts: list[dict[str, np.ndarray]] = field(default_factory=list)
    responses: int = 0

    def number(self, count: int) -> np.ndarray:
        """`count` new response numbers."""
        self.responses += count
        return np.arange(self.responses - count, self.responses) + 1

    def ask(
        self,
        about: About,
        question: str,
        given: np.ndarray,
        centre: np.ndarray,
        spread: float,
        rng: np.random.Generator,
    ) -> None:
        """Append the answers to one question by those responses for which the mask `given` holds."""
        place = _CODE[question]
        low, high = QUESTIONS[place][4:6]
        part = {name: value[given] for name, value in about.items()}
        part["question"] = np.full(len(part["at"]), place)
        part["score"] = score(centre[given], spread, low, high, rng)
        self.parts.append(part)


def _about(
    answers: Answers,
    person: np.ndarray,
    unit: np.ndarray,
    at: np.ndarray,
    channel: np.ndarray,
    stage: str,
    order: np.ndarray | None = None,
    case: np.ndarray | None = None,
    employee: np.ndarray | None = None,
) -> About:
    """What is common to all answers of each response; −1 stands for none."""
    nothing = np.full(len(at), -1)
    return {
        "response": answers.number(len(at)),
        "person": person,
        "unit": unit,
        "at": at,
        "channel": channel,
        "stage": np.full(len(at), _STAGES.index(stage)),
        "order": nothing if order is None else order,
        "case": nothing if case is None else case,
        "employee": nothing if employee is None else employee,
    }


def _relationship(
    answers: Answers, people: People, company: Company, bought: Purchases, rng: np.random.Generator
) -> None:
    """Surveys on the whole relationship: sent to people who bought lately, some anonymous at a counter or after a call."""
    asked = np.nonzero(rng.random(len(bought.at)) < 0.09)[0]
    cs = np.nonzero(rng.random(len(bought.at)) < 0.014)[0]
    # Human resources are asked about by a handful of people, however large the company.
    quiet = company.calendar.month_of(bought.at + 2 * DAY) == company.outage
    met_hr = np.nonzero(~quiet & (bought.at + 2 * DAY < company.calendar.stop))[0]
    hr = met_hr[:: max(400, len(met_hr) // 20 + 1)]
    order = np.concatenate([asked, cs, hr])
    group = np.repeat([0, 1, 2], [len(asked), len(cs), len(hr)])
    wait = np.where(group == 0, rng.integers(3 * DAY, 40 * DAY, len(order)), group * DAY)
    at = bought.at[order] + wait
    order, group, at = (values[at < company.calendar.stop] for values in (order, group, at))
    truth = bought.person[order]
    team = np.where(rng.random(len(order)) < 0.5, *(UNIT_CODE[name] for name in CS_UNITS))
    unit = np.choose(group, [bought.unit[order], team, np.full(len(order), UNIT_CODE["HR"])])
    person = np.where((group > 0) | (rng.random(len(order)) < 0.12), -1, truth)
    about = _about(answers, person, unit, at, bought.channel[order], "repeat_recommend")
    mood = people.attitude[truth] + 0.8 * quality(company, unit, at)
    answers.ask(about, "NPS_REL", np.ones(len(order), dtype=bool), 8.15 + 1.35 * mood, 1.3, rng)
    long_form = rng.random(len(order)) < 0.35
    for code, measures, item, *_ in QUESTIONS:
        if measures == "trust":
            # Transparency is the weakest of the four: the rules of the programme are hard to read.
            answers.ask(about, code, long_form, 3.7 + 0.5 * mood - 0.6 * (item == "transparency"), 0.8, rng)
        elif measures == "satisfaction_index":
            answers.ask(about, code, long_form, 7.6 + 1.1 * mood - 0.4 * (item == "vs_ideal"), 1.2, rng)
        elif measures == "benefit":
            # Now and then somebody leaves an item out, and the battery is incomplete.
            answers.ask(about, code, long_form & (rng.random(len(order)) < 0.99), 5.2 + 0.7 * mood, 1.0, rng)
        elif measures == "cost":
            answers.ask(about, code, long_form, 3.0 - 0.5 * mood, 1.1, rng)
        elif measures == "rule_quiz":
            answers.ask(about, code, long_form, np.full(len(order), 0.55), 0.4, rng)


def _transactions(answers: Answers, people: People, company: Company, orders: Orders, rng: np.random.Generator) -> None:
    """Short surveys after an order."""
    bought = orders.bought
    order = np.nonzero((orders.status == COMPLETED) & (rng.random(len(orders)) < 0.085))[0]
    at = np.maximum(orders.done[order], bought.at[order]) + rng.integers(3600, 4 * DAY, len(order))
    order, at = order[at < company.calendar.stop], at[at < company.calendar.stop]
    truth, unit, channel = bought.person[order], bought.unit[order], bought.channel[order]
    person = np.where((orders.record[order] < 0) | (rng.random(len(order)) < 0.1), -1, truth)
    mood = 0.5 * people.attitude[truth] + quality(company, unit, at)
    about = _about(answers, person, unit, at, channel, "receipt", order)
    for code, share, centre, spread in (
        ("CSAT_TX", 1.0, 4.15 + mood, 0.75),
        ("NPS_TX", 0.5, 8.1 + 1.5 * mood, 1.5),
        ("CES_EASE", 0.3, 5.4 + mood, 1.1),
        ("PERS", 0.25, 3.5 + mood, 0.9),
    ):
        answers.ask(about, code, rng.random(len(order)) < share, centre, spread, rng)


def _service(
    answers: Answers,
    people: People,
    company: Company,
    orders: Orders,
    cases: Cases,
    contacts: Contacts,
    rng: np.random.Generator,
) -> None:
    """Surveys after a talk with a person, and after a complaint was closed."""
    bought = orders.bought
    talk = np.nonzero((contacts.handled_by == 2) & (contacts.case < 0) & (rng.random(len(contacts)) < 0.2))[0]
    closed = np.nonzero((cases.resolved < company.calendar.stop) & (rng.random(len(cases)) < 0.35))[0]
    nobody = np.full(len(talk), -1)
    for order, at, unit, employee, record, case in (
        (
            contacts.order[talk],
            contacts.at[talk],
            contacts.unit[talk],
            contacts.employee[talk],
            contacts.record[talk],
            nobody,
        ),
        (
            cases.order[closed],
            cases.resolved[closed],
            cases.unit[closed],
            cases.employee[closed],
            cases.record[closed],
            closed,
        ),
    ):
        at = at + rng.integers(900, 2 * DAY, len(at))
        kept = at < company.calendar.stop
        order, at, unit, employee, record, case = (values[kept] for values in (order, at, unit, employee, record, case))
        truth = bought.person[order]
        person = np.where((record < 0) | (rng.random(len(order)) < 0.15), -1, truth)
        about = _about(answers, person, unit, at, bought.channel[order], "problem", None, case, employee)
        complaint = _is_complaint(cases, case)
        mood = 0.4 * people.attitude[truth] + quality(company, unit, at) - 0.7 * complaint
        answers.ask(about, "CSAT_CC", complaint, 4.1 + mood, 1.0, rng)
        answers.ask(about, "CSAT_SVC", ~complaint, 4.1 + mood, 0.8, rng)
        answers.ask(about, "CES_EFFORT", rng.random(len(order)) < 0.5, 2.9 - mood, 1.2, rng)


def _is_complaint(cases: Cases, case: np.ndarray) -> np.ndarray:
    found = np.zeros(len(case), dtype=bool)
    found[case >= 0] = cases.kind[case[case >= 0]] == COMPLAINT
    return found


def build_answers(
    people: People, company: Company, orders: Orders, cases: Cases, contacts: Contacts, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """All answers sorted by time, without those of the month in which the survey tool was down."""
    answers = Answers()
    _relationship(answers, people, company, orders.bought, rng)
    _transactions(answers, people, company, orders, rng)
    _service(answers, people, company, orders, cases, contacts, rng)
    merged = {name: np.concatenate([part[name] for part in answers.parts]) for name in answers.parts[0]}
    kept = company.calendar.month_of(merged["at"]) != company.outage
    merged = {name: values[kept] for name, values in merged.items()}
    order = np.lexsort((merged["question"], merged["response"], merged["at"]))
    return {name: values[order] for name, values in merged.items()}


def deliver_questions(landing: Landing) -> None:
    """The questions, in one hand-kept file."""
    names = (
        "question_code",
        "measures",
        "item",
        "occasion",
        "scale_min",
        "scale_max",
        "polarity",
        "text_en",
        "text_zh",
    )
    table = {name: pa.array([question[place] for question in QUESTIONS]) for place, name in enumerate(names)}
    landing.deliver("survey_questions", "survey_questions", table)


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
    quiz = part["question"] == _CODE["QUIZ_POINTS"]
    happy = part["score"] >= np.array([question[5] for question in QUESTIONS])[part["question"]] - 1
    comment = np.where(rng.random(count) < 0.06, rng.integers(0, len(words.GOOD_COMMENTS), count), -1)
    texts = where(happy, chosen(words.GOOD_COMMENTS, comment), chosen(words.BAD_COMMENTS, comment))
    order, case = part["order"], part["case"]
    order_text = order_ids(orders, np.maximum(order, 0)).take(pa.array(np.arange(count), mask=order < 0))
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
        "journey_stage": chosen(_STAGES, part["stage"]),
        "channel": chosen(CHANNELS, part["channel"]),
        # Every other answer about an adviser names the adviser instead of the team.
        "org_unit_id": chosen(UNITS, np.where((part["employee"] >= 0) & (part["response"] % 2 == 0), -1, part["unit"])),
        "employee_id": chosen([line[0] for line in company.employees], part["employee"]),
        "order_source_system": chosen(
            ORDER_SYSTEMS, np.where(order >= 0, orders.bought.channel[np.maximum(order, 0)], -1)
        ),
        "order_id": order_text,
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
            wrong = np.nonzero(part["question"] == _CODE["CSAT_TX"])[0][: 3 + len(part["at"]) // 500]
            fixed = rows(table, wrong)
            fixed["score"] = whole(6 - part["score"][wrong])
            rescored = int((part["score"][wrong] != 3).sum())
            landing.deliver("survey_responses", f"survey_rescored_{day_of(calendar.stop // DAY).isoformat()}", fixed)
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
