"""The few settings of `company.yml` that decide a number, with the defaults that the design names."""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OPEN = {day: ["09:00-18:00"] for day in WEEK[:5]}
RESOLUTION = 1_620
SCOPES = {"MKT": "company", "PRD": "company", "LOY": "company", "SAL": "own_subtree_if_it_sells"}


@dataclass(frozen=True)
class Company:
    """One company's settings; `scopes` maps a function to what its scorecard measures (others: own_subtree)."""

    timezone: str = "Asia/Shanghai"
    currency: str = "CNY"
    phone_region: str = "CN"
    date_order: str | None = None
    formats: dict[str, str] = field(default_factory=dict)
    channel_units: dict[str, str] = field(default_factory=dict)
    scopes: dict[str, str] = field(default_factory=lambda: dict(SCOPES))
    history_starts_on: date | None = None
    first_contact_purposes: tuple[str, ...] = ()
    discount_is_promotion: bool = False
    business_hours: dict[str, list[str]] = field(default_factory=lambda: dict(OPEN))
    special_hours: dict[date, list[str]] = field(default_factory=dict)
    holidays: frozenset[date] = frozenset()
    first_response_minutes: int = 240
    resolution_minutes: int = RESOLUTION
    annual_discount: float = 0.1

    def day(self, moment: datetime) -> date:
        """The company's calendar day of a moment with an offset."""
        return moment.astimezone(ZoneInfo(self.timezone)).date()

    def midnight(self, day: date) -> datetime:
        """The moment at which a day of the company begins."""
        return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(self.timezone))


def load_company(path: Path) -> Company:
    """Read `company.yml`; without one, all defaults.

    Raises:
        KeyError: a phone region that the oracle's short list of calling codes lacks (add it there).
    """
    given = (yaml.safe_load(path.read_text(encoding="utf-8")) or {}) if path.exists() else {}
    return Company(
        timezone=given.get("timezone", "Asia/Shanghai"),
        currency=given.get("currency", "CNY"),
        phone_region=given.get("phone_region", "CN").upper(),
        date_order=given.get("date_order"),
        formats=given.get("formats") or {},
        channel_units=given.get("channel_units") or {},
        # A company that names some functions leaves out the others: those measure their own subtree.
        scopes=dict(SCOPES) if given.get("function_scopes") is None else dict(given["function_scopes"]),
        history_starts_on=_date(given["history_starts_on"]) if given.get("history_starts_on") else None,
        first_contact_purposes=tuple(given.get("first_contact_purposes") or ()),
        discount_is_promotion=bool(given.get("discount_is_promotion", False)),
        # Likewise: a weekday that a company's hours leave out is closed.
        business_hours=dict(OPEN) if given.get("business_hours") is None else dict(given["business_hours"]),
        special_hours={_date(day): ranges for day, ranges in (given.get("special_hours") or {}).items()},
        holidays=frozenset(map(_date, given.get("holidays") or ())),
        first_response_minutes=(given.get("service_levels") or {}).get("first_response_minutes", 240),
        resolution_minutes=(given.get("service_levels") or {}).get("resolution_minutes", RESOLUTION),
        annual_discount=given.get("annual_discount", 0.1),
    )


def _date(given: date | str) -> date:
    """YAML reads a bare date as one; a quoted one stays text."""
    return given if isinstance(given, date) else date.fromisoformat(given)
