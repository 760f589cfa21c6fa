"""Cells against targets: the target in force, attainment, verdict, colour, and a department's score."""

from datetime import UTC, date, datetime

import polars as pl

from .catalogue import KPIS, Kpi
from .company import Company
from .facts import Facts
from .periods import Period, period_of, periods
from .units import Tree

FULL, MOST = 100.0, 120.0
ENOUGH_WEIGHT = 70.0
SCORECARDS = {
    "org_unit_id": pl.String,
    "period_kind": pl.String,
    "period_start": pl.Date,
    "kpi_id": pl.String,
    "measured_org_unit_id": pl.String,
    "basis": pl.String,
    "value": pl.Float64,
    "n": pl.Int64,
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
    "threshold": pl.Float64,
    "target": pl.Float64,
    "stretch": pl.Float64,
    "weight": pl.Float64,
    "attainment": pl.Float64,
    "verdict": pl.String,
    "rag": pl.String,
    "reason": pl.String,
}
DEPARTMENT_SCORES = {
    "org_unit_id": pl.String,
    "period_kind": pl.String,
    "period_start": pl.Date,
    "score": pl.Float64,
    "scored_weight": pl.Float64,
    "rag": pl.String,
    "reason": pl.String,
}


def attainment(
    value: float, threshold: float | None, target: float, stretch: float | None, higher: bool = True
) -> float:
    """0 below the threshold, 0 → 100 up to the target, 100 → 120 up to the stretch; without a stretch at most 100."""
    sign = 1 if higher else -1
    v, goal = sign * value, sign * target
    floor = goal if threshold is None else sign * threshold
    if v < floor:
        return 0.0
    if v < goal:
        return FULL * (v - floor) / (goal - floor)
    top = goal if stretch is None else sign * stretch
    return FULL if top <= goal else min(MOST, FULL + (MOST - FULL) * (v - goal) / (top - goal))


def band_attainment(value: float, threshold: float, low: float, high: float, stretch: float) -> float:
    """100 from `low` to `high`, falling to 0 at `threshold` and `stretch`."""
    if low <= value <= high:
        return FULL
    edge, outer = (low, threshold) if value < low else (high, stretch)
    return max(0.0, FULL * (value - outer) / (edge - outer)) if edge != outer else 0.0


def band_verdict(value: float, low: float | None, high: float | None, inner: tuple[float, float]) -> str:
    """met where the whole interval (without one: the value) lies within the inner bounds, missed where all lies outside."""
    worst, best = (value, value) if low is None or high is None else (low, high)
    if inner[0] <= worst and best <= inner[1]:
        return "met"
    return "missed" if best < inner[0] or worst > inner[1] else "uncertain"


def verdict(value: float, low: float | None, high: float | None, target: float, higher: bool = True) -> str:
    """met or missed where the whole interval lies on one side of the target (without one: the value), else uncertain."""
    bounds = (value, value) if low is None or high is None else (low, high)
    worst, best = bounds if higher else (-bounds[1], -bounds[0])
    goal = target if higher else -target
    return "met" if worst >= goal else "missed" if best < goal else "uncertain"


def measured_unit(unit: str, period: Period, tree: Tree, company: Company, sells: set[tuple[str, str, date]]) -> str:
    """Whose value a unit's scorecard shows: its own subtree's or the company's, by its function on the period's last day."""
    row = tree.version(unit, date.fromordinal(period.end.toordinal() - 1))
    scope = company.scopes.get((row or {}).get("function") or "", "own_subtree")
    own = scope == "own_subtree" or (scope == "own_subtree_if_it_sells" and (unit, period.kind, period.start) in sells)
    return unit if own else tree.root


def applicable(targets: pl.DataFrame, period: Period, company: Company) -> pl.DataFrame:
    """Of each (unit, KPI) the latest target agreed before the period ended that spans the whole period; weight > 0 only."""
    ongoing = pl.col("period_end").is_null() | (pl.col("period_end") >= date.fromordinal(period.end.toordinal() - 1))
    agreed = pl.col("agreed_at") < company.midnight(period.end).astimezone(UTC)
    return (
        targets.filter(agreed & ongoing & (pl.col("period_start") <= period.start))
        .sort("org_unit_id", "kpi_id", "agreed_at", "period_start")
        .unique(["org_unit_id", "kpi_id"], keep="last", maintain_order=True)
        .filter(pl.col("weight") > 0)
    )


def scorecards(
    values: pl.DataFrame,
    signals: pl.DataFrame,
    targets: pl.DataFrame,
    facts: Facts,
    company: Company,
    as_of: datetime,
    kpis: set[str],
) -> pl.DataFrame:
    """A row per complete period, unit and KPI with an applicable target, in the columns of the published scorecards."""
    key = ("kpi_id", "org_unit_id", "period_kind", "period_start")
    # Whoever checks a card has the published numbers, and those are rounded.
    rounded = values.with_columns(pl.col("value", "ci_low", "ci_high").round(9))
    unsliced = _by_key(rounded.filter(pl.col("slice_dimension") == "all"), key)
    outside = _by_key(rounded.filter(slice_dimension="campaign", slice_value="outside"), key)
    # Counting orders are what complaint_rate counts: a unit sells in a period where that KPI has a cell.
    sells = {key[1:] for key in unsliced if key[0] == "complaint_rate"}
    welcome = _welcome(unsliced, signals)
    rows = []
    for period in periods(facts.event_days):
        if period.end > company.day(as_of):
            continue
        for goal in applicable(targets, period, company).iter_rows(named=True):
            unit, kpi_id = goal["org_unit_id"], goal["kpi_id"]
            kpi = KPIS[kpi_id] if kpi_id in kpis else None
            measured = measured_unit(unit, period, facts.tree, company, sells)
            if kpi and kpi.company_only:
                measured = facts.tree.root
            place = (measured, period.kind, period.start)
            cell, free = unsliced.get((kpi_id, *place), {}), outside.get((kpi_id, *place))
            chosen = bool(free and kpi and free["status"] == "shown" and free[kpi.floor_counts] >= kpi.scored_floor)
            named = (unit, period.kind, period.start, kpi_id, measured, "outside_campaigns" if chosen else "all")
            rows.append((*named, *_card(free if chosen and free else cell, goal, kpi, place in welcome)))
    keys = ["org_unit_id", "period_kind", "period_start", "kpi_id"]
    return pl.DataFrame(rows, schema=SCORECARDS, orient="row").sort(keys)


def _by_key(values: pl.DataFrame, key: tuple[str, ...]) -> dict[tuple, dict]:
    return {tuple(cell[name] for name in key): cell for cell in values.iter_rows(named=True)}


def _welcome(unsliced: dict[tuple, dict], signals: pl.DataFrame) -> set[tuple]:
    """(unit, period kind, start) in which as much feedback came as is usual in the period's last month."""
    usual = {
        (unit, month): centre
        for unit, month, centre in signals.filter(kpi_id="feedback_welcome")
        .drop_nulls("centre")
        .select("org_unit_id", "period_start", "centre")
        .iter_rows()
    }
    found = set()
    for (kpi_id, unit, kind, start), cell in unsliced.items():
        if kpi_id != "feedback_welcome" or cell["status"] != "shown":
            continue
        last_month = date.fromordinal(period_of(kind, start).end.toordinal() - 1).replace(day=1)
        if (unit, last_month) in usual and cell["value"] >= usual[unit, last_month]:
            found.add((unit, kind, start))
    return found


def _card(cell: dict, goal: dict, kpi: Kpi | None, is_welcome: bool) -> tuple:
    marks = ("threshold", "target", "stretch", "band_low", "band_high")
    threshold, target, stretch, low, high = (None if goal[mark] is None else goal[mark] / 10_000 for mark in marks)
    shown = (cell.get("value"), cell.get("n"), cell.get("ci_low"), cell.get("ci_high"))
    shown += (threshold, target, stretch, goal["weight"] / 1_000)
    band = None
    if threshold is not None and low is not None and high is not None and stretch is not None:
        band = (threshold, low, high, stretch)
    is_band = kpi is not None and kpi.higher_is_better is None
    reason = None
    if kpi is None:
        reason = "not_computed"
    elif kpi.guardrail:
        reason = "guardrail"
    elif (band if is_band else target) is None:
        reason = "no_target"
    elif not cell:
        reason = "no_value"
    elif cell["status"] == "hidden":
        reason = "hidden"
    elif cell[kpi.floor_counts] < kpi.scored_floor:
        reason = "below_floor"
    if reason or kpi is None:
        return (*shown, None, "not_scored", "grey", reason)
    bounds = (cell["ci_low"], cell["ci_high"])
    if kpi.higher_is_better is None and band:
        reached = band_attainment(cell["value"], *band)
        judged = band_verdict(cell["value"], *bounds, band[1:3])
    else:
        reached = attainment(cell["value"], threshold, target or 0.0, stretch, bool(kpi.higher_is_better))
        judged = verdict(cell["value"], *bounds, target or 0.0, bool(kpi.higher_is_better))
    if goal["kpi_id"] == "complaint_rate" and not is_welcome:
        # Fewer complaints than agreed count in full and no more, unless feedback stayed as welcome as it is.
        reached = min(FULL, reached)
    rag = "green" if reached >= FULL else "red" if reached == 0 or judged == "missed" else "amber"
    return (*shown, reached, judged, rag, None)


def department_scores(cards: pl.DataFrame) -> pl.DataFrame:
    """Weighted attainment of each unit and period over what was scored; no score where that is less than 70 % of the weight."""
    unit = ["org_unit_id", "period_kind", "period_start"]
    rows = []
    for key, group in cards.group_by(unit):
        pairs = [(w, a) for w, a in group.select("weight", "attainment").iter_rows() if a is not None]
        scored_weight = sum(weight for weight, _ in pairs)
        agreed = sum(group["weight"].to_list())
        share = 100 * scored_weight / (agreed if agreed >= 99.99 else 100)
        if share < ENOUGH_WEIGHT:
            rows.append((*key, None, share, "grey", "too_little_weight"))
            continue
        score = sum(weight * reached for weight, reached in pairs) / scored_weight
        rows.append((*key, score, share, "green" if score >= FULL else "amber" if score > 0 else "red", None))
    return pl.DataFrame(rows, schema=DEPARTMENT_SCORES, orient="row").sort(unit)
