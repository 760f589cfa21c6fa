"""Average linkage inside a connected component: which of its nodes are one person.

Two groups are as close as their pairs of records are on average (Sokal and Michener 1958), so that one wrong link can't
chain two people together as it does in connected components. Weights are match weights above the threshold: 0 is the cut.
"""

import heapq
from collections.abc import Iterable, Mapping

UNSCORED = -2_000
"""The weight, in thousandths, of a pair of which nothing is known: a chain of links has to outweigh its gaps."""
LARGEST = 20
"""What is held together by less than strong identifiers has at most so many records."""

Pair = tuple[int, int]


def average_linkage(sizes: Mapping[int, int], gains: Mapping[Pair, int], never: Iterable[Pair] = ()) -> dict[int, int]:
    """Merge the closest two groups as long as they are at least 0 apart; node → smallest node of its group.

    Args:
        sizes: node → its records (those that a strong identifier holds together are one node).
        gains: pair of nodes → sum over its scored pairs of records of weight − `UNSCORED`, in thousandths.
        never: pairs of nodes that may not end in one group.

    A total order decides: closest first, then the smallest nodes. Integers and fractions of them leave no rounding.
    """
    size, group = dict(sizes), {node: [node] for node in sizes}
    gain: dict[int, dict[int, int]] = {node: {} for node in sizes}
    apart: dict[int, set[int]] = {node: set() for node in sizes}
    for (left, right), value in gains.items():
        gain[left][right] = gain[right][left] = value
    for left, right in never:
        apart[left].add(right)
        apart[right].add(left)
    waiting: list[tuple[float, int, int, int]] = []

    def wait(one: int, other: int) -> None:
        left, right = min(one, other), max(one, other)
        closeness = gain[left][right] / (size[left] * size[right])
        if closeness >= -UNSCORED:
            heapq.heappush(waiting, (-closeness, left, right, size[left] * size[right]))

    for left, others in gain.items():
        for right in others:
            if left < right:
                wait(left, right)
    while waiting:
        _, left, right, pairs = heapq.heappop(waiting)
        if left not in group or right not in group or size[left] * size[right] != pairs:
            continue  # one of the two has grown since; what it became waits for itself
        if right in apart[left] or size[left] + size[right] > LARGEST:
            continue
        size[left] += size.pop(right)
        group[left] += group.pop(right)
        for other in apart.pop(right):
            apart[other].discard(right)
            apart[other].add(left)
            apart[left].add(other)
        gained = gain.pop(right)
        del gain[left][right], gained[left]
        for other, value in gained.items():
            del gain[other][right]
            gain[left][other] = gain[other][left] = gain[left].get(other, 0) + value
        for other in gain[left]:
            wait(left, other)
    return {node: head for head, nodes in group.items() for node in nodes}
