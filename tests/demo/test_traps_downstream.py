"""Every trap of the demo company changes something downstream: the warehouse after a run shows how it was dealt with."""

import gzip
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import demo_company
import duckdb
import openpyxl
import pytest

# What spoiled cells hold and how the product calls each fault, by the generator's word for it.
BAD = {
    "excel_error": ("#REF!", "excel_error"),
    "excel_number": ("1.38E+10", "excel_number"),
    "future": ("2099-", "future"),
    "no_exchange_rate": ("XXX", "no_exchange_rate"),
    "bad_number": (("N/A?", "1.38E+10x"), "not_a_number"),
    "bad_date": (("2026-02-30", "2026-13-45", "31/02/2026", "昨天下午"), "not_a_timestamp"),
}


@dataclass(frozen=True)
class Company:
    """A company after its run: its folder, its warehouse (read-only) and what the generator planted.

    The connection also holds `records` (main.identity_records with `key` = 'system|id', `customer_key`, `customer_no` and the true
    `person`, null for a guest) and `files` (delivery → the first path that brought it).
    """

    data: Path
    traps: dict[str, Any]
    warehouse: duckdb.DuckDBPyConnection

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.warehouse.execute(sql, list(values)).fetchall()

    def one(self, sql: str, *values: Any) -> tuple[Any, ...]:
        (row,) = self.rows(sql, *values)
        return row

    def examples(self, trap: str) -> list[Any]:
        """What is listed of a trap; a trap of which nothing is listed could prove nothing."""
        listed = self.traps[trap]["examples"]
        assert listed, f"this company has no {trap}"
        return listed


@pytest.fixture(scope="module")
def company(demo_run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    traps = json.loads((demo_run.data / "truth" / "traps.json").read_text(encoding="utf-8"))
    copy = shutil.copy(demo_run.data / "warehouse" / "loyalty.duckdb", tmp_path_factory.mktemp("traps"))
    with duckdb.connect(str(copy), read_only=True) as warehouse:
        warehouse.execute(
            "create temp table records as "
            "select r.*, r.source_system || '|' || r.source_customer_id as key, i.customer_key, n.customer_no, p.person "
            "from main.identity_records as r "
            "inner join main.customer_identities as i using (source_system, source_customer_id) "
            "inner join main.record_customers as n using (source_system, source_customer_id) "
            "left join read_parquet(?) as p using (source_system, source_customer_id)",
            [str(demo_run.data / "truth" / "people.parquet")],
        )
        warehouse.execute(
            "create temp table files as select dataset, delivery, min(path) as path from raw.deliveries group by all"
        )
        yield Company(demo_run.data, traps, warehouse)


# What is known of two records that might be one person.
JUDGED = """
with pairs as (
    select least(a.record_no, b.record_no) as left_record, greatest(a.record_no, b.record_no) as right_record,
        a.customer_key = b.customer_key as is_one,
        case
            when a.name_key = b.name_key then true
            when a.han_name is not null and b.han_name is not null then false
            when (a.han_name is null) = (b.han_name is null) or (a.name_is_chinese and b.name_is_chinese)
                then list_has_all(a.name_tokens, b.name_tokens) or list_has_all(b.name_tokens, a.name_tokens)
        end as is_compatible,
        a.name_key is not null and b.name_key is not null and (a.han_name is null) <> (b.han_name is null) as is_two_scripts
    from records as a
    inner join records as b on a.person = b.person and a.record_no <> b.record_no
    where list_contains(?, a.key)
)
select distinct p.*,
    exists (
        select 1 from main.identity_edges as e
        where e.left_record = p.left_record and e.right_record = p.right_record and e.strength = 'weak'
    ) as is_linked_weakly,
    exists (
        select 1 from main.identity_keys as a
        inner join main.identity_keys as b using (identifier_type, identifier_value)
        where a.record_no = p.left_record and b.record_no = p.right_record and identifier_type in ('phone', 'email')
            and (identifier_type, identifier_value) not in
                (select (identifier_type, identifier_value) from main.identity_guards)
    ) as shares_contact
from pairs as p
"""


def one_persons_records(company: Company, trap: str) -> duckdb.DuckDBPyConnection:
    """A table `judged`: every listed record beside every other record of the same person."""
    company.warehouse.execute(f"create or replace temp table judged as {JUDGED}", [company.examples(trap)])
    return company.warehouse


def assert_different_customers(company: Company, trap: str) -> None:
    for first, second in company.examples(trap):
        customers = company.rows("select distinct customer_key from records where key in (?, ?)", first, second)
        assert len(customers) == 2, (trap, first, second)


def assert_share_a_phone(company: Company, trap: str, how: str) -> None:
    """The two records of each pair have one phone number in common, their intervals related by `how`."""
    for first, second in company.examples(trap):
        shared = company.one(
            "select count(*) from main.identity_keys as a inner join records as r on a.record_no = r.record_no "
            "inner join main.identity_keys as b using (identifier_type, identifier_value) "
            "inner join records as s on b.record_no = s.record_no "
            f"where r.key = ? and s.key = ? and identifier_type = 'phone' and {how}",
            first,
            second,
        )
        assert shared[0] >= 1, (trap, first, second)


def household_phone(company: Company) -> None:
    assert_share_a_phone(company, "household_phone", "a.valid_to is null and b.valid_to is null")
    assert_different_customers(company, "household_phone")


def household_address(company: Company) -> None:
    for pair in company.examples("household_address"):
        addresses = company.rows(
            "select address, count(*) from main.stg_customers "
            "where source_system || '|' || source_customer_id in (?, ?) group by address",
            *pair,
        )
        assert len(addresses) == 1 and addresses[0][0] and addresses[0][1] == 2, pair
    assert_different_customers(company, "household_address")


def recycled_phone(company: Company) -> None:
    assert_share_a_phone(company, "recycled_phone", "a.valid_to <= b.valid_from")
    assert_different_customers(company, "recycled_phone")


def store_tablet(company: Company) -> None:
    listed = company.examples("store_tablet")
    guard = company.one(
        "select records, reason from main.identity_guards where identifier_type = 'device' and identifier_value = ?",
        "TABLET010601",
    )
    assert guard == (company.traps["store_tablet"]["count"], "above_limit")
    persons, customers = company.one(
        "select count(distinct person), count(distinct customer_key) from records where list_contains(?, key)", listed
    )
    assert customers >= persons > 1
    joined = company.one(
        "select count(*) from main.identity_edges as e inner join records as r on e.left_record = r.record_no "
        "where e.rule = 'device' and list_contains(?, r.key)",
        listed,
    )
    assert joined == (0,)


def guest_checkout(company: Company) -> None:
    named = company.rows(
        "select o.source_system || '|' || o.order_id, g.source_customer_id, p.customer_no, "
        "(select list(distinct r.person) from records as r where r.customer_no = p.customer_no and r.person is not null), "
        "t.person "
        "from read_parquet(?) as t inner join main.stg_orders as o using (source_system, order_id) "
        "inner join main.identity_guests as g using (source_system, order_id) "
        "inner join main.orders as p using (source_system, order_id)",
        str(company.data / "truth" / "guest_orders.parquet"),
    )
    profiled = [row for row in named if row[1].startswith("guest-") and row[2] is not None]
    # All but those who typed a placeholder, which identifies nobody.
    count = company.traps["guest_checkout"]["count"]
    assert 0.9 * count <= len(profiled) == len(named) <= count
    found = [row for row in profiled if row[3]]
    assert len(found) > len(profiled) / 2
    assert all(row[3] == [row[4]] for row in found)


def _placeholder(company: Company, trap: str, kind: str, value: str, column: str, written: str) -> None:
    """A guard counts the records that hold the value; nobody is joined by it, other clues still join."""
    guards = company.rows(
        "select records, reason from main.identity_guards where identifier_type = ? and identifier_value = ?",
        kind,
        value,
    )
    staged = company.one(f"select count(*) from main.stg_customers where {column} = ?", written)
    assert guards == [(staged[0], "junk")] and staged[0] >= 2
    linked = company.one(
        "select count(*) from main.identity_edges as e "
        "inner join records as a on e.left_record = a.record_no inner join records as b on e.right_record = b.record_no "
        "where e.rule = ? and list_contains(?, a.key) and list_contains(?, b.key)",
        kind,
        *[company.examples(trap)] * 2,
    )
    assert linked == (0,)


def placeholder_phone(company: Company) -> None:
    _placeholder(company, "placeholder_phone", "phone", "+8613800000000", "phone", "13800000000")


def placeholder_email(company: Company) -> None:
    _placeholder(company, "placeholder_email", "email", "na@na.com", "email", "na@na.com")


def placeholder_birth_date(company: Company) -> None:
    listed = company.examples("placeholder_birth_date")
    kept, known = company.one(
        "select count(*), count(r.birth_date) from main.stg_customers as c "
        "inner join records as r using (source_system, source_customer_id) "
        "where c.birth_date = '1990-01-01' and list_contains(?, r.key)",
        listed,
    )
    assert kept == len(listed) and known == 0
    # Taken at its word, the date would contradict the person's true one.
    others = company.one(
        "select count(*) from main.identity_edges as e "
        "inner join records as a on a.record_no in (e.left_record, e.right_record) "
        "inner join records as b on b.record_no in (e.left_record, e.right_record) and b.record_no <> a.record_no "
        "where e.strength = 'weak' and list_contains(?, a.key) and b.birth_date is not null",
        listed,
    )
    assert others[0] >= 1


def _differing_names(company: Company, trap: str) -> None:
    """Names that contradict are never linked by a phone or e-mail, and still become one customer by a stronger mark."""
    judged = one_persons_records(company, trap)
    contradicting = "not is_compatible"
    assert judged.sql(f"select count(*) from judged where {contradicting} and is_linked_weakly").fetchone() == (0,)
    for reaction in ("shares_contact and not is_one", "is_one"):
        found = judged.sql(f"select count(*) from judged where {contradicting} and {reaction}").fetchone()
        assert found is not None and found[0] >= 1, (trap, reaction)


def name_typo(company: Company) -> None:
    _differing_names(company, "name_typo")


def nickname(company: Company) -> None:
    """小王 on 王伟's phone is no exact match; the model takes it for what it is, a surname, and mostly joins them."""
    judged = one_persons_records(company, "nickname")
    assert judged.sql("select count(*) from judged where not is_compatible and is_linked_weakly").fetchone() == (0,)
    joined = judged.sql("select avg(is_one::int) from judged where not is_compatible and shares_contact").fetchone()
    assert joined is not None and joined[0] > 0.7


def swapped_name(company: Company) -> None:
    """In characters as in pinyin the order of a name's parts makes no difference."""
    judged = one_persons_records(company, "swapped_name")
    linked = judged.sql(
        "select count(*) from judged as j inner join records as a on j.left_record = a.record_no "
        "inner join records as b on j.right_record = b.record_no where j.is_linked_weakly and a.name_key = b.name_key "
        "and a.han_name <> b.han_name"
    ).fetchone()
    assert linked is not None and linked[0] >= 1
    contradicting = judged.sql(
        "select count(*) from judged as j inner join records as a on j.left_record = a.record_no "
        "inner join records as b on j.right_record = b.record_no where not j.is_compatible "
        "and a.han_name is not null and list_sort(string_split(a.han_name, '')) = list_sort(string_split(b.han_name, ''))"
    ).fetchone()
    assert contradicting == (0,)


def pinyin_and_characters(company: Company) -> None:
    """Two scripts don't contradict: a shared phone links them, for nearly everybody."""
    judged = one_persons_records(company, "pinyin_and_characters")
    linked = judged.sql("select count(*) from judged where is_two_scripts and is_linked_weakly and is_one").fetchone()
    assert linked is not None and linked[0] >= 1
    share = judged.sql("select avg(is_one::int) from judged where is_two_scripts").fetchone()
    assert share is not None and share[0] > 0.7


def same_name_and_birth_date(company: Company) -> None:
    for first, second in company.examples("same_name_and_birth_date"):
        alike = company.rows("select distinct han_name, birth_date from records where key in (?, ?)", first, second)
        assert len(alike) == 1 and None not in alike[0], (first, second)
    assert_different_customers(company, "same_name_and_birth_date")


def late_delivery(company: Company) -> None:
    """A late order counts in the month in which it was placed, not in the month of the file."""
    for key in company.examples("late_delivery"):
        order_month, path = company.one(
            "select strftime(f.order_day, '%Y-%m'), d.path from main.stg_orders as o "
            "inner join main.orders as f using (source_system, order_id) "
            "inner join files as d on d.dataset = 'orders' and d.delivery = o._delivery "
            "where o.source_system || '|' || o.order_id = ?",
            key,
        )
        assert order_month < path.split("_orders_")[1][:7], key


def duplicated_delivery(company: Company) -> None:
    for path in company.examples("duplicated_delivery"):
        delivery, status, received, loaded, duplicate = company.one(
            "select delivery, status, received, loaded, duplicate from raw.deliveries where path = ?", path
        )
        assert status == "duplicate" and loaded == 0 and duplicate == received > 0
        original = company.one(
            "select path, status, received from raw.deliveries where delivery = ? and path <> ?", delivery, path
        )
        assert original == (path.replace("_resent", ""), "loaded", received)
        dataset = path.split("/")[0]
        assert company.one(f"select count(*) from raw.{dataset} where _delivery = ?", delivery) == (received,)


ROWS_OF_ORDER = (
    "select d.path, coalesce(s.outcome, 'in use'), r.updated_at, r.net_amount, r.status, d.dataset from raw.orders as r "
    "inner join files as d on d.dataset = 'orders' and d.delivery = r._delivery "
    "left join raw.set_aside as s on s.dataset = 'orders' and s._delivery = r._delivery and s._line = r._line "
    "where r.source_system || '|' || r.order_id = ? order by r.updated_at, 2"
)
STAGED_ORDER = "select updated_at, net_amount, status from main.stg_orders where source_system || '|' || order_id = ?"


def repeated_row(company: Company) -> None:
    for key in company.examples("repeated_row"):
        rows = company.rows(ROWS_OF_ORDER, key)
        assert sorted(row[1] for row in rows) == ["duplicate", "in use"], key
        assert rows[0][0] != rows[1][0] and rows[0][2:] == rows[1][2:]
        assert company.rows(STAGED_ORDER, key) == [rows[0][2:5]]
    counted = company.one("select sum(duplicate) from raw.deliveries where dataset = 'orders' and status = 'loaded'")
    assert counted == (company.traps["repeated_row"]["count"],)


def out_of_order_delivery(company: Company) -> None:
    for key in company.examples("out_of_order_delivery"):
        old, new = company.rows(ROWS_OF_ORDER, key)
        assert "queue_replay" in old[0] and old[1] == "superseded" and old[4] == "open", key
        assert new[1] == "in use" and old[2] < new[2] and new[4] == "completed"
        assert company.rows(STAGED_ORDER, key) == [new[2:5]]


def corrected_delivery(company: Company) -> None:
    """The corrected amount and the re-scored answer are what is counted."""
    for key in company.examples("corrected_delivery"):
        wrong, right = company.rows(ROWS_OF_ORDER, key)
        assert wrong[1] == "superseded" and right[1] == "in use" and "corrections" in right[0], key
        assert wrong[2] < right[2] and right[3] < wrong[3]
        assert company.rows(STAGED_ORDER, key) == [right[2:5]]
    answers = company.rows(
        "select old.score, new.score from raw.survey_responses as old "
        "inner join raw.set_aside as s on s.dataset = 'survey_responses' and s._delivery = old._delivery "
        "and s._line = old._line and s.outcome = 'superseded' "
        "inner join main.survey_answers as new using (source_system, response_id, question_code) "
        "inner join main.stg_survey_responses as r using (source_system, response_id, question_code) "
        "inner join files as d on d.dataset = 'survey_responses' and d.delivery = r._delivery "
        "where d.path like '%survey_rescored%'"
    )
    orders = len(company.examples("corrected_delivery"))
    assert len(answers) == company.traps["corrected_delivery"]["count"] - orders > 0
    assert all(new == 6 - old != old for old, new in answers)


def survey_outage(company: Company) -> None:
    """No value where nobody was asked: no cell, no verdict, and no zero."""
    (outage,) = company.examples("survey_outage")
    month = f"{outage}-01"
    answered = company.rows("select distinct strftime(responded_day, '%Y-%m') from main.survey_answers")
    assert (outage,) not in answered and min(answered) < (outage,) < max(answered)
    for kpi in ("nps_relationship", "csat_t2b"):
        cells = company.rows(
            "select period_start = ?::date, count(*) from main.kpi_values "
            "where kpi_id = ? and period_kind = 'month' group by all",
            month,
            kpi,
        )
        assert [is_outage for is_outage, _ in cells] == [False], kpi
        reasons = company.rows(
            "select distinct reason, rag, value from main.scorecards "
            "where kpi_id = ? and period_kind = 'month' and period_start = ?::date",
            kpi,
            month,
        )
        assert reasons == [("no_value", "grey", None)], kpi
    # What needs no survey went on.
    others = company.one(
        "select count(*) from main.kpi_values where kpi_id = 'complaint_rate' and period_kind = 'month' "
        "and period_start = ?::date and value is not null",
        month,
    )
    assert others[0] >= 1


def tiny_department(company: Company) -> None:
    """Too few answers to say anything: the numbers are hidden, nothing is scored, and the whole company's are not."""
    department, store = company.examples("tiny_department")
    for unit, kpi in ((department, "nps_relationship"), (store, "complaint_rate")):
        cells = company.rows(
            "select distinct status, n, numerator, denominator, value, ci_low, ci_high, weak_share from main.kpi_values "
            "where org_unit_id = ? and kpi_id = ? and period_kind = 'month' and slice_dimension = 'all'",
            unit,
            kpi,
        )
        assert cells == [("hidden", *[None] * 7)], unit
    reasons = company.rows("select distinct reason from main.scorecards where org_unit_id = ?", store)
    assert ("hidden",) in reasons and set(reasons) <= {("hidden",), ("below_floor",), ("no_value",)}
    scores = "select distinct reason from main.department_scores where org_unit_id = ?"
    assert company.rows(scores, store) == [("too_little_weight",)]
    assert (None,) in company.rows(scores, "HQ")


def three_channel_complaint(company: Company) -> None:
    for issue in company.examples("three_channel_complaint"):
        cases, channels = company.one(
            "select count(*), count(distinct channel) from main.stg_cases where issue_id = ? and kind = 'complaint'",
            issue,
        )
        assert cases >= 3 and channels == 3, issue
        counted = company.one("select count(*) from main.complaint_issues where issue_key = ?", f"issue|{issue}")
        assert counted == (1,), issue


def promo_only_customer(company: Company) -> None:
    """Seen across their records, they never paid a full price; as customers they are active like any other."""
    listed = company.examples("promo_only_customer")
    customers, orders, unpromoted, counting = company.one(
        "select count(distinct r.customer_key), count(*), "
        "count(*) filter (where s.campaign_id is null and s.coupon_code is null), count(*) filter (where o.is_counting) "
        "from records as r inner join main.orders as o using (customer_no) "
        "inner join main.stg_orders as s on o.source_system = s.source_system and o.order_id = s.order_id "
        "where list_contains(?, r.key)",
        listed,
    )
    assert customers >= 1 and orders >= counting > customers and unpromoted == 0
    active = company.one(
        "select count(distinct a.customer_no) from main.retention_rolling as a "
        "inner join records as r on a.customer_no = r.customer_no where list_contains(?, r.key)",
        listed,
    )
    assert active[0] >= 1


def moved_store(company: Company) -> None:
    """Its orders count for the one department until the day it moved, and for the other from then on."""
    (store,) = company.examples("moved_store")
    paths = company.rows(
        "select ancestor_id, day_from, day_to from main.unit_paths "
        "where org_unit_id = ? and ancestor_id in ('STO', 'ECM') order by day_from",
        store,
    )
    assert [path[0] for path in paths] == ["STO", "ECM"] and paths[0][2] == paths[1][1]
    moved_on = paths[1][1]
    months = company.rows(
        "select c.period_start, c.sum_x, "
        "(select count(*) from main.orders as o inner join main.unit_paths as p using (org_unit_id) "
        "where p.ancestor_id = 'STO' and o.org_unit_id <> ? and o.is_counting "
        "and o.order_day >= p.day_from and o.order_day < p.day_to "
        "and date_trunc('month', o.order_day) = c.period_start), "
        "(select count(*) from main.orders as o "
        "where o.org_unit_id = ? and o.is_counting and date_trunc('month', o.order_day) = c.period_start) "
        "from main.kpi_cells as c where c.kpi_id = 'complaint_rate' and c.org_unit_id = 'STO' "
        "and c.period_kind = 'month' and c.slice_dimension = 'all'",
        store,
        store,
    )
    assert {start < moved_on for start, *_ in months} == {True, False}
    for start, department, others, own in months:
        assert own > 0 and department == others + (own if start < moved_on else 0), start


def revised_target(company: Company) -> None:
    """Agreed again after the fact, and lower: the one agreed before stays in force."""
    (trap,) = company.examples("revised_target")
    unit, kpi = trap.split("|")
    start, end, late = company.one(
        "select period_start, period_end, target from main.stg_targets "
        "where org_unit_id = ? and kpi_id = ? and agreed_at > period_end + interval 1 day",
        unit,
        kpi,
    )
    before = company.one(
        "select target from main.stg_targets where org_unit_id = ? and kpi_id = ? and period_start = ? "
        "and agreed_at <= period_end",
        unit,
        kpi,
        start,
    )
    used = company.rows(
        "select distinct target from main.scorecards where org_unit_id = ? and kpi_id = ? "
        "and period_start between ? and ? and period_kind in ('month', 'quarter')",
        unit,
        kpi,
        start,
        end,
    )
    assert used == [(float(before[0]),)] and before[0] > late


def _line(file: Path, number: int) -> str:
    """What stands in that line of a delivery, or in that row of its sheet."""
    if file.suffix == ".xlsx":
        cells = list(openpyxl.load_workbook(file).worksheets[0].iter_rows(values_only=True))[number - 1]
        return " ".join("" if cell is None else str(cell) for cell in cells)
    content = file.read_bytes()
    content = gzip.decompress(content) if file.suffix == ".gz" else content
    return content.decode("utf-8-sig").split("\n")[number - 1]


def bad_row(company: Company) -> None:
    """Each is refused with file, line, column and reason, nothing else is, and none reaches a model."""
    listed = company.examples("bad_row")
    assert company.one("select count(*) from raw.quarantine") == (len(listed),)
    for bad in listed:
        words, reason = BAD[bad["reason"]]
        delivery, line = company.one(
            "select delivery, line from raw.quarantine where dataset = ? and path = ? and column_name = ? and reason = ?",
            bad["dataset"],
            bad["path"],
            bad["column"],
            reason,
        )
        written = _line(company.data / "landing" / bad["path"], line)
        assert any(word in written for word in ([words] if isinstance(words, str) else words)), bad
        staged = company.one(
            f"select count(*) from main.stg_{bad['dataset']} where _delivery = ? and _line = ?", delivery, line
        )
        counts = company.one(
            "select quarantined, loaded from raw.deliveries where dataset = ? and path = ?", bad["dataset"], bad["path"]
        )
        assert staged == (0,) and 1 <= counts[0] < counts[1], bad


REACTIONS: dict[str, Callable[[Company], None]] = {
    reaction.__name__: reaction
    for reaction in (
        household_phone, household_address, recycled_phone, store_tablet, guest_checkout, placeholder_phone,
        placeholder_email, placeholder_birth_date, name_typo, nickname, swapped_name, pinyin_and_characters,
        same_name_and_birth_date, late_delivery, duplicated_delivery, repeated_row, out_of_order_delivery,
        corrected_delivery, survey_outage, tiny_department, three_channel_complaint, promo_only_customer, moved_store,
        revised_target, bad_row,
    )
}  # fmt: skip


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of all traps that the generator knows."""
    root = tmp_path_factory.mktemp("small")
    demo_company.generate(root, customers=60, months=3)
    return set(json.loads((root / "truth" / "traps.json").read_text(encoding="utf-8")))


def test_every_trap_has_a_reaction(planted: set[str]):
    assert planted == set(REACTIONS)


@pytest.mark.parametrize("trap", REACTIONS)
def test_the_trap_changes_something_downstream(company: Company, trap: str):
    assert company.traps[trap]["count"] >= 1
    REACTIONS[trap](company)


def test_nobody_is_taken_for_somebody_else(company: Company):
    """All the traps about names, phones and devices together: no customer holds records of two people."""
    mixed = company.rows("select customer_key from records group by customer_key having count(distinct person) > 1")
    assert mixed == []


def test_a_closed_store_has_no_numbers_after_its_end_and_keeps_those_before(company: Company):
    unit, closed_on = company.one(
        "select org_unit_id, valid_to from main.stg_org_units as u where valid_to is not null and not exists "
        "(select 1 from main.stg_org_units as v where v.org_unit_id = u.org_unit_id and v.valid_from >= u.valid_to)"
    )
    first, last, latest = company.one(
        "select min(period_start), max(period_start), (select max(period_start) from main.periods) from main.kpi_cells "
        "where org_unit_id = ? and kpi_id = 'complaint_rate' and period_kind = 'month'",
        unit,
    )
    assert first < last < closed_on < latest


def test_the_weakest_trust_factor_is_named(company: Company):
    """Trust is shaken by its weakest factor: the published items name the one that was planted."""
    effects = json.loads((company.data / "truth" / "effects.json").read_text(encoding="utf-8"))
    weakest = company.one(
        "select slice_value from main.kpi_values as v "
        "where v.kpi_id = 'trust_index' and v.slice_dimension = 'item' and v.period_kind = 'quarter' and v.value is not null "
        "and v.org_unit_id = (select org_unit_id from main.unit_root) "
        "order by v.n desc, v.period_start, v.value, v.slice_value limit 1"
    )
    assert weakest == (effects["weakest_trust_factor"],)
