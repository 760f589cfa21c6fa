"""JSON: the same content nested, always in both languages, in the shape that export.schema.json fixes."""

import json
from datetime import date, datetime
from typing import Any

from scorecard_app.exports.methods import sections
from scorecard_app.exports.report import Report

SCHEMA_VERSION = 1


def content(report: Report) -> dict[str, Any]:
    """The document as Python values; a change that could break a reader raises SCHEMA_VERSION."""
    about, period = report.about, report.period
    return {
        "schema_version": SCHEMA_VERSION,
        "version": about.name,
        "digest": about.digest,
        "as_of": about.as_of,
        "demo": about.demo,
        "company": about.company,
        "timezone": about.timezone,
        "currency": about.currency,
        "code": {name: about.code.get(name) for name in ("package_version", "commit", "sha256")},
        "period": {
            "code": period.code,
            "kind": period.kind,
            "start": period.start,
            "end": period.end,
            "months_without_data": report.gaps,
        },
        "scorecards": report.units,
        "methods": [
            {
                **dict(zip(("title_en", "title_zh"), section.title, strict=True)),
                "entries": [
                    dict(zip(("item_en", "item_zh", "text_en", "text_zh"), (*item, *text), strict=True))
                    for item, text in section.entries
                ],
            }
            for section in sections(report)
        ],
    }


def document(report: Report) -> bytes:
    """The document as UTF-8; no NaN and no Infinity, dates in ISO 8601."""
    return (json.dumps(content(report), ensure_ascii=False, indent=1, allow_nan=False, default=_iso) + "\n").encode()


def _iso(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in an export")
