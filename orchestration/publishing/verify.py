"""Read a version back and say what is not as its manifest promises."""

from pathlib import Path
from typing import Any

import duckdb

from orchestration.errors import PublishingError
from orchestration.folders import DataFolder
from orchestration.publishing.digest import published_digest, table_digest
from orchestration.publishing.durable import sha256_of
from orchestration.publishing.versions import HANDBOOK, MANIFEST, PROFILES, current_name, read_manifest, version_names
from orchestration.publishing.write import MANIFEST_HASH


def verify(folder: DataFolder, version: str | None = None) -> list[str]:
    """Problems of a version (default: the one served), each naming its file; an empty list means it is whole.

    The persons' tables are looked at where they lie: only the version served has them, and must.
    """
    shelf = folder.published
    try:
        served = current_name(shelf)
    except PublishingError as problem:
        return [str(problem)]
    name = version or served
    if name is None:
        return [f"{shelf}: nothing was published yet; run: loyalty run"]
    if name not in version_names(shelf):
        return [f"{shelf / name}: there is no such version"]
    return problems_of(shelf / name, with_profiles=name == served)


def problems_of(version: Path, with_profiles: bool) -> list[str]:
    """Problems of the version in this folder: bytes, rows, digest, and files that nobody promised."""
    try:
        manifest = read_manifest(version)
        problems = _folder_problems(version, manifest["tables"], {PROFILES, HANDBOOK})
        problems += _handbook_problems(version / HANDBOOK, manifest.get("handbook", {}))
        digests = {name: facts["digest"] for name, facts in manifest["tables"].items() if facts["digest"]}
        if published_digest(digests) != manifest["digest"]:
            problems.append(f"{version / MANIFEST}: the digest is not that of its tables")
        if (version / PROFILES).exists():
            profiles = version / PROFILES
            problems += _folder_problems(profiles, read_manifest(profiles)["tables"], set())
        elif with_profiles and manifest["profiles"]:
            problems.append(f"{version / PROFILES}: missing")
    except PublishingError as problem:
        return [str(problem)]
    except (KeyError, TypeError, AttributeError, ValueError) as problem:
        return [f"{version / MANIFEST}: not a whole manifest ({problem!r})"]
    return problems


def changed_files(version: Path) -> list[Path]:
    """Tables of a version whose bytes are not those of its manifest; quicker than `problems_of`, which reads their rows too.

    Raises:
        PublishingError: the manifest is missing, or none.
    """
    try:
        promised = {version / facts["file"]: facts["sha256"] for facts in read_manifest(version)["tables"].values()}
    except (KeyError, TypeError, AttributeError) as problem:
        raise PublishingError(
            f"{version / MANIFEST}: not a whole manifest; publish again with: loyalty run"
        ) from problem
    return [path for path, sha256 in promised.items() if not path.is_file() or sha256_of(path) != sha256]


def _handbook_problems(folder: Path, promised: dict[str, str]) -> list[str]:
    found = {path.name: sha256_of(path) for path in sorted(folder.iterdir())} if folder.is_dir() else {}
    return [
        f"{folder / name}: not as the manifest says"
        for name in sorted(found.keys() | promised.keys())
        if found.get(name) != promised.get(name)
    ]


def _folder_problems(folder: Path, tables: dict[str, dict[str, Any]], also: set[str]) -> list[str]:
    manifest, noted = folder / MANIFEST, folder / MANIFEST_HASH
    promised = noted.read_text(encoding="utf-8", errors="replace") if noted.is_file() else ""
    if promised != f"{sha256_of(manifest)}  {MANIFEST}\n":
        return [f"{manifest}: its SHA-256 is not the one in {MANIFEST_HASH}, so that nothing in it can be relied on"]
    expected = {MANIFEST, MANIFEST_HASH} | also | {facts["file"] for facts in tables.values()}
    problems = [f"{path}: not named in the manifest" for path in sorted(folder.iterdir()) if path.name not in expected]
    with duckdb.connect() as connection:
        for facts in tables.values():
            problems += _file_problems(connection, folder / facts["file"], facts)
    return problems


def _file_problems(connection: duckdb.DuckDBPyConnection, path: Path, facts: dict[str, Any]) -> list[str]:
    if not path.is_file():
        return [f"{path}: missing"]
    found = sha256_of(path)
    if found != facts["sha256"]:
        return [f"{path}: SHA-256 is {found}, the manifest says {facts['sha256']}"]
    source, parameters = "read_parquet(?)", [str(path)]
    try:
        described = connection.execute(f"describe select * from {source}", parameters).fetchall()
        columns = [(str(row[0]), str(row[1])) for row in described]
        row = connection.execute(f"select count(*) from {source}", parameters).fetchone()
        digest = table_digest(connection, source, columns, facts["key"], parameters) if facts["digest"] else None
    except duckdb.Error as problem:
        return [f"{path}: not readable as Parquet: {problem}"]
    problems = []
    if [list(column) for column in columns] != facts["columns"]:
        problems.append(f"{path}: its columns are not those of the manifest")
    if row != (facts["rows"],):
        problems.append(f"{path}: holds {row[0] if row else 0} rows, the manifest says {facts['rows']}")
    if digest != facts["digest"]:
        problems.append(f"{path}: its rows have digest {digest}, the manifest says {facts['digest']}")
    return problems
