"""The corner company's stories about staying, core customers, complaints, points, campaigns and what they brought.

As in `corners_kpis`: every story happens to six people, # standing for the copy's number; an arm of a test has forty.
"""

from datetime import date, timedelta
from pathlib import Path

from .by_hand import deliver, lay
from .corners_kpis import after

DEPARTMENTS = ("stay", "core", "grief", "arms", "shops")
Row = dict[str, object]
STAY = {  # story → days after the first order
    "stay_90": [0, 90],
    "stay_91": [0, 91],
    "stay_180": [0, 180],
    "stay_181": [0, 181],
    "stay_never": [0],
    "stay_before": [-12, 90],  # first on the 29th of May: too early to be new
    "stay_open": [33, 150],
    "stay_closed": [32, 150],
}
STAY_A_YEAR = {  # the same, told a year later
    "stay_275": [0, 275],
    "stay_276": [0, 276],
    "stay_365": [0, 365],
    "stay_366": [0, 366],
    "stay_on": [0, 560],
}
CORE = {  # story → (net amount, cost) of each order in June, where known
    "core_best": [(90_000, 10_000)],
    "core_dear": [(90_000, 80_000)],
    "core_loss": [(60_000, 70_000)],
    "core_unknown": [(900, "")],
    "core_half_known": [(30_000, 1_000), (500, "")],
    "core_two_days": [(30_000, 1_000), (30_000, 2_000)],
    "core_return": [(0.0003, 0.0001)],
}
GRIEF = {  # story → (opened, resolved, days of orders), in days after the 10th of June
    "grief_day_0": (-20, -1, [-60, -1]),
    "grief_day_1": (-20, -1, [-60, 0]),
    "grief_day_90": (-20, -1, [-60, 89]),
    "grief_day_91": (-20, -1, [-60, 90]),
    "grief_365": (-20, -1, [-366]),
    "grief_366": (-20, -1, [-367]),
    "grief_unresolved": (-20, None, [-60, 50]),
    "grief_unresolved_late": (-20, None, [-60, 9]),
    "grief_closed": (110, 122, [0, 200]),
    "grief_open": (110, 125, [0, 200]),
    "grief_often": (-20, -1, [-60, -59, -58, -57, -40, 10]),
    "grief_old": (-20, -1, [-400, -300, -200]),
    "grief_lately": (-20, -1, [-400, -30, 1]),
}


def write(data: Path) -> None:
    """Lay the stories' deliveries beside the others, in files of their own."""
    _orders(data)
    _cases(data)
    _points(data)
    _actions(data)
    _arms(data)
    _pilots(data)


def write_a_year_later(data: Path) -> None:
    """Lay what happens until the year after is over; a run of the year before would refuse it as stamped ahead."""
    rows: list[Row] = [
        {
            **{"source_system": "shop", "order_id": f"{story}-{day}-#", "source_customer_id": f"{story}-#"},
            **{"org_unit_id": "stay", "ordered_at": after(day), "net_amount": 10, "channel": "web"},
        }
        for story, days in STAY_A_YEAR.items()
        for day in days
    ]
    lay(data, "orders", rows, "a_year_later.csv")


def _orders(data: Path) -> None:
    rows: list[Row] = []

    def order(who: str, unit: str, at: str, **more: object) -> None:
        row: Row = {"source_system": "shop", "order_id": f"p{len(rows):03}-#", "source_customer_id": who}
        rows.append({**row, "org_unit_id": unit, "ordered_at": at, "net_amount": 10, **more})

    for story, days in STAY.items():
        for number, day in enumerate(days):
            order(f"{story}-#", "stay" if number == 0 else "sal", after(day), channel="web")
    for story, orders in CORE.items():
        for number, (net, cost) in enumerate(orders):
            order(f"{story}-#", "core", after(number), net_amount=net, cost_amount=cost)
        if story not in ("core_dear", "core_unknown"):
            order(f"{story}-#", "sal", after(100), cost_amount=5)
    order("core_same_day-#", "core", after(0), net_amount=300, cost_amount=1)
    order("core_same_day-#", "core", after(0.1), net_amount=300)
    for story, (*_, days) in GRIEF.items():
        for day in days:
            order(f"{story}-#", "grief", after(day), channel="web" if day < -50 else "app")
    for day in (-60, 1):
        order("grief_twice-#", "grief", after(day), channel="web")
        order("grief_tied-#", "grief", after(day), channel="web")
    order("grief_moved-#", "moved", after(-60), channel="web")
    # on the edges of campaigns, by channel and region
    for number, (day, channel) in enumerate((day, channel) for day in EDGES for channel in ("web", "app", "")):
        order(f"shopper_{('north', 'south', 'nowhere')[number % 3]}-#", "shops", day, channel=channel)
        order("", "shops", day, channel=channel)
    # a refund of a third, of an amount in another currency, whose cost goes along
    order("core_refund-#", "core", after(2), net_amount=99.99, cost_amount=33.33, currency="EUR")
    lay(data, "orders", rows, "programme.csv")
    refund = {
        "source_system": "shop",
        "return_id": "core-#",
        "order_id": f"p{len(rows) - 1:03}-#",
        "completed_at": after(9),
    }
    lay(data, "returns", [refund | {"amount": 211.17}], "programme.csv")
    homes = [
        {"source_system": "shop", "source_customer_id": f"shopper_{region}-#", "region": region.replace("nowhere", "")}
        for region in ("north", "south", "nowhere")
    ]
    lay(data, "customers", homes, "programme.csv")


EDGES = (
    *(
        "2024-06-04T23:59:59",
        "2024-06-05T00:00:00",
        "2024-06-12T23:59:59",
        "2024-06-13T00:00:00",
        "2024-06-14T23:59:59",
    ),
    *(
        "2024-06-15T12:00:00",
        "2024-06-19T12:00:00",
        "2024-06-20T12:00:00",
        "2024-12-01T12:00:00",
        "2024-07-20T12:00:00",
    ),
)


def _cases(data: Path) -> None:
    rows: list[Row] = []

    def complaint(who: str, opened: float, resolved: float | None, **more: object) -> None:
        row: Row = {"source_system": "cs", "case_id": f"q{len(rows):02}-#", "customer_source_system": "shop"}
        row |= {"source_customer_id": who, "kind": "complaint", "category": "grief", "channel": "mail"}
        row |= {"opened_at": after(opened), "resolved_at": "" if resolved is None else after(resolved)}
        rows.append({**row, "org_unit_id": "cs", **more})

    for story, (opened, resolved, _) in GRIEF.items():
        complaint(f"{story}-#", opened, resolved)
    complaint("grief_never_bought-#", -20, -1)
    complaint("", -20, -1)
    complaint("grief_lately-#", -20, -1, kind="request")
    # opened before the home unit moved, closed long after it
    complaint("grief_moved-#", 0, 60)
    # two in one quarter: the later closed counts, whichever was opened first; the first alone counts in its month
    complaint("grief_twice-#", -50, -5)
    complaint("grief_twice-#", -40, -30)
    lay(data, "cases", rows, "programme.csv")


POINTS = {  # story → (event, time, points) in the shop's zone or UTC
    "points_day_365": [("earn", "2023-07-10T12:00", 100), ("redeem", "2024-07-09T23:59:59", 40)],
    "points_day_366": [("earn", "2023-07-10T12:00", 100), ("redeem", "2024-07-10T00:00:00", 40)],
    "points_fifo": [("earn", "2023-07-10", 100), ("earn", "2023-08-10", 50), ("redeem", "2023-09-10", 120)],
    "points_beyond": [("earn", "2023-07-10", 100), ("redeem", "2023-09-10", 120), ("earn", "2023-10-10", 50)],
    "points_before": [("redeem", "2023-07-01", 10), ("earn", "2023-07-10", 100)],
    "points_at_once": [("earn", "2023-07-10", 100), ("redeem", "2023-07-10", 30.5)],
    "points_at_once_before": [("redeem", "2023-07-10", 30.5), ("earn", "2023-07-10", 100)],
    "points_over_a_year": [("earn", "2023-06-10", 10), ("earn", "2023-12-10", 20), ("redeem", "2024-08-10", 15)],
    "points_in_parts": [("earn", "2023-07-10", 30), *[("redeem", f"2023-1{n}-10", 12) for n in range(3)]],
    "points_other": [
        *(
            ("earn", "2023-07-10", 10),
            ("adjust", "2023-08-10", -5),
            ("expire", "2023-09-10", 5),
            ("earn", "2023-07-11", ""),
        ),
        *(("earn", "2023-07-12", 0), ("redeem", "2023-10-10", 10), ("redeem", "2023-10-11", "")),
    ],
    "points_utc": [("earn", "2023-07-31T16:00:00Z", 7), ("redeem", "2023-08-31", 3)],
    "points_open": [("earn", "2024-01-11T12:00:00", 7), ("redeem", "2024-02-10", 3)],
    "points_closed": [("earn", "2024-01-09T12:00:00", 7), ("redeem", "2024-02-10", 3)],
    "points_in_summer": [("earn", "2023-11-05T00:30:00", 9), ("redeem", "2024-11-04T23:30:00", 9)],
}


def _points(data: Path) -> None:
    told = [(story, n, *event) for story, events in POINTS.items() for n, event in enumerate(events)]
    rows: list[Row] = [
        {
            **{"source_system": "loy3", "event_id": f"{story}-{n}-#", "customer_source_system": "shop"},
            **{"source_customer_id": f"{story}-#", "event_type": kind, "occurred_at": at, "points": points},
        }
        for story, n, kind, at, points in told
    ]
    anonymous = {"source_system": "loy3", "event_id": "nobody-#", "event_type": "earn", "occurred_at": "2023-07-10"}
    lay(data, "loyalty_events", [*rows, {**anonymous, "points": 5}], "programme.csv")


def _actions(data: Path) -> None:
    deliver(
        data,
        "business_actions",
        """
        action_id  | action_type | starts_at | ends_at | channel | region | cost_amount | owner_org_unit_id
        c_all      | campaign    | 2024-03-01 | 2024-03-08 |     |       | 100.5 | mkt_team
        c_channel  | campaign    | 2024-06-05 | 2024-06-12T00:00:01 | web | | | mkt
        c_region   | campaign    | 2024-06-15 | 2024-06-20 | | north | 10 | moved
        c_both     | campaign    | 2024-07-15T12:00:00 | 2024-07-25T12:00:00 | app | south | 10 | unheard_of
        c_backward | campaign    | 2024-07-20 | 2024-07-20 | | | 1 | hq
        c_endless  | campaign    | 2024-12-01 | | web | | 1 | hq
        c_undated  | campaign    | | 2024-07-25 | | | 1 | hq
        c_early    | campaign    | 2023-05-20 | 2023-05-25 | | | 1 | mkt
        c_crowd1   | campaign    | 2024-09-01 | 2024-09-15 | | | 1 | mkt
        c_crowd2   | campaign    | 2024-09-20 | 2024-10-20 | | | 1 | mkt
        c_costless | campaign    | 2024-07-20 | 2024-07-25 | kiosk | | 1 | mkt
        c_late     | campaign    | 2024-11-01 | 2024-11-15 | app | | 1 | mkt
        c_later    | campaign    | 2024-11-01 | 2024-11-16 | app | | 1 | mkt
        c_lonely   | campaign    | 2024-02-01 | 2024-02-05 | kiosk | | 1 | mkt
        c_few      | campaign    | 2024-02-01 | 2024-02-05 | kiosk | | 1 | mkt
        r_rule     | programme_rule | 2024-04-01 | 2024-07-01 | | | 50.25 | sto
        r_free     | programme_rule | 2024-04-01 | 2024-04-10 | | | | sto
        r_open     | programme_rule | 2024-04-01 | | | | 10 | sto
        """,
        "programme.csv",
    )


def _arms(data: Path) -> None:
    arms = [
        *(("c_all", "arm_t", "treated"), ("c_all", "arm_h", "holdout"), ("c_all", "arm_b", "treated")),
        *(("r_rule", "arm_t", "treated"), ("r_rule", "arm_h", "holdout"), ("r_free", "arm_t", "treated")),
        *(("r_free", "arm_h", "holdout"), ("r_open", "arm_t", "treated"), ("r_open", "arm_h", "holdout")),
        *(("c_channel", "arm_t", "treated"), ("c_region", "arm_h", "holdout"), ("c_both", "arm_t", "")),
        *(("c_crowd1", "arm_t", "treated"), ("c_crowd1", "arm_h", "holdout"), ("unheard", "arm_t", "treated")),
        *(("c_endless", "arm_t", "treated"), ("c_endless", "arm_h", "holdout")),
        *(("c_late", "arm_t", "treated"), ("c_late", "arm_h", "holdout"), ("c_later", "arm_t", "treated")),
        *(("c_later", "arm_h", "holdout"), ("c_costless", "bare_t", "treated"), ("c_costless", "arm_h", "holdout")),
    ]
    rows: list[Row] = [
        {"action_id": action, "source_system": "shop", "source_customer_id": f"{who}-#", "arm": arm}
        for action, who, arm in arms
    ]
    # the other half of who is in both: the same telephone, another record
    rows.append({"action_id": "c_all", "source_system": "app", "source_customer_id": "arm_b-#", "arm": "holdout"})
    lay(data, "campaign_exposures", rows, "programme.csv", copies=40)
    few = [(f"few{n}", "treated" if n % 2 else "holdout") for n in range(10)] + [("c_lonely", "treated")]
    lines: list[Row] = [
        {"action_id": "c_few", "source_system": "shop", "source_customer_id": who, "arm": arm} for who, arm in few
    ]
    lines += [
        {"action_id": "c_lonely", "source_system": "shop", "source_customer_id": f"few{n}", "arm": arm}
        for n, arm in enumerate(("treated", "treated", "holdout"))
    ]
    lay(data, "campaign_exposures", lines, "few.csv", copies=1)
    phones = [
        {"source_system": system, "source_customer_id": f"arm_b-{n}", "phone": f"137{n:08}"}
        for n in range(40)
        for system in ("shop", "app")
    ]
    lay(data, "customers", phones, "arms.csv", copies=1)
    bought: list[Row] = []
    begins = date(2024, 2, 29)
    for n in range(40):
        for who, extra in (("arm_t", 3), ("arm_h", 0), ("arm_b", 9)):
            for k in range(n % 4):
                day = begins + timedelta(days=(n * 7 + k * 13) % 70)
                bought.append(
                    {
                        **{"source_system": "shop", "order_id": f"{who}-{n}-{k}", "source_customer_id": f"{who}-{n}"},
                        **{"org_unit_id": "arms", "ordered_at": f"{day}T00:00:00", "net_amount": 20 + n / 4 + extra},
                        "cost_amount": "" if (n + k) % 31 == 30 else 11 + k / 3,
                    }
                )
    # the cost of every tenth is unknown
    bare = {"source_system": "shop", "org_unit_id": "arms", "ordered_at": "2024-07-22T12:00:00", "net_amount": 20}
    bought += [
        bare
        | {"order_id": f"bare-{n}", "source_customer_id": f"bare_t-{n}"}
        | {"cost_amount": "" if n % 10 == 0 else 5}
        for n in range(40)
    ]
    lay(data, "orders", bought, "arms.csv", copies=1)
    used: list[Row] = [
        {
            **{"source_system": "loy4", "event_id": f"{who}-{kind}-{n}", "customer_source_system": "shop", "points": 1},
            **{"source_customer_id": f"{who}-{n}", "event_type": kind, "occurred_at": at, "cost_amount": n / 8},
        }
        for n, at in enumerate(
            ("2024-03-31T23:59:59", "2024-04-01T00:00:00", "2024-06-30T23:59:59", "2024-07-01", "2024-05-01")
        )
        for who in ("arm_t", "arm_h")
        for kind in ("redeem", "benefit_use", "earn")
    ]
    lay(data, "loyalty_events", used, "arms.csv", copies=1)


def _pilots(data: Path) -> None:
    deliver(
        data,
        "pilots",
        """
        pilot_id  | primary_kpi_id    | starts_at | ends_at | planned_share
        p_again   | repurchase_90d    | 2024-03-01 | 2024-04-01T00:00:01 | 0.5
        p_ratio   | promo_dependence  | 2024-03-01 | 2024-05-01 | 0.9
        p_state   | retention_rolling | 2024-03-05 | 2024-09-01 | 0.5
        p_index   | trust_index       | 2024-06-01 | 2024-07-01 |
        p_latest  | nps_relationship  | 2024-01-01 | 2024-07-01 | 0.5
        p_answers | csat_t2b          | 2024-01-01 | 2024-07-01 | 0.5
        p_open    | retention_180     | 2024-06-01 | | 0.5
        p_nobody  | repurchase_90d    | 2024-03-01 | 2024-04-01 | 0.5
        p_few     | repurchase_90d    | 2024-03-01 | 2024-04-01 | 0.5
        p_staff   | enps              | 2024-03-01 | 2024-07-01 | 0.5
        p_effect  | campaign_increment| 2024-03-01 | 2024-07-01 | 0.5
        p_unheard | unheard_of        | 2024-03-01 | 2024-07-01 | 0.5
        p_unsaid  |                   | 2024-03-01 | 2024-07-01 | 0.5
        p_undated | repurchase_90d    | | 2024-04-01 | 0.5
        p_back    | repurchase_90d    | 2024-04-01 | 2024-04-01 | 0.5
        p_later   | repurchase_90d    | 2024-12-20 | 2025-02-01 | 0.5
        """,
        "programme.csv",
    )
    arms: list[Row] = [
        {"pilot_id": pilot, "source_system": "shop", "source_customer_id": f"{who}-{n}", "arm": arm}
        for pilot in (
            "p_again",
            "p_ratio",
            "p_state",
            "p_staff",
            "p_effect",
            "p_unheard",
            "p_unsaid",
            "p_undated",
            "p_back",
        )
        for who, arm in (("arm_t", "treated"), ("arm_h", "holdout"), ("arm_b", "treated"))
        for n in range(40)
    ]
    arms += [
        {"pilot_id": "p_again", "source_system": "app", "source_customer_id": f"arm_b-{n}", "arm": "holdout"}
        for n in range(10)
    ]
    arms += [
        {"pilot_id": "p_few", "source_system": "shop", "source_customer_id": f"arm_{'th'[n % 2]}-{n}", "arm": arm}
        for n, arm in enumerate(("treated", "holdout", "treated", "holdout", "treated", "holdout", "treated"))
    ]
    # the large store's customers answer and buy every few months
    arms += [
        {
            "pilot_id": pilot,
            "source_system": "pos",
            "source_customer_id": f"large-{n}",
            "arm": ("treated", "holdout")[n % 2],
        }
        for pilot in ("p_latest", "p_answers", "p_later")
        for n in range(120)
    ]
    stories = (*((story, "treated") for story in list(STAY)[:4]), *((story, "holdout") for story in list(STAY)[4:]))
    arms += [
        {"pilot_id": "p_open", "source_system": "shop", "source_customer_id": f"{story}-{n}", "arm": arm}
        for story, arm in stories
        for n in range(6)
    ]
    batteries = (
        ("battery", "treated"),
        ("battery_low", "holdout"),
        ("battery_tie", "treated"),
        ("battery_twice", "holdout"),
    )
    arms += [
        {"pilot_id": "p_index", "source_system": "shop", "source_customer_id": f"{story}-{n}", "arm": arm}
        for story, arm in batteries
        for n in range(6)
    ]
    lay(data, "pilot_assignments", arms, "programme.csv", copies=1)
    talks: list[Row] = [
        {
            **{"source_system": "cc", "contact_id": f"pilot-{n}", "source_customer_id": f"arm_{'th'[n % 2]}-{n}"},
            **{"customer_source_system": "shop", "started_at": at, "direction": ("", "outbound", "inbound")[n % 3]},
        }
        for n, at in enumerate(
            ("2024-02-29T23:59:59", "2024-03-01", "2024-03-31T23:59:59", "2024-04-01", "2024-04-02") * 3
        )
    ]
    lay(data, "contacts", talks, "pilots.csv", copies=1)
