"""The rules of delivery: known by content, upsert by key, settled as a set, cleared, dismissed, waiting, rebuilt."""

import os
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from orchestration.errors import ConfigurationError, DeliveryError
from orchestration.landing import check_file, dismiss, refused
from orchestration.settings import Settings
from tests.landing.conftest import AS_OF, ORDERS

HEAD = "source_system,order_id,ordered_at,net_amount,coupon_code,updated_at,currency\n"


def order(number, amount=1, coupon="", updated="", at="2026-01-01", currency=""):
    return f"pos,{number},{at},{amount},{coupon},{updated},{currency}\n"


def outcomes(company):
    columns = "path, status, received, loaded, superseded, duplicate, quarantined, conflicts"
    return {row[0]: row[1:] for row in company.rows(f"select {columns} from raw.deliveries")}


def test_every_table_exists_without_any_delivery(company):
    report = company.load()
    assert (report.received, report.balanced) == (0, True)
    for dataset in company.contract.datasets.values():
        names = [name for name, *_ in company.rows(f"describe raw.{dataset.name}")]
        assert names == [*dataset.names, "_delivery", "_line", "_aside"]
    assert company.rows("select timezone, currency, phone_country_code, as_of from config.settings") == [
        ("Asia/Shanghai", "CNY", "86", datetime(2026, 7, 1))
    ]
    assert len(company.rows("select * from config.function_scopes")) == 8


def test_the_same_content_twice_is_loaded_once(shop):
    content = HEAD + order(1) + order(2)
    shop.deliver("orders/b.csv", content)
    shop.deliver("orders/a.csv", content)
    shop.load()
    assert outcomes(shop) == {
        "orders/a.csv": ("loaded", 2, 2, 0, 0, 0, 0),
        "orders/b.csv": ("duplicate", 2, 0, 0, 2, 0, 0),
    }
    assert len(shop.rows("select * from raw.orders")) == 2


def test_the_latest_row_of_a_key_stands(shop):
    shop.deliver(
        "orders/a.csv", HEAD + order(1, 10, updated="2026-02-01") + order(2, 5) + order(1, 12, updated="2026-03-01")
    )
    shop.deliver("orders/b.csv", HEAD + order(1, 11, updated="2026-02-15") + order(2, 5))
    shop.load()
    assert shop.rows("select sum(superseded), sum(duplicate), sum(loaded), sum(conflicts) from raw.deliveries") == [
        (2, 1, 2, 0)
    ]
    assert amounts(shop) == [12, 5]


def amounts(company):
    place = company.contract.datasets["orders"].names.index("net_amount")
    return [row[place] for row in company.standing("orders")]


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("2026-01-31/x.csv", "2026-02-01/a.csv"),
        ("x20260131.csv", "a20260201.csv"),
        ("20260201T0900.csv", "2026-02-01T10-00.csv"),
    ],
)
def test_a_date_in_the_path_stands_in_for_updated_at(shop, older, newer):
    shop.deliver(f"orders/{newer}", HEAD + order(1, 7))
    shop.deliver(f"orders/{older}", HEAD + order(1, 9))
    report = shop.load()
    assert report.conflicts == 0
    assert outcomes(shop)[f"orders/{older}"] == ("loaded", 1, 0, 1, 0, 0, 0)
    assert amounts(shop) == [7]


def test_a_thousand_conflicts_are_reported_and_always_end_the_same(new_company):
    first = [order(n, 1) for n in range(1000)]
    second = [order(n, 2) for n in range(1000)]
    winners = []
    for turn in range(3):
        shop = new_company("orders")
        shop.deliver("orders/a.csv", HEAD + "".join(first[turn * 100 :] + first[: turn * 100]))
        shop.deliver("orders/b.csv", HEAD + "".join(second[turn * 300 :] + second[: turn * 300]))
        report = shop.load()
        assert (report.conflicts, report.superseded, report.loaded) == (1000, 1000, 1000)
        assert shop.rows("select count(*) from raw.conflicts") == [(1000,)]
        assert any(note.code == "conflict" for note in report.notes)
        winners.append(shop.standing("orders"))
    assert winners[0] == winners[1] == winners[2]
    assert set(amounts(shop)) == {1, 2}


def test_future_rows_wait_and_never_displace_others(shop):
    shop.deliver("orders/a.csv", HEAD + order(1, 1, at="2026-06-01") + order(2, 1, at="2026-08-01"))
    shop.deliver("orders/b.csv", HEAD + order(1, 2, at="2026-06-01", updated="2026-08-02"))
    shop.load()
    assert shop.reasons() == [(2, "updated_at", "future"), (3, "ordered_at", "future")]
    assert amounts(shop) == [1]
    report = shop.load(as_of=datetime(2026, 9, 1, tzinfo=UTC))
    assert (report.quarantined, report.superseded, shop.reasons()) == (0, 1, [])
    assert amounts(shop) == [2, 1]


def test_an_order_dated_by_a_placeholder_does_not_begin_the_history(shop):
    dates = ["0001-01-01", "1899-12-30", "1900-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "1970-01-03", "2026-06-01"]
    shop.deliver("orders/a.csv", HEAD + "".join(order(at, at=at) for at in dates))
    assert shop.load().balanced
    assert [row[1] for row in shop.standing("orders")] == dates[4:]
    assert shop.reasons() == [(line, "ordered_at", "placeholder_time") for line in (2, 3, 4, 5)]


def test_foreign_money_needs_a_rate(new_company):
    company = new_company("orders", "exchange_rates")
    lines = [
        order(1, currency="cny"),
        order(2, currency="USD"),
        order(3, at="2025-12-31 23:00", currency="USD"),
        order(4, currency="EUR"),
    ]
    company.deliver("orders/a.csv", HEAD + "".join(lines))
    company.deliver("exchange_rates/a.csv", "currency,valid_from,rate\nUSD,2026-01-01,7.1\n")
    company.load()
    assert company.reasons() == [(4, "currency", "no_exchange_rate"), (5, "currency", "no_exchange_rate")]
    assert len(company.standing("orders")) == 2


def test_an_ambiguous_reference_is_not_guessed(new_company):
    company = new_company("orders", "cases")
    company.deliver("orders/a.csv", ORDERS + "pos,1,2026-01-01,1,\nweb,1,2026-01-01,1,\nweb,2,2026-01-01,1,\n")
    head = "source_system,case_id,kind,opened_at,order_id,order_source_system\n"
    rows = ["desk,a,complaint,2026-01-02,1,", "desk,b,complaint,2026-01-02,2,", "desk,c,complaint,2026-01-02,1,web",
            "pos,d,complaint,2026-01-02,1,", "desk,e,complaint,2026-01-02,9,"]  # fmt: skip
    company.deliver("cases/a.csv", head + "\n".join(rows))
    company.load()
    assert company.reasons() == [(2, "order_id", "ambiguous_reference")]


def test_a_score_outside_its_scale(new_company):
    company = new_company("survey_questions", "survey_responses", "employee_survey")
    company.deliver("survey_questions/a.csv", "question_code,scale_min,scale_max\nq,0,10\nopen,,\n")
    company.deliver(
        "survey_responses/a.csv",
        "source_system,response_id,question_code,score,responded_at\ns,1,q,10,2026-01-01\ns,2,q,11,2026-01-01\ns,3,open,99,2026-01-01\n",
    )
    company.deliver("employee_survey/a.csv", "response_id,question_code,score\n1,q,-1\n")
    report = company.load()
    assert (report.quarantined, report.balanced) == (2, True)
    assert company.reasons() == [(2, "score", "score_out_of_scale"), (3, "score", "score_out_of_scale")]


def test_unfinished_foreign_and_outside_files_are_left(shop, tmp_path):
    outside = tmp_path / "secret.csv"
    outside.write_text(ORDERS + "pos,1,2026-01-01,1,\n")
    for name in (".hidden.csv", "a.part", "b.TMP", ".dir/c.csv"):
        shop.deliver(f"orders/{name}", outside.read_bytes())
    shop.deliver("nonsense/a.csv", "x")
    (shop.folder.landing / "orders" / "link.csv").symlink_to(outside)
    (shop.folder.landing / "orders" / "up.csv").symlink_to("../../../secret.csv")
    (shop.folder.landing / "orders" / "dir").symlink_to(tmp_path)
    report = shop.load()
    assert report.received == 0
    assert sorted((note.code, note.path) for note in report.notes) == [
        ("link_outside", "orders/dir"), ("link_outside", "orders/link.csv"), ("link_outside", "orders/up.csv"),
        ("unknown_dataset", "nonsense/a.csv"),
    ]  # fmt: skip


def test_a_file_that_changes_while_read_is_left(shop, monkeypatch):
    from orchestration.landing import intake

    file = shop.deliver("orders/a.csv", HEAD + order(1))
    copy = intake._copy

    def growing(source, target):
        result = copy(source, target)
        with file.open("a") as writing:
            writing.write(order(2))
        return result

    monkeypatch.setattr(intake, "_copy", growing)
    assert [note.code for note in shop.load().notes] == ["still_changing"]
    monkeypatch.undo()
    assert shop.load().loaded == 2


def test_at_most_so_many_are_taken_and_the_rest_wait(shop):
    for number in range(5):
        shop.deliver(f"orders/{number}.csv", HEAD + order(number))
    report = shop.load(max_deliveries_per_run=2)
    assert (report.loaded, report.waiting) == (2, 3)
    assert [row[0] for row in shop.rows("select path from raw.deliveries where status = 'waiting' order by 1")] == [
        "orders/2.csv", "orders/3.csv", "orders/4.csv",
    ]  # fmt: skip
    shop.load(max_deliveries_per_run=2)
    assert shop.load(max_deliveries_per_run=2).loaded == 5


def test_overwriting_and_deleting_lose_nothing(shop):
    shop.deliver("orders/a.csv", HEAD + order(1))
    shop.load()
    file = shop.deliver("orders/a.csv", HEAD + order(2))
    shop.load()
    file.unlink()
    before = (shop.standing("orders"), shop.counts())
    assert len(before[0]) == 2
    for table in ("orders", "deliveries", "loads", "fingerprint"):
        shop.rows(f"drop table raw.{table}")
    shop.load()
    assert (shop.standing("orders"), shop.counts()) == before


def test_a_damaged_copy_is_never_loaded(shop):
    shop.deliver("orders/a.csv", HEAD + order(1))
    shop.load()
    next(shop.folder.deliveries.glob("orders/*/content")).write_text(HEAD + order(1, 999))
    shop.rows("drop table raw.fingerprint")
    shop.load()
    assert shop.standing("orders") == []
    assert shop.reasons() == [(None, None, "damaged_copy")]


@pytest.mark.parametrize("noticed", [True, False])
@pytest.mark.parametrize("lost", ["content", "delivery.json"])
def test_a_damaged_copy_is_mended_by_delivering_again(shop, noticed, lost):
    shop.deliver("orders/a.csv", HEAD + order(1))
    shop.load()
    before = shop.standing("orders")
    copy = next(shop.folder.deliveries.glob("orders/*/content"))
    copy.write_text(HEAD + order(1, 999))
    (copy.parent / lost).unlink()
    if lost == "delivery.json":
        shop.rows("delete from raw.loads")
    shop.rows("drop table raw.fingerprint")
    if noticed:
        shop.load()
        assert shop.reasons() == ([(None, None, "damaged_copy")] if lost == "content" else [])
    shop.deliver("orders/again.csv", HEAD + order(1))
    shop.load()
    assert shop.standing("orders") == before
    assert shop.reasons() == []
    assert copy.read_text() == HEAD + order(1)


def test_a_restored_copy_is_read_again(shop):
    shop.deliver("orders/a.csv", HEAD + order(1))
    shop.load()
    before = shop.standing("orders")
    copy = next(shop.folder.deliveries.glob("orders/*/content"))
    copy.write_text("")
    shop.rows("drop table raw.fingerprint")
    assert shop.load().unreadable == 1
    assert shop.load().loaded_now == 0  # still damaged
    copy.write_text(HEAD + order(1))
    assert shop.load().loaded_now == 1
    assert (shop.standing("orders"), shop.reasons()) == (before, [])


def test_a_damaged_record_is_named_with_its_remedy(shop):
    shop.deliver("orders/a.csv", HEAD + order(1))
    shop.load()
    before = shop.standing("orders")
    record = next(shop.folder.deliveries.glob("orders/*/delivery.json"))
    for content in ("{", "[]", "{}", "\0"):
        record.write_text(content)
        with pytest.raises(DeliveryError, match=r"delivery\.json is damaged: .* delete it and deliver the file again"):
            shop.load()
    record.unlink()
    shop.deliver("orders/a.csv", HEAD + order(1))
    assert shop.load().loaded == 1
    assert shop.standing("orders") == before


def test_a_dismissal_that_was_cut_short_is_named_with_its_line(shop):
    shop.deliver("orders/a.csv", HEAD + order(1, "x"))
    shop.load()
    dismiss(shop.folder, refused(shop.connection)[0].delivery, "known", datetime(2026, 7, 1, tzinfo=UTC))
    dismissals = shop.folder.state / "quarantine_dismissals.jsonl"
    with dismissals.open("a") as writing:
        writing.write('{"deliv')
    with pytest.raises(DeliveryError, match=r"quarantine_dismissals\.jsonl line 2 is no dismissal: delete the line"):
        shop.load()


def test_another_time_zone_reads_everything_again(shop):
    shop.deliver("orders/a.csv", HEAD + order(1, at="2026-01-01 12:00"))
    shop.load()
    report = shop.load(timezone="Europe/Berlin")
    assert report.rebuilt
    assert shop.rows("select ordered_at from raw.orders") == [(datetime(2026, 1, 1, 11),)]
    assert not shop.load(timezone="Europe/Berlin").rebuilt


def test_quarantine_is_listed_and_cleared_by_new_content_at_the_path(shop):
    shop.deliver("orders/a.csv", HEAD + order(1, "x") + order(2))
    shop.load()
    [entry] = refused(shop.connection)
    assert (entry.path, entry.line, entry.column, entry.code, entry.cleared) == (
        "orders/a.csv",
        2,
        "net_amount",
        "not_a_number",
        False,
    )
    assert "landing/orders/a.csv" in entry.how_to_clear
    assert "数字" in refused(shop.connection, "zh")[0].remedy
    shop.deliver("orders/a.csv", HEAD + order(1) + order(2))
    shop.load(as_of=datetime(2026, 7, 2, tzinfo=UTC))
    assert [entry.cleared for entry in refused(shop.connection)] == [True]
    assert refused(shop.connection, everything=False) == []


def test_quarantine_is_cleared_by_new_content_that_leaves_the_refused_row_out(shop):
    shop.deliver("orders/a.csv", HEAD + order(1, "x") + order(2))
    shop.deliver("orders/b.csv", HEAD + order(3, "x") + order(4))
    shop.load()
    shop.deliver("orders/a.csv", HEAD + order(2))
    shop.load(as_of=datetime(2026, 7, 2, tzinfo=UTC))
    assert {entry.path: entry.cleared for entry in refused(shop.connection)} == {
        "orders/a.csv": True,
        "orders/b.csv": False,
    }


@pytest.mark.parametrize("earlier", [timedelta(0), timedelta(days=30)])
@pytest.mark.parametrize("corrected", ["orders/a.csv", "orders/b.csv"])
def test_quarantine_is_cleared_by_a_run_that_speaks_for_the_same_moment_or_an_earlier_one(shop, earlier, corrected):
    shop.deliver("orders/a.csv", HEAD + order(1, "x") + order(2))
    shop.load(AS_OF)
    assert [entry.line for entry in refused(shop.connection, everything=False)] == [2]
    shop.deliver(corrected, HEAD + order(1) + order(2))
    shop.load(AS_OF - earlier)
    assert refused(shop.connection, everything=False) == []


@pytest.mark.parametrize("faulty", ["", HEAD + order(1, "x"), "nothing,of\nthe,kind\n"])
def test_what_was_refused_at_two_paths_is_named_by_the_one_that_is_not_corrected(shop, faulty):
    shop.deliver("orders/22.csv", faulty)
    shop.load(AS_OF)
    shop.deliver("orders/23.csv", faulty)
    shop.load(AS_OF + timedelta(days=1))
    shop.deliver("orders/22.csv", HEAD + order(2))
    shop.load(AS_OF + timedelta(days=2))
    assert {entry.path for entry in refused(shop.connection, everything=False)} == {"orders/23.csv"}
    assert shop.load(AS_OF + timedelta(days=3)).balanced
    shop.deliver("orders/23.csv", HEAD + order(3))
    assert shop.load(AS_OF + timedelta(days=4)).balanced
    assert refused(shop.connection, everything=False) == []


def test_quarantine_is_cleared_by_a_later_row_of_every_refused_key(shop):
    shop.deliver("orders/a.csv", HEAD + order(1, "x") + order(2, "y"))
    shop.load()
    shop.deliver("orders/b.csv", HEAD + order(1))
    shop.load(as_of=datetime(2026, 7, 2, tzinfo=UTC))
    assert [entry.cleared for entry in refused(shop.connection)] == [False, False]
    shop.deliver("orders/c.csv", HEAD + order(2))
    shop.load(as_of=datetime(2026, 7, 3, tzinfo=UTC))
    assert [entry.cleared for entry in refused(shop.connection)] == [True, True]


def test_quarantine_is_dismissed_with_a_reason(shop):
    shop.deliver("orders/a.csv", HEAD + order(1, "x"))
    shop.load()
    sha256 = refused(shop.connection)[0].delivery
    when = datetime(2026, 7, 1, tzinfo=UTC)
    for wrong in ("", "abc", "zzzzzzzz"):
        with pytest.raises(ConfigurationError):
            dismiss(shop.folder, wrong, "known loss", when)
    with pytest.raises(ConfigurationError, match="reason"):
        dismiss(shop.folder, sha256, " ", when)
    assert dismiss(shop.folder, sha256[:12], "known loss", when) == sha256
    shop.load()
    assert shop.rows("select dismissed, quarantined from raw.deliveries") == [(True, 1)]


def test_check_tells_the_same_and_writes_nothing(shop, contract):
    file = shop.deliver("orders/a.csv", HEAD + order(1, "secret-value") + order(2))
    report = check_file(file, None, Settings(), contract)
    assert (report.dataset, report.received, report.loaded, report.quarantined, report.accepted) == (
        "orders",
        2,
        1,
        1,
        False,
    )
    assert [(entry.line, entry.column, entry.code) for entry in report.refused] == [(2, "net_amount", "not_a_number")]
    assert "secret-value" not in repr(report)
    assert list(shop.folder.deliveries.iterdir()) == []
    with pytest.raises(ConfigurationError, match="--dataset"):
        check_file(file, "nonsense", Settings(), contract)
    with pytest.raises(DeliveryError):
        check_file(file.with_name("none.csv"), "orders", Settings(), contract)


@pytest.mark.parametrize("path", ["orders/customers/a.csv", "orders/2026-03-01/returns/a.csv", "orders/landing/a.csv"])
def test_check_takes_a_file_in_landing_for_the_dataset_that_a_run_takes_it_for(shop, contract, path):
    file = shop.deliver(path, HEAD + order(1, "x"))
    report = check_file(file, None, Settings(), contract)
    shop.load()
    assert (report.dataset, report.refused) == ("orders", tuple(refused(shop.connection)))


def test_a_second_run_reads_no_file_again(shop, monkeypatch):
    from orchestration.landing import intake

    shop.deliver("orders/a.csv", HEAD + order(1))
    shop.load()
    monkeypatch.setattr(intake, "_copy", lambda *_: pytest.fail("read again"))
    before = shop.counts()
    shop.load()
    assert shop.counts() == before


def test_odd_names_are_fine(shop):
    shop.deliver("orders/a'b\"c;--\n.csv", HEAD + order(1))
    (shop.folder.landing / "orders" / os.fsdecode(b"\xff\xfe.csv")).write_text(HEAD + order(2))
    assert shop.load().loaded == 2
    shutil.rmtree(shop.folder.warehouse)
