"""What the demo company's heads agreed to aim for: weights (each unit's add up to 100), ambitions and distances."""

from typing import NamedTuple

from demo_company.company import STORES

# Departments start with the weights of the KPI catalogue's design; the managing director and the stores chose their own.
WEIGHTS: dict[str, dict[str, int]] = {
    "HQ": {
        "nps_relationship": 25,
        "csat_t2b": 20,
        "retention_rolling": 20,
        "trust_index": 20,
        "complaint_rate": 15,
    },
    "MKT": {
        "campaign_increment": 20,
        "promo_dependence": 20,
        "earned_new": 20,
        "new_to_repeat": 20,
        "base_lift": 10,
        "nps_relationship": 10,
    },
    "SAL": {
        "retention_rolling": 25,
        "core_retention": 25,
        "new_to_repeat": 20,
        "complaint_csat": 10,
        "nps_relationship": 10,
        "earned_new": 10,
    },
    "PRD": {
        "satisfaction_index": 20,
        "perceived_value": 20,
        "complaint_rate": 15,
        "personalisation": 15,
        "promise_kept": 10,
        "complaint_csat": 10,
        "nps_relationship": 10,
    },
    "CS": {
        "fcr": 20,
        "complaint_csat": 20,
        "ces_effort": 15,
        "post_complaint_retention": 15,
        "first_response": 10,
        "closed_loop": 10,
        "csat_t2b": 5,
        "nps_touchpoint": 5,
    },
    "STO": {
        "csat_t2b": 25,
        "repurchase_90d": 20,
        "promise_kept": 20,
        "identity_match": 15,
        "closed_loop": 10,
        "nps_touchpoint": 10,
    },
    "ECM": {
        "ces_effort": 25,
        "repurchase_90d": 20,
        "self_service": 20,
        "promise_kept": 15,
        "identity_match": 10,
        "nps_touchpoint": 10,
    },
    "LOY": {
        "programme_roi": 25,
        "active_members": 20,
        "cltv_12m": 20,
        "intrinsic_share": 15,
        "core_retention": 10,
        "points_redemption": 10,
    },
    "HR": {"enps": 60, "reviews_on_time": 40},
    **{store[0]: {"csat_t2b": 50, "complaint_rate": 30, "nps_relationship": 20} for store in STORES},
}


class Goal(NamedTuple):
    """What is expected where the generator does not work the level out, and how far threshold and stretch lie from the
    target, towards bad and good; negative where less is better."""

    expected: float
    to_threshold: float
    to_stretch: float


class Band(NamedTuple):
    """Bounds of a KPI that is best in between: nothing outside the outer ones, everything inside the inner ones."""

    threshold: float
    band_low: float
    band_high: float
    stretch: float


GOALS = {
    "nps_relationship": Goal(30.0, 12.0, 10.0),
    "nps_touchpoint": Goal(15.0, 12.0, 10.0),
    "csat_t2b": Goal(80.0, 6.0, 5.0),
    "complaint_csat": Goal(45.0, 10.0, 8.0),
    "ces_effort": Goal(2.6, -0.4, -0.3),
    "trust_index": Goal(42.0, 12.0, 10.0),
    "perceived_value": Goal(1.8, 0.6, 0.5),
    "personalisation": Goal(42.0, 8.0, 7.0),
    "promise_kept": Goal(76.0, 8.0, 7.0),
    "self_service": Goal(46.0, 8.0, 7.0),
    "closed_loop": Goal(34.0, 8.0, 8.0),
    "identity_match": Goal(75.0, 8.0, 7.0),
    "retention_rolling": Goal(55.0, 6.0, 5.0),
    "core_retention": Goal(80.0, 6.0, 5.0),
    "repurchase_90d": Goal(60.0, 6.0, 5.0),
    "new_to_repeat": Goal(45.0, 6.0, 5.0),
    "post_complaint_retention": Goal(65.0, 10.0, 8.0),
    "cltv_12m": Goal(230.0, 40.0, 40.0),
    "earned_new": Goal(22.0, 5.0, 5.0),
    "intrinsic_share": Goal(42.0, 5.0, 5.0),
    "active_members": Goal(25.0, 5.0, 4.0),
    "promo_dependence": Goal(18.0, -5.0, -4.0),
    "campaign_increment": Goal(0.0, 50_000.0, 50_000.0),
    "base_lift": Goal(0.0, 5.0, 5.0),
    "programme_roi": Goal(20.0, 40.0, 40.0),
    "fcr": Goal(88.0, 5.0, 4.0),
    "first_response": Goal(82.0, 6.0, 5.0),
    "complaint_rate": Goal(12.0, -4.0, -3.0),
    "enps": Goal(15.0, 12.0, 10.0),
    "reviews_on_time": Goal(70.0, 30.0, 20.0),
}
# Stores see few customers' cards and promise little; online everybody has an account and every parcel a date.
EXPECTED_OF_UNIT = {
    ("STO", "identity_match"): 53.0,
    ("ECM", "identity_match"): 94.0,
    ("STO", "promise_kept"): 89.0,
}
BANDS = {
    "satisfaction_index": Band(52.0, 64.0, 82.0, 94.0),
    "points_redemption": Band(5.0, 20.0, 70.0, 90.0),
}
# In the company's currency: no hundred is the most they can be.
MONEY = ("cltv_12m", "campaign_increment")
# The agreed ambition above (or below) the true level, turning through the quarters, so that verdicts differ.
AMBITION = (-2.5, 0.0, 1.0, -1.0, 2.5, 0.5)
