"""Records joined by edges, as numbers only: connected components and how much of them rests on weak edges."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Integers = NDArray[np.int64]


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
