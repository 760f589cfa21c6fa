"""The dbt project as dbt compiled and built it for one company, and where each compiled line was written."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb

from dbt_project.functions import register
from orchestration.errors import LoyaltyError
from orchestration.folders import DBT_PROJECT, DataFolder
from tests.determinism.findings import Finding
from tests.determinism.floats import floating_sums
from tests.determinism.orders import Key, untotal_windows
from tests.determinism.words import refused_words

CLOCK = re.compile(r"run_started_at|modules\.datetime\.datetime\.(now|utcnow|today)|invocation_id")


class NotCompiled(LoyaltyError):
    """The company folder holds no compiled SQL for a model; the message names the remedy."""


def project_findings(manifest: Mapping[str, Any], data: Path) -> Iterator[str]:
    """Messages for every model and singular test of the manifest, as built in the company folder `data`.

    Raises:
        NotCompiled: where a model was not built there.
    """
    if not DataFolder(data).database.exists():
        raise NotCompiled(f"{data} has no warehouse; run `LOYALTY_DATA={data} loyalty run` first")
    with duckdb.connect(str(DataFolder(data).database), read_only=True) as warehouse:
        register(warehouse)
        for node in sorted(manifest["nodes"].values(), key=lambda node: node["original_file_path"]):
            if node["resource_type"] in ("model", "test") and node["original_file_path"].endswith(".sql"):
                sql = _compiled(node, data)
                for finding in findings(sql, keys_in_reach(manifest, node), warehouse):
                    yield finding.at(written(node, sql, finding.line))
    for path in [*DBT_PROJECT.glob("models/**/*.sql"), *DBT_PROJECT.glob("macros/**/*.sql")]:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if found := CLOCK.search(line):
                yield Finding(number, found[0], "reads a clock", "take as_of from settings").at(_place(path, number))


def findings(sql: str, keys: set[Key], warehouse: duckdb.DuckDBPyConnection) -> list[Finding]:
    """Everything that is wrong with one query."""
    return sorted({*refused_words(sql), *untotal_windows(sql, keys), *floating_sums(warehouse, sql)})


def keys_in_reach(manifest: Mapping[str, Any], node: Mapping[str, Any]) -> set[Key]:
    """Declared keys (`meta.key`) of the node and of what it reads; a model that declares none hands on those of its parents."""
    own = (node["config"].get("meta") or {}).get("key")
    keys: set[Key] = {frozenset(own)} if own else set()
    for parent in node["depends_on"]["nodes"]:
        read = manifest["nodes"].get(parent) or manifest["sources"].get(parent) or {}
        declared = (read.get("config", {}).get("meta") or {}).get("key")
        if declared:
            keys.add(frozenset(declared))
        elif read.get("resource_type") == "model":
            keys |= keys_in_reach(manifest, read)
    return keys


def _compiled(node: Mapping[str, Any], data: Path) -> str:
    path = DataFolder(data).warehouse / "dbt" / "compiled" / node["package_name"] / node["original_file_path"]
    if not path.exists():
        raise NotCompiled(
            f"{node['original_file_path']} was never built in {data}; run `LOYALTY_DATA={data} loyalty run` first"
        )
    return path.read_text(encoding="utf-8")


def written(node: Mapping[str, Any], sql: str, number: int) -> str:
    """`file:line` where somebody wrote line `number` of the node's compiled SQL: in the model, else in a macro.

    A line that Jinja made is named by the model, with its text.
    """
    line = sql.splitlines()[number - 1].strip()
    model = DBT_PROJECT / node["original_file_path"]
    for path in [model, *sorted((DBT_PROJECT / "macros").glob("**/*.sql"))]:
        for place, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if text.strip() == line:
                return _place(path, place)
    return f"{_place(model, 1)} (compiled line {number}: {line})"


def _place(path: Path, line: int) -> str:
    return f"{path.relative_to(DBT_PROJECT.parent)}:{line}"
