"""From records and edges to customers: `identity.memberships` and the next state."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from orchestration.errors import LoyaltyError
from orchestration.identity import history, remembered, state
from orchestration.identity.clusters import clusters as cluster_labels
from orchestration.identity.clusters import components, held_by_weak
from orchestration.identity.links import read_links, weights_of_gaps, write_links
from orchestration.identity.model import Model
from orchestration.identity.stable_ids import NOBODY, SHORTEST, fresh_ids, heirs, kept_ids


@dataclass(frozen=True)
class IdentityReport:
    """What one run of the identity step found and changed, and the state that says so."""

    records: int
    customers: int
    largest_cluster: int
    weak_customers: int
    created: int
    absorbed: int
    split: int
    state: Path


def resolve(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    previous_state: Path | None,
    as_of: datetime | None = None,
    run: str = "",
    model: Model | None = None,
) -> IdentityReport:
    """Cluster `main.identity_records` by exact edges, `model` and decisions, and write `identity.memberships`.

    `identity.state(name)` gets the name of the state behind it, for the manifest of the version to be published.
    `folder` is where states lie (`states_folder`), `previous_state` what `prepare` returned. The new state is written
    there, unless nothing changed: then the previous one stays in force. `as_of` (UTC) and `run` say in the log of events
    and in the history (`identity.events`, `identity.history`) when things changed. `model` is the one that `identity.scored_pairs`
    was made with; without one exact edges decide alone. The result depends on the rows of these tables and on the
    previous state only, not on threads or row order. `identity.links` gets the links in force.
    """
    remembered.load(connection, previous_state)
    clusters = _clusters(connection, model)
    connection.register("clusters_now", clusters)
    pairs = connection.execute("""
        select c.cluster, p.age as old, count(*) as shared
        from main.identity_records as r
        inner join clusters_now as c on r.record_no = c.record_no
        inner join old_memberships as m using (source_system, source_customer_id)
        inner join old_ages as p using (customer_id)
        group by all
    """).df()
    cluster, old, shared = (pairs[column].to_numpy(dtype=np.int64) for column in ("cluster", "old", "shared"))
    count = int(clusters["cluster"].max()) + 1 if len(clusters) else 0
    kept = kept_ids(count, cluster, old, shared)

    new_number = state.next_number(folder)
    customers = _name(connection, kept, new_number)
    connection.register("customers_now", customers)
    lost = pairs[~np.isin(old, kept)].merge(customers, on="cluster")
    absorbed = heirs(lost)
    connection.register("absorbed_now", absorbed)

    _write_memberships(connection)
    write_links(connection, model)
    remembered.next_tables(connection, new_number, as_of, run)
    history.write(connection)
    written = previous_state
    if written is None or remembered.differs(connection, new_number):
        written = state.write(connection, folder, new_number)
    connection.execute("create or replace table identity.state as select ? as name", [written.name])
    for view in ("clusters_now", "customers_now", "absorbed_now"):
        connection.unregister(view)
    sizes = np.bincount(clusters["cluster"]) if count else np.zeros(1, dtype=np.int64)
    return IdentityReport(
        records=len(clusters),
        customers=count,
        largest_cluster=int(sizes.max()),
        weak_customers=int(clusters.loc[clusters["is_weak"], "cluster"].nunique()),
        created=int((kept == NOBODY).sum()),
        absorbed=len(absorbed),
        split=int((np.unique(old, return_counts=True)[1] > 1).sum()),
        state=written,
    )


def _clusters(connection: duckdb.DuckDBPyConnection, model: Model | None) -> pd.DataFrame:
    """One row per record: record_no, cluster (0 …, by smallest record), head (that record), is_weak."""
    numbers = connection.execute(
        "select record_no from main.identity_records order by source_system, source_customer_id"
    ).fetchnumpy()["record_no"]
    if not np.array_equal(numbers, np.arange(len(numbers))):
        # The customer key is the smallest record's name: another numbering would silently name other customers.
        raise LoyaltyError(
            "main.identity_records: record_no must count 0, 1, 2 … in the order of source_system, source_customer_id; "
            "mend dbt_project/models/identity/identity_records.sql"
        )
    links = read_links(connection, model)
    unscored = partial(weights_of_gaps, connection, model) if model else None
    labels = cluster_labels(len(numbers), links, unscored)
    left, right = links.firm
    held = labels[left] == labels[right]
    parts = components(len(numbers), left[held], right[held])
    heads, cluster = np.unique(labels, return_inverse=True)
    return pd.DataFrame(
        {
            "record_no": np.arange(len(labels)),
            "cluster": cluster.astype(np.int64),
            "head": heads[cluster],
            "is_weak": held_by_weak(labels, parts),
        }
    )


def _name(connection: duckdb.DuckDBPyConnection, kept: np.ndarray, new_number: int) -> pd.DataFrame:
    """One row per cluster: cluster, customer_id, first_seen, customer_key, is_new.

    A bar in a source system's name is escaped, so that no two records share a key.
    """
    connection.register("kept_now", pd.DataFrame({"cluster": np.arange(len(kept)), "age": kept}))
    customers = connection.execute(
        r"""
        select
            k.cluster,
            o.customer_id,
            coalesce(o.first_seen, ?) as first_seen,
            replace(replace(r.source_system, '\', '\\'), '|', '\|') || '|' || r.source_customer_id as customer_key
        from kept_now as k
        left join old_ages as o on k.age = o.age
        inner join clusters_now as c on k.cluster = c.cluster and c.record_no = c.head
        inner join main.identity_records as r on c.record_no = r.record_no
        order by k.cluster
        """,
        [new_number],
    ).df()
    connection.unregister("kept_now")
    customers["customer_id"] = customers["customer_id"].astype("str")
    customers["is_new"] = customers["customer_id"].isna()
    new = customers["is_new"]
    taken_like = partial(_ids_that_begin, connection)
    customers.loc[new, "customer_id"] = fresh_ids(customers.loc[new, "customer_key"], taken_like)
    return customers


def _ids_that_begin(connection: duckdb.DuckDBPyConnection, starts: pd.Series) -> pd.Series:
    """All ids ever given whose shortest form is among `starts`."""
    connection.register("starts_now", pd.DataFrame({"start": starts.to_numpy()}))
    found = connection.execute(f"""
        select customer_id
        from old_customers
        where left(customer_id, {SHORTEST + 1}) in (select start from starts_now)
    """).df()["customer_id"]
    connection.unregister("starts_now")
    return found.astype("str")


def _write_memberships(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("create schema if not exists identity")
    connection.execute("""
        create or replace table identity.memberships as
        select r.source_system, r.source_customer_id, n.customer_id, n.customer_key, c.is_weak
        from main.identity_records as r
        inner join clusters_now as c on r.record_no = c.record_no
        inner join customers_now as n on c.cluster = n.cluster
        order by r.record_no
    """)
