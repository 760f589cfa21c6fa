"""Back-fill: forget what raw holds of a dataset or a month, so that the load after it reads the kept deliveries anew.

Raw is a function of deliveries, contract and settings, so a back-fill ends where a full rebuild would.
"""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime

import duckdb

from orchestration.errors import ConfigurationError, DeliveryError
from orchestration.folders import DataFolder
from orchestration.landing.contract import Contract
from orchestration.landing.counts import moment
from orchestration.landing.intake import Delivery, is_intact, kept
from orchestration.landing.order_time import order_time
from orchestration.landing.tables import prepare, raw, run
from orchestration.landing.typed import literal, quoted
from orchestration.settings import Settings

MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
Keys = set[tuple[str, str]]


def forget(
    connection: duckdb.DuckDBPyConnection,
    folder: DataFolder,
    settings: Settings,
    contract: Contract,
    part: str,
    say: Callable[[str], None] = lambda _: None,
) -> int:
    """Drop what raw holds of `part`, a dataset or a month as 2026-03; returns how many deliveries are to be read again.

    A delivery belongs to the month of its path's date (without one, of its first sighting), and to every month in
    which one of its rows lies. A crash hereafter is mended by the next run: it loads whatever raw lacks.

    Raises:
        ConfigurationError: `part` is neither a dataset nor a month.
        DeliveryError: a kept copy is missing or damaged, so that its rows could not come back; nothing was dropped.
    """
    month = month_of(part, contract)
    deliveries = kept(folder.deliveries)
    prepare(connection, contract, settings)
    loaded: Keys = {(name, sha256) for name, sha256 in run(connection, "select dataset, delivery from raw.loads")}
    if month:
        first = date(int(month[1]), int(month[2]), 1)
        wanted = _of_the_month(connection, contract, settings, deliveries.values(), first) & loaded
    else:
        wanted = {key for key in loaded if key[0] == part}
    _refuse_lost_copies(folder, deliveries, wanted)
    run(connection, "begin")
    try:
        if not month:
            # dropped, not emptied: whatever was done to its columns or rows by hand goes with it
            run(connection, f"drop table if exists {raw(contract.datasets[part])}")
        for name in sorted({name for name, _ in wanted}):
            these = ", ".join(literal(sha256) for dataset, sha256 in sorted(wanted) if dataset == name)
            if month:
                run(connection, f"delete from {raw(contract.datasets[name])} where _delivery in ({these})")
            for table in ("loads", "load_notes", "quarantine"):
                run(
                    connection,
                    f"delete from raw.{table} where dataset = {literal(name)} and delivery in ({these})",
                )
        run(connection, "commit")
    except BaseException:
        run(connection, "rollback")
        raise
    say(f"back-fill of {part}: {len(wanted)} kept deliveries are read again")
    return len(wanted)


def month_of(part: str, contract: Contract) -> re.Match[str] | None:
    """The month that `part` names; none where it names a dataset.

    Raises:
        ConfigurationError: it names neither.
    """
    month = MONTH.fullmatch(part)
    if not month and part not in contract.datasets:
        raise ConfigurationError(f"'{part}' is neither a month like 2026-03 nor one of: {', '.join(contract.datasets)}")
    return month


def _of_the_month(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    settings: Settings,
    deliveries: Iterable[Delivery],
    first: date,
) -> Keys:
    """Deliveries made in the month, and those with a row in it; months are the company's."""
    found = {(d.dataset, d.sha256) for d in deliveries if _month_of(d, settings) == first}
    begins, ends = (_utc(day, settings) for day in (first, _next_month(first)))
    for dataset in contract.datasets.values():
        if dataset.event_time:
            time = quoted(dataset.event_time)
            sql = f"select distinct _delivery from {raw(dataset)} where {time} >= ? and {time} < ?"
            found |= {(dataset.name, sha256) for (sha256,) in run(connection, sql, [begins, ends])}
    return found


def _month_of(delivery: Delivery, settings: Settings) -> date:
    made = order_time(delivery.paths, settings.zone) or moment(delivery.first_seen())
    return made.replace(tzinfo=UTC).astimezone(settings.zone).date().replace(day=1)


def _next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _utc(day: date, settings: Settings) -> datetime:
    """The moment at which a company's day begins, as naive UTC, which is how raw holds times."""
    return datetime(day.year, day.month, day.day, tzinfo=settings.zone).astimezone(UTC).replace(tzinfo=None)


def _refuse_lost_copies(folder: DataFolder, deliveries: dict[tuple[str, str], Delivery], wanted: Keys) -> None:
    for key in sorted(wanted):
        delivery = deliveries.get(key)
        place = folder.deliveries / key[0] / key[1]
        if delivery is None or not is_intact(folder.deliveries, delivery):
            raise DeliveryError(
                f"{place}: the kept copy is missing or damaged, so its rows could not be loaded again; nothing was "
                "changed. Restore the folder from the backup, then back-fill again"
            )
