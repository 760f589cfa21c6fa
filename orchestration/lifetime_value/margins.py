"""Gamma-Gamma: what a purchase day of a customer earns on average, from those seen so far.

Fader, P. S., Hardie, B. G. S. (2013): The Gamma-Gamma Model of Monetary Value (FH below).
"""

from typing import NamedTuple

import numpy as np
from scipy import special

from orchestration.lifetime_value.likelihood import FEWEST_CUSTOMERS, FitError, Vector, maximise

START = np.array([1.0, 2.0, 1.0])
LOWEST = np.array([1e-2, 1 + 1e-2, 1e-3])
HIGHEST = np.array([1e3, 1e3, 1e3])
"""p, q and γ, the latter in units of the mean margin. A q of 1 or less would have no mean."""
HIGHEST_MEAN = 1.25
"""Times the mean margin that was seen. Where customers differ more than the model can say (few wholesale buyers among many
small ones) q falls towards 1 and the model's mean beyond all bounds."""


class GammaGamma(NamedTuple):
    """A day earns gamma(p, ν), and ν is gamma(q, γ) among customers."""

    p: float
    q: float
    gamma: float

    @property
    def mean(self) -> float:
        """What a day of the average customer earns; FH equation (4)."""
        return self.p * self.gamma / (self.q - 1)


def log_likelihood(model: GammaGamma, days: Vector, mean_margin: Vector) -> float:
    """Log-likelihood of customers with `days` ≥ 1 and a positive `mean_margin` over these; FH equation (1a)."""
    return _log_likelihood(np.array(model), days, mean_margin)[0]


def fit(days: Vector, mean_margin: Vector) -> GammaGamma:
    """The model of greatest likelihood, unrounded. The margins are brought to a mean of 1 first, so that no currency
    has a better start than another. Where the model's mean would lie far above theirs, it is held to theirs.

    Raises:
        FitError: fewer than 30 customers have repeat days and earned something, or the search ends nowhere.
    """
    if len(days) < FEWEST_CUSTOMERS:
        raise FitError(
            f"Gamma-Gamma needs at least {FEWEST_CUSTOMERS} customers with repeat days and a positive margin, "
            f"found {len(days)}: wait for more history"
        )
    scale = float(mean_margin.mean())
    scaled = mean_margin / scale

    def per_customer(parameters: Vector) -> tuple[float, Vector]:
        value, gradient = _log_likelihood(parameters, days, scaled)
        return value / len(days), gradient / len(days)

    model = GammaGamma(*(float(value) for value in maximise(per_customer, START, LOWEST, HIGHEST)))
    if model.mean > HIGHEST_MEAN:

        def of_their_mean(parameters: Vector) -> tuple[float, Vector]:
            p, q = parameters
            gamma = (q - 1) / p
            value, (d_p, d_q, d_gamma) = per_customer(np.array([p, q, gamma]))
            return value, np.array([d_p - d_gamma * gamma / p, d_q + d_gamma / p])

        p, q = (float(value) for value in maximise(of_their_mean, START[:2], LOWEST[:2], HIGHEST[:2]))
        model = GammaGamma(p, q, (q - 1) / p)
    return model._replace(gamma=model.gamma * scale)


def _log_likelihood(parameters: Vector, days: Vector, mean_margin: Vector) -> tuple[float, Vector]:
    """Value and gradient in (p, q, γ). What depends on the days alone is computed once per number of days."""
    p, q, gamma = parameters
    counts = np.bincount(days)
    xs = np.flatnonzero(counts)
    n, count = counts[xs], len(days)
    total = gamma + days * mean_margin
    log_total, log_margin = np.log(total), np.log(mean_margin)
    per_total = 1 / total
    value = (n * (special.gammaln(p * xs + q) - special.gammaln(p * xs) + p * xs * np.log(xs))).sum()
    value += count * (q * np.log(gamma) - special.gammaln(q))
    value += ((p * days - 1) * log_margin - (p * days + q) * log_total).sum()
    d_p = (n * xs * (special.digamma(p * xs + q) - special.digamma(p * xs) + np.log(xs))).sum()
    d_p += (days * (log_margin - log_total)).sum()
    d_q = (n * special.digamma(p * xs + q)).sum() + count * (np.log(gamma) - special.digamma(q)) - log_total.sum()
    d_gamma = count * q / gamma - ((p * days + q) * per_total).sum()
    return float(value), np.array([d_p, d_q, d_gamma])


def expected_margin(model: GammaGamma, days: Vector, mean_margin: Vector) -> Vector:
    """What a further day of a customer is expected to earn; FH equation (5). Without days it is everybody's mean."""
    p, q, gamma = model
    return p * (gamma + days * mean_margin) / (p * days + q - 1)


def correlation(days: Vector, mean_margin: Vector) -> float:
    """Pearson's correlation of repeats and mean margin: the model takes it to be near 0; 0 where one doesn't vary."""
    return float(np.corrcoef(days, mean_margin)[0, 1]) if days.std() and mean_margin.std() else 0.0
