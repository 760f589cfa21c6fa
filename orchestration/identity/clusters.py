"""Records joined by links, as numbers only: connected components, what average linkage leaves of them, and how firm it is."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from orchestration.identity.linkage import LARGEST, UNSCORED, average_linkage

Integers = NDArray[np.int64]
Pairs = tuple[Integers, Integers]
NO_PAIRS: Pairs = (np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))

FIRM = 60_000
"""Thousandths that a strong identifier weighs where a cannot-link decision makes it compete."""
ASKED = 100
"""In a component of more records, pairs that weren't scored aren't looked at one by one."""


@dataclass(frozen=True)
class Links:
    """What speaks for and against pairs of records being one person.

    Attributes:
        firm: pairs (left, right) that strong identifiers or must-link decisions join.
        never: pairs that cannot-link decisions part, whatever else is said.
        scored: any other pairs with weights; a pair stands there once, smaller record first.
        weights: int64 per scored pair, thousandths of match weight above the threshold.
    """

    firm: Pairs = NO_PAIRS
    never: Pairs = NO_PAIRS
    scored: Pairs = NO_PAIRS
    weights: Integers = field(default_factory=lambda: NO_PAIRS[0])


Unscored = Callable[[Pairs], Integers]
"""Weights (thousandths) of pairs that are in one component and weren't scored: `UNSCORED`, or less where facts clash."""


def components(records: int, left: Integers, right: Integers) -> Integers:
    """Label every record 0 … records−1 with the smallest record of its connected component.

    `left` and `right` (one entry per edge) may hold edges in any order, direction and repetition: the labels are
    a function of the graph alone. An edge to a record that isn't there is a ValueError.
    """
    if len(left) != len(right):
        raise ValueError(f"{len(left)} left ends and {len(right)} right ends: every edge needs both")
    if records == 0 and len(left) == 0:
        return np.empty(0, dtype=np.int64)
    if len(left) and (min(left.min(), right.min()) < 0 or max(left.max(), right.max()) >= records):
        raise ValueError(f"an edge names a record outside 0 … {records - 1}")
    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(records, records))
    _, parts = connected_components(graph.tocsr(), directed=False)
    # scipy's own numbering is an accident of its traversal; the smallest record is a property of the component.
    _, first, inverse = np.unique(parts, return_index=True, return_inverse=True)
    return first[inverse].astype(np.int64)


def held_by_weak(clusters: Integers, strong_parts: Integers) -> NDArray[np.bool_]:
    """True for every record of a cluster that its strong edges alone would leave in more than one part.

    Both arguments are labels as `components` gives them: by all edges, and by the strong ones.
    """
    # A label is the smallest record of its part, so a cluster in one part has one label everywhere: its own.
    broken = np.zeros(len(clusters), dtype=np.bool_)
    broken[clusters[strong_parts != clusters]] = True
    return broken[clusters]


def clusters(records: int, links: Links, unscored: Unscored | None = None) -> Integers:
    """Label every record with the smallest record of its cluster.

    What firm links hold together is one node, unless a cannot-link parts it. Nodes merge by average linkage inside the
    components that close pairs of nodes make; `unscored` is asked for the pairs of records there that weren't scored.
    """
    nodes, scored = _nodes(records, links)
    size = np.bincount(nodes, minlength=records)
    pairs = _between_nodes(scored, nodes)
    left, right = pairs["left"].to_numpy(), pairs["right"].to_numpy()
    is_close = pairs["gain"].to_numpy() >= -UNSCORED * size[left] * size[right]
    parts = components(records, left[is_close], right[is_close])
    labels = parts[nodes]
    agreed = _agreed(parts, nodes, left[is_close], labels, links.never)
    disputed = np.nonzero(~agreed[labels])[0]
    if len(disputed):
        inside = ~agreed[parts[left]] & (parts[left] == parts[right])
        known = [pairs[inside]]
        if unscored is not None:
            known.append(
                _between_nodes(_gaps(disputed, labels, nodes, scored[~agreed[labels[scored["left"]]]], unscored), nodes)
            )
        gains = pd.concat(known).groupby(["left", "right"], as_index=False)["gain"].sum()
        labels[disputed] = _linked(gains, disputed, parts, nodes, size, links.never)[nodes[disputed]]
    return labels


def _nodes(records: int, links: Links) -> tuple[Integers, pd.DataFrame]:
    """Each record's node (its smallest record), and the scored pairs; firm links that a decision tears are among them."""
    nodes = components(records, *links.firm)
    parted = nodes[links.never[0]][nodes[links.never[0]] == nodes[links.never[1]]]
    torn = np.isin(nodes, parted)
    inside = torn[links.firm[0]]
    low, high = (choose(links.firm[0][inside], links.firm[1][inside]) for choose in (np.minimum, np.maximum))
    scored = pd.DataFrame(
        {
            "left": np.concatenate([links.scored[0], low]),
            "right": np.concatenate([links.scored[1], high]),
            "weight": np.concatenate([links.weights, np.full(len(low), FIRM, dtype=np.int64)]),
        }
    )
    if len(low):
        scored = scored.groupby(["left", "right"], as_index=False)["weight"].max()
    return np.where(torn, np.arange(records), nodes), scored


def _between_nodes(scored: pd.DataFrame, nodes: Integers) -> pd.DataFrame:
    """left, right, gain: per pair of nodes the sum of weight − `UNSCORED` over its pairs of records."""
    one, other = nodes[scored["left"].to_numpy()], nodes[scored["right"].to_numpy()]
    between = pd.DataFrame(
        {
            "left": np.minimum(one, other),
            "right": np.maximum(one, other),
            "gain": scored["weight"].to_numpy() - UNSCORED,
        }
    )[one != other]
    return between.groupby(["left", "right"], as_index=False)["gain"].sum()


def _agreed(parts: Integers, nodes: Integers, close: Integers, labels: Integers, never: Pairs) -> NDArray[np.bool_]:
    """Per record, true for the label of a component that is one cluster without asking: every two nodes are close."""
    of_nodes = parts[np.unique(nodes)]
    count = np.bincount(of_nodes, minlength=len(parts))
    agreed = np.bincount(parts[close], minlength=len(parts)) == count * (count - 1) // 2
    agreed &= (np.bincount(labels, minlength=len(parts)) <= LARGEST) | (count <= 1)
    one, other = labels[never[0]], labels[never[1]]
    agreed[one[one == other]] = False
    return agreed


def _gaps(
    disputed: Integers, labels: Integers, nodes: Integers, scored: pd.DataFrame, unscored: Unscored
) -> pd.DataFrame:
    """The pairs of records in disputed components that nobody scored, with their weights."""
    members = pd.DataFrame({"part": labels[disputed], "record": disputed})
    members = members[members.groupby("part")["part"].transform("size") <= ASKED]
    pairs = members.merge(members, on="part")
    left, right = pairs["record_x"].to_numpy(), pairs["record_y"].to_numpy()
    known = scored["left"].to_numpy() * len(labels) + scored["right"].to_numpy()
    gap = (left < right) & (nodes[left] != nodes[right])
    gap[gap] = ~np.isin(left[gap] * len(labels) + right[gap], known)
    left, right = left[gap], right[gap]
    return pd.DataFrame({"left": left, "right": right, "weight": unscored((left, right))})


def _linked(
    gains: pd.DataFrame, disputed: Integers, parts: Integers, nodes: Integers, size: Integers, never: Pairs
) -> Integers:
    """Each node's label (others −1) after average linkage in its component."""
    linked = np.full(len(parts), -1, dtype=np.int64)
    members: dict[int, dict[int, int]] = {}
    for node in np.unique(nodes[disputed]).tolist():
        members.setdefault(int(parts[node]), {})[node] = int(size[node])
    between: dict[int, dict[tuple[int, int], int]] = {part: {} for part in members}
    for left, right, gain in zip(gains["left"].tolist(), gains["right"].tolist(), gains["gain"].tolist(), strict=True):
        between[int(parts[left])][left, right] = gain
    apart: dict[int, list[tuple[int, int]]] = {part: [] for part in members}
    for one, other in zip(nodes[never[0]].tolist(), nodes[never[1]].tolist(), strict=True):
        if parts[one] == parts[other]:
            apart[int(parts[one])].append((one, other))
    for part, sizes in members.items():
        for node, head in average_linkage(sizes, between[part], apart[part]).items():
            linked[node] = head
    return linked
