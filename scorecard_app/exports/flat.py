"""CSV: one row per unit and KPI, and the methods beside it. UTF-8 with a byte-order mark, as Excel expects it."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

from scorecard_app.exports.columns import FLAT
from scorecard_app.exports.methods import ADVICE, Section, sections
from scorecard_app.exports.report import Report
from scorecard_app.format import Language

# What spreadsheets take for the beginning of a formula, their full-width twins included; the apostrophe that protects
# them is itself protected, so that every text can be read back.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")


def escaped(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet might run it."""
    return "'" + text if text.startswith(_DANGEROUS) else text


def unescaped(text: str) -> str:
    """What `escaped` made of a text, undone."""
    return text[1:] if text.startswith("'") else text


def scorecards_csv(report: Report, languages: Sequence[Language]) -> bytes:
    """The flat file: English column keys, numbers with a decimal point and nothing else, texts in the languages."""
    keys = [key for column in FLAT for key in column.keys(languages)]
    return _written([keys, *([_cell(row[key]) for key in keys] for row in report.rows())])


def methods_csv(report: Report, languages: Sequence[Language]) -> bytes:
    """Section, item, text: version, rules, definitions, and what each column of the flat file is called."""
    called = Section(("Columns of scorecards.csv", "scorecards.csv各列"), [
        ((key, key), column.title) for column in FLAT for key in column.keys(languages)
    ] + [(("'", "'"), ADVICE)])  # fmt: skip
    head = [f"{name}_{language}" for name in ("section", "item", "text") for language in languages]
    rows = [
        [escaped(one[language == "zh"]) for one in (section.title, item, text) for language in languages]
        for section in [*sections(report), called]
        for item, text in section.entries
    ]
    return _written([head, *rows])


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return escaped(value) if isinstance(value, str) else repr(value)


def _written(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")
