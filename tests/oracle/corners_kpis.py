"""The corner company's stories about purchases, members, talks, cases and answers: edges of windows, months and rules.

Every story happens to six people (or six nobodies), so that a slice in which it lands is large enough to be shown, and
whoever reads a rule differently moves six at once. Each kind of story has a department of its own.
"""

from datetime import date, datetime, timedelta
from pathlib import Path

from .by_hand import deliver

SHANGHAI = """
timezone: Asia/Shanghai
currency: CNY
channel_units: {app: by_channel, nowhere: not_a_unit}
history_starts_on: 2023-06-01
special_hours: {2024-10-12: ["09:00-18:00"], 2024-10-18: [], 2024-10-01: ["10:00-12:00"]}
holidays: [2024-10-01, 2024-10-02, 2024-10-03]
business_hours: {mon: ["09:00-12:00", "13:00-18:00"], tue: ["09:00-18:00"], thu: ["09:00-18:00"], fri: ["09:00-18:00"]}
"""
# Clocks change on 2024-03-10 and 2024-11-03; it is still the day before when Shanghai has lunch.
NEW_YORK = """
timezone: America/New_York
currency: CNY
channel_units: {app: by_channel, nowhere: not_a_unit}
first_contact_purposes: [order, delivery]
discount_is_promotion: true
business_hours: {sat: ["00:00-24:00"], sun: ["00:00-03:30", "04:00-24:00"], mon: ["00:00-09:00"]}
service_levels: {first_response_minutes: 300}
"""
DEPARTMENTS = ("again", "first", "promo", "members", "talks", "sla", "effort", "closure", "touch", "tiers", "regions")
DEPARTMENTS += ("tenure", "complainers", "worth")
COPIES = 6
DAY = date(2024, 6, 10)


def write(data: Path) -> None:
    """Lay the stories' deliveries beside the others, in files of their own."""
    _orders(data)
    _members(data)
    _talks(data)
    _cases(data)
    _answers(data)
    _customers(data)
    deliver(
        data,
        "business_actions",
        """
        action_id | action_type | starts_at | owner_org_unit_id | ends_at
        cut       | price_change     | 2024-08-15 | sto
        cut2      | product_launch   | 2024-03-31T20:00:00Z | ecm
        no_cut    | campaign         | 2024-05-15 | hq | 2024-05-16
        no_start  | service_policy   |            | hq
        nobody    | programme_rule   | 2024-10-31T16:00:00Z |
        unheard   | service_policy   | 2024-12-01 | unheard_of
        """,
        "stories.csv",
    )


def _told(rows: list[str]) -> str:
    """Each row six times, # standing for the copy's number."""
    return "\n".join(row.replace("#", str(copy)) for row in rows for copy in range(COPIES))


def after(days: float, day: date = DAY) -> str:
    """The time of day `day` + `days`, at noon where the number is whole."""
    return (datetime(day.year, day.month, day.day, 12) + timedelta(days=days)).isoformat()


AGAIN = {  # story → (days after the 10th of June, what differs) of each order
    "same_day": [(0, ""), (0.25, "")],
    "next_day": [(0, ""), (1, "")],
    "on_day_90": [(0, ""), (90, "")],
    "on_day_91": [(0, ""), (91, "")],
    "elsewhere": [(0, ""), (30, "unit=sal")],
    "cancelled": [(0, ""), (30, "status=cancelled")],
    "refunded": [(0, ""), (30, "refund=10")],
    "refunded_in_part": [(0, ""), (30, "refund=9.9999")],
    "two_units": [(0, ""), (0.1, "unit=sal"), (40, "")],
    "two_channels": [(0, "channel=web"), (0.1, "channel=app"), (40, "")],
    "three_times": [(0, ""), (30, ""), (60, "")],
    "far_apart": [(0, ""), (100, ""), (190, "")],
    "closes_yesterday": [(123, "")],
    "closes_today": [(124, "")],
    "closes_tomorrow": [(125, "")],
    "just_now": [(212, "")],
}
EDGES = ("2024-05-31T15:59:59Z", "2024-05-31T16:00:00Z", "2024-06-01T03:59:59Z", "2024-06-01T04:00:00Z")
FIRSTS = {  # story → the days on which somebody ordered
    "a_day_too_early": ("2024-05-30", "2024-07-30"),
    "on_the_day": ("2024-05-31", "2024-08-29"),
    "a_day_too_late": ("2024-05-31", "2024-08-30"),
    "twice_a_day": ("2024-06-20T08:00:00", "2024-06-20T20:00:00"),
    # Without history_starts_on: a year after the first order of all, and one after the first of somebody known.
    "before_a_year_is_over": ("2024-04-29",),
    "a_year_after_the_first_order": ("2024-04-30",),
    "before_a_year_with_somebody": ("2024-05-05",),
    "a_year_after_the_first_known": ("2024-05-06",),
}
PROMO = {  # story → net_amount|discount_amount|campaign_id|coupon_code|currency, and what was refunded
    "plain": ("100||||", ""),
    "discount": ("100|10|||", ""),
    "no_discount": ("100|0|||", ""),
    "campaign": ("100||ACT||", ""),
    "coupon": ("30|||C10|", ""),
    "both": ("20|5|ACT|C10|", ""),
    "coupon_refunded_in_part": ("50|||C10|", "20.5"),
    "coupon_refunded": ("50|||C10|", "50"),
    "euros": ("3.3333|||C10|EUR", ""),
    "euros_half_up": ("0.5|||C10|EUR", ""),
    "euros_refunded_beyond": ("2||||EUR", "2"),
    "pounds_worth_nothing": ("0.0001||||GBP", ""),
}


def _orders(data: Path) -> None:
    head = "source_system|order_id|source_customer_id|org_unit_id|channel|ordered_at|net_amount|discount_amount|campaign_id"
    head += "|coupon_code|currency|status\n"
    rows, refunds = [], []

    def order(
        who: str,
        unit: str,
        at: str,
        worth: str = "10||||",
        channel: str = "",
        status: str = "",
        refund: str = "",
        key: str = "",
    ) -> None:
        key = key or f"s{len(rows)}-#"
        rows.append(f"shop|{key}|{who}|{unit}|{channel}|{at}|{worth}|{status}")
        if refund:
            refunds.append(f"shop|{key}|{key}|2024-09-01|{refund}")

    for story, orders in AGAIN.items():
        for days, what in orders:
            told = {"unit": "again"} | dict(part.split("=") for part in what.split() if part)
            order(f"{story}-#", at=after(days), **told)
    for at in EDGES:
        order(f"edge-{at}-#".replace(":", ""), "again", at)
    for story, times in FIRSTS.items():
        for at in times:
            order(f"{story}-#", "first", at)
    order("cancelled_first-#", "first", "2024-01-05", status="cancelled")
    order("cancelled_first-#", "first", "2024-07-05")
    order("", "first", "2023-05-01")  # the company's first sale of all, to nobody known
    for channel in ("web", ""):
        order("" if channel else "buyer-#", "closure", "2024-06-01", channel=channel, key=f"about-{channel}-#")
    for story, (worth, refund) in PROMO.items():
        order(f"{story}-#", "promo", after(0), worth, refund=refund)
    order("", "promo", after(0), "40|||C10|")
    order("euros_later-#", "promo", "2024-06-20", "1.25||ACT||EUR")
    for number, days in enumerate((0, 5, 10, 100, 101, 375, 376, 400)):  # tenure: at the beginning of June …
        order(f"tenure{number}-#", "tenure", f"{date(2024, 6, 10) - timedelta(days=days)}")
        order(f"tenure{number}-#", "tenure", "2024-06-25")
    for worth in (5, 10, 20, 40, 40, 40, 80):
        order(f"worth{worth}-#", "worth", "2024-03-31T12:00:00", f"{worth}||||")
        order(f"worth{worth}-#", "worth", "2024-04-01T12:00:00", "9999||||")
        order(f"worth{worth}-#", "worth", "2024-07-05T12:00:00")
    order("worth_a_year-#", "worth", "2023-06-30T12:00:00", "9999||||")
    order("worth_a_year-#", "worth", "2023-07-01T12:00:00", "15||||")
    order("worth_a_year-#", "worth", "2024-06-30T12:00:00")
    order("worth_a_year-#", "worth", "2024-07-01T12:00:00")
    # Where members live, and when they come: 30 days before July and 31.
    for story, at in (("bought_30", "2024-06-01"), ("bought_31", "2024-05-31"), ("bought_late", "2024-07-01")):
        order(f"{story}-#", "members", at, channel="web")
    for story in (
        "tier_kept",
        "tier_last_day",
        "tier_first_day",
        "tier_without_name",
        "tier_left",
        "tier_again",
        "tier_none",
    ):
        order(f"{story}-#", "tiers", "2024-06-20")
    for story in REGIONS:
        order(f"{story}-#", "regions", "2024-06-20")
    for days in (0, 1, 365, 366):
        order(f"complained{days}-#", "complainers", "2024-06-20")
    order("requested-#", "complainers", "2024-06-20")
    deliver(data, "orders", head + _told(rows), "stories.csv")
    deliver(data, "returns", "source_system|return_id|order_id|completed_at|amount\n" + _told(refunds), "stories.csv")
    rates = "currency|valid_from|rate\nEUR|2024-01-01|7.12345\nEUR|2024-06-20|7.7\nGBP|2024-01-01|0.4\n"
    deliver(data, "exchange_rates", rates, "stories.csv")


MEMBERS = {  # story → (event, time) in the shop's zone or UTC
    "bought_30": [("enrol", "2024-01-10")],
    "bought_31": [("enrol", "2024-01-10")],
    "bought_late": [("enrol", "2024-06-30T23:59:59")],
    "asleep": [("enrol", "2024-01-10"), ("earn", "2024-06-20"), ("badge", "2024-06-20"), ("tier_change", "2024-06-20")],
    "checked_in_30": [("enrol", "2024-01-10"), ("check_in", "2024-06-01T00:00:00")],
    "checked_in_31": [("enrol", "2024-01-10"), ("check_in", "2024-05-31T23:59:59")],
    "reviewed_in_utc": [("enrol", "2024-01-10"), ("review", "2024-05-31T16:00:00Z")],
    "gone": [("enrol", "2024-01-10"), ("share", "2024-06-15"), ("leave", "2024-06-30T23:59:59")],
    "gone_in_july": [("enrol", "2024-01-10"), ("share", "2024-06-15"), ("leave", "2024-07-01T00:00:00")],
    "back": [("enrol", "2024-01-10"), ("leave", "2024-03-10"), ("enrol", "2024-06-10"), ("referral", "2024-06-11")],
    "at_once": [("leave", "2024-04-10"), ("enrol", "2024-04-10"), ("challenge", "2024-06-11")],
    "at_once_the_other_way": [("enrol", "2024-04-10"), ("leave", "2024-04-10"), ("challenge", "2024-06-11")],
    "never": [("redeem", "2024-06-11")],
}
TIERS = {  # story → (event, time, tier_to)
    "tier_kept": [("enrol", "2024-01-10", ""), ("tier_change", "2024-03-10", "gold")],
    "tier_last_day": [("enrol", "2024-01-10", "silver"), ("tier_change", "2024-05-31T23:59:59", "gold")],
    "tier_first_day": [("enrol", "2024-01-10", "silver"), ("tier_change", "2024-06-01T00:00:00", "gold")],
    "tier_without_name": [("enrol", "2024-01-10", "silver"), ("tier_change", "2024-02-10", "")],
    "tier_left": [("enrol", "2024-01-10", "silver"), ("leave", "2024-02-10", "gold")],
    "tier_again": [("enrol", "2024-01-10", "gold"), ("leave", "2024-02-10", ""), ("enrol", "2024-05-10", "")],
    "tier_none": [("earn", "2024-01-10", "gold")],
}


def _members(data: Path) -> None:
    told = [
        (story, event, at, tier)
        for stories in (MEMBERS, TIERS)
        for story, events in stories.items()
        for event, at, tier in ((*given, "")[:3] for given in events)
    ]
    rows = [f"loy|e{n:03}-#|shop|{story}-#|{event}|{at}|{tier}" for n, (story, event, at, tier) in enumerate(told)]
    head = "source_system|event_id|customer_source_system|source_customer_id|event_type|occurred_at|tier_to\n"
    deliver(data, "loyalty_events", head + _told(rows), "stories.csv")


TALKS = {  # story → (days after the 10th of June, issue, purpose, direction, handled_by, abandoned, who if another) per talk
    "once": [(0, "", "order", "", "person", "")],
    "outbound_after": [(0, "", "order", "inbound", "person", ""), (1, "", "order", "outbound", "person", "")],
    "same_day": [(0, "", "order", "", "person", ""), (0.1, "", "order", "", "person", "")],
    "after_168_hours": [(0, "", "order", "", "person", "no"), (7, "", "order", "", "person", "")],
    "a_second_more": [(0, "", "order", "", "person", ""), (7 + 1 / 86400, "", "order", "", "person", "")],
    "chain": [(n * 6, "", "order", "", "person", "") for n in range(4)],
    "issue_day_7": [(0, "A#", "order", "", "person", ""), (7.49, "A#", "order", "", "person", "")],
    "issue_day_8": [(0, "B#", "order", "", "person", ""), (7.5, "B#", "order", "", "person", "")],
    "bot_first": [(0, "", "order", "", "bot", ""), (0.1, "", "order", "", "person", "")],
    "bot_after": [(0, "", "order", "", "person", ""), (0.1, "", "order", "", "bot", "")],
    "abandoned": [(0, "", "order", "", "person", "yes")],
    "by_whom": [(0, "", "order", "", "", "")],
    "other_purpose": [(0, "", "order", "", "person", ""), (1, "", "delivery", "", "person", "")],
    "no_purpose": [(0, "", "", "", "person", ""), (1, "", "", "", "person", "")],
    "rare_purpose": [(0, "", "compliment", "", "person", "")],
    "before_29_days": [(-29, "", "order", "", "person", ""), (0, "", "order", "", "person", "")],
    "before_720_hours": [(-30, "", "order", "", "bot", ""), (0, "", "order", "", "person", "")],
    "a_second_before": [(-30 - 1 / 86400, "", "order", "", "person", ""), (0, "", "order", "", "person", "")],
    "before_other_purpose": [(-29, "", "delivery", "", "person", ""), (0, "", "order", "", "person", "")],
    "before_no_purpose": [(-29, "", "", "", "person", ""), (0, "", "", "", "person", "")],
    "before_outbound": [(-29, "", "order", "outbound", "person", ""), (0, "", "order", "", "person", "")],
    "before_same_issue": [(-29, "C#", "order", "", "person", ""), (0, "C#", "order", "", "person", "")],
    "before_another_issue": [(-9, "D#", "order", "", "person", ""), (0, "", "order", "", "person", "")],
    "late": [(206, "", "order", "", "person", "")],
    "late_closed": [(205, "", "order", "", "person", "")],
    "nobody": [(0, "", "order", "", "person", ""), (1, "", "order", "", "person", "")],
    "nobody_issue": [(0, "E#", "order", "", "person", ""), (1, "E#", "order", "", "person", "")],
    "shared_issue": [(0, "F#", "order", "", "person", ""), (3, "F#", "order", "", "person", "")],
}


def _talks(data: Path) -> None:
    rows = []
    for story, talks in TALKS.items():
        for number, (days, issue, purpose, direction, handled_by, abandoned) in enumerate(talks):
            who = "" if story.startswith("nobody") else f"{story}{number if story == 'shared_issue' else ''}-#"
            place = (
                f"{'talks' if number == 0 else 'sal'}|{'phone' if number == 0 else 'chat'}|{'desk' if number else ''}"
            )
            rows.append(
                f"cc|t{len(rows):03}-#|{who}|{place}|{issue}|{purpose}|{direction}|{handled_by}|{abandoned}|{after(days)}"
            )
    head = "source_system|contact_id|source_customer_id|org_unit_id|channel|touchpoint|issue_id|purpose|direction|handled_by"
    deliver(data, "contacts", f"{head}|abandoned|started_at\n" + _told(rows), "stories.csv")


SLA = [  # opened_at, first_response_at: 4 hours in Shanghai, 5 on New York's weekends
    *(("2024-10-14T09:00:00", "2024-10-14T14:00:00"), ("2024-10-14T09:00:00", "2024-10-14T14:00:01")),
    *(("2024-10-14T08:00:00", "2024-10-14T13:59:59"), ("2024-10-14T12:30:00", "2024-10-14T17:00:01")),
    *(("2024-10-15T14:00:00", "2024-10-15T18:00:00"), ("2024-10-15T14:00:00", "2024-10-15T18:00:01")),
    *(("2024-10-15T14:00:01", "2024-10-17T09:00:01"), ("2024-10-15T18:00:00", "2024-10-17T13:00:00")),
    *(("2024-10-11T17:00:00", "2024-10-12T12:00:00"), ("2024-10-11T17:00:00", "2024-10-14T12:00:00")),
    *(("2024-10-17T17:00:00", "2024-10-21T12:00:00"), ("2024-10-17T17:00:00", "2024-10-21T12:00:01")),
    *(("2024-09-30T17:00:00", "2024-10-04T10:00:00"), ("2024-09-30T17:00:00", "2024-10-01T11:00:00")),
    *(
        ("2024-10-05T10:00:00", ""),
        ("2024-10-16T10:00:00", "2024-10-16T09:00:00"),
        ("2024-10-26T10:00:00", "2024-10-26T11:00:00"),
    ),
    *(("2024-03-09T23:00:00", "2024-03-10T05:30:00"), ("2024-03-10T01:00:00", "2024-03-10T07:30:00")),
    *(("2024-11-02T22:00:00", "2024-11-03T02:00:00"), ("2024-11-03T01:30:00-04:00", "2024-11-03T06:00:00")),
    *(("2024-11-03T05:30:00Z", "2024-11-03T06:30:00Z"), ("2024-11-02T22:00:00", "2024-11-03T02:00:01")),
    *(("2024-10-31T17:30:00", ""), ("2024-10-31T17:30:00", "2024-11-01T12:30:00")),
    *(("2025-01-09T17:00:00+08:00", ""), ("2025-01-09T17:00:01+08:00", ""), ("2025-01-09T16:59:59+08:00", "")),
]


def _cases(data: Path) -> None:
    rows = [
        f"cs|sla{n}-#|shop|{'' if n % 4 == 1 else f'sla{n % 7}-#'}|sla|{('complaint', 'request', 'suggestion')[n % 3]}|"
        f"{('', 'mail')[n % 2]}|{opened}|{answered}|"
        for n, (opened, answered) in enumerate(SLA)
    ]
    for days in (0, 1, 365, 366):
        resolved = date(2024, 6, 20) - timedelta(days=days)
        rows.append(
            f"cs|c{days}-#|shop|complained{days}-#|sla|complaint||{resolved - timedelta(days=9)}||{resolved}T23:00:00"
        )
    rows.append("cs|r1-#|shop|requested-#|sla|request||2024-06-01||2024-06-10")
    rows.append("cs|closed-#|||closure|complaint|mail|2024-06-05T10:00:00|2024-06-05T11:00:00|2024-06-12T12:00:00")
    rows.append("cs|moved-#|||moved|complaint||2024-06-05T10:00:00||2024-06-12T12:00:00")
    rows.append("cs|open-#|||closure|complaint||2024-06-05T10:00:00||")
    rows.append("cs|request-#|||closure|request||2024-06-05T10:00:00||2024-06-12T12:00:00")
    rows = [f"{row}|" for row in rows]
    for channel in ("web", ""):  # sliced with its order, even where that says no channel
        rows.append(f"cs|about-{channel}-#|||sla|complaint|phone|2024-06-03|2024-06-03||about-{channel}-#")
    head = "source_system|case_id|customer_source_system|source_customer_id|org_unit_id|kind|channel|opened_at|first_response_at"
    deliver(data, "cases", f"{head}|resolved_at|order_id\n" + _told(rows), "stories.csv")


def _answers(data: Path) -> None:
    deliver(
        data,
        "survey_questions",
        """
        question_code | measures | item | occasion | scale_min | scale_max | polarity
        E_effort      | ces  |         | transaction | 1 | 7  | lower_is_better
        E_ease        | ces  | humanity| transaction | 1 | 7  | higher_is_better
        E_five        | ces  |         |             | 1 | 5  | higher_is_better
        E_ten         | ces  |         |             | 0 | 10 | lower_is_better
        E_none        | ces  |         | transaction | 1 | 7  |
        E_flat        | ces  |         | transaction | 3 | 3  | lower_is_better
        E_open        | ces  |         | transaction | 1 |    | lower_is_better
        T_nps         | nps  |         | transaction | 0 | 10 | higher_is_better
        T_five        | nps  |         | transaction | 0 | 5  | higher_is_better
        K_closure     | csat |         | complaint_closure | 1 | 5 |
        K_overall     | csat | overall | transaction | 1 | 5 |
        K_ideal       | csat | vs_ideal| complaint_closure | 1 | 5 |
        K_seven       | csat | overall | complaint_closure | 1 | 7 |
        """,
        "stories.csv",
    )
    rows: list[str] = []

    def answer(question: str, score: str, who: str, unit: str, at: str, touch: str = "|", case: str = "") -> None:
        rows.append(f"svy2|b{len(rows):04}-#|{question}|shop|{who}|{unit}|{score}|{touch}|{case}|{at}")

    for question in ("E_effort", "E_ease", "E_five", "E_ten", "E_none", "E_flat", "E_open"):
        for score in ("3",) if question == "E_flat" else ("3", "4.5", "1", "5"):
            answer(question, score, f"effort{score}-#" if score != "1" else "", "effort", "2024-06-20", "desk|problem")
    answer("E_ease", "2", "effort3-#", "effort", "2024-06-21", "shelf|")
    # The latest at any touchpoint, at each, and between questions on one scale; midnight in Shanghai.
    for score, touch, at in [
        *(("9", "desk|order", "2024-06-10T10:00:00"), ("3", "shelf|order", "2024-06-11T10:00:00")),
        *(
            ("7", "desk|receipt", "2024-06-30T23:59:59"),
            ("10", "|", "2024-07-01T00:00:00"),
            ("0", "|", "2024-06-30T16:00:00Z"),
        ),
    ]:
        answer("T_nps", score, "toucher-#", "touch", at, touch)
    answer("T_nps", "10", "once-#", "touch", "2024-06-12", "desk|")
    answer("T_nps", "0", "", "touch", "2024-06-12", "desk|order")
    answer("T_five", "5", "once-#", "touch", "2024-06-12", "desk|order")
    for question, score in (("K_closure", "5"), ("K_overall", "4"), ("K_ideal", "5"), ("K_seven", "5")):
        for case in ("closed-#", "moved-#", "open-#", "request-#", "unheard-#"):
            # the unit of the moved case has another parent from July on
            last = "2024-07-02T12:00:00" if case == "moved-#" else "2024-06-30T12:00:00"
            for at in ("2024-06-12T11:59:59", "2024-06-12T12:00:00", last):
                answer(question, score, "closer-#", "touch", at, "desk|problem", case)
    answer("K_closure", "1", "", "touch", "2024-06-20", "|", "closed-#")
    for days in (0, 1, 365, 366):
        answer("N", str(10 - days % 4 * 3), f"complained{days}-#", "answers", "2024-06-20")
    answer("N", "8", "requested-#", "answers", "2024-06-20")
    answer("N", "2", "", "answers", "2024-06-20")
    head = (
        "source_system|response_id|question_code|customer_source_system|source_customer_id|org_unit_id|score|touchpoint"
    )
    deliver(data, "survey_responses", f"{head}|journey_stage|case_id|responded_at\n" + _told(rows), "stories.csv")


REGIONS = {  # story → (system, region, updated_at) of the records that one card ties together
    "one_region": [("shop", "north", "")],
    "no_region": [("shop", "", "2024-01-01")],
    "later_wins": [("shop", "north", "2024-01-01"), ("crm2", "south", "2024-02-01")],
    "later_says_nothing": [("shop", "north", "2024-01-01"), ("crm2", "", "2024-02-01")],
    "undated_is_last": [("shop", "north", ""), ("crm2", "south", "2020-01-01")],
    "tie_by_system": [("shop", "north", "2024-01-01"), ("crm2", "south", "2024-01-01")],
    "tie_undated": [("shop", "north", ""), ("crm2", "south", "")],
}


def _customers(data: Path) -> None:
    records = [
        f"{system}|{story}-#|{story}#|{region}|{updated}"
        for story, rows in REGIONS.items()
        for system, region, updated in rows
    ]
    head = "source_system|source_customer_id|loyalty_card_no|region|updated_at\n"
    deliver(data, "customers", head + _told(records), "stories.csv")
