"""The named scenarios of one customer with many records: delivered at once, and in three nights in shuffled order.

All of them live in one company, so that a scenario also shows that the others' people stay out of it.
"""

import hashlib
import random
from dataclasses import dataclass, field

import pytest

from orchestration.identity import review
from orchestration.identity.decisions import COLUMNS


@dataclass(frozen=True)
class Scenario:
    """Records by system|id, what else is known of them, and who is whom: records of one person, separated by blanks."""

    customers: dict[str, dict]
    people: list[str]
    identifiers: list[tuple] = field(default_factory=list)
    orders: list[dict] = field(default_factory=list)


def phone(number: int) -> str:
    return f"1391234{number:04}"


def guest(contact: str) -> str:
    return f"guest-{hashlib.md5(contact.encode()).hexdigest()}"


SCENARIOS = {
    "chain": Scenario(
        {
            "crm|chain-a": {"phone": phone(1)},
            "app|chain-b": {"phone": phone(1), "email": "chain.b@firm.cn"},
            "pos|chain-c": {"email": "chain.b@firm.cn", "loyalty_card_no": "CH-1"},
            "shop|chain-d": {"loyalty_card_no": "ch1"},
        },
        ["crm|chain-a app|chain-b pos|chain-c shop|chain-d"],
    ),
    "chain of weak links only": Scenario(
        {
            "crm|weak-a": {"phone": phone(2)},
            "app|weak-b": {"phone": phone(2), "email": "weak.b@firm.cn"},
            "pos|weak-c": {"email": "weak.b@firm.cn", "phone": phone(3)},
            "shop|weak-d": {"phone": phone(3)},
        },
        ["crm|weak-a app|weak-b pos|weak-c shop|weak-d"],
    ),
    "fan-in": Scenario(
        {f"{system}|fan": {"phone": phone(10 + n), "external_id": f"fan{n}"} for n, system in enumerate(("pos", "app", "shop"))}
        | {"crm|fan": {"full_name": "谢安琪"}},
        ["crm|fan pos|fan app|fan shop|fan"],
        identifiers=[("crm|fan", "phone", phone(10 + n)) for n in range(3)],
    ),
    "diamond": Scenario(
        {
            "crm|top": {"phone": phone(20), "email": "top@firm.cn"},
            "pos|left": {"phone": phone(20), "loyalty_card_no": "DIA-1"},
            "app|right": {"email": "top@firm.cn", "external_id": "dia9"},
            "shop|bottom": {"loyalty_card_no": "DIA1", "external_id": "DIA 9"},
        },
        ["crm|top pos|left app|right shop|bottom"],
    ),
    "conflicting accounts": Scenario(
        {
            "shop|acc-1": {"full_name": "陈思远", "birth_date": "1988-03-14", "external_id": "con1", "phone": phone(30)},
            "shop|acc-2": {"full_name": "何雨桐", "birth_date": "1991-07-02", "external_id": "con2", "phone": phone(30)},
            "app|acc-1": {"external_id": "CON1", "full_name": "Siyuan Chen"},
            "app|acc-2": {"external_id": "CON2"},
        },
        ["shop|acc-1 app|acc-1", "shop|acc-2 app|acc-2"],
    ),
    "late link": Scenario(
        {
            "crm|late-1": {"full_name": "Ortrud Hallström", "phone": phone(40)},
            "pos|late-2": {"loyalty_card_no": "LATE-2"},
            "app|late-3": {"phone": phone(40), "loyalty_card_no": "LATE2"},
        },
        ["crm|late-1 pos|late-2 app|late-3"],
    ),
    "recycled phone": Scenario(
        {"crm|old": {"full_name": "罗晓燕"}, "crm|new": {}, "shop|new": {"full_name": "邱泽宇"}},
        ["crm|old", "crm|new", "shop|new"],
        identifiers=[
            ("crm|old", "phone", phone(50), None, "2024-03-01"),
            ("crm|new", "phone", phone(50), "2024-06-01", None),
            ("shop|new", "phone", phone(51)),
        ],
    ),
    "shared tablet": Scenario(
        {f"pos|tablet-{n}": {} for n in range(8)},
        [f"pos|tablet-{n}" for n in range(8)],
        identifiers=[(f"pos|tablet-{n}", "device", "TAB-7") for n in range(8)],
    ),
    "household": Scenario(
        {
            "crm|father": {"full_name": "孙国强", "birth_date": "1960-05-06", "gender": "M"},
            "crm|mother": {"full_name": "李秀英", "birth_date": "1962-11-23", "gender": "F"},
            "crm|son": {"full_name": "孙小明", "gender": "M"},
            "crm|daughter": {"full_name": "孙小红", "gender": "F"},
            "shop|mother": {"full_name": "Xiuying Li", "birth_date": "1962-11-23", "email": "xiuying@firm.cn"},
        },
        ["crm|father", "crm|mother shop|mother", "crm|son", "crm|daughter"],
        identifiers=[
            (record, "phone", phone(60)) for record in ("crm|father", "crm|mother", "crm|son", "crm|daughter", "shop|mother")
        ],
    ),
    "father and son of one name": Scenario(
        {
            "crm|senior": {"full_name": "George Watanabe", "birth_date": "1950-02-15", "address": "14 Mill Road", "city": "Leeds"},
            "crm|junior": {"full_name": "George Watanabe", "birth_date": "1978-08-19", "address": "14 Mill Road", "city": "Leeds"},
        },
        ["crm|senior", "crm|junior"],
        identifiers=[(record, "phone", phone(62)) for record in ("crm|senior", "crm|junior")],
    ),
    "father and son with a telephone each": Scenario(
        {
            "crm|pa": {"full_name": "Edwin Halloran", "birth_date": "1950-02-15", "address": "9 Mill Road", "city": "Leeds", "phone": phone(65)},
            "crm|lad": {"full_name": "Edwin Halloran", "birth_date": "1978-02-19", "address": "9 Mill Road", "city": "Leeds", "phone": phone(66)},
        },
        ["crm|pa", "crm|lad"],
    ),
    "father and son whom two systems know, and a record that could be either": Scenario(
        {
            f"{system}|q-{who}": {"full_name": "Rupert Quigley", "birth_date": born, "address": "5 Fern Row", "city": "Leeds"}
            for system in ("crm", "pos")
            for who, born in (("old", "1949-03-08"), ("young", "1981-10-27"))
        }
        | {"shop|either": {"full_name": "Rupert Quigley", "address": "5 Fern Row", "city": "Leeds"}},
        ["crm|q-old pos|q-old shop|either", "crm|q-young pos|q-young"],
    ),
    "one person, the birth date misread in one of three systems": Scenario(
        {
            f"{system}|misread": {"full_name": "Agnes Dunmore", "birth_date": born, "address": "7 Fern Row", "city": "Leeds"}
            for system, born in (("crm", "1949-03-08"), ("pos", "1949-03-08"), ("shop", "1981-10-27"))
        },
        ["crm|misread pos|misread shop|misread"],
    ),
    "twins": Scenario(
        {
            "pos|one": {"full_name": "王诗涵", "birth_date": "2001-09-12", "city": "杭州"},
            "pos|other": {"full_name": "王诗雅", "birth_date": "2001-09-12", "city": "杭州"},
        },
        ["pos|one", "pos|other"],
        identifiers=[(record, "phone", phone(63)) for record in ("pos|one", "pos|other")],
    ),
    "twins, once in characters and once in pinyin": Scenario(
        {
            "crm|elder-twin": {"full_name": "赵雅婷", "birth_date": "2001-11-20", "phone": phone(69)},
            "crm|younger-twin": {"full_name": "赵雅琪", "birth_date": "2001-11-20", "phone": phone(69)},
            "shop|elder-twin": {"full_name": "Yating Zhao", "birth_date": "2001-11-20", "phone": phone(69)},
            "shop|younger-twin": {"full_name": "Zhao Yaqi", "birth_date": "20/11/2001", "phone": phone(69)},
        },
        ["crm|elder-twin shop|elder-twin", "crm|younger-twin shop|younger-twin"],
    ),
    "homophones on one telephone": Scenario(
        {
            "crm|elder": {"full_name": "李思源", "birth_date": "1990-05-06"},
            "crm|younger": {"full_name": "李思远", "birth_date": "1993-08-19"},
            "app|younger": {"full_name": "Siyuan Li", "birth_date": "1993-08-19"},
        },
        ["crm|elder", "crm|younger app|younger"],
        identifiers=[(record, "phone", phone(64)) for record in ("crm|elder", "crm|younger", "app|younger")],
    ),
    "homophones on one telephone, no birth dates, and pinyin that could be either": Scenario(
        {
            "crm|spring": {"full_name": "何韵清", "phone": phone(67)},
            "pos|light": {"full_name": "何韵青", "phone": phone(67)},
            "app|letters": {"full_name": "Yunqing He", "phone": phone(67)},
        },
        ["app|letters crm|spring", "pos|light"],
    ),
    "a slip of the pen among characters of one sound, born on one day": Scenario(
        {
            "crm|slip": {"full_name": "孔梓瑞", "birth_date": "1988-04-17", "phone": phone(68)},
            "pos|slip": {"full_name": "孔子睿", "birth_date": "1988-04-17", "phone": phone(68)},
        },
        ["crm|slip pos|slip"],
    ),
    "traditional and simplified characters": Scenario(
        {
            "crm|script": {"full_name": "葉國華", "phone": phone(69)},
            "pos|script": {"full_name": "叶国华", "phone": phone(69)},
            "app|script": {"full_name": "Guohua Ye", "phone": phone(69)},
        },
        ["crm|script pos|script app|script"],
    ),
    "letters of another script, two family names": Scenario(
        {
            "crm|ivan": {"full_name": "Иван Кузнецов", "birth_date": "1984-06-21"},
            "shop|ivan": {"full_name": "Ivan Kuznetsov", "birth_date": "1984-06-21"},
            "crm|carmen": {"full_name": "María del Carmen López García", "birth_date": "1979-01-30"},
            "shop|carmen": {"given_name": "Maria", "family_name": "Lopez", "birth_date": "1979-01-30"},
        },
        ["crm|ivan shop|ivan", "crm|carmen shop|carmen"],
    ),
    "numbered addresses": Scenario(
        {
            "crm|p23": {"full_name": "Anneke Vasquez", "birth_date": "1973-05-08", "email": "p23@bulk.cn"},
            "crm|p25": {"full_name": "Oluwaseun Brandt", "birth_date": "1975-11-21", "email": "p25@bulk.cn"},
        },
        ["crm|p23", "crm|p25"],
    ),
    "a card handed on": Scenario(
        {
            "crm|bearer-1": {"full_name": "Ilse Okonkwo", "birth_date": "1961-03-04"},
            "crm|bearer-2": {"full_name": "Matteo Lindqvist", "birth_date": "1988-10-17"},
        },
        ["crm|bearer-1", "crm|bearer-2"],
        identifiers=[
            ("crm|bearer-1", "card", "VIP88001", "2010-01-01", "2014-01-01"),
            ("crm|bearer-2", "card", "VIP88001", "2016-01-01", None),
        ],
    ),
    "a clerk's card": Scenario(
        {
            f"pos|clerk-{n}": {"full_name": name, "birth_date": born, "loyalty_card_no": "STORE-CARD-7"}
            for n, (name, born) in enumerate(
                [
                    ("Imogen Castellan", "1951-01-14"), ("Rasmus Öberg", "1964-12-02"), ("韩雪梅", "1990-07-21"),
                    ("Dolores Pfeiffer", "1983-03-30"), ("Tendai Moyo", "1972-10-05"), ("曹志强", "1959-06-17"),
                    ("Yevgenia Sokolova", "1995-09-08"), ("Bartholomew Finch", "1948-04-26"),
                ]
            )
        }
        | {"shop|clerk-0": {"full_name": "Imogen Castellan", "birth_date": "1951-01-14", "loyalty_card_no": "STORE CARD 7", "phone": phone(95)},
           "app|clerk-0": {"full_name": "Castellan, Imogen", "phone": phone(95)}},
        ["pos|clerk-0 shop|clerk-0 app|clerk-0", *(f"pos|clerk-{n}" for n in range(1, 8))],
    ),
    "a couple's card": Scenario(
        {
            "pos|wife": {"full_name": "Henrietta Vogel", "birth_date": "1980-02-11", "loyalty_card_no": "COUPLE-1"},
            "pos|husband": {"full_name": "Salvatore Mancini", "birth_date": "1977-05-29", "loyalty_card_no": "COUPLE-1"},
        },
        ["pos|wife pos|husband"],
    ),
    "guests on a recycled phone": Scenario(
        {"crm|gave-up": {"full_name": "孙晓丽"}, "crm|took-over": {"full_name": "周子杰"}},
        [f"crm|gave-up shop|{guest('+8613912340052|')}", f"crm|took-over shop|{guest('+8613912340052||2024-06-01')}"],
        identifiers=[
            ("crm|gave-up", "phone", phone(52), None, "2024-03-01"),
            ("crm|took-over", "phone", phone(52), "2024-06-01", None),
        ],
        orders=[
            {"source_system": "shop", "order_id": f"recycled-{day}", "guest_phone": phone(52), "ordered_at": f"{day} 12:00:00"}
            for day in ("2022-05-10", "2023-05-10", "2024-05-31", "2024-06-01")
        ],
    ),
    "guest checkout": Scenario(
        {"crm|host": {"full_name": "Ingeborg Nakamura", "phone": phone(70)}},
        [f"crm|host shop|{guest('+8613912340070|')}"],
        orders=[{"source_system": "shop", "order_id": "g1", "guest_phone": f"+86 {phone(70)}"}],
    ),
    "placeholder values": Scenario(
        {
            "crm|nobody-1": {"phone": "13800000000", "email": "na@na.com", "birth_date": "1990-01-01", "full_name": "测试"},
            "pos|nobody-2": {"phone": "13800000000", "email": "na@na.com", "birth_date": "1990-01-01", "full_name": "测试"},
        },
        ["crm|nobody-1", "pos|nobody-2"],
    ),
    "same name and birth date": Scenario(
        {
            "crm|twin-1": {"full_name": "王伟", "birth_date": "1985-10-12", "phone": phone(80), "city": "上海"},
            "crm|twin-2": {"full_name": "王伟", "birth_date": "1985-10-12", "phone": phone(81), "city": "成都"},
        },
        ["crm|twin-1", "crm|twin-2"],
    ),
    "a typing error": Scenario(
        {
            "crm|typo": {"full_name": "Marguerite Fairbrother", "birth_date": "1979-04-30", "address": "18 Canal Row", "city": "Leeds", "postcode": "LS1 4AB"},
            "shop|typo": {"given_name": "Fairbrohter", "family_name": "Margerite", "birth_date": "1979-04-03", "address": "18 Canal Row", "city": "Leeds", "postcode": "LS1 4AB"},
        },
        ["crm|typo shop|typo"],
    ),
}  # fmt: skip


def customer(record: str, known: dict) -> dict:
    system, number = record.split("|")
    return {"source_system": system, "source_customer_id": number, **known}


def identifier(record: str, kind: str, value: str, since: str | None = None, until: str | None = None) -> dict:
    return customer(
        record, {"identifier_type": kind, "identifier_value": value, "valid_from": since, "valid_to": until}
    )


def deliveries() -> list[tuple[str, dict]]:
    """(table, row) of every scenario."""
    rows: list[tuple[str, dict]] = []
    for scenario in SCENARIOS.values():
        rows += [("customers", customer(record, known)) for record, known in scenario.customers.items()]
        rows += [("identifiers", identifier(*given)) for given in scenario.identifiers]
        rows += [("orders", order) for order in scenario.orders]
    return rows


def deliver(company, rows: list[tuple[str, dict]]) -> None:
    for table in ("customers", "identifiers", "orders"):
        company.deliver(**{table: [row for name, row in rows if name == table]})


@pytest.fixture(scope="module")
def at_once(make_company):
    company = make_company()
    deliver(company, deliveries())
    company.run()
    return company


@pytest.mark.parametrize("name", SCENARIOS)
def test_scenario(at_once, name):
    scenario = SCENARIOS[name]
    expected = {frozenset(people.split()) for people in scenario.people}
    mine = set().union(*expected)
    assert {people for people in at_once.people() if people & mine} == expected


def test_a_card_of_many_people_is_guarded_and_one_of_two_is_worth_a_decision(at_once):
    guards = "select identifier_value, records, reason from main.identity_guards where identifier_type = 'card'"
    assert at_once.connection.execute(guards).fetchall() == [("STORECARD7", 9, "many_people")]
    assert review.write(at_once.connection, at_once.model) > 1
    found = at_once.connection.execute("""
        select left_source_customer_id, right_source_customer_id, is_joined, split_part(reason, ';', 1)
        from identity.review_queue where reason like 'one %' order by place
    """).fetchall()
    assert set(found[:2]) == {
        ("husband", "wife", True, "one card, two people"),
        ("spring", "light", False, "one phone, two names of one sound"),
    }
    assert set(found[2:]) == {("misread", "misread", True, "one name and place, two birth dates")}


@pytest.mark.parametrize("seed", [1, 2])
def test_three_nights_in_any_order_are_one(at_once, make_company, seed):
    """Membership, weights and links are what one run over everything gives."""
    company, rows = make_company(), deliveries()
    random.Random(seed).shuffle(rows)
    for night in range(3):
        deliver(company, rows[night::3])
        company.run()
    assert company.people() == at_once.people()
    assert company.scored() == at_once.scored()
    links = "from identity.links order by left_record, right_record, kind, rule"
    assert company.connection.execute(links).fetchall() == at_once.connection.execute(links).fetchall()


def test_a_company_of_one_city_joins_no_namesakes_and_joins_them_by_what_tells_people_apart(make_company):
    """Eighty people of 北京, three of them 王芳: the city says nothing there, a birth date does."""
    company = make_company()
    others = [
        customer(f"crm|other-{n}", {"full_name": f"{family}{given}", "city": "北京"})
        for n, (family, given) in enumerate(
            (f, g)
            for f in "赵钱孙李周吴郑冯"
            for g in ["晨曦", "雨泽", "嘉懿", "煜城", "懿轩", "烨伟", "苑博", "伟泽", "熠彤", "鸿煊"]
        )
    ]
    namesakes = [customer(f"{system}|fang", {"full_name": "王芳", "city": "北京"}) for system in ("app", "pos", "shop")]
    dated = [
        customer(f"{system}|dated", {"full_name": "王芳", "city": "北京市", "birth_date": "1987-11-23"})
        for system in ("crm", "web")
    ]
    company.deliver(customers=[*others, *namesakes, *dated])
    company.run()
    assert {people for people in company.people() if len(people) > 1} == {frozenset({"crm|dated", "web|dated"})}


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ({"full_name": "Percy D Hooks"}, {"full_name": "Percy Hooks"}, True),
        ({"full_name": "Percy D Hooks"}, {"full_name": "Percy Q Hooks"}, False),
        ({"full_name": "Percy Hooks", "phone": phone(101)}, {"full_name": "Percy Hooks", "phone": phone(102)}, False),
        ({"full_name": "Percy Hooks", "birth_date": "1980-02-03"}, {"full_name": "Percy Hooks", "birth_date": "1961-11-19"}, False),
        ({"full_name": "James Smith"}, {"full_name": "James Smith"}, False),
        ({"full_name": "Robert Hooks", "birth_date": "1980-02-03"}, {"full_name": "Bob Hooks", "birth_date": "1980-02-03"}, True),
        ({"full_name": "Robert Hooks", "birth_date": "1980-02-03"}, {"full_name": "Bea Hooks", "birth_date": "1981-07-12"}, False),
        ({"full_name": "Anna Hooks", "address": "PO Box 13839"}, {"full_name": "Karl Hooks", "address": "PO Box 13839"}, False),
    ],
    ids=["initial missing", "initials differ", "phones differ", "dates differ", "a common name alone", "short form", "not a short form", "one address, two given names"],
)  # fmt: skip
def test_what_is_missing_is_no_disagreement_and_what_differs_is(make_company, one, other, together):
    company = make_company()
    company.deliver(customers=[customer("crm|1", one), customer("shop|2", other)])
    company.run()
    assert (len(company.people()) == 1) == together


def test_merge_then_split(make_company):
    """Two become one by a card and two again without it; the ids of those before return to them."""
    company = make_company()
    rows = [customer("crm|m-1", {"full_name": "Aurelio Vance"}), customer("pos|m-2", {"full_name": "Bettina Okoro"})]
    company.deliver(customers=rows)
    before = company.run()
    company.deliver(identifiers=[identifier(record, "card", "MERGE1") for record in ("crm|m-1", "pos|m-2")])
    assert len(set(company.run().values())) == 1
    company.connection.execute("delete from main.stg_identifiers")
    after = company.run()
    assert len(set(after.values())) == 2
    assert after["crm|m-1"] == before["crm|m-1"]


@pytest.fixture
def decided(make_company):
    """A company with decisions: (kind, record, record)."""

    def make(rows: list[dict], *decisions: tuple[str, str, str]):
        company = make_company()
        company.deliver(customers=rows)
        company.run()
        company.connection.execute(f"create or replace table identity.decisions ({COLUMNS})")
        for number, (kind, left, right) in enumerate(decisions):
            company.connection.execute(
                "insert into identity.decisions (decision_id, kind, left_source_system, left_source_customer_id, "
                "right_source_system, right_source_customer_id) values (?, ?, ?, ?, ?, ?)",
                [f"D{number}", kind, *left.split("|"), *right.split("|")],
            )
        return company

    return make


KNOWN = {"full_name": "Theodora Quill", "birth_date": "1970-08-19", "address": "3 Mill Lane", "city": "York"}


def test_a_decision_parts_what_the_model_joins(decided):
    rows = [customer("crm|q", KNOWN), customer("shop|q", KNOWN)]
    company = decided(rows, ("cannot_link", "shop|q", "crm|q"))
    assert len(company.people()) == 1
    company.run()
    assert len(company.people()) == 2


def test_a_decision_parts_what_a_card_joins_and_every_record_goes_to_one_side(decided):
    rows = [customer(f"{system}|k", {"loyalty_card_no": "K1"}) for system in ("app", "crm", "pos", "shop")]
    company = decided(rows, ("cannot_link", "app|k", "crm|k"))
    company.run()
    people = company.people()
    assert len(people) == 2
    assert not any({"app|k", "crm|k"} <= records for records in people)


def test_a_decision_joins_what_nothing_else_does(decided):
    rows = [customer("crm|x", {"full_name": "Ann Lee"}), customer("shop|y", {"full_name": "Kwame Boateng"})]
    company = decided(rows, ("must_link", "crm|x", "shop|y"))
    assert len(company.people()) == 2
    company.run()
    assert len(company.people()) == 1
    assert company.connection.execute("select is_weak from identity.memberships").fetchall() == [(False,), (False,)]
