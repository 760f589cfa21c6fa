"""The room's entry point: take what is new, load what the warehouse lacks, settle, count."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

from orchestration.folders import DataFolder
from orchestration.landing.bulk import groups, load_group
from orchestration.landing.company_tables import write_config
from orchestration.landing.contract import Contract
from orchestration.landing.counts import count, dismissals
from orchestration.landing.decode import Refused
from orchestration.landing.discover import Note
from orchestration.landing.intake import Delivery, Intake, content_file, is_intact, take
from orchestration.landing.load import load_delivery, mark_unreadable
from orchestration.landing.order_time import order_time
from orchestration.landing.settle import settle
from orchestration.landing.tables import prepare, run
from orchestration.landing.typed import literal
from orchestration.settings import Settings

SCRATCH = ".scratch"


@dataclass(frozen=True)
class LoadReport:
    """What one run did: contents taken from landing and loaded now, and sums over all deliveries afterwards."""

    taken: int
    loaded_now: int
    unreadable: int
    waiting: int
    received: int
    loaded: int
    superseded: int
    duplicate: int
    quarantined: int
    conflicts: int
    rebuilt: bool
    notes: tuple[Note, ...]

    @property
    def balanced(self) -> bool:
        """Does the delivery equation hold over all deliveries?"""
        return self.received == self.loaded + self.superseded + self.duplicate + self.quarantined


def load_deliveries(
    connection: duckdb.DuckDBPyConnection,
    folder: DataFolder,
    settings: Settings,
    contract: Contract,
    as_of: datetime,
    say: Callable[[str], None] = lambda _: None,
) -> LoadReport:
    """Bring raw.* and config.* up to what lies in landing/ and deliveries/; `as_of` carries a time zone.

    Every delivery is loaded in a transaction of its own, and so is the settling: a crash anywhere leaves the warehouse
    consistent, and the next call finishes. No content of a file raises.

    Raises:
        DeliveryError: what is kept of an earlier delivery, or of a dismissal, is damaged.
    """
    moment = as_of.astimezone(UTC)
    folder.create()
    scratch = folder.warehouse / SCRATCH
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    [(zone_before,)] = run(connection, "select current_setting('TimeZone')")
    run(connection, f"set TimeZone = {literal(settings.timezone)}")
    try:
        rebuilt = prepare(connection, contract, settings)
        if rebuilt:
            say("contract, time zone or formats changed: every delivery is loaded again")
        intake = take(
            folder.landing, folder.deliveries, contract.datasets, settings.max_deliveries_per_run, moment, say
        )
        # A filter pushed below the typing would repeat it, each cell would be parsed several times; and each of its many
        # `in (…)` lists would become a join of its own.
        run(connection, "set disabled_optimizers = 'filter_pushdown,in_clause'")
        # A row's place is in _line. Kept in their order, the rows of many small files would be copied once more.
        run(connection, "set preserve_insertion_order = false")
        loaded_now = _load_missing(connection, folder, settings, contract, intake, say)
        run(connection, "reset disabled_optimizers")
        run(connection, "reset preserve_insertion_order")
        _settle(connection, folder, settings, contract, moment.replace(tzinfo=None), intake)
    finally:
        run(connection, "reset disabled_optimizers")
        run(connection, "reset preserve_insertion_order")
        run(connection, f"set TimeZone = {literal(zone_before)}")
        shutil.rmtree(scratch, ignore_errors=True)
    return _report(connection, intake, loaded_now, rebuilt)


def _load_missing(
    connection: duckdb.DuckDBPyConnection,
    folder: DataFolder,
    settings: Settings,
    contract: Contract,
    intake: Intake,
    say: Callable[[str], None],
) -> int:
    _forget_healed(connection, folder, intake)
    present = set(run(connection, "select dataset, delivery from raw.loads"))
    missing = [
        d for key, d in sorted(intake.deliveries.items()) if key not in present and d.dataset in contract.datasets
    ]
    done = _load_groups(connection, folder, settings, contract, intake, missing)
    for number, delivery in enumerate(missing, start=1):
        if delivery.sha256 not in done.get(delivery.dataset, ()):
            dataset, file = contract.datasets[delivery.dataset], content_file(folder.deliveries, delivery)
            if _is_intact(folder, intake, delivery):
                status = load_delivery(connection, dataset, delivery.sha256, file, settings, folder.warehouse / SCRATCH)
            else:
                mark_unreadable(connection, dataset, delivery.sha256, Refused("damaged_copy"))
                status = "unreadable"
            if status == "unreadable":
                say(f"{delivery.paths[0]}: cannot be read and is quarantined whole; `loyalty quarantine` says why")
        if number % 50 == 0 or number == len(missing):
            say(f"loaded {number} of {len(missing)} deliveries")
    return len(missing)


def _load_groups(
    connection: duckdb.DuckDBPyConnection,
    folder: DataFolder,
    settings: Settings,
    contract: Contract,
    intake: Intake,
    missing: Sequence[Delivery],
) -> dict[str, set[str]]:
    """Load Parquet deliveries of one shape together; returns dataset → contents that are done."""
    done: dict[str, set[str]] = {}
    for name, dataset in contract.datasets.items():
        files = [
            (d.sha256, content_file(folder.deliveries, d))
            for d in missing
            if d.dataset == name and _is_intact(folder, intake, d)
        ]
        for group in groups(files) if len(files) > 1 else ():
            if len(group) > 1 and load_group(connection, dataset, group, settings):
                done.setdefault(name, set()).update(sha256 for sha256, *_ in group)
    return done


def _is_intact(folder: DataFolder, intake: Intake, delivery: Delivery) -> bool:
    """Does the kept copy still have the bytes that were delivered? Those copied in this run were hashed already."""
    if (delivery.dataset, delivery.sha256) in intake.taken:
        return True
    return is_intact(folder.deliveries, delivery)


def _forget_healed(connection: duckdb.DuckDBPyConnection, folder: DataFolder, intake: Intake) -> None:
    """Copies that were damaged when they were read, and were restored or delivered again since, are to be read again."""
    for key in run(connection, "select dataset, delivery from raw.loads where reason = 'damaged_copy' order by all"):
        delivery = intake.deliveries.get(key)
        if delivery is not None and _is_intact(folder, intake, delivery):
            for table in ("quarantine", "loads"):  # what is not among the loads is read anew
                run(connection, f"delete from raw.{table} where dataset = ? and delivery = ?", key)


def _settle(
    connection: duckdb.DuckDBPyConnection,
    folder: DataFolder,
    settings: Settings,
    contract: Contract,
    as_of: datetime,
    intake: Intake,
) -> None:
    deliveries = [d for _, d in sorted(intake.deliveries.items()) if d.dataset in contract.datasets]
    run(connection, "begin")
    try:
        times = [(delivery, order_time(delivery.paths, settings.zone)) for delivery in deliveries]
        settle(connection, contract, settings, as_of, times)
        count(connection, contract, deliveries, intake.waiting, intake.notes, dismissals(folder.state))
        write_config(connection, settings, as_of)
        run(connection, "commit")
    except BaseException:
        run(connection, "rollback")
        raise


def _report(connection: duckdb.DuckDBPyConnection, intake: Intake, loaded_now: int, rebuilt: bool) -> LoadReport:
    [sums] = run(
        connection,
        "select count(*) filter (where status = 'unreadable'), count(*) filter (where status = 'waiting'), "
        + ", ".join(f"coalesce(sum({name}), 0)::bigint" for name in ("received", "loaded", "superseded", "duplicate"))
        + ", coalesce(sum(quarantined), 0)::bigint, coalesce(sum(conflicts), 0)::bigint from raw.deliveries",
    )
    notes = tuple(
        Note(*note)
        for note in run(connection, "select dataset, delivery, path, code, detail from raw.notes order by all")
    )
    return LoadReport(len(intake.taken), loaded_now, *sums, rebuilt, notes)
