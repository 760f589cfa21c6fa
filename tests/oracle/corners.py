"""A company made of corner cases: where a demo company agrees whichever way a rule is read, this one does not.

Every store tells one story. Ten anonymous orders make it large enough to be shown; whose orders are whose, which count and
where they count then show in its own cells. The names of the stores say what they are about.
"""

import csv
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from . import corners_experience, corners_kpis, corners_programme
from .by_hand import deliver

MONEY = {
    "net_amount",
    "gross_amount",
    "discount_amount",
    "cost_amount",
    "amount",
    "unit_cost",
    "points",
    "compensation_amount",
}
MONEY |= {"policy_amount", "points_redeemed"}
ORDER = "source_system|order_id|customer_source_system|source_customer_id|org_unit_id|employee_id|channel|ordered_at|net_amount"
ORDER += "|status|currency|guest_phone|guest_email|updated_at|withdrawn\n"
CUSTOMER = "source_system|source_customer_id|full_name|given_name|family_name|birth_date|phone|email|loyalty_card_no|external_id\n"
CASE = "source_system|case_id|customer_source_system|source_customer_id|org_unit_id|issue_id|kind|category|order_id|order_source_system"
CASE += "|opened_at\n"
ANSWER = "source_system|response_id|question_code|customer_source_system|source_customer_id|org_unit_id|score|case_id|responded_at\n"

# store → the customers who order there, as CUSTOMER's columns after the id; nobody else shares their values
IDENTITIES = {
    "one_phone_many_spellings": ["||||139 1000 0001|||", "||||+8613910000001|||", "||||００８６13910000001|||"],
    "phone_over_its_limit": ["||||13910000002|||"] * 11,
    "placeholder_phone": ["||||13800000000|||"] * 2,
    "placeholder_email": ["|||||na@na.com||"] * 2,
    "short_phone": ["||||123456|||"] * 2,
    "given_name_only": ["|Ann|||13910000003|||", "|Bob|||13910000003|||"],
    "given_and_family_name": ["|Ann|Lee||13910000004|||", "|Bob|Lee||13910000004|||"],
    "name_unknown": ["测试||||13910000005|||", "李雷||||13910000005|||"],
    "cyrillic_names": ["Иван Петров||||13910000006|||", "Олег Сидоров||||13910000006|||"],
    "latin_and_han": ["Li Lei||||13910000007|||", "李雷||||13910000007|||"],
    "tokens_not_order": ["O'Neil Ann||||13910000008|||", "ann o neil||||13910000008|||"],
    "accents": ["José Ruiz||||13910000009|||", "Jose Ruiz||||13910000009|||"],
    "birth_date_badly_written": ["|||1980-05-05|13910000010|||", "|||05/06/1981|13910000010|||"],
    "birth_dates_differ": ["|||1980-05-05|13910000011|||", "|||1980-05-06|13910000011|||"],
    "birth_date_placeholder": ["|||1990-01-01|13910000012|||", "|||1980-05-06|13910000012|||"],
    "contested_and_silent": ["Ann Lee||||13910000013|||", "Bob Lee||||13910000013|||", "||||13910000013|||"],
    "contested_and_agreeing": ["Ann Lee||||13910000014|||", "Bob Lee||||13910000014|||", "Lee Ann||||13910000014|||"],
    "card_spellings": ["||||||ka-01|", "||||||ＫＡ０１|"],
    "card_with_characters": ["||||||会员77|", "||||||77|"],
    "card_despite_birth_dates": ["|||1980-05-05|||kb1|", "|||1981-05-05|||kb1|"],
    "account_zero": ["|||||||000", "|||||||000"],
    "email_case": ["|||||Ann.Lee@Firm.cn||", "|||||ann.lee@firm.CN||"],
    "email_without_dot": ["|||||ann@firm||", "|||||ann@firm||"],
    "no_names": ["||||13910000015|||", "||||13910000015|||"],
}
INTERVALS = {  # store → the two holders' intervals of one telephone
    "phone_recycled": ("|2024-03-01", "2024-03-01|"),
    "phone_overlapping_a_day": ("|2024-03-02", "2024-03-01|"),
    "phone_recycled_within_a_day": ("|2024-03-01T12:00:00", "2024-03-01T09:00:00|"),
    "phone_always_both": ("|", "|"),
}
GUESTS = {  # store → guest_phone|guest_email of orders without a customer
    "guest_twice": ["13910000021|a@firm.cn", "+86 13910000021|A@firm.cn"],
    "guest_by_either": ["13910000022|b@firm.cn", "13910000022|", "|b@firm.cn"],
    "guest_placeholders": ["13800000000|na@na.com", "13800000000|na@na.com"],
    "guest_phone_over_its_limit": ["13910000002|", "13910000002|"],
    "guest_email_beside_such_a_phone": ["13910000002|c@firm.cn", "|c@firm.cn"],
    "guest_unreadable": ["12|not an address", "12|not an address"],
}
PLACES = {  # org_unit_id|employee_id|channel of an order → where it lands, told by the counts of all units
    "unknown unit, employee": "unheard_of|emp|app",
    "unknown unit, channel": "unheard_of||app",
    "unknown unit": "unheard_of||",
    "employee": "|emp|",
    "employee before": "|emp_later|app",
    "employee after": "|emp_before|app",
    "employee of no unit": "|emp_nowhere|app",
    "employee with two rows": "|emp_twice|",
    "channel": "||app",
    "channel of no unit": "||nowhere",
    "nothing": "||",
    "closed unit": "closed||",
    "coming unit": "coming||",
    "moved unit": "moved||",
    "ring": "ring_a||",
    "orphan": "orphan||",
    "own parent": "own_parent||",
    "parent unknown": "parent_unknown||",
}
COUNTING = [  # net_amount|status|currency|guest_phone|guest_email|updated_at|withdrawn
    *(
        "10||||||",
        "0||||||",
        "-1||||||",
        "10|open|||||",
        "10|returned|||||",
        "10|cancelled|||||",
        "10|completed|CNY||||",
    ),
    *("10||USD||||", "10||||||true", "10||||||no", "10|||||2024-06-20|", "10|||||2025-02-01|", "0.0001||||||"),
]
RETURNS = [  # amounts of completed (c) and open (o) returns of one order of 10 each
    *(["c10"], ["c4", "c6"], ["c4", "c5.9999"], ["o10"], ["c"], ["c11"], ["c9", "o9"], ["c0"]),
]


def write(data: Path, settings: str = corners_kpis.SHANGHAI) -> None:
    """Lay the company's deliveries under `data/landing` and its `company.yml`."""
    data.mkdir(parents=True, exist_ok=True)
    (data / "company.yml").write_text(settings, encoding="utf-8")
    stores = [
        *IDENTITIES,
        *INTERVALS,
        *GUESTS,
        "counting",
        "returned",
        "complaints",
        "chains",
        "answers",
        "homes",
        "large",
    ]
    _units(data, stores)
    _customers(data)
    _orders(data, stores)
    _service(data)
    _surveys(data)
    _targets(data)
    corners_kpis.write(data)
    corners_experience.write(data)
    corners_programme.write(data)


def in_a_small_currency(data: Path) -> None:
    """Every amount of money and every number of points a hundred thousand times as large: what one costs in yen or won."""
    for file in (data / "landing").glob("*/*.csv"):
        with file.open(encoding="utf-8", newline="") as reading:
            rows = list(csv.DictReader(reading))
        if not rows or MONEY.isdisjoint(rows[0]):
            continue
        with file.open("w", encoding="utf-8", newline="") as writing:
            table = csv.DictWriter(writing, list(rows[0]))
            table.writeheader()
            table.writerows(
                {name: _larger(value) if name in MONEY else value for name, value in row.items()} for row in rows
            )


def _larger(value: str) -> str:
    return str(Decimal(value) * 100_000) if value else value


def _units(data: Path, stores: list[str]) -> None:
    rows = """
    org_unit_id | valid_from | valid_to | parent_org_unit_id | kind | function
    hq          | 2020-01-01 | | | company |
    sto         | 2020-01-01 | | hq | department | STO
    ecm         | 2020-01-01 | | hq | department | ECM
    cs          | 2020-01-01 | | hq | department | CS
    mkt         | 2020-01-01 | | hq | department | MKT
    mkt_team    | 2020-01-01 | | mkt | team | MKT
    sal         | 2020-01-01 | | hq | department | SAL
    sal_idle    | 2020-01-01 | | hq | department | SAL
    by_channel  | 2020-01-01 | 2030-01-01 | ecm | team |
    by_channel  | 2030-01-01 | | hq | department | LOY
    by_employee | 2020-01-01 | | sto | team |
    closed      | 2020-01-01 | 2024-01-01 | sto | store | STO
    coming      | 2025-01-01 | | ecm | store | ECM
    moved       | 2020-01-01 | 2024-06-15 | sto | store | STO
    moved       | 2024-06-15 | | sal | store | SAL
    ring_a      | 2020-01-01 | | ring_b | team |
    ring_b      | 2020-01-01 | | ring_a | team |
    orphan      | 2020-01-01 | | | team |
    own_parent  | 2020-01-01 | | own_parent | team |
    parent_unknown | 2020-01-01 | | unheard_of | team |
    no_function | 2020-01-01 | | sto | store |
    """
    rows += "\n".join(f"{store}|2020-01-01||sto|store|STO" for store in stores)
    departments = corners_kpis.DEPARTMENTS + corners_experience.DEPARTMENTS + corners_programme.DEPARTMENTS
    rows += "\n" + "\n".join(f"{name}|2020-01-01||hq|department|STO" for name in departments)
    deliver(data, "org_units", rows)
    deliver(
        data,
        "employees",
        """
        employee_id | valid_from | valid_to | org_unit_id
        emp         | 2020-01-01 | | by_employee
        emp_later   | 2024-06-11 | | by_employee
        emp_before  | 2020-01-01 | 2024-06-10 | by_employee
        emp_nowhere | 2020-01-01 | | unheard_of
        emp_twice   | 2020-01-01 | | cs
        emp_twice   | 2024-01-01 | | by_employee
        """,
    )


def _customers(data: Path) -> None:
    rows = [f"crm|{store}-{n}|{rest}" for store, people in IDENTITIES.items() for n, rest in enumerate(people)]
    deliver(data, "customers", CUSTOMER + "\n".join(rows))
    identifiers = [
        f"crm|{store}-{n}|phone|1391000003{i}|{interval}"
        for i, (store, intervals) in enumerate(INTERVALS.items())
        for n, interval in enumerate(intervals)
    ]
    devices = [f"app|tablet-{n}|device|Tablet 1|||" for n in range(6)]
    head = "source_system|source_customer_id|identifier_type|identifier_value|valid_from|valid_to\n"
    deliver(data, "identifiers", head + "\n".join([*identifiers, *(row.removesuffix("|") for row in devices)]))


def _orders(data: Path, stores: list[str]) -> None:
    rows: list[str] = []

    def order(
        place: str, who: str = "|", day: str = "2024-06-10", rest: str = "10||||||", key: str | None = None
    ) -> None:
        rows.append(f"pos|{key or f'o{len(rows)}'}|{who}|{place}|{day}|{rest}")

    for place in [f"{store}||" for store in stores] + list(PLACES.values()):
        for _ in range(10):
            order(place)
    for store, people in [*IDENTITIES.items(), *INTERVALS.items()]:
        for n in range(len(people)):
            order(f"{store}||", f"crm|{store}-{n}")
    for n in range(6):
        order("ecm||", f"app|tablet-{n}")
    for store, guests in GUESTS.items():
        for guest in guests:
            order(f"{store}||", rest=f"10|||{guest}||")
    for rest in COUNTING:
        order("counting||", rest=rest)
    for n, amounts in enumerate(RETURNS):
        order("returned||", key=f"r{n}")
        lines = [f"pos|r{n}-{i}|r{n}|{'2024-06-12' if a[0] == 'c' else ''}|{a[1:]}" for i, a in enumerate(amounts)]
        deliver(
            data, "returns", "source_system|return_id|order_id|completed_at|amount\n" + "\n".join(lines), f"{n}.csv"
        )
    order("moved||", day="2024-06-15", key="after the move")
    for n in range(1200):
        order("large||", f"pos|large-{n % 300}", day=(date(2024, 1, 1) + timedelta(days=n * 7 % 366)).isoformat())
    # homes: two days each and a later order; a tie to the minute; a day twice; nothing within the year
    for who, place, day in [
        *(
            ("h1", "homes", "2024-05-01"),
            ("h1", "homes", "2024-05-02"),
            ("h1", "sal", "2024-06-01"),
            ("h1", "sal", "2024-06-02"),
        ),
        *(("h2", "homes", "2024-06-01T10:00"), ("h2", "sal", "2024-06-01T10:00")),
        *(("h3", "homes", "2024-06-01T10:00"), ("h3", "homes", "2024-06-01T11:00"), ("h3", "sal", "2024-05-01T12:00")),
        *(("h4", "homes", "2023-06-20"), ("h5", "homes", "2023-06-21"), ("h6", "homes", "2024-06-20T23:00")),
        *(("h7", "moved", "2024-06-01"), ("h7", "moved", "2024-06-02"), ("h7", "sal", "2024-06-16")),
    ]:
        order(f"{place}||", f"pos|{who}", day)
    deliver(data, "orders", ORDER + "\n".join(rows), "pos_2024-07-01.csv")
    # The same key later without a clock of its own (path), earlier by its clock, and a system that shares order ids.
    changed = "pos|changed||c1|counting|||2024-06-10|{}||||||"
    deliver(data, "orders", ORDER + changed.format("10"), "2024-06-30.csv")
    deliver(data, "orders", ORDER + changed.format("0"), "2024-07-02.csv")
    shared = "shop|r0|||returned|||2024-06-10|10||||||\nshop|only|||returned|||2024-06-10|10||||||"
    deliver(data, "orders", ORDER + shared, "shop.csv")
    deliver(
        data,
        "returns",
        """
        source_system | return_id | order_id | order_source_system | completed_at | amount
        wms | ambiguous | r0      |      | 2024-06-12 | 10
        wms | only      | only    |      | 2024-06-12 | 10
        wms | named     | r3      | pos  | 2024-06-12 | 10
        wms | wrong     | r4      | shop | 2024-06-12 | 10
        wms | nowhere   | unheard |      | 2024-06-12 | 10
        """,
        "wms.csv",
    )


def _service(data: Path) -> None:
    rows = """
    cs | i1 | pos | m1 | complaints | I1 | complaint | x |   | | 2024-05-20
    cs | i2 | pos | m2 | complaints | I1 | complaint | x |   | | 2024-06-20
    cs | i3 | pos | m3 | complaints | I2 | request   | x |   | | 2024-05-20
    cs | i4 | pos | m3 | complaints | I2 | complaint | x |   | | 2024-06-20
    cs | i5 |     |    | complaints |    | complaint | x |   | | 2024-06-20
    cs | i6 |     |    | complaints |    | complaint | x |   | | 2024-06-20
    cs | i7 |     |    | cs         |    | complaint | x | o0 | pos | 2024-06-20
    cs | i8 | pos | m8 | cs         |    | complaint | x | r0 | | 2024-06-20
    cs | i9 | pos | m9 | complaints |    | complaint | x | only | | 2024-06-20
    cs | i10 | pos | m10 | complaints |  | complaint | x | unheard | | 2024-06-20
    cs | i11 | pos | m11 | no_function | | complaint | x |   | | 2024-06-20
    cs | i12 | pos | m12 | by_channel |  | complaint | x |   | | 2024-06-20
    cs | i13 | pos | m13 | moved      |  | complaint | x |   | | 2024-06-20
    cs | i14 | pos | m14 | moved      |  | complaint | x |   | | 2024-06-01
    cs | i15 | pos | m15 | closed     |  | complaint | x |   | | 2024-06-01
    cs | i16 | pos | large-1 | cs     |  | complaint | x | after the move | pos | 2024-06-20
    cs | i17 |     |    | cs          |  | complaint | x | after the move | pos | 2024-06-20
    """
    chains = [
        *(("a", "complaint", "x", "2024-05-01T00:00:00"), ("a", "request", "x", "2024-05-07T00:00:00")),
        *(("a", "complaint", "x", "2024-05-13T00:00:00"), ("b", "complaint", "x", "2024-05-01T00:00:00")),
        *(("b", "complaint", "x", "2024-05-08T00:00:00"), ("c", "complaint", "x", "2024-05-01T00:00:00")),
        *(("c", "complaint", "x", "2024-05-08T00:00:01"), ("d", "complaint", "", "2024-05-01T00:00:00")),
        *(("d", "complaint", "", "2024-05-02T00:00:00"), ("d", "complaint", "y", "2024-05-02T00:00:00")),
        *(("e", "request", "x", "2024-04-29T00:00:00"), ("e", "complaint", "x", "2024-05-03T00:00:00")),
    ]
    more = [f"cs|k{n}|pos|chain-{who}|chains||{kind}|{about}|||{at}" for n, (who, kind, about, at) in enumerate(chains)]
    filler = [f"pos|f{n}||chains||{day}|10" for n in range(10) for day in [f"2024-05-{10 + n}"]]
    head = "source_system|order_id|source_customer_id|org_unit_id|channel|ordered_at|net_amount\n"
    deliver(data, "orders", head + "\n".join(filler), "may.csv")
    deliver(data, "cases", CASE + rows.strip() + "\n" + "\n".join(more))


def _surveys(data: Path) -> None:
    deliver(
        data,
        "survey_questions",
        """
        question_code | measures | item           | occasion     | scale_min | scale_max | polarity
        N             | nps      |                | relationship | 0 | 10 | higher_is_better
        N_item        | nps      | overall        | relationship | 0 | 10 |
        N_short       | nps      |                | relationship | 1 | 10 |
        N_open        | nps      |                | relationship |   |    |
        N_any         | nps      |                |              | 0 | 10 |
        C             | csat     |                | transaction  | 1 | 5  |
        C_overall     | csat     | overall        |              | 1 | 5  |
        C_seven       | csat     | overall        | transaction  | 1 | 7  |
        C_ideal       | csat     | vs_ideal       | transaction  | 1 | 5  |
        """,
    )
    rows: list[str] = []

    def answer(
        question: str, score: str, who: str = "|", unit: str = "answers", case: str = "", at: str = "2024-06-20"
    ) -> None:
        rows.append(f"svy|a{len(rows):04}|{question}|{who}|{unit}|{score}|{case}|{at}")

    for question in ("N", "N_item", "N_short", "N_open", "N_any"):
        for score in ("6", "6.5", "7", "8", "8.5", "9", "10", "1", ""):
            answer(question, score)
    for question in ("C", "C_overall", "C_seven", "C_ideal"):
        for score in ("3", "3.5", "4", "5", "1", ""):
            answer(question, score)
    for case in ("i1", "i3", "k1", "unheard"):
        answer("C", "5", case=case)
    for score, at in [("10", "2024-06-20T10:00"), ("0", "2024-06-20T10:00"), ("7", "2024-06-19T10:00")]:
        answer("N", score, "pos|large-2", at=at)
    answer("N", "0", "pos|", at="2024-06-20")  # a system and no customer: anonymous
    for n in range(1, 8):
        answer("N", "10", f"pos|h{n}", unit="answers")
    for n in range(300):
        answer("N", str(10 - n % 4), f"pos|large-{n}", at=f"2024-{1 + n % 12:02}-28")
        answer("C", str(5 - n % 3), f"pos|large-{n % 90}", unit="large", at=f"2024-{1 + n % 12:02}-28")
    deliver(data, "survey_responses", ANSWER + "\n".join(rows))


def _targets(data: Path) -> None:
    deliver(
        data,
        "targets",
        """
        org_unit_id | kpi_id | period_start | period_end | agreed_at | threshold | target | stretch | weight
        hq       | nps_relationship  | 2024-01-01 | | 2023-12-01 | 0   | 60  | 90 | 40
        hq       | csat_t2b          | 2024-01-01 | | 2023-12-01 |     | 60  | 90 | 30
        hq       | retention_rolling | 2024-01-01 | | 2023-12-01 | 50  | 50  |    | 20
        hq       | complaint_rate    | 2024-01-01 | | 2023-12-01 | 100 | 40  | 10 | 10
        large    | nps_relationship  | 2024-01-01 | | 2023-12-01 | 0   | 60  | 65 | 70
        large    | closed_loop       | 2024-01-01 | | 2023-12-01 | 0   | 60  | 90 | 30
        answers  | nps_relationship  | 2024-01-01 | | 2023-12-01 | 0   | 60  | 90 | 100
        mkt      | nps_relationship  | 2024-01-01 | | 2023-12-01 | 0   |     |    | 100
        mkt_team | nps_relationship  | 2024-01-01 | | 2023-12-01 | 0   | 60  | 90 | 100
        sal      | retention_rolling | 2024-01-01 | | 2023-12-01 | 10  | 60  | 90 | 100
        sal_idle | retention_rolling | 2024-01-01 | | 2023-12-01 | 10  | 60  | 90 | 100
        sto      | complaint_rate    | 2024-01-01 | | 2024-07-01 | 10  | 5   |    | 100
        cs       | csat_t2b          | 2024-06-01 | 2024-06-30 | 2024-07-01T00:00:00 | 10 | 60 | 90 | 100
        ecm      | csat_t2b          | 2024-01-01 | 2024-06-29 | 2024-01-01 | 10 | 60 | 90 | 100
        ecm      | csat_t2b          | 2024-01-01 | | 2024-07-01T00:00:01 | 10 | 61 | 90 | 100
        """,
    )
