"""Roles, what each may open, and the person behind a request. Nothing here reads a file or a cookie."""

import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """What a person is to the company's numbers; a person may hold several, each for a unit and what is below it."""

    VIEWER = "viewer"  # company and scorecards
    HEAD = "head"  # all pages about numbers
    HR = "hr"  # scorecards and the appraisal export
    CARE = "care"  # persons: profiles and timelines, no scorecards
    EXECUTIVE = "executive"  # all pages about numbers
    ADMIN = "admin"  # sessions, data quality; no scorecards, no persons


NUMBERS = frozenset({Role.VIEWER, Role.HEAD, Role.HR, Role.EXECUTIVE})  # roles that open the numbers of their units
EVERYONE = frozenset(Role)
COMPANY = "*"  # a grant's unit: the company itself, whatever its id


@dataclass(frozen=True, order=True)
class Grant:
    """One role for a unit and all below it; `since` and `until` (inclusive) are the days it was theirs."""

    role: Role
    unit: str
    since: date = date.min
    until: date = date.max

    @property
    def is_for_ever(self) -> bool:
        """Whether no day limits it."""
        return (self.since, self.until) == (date.min, date.max)


@dataclass(frozen=True)
class Viewer:
    """Who asks. `name` (an e-mail) is shown to themselves only; `grants` decide everything."""

    name: str
    grants: tuple[Grant, ...]
    is_local: bool = False
    session: str = ""

    @property
    def roles(self) -> frozenset[Role]:
        """All roles held, for whatever unit."""
        return frozenset(grant.role for grant in self.grants)

    def may(self, roles: frozenset[Role]) -> bool:
        """Whether any of these roles is held; no role, no page."""
        return bool(self.roles & roles)

    def number_grants(self) -> tuple[Grant, ...]:
        """The grants that open numbers, in a fixed order."""
        return tuple(sorted(grant for grant in self.grants if grant.role in NUMBERS))

    @property
    def scope_key(self) -> str:
        """Equal for viewers who see the same; part of every cache key."""
        text = repr([(g.role.value, g.unit, g.since, g.until) for g in self.number_grants()])
        return hashlib.sha256(text.encode()).hexdigest()[:16]
