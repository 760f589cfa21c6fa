"""SQL written as strings in Python: the same rules, as far as fragments can be judged."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from sqlglot.errors import SqlglotError

from tests.determinism.findings import Finding, excused
from tests.determinism.orders import untotal_windows
from tests.determinism.words import refused_words

SQL = re.compile(r"\b(select|from|over|order by|group by|insert|update|union|join|where|using)\b", re.IGNORECASE)


def python_findings(path: Path) -> Iterator[Finding]:
    """Findings in the SQL strings of a Python file, at its lines; `# total order: why` beside or above the string excuses too."""
    source = path.read_text(encoding="utf-8")
    lines = source.splitlines()
    for first, last, text in _strings(ast.parse(source)):
        if SQL.search(text):
            for finding in _judge(text):
                line = first + finding.line - 1 if last - first >= text.count("\n") else first
                if not (excused(lines, first) or excused(lines, line)):
                    yield Finding(line, finding.words, finding.problem, finding.remedy)


def _judge(text: str) -> list[Finding]:
    try:
        found = list(refused_words(text, in_model=False))
    except SqlglotError:
        return []  # a fragment with half a string in it, or prose
    try:
        return [*found, *untotal_windows(text)]
    except SqlglotError:
        return found  # a fragment


def _strings(tree: ast.AST) -> Iterator[tuple[int, int, str]]:
    """First line, last line and text of every string but docstrings; what an f-string inserts is the name `inserted`."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    parts: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts |= {id(value) for value in node.values}
            pieces = (str(v.value) if isinstance(v, ast.Constant) else "inserted" for v in node.values)
            yield node.lineno, node.end_lineno or node.lineno, "".join(pieces)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings | parts:
            yield node.lineno, node.end_lineno or node.lineno, node.value
