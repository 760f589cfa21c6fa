"""`loyalty explain` on the demo company: the figures are those of the run, the sentences fit them, values are masked."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from orchestration.cli import main
from orchestration.folders import DataFolder
from orchestration.identity.decisions import Decision
from orchestration.identity.explain import explain_pair, waiting_decisions
from orchestration.identity.explain_words import pair_lines
from orchestration.identity.masking import masked
from orchestration.identity.model import load_model
from tests.conftest import CompanyRun

PAIRS = """
    select l.source_system, l.source_customer_id, r.source_system, r.source_customer_id, p.match_weight
    from {pairs} as p
    inner join identity_records as l on p.left_record = l.record_no
    inner join identity_records as r on p.right_record = r.record_no
    order by md5(concat(p.left_record, ' ', p.right_record)) limit 25
"""


@pytest.fixture(scope="module")
def company(demo_run: CompanyRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of the demo company's warehouse."""
    root = tmp_path_factory.mktemp("explain")
    (root / "warehouse").mkdir()
    shutil.copy(demo_run.data / "warehouse" / "loyalty.duckdb", root / "warehouse")
    return root


@pytest.fixture
def warehouse(company: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(company / "warehouse" / "loyalty.duckdb")) as connection:
        yield connection


def loyalty(company: Path, *arguments: str) -> str:
    before = os.environ.get("LOYALTY_DATA")
    os.environ["LOYALTY_DATA"] = str(company)
    try:
        done = CliRunner().invoke(main, ["explain", *arguments])
    finally:
        os.environ.pop("LOYALTY_DATA") if before is None else os.environ.__setitem__("LOYALTY_DATA", before)
    assert done.exit_code == 0, done.output
    return done.output


def test_the_waterfall_adds_up_to_the_weight_that_the_run_gave(warehouse: duckdb.DuckDBPyConnection) -> None:
    model = load_model()
    rows = warehouse.execute(PAIRS.format(pairs="identity.scored_pairs")).fetchall()
    assert len(rows) == 25
    for *records, weight in rows:
        found = explain_pair(warehouse, model, tuple(records[:2]), tuple(records[2:]), masked)["model"]
        assert found["total"] == pytest.approx(weight, abs=1e-9)
        assert found["prior"] + sum(step["weight"] for step in found["comparisons"]) == pytest.approx(weight, abs=1e-9)
        assert found["probability"] == pytest.approx(2**weight / (1 + 2**weight))


def test_one_person_has_a_way_between_the_records_and_two_have_a_reason(warehouse: duckdb.DuckDBPyConnection) -> None:
    model, verdicts = load_model(), set()
    for *records, _ in warehouse.execute(PAIRS.format(pairs="identity.scored_pairs")).fetchall():
        found = explain_pair(warehouse, model, tuple(records[:2]), tuple(records[2:]), masked)
        verdicts.add(found["one_person"])
        text = list(pair_lines(found))
        if found["one_person"]:
            here = found["records"][0]["record_no"]
            for link in found["path"]:
                assert here in link["numbers"]
                here = sum(link["numbers"]) - here
            assert here == found["records"][1]["record_no"]
            assert "are one person" in text[0]
        else:
            assert "are two persons" in text[0] and text[text.index("why not:") + 1 :]
    assert verdicts == {True, False}


def test_a_placeholder_is_named_as_the_reason_that_it_joins_nobody(warehouse: duckdb.DuckDBPyConnection) -> None:
    left, right = warehouse.execute("""
        select min(source_system || ':' || source_customer_id), max(source_system || ':' || source_customer_id)
        from identity_keys inner join identity_records using (record_no)
        inner join identity_guards as g using (identifier_type, identifier_value)
        where g.reason = 'junk' and identifier_type = 'phone' and g.records > 1
    """).fetchall()[0]
    found = explain_pair(warehouse, load_model(), tuple(left.split(":", 1)), tuple(right.split(":", 1)), masked)
    assert any("is a placeholder: it joins nobody" in line for line in pair_lines(found))


def test_values_are_masked_unless_asked_for(company: Path) -> None:
    with duckdb.connect(str(company / "warehouse" / "loyalty.duckdb")) as connection:
        customer, phone, email = connection.execute(
            "select customer_id, phone, email from customers where phone is not null and email is not null and records > 1 "
            "order by customer_id limit 1"
        ).fetchall()[0]
        records = [
            f"{system}:{number}"
            for system, number in connection.execute(
                "select source_system, source_customer_id from identity.memberships where customer_id = ? order by all",
                [customer],
            ).fetchall()
        ]
    for arguments in ((customer,), tuple(records[:2]), (customer, "--json")):
        text = loyalty(company, *arguments)
        assert phone not in text and email not in text
    assert phone in loyalty(company, customer, "--show-values")
    assert json.loads(loyalty(company, customer, "--json"))["records"] == records


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("phone", "+8613800138001", "+86138****8001"),
        ("email", "jane@example.com", "j***@…"),
        ("family_name", "张", "张*"),
        ("full_name", "Jane Doe", "J***"),
        ("born", "19840229", "1984****"),
        ("card", "6900000000", "***000"),
        ("address", "1 Main St", "***"),
    ],
)
def test_masks(field: str, value: str, shown: str) -> None:
    assert masked(field, value) == shown


def test_the_queue_is_unsure_undecided_and_sorted(company: Path) -> None:
    queue = json.loads(loyalty(company, "--queue", "--json"))
    model = load_model(DataFolder(company).models)
    clashes = [pair for pair in queue if pair["reason"].startswith("one ")]
    assert clashes == queue[: len(clashes)] and all(pair["is_joined"] for pair in clashes)
    queue = queue[len(clashes) :]
    distances = [abs(pair["match_weight"] - model.threshold) for pair in queue]
    assert distances == sorted(distances) and queue
    assert all(
        distance <= 5 or (pair["match_weight"] >= model.threshold and not pair["is_joined"])
        for pair, distance in zip(queue, distances, strict=True)
    )


def test_one_record_twice_is_wrong_usage(company: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOYALTY_DATA", str(company))
    done = CliRunner().invoke(main, ["explain", "crm:1", "crm:1"])
    assert done.exit_code == 2
    assert "crm:1 is one record" in done.output


KNOWN = {"full_name": "Theodora Quill", "birth_date": "1970-08-19", "loyalty_card_no": "Q-77", "phone": "13911239876"}


def test_words_after_a_decision_name_it_and_nothing_else_as_the_reason(make_company) -> None:
    company = make_company()
    company.deliver(
        customers=[KNOWN | {"source_system": system, "source_customer_id": "q"} for system in ("crm", "shop")]
    )
    company.run()
    taken = [Decision("D0001", "cannot_link", "crm", "q", "shop", "q", "2026-01-01T00:00:00", "A. Lin", "two sisters")]
    pair = (("crm", "q"), ("shop", "q"))
    found = explain_pair(company.connection, company.model, *pair, masked)
    found["waiting"] = waiting_decisions(company.connection, taken, pair)
    before = list(pair_lines(found))
    assert "are one person" in before[0]
    assert before[-1] == "decision D0001 was taken or revoked since: it takes effect with the next: loyalty run"
    assert "  card ***: joins them" in before

    company.connection.execute(
        "insert into identity.decisions (decision_id, kind, left_source_system, left_source_customer_id, "
        "right_source_system, right_source_customer_id, decided_by, reason) "
        "values ('D0001', 'cannot_link', 'crm', 'q', 'shop', 'q', 'A. Lin', 'two sisters')"
    )
    company.run()
    assert waiting_decisions(company.connection, taken, pair) == []
    after = list(pair_lines(explain_pair(company.connection, company.model, *pair, masked)))
    assert "are two persons" in after[0]
    assert "  card ***: would join them; people decided otherwise" in after
    assert after[after.index("why not:") + 1 :] == [
        "  D0001: A. Lin decided that crm:q and shop:q are two: two sisters"
    ]
