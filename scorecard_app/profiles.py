"""Persons, for the care role alone: the profiles of the served version, read where they lie, never kept in memory.

Only the version that is served has profiles, so that erasing works; whoever reads an older one is told to look anew.
Nothing that is searched for is logged, kept, or put into an address.
"""

import json
import re
import threading
from collections.abc import Mapping
from pathlib import Path

import duckdb

from scorecard_app.access.roles import Role, Viewer
from scorecard_app.published import Damaged, check, locked_down
from scorecard_app.queries import Row, fetch

MANIFEST = "manifest.json"
CARE = frozenset({Role.CARE})
MOST_FOUND = 20
_FIELDS = ("phone", "email", "loyalty_card_no")


class NoProfiles(Exception):
    """This version has no profiles, or this account may not read them; the text names the folder."""


class Profiles:
    """The profile tables of one version. Safe to share between threads."""

    def __init__(self, version: Path) -> None:
        """Check every file against the manifest; raises NoProfiles naming the folder, or the first that differs."""
        folder = version / "profiles"
        try:
            tables = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["tables"]
            promised = {name: str(facts["sha256"]) for name, facts in tables.items() if name.isidentifier()}
            for name, sha256 in promised.items():
                check(folder / f"{name}.parquet", sha256)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
            raise NoProfiles(f"{folder}: {type(problem).__name__}") from None
        except Damaged as problem:
            raise NoProfiles(str(problem)) from None
        self.tables = frozenset(promised)
        self._folder, self._lock = folder, threading.Lock()
        self._files = {name: folder / f"{name}.parquet" for name in sorted(promised)}
        self._checked = {name: _state(path) for name, path in self._files.items()}
        self._connection = locked_down(list(self._files.values()))

    def rows(self, viewer: Viewer, table: str, where: str, **parameters: object) -> list[Row]:
        """Rows of one table for somebody of the care role; values only ever enter as `$name` parameters.

        Args:
            viewer: Who asks.
            table: A profile table's name.
            where: A condition written in the code, and an order.
            **parameters: Its values.

        Raises:
            PermissionError: The viewer is not of the care role.
            NoProfiles: The version was replaced or changed meanwhile.
        """
        if not viewer.may(CARE):
            raise PermissionError("profiles")
        if table not in self.tables:
            return []
        file = self._files[table]
        if _state(file) != self._checked[table]:
            raise NoProfiles(f"{file}: changed since it was checked")
        asked = {**parameters, "file": str(file)}
        try:
            with self._lock:
                return fetch(self._connection, f"from read_parquet($file) where {where}", asked)
        except duckdb.IOException:
            raise NoProfiles(str(self._folder)) from None

    def search(self, viewer: Viewer, wanted: str) -> list[Row]:
        """Customers who bear a phone, an e-mail address, a card number or an id, at most twenty.

        Values that lost in the golden record are searched too: a caller may give an old number.
        """
        where = conditions(wanted)
        if not where:
            return []
        ids: dict[str, None] = {}
        for condition, parameters in where:
            for row in self.rows(viewer, "customer_fields", condition + " order by customer_id", **parameters):
                ids.setdefault(row["customer_id"])
        direct = self.rows(viewer, "customers", "customer_id = $id", id=wanted.strip())
        found = tuple([*(row["customer_id"] for row in direct), *ids][:MOST_FOUND])
        return (
            self.rows(viewer, "customers", "customer_id in (select unnest($ids)) order by customer_id", ids=found)
            if found
            else []
        )


def mark(version: Path) -> str:
    """What changes when a version's profiles are rewritten, as erasing does: for the key of whoever keeps them open."""
    return repr(_state(version / "profiles" / MANIFEST))


def _state(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def conditions(wanted: str) -> list[tuple[str, Mapping[str, str]]]:
    """What to look for in the golden record's fields: as a phone by its last digits, as an e-mail, as a card.

    A phone needs seven digits, a card four signs, so that nobody is found by guessing.
    """
    text = wanted.strip().lower()
    digits, signs = re.sub(r"\D", "", text), re.sub(r"[^0-9a-z]", "", text)
    any_value = "list_filter(list_prepend(value, coalesce(losing_values, [])), lambda one: {test})"
    found: list[tuple[str, Mapping[str, str]]] = []

    def look(field: str, test: str, value: str) -> None:
        found.append((f"field = '{field}' and len({any_value.format(test=test)}) > 0", {"wanted": value}))

    if "@" in text:
        look("email", "lower(one) = $wanted", text)
    elif text:
        if len(digits) >= 7 and not re.search("[a-z]", text):
            look("phone", "ends_with(regexp_replace(one, '[^0-9]', '', 'g'), $wanted)", digits[-11:].lstrip("0"))
        if len(signs) >= 4:
            look("loyalty_card_no", "regexp_replace(lower(one), '[^0-9a-z]', '', 'g') = $wanted", signs)
    return found


def masked(field: str, value: str | None) -> str:
    """A phone, e-mail address or card with its middle hidden: enough to ask back, not enough to carry away."""
    if not value:
        return ""
    if field == "email" and "@" in value:
        name, place = value.split("@", 1)
        return f"{name[:1]}•••@{place}"
    if field in _FIELDS:
        return f"{value[:3]}••••{value[-2:]}" if len(value) > 6 else "••••"
    return value
