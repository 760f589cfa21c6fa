"""`org_units`, `employees`, `reviews`, `field_notes`, `employee_survey`: what people keep by hand about themselves."""

from datetime import datetime

import numpy as np
import pyarrow as pa

from demo_company import words
from demo_company.clock import OFFSET, day_number, midnight
from demo_company.columns import DAY, chosen, dates, numbered, times, whole
from demo_company.company import DEPARTMENTS, MOVED_TO, STORES, TEAMS, UNITS, Company
from demo_company.delivery import Landing, Style


def org_lines(company: Company) -> list[tuple]:
    """Rows of `org_units`: company, departments, teams, stores; one store changes its parent, one closes."""
    since = company.calendar.firsts[0].replace(month=1, day=1)
    since = since.replace(year=since.year - 3)
    lines: list[tuple] = [("HQ", since, None, None, "company", None, "Cloud & Pine Home", "云松生活")]
    lines += [(unit, since, None, "HQ", "department", unit, *names) for unit, names in DEPARTMENTS.items()]
    lines += [(team, since, None, parent, "team", parent, *names) for team, (parent, *names) in TEAMS.items()]
    for store, english, chinese, *_ in STORES:
        if store == "0109":
            lines.append((store, since, company.moved_on, "STO", "store", "STO", english, chinese))
            lines.append((store, company.moved_on, None, MOVED_TO, "store", MOVED_TO, english, chinese))
        else:
            stop = company.closed_on if store == "0111" else None
            lines.append((store, since, stop, "STO", "store", "STO", english, chinese))
    return lines


def deliver_organisation(landing: Landing, company: Company, rng: np.random.Generator) -> None:
    """org_units (XLSX), employees, reviews, field_notes (XLSX), employee_survey."""
    header = ("org_unit_id", "valid_from", "valid_to", "parent_org_unit_id", "kind", "function", "name_en", "name_zh")
    landing.sheet("org_units", f"org_units_{company.calendar.firsts[-2].isoformat()}", header, org_lines(company))
    _employees(landing, company, rng)
    _reviews(landing, company, rng)
    _notes(landing, company, rng)
    _employee_survey(landing, company, rng)


def _employees(landing: Landing, company: Company, rng: np.random.Generator) -> None:
    lines = company.employees
    number = np.array([int(line[0][1:]) for line in lines])
    draw = rng.integers(0, 10**6, number.max() + 1)[number]
    surname, given = draw % len(words.SURNAMES), draw // 7 % len(words.GIVEN)
    name = [words.SURNAMES[s] + words.GIVEN[g] for s, g in zip(surname, given, strict=True)]
    mail = [
        f"{words.GIVEN_PINYIN[g]}.{words.SURNAMES_PINYIN[s].lower()}{n}@cloudpine.example"
        for s, g, n in zip(surname, given, number, strict=True)
    ]
    stops = np.array([day_number(line[2]) if line[2] else 0 for line in lines])
    table = {
        "employee_id": pa.array([line[0] for line in lines]),
        "valid_from": dates(np.array([day_number(line[1]) for line in lines])),
        "valid_to": dates(stops, stops > 0),
        "hris_id": numbered("00", number, 6),
        "name": pa.array(name),
        "email": pa.array(mail),
        "org_unit_id": chosen(UNITS, np.array([line[3] for line in lines])),
        "role": pa.array([line[4] for line in lines]),
    }
    landing.deliver(
        "employees", f"hris_employees_{company.calendar.last_day(-1 + company.calendar.months).isoformat()}", table
    )


def _reviews(landing: Landing, company: Company, rng: np.random.Generator) -> None:
    calendar, lines = company.calendar, []
    for unit in DEPARTMENTS:
        for month in range(calendar.months):
            due = midnight(calendar.firsts[month]) + 10 * DAY + 18 * 3600
            held = due - int(rng.integers(-4, 9)) * DAY
            lines.append(
                (
                    f"REV-{unit}-{calendar.firsts[month]:%Y%m}",
                    unit,
                    "quarterly" if month % 3 == 2 else "monthly",
                    due,
                    held,
                )
            )
    held = np.array([line[4] for line in lines])
    table = {
        "review_id": pa.array([line[0] for line in lines]),
        "org_unit_id": pa.array([line[1] for line in lines]),
        "kind": pa.array([line[2] for line in lines]),
        "due_at": times(np.array([line[3] for line in lines])),
        "held_at": times(held, (held < calendar.stop) & (rng.random(len(held)) < 0.95)),
    }
    landing.deliver(
        "reviews", f"reviews_{calendar.last_day(calendar.months - 1).isoformat()}", table, Style(times="local")
    )


def _local(seconds: int) -> datetime:
    return datetime.fromisoformat(str(np.datetime64(int(seconds) + OFFSET, "s")))


def _notes(landing: Landing, company: Company, rng: np.random.Generator) -> None:
    calendar = company.calendar
    header = ("note_id", "noted_at", "journey_stage", "touchpoint", "theme", "text", "customer_segment", "author_role")
    count = max(len(words.NOTES), 8 * calendar.months)
    at = np.sort(rng.integers(calendar.start, calendar.stop, count))
    lines = []
    for place in range(count):
        stage, touchpoint, theme, text = words.NOTES[int(rng.integers(0, len(words.NOTES)))]
        segment, role = ("members", "new", None)[place % 3], ("store_adviser", "agent", "researcher")[place % 3]
        lines.append((f"N{place + 1:05d}", _local(at[place]), stage, touchpoint, theme, text, segment, role))
    lines.append((f"N{count + 1:05d}", "#REF!", "problem", "call", "promise", "日期的单元格坏了。", None, "agent"))
    path = landing.sheet(
        "field_notes", f"field_notes_{calendar.last_day(calendar.months - 1).isoformat()}", header, lines
    )
    landing.bad_rows.append({"dataset": "field_notes", "path": path, "column": "noted_at", "reason": "excel_error"})


def _employee_survey(landing: Landing, company: Company, rng: np.random.Generator) -> None:
    calendar = company.calendar
    months = [month for month in range(calendar.months) if month % 6 == 2] or [calendar.months - 1]
    at = np.sort(np.concatenate([calendar.edges[month] + rng.integers(9 * DAY, 16 * DAY, 90) for month in months]))
    units = [*DEPARTMENTS, *TEAMS]
    table = {
        "response_id": numbered("ES", np.arange(1, len(at) + 1), 6),
        "question_code": pa.repeat(pa.scalar("ENPS"), len(at)),
        "org_unit_id": chosen(units, rng.integers(-1, len(units), len(at))),
        "score": whole(np.clip(np.rint(rng.normal(7.8, 1.8, len(at))), 0, 10)),
        "comment": chosen(
            ("排班早点出就好了", "Good team.", "系统太多,要反复登录"),
            np.where(rng.random(len(at)) < 0.2, rng.integers(0, 3, len(at)), -1),
        ),
        "responded_at": times(at),
    }
    landing.deliver("employee_survey", f"employee_survey_{calendar.last_day(calendar.months - 1).isoformat()}", table)
