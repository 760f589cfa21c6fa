"""Texts, numbers and dates in both languages; and what the app's source must not contain."""

import ast
import re
from datetime import UTC, date, datetime
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_company import RATES, contracts

import scorecard_app
from orchestration.quality.suites import SUITES
from scorecard_app import format as fmt
from scorecard_app import launch
from scorecard_app.access.roles import Role
from scorecard_app.access.sessions import ENDS
from scorecard_app.cards import Voice
from scorecard_app.pages import PAGES
from scorecard_app.texts import TEXTS, text

SOURCES = sorted(Path(scorecard_app.__file__).parent.rglob("*.py"))


@pytest.mark.parametrize("value, decimals, expected", [
    (1234.56, 1, "1,234.6"), (-3.72, 1, "\u22123.7"), (-0.04, 1, "0.0"), (0, 0, "0"), (None, 1, "\u2013"), (1e6, 0, "1,000,000"),
])  # fmt: skip
def test_numbers(value: float | None, decimals: int, expected: str) -> None:
    assert fmt.number(value, decimals) == expected


@pytest.mark.parametrize("value, english, chinese", [
    (12_345, "12.3K", "1.2万"), (9_999, "10.0K", "9,999"), (9_999.6, "10.0K", "1.0万"), (999_960, "1.0M", "100.0万"), (1_234_567, "1.2M", "123.5万"),
    (123_456_789, "123.5M", "1.2亿"), (2e9, "2.0B", "20.0亿"), (-12_345, "\u221212.3K", "\u22121.2万"), (950, "950", "950"),
])  # fmt: skip
def test_large_numbers(value: float, english: str, chinese: str) -> None:
    assert (fmt.compact(value, "en"), fmt.compact(value, "zh")) == (english, chinese)


def test_an_axis_uses_the_same_steps() -> None:
    assert fmt.axis_labels("zh").count("亿") == fmt.axis_labels("zh").count("万") == 1
    english = fmt.axis_labels("en")
    assert english.startswith(
        "replace(abs(datum.value) >= 1000000000 ? format(datum.value / 1000000000, ',.4~g') + 'B'"
    )
    assert english.index("'M'") < english.index("'K'") < english.index("format(datum.value, ',')")


@given(st.floats(-1e12, 1e12), st.sampled_from(["en", "zh"]))
def test_a_compact_number_reads_back_within_its_last_digit(value: float, language: fmt.Language) -> None:
    sizes = {"K": 1e3, "M": 1e6, "B": 1e9, "万": 1e4, "亿": 1e8, "": 1}
    written = fmt.compact(value, language).replace(fmt.MINUS, "-").replace(",", "")
    found = re.fullmatch(r"(-?[\d.]+)(\D*)", written)
    assert found
    size = sizes[found[2]]
    assert abs(float(found[1]) * size - value) <= (0.0501 * size if found[2] else 0.501)


@pytest.mark.parametrize("value, unit, language, expected", [
    (69.159, "percent", "en", "69.2%"), (4.21, "per_mille", "zh", "4.2‰"), (33.0, "points", "en", "33.0"),
    (12_345, "currency", "en", "¥12.3K"), (12_345, "currency", "zh", "¥1.2万"), (-5, "currency", "en", "\u2212¥5.00"), (0.00833, "currency", "en", "¥0.0083"), (0, "currency", "en", "¥0.00"),
    (None, "percent", "en", "\u2013"),
])  # fmt: skip
def test_measures(value: float | None, unit: str, language: fmt.Language, expected: str) -> None:
    assert fmt.measure(value, unit, language, "CNY") == expected


def test_dates_and_periods() -> None:
    day = date(2025, 4, 1)
    assert [fmt.period(kind, day, "en") for kind in ("month", "quarter", "year")] == ["April 2025", "Q2 2025", "2025"]
    assert [fmt.period(kind, day, "zh") for kind in ("month", "quarter", "year")] == [
        "2025年4月",
        "2025年第2季度",
        "2025年",
    ]
    late = datetime(2025, 6, 30, 23, 30, tzinfo=UTC)
    assert fmt.moment(late, "Asia/Shanghai", "en") == "1 July 2025, 07:30"
    assert fmt.moment(late, "Asia/Shanghai", "zh") == "2025年7月1日 07:30"


@pytest.mark.parametrize("unit, scale, offset, expected", [
    ("percent", 100.0, 0.0, "3.33 of 9"), ("per_mille", 1000.0, 0.0, "3.33 of 9"), ("currency", 1.0, 0.0, "3.33 over 9"),
    ("points", 100.0, 0.0, "3.33 over 9, × 100"), ("effort_1_7", 6.0, 1 / 6, "3.33 over 9, × 6 + 1"),
    ("percent", 100.0, -1.0, "3.33 over 9, × 100 \u2212 100"),
])  # fmt: skip
def test_what_a_value_is_made_of(unit: str, scale: float, offset: float, expected: str) -> None:
    kpi = {"unit": unit, "scale": scale, "offset": offset}
    assert Voice("en", "CNY", {}).ratio({"numerator": 10 / 3, "denominator": 9.0}, kpi) == expected


@pytest.mark.parametrize("key", TEXTS)
def test_every_text_is_there_in_both_languages(key: str) -> None:
    english, chinese = TEXTS[key]
    fields = [{name for _, name, _, _ in Formatter().parse(words) if name} for words in (english, chinese)]
    assert english.strip() and chinese.strip() and fields[0] == fields[1]
    assert not re.search("[\u4e00-\u9fff]", english)
    assert re.search("[\u4e00-\u9fff]", chinese)


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        text("nothing", "en")


def literals(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_the_catalogue_holds_exactly_the_texts_in_use() -> None:
    """Keys asked for by `say` and `text` must exist; keys that no module mentions must not."""
    asked, mentioned = set(), set()
    for path in SOURCES:
        if path.parent.name == "texts":
            continue
        mentioned |= literals(path)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                asked |= {node.args[0].value} if name in ("say", "text") else set()
    assert asked <= set(TEXTS)
    built = {f"kind_{kind}" for kind in ("month", "quarter", "year")} | {page.title for page in PAGES}
    built |= {f"role_{role}" for role in Role} | {f"refused_{why}" for why in ENDS}
    built |= {f"check_{check.name}" for gate in SUITES.values() for checks in gate.values() for check in checks}
    assert set(TEXTS) - mentioned - built == set()


def test_no_kpi_is_a_literal_of_the_app() -> None:
    labels = {words for key, words in _catalogue_words().items() if key.startswith("label")}
    for path in SOURCES:
        found = literals(path)
        assert not found & (set(RATES) | labels), path
        assert not [words for words in found for kpi in RATES if kpi in words], path


def _catalogue_words() -> dict[str, str]:
    from sample_company import _catalogue

    names = list(contracts()["nodes"]["model.loyalty.kpis"]["columns"])
    return {
        f"{name}:{row[0]}": value
        for row in _catalogue()
        for name, value in zip(names, row, strict=True)
        if isinstance(value, str)
    }


def test_the_app_knows_nothing_of_the_pipeline() -> None:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name.split(".")[0] in ("orchestration", "dbt", "dagster")], path
        assert "loyalty.duckdb" not in path.read_text(encoding="utf-8")


def test_the_command_line_binds_loopback_and_tells_nobody() -> None:
    arguments = launch.command(8599, headless=True)
    options = dict(zip(arguments[5::2], arguments[6::2], strict=True))
    assert options["--server.address"] == "127.0.0.1" and options["--server.port"] == "8599"
    assert options["--browser.gatherUsageStats"] == options["--server.enableStaticServing"] == "false"
    assert options["--client.toolbarMode"] == "minimal" and options["--server.headless"] == "true"
    assert options["--logger.hideWelcomeMessage"] == "true", (
        "else an agent on this machine brings advertising to the page"
    )
