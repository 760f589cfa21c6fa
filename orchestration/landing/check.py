"""Try one file before delivering it: the loader's own code against a database in memory; nothing is written."""

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from orchestration.errors import ConfigurationError, DeliveryError
from orchestration.landing.contract import Contract
from orchestration.landing.counts import count
from orchestration.landing.discover import UNFINISHED
from orchestration.landing.intake import Delivery, Sighting, digest_of
from orchestration.landing.load import load_delivery
from orchestration.landing.order_time import order_time
from orchestration.landing.quarantine import Refused, refused
from orchestration.landing.settle import settle
from orchestration.landing.tables import prepare, run
from orchestration.landing.typed import literal
from orchestration.settings import Settings


@dataclass(frozen=True)
class CheckReport:
    """What would become of the file; `refused` never holds a value, only where and why."""

    dataset: str
    path: str
    status: str
    received: int
    loaded: int
    superseded: int
    duplicate: int
    quarantined: int
    conflicts: int
    refused: tuple[Refused, ...]
    notes: tuple[str, ...]

    @property
    def accepted(self) -> bool:
        """Would every row be taken?"""
        return self.status == "loaded" and self.quarantined == 0


def check_file(
    path: Path, dataset: str | None, settings: Settings, contract: Contract, as_of: datetime | None = None
) -> CheckReport:
    """Check one file as a delivery of `dataset` (default: the folder of landing that it lies in, else any, else its own name).

    What depends on other deliveries — rates, scales, references — is not looked at.

    Raises:
        ConfigurationError: when the dataset is unknown and cannot be told from the folder.
        DeliveryError: when there is no such file.
    """
    if not path.is_file():
        raise DeliveryError(f"{path}: there is no such file")
    folders = path.absolute().parts[:-1]
    below = _below_landing(folders)
    # within landing the outermost folder says it, as to a run, whatever those in it are called
    places = [*below[:1], *reversed(folders), *reversed(path.resolve().parts[:-1]), path.name.split(".")[0]]
    name = dataset or next((part for part in places if part in contract.datasets), None)
    if name is None or name not in contract.datasets:
        known = ", ".join(sorted(contract.datasets))
        raise ConfigurationError(f"{path}: which dataset is it? Name it with --dataset, one of: {known}")
    alone = Contract({name: contract.datasets[name]})
    moment = (as_of or datetime.now(UTC)).astimezone(UTC)
    place = "/".join((*(below if below[:1] == (name,) else (name,)), path.name))
    sha256, size = digest_of(path), path.stat().st_size
    delivery = Delivery(name, sha256, size, [Sighting(place, moment.isoformat(), (size, 0, 0, 0))])
    with duckdb.connect() as connection, tempfile.TemporaryDirectory() as scratch:
        run(connection, f"set TimeZone = {literal(settings.timezone)}")
        prepare(connection, alone, settings)
        load_delivery(connection, alone.datasets[name], sha256, path, settings, Path(scratch))
        times = [(delivery, order_time(delivery.paths, settings.zone))]
        settle(connection, alone, settings, moment.replace(tzinfo=None), times)
        count(connection, alone, [delivery], [], [], {})
        [counts] = run(
            connection,
            "select status, received, loaded, superseded, duplicate, quarantined, conflicts from raw.deliveries",
        )
        notes = [
            f"{code}: {detail}" for code, detail in run(connection, "select code, detail from raw.notes order by all")
        ]
        if path.name.startswith(".") or path.name.lower().endswith(UNFINISHED):
            notes.append(f"unfinished_name: a file named {path.name} is never taken; rename it when it is complete")
        return CheckReport(name, str(path), *counts, tuple(refused(connection)), tuple(notes))


def _below_landing(folders: tuple[str, ...]) -> tuple[str, ...]:
    """The folders below one called landing; none where there is no such."""
    return folders[folders.index("landing") + 1 :] if "landing" in folders else ()
