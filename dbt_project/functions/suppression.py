"""Which cells must stay hidden so that no small one can be had by subtraction; one call per KPI."""

from collections.abc import Iterable, Sequence

import duckdb
import pyarrow as pa
from duckdb.func import PythonUDFType
from duckdb.sqltypes import BIGINT, BOOLEAN

from .disclosure import determined


def hidden_cells(
    sizes: Sequence[int],
    counts: Sequence[int],
    listed: Sequence[bool],
    equations: Sequence[Sequence[int]],
    floor: int,
) -> list[bool]:
    """Cells below the floor and those that have to be hidden with them, as complementary suppression does.

    Every hidden cell shares each of its equations with another one, together they hold `floor` units or more, and the
    published cells taken together leave each of them undetermined, even if one knows that no cell that is listed is
    empty. Of those that may be hidden in addition, one that opens no new equation and is small comes first (Willenborg
    and de Waal 2001, Elements of Statistical Disclosure Control, 1.7).

    Args:
        sizes: sampling units of each cell.
        counts: what of each cell adds up, such as answers; empty where that is no count.
        listed: whether it is among those that are published, if only as hidden.
        equations: indices into `sizes`, the whole first, then its parts; -1 for a part that is known to nobody.
        floor: fewest units that may be shown.
    """
    suppression = _Suppression(sizes, counts, listed, equations, floor)
    suppression.complete(range(len(equations)))
    rounds = 0
    # one cell first, then more at a time: each round costs a linear program
    while sum([suppression.hide_near(cells, 1 + rounds // 4 + len(cells) // 16) for cells in suppression.recovered()]):
        rounds += 1
    return suppression.hidden


class _Suppression:
    def __init__(
        self,
        sizes: Sequence[int],
        counts: Sequence[int],
        listed: Sequence[bool],
        equations: Sequence[Sequence[int]],
        floor: int,
    ) -> None:
        self.sizes, self.counts, self.listed, self.floor = sizes, counts, listed, floor
        self.equations = [[cell for cell in cells if cell >= 0] for cells in equations]
        self.exact = [-1 not in cells for cells in equations]
        self.hidden = [size < floor or not is_listed for size, is_listed in zip(sizes, listed, strict=True)]
        self.equations_of: list[list[int]] = [[] for _ in sizes]
        for number, cells in enumerate(self.equations):
            for cell in cells:
                self.equations_of[cell].append(number)
        self.open = [any(self.hidden[cell] for cell in cells) for cells in self.equations]

    def complete(self, numbers: Iterable[int]) -> None:
        """Hide more cells until none of these equations, nor any that this touches, gives one away by itself."""
        waiting = list(numbers)[::-1]
        while waiting:
            number = waiting.pop()
            while self._gives_away(number) and (cell := self._cheapest(number)) is not None:
                waiting += self._hide(cell)

    def hide_near(self, cells: set[int], number_of_cells: int) -> bool:
        """Hide more cells, the cheapest of the nearest that equations tie to these; False where all are hidden."""
        reached, ring = set(cells), cells
        while ring:
            numbers = sorted({number for near in ring for number in self.equations_of[near]})
            choices = {found for number in numbers if (found := self._cheapest(number)) is not None}
            for cell in sorted(choices, key=self._cost)[:number_of_cells]:
                if not self.hidden[cell]:
                    self.complete(self._hide(cell))
            if choices:
                return True
            ring = {other for number in numbers for other in self.equations[number]} - reached
            reached |= ring
        return False

    def recovered(self) -> list[set[int]]:
        """The listed hidden cells that the equations determine, those together that are tied to each other."""
        rows = []
        for number, cells in enumerate(self.equations):
            if self.open[number] and self.exact[number]:
                rows.append({c: -1 if place == 0 else 1 for place, c in enumerate(cells) if self.hidden[c]})
        spare = {c: self.counts[c] - self.listed[c] for row in rows for c in row} if self.counts else {}
        return self._together(determined(rows, spare, {c for row in rows for c in row if self.listed[c]}))

    def _together(self, cells: set[int]) -> list[set[int]]:
        clusters = []
        for first in sorted(cells):
            cluster, ring = set(), {first} & cells
            while ring:
                cluster |= ring
                cells = cells - ring
                ring = {o for c in ring for number in self.equations_of[c] for o in self.equations[number]} & cells
            clusters += [cluster] if cluster else []
        return clusters

    def _hide(self, cell: int) -> list[int]:
        self.hidden[cell] = True
        for number in self.equations_of[cell]:
            self.open[number] = True
        return self.equations_of[cell]

    def _gives_away(self, number: int) -> bool:
        if not self.open[number]:
            return False
        whole, *parts = self.equations[number]
        hidden = [part for part in parts if self.hidden[part]]
        if self.hidden[whole]:
            return not hidden
        if not any(self.listed[part] for part in hidden):
            return False
        return len(hidden) < 2 or sum(self.sizes[part] for part in hidden) < self.floor

    def _cheapest(self, number: int) -> int | None:
        whole, *parts = self.equations[number]
        shown = [part for part in parts if not self.hidden[part]]
        if shown:
            return min(shown, key=self._cost)
        return None if self.hidden[whole] else whole

    def _cost(self, cell: int) -> tuple[int, int, int]:
        opens = sum(not self.open[number] for number in self.equations_of[cell])
        return opens, self.sizes[cell], cell


def _all_hidden_cells(
    sizes: pa.Array, counts: pa.Array, listed: pa.Array, equations: pa.Array, floors: pa.Array
) -> pa.Array:
    columns = (column.to_pylist() for column in (sizes, counts, listed, equations, floors))
    rows = zip(*columns, strict=True)
    return pa.array([hidden_cells(*row) for row in rows], pa.list_(pa.bool_()))


def register(connection: duckdb.DuckDBPyConnection) -> None:
    """`hidden_cells(sizes, counts, listed, equations, floor)` → list of booleans, one per cell; indices of equations begin with 0."""
    numbers = duckdb.list_type(BIGINT)
    connection.create_function(
        "hidden_cells",
        _all_hidden_cells,
        [numbers, numbers, duckdb.list_type(BOOLEAN), duckdb.list_type(numbers), BIGINT],
        duckdb.list_type(BOOLEAN),
        type=PythonUDFType.ARROW,
    )
