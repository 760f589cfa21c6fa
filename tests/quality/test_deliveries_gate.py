"""Each fault of deliveries and datasets fails exactly its check, and says where."""

import pytest


def test_a_clean_warehouse_passes(warehouse):
    verdict = warehouse.deliveries_verdict()
    assert verdict.text() == "Gate deliveries: 19 checks, 0 blocking, 0 warnings"
    assert {outcome.items for outcome in verdict.outcomes} == {10, 6}


def test_a_broken_equation_blocks(warehouse, expect):
    warehouse.sql("update raw.deliveries set loaded = 57 where path = 'orders/2026-02-28.csv'")
    finding = "orders/2026-02-28.csv: 60 received, +3 unaccounted for"
    expect(warehouse.deliveries_verdict(), "deliveries_unbalanced", finding, blocks=True)


def refuse(warehouse, rows, of):
    """`rows` of the newest orders delivery of `of` rows are quarantined."""
    warehouse.sql(f"""
        update raw.deliveries set received = {of}, loaded = {of} - {rows}, quarantined = {rows} where delivery = 'o3';
        insert into raw.quarantine
        select 'orders', 'o3', 'orders/2026-03-28.csv', i + 7, 'net_amount', 'not_a_number', 'secret' from range({rows}) as t(i)
    """)


def test_two_percent_quarantine_blocks_and_names_lines_and_reason_but_no_value(warehouse, expect):
    refuse(warehouse, 12, of=600)
    warehouse.sql("update raw.deliveries set received = 600, loaded = 600 where delivery in ('o1', 'o2')")
    verdict = warehouse.deliveries_verdict()
    expect(
        verdict,
        "deliveries_excess_quarantine",
        "orders/2026-03-28.csv: 12 of 600 rows (2.0%) refused",
        "orders/2026-03-28.csv line 7, 8, 9, 10, 11: net_amount: The value is no plain decimal number, or too large. "
        "Write digits with a point, no thousands separator, sign or currency. (12×)",
        blocks=True,
    )
    assert "secret" not in verdict.text()


@pytest.mark.parametrize(
    ("rows", "of", "change"),
    [
        pytest.param(10, 60, "", id="ten rows are tolerated"),
        pytest.param(12, 1200, "", id="one percent is tolerated"),
        pytest.param(12, 60, "dismissed = true", id="dismissed"),
        pytest.param(12, 60, "cleared = true", id="cleared"),
    ],
)
def test_what_is_tolerated_or_settled_does_not_block(warehouse, rows, of, change):
    refuse(warehouse, rows, of)
    if change:
        warehouse.sql(f"update raw.deliveries set {change} where delivery = 'o3'")
    assert warehouse.deliveries_verdict().text() == "Gate deliveries: 19 checks, 0 blocking, 0 warnings"


def test_an_unreadable_delivery_warns(warehouse, expect):
    warehouse.sql("""
        insert into raw.deliveries
        values ('orders', 'bad', 'orders/2026-03-29.csv.gz', '2026-04-01', '2026-04-01', 'unreadable', 20, 0, 0, 0, 20, 0,
            false, false, 'truncated_gzip')
    """)
    finding = (
        "orders/2026-03-29.csv.gz: The gzip file ends too early. "
        "Deliver the complete file; write it under a name ending in .part until it is done."
    )
    expect(warehouse.deliveries_verdict(), "deliveries_unreadable", finding, blocks=False)


def test_a_waiting_delivery_warns(warehouse, expect):
    warehouse.sql("""
        insert into raw.deliveries (dataset, delivery, path, first_seen, status)
        values ('orders', 'later', 'orders/2026-03-30.csv', '2026-04-01', 'waiting')
    """)
    expect(warehouse.deliveries_verdict(), "deliveries_waiting", "orders/2026-03-30.csv: ", blocks=False)


def test_what_lies_in_landing_and_is_not_taken_warns(warehouse, expect):
    """A folder that nobody knows, a file that may not be read; not what is about to be written, nor a column too many."""
    warehouse.sql("""
        insert into raw.notes values
        ('order', '', 'order/2026-04.csv', 'unknown_dataset', 'order/2026-04.csv: no dataset of this name; put it elsewhere'),
        ('cases', '', 'cases/2026-04.csv', 'unreadable_file', 'cases/2026-04.csv: Permission denied; left for the next run'),
        ('orders', '', 'orders/2026-05.csv', 'still_changing', 'orders/2026-05.csv: still changing; left for the next run'),
        ('orders', 'o3', 'orders/2026-03-28.csv', 'unknown_columns', 'till')
    """)
    expect(
        warehouse.deliveries_verdict(),
        "deliveries_not_taken",
        "cases/2026-04.csv: Permission denied; left for the next run",
        "order/2026-04.csv: no dataset of this name; put it elsewhere",
        blocks=False,
    )


@pytest.mark.parametrize(("rows", "warns"), [(24, True), (25, False)])
def test_sixty_percent_less_volume_than_usual_warns(warehouse, expect, rows, warns):
    warehouse.deliver_orders(4, rows)
    verdict = warehouse.deliveries_verdict()
    if warns:
        finding = "orders/2026-04-28.csv: 24 rows; 60 is usual (-60%)"
        expect(verdict, "deliveries_volume", finding, blocks=False)
    else:
        assert not verdict.warnings


def test_volume_is_judged_by_the_date_in_the_path_not_by_arrival(warehouse):
    # A small file of January that arrives last is not the newest.
    warehouse.deliver("orders", "late", "orders/2026-01-02.csv", 5, "'pos', 'late' || i, timestamp '2026-01-02', 1")
    warehouse.sql("update raw.deliveries set first_seen = '2026-04-04' where delivery = 'late'")
    assert not warehouse.deliveries_verdict().warnings


def test_a_null_key_blocks(warehouse, expect):
    warehouse.sql("update raw.orders set order_id = null where order_id = 'o2-30'")
    finding = "orders/2026-02-28.csv line 32: an empty key column"
    expect(warehouse.deliveries_verdict(), "datasets_null_keys", finding, blocks=True)


def test_a_duplicate_key_blocks_and_names_both_rows(warehouse, expect):
    warehouse.sql("update raw.orders set order_id = 'o2-30' where order_id = 'o3-5'")
    expect(
        warehouse.deliveries_verdict(),
        "datasets_duplicate_keys",
        "orders/2026-02-28.csv line 32: the same key as another row",
        "orders/2026-03-28.csv line 7: the same key as another row",
        blocks=True,
    )


def test_a_score_out_of_scale_blocks(warehouse, expect):
    warehouse.sql("update raw.survey_responses set score = 11 where response_id = 'r3'")
    finding = "survey_responses/march.csv line 5: outside 0.000…10.000 of question nps"
    expect(warehouse.deliveries_verdict(), "datasets_score_out_of_scale", finding, blocks=True)


def test_an_event_after_as_of_blocks(warehouse, expect):
    warehouse.sql("update raw.orders set ordered_at = '2026-04-05 00:00:01' where order_id = 'o3-0'")
    finding = "orders/2026-03-28.csv line 2: stamped after as_of"
    expect(warehouse.deliveries_verdict(), "datasets_after_as_of", finding, blocks=True)


def test_a_time_that_stands_for_none_warns(warehouse, expect):
    warehouse.sql("update raw.orders set ordered_at = timestamp '1900-01-01' where order_id = 'o2-30'")
    finding = "orders/2026-02-28.csv line 32: stamped before 1990-01-01"
    expect(warehouse.deliveries_verdict(), "datasets_unbelievably_old", finding, blocks=False)


def test_a_missing_staging_table_blocks(warehouse, expect):
    warehouse.sql("drop view stg_customers")
    expect(warehouse.deliveries_verdict(), "datasets_unstaged", "customers: ", blocks=True)


def test_a_negative_amount_warns_and_counts_what_it_does_not_list(warehouse, expect):
    warehouse.sql("update raw.orders set net_amount = -1 where order_id like 'o3-1%'")
    finding = "orders/2026-03-28.csv line 3: a value below the contract's minimum"
    expect(warehouse.deliveries_verdict(), "datasets_below_minimum", finding, "orders: and 6 more", blocks=False)


def test_an_absent_dataset_warns(warehouse, expect):
    warehouse.sql("delete from raw.customers; delete from raw.deliveries where dataset = 'customers'")
    expect(warehouse.deliveries_verdict(), "datasets_absent", "customers: ", blocks=False)


def test_a_silent_stream_warns(warehouse, expect):
    warehouse.sql("update config.settings set as_of = '2026-04-20'; delete from raw.orders where _delivery = 'o3'")
    expect(warehouse.deliveries_verdict(), "datasets_freshness", "orders: stale_days 76", blocks=False)


HALF_EMPTY = "'crm', 'd' || i, case when i >= 40 then 'a@b.cn' end"


def test_a_column_that_empties_warns(warehouse, expect):
    warehouse.deliver("customers", "c4", "customers/crm_2026-04-02.csv", 60, HALF_EMPTY)
    finding = "customers/crm_2026-04-02.csv: email: 67% empty, 0% is usual"
    expect(warehouse.deliveries_verdict(), "datasets_drifted_columns", finding, blocks=False)


def test_another_source_may_have_other_habits(warehouse):
    warehouse.deliver("customers", "w1", "customers/web_2026-04-02.csv", 60, HALF_EMPTY)
    assert not warehouse.deliveries_verdict().warnings


def test_every_sources_newest_volume_is_judged_by_its_own_history(warehouse, expect):
    for month in (1, 2, 3, 4):
        rows, name = (600 if month < 4 else 200), f"w{month}"
        orders = f"'web', '{month}-' || i, timestamp '2026-03-01', 10"
        warehouse.deliver("orders", name, f"orders/web-2026-{month:02}-28.csv", rows, orders)
    finding = "orders/web-2026-04-28.csv: 200 rows; 600 is usual (-67%)"
    expect(warehouse.deliveries_verdict(), "deliveries_volume", finding, blocks=False)


def test_two_earlier_deliveries_are_no_habit(warehouse):
    warehouse.sql("delete from raw.deliveries where delivery = 'o1'; delete from raw.orders where _delivery = 'o1'")
    warehouse.deliver_orders(4, 1)
    assert not warehouse.deliveries_verdict().warnings


def test_a_company_with_only_customers_is_not_blocked(warehouse):
    for dataset in warehouse.contract.datasets:
        if dataset != "customers":
            warehouse.sql(f"delete from raw.{dataset}; delete from raw.deliveries where dataset = '{dataset}'")
    verdict = warehouse.deliveries_verdict()
    assert verdict.passed
    assert [outcome.name for outcome in verdict.warnings] == ["datasets_absent"]


def test_nothing_delivered_at_all_is_not_blocked(warehouse):
    for dataset in warehouse.contract.datasets:
        warehouse.sql(f"delete from raw.{dataset}; delete from raw.deliveries where dataset = '{dataset}'")
    assert warehouse.deliveries_verdict().passed


def test_a_target_of_an_unknown_unit_warns_with_its_line(warehouse, expect):
    warehouse.sql("update raw.targets set org_unit_id = 'nowhere' where _line = 2")
    path = "targets/"
    verdict = warehouse.deliveries_verdict()
    [outcome] = verdict.warnings
    assert outcome.name == "datasets_unknown_unit"
    assert [(finding.place.startswith(path), finding.figure) for finding in outcome.findings] == [
        (True, "unit nowhere")
    ]
    assert " line 2" in outcome.findings[0].place


@pytest.mark.parametrize("dataset", ["orders", "targets"])
def test_conflicts_are_named_and_block_where_pay_hangs_on_them(warehouse, dataset):
    delivery, path = ("o3", "orders/2026-03-28.csv") if dataset == "orders" else ("t1", "targets/2026.xlsx")
    warehouse.sql(f"""
        update raw.deliveries set conflicts = 1 where delivery = '{delivery}';
        insert into raw.conflicts values ('{dataset}', '{delivery}', 2, '{delivery}', 3)
    """)
    verdict = warehouse.deliveries_verdict()
    [warning] = verdict.warnings
    assert warning.name == "deliveries_conflicts"
    assert [(f.place, f.figure) for f in warning.findings] == [(f"{path} line 2", f"gave way to {path} line 3")]
    assert [outcome.name for outcome in verdict.blocking] == ["deliveries_conflicting_targets"] * (dataset == "targets")


def test_an_unknown_parent_and_a_unit_that_is_its_own_warn(warehouse):
    warehouse.sql("update raw.org_units set parent_org_unit_id = 's1' where org_unit_id = 's1'")
    warehouse.sql("update raw.org_units set parent_org_unit_id = 'nowhere' where org_unit_id = 's2'")
    [outcome] = warehouse.deliveries_verdict().warnings
    assert outcome.name == "datasets_unknown_unit"
    assert [finding.figure for finding in outcome.findings] == ["parent s1", "parent nowhere"]
