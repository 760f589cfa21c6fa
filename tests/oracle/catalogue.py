"""The KPIs as the design lists them, copied by hand."""

from collections.abc import Callable
from typing import NamedTuple

from .intervals import Interval, Sums, adj_wald, poisson, ratio, wilson

CUSTOMER = ("channel", "tenure", "value_tier", "loyalty_tier", "region")
TOUCHPOINT, JOURNEY, COMPLAINER, ITEM = ("touchpoint",), ("journey_stage",), ("complainer",), ("item",)
CAMPAIGN = ("campaign",)
NANO, MONEY, HOUR = 10**9, 10**4, 3_600_000_000


class Kpi(NamedTuple):
    """A catalogue row: value = scale · (Σy/Σx + offset).

    `floor_counts` is what the scored floor is a number of; `x_parts` and `y_parts` say how many parts of the whole numbers
    that are summed make one; `state`: a state at a period's end, whose quarter and year are their last month;
    `quantile_parts`: how many parts of what quantiles are taken of make one, where they are; a guardrail is never scored.
    """

    scored_floor: int
    interval: Callable[[Sums], Interval] | None
    slices: tuple[str, ...] = CUSTOMER
    scale: float = 100.0
    offset: float = 0.0
    bounds: tuple[float | None, float | None] | None = None
    higher_is_better: bool | None = True
    floor_counts: str = "n"
    state: bool = False
    x_parts: int = 1
    y_parts: int = 1
    shown_floor: int = 5
    company_only: bool = False
    quantile_parts: int | None = None
    guardrail: bool = False


CATALOGUE = {
    "nps_relationship": Kpi(100, adj_wald, CUSTOMER + COMPLAINER),
    "nps_touchpoint": Kpi(100, adj_wald, CUSTOMER + TOUCHPOINT + JOURNEY + CAMPAIGN),
    "csat_t2b": Kpi(50, wilson, CUSTOMER + TOUCHPOINT + JOURNEY + CAMPAIGN),
    "satisfaction_index": Kpi(
        50, ratio, CUSTOMER + ITEM, bounds=(0.0, 100.0), higher_is_better=None, x_parts=1_000, y_parts=1_000
    ),
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
    "retention_180": Kpi(100, wilson, CUSTOMER + CAMPAIGN),
    "retention_365": Kpi(100, wilson, CUSTOMER + CAMPAIGN),
    "repurchase_90d": Kpi(100, wilson, CUSTOMER + COMPLAINER + CAMPAIGN),
    "new_to_repeat": Kpi(100, wilson, CUSTOMER + CAMPAIGN),
    "cltv_12m": Kpi(500, ratio, scale=1.0, bounds=(0.0, None), state=True, y_parts=MONEY, shown_floor=30),
    "core_retention": Kpi(100, wilson, state=True),
    "value_at_risk": Kpi(
        500,
        ratio,
        bounds=(0.0, 100.0),
        higher_is_better=False,
        state=True,
        x_parts=MONEY,
        y_parts=MONEY,
        shown_floor=30,
    ),
    "trust_index": Kpi(100, ratio, CUSTOMER + ITEM, bounds=(-100.0, 100.0)),
    "promise_kept": Kpi(50, wilson, CUSTOMER + ITEM),
    "perceived_value": Kpi(50, ratio, CUSTOMER + ITEM, scale=1.0, bounds=(-6.0, 6.0), x_parts=1_000, y_parts=1_000),
    "personalisation": Kpi(50, wilson, CUSTOMER + TOUCHPOINT + JOURNEY),
    "intrinsic_share": Kpi(100, ratio, bounds=(0.0, 100.0)),
    "promo_dependence": Kpi(
        100, ratio, CUSTOMER + CAMPAIGN, bounds=(0.0, 100.0), higher_is_better=False, x_parts=MONEY, y_parts=MONEY
    ),
    "base_lift": Kpi(0, None, (), offset=-1.0, x_parts=MONEY, y_parts=MONEY, shown_floor=1),
    "earned_new": Kpi(50, wilson, ("channel", "region", "acquisition_source")),
    "identity_match": Kpi(100, ratio, ("channel",), bounds=(0.0, 100.0)),
    "reexplain_rate": Kpi(50, wilson, higher_is_better=False),
    "self_service": Kpi(100, wilson, CUSTOMER + TOUCHPOINT),
    "fcr": Kpi(50, wilson, CUSTOMER + TOUCHPOINT),
    "first_response": Kpi(50, wilson, quantile_parts=HOUR),
    "resolution_time": Kpi(50, wilson, quantile_parts=HOUR),
    "complaint_rate": Kpi(
        1000, poisson, CUSTOMER + CAMPAIGN, scale=1000.0, higher_is_better=False, floor_counts="denominator"
    ),
    "complaint_csat": Kpi(50, wilson, CUSTOMER + TOUCHPOINT),
    "post_complaint_retention": Kpi(50, wilson),
    "closed_loop": Kpi(50, wilson),
    "points_redemption": Kpi(
        100,
        ratio,
        CUSTOMER[1:],
        bounds=(0.0, 100.0),
        higher_is_better=None,
        x_parts=MONEY,
        y_parts=MONEY,
        company_only=True,
    ),
    "active_members": Kpi(100, wilson, state=True),
    "enps": Kpi(30, adj_wald, (), company_only=True),
    "reviews_on_time": Kpi(1, None, (), shown_floor=1),
    # guardrails
    "survey_response_rate": Kpi(0, wilson, TOUCHPOINT, guardrail=True),
    "contact_reason_mix": Kpi(0, wilson, ("channel", "purpose"), guardrail=True),
    "reopen_rate": Kpi(0, wilson, (), higher_is_better=False, guardrail=True),
    "feedback_welcome": Kpi(0, None, (), scale=1000.0, guardrail=True),
    "rule_understood_30s": Kpi(0, wilson, (), guardrail=True),
    "complaint_formula": Kpi(0, wilson, ITEM, guardrail=True),
    "wait_p90": Kpi(0, ratio, ("channel",), scale=1.0, bounds=(0.0, None), quantile_parts=1, guardrail=True),
    "callback_kept": Kpi(0, wilson, (), guardrail=True),
    "benefit_use_rate": Kpi(0, wilson, (), state=True, company_only=True, guardrail=True),
    "benefit_cost_per_member": Kpi(
        0, ratio, (), scale=1.0, bounds=(0.0, None), state=True, y_parts=MONEY, company_only=True, guardrail=True
    ),
    "customised_share": Kpi(0, None, (), guardrail=True),
    "data_quality_pass": Kpi(0, None, ITEM, shown_floor=1, company_only=True, guardrail=True),
}

# Effects are no ratios of customers' sums: they have cells of their own.
EFFECTS = {
    "campaign_increment": Kpi(500, None, (), scale=1.0, x_parts=1, y_parts=MONEY, shown_floor=30),
    "programme_roi": Kpi(500, None, (), offset=-1.0, x_parts=MONEY, y_parts=MONEY, shown_floor=30, company_only=True),
}
KPIS = CATALOGUE | EFFECTS
