"""Clusters are the connected components, whatever the order of the edges."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.identity.clusters import components, held_by_weak


def label(records, edges):
    left, right = (np.array([edge[side] for edge in edges], dtype=np.int64) for side in (0, 1))
    return components(records, left, right)


def union_find(records, edges):
    """The textbook way, to compare with: every record's smallest relative."""
    parent = list(range(records))

    def find(record):
        while parent[record] != record:
            record = parent[record]
        return record

    for left, right in edges:
        low, high = sorted((find(left), find(right)))
        parent[high] = low
    return [find(record) for record in range(records)]


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        pytest.param([(0, 1), (1, 2), (2, 3)], [0, 0, 0, 0, 4], id="chain"),
        pytest.param([(0, 3), (1, 3), (2, 3)], [0, 0, 0, 0, 4], id="fan-in"),
        pytest.param([(0, 1), (0, 2), (1, 3), (2, 3)], [0, 0, 0, 0, 4], id="diamond"),
        pytest.param([(4, 1), (1, 4), (4, 1), (2, 2)], [0, 1, 2, 3, 1], id="both ways, repeated, to itself"),
        pytest.param([], [0, 1, 2, 3, 4], id="no edges"),
    ],
)
def test_shapes(edges, expected):
    assert label(5, edges).tolist() == expected


def test_nothing_at_all():
    assert label(0, []).tolist() == []


@pytest.mark.parametrize("edge", [(0, 3), (-1, 0)])
def test_an_edge_to_nowhere_is_refused(edge):
    with pytest.raises(ValueError, match=r"outside 0 … 2"):
        label(3, [edge])


graphs = st.integers(1, 40).flatmap(
    lambda n: st.tuples(st.just(n), st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=60))
)


@given(graphs, st.randoms())
def test_equals_union_find_in_any_edge_order(graph, random):
    records, edges = graph
    expected = union_find(records, edges)
    assert label(records, edges).tolist() == expected
    turned = [edge[::-1] if random.random() < 0.5 else edge for edge in edges]
    random.shuffle(turned)
    assert label(records, turned).tolist() == expected


@given(graphs, st.data())
def test_weak_means_it_would_fall_apart(graph, data):
    records, edges = graph
    strong = [edge for edge in edges if data.draw(st.booleans())]
    clusters, parts = union_find(records, edges), union_find(records, strong)
    falls = {c: len({parts[r] for r in range(records) if clusters[r] == c}) > 1 for c in set(clusters)}
    found = held_by_weak(label(records, edges), label(records, strong))
    assert found.tolist() == [falls[c] for c in clusters]
