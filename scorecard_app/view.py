"""What a page is given: its numbers, already cut to the viewer's part, and everything the reader has chosen.

A page is a module of `scorecard_app.views` with `page(view: View) -> None` and a line in `pages.PAGES`. It draws with
Streamlit; its words come from `view.voice`, its colours from `view.look`, its rows from `view.data`, and nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from scorecard_app import cards
from scorecard_app import format as fmt
from scorecard_app.access.handouts import BROWSER, HANDOUTS
from scorecard_app.access.roles import Viewer
from scorecard_app.access.sign_in import still_holds
from scorecard_app.cards import Row, Voice
from scorecard_app.charts.theme import Look
from scorecard_app.gate import Scoped


@dataclass(frozen=True)
class Moment:
    """A chosen unit and period; `complete` is False for the open period."""

    unit: str
    kind: str
    start: date
    complete: bool


@dataclass(frozen=True)
class View:
    """One request: the company's folder, the gate's reader, the viewer, the choice, the language and the look."""

    root: Path
    data: Scoped
    viewer: Viewer
    voice: Voice
    look: Look
    units: dict[str, Row]
    chosen: Moment | None
    home: str = ""
    pages: frozenset[str] = frozenset()

    @property
    def moment(self) -> Moment:
        """The chosen unit and period; pages registered with `needs_period` always have one."""
        if self.chosen is None:
            raise LookupError("this page is not registered with needs_period")
        return self.chosen

    @property
    def unit(self) -> str:
        """The chosen unit's id."""
        return self.moment.unit

    @property
    def kind(self) -> str:
        """month, quarter or year."""
        return self.moment.kind

    @property
    def start(self) -> date:
        """The chosen period's first day."""
        return self.moment.start

    @property
    def complete(self) -> bool:
        """Whether the chosen period has ended."""
        return self.moment.complete

    @property
    def at(self) -> tuple[str, date]:
        """Kind and first day, as most queries want them."""
        return self.kind, self.start

    @property
    def period(self) -> str:
        """The chosen period's name."""
        return fmt.period(self.kind, self.start, self.voice.language)

    def unit_name(self, unit: str) -> str:
        """A unit's name in the reader's language; its id where the viewer may not know it."""
        row = self.units.get(unit) or next(
            iter(self.data.rows("from org_units where org_unit_id = $unit", unit=unit)), None
        )
        return self.voice.of(row, "name") if row else unit

    def show(self, body: str) -> None:
        """Ready-made, escaped HTML."""
        st.html(cards.html(body, self.voice.language))

    def opens(self, page: str) -> bool:
        """Whether the viewer may open a page, so that no link leads to a closed door."""
        return page in self.pages

    def if_still(self, make: Callable[[], bytes]) -> Callable[[], bytes]:
        """`make`, for a download button: refused once the session that it was drawn for has ended, and let out to the
        browser alone that shows the button."""
        holds = partial(still_holds, self.root, self.viewer)
        browser = st.context.cookies.get(BROWSER, "")

        def made() -> bytes:
            if not holds():
                raise PermissionError("the session has ended")
            content = make()
            HANDOUTS.give(content, browser, holds)
            return content

        return made

    def link(self, page: str, **choice: str) -> str:
        """The address of a page with the reader's choice, changed by `choice` (unit, period, kpi …); relative."""
        kept: dict[str, str] = {}
        if self.chosen:
            kept |= {"unit": self.unit, "period_kind": self.kind, "period": self.start.isoformat()}
        there = "./" if page == self.home else page  # Streamlit knows its first page by no name
        return f"{there}?{urlencode({**kept, **choice, 'lang': self.voice.language})}"
