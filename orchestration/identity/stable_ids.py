"""Customer ids that outlive a re-run: which cluster keeps which earlier id, and what a new customer is called."""

from collections.abc import Callable

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

Integers = NDArray[np.int64]

NOBODY = -1
SHORTEST = 12
DIGEST = 64


def kept_ids(clusters: int, cluster: Integers, old: Integers, shared: Integers) -> Integers:
    """For each cluster 0 … clusters−1 the earlier id it keeps, or `NOBODY`.

    One entry per pair of a cluster and an earlier id with records in common: `cluster`, `old` (the id's place by
    age, 0 the oldest) and `shared` (how many records). A cluster keeps the id with which it shares most records and
    an id stays with the cluster that holds most of its records; ties go to the oldest id, then to the first cluster.
    No id is given twice.
    """
    kept = np.full(clusters, NOBODY, dtype=np.int64)
    order = np.lexsort((cluster, old, -shared))
    cluster, old = cluster[order], old[order]
    # The best pair of both its sides can't be beaten: taking all such pairs at once, again and again,
    # gives what taking the best remaining pair one by one would give.
    while len(cluster):
        best = np.zeros(len(cluster), dtype=np.int8)
        best[np.unique(cluster, return_index=True)[1]] += 1
        best[np.unique(old, return_index=True)[1]] += 1
        agreed = best == 2
        kept[cluster[agreed]] = old[agreed]
        free = ~np.isin(cluster, cluster[agreed]) & ~np.isin(old, old[agreed])
        cluster, old = cluster[free], old[free]
    return kept


def heirs(pairs: pd.DataFrame) -> pd.DataFrame:
    """Where the ids that no cluster keeps live on: (old, customer_id), for each the customer with most of its records.

    `pairs` has old, shared and, of the cluster it pairs with, customer_id and first_seen; ties go to the oldest id.
    """
    order = ["old", "shared", "first_seen", "customer_id"]
    best = pairs.sort_values(order, ascending=[True, False, True, True]).drop_duplicates("old")
    return best[["old", "customer_id"]].reset_index(drop=True)


def fresh_ids(keys: pd.Series, taken_like: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """A new id per customer key: 'C' and the first 12 hex digits of its SHA-256, more where that is taken.

    `taken_like` gives, of all ids ever given (aliases included: an id never comes to mean somebody else), those that
    begin as one of its argument does; a few new customers needn't look through all. The result has the index of `keys`
    and no id twice.
    """
    ids = pd.Series(None, index=keys.index, dtype="str")
    texts, taken = keys, pd.Series([], dtype="str")
    while not texts.empty:
        digests = _sha256(texts)
        taken = pd.concat([taken, taken_like("C" + digests.str.slice(0, SHORTEST))])
        for length in range(SHORTEST, DIGEST + 1):
            candidates = "C" + digests.str.slice(0, length)
            free = ~candidates.isin(taken) & ~candidates.duplicated()
            ids.loc[candidates.index[free]] = candidates[free]
            taken = pd.concat([taken, candidates[free]])
            digests = digests[~free]
            if digests.empty:
                break
        # Only a key that lost an id of every length in earlier splits is ever left over.
        texts = texts[digests.index] + "#"
    return ids


def _sha256(texts: pd.Series) -> pd.Series:
    """Hex SHA-256 of each text's UTF-8 bytes, computed by DuckDB a vector at a time."""
    hashed = pd.DataFrame({"position": np.arange(len(texts)), "text": texts.to_numpy()})
    with duckdb.connect() as connection:
        connection.register("hashed", hashed)
        digests = connection.execute("select sha256(text) as digest from hashed order by position").df()["digest"]
    return digests.astype("str").set_axis(texts.index)
