"""What a page file may not hold: a text, a colour, a cache of its own, a way round the gate. The source is read, not run."""

import ast
import re
from pathlib import Path

import pytest

import scorecard_app

ROOM = Path(scorecard_app.__file__).parent
DRAWING = sorted(
    [*(ROOM / "views").rglob("*.py"), *(ROOM / "charts").rglob("*.py"), ROOM / "shell.py", ROOM / "cards.py"]
)
THEME = ROOM / "charts" / "theme.py"
# who may open files or DuckDB, and who may hold the gate's or the version's insides
READERS = {"gate.py", "published.py", "queries.py", "profiles.py"}


def strings(path: Path) -> list[tuple[int, str]]:
    """Every string of a file with its line, docstrings left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)
        and node.body and isinstance(node.body[0], ast.Expr)
    }  # fmt: skip
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    ]


def reading(text: str) -> str:
    """What of a piece of HTML a reader would see."""
    return re.sub(r"<[^>]*>?|&\w+;", " ", text)


@pytest.mark.parametrize("path", DRAWING, ids=lambda path: str(path.relative_to(ROOM)))
def test_no_text_for_readers_is_a_literal(path: Path) -> None:
    for line, text in strings(path):
        where = f"{path.relative_to(ROOM)}:{line}: {text!r} belongs into texts/"
        assert not re.search("[\u4e00-\u9fff]", text), where
        if not re.match(r"\s*(select|from|with|exists|where|and|order by)\b", text) and "=" not in text:
            assert not re.search(r"(^|\s)[A-Z][a-z]+ [a-z]{2,}", reading(text)), where


@pytest.mark.parametrize(
    "path", [path for path in DRAWING if path != THEME], ids=lambda path: str(path.relative_to(ROOM))
)
def test_no_colour_is_a_literal(path: Path) -> None:
    for line, text in strings(path):
        found = re.search(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b|\brgba?\(|\bhsla?\(", text)
        assert not found, f"{path.relative_to(ROOM)}:{line}: {text!r}: colours are in charts/theme.py"


def test_the_style_sheet_takes_its_colours_from_the_theme() -> None:
    style = (ROOM / "style.css").read_text(encoding="utf-8")
    assert not re.search(r"#[0-9a-fA-F]{3,6}\b", style)
    from scorecard_app.charts.theme import DARK, LIGHT

    for look in (LIGHT, DARK):
        defined = {*re.findall(r"--[a-z-]+", look.css()), "--s"}  # a heat map's cell brings its own strength
        assert set(re.findall(r"var\((--[a-z-]+)\)", style)) <= defined


@pytest.mark.parametrize("path", sorted((ROOM / "views").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOM)))
def test_a_page_reads_through_the_gate_only(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    imported = {
        name
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert not {name for name in imported if name.split(".")[0] in ("duckdb", "pyarrow", "pandas", "polars", "sqlite3")}
    assert not {"scorecard_app.published.Published", "scorecard_app.gate.Scoped"} & imported
    assert "memory.main" not in source and "temp.main" not in source
    # a cache of a page's own would have to know the viewer's scope; the gate keeps answers, and knows it
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert "st.cache_data" not in source, "the gate keeps answers per scope"
    if path.name != "pictures.py":
        assert "vega_lite_chart" not in source, "views/parts/pictures.py draws it with its numbers as a table"
    assert not {name for name in called if name.endswith(("read_parquet", "read_csv"))}


@pytest.mark.parametrize("path", sorted(ROOM.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOM)))
def test_downloads_ask_whether_the_session_holds(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("download_button"):
            data = ast.unparse(node.args[1]) if len(node.args) > 1 else ""
            assert data.startswith("view.if_still("), (
                f"{path.relative_to(ROOM)}:{node.lineno}: wrap the data in view.if_still"
            )


def test_every_chart_is_drawn_in_one_place() -> None:
    """There it gets its numbers as a table, and its records as Arrow instead of by way of a data frame."""
    drawing = {path.name for path in ROOM.rglob("*.py") if "vega_lite_chart" in path.read_text(encoding="utf-8")}
    assert drawing == {"pictures.py"}
