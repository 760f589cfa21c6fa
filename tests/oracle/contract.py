"""The landing contract as the oracle reads it: written by hand from the design, not from the product's YAML.

Only the datasets that can move one of the recalculated numbers are listed; the others are never opened.
Column types: text, phone (text that a spreadsheet may have ruined), time, date, bool, integer, money, score, rate
or a tuple: a closed list.
"""

from typing import NamedTuple


class Dataset(NamedTuple):
    """Key columns, columns that must be filled beside them, every column's type, and the stamps that can't lie ahead."""

    key: tuple[str, ...]
    required: tuple[str, ...]
    columns: dict[str, str | tuple[str, ...]]
    happened: tuple[str, ...]


FUNCTIONS = ("MKT", "SAL", "PRD", "CS", "STO", "ECM", "LOY", "HR")
JOURNEY = ("awareness", "search", "compare", "order", "receipt", "use", "problem", "repeat_recommend")
# fmt: off
LOYALTY_EVENTS = (
    "enrol", "leave", "earn", "redeem", "expire", "adjust", "tier_change", "badge", "benefit_use", "check_in", "share",
    "review", "content", "community", "referral", "challenge",
)
# fmt: on
_CUSTOMER_REF = "source_system customer_source_system source_customer_id"
_ORG_REF = "org_unit_id employee_id"


def _dataset(
    key: str,
    required: str = "",
    happened: str = "",
    text: str = "",
    phone: str = "",
    time: str = "",
    date: str = "",
    bool: str = "",
    integer: str = "",
    money: str = "",
    score: str = "",
    rate: str = "",
    **closed: tuple[str, ...],
) -> Dataset:
    kinds = {"text": text, "phone": phone, "time": f"{time} updated_at", "date": date, "bool": f"{bool} withdrawn"}
    kinds |= {"integer": integer, "money": money, "score": score, "rate": rate}
    columns: dict[str, str | tuple[str, ...]] = {name: kind for kind, names in kinds.items() for name in names.split()}
    return Dataset(tuple(key.split()), tuple(required.split()), columns | closed, (*happened.split(), "updated_at"))


CONTRACT: dict[str, Dataset] = {
    "exchange_rates": _dataset("currency valid_from", text="currency", date="valid_from", rate="rate"),
    "org_units": _dataset(
        "org_unit_id valid_from",
        required="kind",
        text="org_unit_id parent_org_unit_id name_en name_zh",
        date="valid_from valid_to",
        kind=("company", "department", "store", "team"),
        function=FUNCTIONS,
    ),
    "employees": _dataset(
        "employee_id valid_from", text="employee_id hris_id name email org_unit_id role", date="valid_from valid_to"
    ),
    "targets": _dataset(
        "org_unit_id kpi_id period_start agreed_at",
        happened="agreed_at",
        text="org_unit_id kpi_id agreed_by note",
        time="agreed_at",
        date="period_start period_end",
        money="threshold target stretch band_low band_high",
        score="weight",
    ),
    "customers": _dataset(
        "source_system source_customer_id",
        happened="registered_at",
        text="source_system source_customer_id full_name given_name family_name email loyalty_card_no external_id "
        "birth_date gender address city region postcode country",
        phone="phone",
        time="registered_at",
        bool="phone_verified email_verified marketing_consent",
        acquisition_source=("referral", "recommendation", "organic", "paid", "store", "partner", "other"),
    ),
    "identifiers": _dataset(
        "source_system source_customer_id identifier_type identifier_value",
        text="source_system source_customer_id",
        phone="identifier_value",
        date="valid_from valid_to",
        identifier_type=("account", "card", "union_id", "phone", "email", "device", "cookie"),
    ),
    "orders": _dataset(
        "source_system order_id",
        required="ordered_at net_amount",
        happened="ordered_at",
        text=f"{_CUSTOMER_REF} {_ORG_REF} order_id guest_email channel currency campaign_id coupon_code",
        phone="guest_phone",
        time="ordered_at promised_at fulfilled_at",
        money="gross_amount discount_amount net_amount cost_amount points_redeemed",
        status=("open", "completed", "cancelled", "returned"),
    ),
    "order_lines": _dataset(
        "source_system order_id line_no",
        text="source_system order_id line_no product_id",
        bool="is_customised",
        money="quantity net_amount",
    ),
    "returns": _dataset(
        "source_system return_id",
        happened="requested_at",
        text="source_system return_id order_id order_source_system reason",
        time="requested_at completed_at",
        integer="promised_days",
        money="amount",
    ),
    "cases": _dataset(
        "source_system case_id",
        required="kind opened_at",
        happened="opened_at",
        text=f"{_CUSTOMER_REF} {_ORG_REF} case_id issue_id category severity channel order_id order_source_system",
        time="opened_at first_response_at eta_at resolved_at reopened_at follow_up_at",
        bool="responsibility_accepted",
        money="compensation_amount policy_amount",
        kind=("complaint", "request", "return", "suggestion"),
        follow_up_kind=("care", "marketing"),
    ),
    "survey_questions": _dataset(
        "question_code",
        text="question_code item text_en text_zh",
        score="scale_min scale_max",
        measures=(
            "nps",
            "csat",
            "ces",
            "trust",
            "satisfaction_index",
            "benefit",
            "cost",
            "personalisation",
            "rule_quiz",
        ),
        occasion=("relationship", "transaction", "complaint_closure"),
        polarity=("higher_is_better", "lower_is_better"),
    ),
    "survey_responses": _dataset(
        "source_system response_id question_code",
        required="responded_at",
        happened="responded_at",
        text=f"{_CUSTOMER_REF} {_ORG_REF} response_id question_code comment language touchpoint channel "
        "order_id order_source_system case_id case_source_system",
        time="responded_at",
        bool="is_correct",
        integer="seconds_taken",
        score="score",
        journey_stage=JOURNEY,
    ),
    "contacts": _dataset(
        "source_system contact_id",
        required="started_at",
        happened="started_at",
        text=f"{_CUSTOMER_REF} {_ORG_REF} contact_id channel touchpoint issue_id purpose case_id case_source_system",
        time="started_at callback_requested_at callback_promised_at callback_at",
        bool="transferred abandoned resolved",
        integer="wait_seconds handle_seconds",
        direction=("inbound", "outbound"),
        handled_by=("self_service", "bot", "person"),
    ),
    "survey_invitations": _dataset(
        "source_system invitation_id",
        happened="sent_at",
        text=f"{_CUSTOMER_REF} {_ORG_REF} invitation_id touchpoint response_id response_source_system",
        time="sent_at",
    ),
    "loyalty_events": _dataset(
        "source_system event_id",
        required="event_type occurred_at",
        happened="occurred_at",
        text=f"{_CUSTOMER_REF} event_id badge_id tier_from tier_to benefit_id order_id order_source_system ref_event_id",
        time="occurred_at expires_at",
        bool="is_rewarded",
        money="points cost_amount",
        event_type=LOYALTY_EVENTS,
        incentive_type=("competition", "honour", "benefit"),
        badge_kind=("exploration", "accumulation", "limited"),
    ),
    "benefits": _dataset(
        "benefit_id",
        text="benefit_id name_en name_zh tier",
        money="unit_cost",
        date="active_from active_to",
        kind=("price", "service", "content", "participation"),
    ),
    "business_actions": _dataset(
        "action_id",
        text="action_id name_en name_zh channel region segment owner_org_unit_id",
        time="starts_at ends_at",
        money="cost_amount",
        action_type=("price_change", "product_launch", "campaign", "service_policy", "programme_rule", "other"),
    ),
    "campaign_exposures": _dataset(
        "action_id source_system source_customer_id",
        happened="assigned_at",
        text="action_id source_system source_customer_id",
        time="assigned_at exposed_at",
        arm=("treated", "holdout"),
    ),
    "pilots": _dataset(
        "pilot_id",
        text="pilot_id name_en name_zh hypothesis primary_kpi_id scope_value decision_rule",
        time="starts_at ends_at",
        score="planned_share",
        scope_dimension=("region", "channel", "segment"),
    ),
    "pilot_assignments": _dataset(
        "pilot_id source_system source_customer_id",
        happened="assigned_at",
        text="pilot_id source_system source_customer_id",
        time="assigned_at",
        arm=("treated", "holdout"),
    ),
    "employee_survey": _dataset(
        "response_id",
        happened="responded_at",
        text="response_id question_code org_unit_id comment",
        time="responded_at",
        score="score",
    ),
    "reviews": _dataset(
        "review_id",
        happened="held_at",
        text="review_id org_unit_id",
        time="due_at held_at",
        kind=("monthly", "quarterly"),
    ),
}

# What can't be below nothing: the row is refused. (Points: but for `adjust`, the only event whose points carry a sign.)
NOT_NEGATIVE = ("points_redeemed", "promised_days", "seconds_taken", "wait_seconds", "handle_seconds", "weight", "rate")

# A reference to another dataset's row: dataset → {column: the dataset it points into}; its system is `<stem>_source_system`.
REFERENCES: dict[str, dict[str, str]] = {
    "returns": {"order_id": "orders"},
    "cases": {"order_id": "orders"},
    "survey_responses": {"order_id": "orders", "case_id": "cases"},
    "contacts": {"case_id": "cases"},
    "loyalty_events": {"order_id": "orders"},
    "survey_invitations": {"response_id": "survey_responses"},
}
WITH_CUSTOMER_REF = ("orders", "contacts", "cases", "survey_responses", "survey_invitations", "loyalty_events")
