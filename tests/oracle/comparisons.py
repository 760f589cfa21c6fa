"""Units beside their siblings: funnel limits, false discoveries, and values drawn towards the others'."""

from datetime import date
from math import exp, log, sqrt

import numpy as np
import polars as pl
from scipy.optimize import minimize
from scipy.special import betaln, digamma
from scipy.stats import norm

from .catalogue import CATALOGUE, Kpi
from .facts import Facts
from .intervals import Sums, adj_wald, effective_n, poisson, ratio, wilson

KPI_COMPARISONS = {
    "kpi_id": pl.String,
    "period_kind": pl.String,
    "period_start": pl.Date,
    "org_unit_id": pl.String,
    "parent_org_unit_id": pl.String,
    "n": pl.Int64,
    **dict.fromkeys(("value", "shrunk_value", "centre"), pl.Float64),
    **{f"{end}_{level}": pl.Float64 for level in ("95", "999") for end in ("lower", "upper")},
    **dict.fromkeys(("p_value", "q_value"), pl.Float64),
    "verdict": pl.String,
}
_KEY = ["kpi_id", "org_unit_id", "period_kind", "period_start", "slice_dimension", "slice_value"]
_MOST_ALIKE = 1e6
_REACH = {"95": norm.ppf(0.975), "999": norm.ppf(0.9995)}


def kpi_comparisons(values: pl.DataFrame, cells: pl.DataFrame, facts: Facts, today: date) -> pl.DataFrame:
    """A row per shown unit that has a shown sibling in a complete period, in columns of the published table.

    Args:
        values: `kpi_values` without what the run hides.
        cells: the same cells with their sums.
        today: the day whose organisation says who is whose sibling.
    """
    shown = values.filter((pl.col("status") == "shown") & (pl.col("slice_dimension") == "all") & (pl.col("n") > 1))
    joined = shown.select(*_KEY, "value").join(cells, on=_KEY, how="inner")
    groups: dict[tuple, list[dict]] = {}
    for cell in joined.sort("org_unit_id").iter_rows(named=True):
        kpi, parent = CATALOGUE[cell["kpi_id"]], facts.tree.parent(cell["org_unit_id"], today)
        if parent is not None and kpi.interval in (adj_wald, wilson, ratio, poisson):
            groups.setdefault((cell["kpi_id"], cell["period_kind"], cell["period_start"], parent), []).append(cell)
    rows = []
    for (kpi_id, kind, start, parent), siblings in groups.items():
        if len(siblings) > 1:
            for cell, numbers in zip(siblings, _judged(CATALOGUE[kpi_id], siblings), strict=True):
                if numbers:
                    rows.append((kpi_id, kind, start, cell["org_unit_id"], parent, cell["n"], cell["value"], *numbers))
    return pl.DataFrame(rows, schema=KPI_COMPARISONS, orient="row")


def _judged(kpi: Kpi, siblings: list[dict]) -> list[tuple]:
    """Of each sibling the columns from shrunk_value on; empty where nothing varies."""
    sums = [
        Sums(*(int(cell[name]) for name in ("n", "sum_x", "sum_y", "sum_xx", "sum_xy", "sum_yy"))) for cell in siblings
    ]
    centre = sum(one.y for one in sums) / sum(one.x for one in sums)
    usual = _usual_variances(kpi, sums, centre)
    told = [number for number, variance in enumerate(usual) if variance > 0]
    if not told:
        return [()] * len(sums)
    rates, variances = [sums[i].y / sums[i].x for i in told], [usual[i] for i in told]
    p_values = [2 * float(norm.sf(abs(r - centre) / sqrt(v))) for r, v in zip(rates, variances, strict=True)]
    q_values = _benjamini_hochberg(p_values, len(sums))
    sizes = [effective_n(sums[i]) for i in told] if kpi.interval is wilson else []
    shrunk = _beta_binomial(rates, sizes) if sizes else _dersimonian_laird(rates, variances)
    parts = kpi.x_parts / kpi.y_parts
    lowest, highest = kpi.bounds or (None, None)

    def scaled(rate: float) -> float:
        return kpi.scale * (rate * parts + kpi.offset)

    found: list[tuple] = [()] * len(sums)
    for place, i in enumerate(told):
        limits = []
        for reach in _REACH.values():
            low, high = (scaled(centre + sign * reach * sqrt(variances[place])) for sign in (-1, 1))
            limits += [low if lowest is None else max(lowest, low), high if highest is None else min(highest, high)]
        q = q_values[place]
        verdict = "not_distinguishable" if q > 0.1 else "clearly_higher" if rates[place] > centre else "clearly_lower"
        found[i] = (scaled(shrunk[place]), scaled(centre), *limits, p_values[place], q, verdict)
    return found


def _usual_variances(kpi: Kpi, sums: list[Sums], centre: float) -> list[float]:
    """What each unit's rate would vary by if it were like all."""
    if kpi.interval is wilson:
        return [centre * (1 - centre) / effective_n(one) for one in sums]
    own = [max(0.0, one.variance) for one in sums]
    if kpi.interval is poisson:
        phi = [max(1.0, v * one.x**2 / one.y) if one.y else 1.0 for one, v in zip(sums, own, strict=True)]
        return [centre * excess / one.x for one, excess in zip(sums, phi, strict=True)]
    most = max(one.n * variance for one, variance in zip(sums, own, strict=True))
    return [variance or most / one.n for one, variance in zip(sums, own, strict=True)]


def _benjamini_hochberg(p_values: list[float], tests: int) -> list[float]:
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    answer, least = [1.0] * len(p_values), 1.0
    for rank in range(len(order), 0, -1):
        least = min(least, p_values[order[rank - 1]] * tests / rank)
        answer[order[rank - 1]] = least
    return answer


def _dersimonian_laird(rates: list[float], variances: list[float]) -> list[float]:
    y, v = np.array(rates), np.array(variances)
    fixed = np.average(y, weights=1 / v)
    scatter = np.sum((y - fixed) ** 2 / v)
    room = np.sum(1 / v) - np.sum(1 / v**2) / np.sum(1 / v)
    between = max(0.0, (scatter - (len(y) - 1)) / room) if room > 0 else 0.0
    middle = np.average(y, weights=1 / (v + between))
    return [float((between * a + b * middle) / (between + b)) for a, b in zip(y, v, strict=True)]


def _beta_binomial(rates: list[float], sizes: list[float]) -> list[float]:
    """Posterior means at the α, β of greatest marginal likelihood, α + β at most a million."""
    n = np.array(sizes)
    k = np.array(rates) * n
    if k.sum() <= 1e-9 or (n - k).sum() <= 1e-9:
        return [float(k.sum() > 1e-9)] * len(rates)

    def loss(place: np.ndarray) -> tuple[float, np.ndarray]:
        mean, sure = 1 / (1 + exp(-place[0])), exp(place[1])
        a, b = sure * mean, sure * (1 - mean)
        both = digamma(sure) - digamma(n + sure)
        da = np.sum(digamma(k + a) - digamma(a) + both)
        db = np.sum(digamma(n - k + b) - digamma(b) + both)
        slope = np.array([sure * mean * (1 - mean) * (da - db), a * da + b * db])
        return -float(np.sum(betaln(k + a, n - k + b) - betaln(a, b))), -slope

    pooled = k.sum() / n.sum()
    tried = [
        minimize(
            loss, [log(pooled / (1 - pooled)), log(start)], jac=True, method="L-BFGS-B",
            bounds=[(-30, 30), (-7, log(_MOST_ALIKE))], options={"ftol": 1e-15, "gtol": 1e-10},
        )
        for start in (10.0, 1e4)
    ]  # fmt: skip
    mean, sure = min(tried, key=lambda one: one.fun).x
    alpha, whole = exp(sure) / (1 + exp(-mean)), exp(sure)
    return [float(value) for value in (k + alpha) / (n + whole)]
