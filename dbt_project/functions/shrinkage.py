"""Values of small units drawn towards those of their siblings: as much as chance alone would scatter them.

Groups of units come as rows of lists and are fitted side by side; no answer depends on what else is in the batch.
"""

import duckdb
import numpy as np
import pyarrow as pa
from duckdb.func import PythonUDFType
from duckdb.sqltypes import BOOLEAN, DOUBLE
from scipy.special import betaln, digamma, expit, logit, polygamma

MOST_ALIKE = 1e6
"""Cap of α + β: where units differ no more than by chance it would grow for ever."""
STEPS = 200
DIGITS = 8
"""Significant digits of α and β: fewer than the optimum is located to."""
Vector = np.ndarray


def beta_binomial(successes: Vector, trials: Vector, group: Vector, groups: int) -> tuple[Vector, Vector]:
    """α and β of greatest marginal likelihood for each group of proportions.

    Empirical Bayes for the beta-binomial model (Griffiths 1973, Biometrics 29, 637-648), by Levenberg-Marquardt steps in
    log(α/β) and log(α + β).

    Args:
        successes, trials: per unit, not necessarily whole; in every group there are some successes and some failures.
        group: number of each unit's group, below `groups`.
    """

    def judged(place: Vector) -> Vector:
        """Log-likelihood, its slopes and second derivatives (u, v, uu, uv, vv) at each group's place."""
        mean, sure = expit(place[0]), np.exp(place[1])
        a, b = (sure * mean)[group], (sure * (1 - mean))[group]
        k, n, failures = successes, trials, trials - successes
        whole, whole2 = digamma(a + b) - digamma(n + a + b), polygamma(1, a + b) - polygamma(1, n + a + b)
        da, db = digamma(k + a) - digamma(a) + whole, digamma(failures + b) - digamma(b) + whole
        daa = polygamma(1, k + a) - polygamma(1, a) + whole2
        dbb = polygamma(1, failures + b) - polygamma(1, b) + whole2
        w = a * b / (a + b)
        terms = (
            betaln(k + a, failures + b) - betaln(a, b),
            w * (da - db),
            a * da + b * db,
            w * w * (daa - 2 * whole2 + dbb) + w * (b - a) / (a + b) * (da - db),
            w * (a * daa + (b - a) * whole2 - b * dbb) + w * (da - db),
            a * a * daa + 2 * a * b * whole2 + b * b * dbb + a * da + b * db,
        )
        return np.array([np.bincount(group, term, groups) for term in terms])

    def climbed(sure: float) -> tuple[Vector, Vector]:
        """The summit above a start at this α + β, and what is judged there."""
        place = np.array([logit(pooled), np.full(groups, np.log(sure))])
        best, damping = judged(place), np.full(groups, 1e-2)
        for _ in range(STEPS):
            _, u, v, uu, uv, vv = best
            brake = damping * (np.abs(uu) + np.abs(vv) + 1e-12)
            uu, vv = -np.abs(uu) - brake, -np.abs(vv) - brake
            uv = np.where(uv * uv < uu * vv, uv, 0.0)
            slack = uu * vv - uv * uv
            step = np.clip([(uv * v - vv * u) / slack, (uv * u - uu * v) / slack], -3, 3)
            tried = place + step
            tried[1] = np.clip(tried[1], -7, np.log(MOST_ALIKE))
            if np.abs(tried - place).max() < 1e-12:
                break
            found = judged(tried)
            better = found[0] > best[0]
            place, best = np.where(better, tried, place), np.where(better, found, best)
            damping = np.clip(damping * np.where(better, 0.2, 5), 1e-9, 1e9)
        return place, best

    # there can be two summits: units that differ somewhat, and units that are all alike
    pooled = np.bincount(group, successes, groups) / np.bincount(group, trials, groups)
    (place, best), (alike, best_alike) = climbed(10.0), climbed(MOST_ALIKE)
    higher = best_alike[0] > best[0] + 1e-9
    place, best = np.where(higher, alike, place), np.where(higher, best_alike, best)
    # a summit is flat: its place is fixed by where the slope ends, far below the digits kept
    for _ in range(5):
        _, u, v, uu, uv, vv = best
        capped = place[1] >= np.log(MOST_ALIKE)
        v, uv, vv = np.where(capped, 0, v), np.where(capped, 0, uv), np.where(capped, -1, vv)
        tried = place + np.array([uv * v - vv * u, uv * u - uu * v]) / (uu * vv - uv * uv)
        found = judged(np.clip(tried, [[-30], [-7]], [[30], [np.log(MOST_ALIKE)]]))
        better = np.abs(found[1]) + np.where(capped, 0, np.abs(found[2])) < np.abs(best[1]) + np.abs(v)
        place, best = np.where(better, tried, place), np.where(better, found, best)
    sure = np.exp(place[1])
    return _rounded(sure * expit(place[0])), _rounded(sure * expit(-place[0]))


def shrunk_proportions(successes: Vector, trials: Vector, group: Vector, groups: int) -> Vector:
    """Posterior mean of each unit; where all units of a group are at 0 or all at 1, that."""
    sums = np.bincount(group, successes, groups), np.bincount(group, trials, groups)
    mixed = (sums[0] > 1e-9) & (sums[1] - sums[0] > 1e-9)
    answer = np.where(sums[0] > 1e-9, 1.0, 0.0)[group]
    if mixed.any():
        number, inside = np.cumsum(mixed) - 1, mixed[group]
        k, n, g = successes[inside], trials[inside], number[group[inside]]
        alpha, beta = beta_binomial(k, n, g, int(mixed.sum()))
        answer[inside] = (k + alpha[g]) / (n + alpha[g] + beta[g])
    return answer


def shrunk_means(values: Vector, variances: Vector, group: Vector, groups: int) -> Vector:
    """Each unit's value and the mean of all, weighed by their certainty.

    The variance between units is that of DerSimonian and Laird (1986), Controlled Clinical Trials 7, 177-188.
    """

    def added(terms: Vector) -> Vector:
        return np.bincount(group, terms, groups)

    weights = 1 / variances
    mean = added(weights * values) / added(weights)
    spread = added(weights * (values - mean[group]) ** 2)
    free = added(weights) - added(weights**2) / added(weights)
    between = np.maximum(0, (spread - (added(np.ones_like(values)) - 1)) / np.where(free > 0, free, np.inf))[group]
    total = 1 / (variances + between)
    centre = (added(total * values) / added(total))[group]
    return (values * between + centre * variances) / (between + variances)


def _rounded(values: Vector) -> Vector:
    return np.array([float(f"{value:.{DIGITS}g}") for value in values])


def _shrunk(values: pa.Array, sizes: pa.Array, variances: pa.Array, are_proportions: pa.Array) -> pa.Array:
    lists = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    lengths = lists.value_lengths().to_numpy(zero_copy_only=False)
    of_proportions = np.repeat(are_proportions.to_numpy(zero_copy_only=False), lengths)
    group = np.repeat(np.arange(len(lengths)), lengths)
    value, size, variance = (
        np.concatenate([np.asarray(row, float) for row in column.to_pylist()] or [np.empty(0)])
        for column in (values, sizes, variances)
    )
    answer = np.empty_like(value)
    for chosen, of_chosen in (
        (of_proportions, lambda g, count, at: shrunk_proportions(value[at] * size[at], size[at], g, count)),
        (~of_proportions, lambda g, count, at: shrunk_means(value[at], variance[at], g, count)),
    ):
        at = np.flatnonzero(chosen)
        if at.size:
            numbers, g = np.unique(group[at], return_inverse=True)
            answer[at] = of_chosen(g, len(numbers), at)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), pa.array(answer))


def register(connection: duckdb.DuckDBPyConnection) -> None:
    """`shrunk_values(values, sizes, variances, are_proportions)` → list of values, one list per group of units."""
    numbers = duckdb.list_type(DOUBLE)
    connection.create_function(
        "shrunk_values", _shrunk, [numbers, numbers, numbers, BOOLEAN], numbers, type=PythonUDFType.ARROW
    )
