"""One SQL expression per column type: text as delivered → the contract's type, or null where it is not that."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from orchestration.landing.contract import Column
from orchestration.landing.decode import MARKS, WHITE
from orchestration.landing.offsets import END_YEAR, fixed_offset
from orchestration.landing.records import MAX_FIELD

TRUE, FALSE = ("true", "1", "yes", "是"), ("false", "0", "no", "否")
EXCEL_ERRORS = (
    "#REF!",
    "#N/A",
    "#VALUE!",
    "#NAME?",
    "#DIV/0!",
    "#NULL!",
    "#NUM!",
    "#SPILL!",
    "#CALC!",
    "#GETTING_DATA",
)
WHOLE_TYPES = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
EXACT_KINDS = ("identifier", "phone")
"""Kinds of text whose digits all matter: a number in scientific notation has lost some."""

_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = "[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?"
_OFFSET = "(Z|[+-][0-9]{2}(:?[0-9]{2})?)"
_BASIC = "^([0-9]{4})([0-9]{2})([0-9]{2})(T([0-9]{2})([0-9]{2})([0-9]{2})?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?$"


# Nearly every time looks like this, and telling so is far cheaper than the pattern of all that ISO 8601 allows. With the
# separators in their places and none of what DuckDB would skip, its own reading can find nothing but digits between them.
_USUAL = (
    "{0} like '____-__-__T__:__:__Z' and strlen({0}) = 20 and {0} >= '0' and not contains({0}, '.') "
    "and not contains({0}, ' ') and substr({0}, 12, 2) between '00' and '23'"
)


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """An SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def _in(expression: str, values: Sequence[str]) -> str:
    return f"{expression} in ({', '.join(map(literal, values))})"


def is_plain(sources: Iterable[str]) -> str:
    """SQL condition: none of these texts of a row holds white space or one of MARKS, or is long. Then only an empty one is
    not what it seems, and one look at all of a row's texts has done what takes a dozen looks at each of them.
    """
    row = f"concat({', '.join(sources)})"
    marks = (f"contains({row}, chr({ord(mark)}))" for mark in (*WHITE, *MARKS))
    return f"not (strlen({row}) > {MAX_FIELD} or {' or '.join(marks)})"


def text_of(source: str, source_type: str, trimmed: bool, plain: str | None = None) -> str:
    """What was delivered, as text without white space around it; empty is null.

    `plain` names a boolean that tells the rows in which no text has any (`is_plain`).
    """
    if plain and source_type == "VARCHAR" and not trimmed:
        return f"case when {plain} then nullif({source}, '') else {text_of(source, source_type, trimmed)} end"
    if source_type in ("DOUBLE", "FLOAT"):
        # Ids become floating-point numbers where a column had gaps: whole ones are written as such again.
        whole = f"isfinite({source}) and {source} = trunc({source}) and abs({source}) < 9007199254740992"
        return f"case when {whole} then cast(cast({source} as bigint) as varchar) else cast({source} as varchar) end"
    if source_type == "BLOB":
        # Older writers don't mark text as text: it is decoded where it can be, else DuckDB's escapes tell what was there.
        return f"nullif(trim(coalesce(try(decode({source})), cast({source} as varchar)), {_characters(WHITE)}), '')"
    if source_type != "VARCHAR":
        return f"nullif(cast({source} as varchar), '')"
    if trimmed:
        return f"nullif({source}, '')"
    # Few cells have white space at their ends: the conditions that find them are cheap, trimming is not.
    wide = [f"starts_with({source}, chr({ord(mark)}))" for mark in WHITE if mark > "~"]
    last = [f"ends_with({source}, chr({ord(mark)}))" for mark in WHITE]
    odd = f"{source} < '!' or ({source} > '~' and ({' or '.join(wide)})) or {' or '.join(last)}"
    return f"case when {odd} then nullif(trim({source}, {_characters(WHITE)}), '') else {source} end"


def _characters(text: str) -> str:
    return "(" + " || ".join(f"chr({ord(character)})" for character in text) + ")"


def value_of(
    column: Column,
    text: str,
    source: str,
    source_type: str,
    time_format: str | None,
    zone: str,
    absent: str = "",
    plain: str | None = None,
) -> str:
    """SQL for the typed value: null when `text` is null or is no value of that column; no text holds a mark in `absent`.

    `plain` names a boolean that tells the rows in which no text does (`is_plain`).

    Naive times are read in the session's time zone, which the loader sets to the company's (`zone`): an hour that does
    not exist is moved forward, of an hour that comes twice it is the second.
    """
    kind = column.data_type
    if is_nested(source_type):
        return f"cast(null as {kind})"
    if kind == "bigint" and source_type in WHOLE_TYPES:
        value = f"try_cast({source} as bigint)"
    elif source_type == kind.upper() and kind in ("boolean", "date"):
        value = f"case when isfinite({source}) then {source} end" if kind == "date" else source
    elif source_type == "TIMESTAMP WITH TIME ZONE" and kind in ("timestamp", "date"):
        value = f"case when isfinite({source}) then {_read(kind, source, zone)} end"
    elif source_type.startswith("TIMESTAMP") and kind in ("timestamp", "date"):
        local = _from_local(f"cast({source} as timestamp)", zone)
        value = f"case when isfinite({source}) then {local if kind == 'timestamp' else f'cast({source} as date)'} end"
    elif kind.startswith("decimal") and source_type.startswith(("DECIMAL", "DOUBLE", "FLOAT", *WHOLE_TYPES)):
        value = f"try_cast({source} as {kind})"
    elif kind == "varchar":
        value = _text(column, text, absent)
        if source_type == "BLOB":
            value = f"case when try(decode({source})) is not null then {value} end"
        if plain and not column.accepted and source_type == "VARCHAR":
            value = f"case when {plain} then {text} else {value} end"
    elif kind == "boolean":
        value = f"case when {_in(f'lower({text})', TRUE)} then true when {_in(f'lower({text})', FALSE)} then false end"
    elif kind == "bigint":
        whole = f"case when regexp_full_match({text}, '[+-]?[0-9]+[.]0*') then try_cast(split_part({text}, '.', 1) as bigint) end"
        value = f"case when contains({text}, '.') then {whole} when {_plain(text)} then try_cast({text} as bigint) end"
    elif kind.startswith("decimal"):
        value = f"case when {_plain(text)} then try_cast({text} as {kind}) end"
    else:
        value = _moment(kind, text, time_format, zone)
    return _within(column, value)


def _plain(text: str) -> str:
    return f"not contains({text}, '_') and not contains({text}, 'e') and not contains({text}, 'E')"


def _text(column: Column, text: str, absent: str) -> str:
    if column.accepted:
        if all(value == value.lower() for value in column.accepted):
            exact = f"when {_in(text, column.accepted)} then {text}"
            return f"case {exact} when {_in(f'lower({text})', column.accepted)} then lower({text}) end"
        cases = " ".join(f"when {literal(value.lower())} then {literal(value)}" for value in column.accepted)
        return f"case lower({text}) {cases} end"
    refused = [f"strlen({text}) > {MAX_FIELD}"]
    if "\0" not in absent:
        refused.append(f"contains({text}, chr(0))")
    if "#" not in absent:
        refused.append(excel_error(text))
    if "+" not in absent and column.kind in EXACT_KINDS:
        refused.append(excel_number(text))
    return f"case when not ({' or '.join(refused)}) then {text} end"


def excel_error(text: str) -> str:
    """SQL condition: the cell is a spreadsheet's error value."""
    return f"(starts_with({text}, '#') and {_in(f'upper({text})', EXCEL_ERRORS)})"


def excel_number(text: str) -> str:
    """SQL condition: the cell is a number as spreadsheets shorten it, such as 1.38E+10."""
    return f"((contains({text}, 'E+') or contains({text}, 'e+')) and regexp_full_match({text}, '[+-]?[0-9]([.][0-9]+)?[eE][+][0-9]+'))"


def _moment(kind: str, text: str, time_format: str | None, zone: str) -> str:
    """ISO 8601 (extended, or basic such as 20260331T1805Z), else the dataset's own format."""
    pieces = "\\1-\\2-\\3 \\5:\\6:\\7\\8"
    basic = (
        f"case when contains({text}, 'T') then replace(replace(replace(regexp_replace({text}, '{_BASIC}', '{pieces}'), "
        f"':Z', ':00Z'), ':+', ':00+'), ':-', ':00-') else regexp_replace({text}, '{_BASIC}', '\\1-\\2-\\3') end"
    )
    basic = f"case when ends_with({basic}, ':') then {basic} || '00' else {basic} end"
    # DuckDB reads no offset after minutes without seconds.
    seconds = f"regexp_replace({text}, '^({_DAY}[T ][0-9]{{2}}:[0-9]{{2}})({_OFFSET})$', '\\1:00\\2')"
    short = f"case when substr({text}, 17, 1) in ('Z', '+', '-') then {seconds} else {text} end"
    iso = f"regexp_full_match({text}, '{_DAY}({_TIME}{_OFFSET}?)?')"

    def read(expression: str) -> str:
        return _read("timestamp", f"try_cast({expression} as timestamptz)", zone)

    cases = f"when {_USUAL.format(text)} then {read(text)} when {iso} then {read(short)} when regexp_full_match({text}, '{_BASIC}') then {read(basic)}"
    if time_format:
        parsed = f"try_strptime({text}, {literal(time_format)})"
        if "%z" not in time_format and "%Z" not in time_format:
            parsed = f"timezone({literal(zone)}, {parsed})"
        cases += f" else {_read('timestamp', parsed, zone)}"
    moment = f"case {cases} end"
    if kind == "timestamp":
        return moment
    local = f"cast(timezone({literal(zone)}, timezone('UTC', {moment})) as date)"
    return f"case when strlen({text}) = 10 and {iso} then try_cast({text} as date) else {local} end"


def _read(kind: str, moment: str, zone: str) -> str:
    """A time with zone as naive UTC, or as the company's day; `timezone` is slow and only needed for the latter."""
    if kind == "date":
        return f"cast(timezone({literal(zone)}, {moment}) as date)"
    return f"make_timestamp(epoch_us({moment}))"


def _from_local(time: str, zone: str) -> str:
    """A naive time of the company's clocks as naive UTC; `timezone` is slow and not needed where an offset is fixed."""
    exact = f"timezone('UTC', timezone({literal(zone)}, {time}))"
    since, offset = fixed_offset(ZoneInfo(zone))
    if since is None or offset is None:
        return exact
    first, end = since + timedelta(days=2), f"{END_YEAR - 1}-12-01"
    return (
        f"case when {time} between timestamp '{first}' and timestamp '{end}' "
        f"then make_timestamp(epoch_us({time}) - {offset // timedelta(microseconds=1)}) else {exact} end"
    )


def _within(column: Column, value: str) -> str:
    if column.minimum is None and column.maximum is None:
        return value
    conditions = []
    if column.minimum is not None:
        waived = "".join(
            f" or {_in('lower(' + quoted('t_' + name) + ')', values)}" for name, values in column.minimum_except
        )
        conditions.append(f"({value} >= {column.minimum:f}{waived})")
    if column.maximum is not None:
        conditions.append(f"{value} <= {column.maximum:f}")
    return f"case when {' and '.join(conditions)} then {value} end"


_NOT_A = {"timestamp": "not_a_timestamp", "date": "not_a_date", "boolean": "not_a_boolean", "bigint": "not_an_integer"}


def is_nested(source_type: str) -> bool:
    """Is a value of this DuckDB type a list or an object?"""
    return source_type.endswith("]") or source_type.startswith(("STRUCT", "MAP", "UNION", "VARIANT"))


def reason_of(column: Column, text: str, source: str, source_type: str, unbounded: str) -> str:
    """SQL for the reason's code of a cell whose value was refused; `unbounded` is its value without range."""
    cases = [f"when {text} is null then 'missing_required'"]
    if is_nested(source_type):
        cases.append(f"when {text} is not null then 'nested_value'")
    if source_type == "BLOB":
        cases.append(f"when try(decode({source})) is null then 'not_utf8'")
    cases += [
        f"when {excel_error(text)} then 'excel_error'",
        f"when strlen({text}) > {MAX_FIELD} then 'field_too_long'",
        f"when contains({text}, chr(0)) then 'nul_byte'",
    ]
    if column.accepted:
        otherwise = "not_in_list"
    elif column.data_type == "varchar":
        otherwise = "excel_number"
    else:
        cases.append(f"when {excel_number(text)} then 'excel_number'")
        if column.minimum is not None or column.maximum is not None:
            cases.append(f"when {unbounded} is not null then 'out_of_range'")
        otherwise = _NOT_A.get(column.data_type, "not_a_number")
    return f"case {' '.join(cases)} else '{otherwise}' end"
