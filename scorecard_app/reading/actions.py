"""What the company did meanwhile: business actions, numbered in order of time, for markers and their legend."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from scorecard_app.cards import Voice
from scorecard_app.queries import Queries, Row
from scorecard_app.reading.tables import has_table

CUTS = ("price_change", "service_policy", "programme_rule", "product_launch")


@dataclass(frozen=True)
class Action:
    """A business action: its number on the page, first and last day on the company's clock, and its row."""

    number: int
    first: date
    last: date | None
    row: Row

    @property
    def month(self) -> date:
        """First day of the month in which it began."""
        return self.first.replace(day=1)


def business_actions(data: Queries, timezone: str, since: date, until: date) -> list[Action]:
    """Actions that began between the two days, oldest first; none where the viewer may see none."""
    if not has_table(data, "business_actions"):
        return []
    found: list[Action] = []
    for row in data.rows("from business_actions where starts_at is not null order by starts_at, action_id"):
        first = _day(row["starts_at"], timezone)
        last = _day(row["ends_at"], timezone) if row["ends_at"] else None
        if since <= first <= until:
            found.append(Action(len(found) + 1, first, last, row))
    return found


def kind_label(action: Action, voice: Voice) -> str:
    """What kind of action it is; some kinds share their code with something else."""
    kind = action.row["action_type"]
    own = f"action_{kind}"
    return voice.label(own if own in voice.labels else kind)


def by_month(actions: list[Action]) -> dict[date, str]:
    """The numbers of the actions that began in each month, as they stand above a chart."""
    marks: dict[date, list[str]] = {}
    for action in actions:
        marks.setdefault(action.month, []).append(str(action.number))
    return {month: ", ".join(numbers) for month, numbers in marks.items()}


def _day(moment: datetime, timezone: str) -> date:
    """A UTC moment's day on the company's clock."""
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(timezone)).date()
