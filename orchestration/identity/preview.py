"""What another model would change, before it does: today's records scored and clustered again, in memory."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb
import numpy as np

from orchestration.identity.clusters import clusters
from orchestration.identity.comparable import write_comparable
from orchestration.identity.links import read_links, weights_of_gaps
from orchestration.identity.model import Model
from orchestration.identity.scored_pairs import score
from orchestration.warehouse import connection_settings

TABLES = ("main.identity_records", "main.identity_keys", "main.identity_guards", "main.identity_edges")


@dataclass(frozen=True)
class Preview:
    """Links by the model and customers, under the model in force and under the other.

    `changed_customers` of today would gain or lose records; `moved_records` would change customer.
    """

    links_before: int
    links_after: int
    links_gained: int
    links_lost: int
    customers_before: int
    customers_after: int
    changed_customers: int
    moved_records: int

    @property
    def unfit(self) -> str | None:
        """Why nobody should want the other model; None where it is worth a look.

        Weights move by a factor of two at most, which costs sound records few links: losing half of them, or having none,
        means that what was learnt from isn't people.
        """
        if self.links_after == 0:
            return f"it would link nobody, where today's model links {self.links_before} pairs"
        if 2 * self.links_after < self.links_before:
            return f"it would leave {self.links_after} of {self.links_before} links"
        return None


def records_of(database: Path, model: Model) -> duckdb.DuckDBPyConnection:
    """A database in memory with the warehouse's identity tables and `identity.comparable` as `model` sees them."""
    connection = duckdb.connect()
    for name, value in connection_settings().items():
        connection.execute(f"set {name} = '{value}'")
    place = str(database).replace("'", "''")
    connection.execute(f"attach '{place}' as warehouse (read_only)")
    connection.execute("create schema identity")
    for table in TABLES:
        connection.execute(f"create table {table} as from warehouse.{table}")
    decided = connection.execute(
        "select 1 from information_schema.tables "
        "where table_catalog = 'warehouse' and table_schema = 'identity' and table_name = 'decisions'"
    ).fetchall()
    if decided:
        connection.execute("create table identity.decisions as from warehouse.identity.decisions")
    connection.execute("detach warehouse")
    write_comparable(connection, model)
    return connection


def preview(connection: duckdb.DuckDBPyConnection, before: Model, after: Model) -> Preview:
    """Compare both models on the records of `records_of`."""
    old, old_links = _customers(connection, before)
    new, new_links = _customers(connection, after)
    # A customer is unchanged where the same records make one: label → label, one to one.
    pairs = np.unique(np.stack([old, new]), axis=1)
    met_old, met_new = (np.unique(side, return_counts=True) for side in pairs)
    changed = set(met_old[0][met_old[1] > 1]) | set(pairs[0][np.isin(pairs[1], met_new[0][met_new[1] > 1])])
    return Preview(
        links_before=len(old_links),
        links_after=len(new_links),
        links_gained=len(new_links - old_links),
        links_lost=len(old_links - new_links),
        customers_before=len(np.unique(old)),
        customers_after=len(np.unique(new)),
        changed_customers=len(changed),
        moved_records=int((old != new).sum()),
    )


def _customers(connection: duckdb.DuckDBPyConnection, model: Model) -> tuple[np.ndarray, set[tuple[int, int]]]:
    """Each record's cluster, and the pairs that the model links."""
    score(connection, model)
    records = connection.execute("select count(*) from main.identity_records").fetchall()[0][0]
    labels = clusters(records, read_links(connection, model), partial(weights_of_gaps, connection, model))
    linked = connection.execute(
        "select left_record, right_record from identity.scored_pairs where match_weight >= ?", [model.threshold]
    ).fetchall()
    return labels, set(linked)
