"""The formulas against others for the same thing: a quadrature, a simulation, and what must hold in any case."""

import numpy as np
import pytest
from scipy import special

from orchestration.lifetime_value import margins, purchases, scoring
from orchestration.lifetime_value.likelihood import FitError
from tests.lifetime_value.company import TRUTH

MODEL = purchases.BgNbd(TRUTH["r"], TRUTH["alpha"], TRUTH["a"], TRUTH["b"])


def by_quadrature(model: purchases.BgNbd, x: int, age: float, weeks: float) -> float:
    """Purchases of one who is alive: the mean of (1 - (A/(A + p·t))^(r+x))/p over p ~ beta(a, b + x), Gauss-Jacobi."""
    nodes, weights = special.roots_jacobi(120, model.b + x - 1, model.a - 1)
    p, rate, since = (nodes + 1) / 2, model.r + x, model.alpha + age
    return float((weights * -np.expm1(-rate * np.log1p(p * weeks / since)) / p).sum() / weights.sum())


@pytest.mark.parametrize(
    "model",
    [
        (0.243, 4.414, 0.793, 2.426),
        (5.34, 1.25, 38.26, 1.23),  # the textbook form overflows here
        (0.1, 1.57, 0.14, 360.0),
        (2.0, 12.0, 1.0, 3.0),  # divides by zero as it stands
    ],
)
def test_expected_purchases_at_any_size(model):
    model = purchases.BgNbd(*model)
    for x, age, weeks in [(0, 0.0, 52.18), (0, 200.0, 4.3), (1, 3.0, 52.18), (60, 104.0, 52.18), (400, 110.0, 30.0)]:
        histories = (np.array([x]), np.array([age if x else 0.0]), np.array([age]))
        alive = purchases.p_alive(model, *histories)
        found = purchases.expected_purchases(model, *histories, weeks) / alive
        assert found == pytest.approx(by_quadrature(model, x, age, weeks), rel=1e-5)


def test_a_and_b_that_add_up_to_one_divide_by_nothing():
    never_back = (np.array([0]), np.array([0.0]), np.array([40.0]))
    at, near = (purchases.BgNbd(2.0, 12.0, 0.4, b) for b in (0.6, 0.6001))
    found = [float(purchases.expected_purchases(model, *never_back, 52.18)[0]) for model in (at, near)]
    assert found[0] == pytest.approx(found[1], rel=1e-3)


def test_who_never_came_back_may_be_alive():
    assert purchases.p_alive(MODEL, np.array([0]), np.array([0.0]), np.array([500.0])) == 1.0
    late = purchases.p_alive(MODEL, np.array([9, 9]), np.array([30.0, 30.0]), np.array([31.0, 90.0]))
    assert late[0] > 0.5 > late[1]


def test_limits_hold_what_they_promise():
    """20,000 futures of one customer, drawn from the rates that the history leaves open."""
    draw, runs, weeks = np.random.default_rng(3), 20_000, 52.18
    for x, t_x, age in [(0, 0.0, 30.0), (2, 20.0, 40.0), (12, 50.0, 55.0)]:
        rate = draw.gamma(MODEL.r + x, 1 / (MODEL.alpha + age), runs)
        leaves = draw.beta(MODEL.a, MODEL.b + x, runs)
        histories = (np.array([x]), np.array([t_x]), np.array([age]))
        alive = draw.random(runs) < purchases.p_alive(MODEL, *histories)
        bought = _futures(draw, rate, draw.geometric(leaves), alive, weeks)
        [low], [high] = purchases.purchase_limits(MODEL, *histories, weeks)
        assert low == np.quantile(bought, 0.025, method="inverted_cdf")
        assert abs(high - np.quantile(bought, 0.975, method="inverted_cdf")) <= 1
        expected = purchases.expected_purchases(MODEL, *histories, weeks)
        assert expected == pytest.approx(bought.mean(), rel=0.05)


def _futures(draw, rate, last, alive, weeks):
    """Purchases of each run until the year ends or the purchase comes after which the customer leaves."""
    counted, at = np.zeros(len(rate), dtype=int), np.zeros(len(rate))
    while True:
        at += draw.exponential(1 / rate)
        buys = alive & (at <= weeks) & (counted < last)
        if not buys.any():
            return counted
        counted += buys


def test_months_are_discounted_one_by_one():
    groups = purchases.Groups(np.array([3]), np.array([20.0]), np.array([26.0]), np.array([1]))
    [[plain, whole]] = scoring.discounted_purchases(MODEL, groups, 0.0).T
    assert plain == whole == purchases.expected_purchases(MODEL, groups.x, groups.t_x, groups.age, 12 * 365.25 / 84)[0]
    [[_, less]] = scoring.discounted_purchases(MODEL, groups, 0.1).T
    assert whole / 1.1 < less < whole / 1.1 ** (1 / 12)


def test_a_mean_of_few_days_moves_towards_everybody():
    model = margins.GammaGamma(TRUTH["p"], TRUTH["q"], TRUTH["gamma"])
    assert model.mean == 100
    found = margins.expected_margin(model, np.array([0, 1, 100]), np.array([0.0, 300.0, 300.0]))
    assert found[0] == 100 and 100 < found[1] < found[2] < 300


def test_who_differs_more_than_the_model_can_say_still_earns_what_was_seen():
    """A few wholesale buyers among many small ones: the freest fit would expect twenty times what anybody saw of newcomers."""
    draw, customers = np.random.default_rng(3), 1_000
    days = draw.geometric(0.3, customers)
    usual = draw.lognormal(3, 1.5, customers)
    means = np.array([(one * draw.lognormal(0, 0.3, count)).mean() for one, count in zip(usual, days, strict=True)])
    model = margins.fit(days, means)
    (newcomer,) = margins.expected_margin(model, np.array([0]), np.array([0.0]))
    assert newcomer == pytest.approx(means.mean())
    assert newcomer == pytest.approx(np.exp(3 + 1.5**2 / 2), rel=0.25)  # the true mean of who was drawn

    def log_likelihood(p: float, q: float) -> float:
        """Fader and Hardie (2013), equation (1a), of a model with the mean that was seen."""
        gamma, px = means.mean() * (q - 1) / p, p * days
        found = special.gammaln(px + q) - special.gammaln(px) - special.gammaln(q) + q * np.log(gamma)
        found += (px - 1) * np.log(means) + px * np.log(days) - (px + q) * np.log(gamma + days * means)
        return float(found.sum())

    best = log_likelihood(model.p, model.q)
    around = [
        (model.p * a, 1 + (model.q - 1) * b) for a in (0.9, 0.99, 1, 1.01, 1.1) for b in (0.9, 0.99, 1, 1.01, 1.1)
    ]
    assert best == pytest.approx(max(log_likelihood(*one) for one in around))
    assert best == pytest.approx(margins.log_likelihood(model, days, means))


def test_too_few_customers_are_refused():
    few = purchases.Groups(np.array([0, 1]), np.array([0.0, 5.0]), np.array([9.0, 9.0]), np.array([20, 9]))
    with pytest.raises(FitError, match="at least 30 customers, found 29"):
        purchases.fit(few)
    with pytest.raises(FitError, match="positive margin, found 2"):
        margins.fit(np.array([1, 2]), np.array([5.0, 6.0]))
