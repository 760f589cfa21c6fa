"""Who is whom: hand-made companies whose people are worked out in the comments."""

import hashlib
from datetime import date

import polars as pl
import pytest

from .by_hand import deliver, landed
from .company import Company
from .identity import identify, is_junk, normalise
from .people import births, name_of, readings

CHINA, BRITAIN = "CN", "GB"


def people(data) -> dict[str, tuple[str, bool]]:
    """Record id → (its profile's key, rests on weak links)."""
    memberships, _ = identify(landed(data), Company())
    return {
        row["source_customer_id"]: (row["customer_key"], row["is_weak"]) for row in memberships.iter_rows(named=True)
    }


@pytest.mark.parametrize(
    ("kind", "given", "region", "normal"),
    [
        ("phone", "138 0013-9000", CHINA, ["+8613800139000"]),
        ("phone", "１３８００１３９０００", CHINA, ["+8613800139000"]),  # full-width
        ("phone", "(+86) 13800139000", CHINA, ["+8613800139000"]),
        ("phone", "+86 (0)13800139000", CHINA, ["+8613800139000"]),
        ("phone", "0086 13800139000", CHINA, ["+8613800139000"]),
        ("phone", "8613800139000", CHINA, ["+8613800139000"]),
        ("phone", "8613800139000", BRITAIN, ["+8613800139000"]),  # too long for Britain
        ("phone", "021-5555 1234", CHINA, ["+862155551234"]),
        ("phone", "021-5555 1234 转 8", CHINA, ["+862155551234"]),
        ("phone", "86123456", CHINA, ["+8686123456"]),  # 8 digits: no country code in front of it
        ("phone", "442071838750", BRITAIN, ["+442071838750"]),
        ("phone", "020 7183 8750 ext. 3", BRITAIN, ["+442071838750"]),
        ("phone", "13800139000/13800139001, 12", CHINA, ["+8613800139000", "+8613800139001"]),
        ("phone", "13800139000 13800139001", CHINA, ["+8613800139000", "+8613800139001"]),
        ("phone", "+1234567890123456", CHINA, []),  # 16 digits
        ("phone", "123456", CHINA, []),
        ("phone", "none", CHINA, []),
        ("email", " Li.Wei@Example.ORG ", CHINA, ["li.wei@example.org"]),
        ("email", "Li.Wei+shop@GoogleMail.com", CHINA, ["liwei@gmail.com"]),
        ("email", "li.wei+shop@outlook.com", CHINA, ["li.wei@outlook.com"]),
        ("email", "li.wei+shop@qq.com", CHINA, ["li.wei+shop@qq.com"]),
        ("email", "Li Wei <li@example.org>; x@y.cn", CHINA, ["li@example.org"]),
        ("email", "li.wei@localhost", CHINA, []),
        ("card", "ka-00 12/b", CHINA, ["KA0012B"]),
        ("card", "--", CHINA, []),
    ],
)
def test_one_spelling_per_identifier(kind, given, region, normal):
    assert normalise(kind, given, region) == normal


@pytest.mark.parametrize(
    ("kind", "value", "junk"),
    [
        *(("phone", v, True) for v in ("+8613800000000", "+8613800138000", "+8611111111111", "+000000000")),
        *(("phone", v, False) for v in ("+8613800138001", "+8613811111110")),
        *(("email", v, True) for v in ("na@na.com", "test@firm.cn", "li@example.org")),
        *(("email", v, False) for v in ("nadia@firm.cn", "li@sexample.org")),
        *(("card", v, True) for v in ("0", "9999", "NA", "UNKNOWN")),
        *(("device", v, False) for v in ("09", "TEST1")),
    ],
)
def test_placeholders(kind, value, junk):
    assert is_junk(kind, value) is junk


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("王 小明", "Xiao-Ming WANG", True),
        ("曾伟", "Zeng Wei", True),
        ("吕布", "Lv Bu", True),
        ("陳静", "陈静", True),
        ("李西安", "Xi'an Li", True),
        ("王小明", "王伟", False),
        ("王小明", "Wang Wei", False),
        ("王小明", "Kevin Wang", None),
        ("王小明", "Xiaoming Wang (VIP)", True),
        ("王女士", "王小明", True),
        ("José Ruiz", "RUIZ, Jose", True),
        ("José", "Jose Ruiz", True),
        ("Ann O'Neil", "o neil ann", True),
        ("Mary-Jane Lee", "Lee Mary Jane", True),
        ("Ann Lee", "Bob Lee", False),
        ("Dr. Ann Lee", "Ann Lee", True),
    ],
)
def test_names(left, right, same):
    first, second = name_of(left, None, None), name_of(None, right, None)
    assert first is not None and second is not None
    assert first.matches(second) is second.matches(first) is same


def test_nameless():
    assert [name_of(name, None, None) for name in ("测试", "Test", "123", None)] == [None] * 4
    assert name_of(None, "小明", "王") == name_of("王小明", "x", "y")


TODAY = date(2024, 6, 30)


@pytest.mark.parametrize(
    ("text", "day_first", "month_first"),
    [
        *((t, "1990-03-04", "1990-03-04") for t in ("1990-03-04", "19900304", "1990年3月4日", "04.03.1990", "32936")),
        ("3/4/90", "1990-04-03", "1990-03-04"),
        ("25-03-1990", "1990-03-25", None),
        *((t, None, None) for t in ("1990-02-30", "2024-07-01", "1890-01-05", "soon")),
    ],
)
def test_birth_dates(text, day_first, month_first):
    assert [day and day.isoformat() for day in readings(text, TODAY)] == [day_first, month_first]


def test_a_systems_habit_decides_what_a_date_leaves_open():
    rows = [("pos", "25/03/1990"), ("pos", "3/4/1990"), ("crm", "3/4/1990"), ("crm", "1990-01-01")]
    march, april = date(1990, 3, 4), date(1990, 4, 3)
    assert list(births(rows, TODAY, None, CHINA)) == [{date(1990, 3, 25)}, {april}, {march, april}, set()]
    assert list(births(rows, TODAY, "mdy", CHINA))[1:3] == [{march}, {march}]


def test_strong_and_weak_chains(tmp_path):
    # a–b share a card, b–c the account that c has as an identifier: firm. c–d share only a phone: weak, and that taints all
    # four. e has the same card as nobody; f's only link is a placeholder.
    deliver(
        tmp_path,
        "customers",
        """
        source_system | source_customer_id | loyalty_card_no | external_id | phone       | email
        pos           | b                  | K-1             | acc/9       |             |
        crm           | a                  | k1              |             |             |
        shop          | c                  |                 |             | 13911112222 |
        wechat        | d                  |                 |             | 0086 13911112222 |
        crm           | e                  | K2              |             |             | na@na.com
        crm           | f                  | N/A             |             | 13800000000 | na@na.com
        """,
    )
    deliver(
        tmp_path,
        "identifiers",
        "source_system | source_customer_id | identifier_type | identifier_value\n shop | c | account | ACC9",
    )
    assert people(tmp_path) == {
        **dict.fromkeys("abcd", ("crm|a", True)),
        **{"e": ("crm|e", False), "f": ("crm|f", False)},
    }


def test_households_and_recycled_phones(tmp_path):
    # One phone, three records: 李雷 and 韩梅梅 contradict, so the value is contested; 李 雷 (in the shop) and Li Lei agree
    # with 李雷; Lily, who is no pinyin, agrees with nobody here and stays alone.
    # A second phone was y's until March and z's from then on: never at the same time.
    # A third: same name, different birth dates; and one whose birth date is a placeholder contradicts nobody, but on a
    # contested value has to agree by name: it joins both, who thereby become one (the price of weak links).
    deliver(
        tmp_path,
        "customers",
        """
        source_system | source_customer_id | full_name | birth_date | phone
        crm           | lei                | 李雷      |            | 13911110001
        crm           | mei                | 韩梅梅    |            | 13911110001
        shop          | lei2               | 李 雷     |            | 13911110001
        app           | latin              | Li Lei    |            | 13911110001
        app           | lily               | Lily      |            | 13911110001
        crm           | s1                 | Ann Lee   | 1980-05-05 | 13911110003
        crm           | s2                 | Lee Ann   | 1981-05-05 | 13911110003
        crm           | s3                 | Ann B Lee | 1990-01-01 | 13911110003
        """,
    )
    deliver(
        tmp_path,
        "identifiers",
        """
        source_system | source_customer_id | identifier_type | identifier_value | valid_from | valid_to
        crm           | y                  | phone           | 13911110002      |            | 2024-03-01
        crm           | z                  | phone           | 13911110002      | 2024-03-01 |
        """,
    )
    assert people(tmp_path) == {
        **{
            "lei": ("app|latin", True),
            "lei2": ("app|latin", True),
            "mei": ("crm|mei", False),
            "latin": ("app|latin", True),
            "lily": ("app|lily", False),
        },
        **{"y": ("crm|y", False), "z": ("crm|z", False)},
        **dict.fromkeys(("s1", "s2", "s3"), ("crm|s1", True)),
    }


@pytest.mark.parametrize(("devices", "profiles"), [(5, 1), (6, 6)])
def test_a_shared_tablet_joins_nobody(tmp_path, devices, profiles):
    rows = "\n".join(f"crm | {n} | device | Tablet-7" for n in range(devices))
    deliver(tmp_path, "identifiers", f"source_system | source_customer_id | identifier_type | identifier_value\n{rows}")
    assert len({key for key, _ in people(tmp_path).values()}) == profiles


def test_guests(tmp_path):
    # Two orders with the same phone and e-mail are one guest, joined to the customer who has the phone; one with a
    # placeholder and nothing else is anonymous; a customer ref makes a record that no other file mentions.
    deliver(tmp_path, "customers", "source_system | source_customer_id | phone\n crm | c | 13911112222")
    deliver(
        tmp_path,
        "orders",
        """
        source_system | order_id | customer_source_system | source_customer_id | guest_phone | guest_email | ordered_at | net_amount
        shop          | 1        |     |         | 139 1111 2222 | A@b.cn    | 2024-06-01 | 1
        shop          | 2        |     |         | 13911112222   | a@b.cn    | 2024-06-02 | 1
        shop          | 3        |     |         | 13800000000   | na@na.com | 2024-06-02 | 1
        shop          | 4        | crm | unheard |               |           | 2024-06-02 | 1
        shop          | 5        |     | own     | 13911112222   |           | 2024-06-02 | 1
        """,
    )
    guest = "guest-" + hashlib.md5(b"+8613911112222|a@b.cn").hexdigest()
    assert people(tmp_path) == {
        **{"c": ("crm|c", True), guest: ("crm|c", True), "unheard": ("crm|unheard", False), "own": ("shop|own", False)}
    }
    _, (orders, *_) = identify(landed(tmp_path), Company())
    assert sorted(orders.select("order_id", "record_system", "record_id").rows()) == [
        *(("1", "shop", guest), ("2", "shop", guest), ("4", "crm", "unheard"), ("5", "shop", "own"))
    ]


def test_a_guest_with_a_phone_that_everybody_has(tmp_path):
    rows = "\n".join(f"crm | {n} | 13911112222" for n in range(11))
    deliver(tmp_path, "customers", f"source_system | source_customer_id | phone\n{rows}")
    head = "source_system | order_id | guest_phone | guest_email | ordered_at | net_amount\n"
    deliver(
        tmp_path,
        "orders",
        head + "shop | 1 | 13911112222 | | 2024-06-01 | 1\n shop | 2 | 13911112222 | a@b.cn | 2024-06-01 | 1",
    )
    found = people(tmp_path)
    assert len(found) == len({key for key, _ in found.values()}) == 13  # the phone joins nobody, but names two guests
    assert "guest-" + hashlib.md5(b"+8613911112222|a@b.cn").hexdigest() in found
    assert "guest-" + hashlib.md5(b"+8613911112222|").hexdigest() in found


def test_keys_follow_the_binary_order(tmp_path):
    deliver(
        tmp_path,
        "customers",
        "source_system | source_customer_id | loyalty_card_no\n a | 1 | K1\n Z | 9 | K1\n Z | 10 | K1\n 系 | 0 | K1",
    )
    assert {key for key, _ in people(tmp_path).values()} == {"Z|10"}


def test_no_deliveries_no_records(tmp_path):
    memberships, (orders, *_) = identify(landed(tmp_path), Company())
    assert memberships.is_empty() and orders.is_empty()
    assert memberships.schema["is_weak"] == pl.Boolean
