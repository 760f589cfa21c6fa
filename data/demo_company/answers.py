"""What people say, driven by what they truly feel and by how well the unit treats them."""

from dataclasses import dataclass, field

import numpy as np

from demo_company.cases import (
    COMPLAINT,
    Cases,
)
from demo_company.columns import DAY
from demo_company.company import CS_UNITS, UNIT_CODE, Company
from demo_company.contacts import Contacts
from demo_company.orders import COMPLETED, Orders
from demo_company.people import People
from demo_company.purchases import Purchases
from demo_company.quality import quality, score
from demo_company.questions import CODE, QUESTIONS, STAGES

About = dict[str, np.ndarray]
# The rules of the programme are hard to read.
WEAKEST_TRUST_FACTOR = "transparency"


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
        place = CODE[question]
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
        "stage": np.full(len(at), STAGES.index(stage)),
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
            weaker = 0.6 * (item == WEAKEST_TRUST_FACTOR)
            answers.ask(about, code, long_form, 3.7 + 0.5 * mood - weaker, 0.8, rng)
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
