"""Deliveries are known by their content: each is copied once to deliveries/<dataset>/<sha256>/, with where and when it was seen.

The copy makes a later overwriting of the landing file harmless, and lets a deleted warehouse be rebuilt.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from orchestration.errors import DeliveryError
from orchestration.landing.discover import Found, Note, discover

CONTENT, RECORD, INCOMING = "content", "delivery.json", ".incoming"
BLOCK = 1 << 20


@dataclass(frozen=True)
class Sighting:
    """One path at which a content was seen; `stamp` is the file's size, mtime, ctime and inode at that moment."""

    path: str
    first_seen: str
    stamp: tuple[int, int, int, int]


@dataclass
class Delivery:
    """One content of one dataset; `first_seen` texts are ISO 8601 in UTC."""

    dataset: str
    sha256: str
    size: int
    sightings: list[Sighting] = field(default_factory=list)

    @property
    def paths(self) -> list[str]:
        return sorted({sighting.path for sighting in self.sightings})

    def first_seen(self, path: str | None = None) -> str:
        """When the content was first seen, at `path` or anywhere."""
        return min(s.first_seen for s in self.sightings if path in (None, s.path))


@dataclass
class Intake:
    """What lies in deliveries/ after the landing folder was looked through."""

    deliveries: dict[tuple[str, str], Delivery]
    waiting: list[Found]
    notes: list[Note]
    taken: set[tuple[str, str]]


def kept(folder: Path) -> dict[tuple[str, str], Delivery]:
    """All deliveries kept below `folder`, by (dataset, sha256).

    Raises:
        DeliveryError: the record of one is damaged.
    """
    deliveries = {}
    for record in folder.glob(f"*/*/{RECORD}"):
        try:
            content = json.loads(record.read_text(encoding="utf-8"))
            sightings = [Sighting(s["path"], s["first_seen"], tuple(s["stamp"])) for s in content["sightings"]]
            delivery = Delivery(content["dataset"], content["sha256"], content["size"], sightings)
        except (ValueError, KeyError, TypeError) as problem:
            raise DeliveryError(
                f"{record} is damaged: it no longer says which delivery lies there. Restore it from a backup; without one, "
                "delete it and deliver the file again, then: loyalty run"
            ) from problem
        deliveries[delivery.dataset, delivery.sha256] = delivery
    return deliveries


def content_file(folder: Path, delivery: Delivery) -> Path:
    """Where the copy of a delivery lies."""
    return folder / delivery.dataset / delivery.sha256 / CONTENT


def is_intact(folder: Path, delivery: Delivery) -> bool:
    """Is the kept copy there, with the bytes that were delivered?"""
    try:
        return digest_of(content_file(folder, delivery)) == delivery.sha256
    except FileNotFoundError:
        return False


def take(
    landing: Path, folder: Path, datasets: Collection[str], at_most: int, as_of: datetime, say: Callable[[str], None]
) -> Intake:
    """Copy what is new in `landing` to `folder`; files beyond `at_most` wait, files still changing are left.

    What is new was first seen at `as_of`, or just after what a run before it saw: a correction comes after what it corrects,
    though both runs spoke for one moment, or the later one for an earlier.

    A file whose path, size, times and inode are known is not read again.
    """
    incoming = folder / INCOMING
    shutil.rmtree(incoming, ignore_errors=True)
    incoming.mkdir(parents=True)
    deliveries = kept(folder)
    known = {(s.path, s.stamp): d for d in deliveries.values() for s in d.sightings}
    newest = {name: _newest(deliveries.values(), name) for name in datasets}
    found, notes = discover(landing, datasets)
    waiting: list[Found] = []
    taken: set[tuple[str, str]] = set()
    read = 0
    for file in found:
        try:
            stamp = _stamp(file.file)
            if (file.path, stamp) in known:
                continue
            if read >= at_most:
                waiting.append(file)
                continue
            read += 1
            temporary = Path(tempfile.mkdtemp(dir=incoming))
            sha256, size = _copy(file.file, temporary / CONTENT)
            if _stamp(file.file) != stamp or size != stamp[0]:
                notes.append(
                    Note(
                        file.dataset,
                        "",
                        file.path,
                        "still_changing",
                        f"{file.path}: still changing; left for the next run",
                    )
                )
                continue
        except OSError as problem:
            if problem.filename is not None and Path(problem.filename) != file.file:
                raise
            notes.append(
                Note(
                    file.dataset,
                    "",
                    file.path,
                    "unreadable_file",
                    f"{file.path}: {problem.strerror}; left for the next run",
                )
            )
            continue
        delivery = deliveries.setdefault((file.dataset, sha256), Delivery(file.dataset, sha256, size))
        delivery.sightings = [s for s in delivery.sightings if s.path != file.path] + [
            Sighting(file.path, _seen(delivery, file.path, _after(as_of, newest[file.dataset])), stamp)
        ]
        _keep(folder, temporary, delivery)
        taken.add((file.dataset, sha256))
    shutil.rmtree(incoming)
    if waiting:
        say(f"{len(waiting)} deliveries wait for the next run (max_deliveries_per_run is {at_most})")
    return Intake(deliveries, waiting, notes, taken)


def _seen(delivery: Delivery, path: str, as_of: datetime) -> str:
    earlier = [s.first_seen for s in delivery.sightings if s.path == path]
    return min([*earlier, as_of.isoformat(timespec="microseconds")])


def _newest(deliveries: Iterable[Delivery], dataset: str) -> datetime | None:
    moments = (s.first_seen for d in deliveries if d.dataset == dataset for s in d.sightings)
    return max(map(datetime.fromisoformat, moments), default=None)


def _after(as_of: datetime, newest: datetime | None) -> datetime:
    return as_of if newest is None or newest < as_of else newest + timedelta(microseconds=1)


def _stamp(file: Path) -> tuple[int, int, int, int]:
    status = file.stat()
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def _copy(source: Path, target: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as reading, target.open("xb") as writing:
        while block := reading.read(BLOCK):
            digest.update(block)
            writing.write(block)
            size += len(block)
        writing.flush()
        os.fsync(writing.fileno())
    return digest.hexdigest(), size


def _keep(folder: Path, temporary: Path, delivery: Delivery) -> None:
    """Put the copy in its place by renaming; where the content was before it is replaced, as it may have been damaged since."""
    place = folder / delivery.dataset / delivery.sha256
    record = temporary / RECORD
    with record.open("x", encoding="utf-8") as writing:
        json.dump(asdict(delivery), writing, ensure_ascii=False, indent=1)
        writing.flush()
        os.fsync(writing.fileno())
    if place.exists():
        (temporary / CONTENT).replace(place / CONTENT)
        record.replace(place / RECORD)
        _sync(place)
    else:
        place.parent.mkdir(exist_ok=True)
        temporary.replace(place)
        _sync(place.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def digest_of(file: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with file.open("rb") as reading:
        return hashlib.file_digest(reading, "sha256").hexdigest()
