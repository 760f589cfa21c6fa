"""Numbers, dates and periods as people of both languages write them. Nothing here knows any KPI."""

from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

Language = Literal["en", "zh"]

MINUS = "\u2212"
NONE = "\u2013"
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")  # fmt: skip
_SYMBOLS = {"CNY": "¥", "EUR": "€", "GBP": "£", "USD": "$"}
_STEPS: dict[Language, tuple[tuple[float, str], ...]] = {
    "en": ((1e9, "B"), (1e6, "M"), (1e3, "K")),
    "zh": ((1e8, "亿"), (1e4, "万")),
}
_SIGNS = {"percent": "%", "per_mille": "‰"}


def number(value: float | None, decimals: int = 0) -> str:
    """1234.5 → 1,234.5; a true minus sign, and no minus before a rounded zero. None → a dash."""
    if value is None:
        return NONE
    text = f"{abs(value):,.{decimals}f}"
    return MINUS + text if value < 0 and text.strip("0.,") else text


def total(value: float | None) -> str:
    """A numerator or denominator: whole where it is whole, else two decimals."""
    return number(value, 0 if value is None or float(value).is_integer() else 2)


def compact(value: float | None, language: Language) -> str:
    """12,345 → 12.3K in English, 1.2万 in Chinese; below the first step as it is."""
    if value is None:
        return NONE
    for size, sign in _STEPS[language]:
        if abs(value) >= 0.99995 * size:  # what would round up to the next sign gets it
            return number(value / size, 1) + sign
    return number(value, 0)


def axis_labels(language: Language) -> str:
    """`compact` for a chart's axis, as a Vega expression of `datum.value`."""
    words = "format(datum.value, ',')"
    for size, sign in reversed(_STEPS[language]):
        words = f"abs(datum.value) >= {size:.0f} ? format(datum.value / {size:.0f}, ',.4~g') + '{sign}' : {words}"
    return f"replace({words}, '-', '{MINUS}')"


def money(value: float | None, currency: str, language: Language) -> str:
    """An amount in the company's currency: ¥12.3K, ¥1.2万, CHF 12.3K, ¥0.0083."""
    if value is None:
        return NONE
    decimals = 4 if 0 < abs(value) < 0.1 else 2  # what one point costs is a fraction of a cent
    text = compact(abs(value), language) if abs(value) >= 1000 else number(abs(value), decimals)
    sign = MINUS if value < 0 and text.strip("0.,") else ""
    symbol = _SYMBOLS.get(currency)
    return f"{sign}{symbol}{text}" if symbol else f"{sign}{currency} {text}"


def measure(value: float | None, unit: str, language: Language, currency: str) -> str:
    """A KPI's value with the sign that belongs to its unit; units that are words are the caller's to add."""
    if value is None:
        return NONE
    if unit == "currency":
        return money(value, currency, language)
    return number(value, 1) + _SIGNS.get(unit, "")


def is_word(unit: str) -> bool:
    """Whether the unit is a word to be written after the number (points) rather than a sign at it (%)."""
    return unit not in _SIGNS and unit != "currency"


def span(low: str, high: str, language: Language) -> str:
    """Two ends of a range, safe beside minus signs."""
    return f"{low} to {high}" if language == "en" else f"{low} 至 {high}"


def day(value: date, language: Language) -> str:
    """1 July 2025, 2025年7月1日."""
    if language == "zh":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime, timezone: str, language: Language) -> str:
    """A UTC time on the company's clock, to the minute."""
    local = value.astimezone(ZoneInfo(timezone))
    return f"{day(local.date(), language)}{' ' if language == 'zh' else ', '}{local:%H:%M}"


def period(kind: str, start: date, language: Language) -> str:
    """June 2025, Q2 2025, 2025; 2025年6月, 2025年第2季度, 2025年."""
    quarter = (start.month + 2) // 3
    if language == "zh":
        return {"month": f"{start.year}年{start.month}月", "quarter": f"{start.year}年第{quarter}季度"}.get(
            kind, f"{start.year}年"
        )
    return {"month": f"{_MONTHS[start.month - 1]} {start.year}", "quarter": f"Q{quarter} {start.year}"}.get(
        kind, str(start.year)
    )


def short_month(start: date, language: Language) -> str:
    """For an axis, month and year apart by a bar: Jun|2025, 6月|2025."""
    return f"{start.month}月|{start.year}" if language == "zh" else f"{_MONTHS[start.month - 1][:3]}|{start.year}"
