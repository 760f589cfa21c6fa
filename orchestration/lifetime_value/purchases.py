"""BG/NBD: how often customers buy, and whether they still do, from (repeats, recency, age) in weeks.

Fader, P. S., Hardie, B. G. S., Lee, K. L. (2005): "Counting Your Customers" the Easy Way, Marketing Science 24(2),
275-284 (FHL below).
"""

from typing import NamedTuple

import numpy as np
from scipy import special

from orchestration.lifetime_value.likelihood import FEWEST_CUSTOMERS, FitError, Vector, maximise

START = np.array([1.0, 10.0, 1.0, 3.0])
LOWEST = np.array([1e-3, 1e-2, 1e-3, 1e-3])
HIGHEST = np.array([1e2, 1e4, 50.0, 1e3])
"""Beyond, the likelihood is flat: buyers are all alike, or none ever leaves."""
BESIDE_A_POLE = 1e-6


class BgNbd(NamedTuple):
    """Rates are gamma(r, α) per week, the probability to leave after a purchase is beta(a, b)."""

    r: float
    alpha: float
    a: float
    b: float


class Groups(NamedTuple):
    """Customers with equal histories, sorted by the first three: repeat days x, weeks to the last of them t_x, weeks
    observed T, and how many customers each group has. All of one length."""

    x: Vector
    t_x: Vector
    age: Vector
    customers: Vector


def log_likelihood(model: BgNbd, groups: Groups) -> float:
    """Log-likelihood of all customers; FHL equation (6)."""
    return _log_likelihood(np.array(model), groups)[0]


def fit(groups: Groups) -> BgNbd:
    """The model of greatest likelihood, unrounded.

    Raises:
        FitError: there are fewer than 30 customers, or the search ends nowhere.
    """
    count = int(groups.customers.sum())
    if count < FEWEST_CUSTOMERS:
        raise FitError(f"BG/NBD needs at least {FEWEST_CUSTOMERS} customers, found {count}: wait for more history")

    def per_customer(parameters: Vector) -> tuple[float, Vector]:
        value, gradient = _log_likelihood(parameters, groups)
        return value / count, gradient / count

    return BgNbd(*(float(value) for value in maximise(per_customer, START, LOWEST, HIGHEST)))


def _log_likelihood(parameters: Vector, groups: Groups) -> tuple[float, Vector]:
    """Value and gradient in (r, α, a, b). What depends on x alone is computed once per x."""
    r, alpha, a, b = parameters
    x, t_x, age, weight = groups
    value = weight.sum() * (special.gammaln(a + b) - special.gammaln(b) + r * np.log(alpha) - special.gammaln(r))
    repeats = np.bincount(x, weights=weight)
    xs = np.flatnonzero(repeats)
    n = repeats[xs]
    value += (n * (special.gammaln(r + xs) + special.gammaln(b + xs) - special.gammaln(a + b + xs))).sum()
    log_age, log_last = np.log(alpha + age), np.log(alpha + t_x)
    left = _left(r, alpha, a, b, x, log_age, log_last)  # log odds
    value += (weight * (np.logaddexp(0, left) - (r + x) * log_age)).sum()
    share = weight * special.expit(left)
    d_r = (n * (special.digamma(r + xs) - special.digamma(r) + np.log(alpha))).sum()
    d_r += (share * (log_age - log_last) - weight * log_age).sum()
    d_alpha = weight.sum() * r / alpha
    d_alpha += ((r + x) * ((share - weight) / (alpha + age) - share / (alpha + t_x))).sum()
    both = special.digamma(a + b) - special.digamma(a + b + xs)
    d_a = (n * both).sum() + share.sum() / a
    d_b = (n * (both + special.digamma(b + xs) - special.digamma(b))).sum()
    d_b -= (share / np.where(x > 0, b + x - 1, 1)).sum()
    return float(value), np.array([d_r, d_alpha, d_a, d_b])


def _left(r: float, alpha: float, a: float, b: float, x: Vector, log_age: Vector, log_last: Vector) -> Vector:
    """Log odds that a customer has left; who never came back cannot have, in this model."""
    repeats = x > 0
    odds = np.log(a) - np.log(np.where(repeats, b + x - 1, 1)) + (r + x) * (log_age - log_last)
    return np.where(repeats, odds, -np.inf)


def p_alive(model: BgNbd, x: Vector, t_x: Vector, age: Vector) -> Vector:
    """Probability that a customer is still one at the end of `age`.

    Fader, Hardie (2008), "Computing P(alive) Using the BG/NBD Model". 1 for x = 0 is the model, not a fact.
    """
    r, alpha, a, b = model
    return special.expit(-_left(r, alpha, a, b, x, np.log(alpha + age), np.log(alpha + t_x)))


def expected_purchases(model: BgNbd, x: Vector, t_x: Vector, age: Vector, weeks: float) -> Vector:
    """Purchase days expected in the `weeks` after `age`; FHL equation (10).

    Euler's transformation (Abramowitz, Stegun 15.3.3) turns (1 - z)^(r+x)·₂F₁(r+x, b+x; c; z) into
    (1 - z)^(a-1)·₂F₁(a-1, a+b-1-r; c; z), which neither overflows nor cancels when x is large.
    """
    r, alpha, a, b = _beside_poles(model)
    z = weeks / (alpha + age + weeks)
    c = a + b + x - 1
    still = 1 - (1 - z) ** (a - 1) * special.hyp2f1(a - 1, a + b - 1 - r, c, z)
    return c / (a - 1) * still * p_alive(model, x, t_x, age)


def _beside_poles(model: BgNbd) -> BgNbd:
    """a = 1, or a + b = 1 for those without repeats, would divide by zero."""
    a = model.a
    if abs(a - 1) < BESIDE_A_POLE or abs(a + model.b - 1) < BESIDE_A_POLE:
        a += BESIDE_A_POLE
    return model._replace(a=a)


def purchase_limits(
    model: BgNbd, x: Vector, t_x: Vector, age: Vector, weeks: float, level: float = 0.95
) -> tuple[Vector, Vector]:
    """Between how many purchase days a customer's next `weeks` lie in `level` of all cases, ends included.

    Who is still a customer has rates gamma(r + x, α + T) and leaves with probability beta(a, b + x), independent of each
    other; with these, FHL equation (8) is the distribution of what they buy. Whoever left buys nothing.
    """
    r, alpha, a, b = model
    alive = p_alive(model, x, t_x, age)
    low, high = np.zeros(len(x), dtype=np.int64), np.zeros(len(x), dtype=np.int64)
    rest = np.arange(len(x))  # groups whose upper limit is not reached yet
    rate, age_rate, stays = r + x, alpha + age, b + x
    ratio = weeks / (age_rate + weeks)
    bought = (1 - ratio) ** rate  # n purchases of a customer who cannot leave
    fewer, stayed = np.zeros(len(x)), np.ones(len(x))
    reached = (1 - alive) + alive * bought
    for n in range(1, int(7 * weeks) + 2):
        low[rest[reached < (1 - level) / 2]] = n
        above = reached < (1 + level) / 2
        if not above.any():
            break
        rest, rate, stays, ratio, alive = (part[above] for part in (rest, rate, stays, ratio, alive))
        bought, fewer, stayed, reached = (part[above] for part in (bought, fewer, stayed, reached))
        high[rest] = n
        fewer = fewer + bought
        bought = bought * (rate + n - 1) / n * ratio
        leaves = stayed * a / (a + stays + n - 1)
        stayed = stayed * (stays + n - 1) / (a + stays + n - 1)
        reached = reached + alive * (stayed * bought + leaves * (1 - fewer))
    return low, high
