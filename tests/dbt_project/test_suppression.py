"""Nobody subtracts a hidden cell: attacks on the published cells, written without the code that hides them.

The attacker knows every published number, the organisation on any day, that a cell which is listed has a unit at least,
and what belongs to a unit and to none below it.
"""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import duckdb
import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array
from scipy.sparse.linalg import lsqr

from dbt_project.functions.suppression import hidden_cells
from tests.conftest import CompanyRun

FLOOR = 5
Equation = list[int]


def undetermined(equations: list[Equation], hidden: list[int]) -> set[int]:
    """The hidden cells that some change of hidden cells, keeping every sum, can change: two random changes are tried."""
    place = {cell: column for column, cell in enumerate(hidden)}
    rows, columns, factors = [], [], []
    for number, cells in enumerate(equations):
        for position, cell in enumerate(cells):
            if cell in place:
                rows.append(number)
                columns.append(place[cell])
                factors.append(-1.0 if position == 0 else 1.0)
    sums = csr_array((factors, (rows, columns)), shape=(len(equations), len(hidden)))
    free: set[int] = set()
    for seed in (1, 2):
        start = np.random.default_rng(seed).uniform(1, 2, len(hidden))
        change = start - lsqr(sums, sums @ start, atol=1e-13, btol=1e-13, iter_lim=100 * len(hidden) + 100)[0]
        free |= {cell for cell in hidden if abs(change[place[cell]]) > 1e-5}
    return free


def recovered(equations: list[Equation], counts: list[int], hidden: list[int], secret: set[int]) -> set[int]:
    """The secret cells whose count is the least and the greatest that whole numbers allow, one in each listed cell.

    Integer programs: some with random goals show most cells to have two values, the rest is minimised and maximised.
    """
    place = {cell: column for column, cell in enumerate(hidden)}
    entries, known = [], np.zeros(len(equations))
    for number, (whole, *parts) in enumerate(equations):
        for cell, factor in [(whole, -1.0), *((part, 1.0) for part in parts)]:
            if cell in place:
                entries.append((factor, number, place[cell]))
            else:
                known[number] -= factor * counts[cell]
    factors, rows, columns = zip(*entries, strict=True)
    sums = csr_array((factors, (rows, columns)), shape=(len(equations), len(hidden)))
    least = np.array([float(cell in secret) for cell in hidden])
    low = high = np.array([counts[cell] for cell in hidden], float)

    def solve(goal: np.ndarray) -> None:
        nonlocal low, high
        found = milp(
            goal,
            constraints=LinearConstraint(sums, known, known),
            bounds=Bounds(least, sum(counts)),
            integrality=np.ones(len(hidden)),
        )
        low, high = np.minimum(low, found.x), np.maximum(high, found.x)

    chance = np.random.default_rng(1)
    for _ in range(8):
        solve(chance.standard_normal(len(hidden)))
    for column, cell in enumerate(hidden):
        for sign in (-1.0, 1.0):
            if cell in secret and high[column] - low[column] < 0.5:
                solve(sign * (np.arange(len(hidden)) == column))
    return {cell for cell in secret if high[place[cell]] - low[place[cell]] < 0.5}


def table(counts: list[int], units: int, months: int, slices: int) -> tuple[list[int], list[Equation]]:
    """Units × months × slices of counts with the whole of each; cells without anybody don't exist."""
    axes = [range(units), range(months), range(slices)]
    cells = dict(zip(product(*axes), counts, strict=True))
    for axis in range(3):
        for key, count in list(cells.items()):
            whole = tuple(-1 if place == axis else value for place, value in enumerate(key))
            cells[whole] = cells.get(whole, 0) + count
    present = {key: number for number, key in enumerate(sorted(key for key, count in cells.items() if count))}
    parts = defaultdict(list)
    for key, number in present.items():
        for axis in range(3):
            if key[axis] != -1:
                parts[axis, *key[:axis], -1, *key[axis + 1 :]].append(number)
    equations = [[present[key[1:]], *found] for key, found in parts.items()]
    return [cells[key] for key in present], equations


@settings(deadline=None, max_examples=30)
@given(
    st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 3)).flatmap(
        lambda shape: st.tuples(
            st.lists(
                st.sampled_from([0, 1, 1, 2, 3, 4, 5, 6, 9, 40]),
                min_size=shape[0] * shape[1] * shape[2],
                max_size=shape[0] * shape[1] * shape[2],
            ),
            st.just(shape),
        )
    )
)
@example(([1, 1, 1, 1, 1, 0, 0, 0], (2, 2, 2)))
@example(([4, 9, 40, 9, 4, 40, 40, 40, 4], (3, 3, 1)))
# only whole numbers give these away: fractions of a person would fit
@example(([1, 6, 2, 1, 4, 40, 0, 0, 1, 5, 1, 3], (2, 3, 2)))
@example(([0, 6, 6, 3, 6, 1, 3, 9, 1, 2, 5, 1], (2, 2, 3)))
def test_no_hidden_cell_of_a_small_table_is_recovered(drawn: tuple[list[int], tuple[int, int, int]]) -> None:
    counts, shape = drawn
    if not any(counts):
        return
    sizes, equations = table(counts, *shape)
    answer = hidden_cells(sizes, sizes, [True] * len(sizes), equations, FLOOR)
    hidden = [cell for cell, is_hidden in enumerate(answer) if is_hidden]
    assert {cell for cell, size in enumerate(sizes) if size < FLOOR} <= set(hidden)
    if hidden:
        # a whole company of fewer than the floor is hidden with all its parts: there is nothing to subtract from
        assert undetermined(equations, hidden) == set(hidden)
        assert not recovered(equations, sizes, hidden, set(hidden))


def test_as_little_is_hidden_as_the_textbook_case_needs() -> None:
    """One small cell in a table of two dimensions costs the three others of a rectangle, in the smallest row and column."""
    sizes, equations = table([3, 20, 30, 20, 50, 60, 30, 60, 90], 3, 3, 1)
    answer = hidden_cells(sizes, sizes, [True] * len(sizes), equations, FLOOR)
    assert sorted(size for size, hidden in zip(sizes, answer, strict=True) if hidden) == [3, 3, 20, 20, 20, 20, 50, 50]
    assert not any(hidden_cells([12, 5, 7], [12, 5, 7], [True] * 3, [[0, 1, 2]], FLOOR))


# What adds over months; an answer or an anchor that counts in its month need not count in its quarter.
ADDS_OVER_TIME = {"once", "flow", "effect", "index"}
Key = tuple[str, str, date, str, str]


def test_no_hidden_cell_of_the_demo_company_is_recovered(demo_run: CompanyRun) -> None:
    """Σx, and so Σy, of every hidden cell can be another than it is without any published number changing: in algebra for
    all KPIs, in whole numbers of at least one per listed cell for those with a few hundred hidden cells.

    The attacker doesn't know what belongs to a unit and to none below it, where there is anything; the truth is read from
    the warehouse only to see which equations hold exactly.
    """
    statuses: dict[str, dict[Key, str]] = defaultdict(dict)
    for kpi_id, *key, status in (
        duckdb.sql(f"from '{demo_run.published}/kpi_values.parquet'")
        .select("kpi_id, org_unit_id, period_kind, period_start, slice_dimension, slice_value, status")
        .fetchall()
    ):
        statuses[kpi_id][tuple(key)] = status
    rules = (
        duckdb.sql(f"from '{demo_run.published}/kpis.parquet'").select("kpi_id, adds, matures_after_days").fetchall()
    )
    trees, sums = organisation(demo_run), true_sums(demo_run)
    attacked = in_whole_numbers = 0
    for kpi_id, adds, days in rules:
        found = sums[kpi_id]
        parents = {key: parent_of(key, days, trees) for key in found}
        belong: dict[tuple, Decimal] = defaultdict(Decimal)
        for key, parent in parents.items():
            belong[(parent, *key[1:])] += found[key]
        for whole in [key for key in found if any(key[0] == parent for parent in parents.values())]:
            if found[whole] > belong[whole]:
                own = (f"{whole[0]}, none below", *whole[1:])
                found[own], parents[own] = found[whole] - belong[whole], whole[0]
        numbers = {key: number for number, key in enumerate(found)}
        shown = {numbers[key] for key, status in statuses[kpi_id].items() if status != "hidden"}
        equations = exact_equations(found, numbers, parents, adds)
        hidden = sorted({cell for cells in equations for cell in cells} - shown)
        listed = {numbers[key] for key, status in statuses[kpi_id].items() if status == "hidden"} & set(hidden)
        assert listed <= undetermined(equations, hidden), kpi_id
        attacked += len(listed)
        counts = [int(x) for x in found.values()]
        if listed and len(hidden) <= 400 and counts == list(found.values()):
            involved = [cells for cells in equations if not set(cells) <= shown]
            assert not recovered(involved, counts, hidden, listed), kpi_id
            in_whole_numbers += len(listed)
    assert attacked > 1_000 and in_whole_numbers > 300


def true_sums(run: CompanyRun) -> dict[str, dict[Key, Decimal]]:
    with duckdb.connect(str(run.data / "warehouse" / "loyalty.duckdb"), read_only=True) as warehouse:
        rows = warehouse.execute(
            "select kpi_id, org_unit_id, period_kind, period_start, slice_dimension, slice_value, sum_x from kpi_cells"
        ).fetchall()
    sums: dict[str, dict[Key, Decimal]] = defaultdict(dict)
    for kpi_id, *key, x in rows:
        sums[kpi_id][tuple(key)] = x
    return sums


def organisation(run: CompanyRun) -> list[tuple[date, dict[str, str]]]:
    """The parent of each unit from a day on, for every day on which somebody moved."""
    with duckdb.connect(str(run.data / "warehouse" / "loyalty.duckdb"), read_only=True) as warehouse:
        versions = warehouse.execute(
            "select org_unit_id, coalesce(cast(valid_from as date), date '0001-01-01'), parent_org_unit_id from stg_org_units"
            " where parent_org_unit_id is not null order by 2, 1"
        ).fetchall()
    parents = {
        unit: parent for unit, _, parent in reversed(versions)
    }  # before its first version a unit stands as in that
    trees = {date.min: parents}
    for unit, since, parent in versions:
        trees[since] = parents = {**parents, unit: parent}
    return list(trees.items())


def parent_of(key: Key, days: int, trees: list[tuple[date, dict[str, str]]]) -> str | None:
    """The unit above, by the tree of the last day that the period looks back on."""
    unit, kind, start, *_ = key
    day = months_later(start, MONTHS[kind]) - timedelta(days=days + 1)
    return next(parents for since, parents in reversed(trees) if since <= day).get(unit)


MONTHS = {"month": 1, "quarter": 3, "year": 12}


def exact_equations(
    sums: dict[Key, Decimal], numbers: dict[Key, int], parents: dict[Key, str | None], adds: str
) -> list[Equation]:
    """Whole and parts wherever the parts' true sums are the whole's: an attacker can't do better than to know which."""
    parts: dict[tuple, list[Key]] = defaultdict(list)
    for key in sums:
        unit, kind, start, dimension, value = key
        parts["units", (parents[key], *key[1:])].append(key)
        if dimension != "all":
            parts[dimension, (unit, kind, start, "all", "all")].append(key)
        for above in {"month": ["quarter"], "quarter": ["year"]}.get(kind, []):
            begin = date(start.year, (start.month - 1) // MONTHS[above] * MONTHS[above] + 1, 1)
            last = months_later(start, MONTHS[kind]) == months_later(begin, MONTHS[above])
            if adds in ADDS_OVER_TIME or (adds == "as_of" and last):
                parts["periods", (unit, above, begin, dimension, value)].append(key)
    return [
        [numbers[whole], *(numbers[key] for key in found)]
        for (_, whole), found in parts.items()
        if whole in sums and sums[whole] == sum(sums[key] for key in found)
    ]


def months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)
