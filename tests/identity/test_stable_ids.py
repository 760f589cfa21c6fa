"""Which cluster keeps which id, and what new customers are called."""

import hashlib

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from orchestration.identity.stable_ids import fresh_ids, heirs, kept_ids


def keep(clusters, pairs):
    """`pairs`: (cluster, old, shared)."""
    return kept_ids(clusters, *np.array(pairs, dtype=np.int64).reshape(-1, 3).T).tolist()


def test_merge_keeps_the_larger_share():
    assert keep(1, [(0, 0, 2), (0, 1, 3)]) == [1]


def test_tie_goes_to_the_oldest():
    assert keep(1, [(0, 4, 2), (0, 3, 2)]) == [3]


def test_split_leaves_the_id_with_the_larger_part():
    assert keep(3, [(0, 0, 1), (1, 0, 2), (2, 0, 1)]) == [-1, 0, -1]


def test_split_into_equal_parts_leaves_it_with_the_first():
    assert keep(2, [(1, 0, 2), (0, 0, 2)]) == [0, -1]


def test_who_loses_the_best_may_keep_the_second_best():
    assert keep(2, [(0, 0, 5), (1, 0, 4), (1, 1, 3)]) == [0, 1]


def one_by_one(clusters, pairs):
    """The rule as words have it: the best remaining pair, again and again."""
    kept = [-1] * clusters
    for cluster, old, _ in sorted(pairs, key=lambda pair: (-pair[2], pair[1], pair[0])):
        if kept[cluster] == -1 and old not in kept:
            kept[cluster] = old
    return kept


@given(
    st.dictionaries(st.tuples(st.integers(0, 7), st.integers(0, 7)), st.integers(1, 4), max_size=40),
    st.randoms(),
)
def test_equals_the_rule_one_by_one_in_any_order(shared, random):
    pairs = [(*pair, records) for pair, records in shared.items()]
    expected = one_by_one(8, pairs)
    random.shuffle(pairs)
    assert keep(8, pairs) == expected


def test_heirs_hold_most_records_ties_to_the_oldest_then_smallest_id():
    pairs = pd.DataFrame(
        [(5, 1, 2, "Cb"), (5, 3, 9, "Cz"), (6, 2, 2, "Cb"), (6, 2, 1, "Cc"), (7, 1, 1, "Cc"), (7, 1, 1, "Ca")],
        columns=["old", "shared", "first_seen", "customer_id"],
    )
    assert heirs(pairs).to_numpy().tolist() == [[5, "Cz"], [6, "Cc"], [7, "Ca"]]


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


def name(keys, taken=()):
    def taken_like(starts):
        return pd.Series([text for text in taken if text[:13] in set(starts)], dtype="str")

    return fresh_ids(pd.Series(keys, dtype="str"), taken_like).tolist()


def test_an_id_is_the_start_of_the_keys_sha256():
    assert name(["crm|0007", "pos|张三"]) == ["C" + sha("crm|0007")[:12], "C" + sha("pos|张三")[:12]]


def test_a_taken_id_is_lengthened_and_lengthened_again():
    key = sha("crm|1")
    assert name(["crm|1"], ["C" + key[:12]]) == ["C" + key[:13]]
    assert name(["crm|1"], ["C" + key[:length] for length in range(12, 40)]) == ["C" + key[:40]]


def test_when_every_length_is_taken_the_key_gets_another_digest():
    taken = ["C" + sha("crm|1")[:length] for length in range(12, 65)]
    assert name(["crm|1", "crm|2"], taken) == ["C" + sha("crm|1#")[:12], "C" + sha("crm|2")[:12]]


def test_equal_keys_get_different_ids():
    # ('a|b', 'c') and ('a', 'b|c') are two records with one key text.
    assert name(["a|b|c", "a|b|c"]) == ["C" + sha("a|b|c")[:12], "C" + sha("a|b|c")[:13]]


def test_nobody_new():
    assert name([]) == []
