"""The pieces of work of the identity measure, run in a child by `work.py`."""

import shutil
import warnings
from pathlib import Path
from typing import Any

import duckdb

from orchestration.identity.comparable import COUNTED, write_comparable
from orchestration.identity.model import load_model
from orchestration.identity.resolve import resolve
from orchestration.identity.scored_pairs import score
from orchestration.warehouse import connect

from .identity_records import write_records
from .timed import timed

Facts = dict[str, Any]


def write(database: str, records: str) -> Facts:
    """Synthetic records into a new database."""
    facts: Facts = {}
    with connect(Path(database)) as connection, timed(facts):
        write_records(connection, int(records))
    return facts


def identity(database: str) -> Facts:
    """All records for the first time."""
    facts: Facts = {}
    _forget(database)
    with connect(Path(database)) as connection:
        with timed(facts):
            facts["pairs"] = _run(connection, database).newly_compared_pairs
        labels = "select r.record_no, m.customer_id as cluster from identity.memberships as m "
        facts["f1"] = _f1(
            connection, labels + "inner join main.identity_records as r using (source_system, source_customer_id)"
        )
    return facts


def again(database: str, changes: str = "one in a hundred") -> Facts:
    """The run after: one record in a hundred has moved, or nothing happened."""
    facts: Facts = {}
    with connect(Path(database)) as connection:
        if changes != "nothing":
            connection.execute("update main.identity_records set city = 'elsewhere' where record_no % 100 = 7")
        with timed(facts):
            facts["pairs"] = _run(connection, database).newly_compared_pairs
    return facts


def splink(database: str) -> Facts:
    """What a script does that trusts Splink's defaults: predict with the same file, cluster at the same threshold."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from splink import DuckDBAPI, Linker
    facts: Facts = {}
    model = load_model()
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"attach '{database}' as given (read_only); use given")
        source = connection.cursor()
        connection.execute("use memory")
        for table in ("identity_records", "identity_keys", "identity_guards", "truth"):
            connection.execute(f"create table memory.main.{table} as from given.main.{table}")
        source.close()
        connection.execute("detach given; create schema identity")
        with timed(facts):
            write_comparable(connection, model)
            records = connection.execute("select count(*) from identity.comparable").fetchall()[0][0]
            settings = model.splink | {"probability_two_random_records_match": 1 / (1 + 2 ** -model.prior(records))}
            api = DuckDBAPI(connection=connection)
            columns = "* exclude (fingerprint, source_system, source_customer_id)"
            table = api.register(connection.sql(f"select {columns} from identity.comparable").to_arrow_table())
            linker = Linker(table, settings, log_level="ERROR")
            for name in COUNTED:
                frequencies = connection.sql(
                    f"select distinct {name}, tf_{name} from identity.comparable where tf_{name} is not null"
                )
                linker.table_management.register_term_frequency_lookup(api.register(frequencies.to_arrow_table()), name)
            predicted = linker.inference.predict(threshold_match_weight=model.floor + model.prior(records))
            clustered = linker.clustering.cluster_pairwise_predictions_at_threshold(
                predicted, threshold_match_weight=model.threshold
            )
        facts["pairs"] = connection.execute(f"select count(*) from {predicted.physical_name}").fetchall()[0][0]
        facts["f1"] = _f1(connection, f"select record_no, cluster_id as cluster from {clustered.physical_name}")
    return facts


def _run(connection: duckdb.DuckDBPyConnection, database: str) -> Any:
    model, states = load_model(), Path(database).with_suffix(".states")
    compared = score(connection, model)
    previous = max(states.glob("[0-9]*"), default=None)
    resolve(connection, states, previous, model=model)
    connection.execute("checkpoint")
    return compared


def _forget(database: str) -> None:
    shutil.rmtree(Path(database).with_suffix(".states"), ignore_errors=True)


def _f1(connection: duckdb.DuckDBPyConnection, labels: str) -> float:
    """Pairwise, of clusters (record_no, cluster) against main.truth."""
    pairs = "coalesce(sum(n * (n - 1) // 2), 0)"
    both, found, true = (
        connection.execute(
            f"select {pairs} from (select count(*) as n from ({labels}) inner join main.truth using (record_no) group by {by})"
        ).fetchall()[0][0]
        for by in ("cluster, person", "cluster", "person")
    )
    return float(2 * both / (found + true))
