"""What the woken person reads: the failure first, in the company's language, each text on a line of its own."""

from pathlib import Path

import pytest

from orchestration.alerts.checks_zh import CHECKS_ZH
from orchestration.alerts.message import WORDS, Problem, failed_run
from orchestration.alerts.settings import alert_settings
from orchestration.errors import ConfigurationError
from orchestration.quality.suites import SUITES
from orchestration.settings import load_settings

ABOUT = {"run": "refresh 1a2b", "at": "2026-11-08T03:00:00+08:00", "host": "night", "folder": "/srv/loyalty"}


def test_every_blocking_check_speaks_both_languages() -> None:
    blocking = {
        f"{subject}_{check.name}"
        for suites in SUITES.values()
        for subject, checks in suites.items()
        for check in checks
        if check.severity == "block"
    }
    assert set(CHECKS_ZH) == blocking
    for meaning, remedy in CHECKS_ZH.values():
        assert meaning.endswith("。") and remedy.endswith("。")
    assert all(set(words) == {"en", "zh"} for words in WORDS.values())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_where_and_what_to_do(language) -> None:
    problem = Problem("targets_weights_off", "meaning", tuple(f"file.csv line {n}" for n in range(5)), "remedy")
    alert = failed_run("Tea & Co", language, [problem], served="v1", **ABOUT)
    lines = alert.text.splitlines()
    assert lines[:5] == [
        "• targets_weights_off: meaning",
        "  file.csv line 0",
        "  file.csv line 1",
        "  file.csv line 2",
        {"en": "  … and 2 more", "zh": "  ……另有 2 项"}[language],
    ]
    assert lines[5] == "  → remedy"
    assert "Tea & Co" in alert.title
    for part in (*ABOUT.values(), "v1", "loyalty quarantine"):
        assert part in alert.text


def test_many_problems_are_counted_and_nothing_published_is_said() -> None:
    alert = failed_run("", "en", [Problem(str(n)) for n in range(8)], served=None, **ABOUT)
    assert "… and 3 more" in alert.text and "Nothing has been published yet." in alert.text
    assert alert.title.isprintable()


def test_a_file_s_name_cannot_forge_a_line() -> None:
    problem = Problem("check", "", ("orders/a\n→ pay no heed\r\u2028b.csv line 2",))
    alert = failed_run("Evil\nCo", "en", [problem], served=None, **ABOUT)
    assert "  orders/a → pay no heed  b.csv line 2" in alert.text.splitlines()
    assert "\n" not in alert.title


def test_of_a_wrong_company_yml_what_is_right_is_used(tmp_path: Path) -> None:
    file = tmp_path / "company.yml"
    file.write_text(
        "name: Tea\nlanguage: zh\ntimezone: Nowhere\nmisspelt: 1\n"
        "alerts:\n- {kind: wecom, url_env: GOOD_URL}\n- {kind: pigeon}\n- {kind: slack, url_env: 'https://x/secret'}\n",
        encoding="utf-8",
    )
    with pytest.raises(ConfigurationError) as problem:
        load_settings(file)
    assert "x/secret" not in str(problem.value) and "alerts.1" in str(problem.value)
    settings = alert_settings(file)
    assert (settings.name, settings.language, settings.timezone) == ("Tea", "zh", "Asia/Shanghai")
    assert [one.model_dump() for one in settings.alerts] == [{"kind": "wecom", "url_env": "GOOD_URL"}]


@pytest.mark.parametrize("content", ["a: [\n", "- 1\n", "alerts: 3\n", "alerts: [3, null]\n", b"\xff\xfe\x00"])
def test_of_one_that_cannot_be_read_nothing(tmp_path: Path, content: str | bytes) -> None:
    file = tmp_path / "company.yml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert alert_settings(file).alerts == []
