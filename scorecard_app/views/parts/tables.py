"""A table on a page, with what one sees as CSV and XLSX below it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape

import streamlit as st

from scorecard_app import cards
from scorecard_app import format as fmt
from scorecard_app.exports.tables import Sheet, table_csv, table_xlsx
from scorecard_app.queries import Row
from scorecard_app.view import View


@dataclass(frozen=True)
class Column:
    """A column: its title, what a cell shows (plain text, or HTML where `is_html`), and its raw value to take away."""

    title: str
    shown: Callable[[Row], str]
    raw: Callable[[Row], object]
    numeric: bool = False
    is_html: bool = False

    def cell(self, row: Row) -> str:
        """The cell's HTML."""
        text = self.shown(row)
        return text if self.is_html else escape(text)


def words(title: str, of: Callable[[Row], str]) -> Column:
    """A column of plain texts."""
    return Column(title, of, of)


def figures(title: str, key: str, decimals: int = 0) -> Column:
    """A column of plain numbers."""
    return Column(title, lambda row: fmt.number(row[key], decimals), lambda row: row[key], numeric=True)


def table(view: View, name: str, title: str, columns: Sequence[Column], rows: Sequence[Row], note: str = "") -> None:
    """Draw the table and offer it; `name` is the file's name, `title` stands in the workbook."""
    view.show(drawn(title, columns, rows, note))
    take_away(view, name, partial(sheet, view, title, columns, rows))


def drawn(title: str, columns: Sequence[Column], rows: Sequence[Row], note: str = "") -> str:
    """The table's HTML, with a line below it; `title` is for screen readers."""
    head = [(column.title, column.numeric) for column in columns]
    below = f'<p class="muted lc-small">{escape(note)}</p>' if note else ""
    return cards.table(title, head, [[column.cell(row) for column in columns] for row in rows]) + below


def sheet(view: View, title: str, columns: Sequence[Column], rows: Sequence[Row]) -> Sheet:
    """The table as it leaves the app, with where its figures come from."""
    about, voice = view.data.about, view.voice
    origin = [about.company]
    if view.chosen:
        origin += [view.unit_name(view.unit), view.period]
    as_of = fmt.moment(about.as_of, about.timezone, voice.language)
    origin += [f"{voice.say('as_of')} {as_of}", f"{voice.say('version')} {about.name}"]
    if about.demo:
        origin.append(voice.say("demo"))
    return Sheet(
        title, origin, [column.title for column in columns], [[column.raw(row) for column in columns] for row in rows]
    )


def take_away(view: View, name: str, content: Callable[[], Sheet]) -> None:
    """Two small buttons; the files are made when one is clicked."""
    when = f"-{view.start.isoformat()}" if view.chosen else ""
    with st.container(horizontal=True, horizontal_alignment="right", gap="small", key=f"away_{name}"):
        for kind, make in (("csv", table_csv), ("xlsx", table_xlsx)):
            st.download_button(
                view.voice.say(_TEXTS[kind]),
                view.if_still(partial(_made, make, content)),
                file_name=f"{name}{when}.{kind}",
                mime=_MIME[kind],
                key=f"{kind}_{name}",
                type="tertiary",
                icon=":material/download:",
                on_click="ignore",
            )


def _made(make: Callable[[Sheet], bytes], content: Callable[[], Sheet]) -> bytes:
    return make(content())


_TEXTS = {"csv": "download_csv", "xlsx": "download_xlsx"}
_MIME = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
