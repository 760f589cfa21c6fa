"""The trend's specification is valid Vega-Lite and hides nothing: every month has its place, number or not."""

from datetime import date
from pathlib import Path

import altair
import pytest
from sample_company import MONTHS, OUTAGE

from scorecard_app.cards import Voice
from scorecard_app.charts.carried import carried
from scorecard_app.charts.theme import LIGHT
from scorecard_app.charts.trend import every_month, trend
from scorecard_app.format import Language
from scorecard_app.published import Published, resolve


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_kpi_has_a_valid_chart(sample_root: Path, language: Language) -> None:
    published = Published(resolve(sample_root))
    voice = Voice(language, "CNY", published.labels())
    for kpi_id, kpi in published.kpis().items():
        for unit in ("sto", "acme"):
            spec = trend(published.trend(kpi_id, unit, unit), kpi, voice, LIGHT, MONTHS[3])
            assert spec
            altair.LayerChart.from_dict(spec)
            values = spec["data"]["values"]
            assert [value["size"] > 100 for value in values].index(True) == 3
            assert len(values) == len(MONTHS) and values[-1]["open"] and not values[0]["open"]


def test_a_month_without_answers_is_a_gap(sample_root: Path) -> None:
    published = Published(resolve(sample_root))
    voice = Voice("en", "CNY", published.labels())
    kpi = next(row for row in published.kpis().values() if row["unit"] == "points")
    spec = trend(published.trend(kpi["kpi_id"], "sto", "sto"), kpi, voice, LIGHT, None)
    assert spec
    missing = [value["name"] for value in spec["data"]["values"] if value["value"] is None]
    assert missing == [OUTAGE.strftime("%B %Y")]


def test_nothing_but_hidden_months_is_no_chart(sample_root: Path) -> None:
    published = Published(resolve(sample_root))
    voice = Voice("en", "CNY", published.labels())
    for kpi_id, kpi in published.kpis().items():
        assert trend(published.trend(kpi_id, "hr", "hr"), kpi, voice, LIGHT, None) is None


def test_the_browser_gets_the_same_records(sample_root: Path) -> None:
    published = Published(resolve(sample_root))
    voice = Voice("en", "CNY", published.labels())
    kpi = next(row for row in published.kpis().values() if row["unit"] == "points")
    spec = trend(published.trend(kpi["kpi_id"], "sto", "sto"), kpi, voice, LIGHT, None)
    assert spec
    table, rest = carried(spec)
    assert table.to_pylist() == spec["data"]["values"] and None in table.column("value").to_pylist()
    assert {**rest, "data": spec["data"]} == spec and "data" not in rest


def test_months_run_over_the_new_year() -> None:
    assert every_month(date(2024, 11, 1), date(2025, 2, 1)) == [
        date(2024, 11, 1), date(2024, 12, 1), date(2025, 1, 1), date(2025, 2, 1),
    ]  # fmt: skip
