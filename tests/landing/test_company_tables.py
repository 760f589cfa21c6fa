"""company.yml as tables: hours as people write them, days that differ, a clock that never changes."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest

from orchestration.errors import ConfigurationError
from orchestration.landing.company_tables import write_config
from orchestration.landing.offsets import fixed_offset
from orchestration.settings import Settings, load_settings

AS_OF = datetime(2026, 1, 1)


def written(settings: Settings, table: str) -> list[tuple]:
    with duckdb.connect() as connection:
        connection.execute("create schema config")
        write_config(connection, settings, AS_OF)
        write_config(connection, settings, AS_OF)  # a second run finds the tables there
        return connection.execute(f"select * from config.{table} order by all").fetchall()


def test_hours_are_minutes_of_weekdays() -> None:
    week = {"sun": ["22:00-24:00"], "mon": ["13:00-18:30", "09:00-12:00"]}
    assert written(Settings.model_validate({"business_hours": week}), "business_hours") == [
        (1, 540, 720),
        (1, 780, 1110),
        (7, 1320, 1440),
    ]


def test_special_hours_win_over_holidays_and_a_closed_day_is_known() -> None:
    settings = Settings.model_validate(
        {
            "holidays": ["2026-10-01", "2026-10-02"],
            "special_hours": {date(2026, 10, 2): ["10:00-11:00"], date(2026, 10, 5): []},
        }
    )
    assert written(settings, "special_days") == [
        (date(2026, 10, 1), None, None),
        (date(2026, 10, 2), 600, 660),
        (date(2026, 10, 5), None, None),
    ]


def test_a_factor_of_trust_without_a_floor_has_nought() -> None:
    assert written(Settings.model_validate({"trust_floors": {"reliability": 12.5}}), "trust_floors") == [
        ("capability", 0.0),
        ("humanity", 0.0),
        ("reliability", 12.5),
        ("transparency", 0.0),
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("business_hours: {mon: ['9-18']}", "'9-18' are no hours; write them like 09:00-18:00"),
        ("business_hours: {mon: ['22:00-02:00']}", "'22:00-02:00' end before they begin"),
        ("business_hours: {mon: ['09:00-12:00', '11:00-13:00']}", "09:00-12:00, 11:00-13:00 overlap"),
        ("business_hours: {mon: []}", "at least one weekday needs hours"),
        ("business_hours: {monday: ['09:00-18:00']}", "business_hours.monday"),
        ("special_hours: {2026-10-10: ['25:00-26:00']}", "special_hours.2026-10-10"),
        ("holidays: [2026-13-01]", "month must be in 1..12"),
        ("holidays: [soon]", "holidays.0"),
        ("trust_floors: {kindness: 10}", "trust_floors.kindness"),
        ("trust_floors: {humanity: 101}", "trust_floors.humanity"),
        ("service_levels: {first_response_minutes: 0}", "service_levels.first_response_minutes"),
        ("service_levels: {resolution_minutes: soon}", "service_levels.resolution_minutes"),
        ("labels: {shop: {en: Web shop}}", "labels.shop.zh"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, content: str, says: str) -> None:
    file = tmp_path / "company.yml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError) as refused:
        load_settings(file)
    assert says in str(refused.value)
    assert str(file) in str(refused.value)


@pytest.mark.parametrize("name", ["Asia/Shanghai", "UTC", "Asia/Kolkata", "Europe/Moscow"])
def test_a_fixed_offset_holds_from_its_day_on(name: str) -> None:
    zone = ZoneInfo(name)
    since, offset = fixed_offset(zone)
    assert since is not None
    for days in range(0, 365 * 60, 17):
        moment = since.replace(tzinfo=UTC) + timedelta(days=days, hours=days % 24)
        assert moment.astimezone(zone).utcoffset() == offset


@pytest.mark.parametrize("name", ["Europe/Berlin", "America/New_York", "Australia/Sydney"])
def test_a_zone_with_summer_time_has_none(name: str) -> None:
    assert fixed_offset(ZoneInfo(name)) == (None, None)
