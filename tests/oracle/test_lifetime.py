"""The lifetime-value models that a run published, judged by a likelihood of the oracle's own."""

from datetime import UTC, date

import numpy as np
import polars as pl
import pytest

from .company import load_company
from .facts import Facts, facts
from .identity import identify, people_of_the_run
from .lifetime import Model, expected, histories, log_likelihood
from .read import load


@pytest.fixture(scope="module")
def bought(demo_run) -> Facts:
    company = load_company(demo_run.data / "company.yml")
    landing = load(demo_run.data, company, demo_run.as_of.astimezone(UTC))
    memberships, identified = identify(landing, company)
    return facts(landing, people_of_the_run(demo_run.data, memberships), identified, company, demo_run.as_of)


@pytest.fixture(scope="module")
def months(demo_run) -> list[dict]:
    found = pl.read_parquet(demo_run.published / "lifetime_value_months.parquet").to_dicts()
    assert found
    return found


def _numbers(known: pl.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return (
        known["x"].to_numpy().astype(float),
        known["t_x"].to_numpy().astype(float),
        known["age"].to_numpy().astype(float),
    )


def test_no_neighbour_is_likelier(bought, months):
    """A hundredth more or less of any parameter explains the history before the fit less well."""
    for month in {row["parameters"]: row for row in months}.values():
        numbers = _numbers(histories(bought, month["fitted_before"], month["basis"]))
        found = np.array([month[name] for name in ("r", "alpha", "a", "b")])
        best = log_likelihood(found, *numbers)
        for place in np.flatnonzero(found < 999):  # at the end of the range there may be better beyond
            for factor in (0.99, 1.01):
                other = found.copy()
                other[place] *= factor
                assert log_likelihood(other, *numbers) < best


def test_a_quarter_keeps_its_model_unless_it_is_wrong(bought, months):
    for month in months:
        end, before = month["ends_on"], month["fitted_before"]
        last_day = date.fromordinal(end.toordinal() - 1)
        quarter = date(last_day.year, (last_day.month - 1) // 3 * 3 + 1, 1)
        assert before in (quarter, end)
        if before == end:
            continue
        model = Model(*(month[name] for name in Model._fields))
        known = histories(bought, before, month["basis"])
        foreseen = float(expected(model, *_numbers(known), (end - before).days / 7).sum())
        since = (pl.col("day") >= before) & (pl.col("day") < end)
        seen = bought.earnings.filter(since).join(known, on="customer_key", how="semi").height
        assert month["actual_since_fit"] == seen
        assert month["expected_since_fit"] == pytest.approx(foreseen, rel=1e-6)
        assert foreseen < 100 or 0.8 <= seen / foreseen <= 1.25


def test_what_one_time_buyers_earned(bought, months):
    for month in months:
        end, basis = month["ends_on"], month["basis"]
        year = (pl.col("day") >= pl.lit(end).dt.offset_by("-365d")) & (pl.col("day") < end)
        earned = bought.earnings.filter(year).group_by("customer_key").agg(earned=pl.col(basis).sum())
        known = histories(bought, end, basis).join(earned.filter(pl.col("earned") > 0), on="customer_key")
        once = int(known.filter(pl.col("x") == 0)["earned"].sum()) / int(known["earned"].sum())
        # few of either kind would be told what they earned
        if min(known.filter(pl.col("x") == 0).height, known.filter(pl.col("x") > 0).height) >= 5:
            assert month["one_time_share"] == pytest.approx(once, abs=1e-9)
