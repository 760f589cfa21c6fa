"""The company itself: its org tree, people, products, campaigns, pilots — the small tables that everything refers to."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from demo_company.clock import Calendar, midnight, next_month
from demo_company.columns import DAY

CHANNELS = ("store", "webshop", "app", "miniprogram", "callcentre")
# The systems that keep records of customers; the constants are positions in it.
SYSTEMS = ("crm", "pos", "webshop", "app", "miniprogram")
CRM, POS, IN_WEBSHOP, IN_APP, IN_MINIPROGRAM = range(5)
# The system in which a channel's orders are taken.
ORDER_SYSTEMS = ("pos", "webshop", "app", "miniprogram", "callcentre")
STORE, WEBSHOP, APP, MINIPROGRAM, CALLCENTRE = range(5)
DEPARTMENTS = {
    "MKT": ("Marketing", "市场部"),
    "SAL": ("Sales", "销售部"),
    "PRD": ("Product", "产品部"),
    "CS": ("Customer service", "客户服务部"),
    "STO": ("Store operations", "门店运营部"),
    "ECM": ("E-commerce", "电商部"),
    "LOY": ("Loyalty programme", "会员部"),
    "HR": ("Human resources", "人力资源部"),
}
TEAMS = {
    "ECM-WEB": ("ECM", "Web shop", "官网商城"),
    "ECM-APP": ("ECM", "App", "应用"),
    "ECM-MINI": ("ECM", "Mini-program", "小程序"),
    "CS-A": ("CS", "Call centre Hangzhou", "杭州呼叫中心"),
    "CS-B": ("CS", "Call centre Chengdu", "成都呼叫中心"),
}
CHANNEL_UNITS = {"webshop": "ECM-WEB", "app": "ECM-APP", "miniprogram": "ECM-MINI", "callcentre": "CS-A"}
# id, English, Chinese, index of its city in words.CITIES, weight of its sales, quality of its service
STORES = (
    ("0101", "Shanghai Jing'an", "上海静安店", 0, 1.6, 0.15),
    ("0102", "Shanghai Pudong", "上海浦东店", 0, 1.3, 0.00),
    ("0103", "Hangzhou West Lake", "杭州西湖店", 1, 1.2, 0.20),
    ("0104", "Nanjing Xinjiekou", "南京新街口店", 2, 1.0, -0.05),
    ("0105", "Suzhou Guanqian", "苏州观前店", 3, 0.8, 0.05),
    ("0106", "Beijing Chaoyang", "北京朝阳店", 4, 1.5, -0.10),
    ("0107", "Tianjin Binjiang", "天津滨江店", 5, 0.7, -0.30),
    ("0108", "Guangzhou Tianhe", "广州天河店", 6, 1.2, 0.05),
    ("0109", "Shenzhen Nanshan", "深圳南山店", 7, 1.0, 0.10),
    ("0110", "Hong Kong Central", "香港中环店", 8, 0.6, 0.10),
    ("0111", "Chengdu Chunxi", "成都春熙店", 9, 0.8, 0.00),
    ("0112", "Wuhan Airport Kiosk", "武汉机场小站", 11, 0.012, 0.00),
)
HONG_KONG, MOVED, CLOSED, TINY = 9, 8, 10, 11
MOVED_TO = "ECM"
ECM_UNITS = ("ECM-WEB", "ECM-APP", "ECM-MINI")
CS_UNITS = ("CS-A", "CS-B")
# Every unit that events can name; the position in this tuple is the unit's code in the generator's arrays.
UNITS = tuple(store[0] for store in STORES) + tuple(TEAMS) + tuple(DEPARTMENTS)
UNIT_CODE = {unit: code for code, unit in enumerate(UNITS)}


@dataclass(frozen=True)
class Action:
    """A business action; `kind` says what it truly does (see effects.json)."""

    action_id: str
    action_type: str
    name_en: str
    name_zh: str
    channel: str | None
    region: str | None
    segment: str | None
    starts: int
    ends: int
    cost: int
    owner: str
    kind: str = "none"
    size: float = 0.0

    @property
    def has_holdout(self) -> bool:
        """Whether customers were split into treated and hold-out."""
        return self.kind in ("pulled_forward", "lift", "no_effect")


@dataclass(frozen=True)
class Company:
    """Dated facts of the demo company.

    Attributes:
        moved_on: day on which store 0109 leaves Store operations for E-commerce.
        closed_on: day from which store 0111 no longer exists.
        outage: index of the month without survey answers.
        actions: campaigns and other business actions, by start.
        pilots: (pilot_id, English, Chinese, hypothesis, kpi, dimension, value, starts, ends, share, effect on orders).
        employees: (employee_id, valid_from, valid_to, unit code, role), by id and start.
        rates: currency → CNY per unit for each month, in ten-thousandths.
    """

    calendar: Calendar
    moved_on: date
    closed_on: date
    outage: int
    actions: tuple[Action, ...]
    pilots: tuple[tuple, ...]
    employees: tuple[tuple[str, date, date | None, int, str], ...]
    rates: dict[str, np.ndarray]

    @property
    def campaigns(self) -> tuple[Action, ...]:
        return tuple(action for action in self.actions if action.action_type == "campaign")

    def unit_department(self, unit: int, seconds: np.ndarray) -> np.ndarray:
        """Code of the department above a unit at each time (a department is above itself)."""
        name = UNITS[unit]
        home = TEAMS[name][0] if name in TEAMS else "STO" if unit < len(STORES) else name
        codes = np.full(len(seconds), UNIT_CODE[home])
        if unit == MOVED:
            codes[seconds >= midnight(self.moved_on)] = UNIT_CODE[MOVED_TO]
        return codes


def build_company(calendar: Calendar, rng: np.random.Generator) -> Company:
    """Everything about the company that doesn't depend on its customers."""
    return Company(
        calendar=calendar,
        moved_on=next_month(calendar.day_at(0.5), 0) if calendar.months > 1 else calendar.day_at(0.5),
        closed_on=calendar.day_at(0.7),
        outage=min(calendar.months - 1, max(1, round(calendar.months * 0.4))),
        actions=_actions(calendar),
        pilots=_pilots(calendar),
        employees=_employees(calendar, rng),
        rates=_rates(calendar, rng),
    )


def _actions(calendar: Calendar) -> tuple[Action, ...]:
    def during(start: float, days: int) -> tuple[int, int]:
        begin = calendar.moment(start)
        return begin, min(begin + days * DAY, calendar.stop)

    planned = (
        ("campaign", "Summer sale", "夏日大促", None, None, None, *during(0.12, 14), 80_000, "MKT"),
        ("product_launch", "Cloud tea series", "云系列新茶", None, None, None, *during(0.2, 30), 40_000, "PRD"),
        (
            "campaign",
            "Double Eleven",
            "双十一",
            None,
            None,
            None,
            *during(0.33, 12),
            150_000,
            "MKT",
            "pulled_forward",
            0.45,
        ),
        (
            "service_policy",
            "Answer within four hours",
            "四小时内回复",
            None,
            None,
            None,
            *during(0.4, 200),
            60_000,
            "CS",
        ),
        ("price_change", "Coffee +5 %", "咖啡提价5%", None, None, None, *during(0.48, 365), 0, "SAL"),
        ("campaign", "Members' day", "会员日", "app", None, "members", *during(0.56, 21), 50_000, "MKT", "lift", 0.35),
        (
            "programme_rule",
            "Double points on weekdays",
            "工作日双倍积分",
            None,
            None,
            "members",
            *during(0.62, 90),
            30_000,
            "LOY",
            "no_effect",
        ),
        ("campaign", "Spring coupons", "春日领券", "miniprogram", None, None, *during(0.74, 10), 30_000, "MKT"),
        ("other", "Store closes in Chengdu", "成都门店关闭", None, "西南", None, *during(0.7, 1), 20_000, "STO"),
    )
    return tuple(Action(f"ACT-{place:03d}", *plan) for place, plan in enumerate(planned, start=1))


def _pilots(calendar: Calendar) -> tuple[tuple, ...]:
    rule = "Roll out when the 95 % interval of the difference lies above zero."
    return (
        ("PIL-01", "Personal advice by chat", "专属顾问", "A named adviser makes customers come back.", "repurchase_90d",
         "region", "华东", calendar.moment(0.45), calendar.moment(0.7), 0.5, rule, 0.3),
        ("PIL-02", "Handwritten card", "手写感谢卡", "A handwritten card in the parcel makes customers come back.", "repurchase_90d",
         "channel", "webshop", calendar.moment(0.5), calendar.moment(0.75), 0.5, rule, 0.0),
    )  # fmt: skip


def _employees(calendar: Calendar, rng: np.random.Generator) -> tuple[tuple[str, date, date | None, int, str], ...]:
    sizes = {store[0]: 8 for store in STORES} | dict.fromkeys(TEAMS, 12) | dict.fromkeys(DEPARTMENTS, 4)
    sizes["0112"], sizes["HR"] = 2, 2
    hired = date(calendar.firsts[0].year - 3, 1, 1)
    staff = []
    for unit, size in sizes.items():
        role = "adviser" if unit in TEAMS or unit in {store[0] for store in STORES} else "specialist"
        staff += [(UNIT_CODE[unit], "head" if place == 0 else role) for place in range(size)]
    movers = set(rng.choice(len(staff), 6, replace=False).tolist())
    moved_on, lines = calendar.day_at(0.6), []
    for number, (unit, role) in enumerate(staff, start=1):
        name = f"E{number:05d}"
        if number - 1 in movers and role != "head":
            lines.append((name, hired, moved_on, unit, role))
            lines.append((name, moved_on, None, UNIT_CODE["CS-A" if unit != UNIT_CODE["CS-A"] else "CS-B"], role))
        else:
            lines.append((name, hired, None, unit, role))
    return tuple(lines)


def _rates(calendar: Calendar, rng: np.random.Generator) -> dict[str, np.ndarray]:
    walk = np.cumsum(rng.normal(0, 0.004, (2, calendar.months + 2)), axis=1)
    return {
        currency: np.round(level * np.exp(steps) * 10_000).astype(np.int64)
        for currency, level, steps in (("HKD", 0.92, walk[0]), ("USD", 7.15, walk[1]))
    }


def rate_days(calendar: Calendar) -> list[date]:
    """First days of the months for which a rate exists: from one before the data to one after."""
    return [next_month(calendar.firsts[0], step - 1) for step in range(calendar.months + 2)]
