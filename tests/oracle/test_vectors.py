"""The published vectors of the KPI catalogue, for the oracle's own intervals and scoring."""

import pytest

from .intervals import Arm, Sums, adj_wald, effect, effective_n, newcombe, poisson, ratio, wilson
from .scores import attainment, verdict


def _proportion(hits: int, of: int) -> Sums:
    return Sums(of, of, hits, of, hits, hits)


@pytest.mark.parametrize(
    ("promoters", "passives", "detractors", "low", "high"),
    [(50, 33, 17, 17.56, 46.52), (19, 7, 10, -3.72, 49.87), (10, 0, 0, 47.50, 100.0)],
)
def test_adjusted_wald(promoters, passives, detractors, low, high):
    n, y, yy = promoters + passives + detractors, promoters - detractors, promoters + detractors
    assert [100 * bound for bound in adj_wald(Sums(n, n, y, n, y, yy))] == pytest.approx([low, high], abs=0.005)


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"), [(74, 107, 59.87, 77.12), (9, 10, 59.58, 98.21), (0, 10, 0.0, 27.75)]
)
def test_wilson(hits, of, low, high):
    assert [100 * bound for bound in wilson(_proportion(hits, of))] == pytest.approx([low, high], abs=0.005)


def test_wilson_on_clustered_answers():
    clustered = Sums(8, 20, 13, 66, 38, 29)
    assert effective_n(clustered) == pytest.approx(10.638, abs=0.0005)
    assert [100 * bound for bound in wilson(clustered)] == pytest.approx([36.13, 85.91], abs=0.005)


def test_clustered_answers_that_all_agree_count_as_their_units():
    # 3 people gave 4 answers each, all good: 12 answers are worth 3.
    assert effective_n(Sums(3, 12, 12, 48, 48, 48)) == 3.0


def test_ratio():
    x, y = (100, 250, 80, 40, 500, 120), (20, 250, 0, 10, 100, 60)
    pairs = list(zip(x, y, strict=True))
    sums = Sums(6, sum(x), sum(y), sum(a * a for a in x), sum(a * b for a, b in pairs), sum(b * b for b in y))
    assert 100 * sums.y / sums.x == pytest.approx(40.367, abs=0.0005)
    assert 100 * sums.variance**0.5 == pytest.approx(18.592, abs=0.0005)
    assert [100 * bound for bound in ratio(sums)] == pytest.approx([-7.43, 88.16], abs=0.005)


def test_units_that_all_agree_leave_no_doubt_whatever_they_weigh():
    thirds = [(3 * weight, weight) for weight in (10**12 + 1, 7, 10**11 + 3)]
    x, y = (sum(pair[i] for pair in thirds) for i in (0, 1))
    sums = Sums(3, x, y, sum(a * a for a, _ in thirds), sum(a * b for a, b in thirds), sum(b * b for _, b in thirds))
    assert ratio(sums) == (1 / 3, 1 / 3)


@pytest.mark.parametrize(("count", "low", "high"), [(0, 0.0, 3.689), (10, 4.795, 18.390)])
def test_poisson(count, low, high):
    # A thousand orders by as many people, `count` of whom complained once: no more scatter than Poisson's, φ = 1.
    bounds = [1000 * bound for bound in poisson(Sums(1000, 1000, count, 1000, count, count))]
    assert bounds == pytest.approx([low, high], abs=0.0005)


def test_poisson_widens_where_few_people_complain_often():
    # One of 100 people with an order each complained 10 times: R = .1, Var(R)·(Σx)² = 100/99 · (100 − 2·.1·10 + .01·100) = 100.
    # φ = 100/10 = 10, so the 10 are worth one: Garwood's 0.0253…5.5716 of it, times 10, over 100 orders.
    assert poisson(Sums(100, 100, 10, 100, 10, 100)) == pytest.approx((0.00253, 0.55716), abs=5e-6)


def test_effect():
    found = effect(Arm(400, 12.5, 30**2), Arm(100, 10, 28**2))
    assert found.increment - 500 == 500
    assert found.variance**0.5 == pytest.approx(1270.59, abs=0.005)
    assert found.freedom == pytest.approx(160.69, abs=0.005)
    assert found.interval(500) == pytest.approx((-2009.2, 3009.2), abs=0.05)


def test_newcombe():
    assert newcombe(56 / 70, 70, 48 / 80, 80) == pytest.approx((0.0524, 0.3339), abs=0.00005)


@pytest.mark.parametrize(("value", "reached"), [(400, 0), (500, 0), (600, 50), (700, 100), (800, 110), (950, 120)])
def test_attainment(value, reached):
    assert attainment(value, 500, 700, 900) == reached
    assert attainment(-value, -500, -700, -900, higher=False) == reached


def test_attainment_at_its_edges():
    assert [attainment(v, 500, 700, None) for v in (699, 700, 5000)] == [99.5, 100, 100]  # no stretch: at most 100
    assert [attainment(v, 700, 700, None) for v in (699.9, 700)] == [0, 100]  # threshold = target: a step


def test_verdict():
    assert [verdict(5, *interval, 4) for interval in ((4, 6), (3.9, 6), (3, 3.9))] == ["met", "uncertain", "missed"]
    assert [verdict(5, *interval, 4, False) for interval in ((3, 4), (3, 4.1), (4.1, 6))] == [
        "met",
        "uncertain",
        "missed",
    ]
    assert [verdict(value, None, None, 4) for value in (4, 3.9)] == ["met", "missed"]
