"""Maximum likelihood from fixed starting values, to digits that do not depend on the order of summing."""

from collections.abc import Callable

import numpy as np
from scipy import optimize

from orchestration.errors import LoyaltyError

Vector = np.ndarray
"""One-dimensional, of floats unless said otherwise."""
DIGITS = 6
"""Significant digits of a stored parameter: fewer than the optimum is located to."""
FEWEST_CUSTOMERS = 30


class FitError(LoyaltyError):
    """A model can't be fitted to these customers."""


def maximise(
    log_likelihood: Callable[[Vector], tuple[float, Vector]], start: Vector, lowest: Vector, highest: Vector
) -> Vector:
    """The positive parameters of greatest likelihood, as they come out of the search (see `rounded`).

    The search runs over logarithms: L-BFGS-B finds the summit, a root of the gradient then fixes its place far below
    the digits kept.

    Args:
        log_likelihood: parameters to the log-likelihood *per customer* and its gradient in these parameters.
        start, lowest, highest: one value per parameter.

    Raises:
        FitError: the search ends nowhere.
    """

    def descent(logs: Vector) -> tuple[float, Vector]:
        parameters = np.exp(logs)
        value, gradient = log_likelihood(parameters)
        return -value, -gradient * parameters

    low, high = np.log(lowest), np.log(highest)
    found = optimize.minimize(
        descent,
        np.log(start),
        jac=True,
        method="L-BFGS-B",
        bounds=list(zip(low, high, strict=True)),
        options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 2_000, "maxfun": 4_000},
    )
    if not np.all(np.isfinite(found.x)) or not np.isfinite(found.fun):
        raise FitError("the likelihood has no greatest value on these customers")
    free = (found.x > low) & (found.x < high)
    if free.any():

        def slope(logs: Vector) -> Vector:
            whole = found.x.copy()
            whole[free] = logs
            return descent(whole)[1][free]

        root = optimize.root(slope, found.x[free], method="hybr", tol=1e-12)
        near = np.all(np.abs(root.x - found.x[free]) < 0.01)
        if near and np.abs(root.fun).max() <= np.abs(slope(found.x[free])).max():
            found.x[free] = root.x
    return np.exp(found.x)


def rounded(parameters: Vector) -> tuple[float, ...]:
    """The parameters to the digits that are kept."""
    return tuple(float(f"{value:.{DIGITS}g}") for value in parameters)
