"""A new scorecard is told once to each who asked for its unit, and again only where the channel did not take it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, urlsplit

import duckdb
import pytest
from pydantic import ValidationError

from orchestration.alerts import deliver
from orchestration.folders import DataFolder
from orchestration.notices.tell import tell_heads
from orchestration.settings import Settings
from tests.alerts import servers

MONTHS = [date(2026, 8, 1), date(2026, 9, 1)]


@pytest.fixture
def robot(monkeypatch: pytest.MonkeyPatch) -> Iterator[servers.Robot]:
    monkeypatch.setattr(deliver, "PAUSE_SECONDS", 0.01)
    with servers.robot() as here:
        monkeypatch.setenv("CS_ROBOT", here.url("/robot"))
        yield here


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    folder = DataFolder(tmp_path)
    folder.create()
    return folder


def settings(language: Literal["en", "zh"] = "en") -> Settings:
    receiver = {"name": "cs", "units": ["cs"], "channel": {"kind": "wecom", "url_env": "CS_ROBOT"}}
    return Settings(name="Tea", language=language, app_url="https://loyalty.example.com/", notices=[receiver])


def version(path: Path, months: list[date], score: float | None = 87.25) -> Path:
    """A version with the scorecards of two units: cs has one target met and one missed a month."""
    path.mkdir()
    duckdb.sql("select unnest(['cs', 'hr']) as org_unit_id, 'Care' as name_en, '客服' as name_zh").write_parquet(
        str(path / "org_units.parquet")
    )
    rows = [(unit, "month", month) for unit in ("cs", "hr") for month in months] + [("cs", "year", date(2026, 1, 1))]
    values = ", ".join(f"('{unit}', '{kind}', date '{start}')" for unit, kind, start in rows)
    scores = duckdb.sql(f"from (values {values}) as s(org_unit_id, period_kind, period_start)")
    scores.project(f"*, cast({'null' if score is None else score} as double) as score").write_parquet(
        str(path / "department_scores.parquet")
    )
    scores.project("*, unnest(['met', 'missed']) as verdict").write_parquet(str(path / "scorecards.parquet"))
    return path


def test_the_newest_scorecard_is_told_once(folder: DataFolder, robot: servers.Robot, tmp_path: Path) -> None:
    said: list[str] = []
    assert tell_heads(folder, version(tmp_path / "first", MONTHS), settings(), said.append) == 1
    assert tell_heads(folder, version(tmp_path / "again", MONTHS), settings(), said.append) == 0
    assert tell_heads(folder, version(tmp_path / "next", [*MONTHS, date(2026, 10, 1)]), settings(), said.append) == 1
    assert said == [f"notice to cs, cs 2026-{month}: alert delivered by wecom" for month in ("09", "10")]
    first, second = (body["text"]["content"] for body in robot.bodies)
    assert "Tea: the scorecard of Care for 2026-09 is out" in first
    assert "Score: 87.2" in first and "1 met, 0 uncertain, 1 missed" in first
    link = urlsplit(next(word for word in second.split() if word.startswith("https://")))
    assert link.netloc == "loyalty.example.com"
    assert parse_qs(link.query) == {"unit": ["cs"], "period_kind": ["month"], "period": ["2026-10-01"], "lang": ["en"]}


def test_without_a_score_in_chinese(folder: DataFolder, robot: servers.Robot, tmp_path: Path) -> None:
    assert tell_heads(folder, version(tmp_path / "v", MONTHS, score=None), settings("zh"), print) == 1
    (body,) = robot.bodies
    assert "客服 2026-09 记分卡已发布" in body["text"]["content"] and "本期没有得分" in body["text"]["content"]


def test_what_was_not_taken_is_tried_after_the_next_run(
    folder: DataFolder, robot: servers.Robot, tmp_path: Path
) -> None:
    robot.answers = [(500, ""), (500, ""), (200, '{"errcode": 0}')]
    said: list[str] = []
    served = version(tmp_path / "v", MONTHS)
    assert tell_heads(folder, served, settings(), said.append) == 0
    assert tell_heads(folder, served, settings(), said.append) == 1
    assert ["NOT delivered" in line for line in said] == [True, False]


def test_receivers_are_told_apart_by_name() -> None:
    receiver = settings().notices[0].model_dump()
    with pytest.raises(ValidationError, match="two receivers have one name"):
        Settings(notices=[receiver, receiver])
