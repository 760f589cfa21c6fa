"""The ratio interval against a bootstrap that draws customers: what the linearised variance leaves out is small."""

import numpy as np
import pytest

from .intervals import Sums, ratio

DRAWS = 3_000
MOST, APART = 0.05, 0.10


def cell(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Spend and promoted spend of n customers, in cents: skewed, and the great ones buy less on promotion.

    The greatest are cut so that nobody has more than 5 % of Σx.
    """
    random = np.random.default_rng(seed)
    x = np.rint(100 * random.lognormal(4, 1, n)).astype(np.int64)
    while x.max() > MOST * x.sum():
        x[x.argmax()] = np.sort(x)[-2]
        x = np.minimum(x, int(MOST * x.sum()))
    share = random.beta(2, 2 + x / np.median(x))
    share[random.random(n) < 0.2] = 0
    return x, np.rint(x * share).astype(np.int64)


@pytest.mark.parametrize("n", [100, 200, 500])
@pytest.mark.parametrize("seed", range(5))
def test_the_ratio_interval_is_as_wide_as_a_bootstrap_of_customers(n, seed):
    x, y = cell(n, seed)
    assert x.max() <= MOST * x.sum()
    sums = Sums(n, *(int(total) for total in (x.sum(), y.sum(), (x * x).sum(), (x * y).sum(), (y * y).sum())))
    low, high = ratio(sums)
    drawn = np.random.default_rng(1_000 + seed).multinomial(n, np.full(n, 1 / n), size=DRAWS)
    ratios = drawn @ y / (drawn @ x)
    bootstrap_low, bootstrap_high = np.quantile(ratios, [0.025, 0.975])
    assert (high - low) / (bootstrap_high - bootstrap_low) == pytest.approx(1, abs=APART)


def test_where_one_customer_is_most_of_the_cell_it_need_not_be():
    """Why such a cell is flagged: with most of Σx in one hand the two are far apart."""
    x, y = cell(100, 0)
    x[0] = y[0] = 3 * x[1:].sum()
    sums = Sums(100, *(int(total) for total in (x.sum(), y.sum(), (x * x).sum(), (x * y).sum(), (y * y).sum())))
    low, high = ratio(sums)
    drawn = np.random.default_rng(1).multinomial(100, np.full(100, 0.01), size=DRAWS)
    bootstrap_low, bootstrap_high = np.quantile(drawn @ y / (drawn @ x), [0.025, 0.975])
    assert abs((high - low) / (bootstrap_high - bootstrap_low) - 1) > 2 * APART
