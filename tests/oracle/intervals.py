"""95 % intervals from the six numbers of a cell (n, Σx, Σy, Σxx, Σxy, Σyy), on the scale of Σy/Σx."""

from dataclasses import dataclass
from functools import cache
from math import sqrt

from scipy.stats import chi2, t

Z = 1.959963984540054
_TAIL = 0.025
Interval = tuple[float, float]


@dataclass(frozen=True)
class Sums:
    """n distinct sampling units and the sums of their x, y, x², xy, y²: whole numbers, so that nothing is lost."""

    n: int
    x: int
    y: int
    xx: int
    xy: int
    yy: int

    @property
    def variance(self) -> float:
        """Linearised variance of the ratio Σy/Σx; needs n ≥ 2."""
        # The residuals' sum of squares times x², in whole numbers: where all units agree it is nought, not nearly.
        scatter = self.yy * self.x**2 - 2 * self.y * self.x * self.xy + self.y**2 * self.xx
        return self.n * scatter / ((self.n - 1) * self.x**4)


def adj_wald(sums: Sums) -> Interval:
    """Net promoter share with three answers added (Rocks 2016): ¾ promoter, ¾ detractor, 1½ passive."""
    promoters, detractors = (sums.yy + sums.y) / 2 + 0.75, (sums.yy - sums.y) / 2 + 0.75
    n = sums.n + 3
    centre = (promoters - detractors) / n
    half = Z * sqrt(((promoters + detractors) / n - centre**2) / n)
    return max(-1.0, centre - half), min(1.0, centre + half)


def effective_n(sums: Sums) -> float:
    """Answers' worth of information in Σx answers of n units: Σx over the design effect."""
    p = sums.y / sums.x
    if sums.xx <= sums.x:
        return float(sums.x)
    if p in (0.0, 1.0):
        return float(sums.n)
    return sums.x / max(1.0, sums.variance / (p * (1 - p) / sums.x))


def wilson(sums: Sums) -> Interval:
    """Wilson's score interval of a proportion on the effective n."""
    return wilson_of(sums.y / sums.x, effective_n(sums))


def wilson_of(p: float, n: float) -> Interval:
    """Wilson's score interval of a share p of n, which need not be whole."""
    centre = (p + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z * sqrt(p * (1 - p) / n + Z**2 / (4 * n**2)) / (1 + Z**2 / n)
    return max(0.0, centre - half), min(1.0, centre + half)


def ratio(sums: Sums) -> Interval:
    """Student's t about the ratio with its linearised variance; not clipped."""
    half = _student(sums.n - 1) * sqrt(sums.variance)
    return sums.y / sums.x - half, sums.y / sums.x + half


@cache
def _student(freedom: int) -> float:
    return float(t.ppf(1 - _TAIL, freedom))


def poisson(sums: Sums) -> Interval:
    """Garwood's exact interval of the count over its dispersion φ ≥ 1, the denominator fixed."""
    phi = max(1.0, sums.variance * sums.x**2 / sums.y) if sums.y else 1.0
    count = sums.y / phi
    low = chi2.ppf(_TAIL, 2 * count) / 2 if count else 0.0
    high = chi2.ppf(1 - _TAIL, 2 * count + 2) / 2
    return float(low * phi / sums.x), float(high * phi / sums.x)


@dataclass(frozen=True)
class Arm:
    """One arm of a test: how many people, the mean of what was measured of each, and its variance (n − 1)."""

    n: int
    mean: float
    variance: float


@dataclass(frozen=True)
class Effect:
    """What treating brought, its variance, and Welch's degrees of freedom (None where nothing varies)."""

    increment: float
    variance: float
    freedom: float | None

    def interval(self, cost: float = 0.0) -> Interval:
        """Welch's interval of increment − cost."""
        half = float(t.ppf(1 - _TAIL, self.freedom)) * sqrt(self.variance) if self.freedom else 0.0
        return self.increment - cost - half, self.increment - cost + half


def effect(treated: Arm, held_out: Arm) -> Effect:
    """I = (mean treated − mean held out) · treated; needs two people in each arm (Welch 1947)."""
    parts = [arm.variance / arm.n for arm in (treated, held_out)]
    below = sum(part**2 / (arm.n - 1) for part, arm in zip(parts, (treated, held_out), strict=True))
    freedom = sum(parts) ** 2 / below if below else None
    return Effect((treated.mean - held_out.mean) * treated.n, sum(parts) * treated.n**2, freedom)


def newcombe(p: float, n: float, q: float, m: float) -> Interval:
    """Interval of the difference p − q of two shares of n and m (Newcombe 1998, method 10: from Wilson's intervals)."""
    (p_low, p_high), (q_low, q_high) = wilson_of(p, n), wilson_of(q, m)
    low = p - q - sqrt((p - p_low) ** 2 + (q_high - q) ** 2)
    return low, p - q + sqrt((p_high - p) ** 2 + (q - q_low) ** 2)
