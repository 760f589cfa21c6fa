"""Text to values by the contract's types. A text that is no value of its type becomes null, which refuses its row."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import polars as pl

from .company import Company

MOMENT = pl.Datetime("us", "UTC")
_ISO = (
    r"^(?P<date>\d{4}-\d{2}-\d{2})"
    r"(?:[T ](?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:\.(?P<fraction>\d{1,9}))?)?"
    r"(?:(?P<zulu>Z)|(?P<sign>[+-])(?P<zone_hour>\d{2}):?(?P<zone_minute>\d{2})?)?)?$"
)
_TRUTH = {"true": True, "1": True, "yes": True, "是": True, "false": False, "0": False, "no": False, "否": False}
_EXCEL_ERROR = r"^#(REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)$"
_RUINED_PHONE = r"^\d+(\.\d+)?[eE]\+?\d+$"


def trimmed(text: pl.Series) -> pl.Series:
    """Without surrounding white space; empty text is null."""
    stripped = text.str.strip_chars()
    return stripped.to_frame().select(pl.when(pl.first() != "").then(pl.first()))[text.name]


def parse(text: pl.Series, kind: str | tuple[str, ...], dataset: str, company: Company) -> pl.Series:
    """The values of a trimmed text column; null where the text is null or no value of the type."""
    column = text.to_frame().select(text=pl.first())
    if kind == "time":
        return parse_times(text, company, company.formats.get(dataset))
    if kind == "date":  # of a time, the company's day
        moments = parse_times(text, company, company.formats.get(dataset))
        return moments.dt.convert_time_zone(company.timezone).dt.date()
    if isinstance(kind, tuple):
        value = pl.when(pl.col("text").is_in(list(kind))).then("text")
    elif kind == "bool":
        value = pl.col("text").str.to_lowercase().replace_strict(_TRUTH, default=None, return_dtype=pl.Boolean)
    elif kind in ("integer", "money", "score", "rate"):
        number = pl.when(pl.col("text").str.contains(r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$")).then("text")
        number = number.cast(pl.Float64, strict=False)
        if kind == "rate":
            value = number
        elif kind == "integer":
            value = (
                pl.when((number == number.round(0)) & (number.abs() < 2**53)).then(number).cast(pl.Int64, strict=False)
            )
        else:  # money in ten-thousandths, scores in thousandths: whole numbers, so that sums and comparisons stay exact
            unit, limit = (10_000, 10**18) if kind == "money" else (1_000, 10**9)
            scaled = (number * unit).round(0, mode="half_away_from_zero")
            value = pl.when(scaled.abs() < limit).then(scaled).cast(pl.Int64, strict=False)
    else:
        ruined = _EXCEL_ERROR if kind == "text" else f"{_EXCEL_ERROR}|{_RUINED_PHONE}"
        value = pl.when(~pl.col("text").str.contains(ruined)).then("text")
    return column.select(value.alias(text.name))[text.name]


def parse_times(text: pl.Series, company: Company, pattern: str | None = None) -> pl.Series:
    """ISO 8601 (else the company's strptime `pattern`) to UTC; without an offset in the company's time zone.

    A wall time that occurs twice is the second of the two; one that the clocks skip is read with the offset before the gap.
    """
    parts = text.str.extract_groups(_ISO).struct.unnest().with_columns(pl.col("date").str.to_date(strict=False))
    clock = {
        name: pl.col(name).cast(pl.Int64).fill_null(0)
        for name in ("hour", "minute", "second", "zone_hour", "zone_minute")
    }
    micros = pl.col("fraction").str.pad_end(9, "0").str.slice(0, 6).cast(pl.Int64).fill_null(0)
    wall = pl.col("date").cast(pl.Datetime("us")) + pl.duration(
        hours=clock["hour"], minutes=clock["minute"], seconds=clock["second"], microseconds=micros
    )
    ahead = pl.duration(hours=clock["zone_hour"], minutes=clock["zone_minute"])
    offset = pl.when(pl.col("sign") == "-").then(-ahead).otherwise(ahead)
    has_offset = pl.col("zulu").is_not_null() | pl.col("sign").is_not_null()
    local = pl.col("wall").dt.replace_time_zone(company.timezone, ambiguous="latest", non_existent="null")
    moments = parts.with_columns(wall=wall).select(
        "wall",
        moment=pl.when(has_offset)
        .then((pl.col("wall") - offset).dt.replace_time_zone("UTC"))
        .otherwise(local.dt.convert_time_zone("UTC"))
        .cast(MOMENT),
    )
    result = moments["moment"].alias(text.name)
    for row in (result.is_null() & text.is_not_null()).arg_true():
        wall_time = moments["wall"][row]
        if wall_time is None and pattern:
            try:
                wall_time = datetime.strptime(text[row], pattern)  # noqa: DTZ007 - the zone follows below
            except ValueError:
                continue
        if wall_time is not None:
            aware = wall_time if wall_time.tzinfo else wall_time.replace(tzinfo=ZoneInfo(company.timezone))
            result[int(row)] = aware.astimezone(UTC)
    return result
