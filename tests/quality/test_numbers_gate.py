"""Each fault of the numbers fails exactly its check, and names the cell."""

import pytest

CELL = "where kpi_id = 'nps' and org_unit_id = 'sto' and period_kind = 'month' and period_start = '2026-02-01'"
CLEAN = "Gate numbers: 23 checks, 0 blocking, 0 warnings"


def test_clean_numbers_pass(warehouse):
    assert warehouse.numbers_verdict().text() == CLEAN


@pytest.mark.parametrize("table", ["kpi_values", "scorecards", "department_scores", "targets_in_force"])
def test_no_numbers_pass(warehouse, table):
    warehouse.sql(f"delete from {table}")
    assert warehouse.numbers_verdict().text() == CLEAN


@pytest.mark.parametrize(
    ("change", "check", "figure"),
    [
        pytest.param("value = 101, ci_high = 102", "value_out_of_bounds", "value 101.0", id="NPS 101"),
        pytest.param("value = -100.5, ci_low = -100.5", "value_out_of_bounds", "value -100.5", id="NPS below -100"),
        pytest.param("ci_low = 55", "outside_interval", "55.0 … 60.0 around 50.0", id="ci_low > value"),
        pytest.param("ci_high = 45", "outside_interval", "40.0 … 45.0 around 50.0", id="ci_high < value"),
        pytest.param("ci_low = null", "outside_interval", "… 60.0 around 50.0", id="interval with one end"),
        pytest.param("numerator = 'nan'", "not_finite", "value 50.0", id="NaN"),
        pytest.param("denominator = 'inf'", "not_finite", "value 50.0", id="infinity"),
        pytest.param("weak_share = 1.5", "weak_share_out_of_bounds", "weak_share 1.5", id="weak share"),
        pytest.param("status = 'secret'", "unknown_status", "status secret", id="status"),
        pytest.param("status = 'hidden'", "hidden_but_there", "hidden, with a number", id="hidden with numbers"),
        pytest.param("value = null", "shown_but_empty", "shown, without a number", id="shown without a value"),
        pytest.param("n = 40", "part_above_whole", None, id="month n > quarter n"),
    ],
)
def test_a_faulty_cell_blocks(warehouse, expect, change, check, figure):
    if check == "part_above_whole":
        # … without getting above the company's number of the same month
        warehouse.sql("update kpi_values set n = 1000 where org_unit_id = 'all'")
        warehouse.sql("update kpi_values set n = 55 where org_unit_id = 'sto' and period_kind = 'quarter'")
        change, figure = "n = 56", "n 56, but its quarter has 55"
    warehouse.sql(f"update kpi_values set {change} {CELL}")
    expect(warehouse.numbers_verdict(), f"kpi_values_{check}", f"nps sto 2026-02: {figure}", blocks=True)


def test_intervals_may_touch_the_value_and_be_missing(warehouse):
    warehouse.sql(f"update kpi_values set value = 100, ci_low = 47.5, ci_high = 100 {CELL}")
    warehouse.sql(f"update kpi_values set ci_low = null, ci_high = null {CELL.replace('sto', 's1')}")
    assert warehouse.numbers_verdict().text() == CLEAN


@pytest.mark.parametrize(
    ("kpi", "value", "fails"), [("csat", 100.1, True), ("complaints", -1, True), ("complaints", 1500, False)]
)
def test_each_kind_of_kpi_has_its_own_bounds(warehouse, expect, kpi, value, fails):
    warehouse.sql(
        f"update kpi_values set value = {value}, ci_low = {value}, ci_high = {value} {CELL.replace('nps', kpi)}"
    )
    verdict = warehouse.numbers_verdict()
    if fails:
        finding = f"{kpi} sto 2026-02: value {float(value)}"
        expect(verdict, "kpi_values_value_out_of_bounds", finding, blocks=True)
    else:
        assert verdict.passed


def test_a_negative_n_blocks(warehouse):
    warehouse.sql(f"update kpi_values set n = -1 {CELL}")
    blocking = [outcome.name for outcome in warehouse.numbers_verdict().blocking]
    assert "kpi_values_negative_n" in blocking


def test_too_few_people_shown_block(warehouse, expect):
    warehouse.sql(f"update kpi_values set n = 4 {CELL.replace('sto', 's1')}")
    expect(warehouse.numbers_verdict(), "kpi_values_below_floor", "nps s1 2026-02: n 4, the floor is 5", blocks=True)


def test_an_unknown_kpi_blocks(warehouse, expect):
    warehouse.sql("delete from kpis where kpi_id = 'complaints'")
    findings = ["complaints all 2026-Q1: not in the catalogue", "complaints: and 15 more"]
    expect(warehouse.numbers_verdict(), "kpi_values_unknown_kpi", *findings, blocks=True)


def test_two_numbers_for_one_cell_block(warehouse, expect):
    warehouse.sql(f"insert into kpi_values select * from kpi_values {CELL}")
    expect(warehouse.numbers_verdict(), "kpi_values_duplicate_keys", "nps sto 2026-02: 2 rows", blocks=True)


def set_n(warehouse, unit, n, kpi="nps"):
    warehouse.sql(f"update kpi_values set n = {n} {CELL.replace('sto', unit).replace('nps', kpi)}")


def test_a_child_above_its_parent_blocks(warehouse, expect):
    set_n(warehouse, "s1", 21)
    finding = "nps s1 2026-02: n 21, but sto above it has 20"
    expect(warehouse.numbers_verdict(), "kpi_values_child_above_parent", finding, blocks=True)


def test_a_unit_above_the_company_blocks_wherever_it_hangs(warehouse, expect):
    set_n(warehouse, "s1", 29)
    set_n(warehouse, "sto", 29)
    set_n(warehouse, "all", 28)
    verdict = warehouse.numbers_verdict()
    for unit in ("s1", "sto"):
        finding = f"nps {unit} 2026-02: n 29, but all above it has 28"
        expect(verdict, "kpi_values_child_above_parent", finding, blocks=True)


def test_a_missing_parent_cell_blocks_and_a_hidden_one_does_not(warehouse, expect):
    numbers = ", ".join(
        f"{column} = null" for column in ("n", "numerator", "denominator", "value", "ci_low", "ci_high")
    )
    warehouse.sql(f"update kpi_values set {numbers}, status = 'hidden' {CELL}")
    assert warehouse.numbers_verdict().text() == CLEAN
    warehouse.sql(f"delete from kpi_values {CELL}")
    finding = "nps s1 2026-02: n 10, but sto above it has no cell"
    expect(warehouse.numbers_verdict(), "kpi_values_child_above_parent", finding, blocks=True)


def move(warehouse, day):
    """s1 belonged to the company itself before `day`, and to the stores from then on, as the published tree says."""
    warehouse.sql(f"update raw.org_units set valid_from = date '{day}' where org_unit_id = 's1'")
    warehouse.sql(f"insert into raw.org_units values ('s1', date '2025-01-01', date '{day}', 'all', 'u1', 9)")


@pytest.mark.parametrize("day", ["2026-02-14", "2026-03-01", "2027-01-01"])
def test_a_unit_that_moved_later_is_not_held_against_its_new_parent(warehouse, day):
    move(warehouse, day)
    set_n(warehouse, "s1", 21)
    assert warehouse.numbers_verdict().text() == CLEAN


def test_a_unit_that_moved_before_is_held_against_its_new_parent(warehouse, expect):
    move(warehouse, "2026-02-01")
    set_n(warehouse, "s1", 21)
    finding = "nps s1 2026-02: n 21, but sto above it has 20"
    expect(warehouse.numbers_verdict(), "kpi_values_child_above_parent", finding, blocks=True)


def test_a_kpi_that_looks_back_is_judged_by_the_tree_of_then(warehouse):
    # Retention of February stands on the tree of December: a move in January lies in between.
    move(warehouse, "2026-01-15")
    set_n(warehouse, "s1", 21, kpi="retention")
    assert warehouse.numbers_verdict().text() == CLEAN


def test_a_state_kpis_quarter_may_have_fewer_than_its_first_month(warehouse):
    warehouse.sql("update kpi_values set n = 2 * n where kpi_id = 'retention' and period_kind = 'month'")
    warehouse.sql("update kpi_values set n = n / 3 where kpi_id = 'retention' and period_kind <> 'month'")
    assert warehouse.numbers_verdict().text() == CLEAN


def test_weights_that_miss_100_block_and_name_file_and_lines(warehouse, expect):
    warehouse.sql("update raw.targets set weight = 50 where kpi_id = 'csat'")
    warehouse.sql("update targets_in_force set weight = 50 where kpi_id = 'csat' and period_kind = 'quarter'")
    finding = "targets/2026.xlsx line 2, 3: sto 2026-Q1: weights add up to 110.000"
    expect(warehouse.numbers_verdict(), "targets_weights_off", finding, blocks=True)


def test_what_was_agreed_for_parts_of_a_period_need_not_weigh_in_the_whole(warehouse):
    """One goal for the quarter, the other month by month: every month is whole, and nothing is wrong."""
    warehouse.sql("delete from targets_in_force where kpi_id = 'csat' and period_kind = 'quarter'")
    assert warehouse.numbers_verdict().text() == CLEAN
    warehouse.sql("delete from targets_in_force where kpi_id = 'csat'")
    assert warehouse.numbers_verdict().text() != CLEAN


def test_thirds_of_100_are_100(warehouse):
    warehouse.sql("""
        delete from targets_in_force where kpi_id = 'csat';
        update targets_in_force set weight = 33.333;
        insert into targets_in_force select t.* from targets_in_force as t cross join range(2)
    """)
    assert warehouse.numbers_verdict().text() == CLEAN


LINE = "where period_kind = 'month' and period_start = '2026-02-01'"


@pytest.mark.parametrize(
    ("table", "change", "check", "figure"),
    [
        ("scorecards", "verdict = 'great'", "unknown_verdict", "verdict great"),
        ("scorecards", "rag = null", "unknown_rag", "rag missing"),
        ("scorecards", "attainment = 121", "attainment_out_of_bounds", "attainment 121.0"),
        ("department_scores", "score = -1", "score_out_of_bounds", "score -1.0"),
        ("department_scores", "score = 'nan'", "score_out_of_bounds", "score nan"),
        ("department_scores", "rag = 'blue'", "unknown_rag", "rag blue"),
    ],
)
def test_a_faulty_scorecard_blocks(warehouse, expect, table, change, check, figure):
    condition = LINE + (" and kpi_id = 'nps'" if table == "scorecards" else "")
    warehouse.sql(f"update {table} set {change} {condition}")
    place = "sto 2026-02 nps" if table == "scorecards" else "sto 2026-02"
    expect(warehouse.numbers_verdict(), f"{table}_{check}", f"{place}: {figure}", blocks=True)


@pytest.mark.parametrize("table", ["scorecards", "department_scores"])
def test_a_repeated_line_blocks(warehouse, expect, table):
    warehouse.sql(f"insert into {table} select * from {table} {LINE} limit 1")
    expect(warehouse.numbers_verdict(), f"{table}_duplicate_keys", blocks=True)


@pytest.mark.parametrize(
    ("change", "check", "blocks"),
    [
        ("threshold = 35", "targets_misordered", True),
        ("stretch = 25", "targets_misordered", True),
        ("kpi_id = 'csat_tb2'", "targets_unknown_kpi", False),
    ],
)
def test_a_nonsense_target_is_named_with_its_line(warehouse, change, check, blocks):
    warehouse.sql(f"update raw.targets set {change} where _line = 2")
    verdict = warehouse.numbers_verdict()
    found = {outcome.name: outcome for outcome in (verdict.blocking if blocks else verdict.warnings)}
    assert "targets/2026.xlsx line 2" in [finding.place for finding in found[check].findings]
