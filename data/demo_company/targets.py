"""`targets`: what HR and the heads agreed for each unit and quarter, near the level that the company truly has."""

from datetime import date, datetime, time, timedelta

import numpy as np

from demo_company.cases import COMPLAINT, Cases
from demo_company.clock import OFFSET, day_number, midnight, next_month
from demo_company.columns import DAY
from demo_company.company import DEPARTMENTS, UNIT_CODE, UNITS, Company
from demo_company.delivery import Landing
from demo_company.goals import AMBITION, BANDS, EXPECTED_OF_UNIT, GOALS, MONEY, WEIGHTS
from demo_company.orders import Orders
from demo_company.questions import QUESTIONS


def quarters(company: Company) -> list[date]:
    """First days of all quarters that hold a covered month."""
    return sorted({date(first.year, (first.month - 1) // 3 * 3 + 1, 1) for first in company.calendar.firsts[:-1]})


def true_levels(
    company: Company, orders: Orders, cases: Cases, answers: dict[str, np.ndarray]
) -> dict[str, dict[str, float]]:
    """Unit → KPI → level over all covered time, as the generator sees it (close to, not equal to, the published KPI)."""
    order_unit, answer_unit = orders.bought.unit, answers["unit"]
    department = {
        "order": _departments(company, order_unit, orders.bought.at),
        "answer": _departments(company, answer_unit, answers["at"]),
    }
    measures = np.array([question[1] + "/" + str(question[3]) for question in QUESTIONS])[answers["question"]]
    nps, csat = measures == "nps/relationship", measures == "csat/transaction"
    complaint = np.zeros(len(orders))
    complaint[cases.order[cases.kind == COMPLAINT]] = 1  # however often and wherever it was voiced
    retention = _retention(company, orders)
    levels: dict[str, dict[str, float]] = {}
    for unit in WEIGHTS:
        wide = unit in ("HQ", "MKT", "SAL", "PRD", "LOY")
        code = -1 if wide else UNIT_CODE[unit]
        here = np.ones(len(orders), bool) if wide else (order_unit == code) | (department["order"] == code)
        said = np.ones(len(answer_unit), bool) if wide else (answer_unit == code) | (department["answer"] == code)
        levels[unit] = {
            "nps_relationship": _mean((answers["score"] >= 9) * 100.0 - (answers["score"] <= 6) * 100.0, said & nps),
            "csat_t2b": _mean((answers["score"] >= 4) * 100.0, said & csat),
            "retention_rolling": retention,
            "complaint_rate": 1_000 * float(complaint[here].sum()) / max(1, int((here & orders.counts).sum())),
        }
    return levels


def _mean(values: np.ndarray, mask: np.ndarray) -> float:
    return float(values[mask].mean()) if mask.sum() >= 30 else float("nan")


def _departments(company: Company, unit: np.ndarray, at: np.ndarray) -> np.ndarray:
    codes = np.empty(len(unit), dtype=np.int64)
    for code in np.unique(unit):
        here = unit == code
        codes[here] = company.unit_department(int(code), at[here])
    return codes


def _retention(company: Company, orders: Orders) -> float:
    calendar, shares = company.calendar, []
    seen = orders.counts & (orders.record >= 0)
    person, day = orders.bought.person[seen], (orders.bought.at[seen] + OFFSET) // DAY
    for first in calendar.firsts:
        stop = day_number(first)
        if midnight(first) - 180 * DAY >= calendar.start:
            before = np.unique(person[(day >= stop - 180) & (day < stop - 90)])
            after = np.unique(person[(day >= stop - 90) & (day < stop)])
            shares.append(100 * np.isin(before, after).mean() if len(before) else np.nan)
    return float(np.mean(shares)) if shares else float("nan")


def target_lines(company: Company, levels: dict[str, dict[str, float]]) -> list[tuple]:
    """Rows of `targets`, and one more that was revised only after its quarter had ended."""
    lines = []
    starts = quarters(company)
    for place, start in enumerate(starts):
        stop = next_month(start, 3) - timedelta(days=1)
        agreed = datetime.combine(start - timedelta(days=20), time(10, 0))
        for row, (unit, weights) in enumerate(WEIGHTS.items()):
            for column, (kpi, weight) in enumerate(weights.items()):
                if kpi in BANDS:
                    band = BANDS[kpi]
                    bounds = (band.threshold, None, band.stretch, band.band_low, band.band_high)
                else:
                    ambition = AMBITION[(place + row + column) % len(AMBITION)]
                    level = levels[unit].get(kpi, EXPECTED_OF_UNIT.get((unit, kpi), float("nan")))
                    bounds = (*_goal(kpi, level, ambition), None, None)
                lines.append((unit, kpi, start, agreed, stop, *bounds, weight, f"HR / {UNITS_NAMED[unit]}", None))
    middle = starts[max(0, (len(starts) - 1) // 2)]
    old = next(line for line in lines if line[:3] == ("STO", "csat_t2b", middle))
    late = datetime.combine(next_month(middle, 3) + timedelta(days=12), time(16, 30))
    softer = tuple(round(value - 5, 1) for value in old[5:8])
    lines.append((*old[:3], late, old[4], *softer, *old[8:12], "Lowered after the quarter had ended"))
    return lines


def _goal(kpi: str, level: float, ambition: float) -> tuple[float, float, float]:
    """Threshold, target and stretch near the level, or near what is expected where that is unknown."""
    expected, bad, good = GOALS[kpi]
    level = expected if np.isnan(level) else level
    target = round(level + ambition * bad / 6, 1)
    if bad < 0:
        target = max(target, 1.0)
    best = max(target + good, 0.0) if bad < 0 else target + good
    return round(target - bad, 1), target, round(best if kpi in MONEY else min(best, 100.0), 1)


UNITS_NAMED = {"HQ": "Managing director"} | {
    unit: f"Head of {DEPARTMENTS[unit][0] if unit in DEPARTMENTS else 'store ' + unit}" for unit in UNITS
}


def deliver_targets(landing: Landing, company: Company, levels: dict[str, dict[str, float]]) -> None:
    """One workbook of all targets."""
    header = (
        "org_unit_id", "kpi_id", "period_start", "agreed_at", "period_end", "threshold", "target", "stretch",
        "band_low", "band_high", "weight", "agreed_by", "note",
    )  # fmt: skip
    landing.sheet(
        "targets", f"targets_{company.calendar.firsts[-2].isoformat()}", header, target_lines(company, levels)
    )
