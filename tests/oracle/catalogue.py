"""The KPIs as the design lists them, copied by hand."""

from collections.abc import Callable
from typing import NamedTuple

from .intervals import Interval, Sums, adj_wald, poisson, ratio, wilson

CUSTOMER = ("channel", "tenure", "value_tier", "loyalty_tier", "region")
TOUCHPOINT, JOURNEY, COMPLAINER = ("touchpoint",), ("journey_stage",), ("complainer",)
NANO, MONEY = 10**9, 10**4


class Kpi(NamedTuple):
    """A catalogue row: value = scale · (Σy/Σx + offset).

    `floor_counts` is what the scored floor is a number of; `x_parts` and `y_parts` say how many parts of the whole numbers
    that are summed make one; `state`: a state at a period's end, whose quarter and year are their last month.
    """

    scored_floor: int
    interval: Callable[[Sums], Interval]
    slices: tuple[str, ...] = CUSTOMER
    scale: float = 100.0
    offset: float = 0.0
    bounds: tuple[float, float] | None = None
    higher_is_better: bool = True
    floor_counts: str = "n"
    state: bool = False
    x_parts: int = 1
    y_parts: int = 1
    shown_floor: int = 5


CATALOGUE = {
    "nps_relationship": Kpi(100, adj_wald, CUSTOMER + COMPLAINER),
    "nps_touchpoint": Kpi(100, adj_wald, CUSTOMER + TOUCHPOINT + JOURNEY),
    "csat_t2b": Kpi(50, wilson, CUSTOMER + TOUCHPOINT + JOURNEY),
    "ces_effort": Kpi(
        50,
        ratio,
        CUSTOMER + TOUCHPOINT + JOURNEY,
        scale=6.0,
        offset=1 / 6,
        bounds=(1.0, 7.0),
        higher_is_better=False,
        y_parts=NANO,
    ),
    "retention_rolling": Kpi(100, wilson, state=True),
    "repurchase_90d": Kpi(100, wilson, CUSTOMER + COMPLAINER),
    "new_to_repeat": Kpi(100, wilson),
    "promo_dependence": Kpi(100, ratio, bounds=(0.0, 100.0), higher_is_better=False, x_parts=MONEY, y_parts=MONEY),
    "fcr": Kpi(50, wilson, CUSTOMER + TOUCHPOINT),
    "first_response": Kpi(50, wilson),
    "complaint_rate": Kpi(1000, poisson, scale=1000.0, higher_is_better=False, floor_counts="denominator"),
    "complaint_csat": Kpi(50, wilson, CUSTOMER + TOUCHPOINT),
    "active_members": Kpi(100, wilson, state=True),
}
