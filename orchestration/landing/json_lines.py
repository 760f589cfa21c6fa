"""JSON Lines: one object per line; numbers stay the text they were written as."""

import json
from collections.abc import Collection, Iterator

from orchestration.landing.decode import WHITE, Text
from orchestration.landing.records import MAX_RECORD
from orchestration.landing.refusals import Refusal, Row


def json_rows(text: Text, known: Collection[str]) -> tuple[list[str], Iterator[Row | Refusal]]:
    """All names that occur, the known ones first, and the rows with the cells of the known ones; empty lines are none."""
    seen: dict[str, None] = {}
    for _, content in _objects(text):
        if isinstance(content, dict):
            seen.update(dict.fromkeys(content))
    names = [name for name in seen if name.strip(WHITE).lower() in known]
    return names + [name for name in seen if name not in set(names)], _rows(text, names)


def _rows(text: Text, names: list[str]) -> Iterator[Row | Refusal]:
    for (line, raw), content in _objects(text):
        if isinstance(content, str):
            yield Refusal(line, None, content, raw)
            continue
        cells = [_cell(content.get(name)) for name in names]
        nested = next((name for name, cell in zip(names, cells, strict=True) if cell is _NESTED), None)
        if nested is not None:
            yield Refusal(line, nested, "nested_value", raw)
        else:
            yield Row(line, cells)


def _objects(text: Text) -> Iterator[tuple[tuple[int, str], dict[str, object] | str]]:
    """(line, text) and the object, or the code of why it is none."""
    with text.file.open("rb") as reading:
        line = 0
        while content := reading.readline(MAX_RECORD):
            line += 1
            overlong = len(content) == MAX_RECORD and not content.endswith(b"\n")
            rest = content
            while overlong and rest and not rest.endswith(b"\n"):
                rest = reading.readline(MAX_RECORD)
            raw = content.decode("utf-8", "replace").removesuffix("\n")
            if overlong:
                yield (line, raw[:4000]), "field_too_long"
            elif raw.strip():
                yield (line, raw), "nul_byte" if "\0" in raw else _object(raw)


def _object(raw: str) -> dict[str, object] | str:
    try:
        content = json.loads(raw, parse_int=str, parse_float=str, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return "invalid_json"
    if not isinstance(content, dict):
        return "invalid_json"
    if any("\ud800" <= mark <= "\udfff" for name in content for mark in name):
        return "invalid_json"
    return content


def _refuse(constant: str) -> str:
    raise ValueError(constant)


_NESTED = "\ue000nested"


def _cell(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    return _NESTED
