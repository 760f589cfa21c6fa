"""Which unknown cells of a table its known sums determine: by algebra, by a linear program, in whole numbers.

The rows of a system are equations between *changes* of unknown cells: whatever else the cells may be is what they are
plus a change that adds up to nothing in every row. A cell is determined where no such change moves it.
"""

import random

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import block_array, csr_array
from scipy.sparse.csgraph import connected_components

# Sums are looked at modulo a prime so that they stay exact and short.
PRIME = (1 << 61) - 1
Row = dict[int, int]


def determined(rows: list[Row], spare: dict[int, int], secret: set[int]) -> set[int]:
    """The secret cells that have one possible value; those in whole numbers only where there are no others.

    Args:
        rows: of each equation its unknown cells with their factors, 1 or -1.
        spare: by how much each of them can be less at most, in whole numbers; empty where these are no counts, or
            nothing is known of their least.
        secret: the cells that are asked about.
    """
    fixed = {cell for cell, less in spare.items() if less == 0}
    fixed -= _can_grow(rows, fixed)
    free = [{cell: factor for cell, factor in row.items() if cell not in fixed} for row in rows]
    found = secret & (fixed | {cell for cell, value in _random_solution(free).items() if value == 0})
    return found if found or not spare else _fixed_in_whole_numbers(rows, spare, secret)


def _can_grow(rows: list[Row], least: set[int]) -> set[int]:
    """Those of the cells at their least possible count that some change, which takes no such cell below it, raises.

    One linear program finds all: changes that are allowed add up to another one, so that there is one which raises each
    cell that can be raised by 1 or more (Freund, Roundy and Todd 1985, Identifying the set of always-active constraints).
    """
    if not least:
        return set()
    place = _columns(rows)
    raised = {cell: len(place) + column for column, cell in enumerate(sorted(least))}
    entries = [
        (number, column, factor)
        for number, row in enumerate(rows)
        for cell, factor in row.items()
        for column in (place[cell], raised.get(cell))
        if column is not None
    ]
    numbers, columns, factors = zip(*entries, strict=True)
    size = len(place) + len(raised)
    low, high, gain = np.full(size, -np.inf), np.full(size, np.inf), np.zeros(size)
    low[[place[cell] for cell in least]] = 0
    low[len(place) :], high[len(place) :], gain[len(place) :] = 0, 1, -1
    sums = csr_array((factors, (numbers, columns)), shape=(len(rows), size))
    found = linprog(gain, A_eq=sums, b_eq=np.zeros(len(rows)), bounds=np.column_stack([low, high]), method="highs")
    return {cell for cell, column in raised.items() if found.x[column] > 0.5}


def _random_solution(rows: list[Row]) -> dict[int, int]:
    """A random solution of the homogeneous equations, modulo PRIME, by elimination: rarest unknown first."""
    rows_of: dict[int, set[int]] = {}
    for number, row in enumerate(rows):
        for cell in row:
            rows_of.setdefault(cell, set()).add(number)
    unknowns, pivots = sorted(rows_of), []
    waiting = sorted(unknowns, key=lambda cell: len(rows_of[cell]), reverse=True)
    while waiting:
        cell = waiting.pop()
        if not rows_of[cell]:
            continue
        number = min(rows_of[cell], key=lambda row: (len(rows[row]), row))
        pivot = rows[number]
        for other in pivot:
            rows_of[other].discard(number)
        for other in sorted(rows_of[cell]):
            _eliminate(rows[other], other, pivot, cell, rows_of)
        pivots.append((cell, pivot))
        waiting += sorted({c for c in pivot if len(rows_of[c]) == 1}, reverse=True)
    # the same numbers on every run: nothing is kept secret by them
    chance = random.Random(0)
    values = {cell: chance.randrange(1, PRIME) for cell in unknowns}
    for cell, pivot in reversed(pivots):
        rest = sum(factor * values[other] for other, factor in pivot.items() if other != cell)
        values[cell] = -rest * pow(pivot[cell], -1, PRIME) % PRIME
    return values


def _eliminate(row: Row, number: int, pivot: Row, cell: int, rows_of: dict[int, set[int]]) -> None:
    factor = row[cell] * pow(pivot[cell], -1, PRIME) % PRIME
    for other, value in pivot.items():
        left = (row.get(other, 0) - factor * value) % PRIME
        if left:
            row[other] = left
            rows_of[other].add(number)
        elif other in row:
            del row[other]
            rows_of[other].discard(number)


def _fixed_in_whole_numbers(rows: list[Row], spare: dict[int, int], secret: set[int]) -> set[int]:
    """The secret cells that only fractions of units could change.

    A few programs with random goals show most cells to move, as their corners are whole numbers more often than not, and
    where one is not, any good change in whole numbers will do; what is left is tried one by one. What ties no such cell is
    left out from then on.
    """
    table, unseen, misses = _Table(rows, spare), secret & spare.keys(), 0
    before = len(unseen)
    while unseen and misses < 3:
        if 2 * len(unseen) < before:
            table, before = table.around(unseen), len(unseen)
        goal = table.random_goal(unseen)
        moved = table.change(goal, most=20, whole=False) or table.change(goal, most=20, whole=True)
        misses = misses + 1 if unseen.isdisjoint(moved) else 0
        unseen -= moved
    for cell in sorted(unseen):
        if cell in unseen:
            unseen -= table.change_of(cell, 1)
        if cell in unseen:
            unseen -= table.change_of(cell, -1)
    return unseen


class _Table:
    """Changes of a system's cells in whole numbers, none below what it can spare."""

    def __init__(self, rows: list[Row], spare: dict[int, int]) -> None:
        self.rows, self.spare = rows, spare
        self.place = _columns(rows)
        self.less = np.array([spare[cell] for cell in self.place], float)
        self.sums = csr_array(_entries(rows, self.place), shape=(len(rows), len(self.place)))
        # the same numbers on every run: which changes are found first decides nothing
        self.chance = np.random.default_rng(0)

    def around(self, cells: set[int]) -> "_Table":
        """What of the system is tied to these cells."""
        adjacent = block_array([[None, self.sums], [self.sums.T, None]])
        _, part = connected_components(adjacent, directed=False)
        kept = {part[len(self.rows) + self.place[cell]] for cell in cells}
        if len(kept) == len(set(part)):
            return self
        rows = [row for number, row in enumerate(self.rows) if part[number] in kept]
        return _Table(rows, self.spare)

    def random_goal(self, wanted: set[int]) -> np.ndarray:
        """What to maximise so that these cells move, up where they can't go down, and others decide little."""
        sign = np.where(self.less == 0, 1, self.chance.choice([-1, 1], len(self.less)))
        weight = np.array([1 if cell in wanted else 1e-3 for cell in self.place])
        return sign * weight * self.chance.uniform(0, 1, len(self.less))

    def change(self, goal: np.ndarray, most: float, whole: bool) -> set[int]:
        """The cells that move in a change of great value: of the greatest, should that be in whole numbers, or of one that is."""
        return self._moved(goal, np.maximum(-self.less, -most), np.full(len(goal), most), whole)

    def change_of(self, cell: int, sign: int) -> set[int]:
        """The cells that move in a change which takes this one up (1) or down (-1); none where there is none."""
        column, most = self.place[cell], self.less.sum() + 1
        low, high = -self.less, np.full(len(self.less), most)
        if sign < 0 and self.less[column] < 1:
            return set()
        low[column], high[column] = (1, most) if sign > 0 else (low[column], -1)
        return self._moved(np.zeros(len(low)), low, high, whole=True)

    def _moved(self, goal: np.ndarray, low: np.ndarray, high: np.ndarray, whole: bool) -> set[int]:
        found = milp(
            -goal,
            constraints=LinearConstraint(self.sums, 0, 0),
            bounds=Bounds(low, high),
            integrality=np.full(len(goal), int(whole)),
            # any change serves, the greatest only sooner; where the nodes run out the cell is asked about alone
            options={"node_limit": 1_000, "mip_rel_gap": 0.5},
        )
        if found.x is None:
            return set()
        change = np.round(found.x)
        if np.any(self.sums @ change) or np.any(change < -self.less):
            return set()
        return {cell for cell, by in zip(self.place, change, strict=True) if by}


def _columns(rows: list[Row]) -> dict[int, int]:
    return {cell: column for column, cell in enumerate(sorted({cell for row in rows for cell in row}))}


def _entries(rows: list[Row], place: dict[int, int]) -> tuple[list[int], tuple[list[int], list[int]]]:
    found = [(factor, number, place[cell]) for number, row in enumerate(rows) for cell, factor in row.items()]
    factors, numbers, columns = (list(column) for column in zip(*found, strict=True))
    return factors, (numbers, columns)
