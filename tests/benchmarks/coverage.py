"""`python -m tests.benchmarks.coverage`: do the 95 % intervals hold the truth in 95 % of cases?

A small company whose true values are known by construction is drawn again and again; each interval is computed from what
the company would have measured. A thousand companies leave 0.7 points of doubt in the share: 93 to 97 % is what chance
alone allows. Exact and conservative methods may hold more, which is said and no failure; less is one.
"""

import argparse
import sys
from collections.abc import Callable
from math import sqrt

import numpy as np

from tests.oracle.intervals import Arm, Interval, Sums, adj_wald, effect, newcombe, poisson, ratio, wilson

SEEDS = 1_000
LEAST, MOST = 0.93, 0.97
# (what was measured, the truth) of one company, from its own random numbers
Draw = Callable[[np.random.Generator], tuple[Interval, float]]


def sums(x: np.ndarray, y: np.ndarray) -> Sums:
    """The six numbers of units with whole x and y; units with neither did not take part."""
    part = (x != 0) | (y != 0)
    x, y = x[part], y[part]
    return Sums(len(x), *(int(total) for total in (x.sum(), y.sum(), (x * x).sum(), (x * y).sum(), (y * y).sum())))


def single_answers(random: np.random.Generator) -> tuple[Interval, float]:
    """Wilson: 120 customers, one answer each, 80 % of them content."""
    content = random.binomial(1, 0.8, 120)
    return wilson(sums(np.ones(120, np.int64), content)), 0.8


def clustered_answers(random: np.random.Generator) -> tuple[Interval, float]:
    """Wilson with n_eff: 120 customers with one answer to a dozen, each with a mind of their own (beta, mean .7)."""
    answers = random.geometric(0.35, 120)
    return wilson(sums(answers, random.binomial(answers, random.beta(1.4, 0.6, 120)))), 0.7


def promoted_sales(random: np.random.Generator) -> tuple[Interval, float]:
    """Ratio: three of ten hunt for bargains and spend less; skewed spending in cents, 300 customers."""
    hunts = random.random(300) < 0.3
    spent = np.rint(np.where(hunts, 80, 200) * random.gamma(1.5, 1 / 1.5, 300) * 100).astype(np.int64)
    share = np.where(hunts, random.beta(7, 3, 300), random.beta(1, 4, 300))
    truth = (0.3 * 80 * 0.7 + 0.7 * 200 * 0.2) / (0.3 * 80 + 0.7 * 200)
    return ratio(sums(spent, np.rint(spent * share).astype(np.int64))), truth


def recommendations(random: np.random.Generator) -> tuple[Interval, float]:
    """Adjusted Wald: 60 answers, 45 % promoters, 20 % detractors."""
    points = random.choice([1, 0, -1], 60, p=[0.45, 0.35, 0.20])
    return adj_wald(sums(np.ones(60, np.int64), points)), 0.25


def complaints(random: np.random.Generator) -> tuple[Interval, float]:
    """Poisson with φ: 800 customers, 2.5 orders each, 4 complaints per 100 orders, a few customers complaining for many."""
    orders = random.geometric(0.4, 800)
    return poisson(sums(orders, random.poisson(orders * random.gamma(0.25, 0.04 / 0.25, 800)))), 0.04


def rare_complaints(random: np.random.Generator) -> tuple[Interval, float]:
    """Poisson, exact: 500 customers with an order each, 12 complaints per 1,000."""
    return poisson(sums(np.ones(500, np.int64), random.poisson(0.012, 500))), 0.012


def tested_campaign(random: np.random.Generator) -> tuple[Interval, float]:
    """Effect: 400 treated and 150 held out; most buy nothing, the others' margins are skewed; treating brings 2 each."""

    def arm(n: int, mean: float) -> Arm:
        margin = np.where(random.random(n) < 0.6, random.gamma(2, mean / 1.2, n), 0)
        return Arm(n, float(margin.mean()), float(margin.var(ddof=1)))

    return effect(arm(400, 12), arm(150, 10)).interval(cost=500), 2 * 400 - 500


def matched_controls(random: np.random.Generator) -> tuple[Interval, float]:
    """Newcombe: 70 complainers, 55 % stay; 200 controls of whom 62 % stay, weighted, so that they count as (Σw)²/Σw²."""
    weights = random.uniform(0.5, 2, 200)
    stay = random.random(200) < 0.62
    effective = weights.sum() ** 2 / (weights**2).sum()
    share = float((weights * stay).sum() / weights.sum())
    return newcombe(random.binomial(70, 0.55) / 70, 70, share, effective), 0.55 - 0.62


DRAWS: dict[str, Draw] = {
    "wilson": single_answers,
    "wilson with n_eff": clustered_answers,
    "ratio": promoted_sales,
    "adj_wald": recommendations,
    "poisson with φ": complaints,
    "poisson": rare_complaints,
    "effect": tested_campaign,
    "newcombe": matched_controls,
}


def coverage(draw: Draw, seeds: int) -> tuple[float, float]:
    """The share of companies whose interval holds the truth, and its standard error."""
    held = []
    for seed in range(seeds):
        (low, high), truth = draw(np.random.default_rng(seed))
        held.append(low <= truth <= high)
    share = float(np.mean(held))
    return share, sqrt(share * (1 - share) / seeds)


def main() -> int:
    """Print a line per interval; returns 1 where one holds the truth too seldom or claims too little."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.coverage", description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS, help="companies per interval")
    seeds = parser.parse_args().seeds
    outside = 0
    for name, draw in DRAWS.items():
        share, error = coverage(draw, seeds)
        judged = "" if LEAST <= share <= MOST else "too seldom" if share < LEAST else "wider than it need be"
        outside += bool(judged)
        print(f"{name:20} {100 * share:5.1f} % ± {100 * error:.1f}  {judged}")
    return int(outside > 0)


if __name__ == "__main__":
    sys.exit(main())
