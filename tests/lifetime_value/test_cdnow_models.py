"""Both models against the figures that Fader and Hardie printed for the CDNOW sample, 1997-01-01 to 1998-06-30."""

import zipfile

import numpy as np
import pandas as pd
import pytest

from orchestration.lifetime_value import margins, purchases
from tests.cdnow import wheel

MEMBER = "lifetimes/datasets/CDNOW_sample.txt"
CALIBRATION_ENDS = pd.Timestamp("1997-09-30")
HOLDOUT_WEEKS = 39.0


@pytest.fixture(scope="module")
def days(request: pytest.FixtureRequest) -> pd.DataFrame:
    """customer, day, amount in dollars, repeat: a row per customer and day, sorted."""
    with zipfile.ZipFile(wheel(request.config.cache)) as archive, archive.open(MEMBER) as text:
        columns = ["_", "customer", "day", "discs", "amount"]
        rows = pd.read_csv(text, sep=r"\s+", names=columns, dtype={"customer": str, "day": str}, parse_dates=["day"])
    assert (rows["day"] > CALIBRATION_ENDS).sum() == 1_959
    found = rows.groupby(["customer", "day"], as_index=False)["amount"].sum()
    return found.assign(repeat=found["day"] > found.groupby("customer")["day"].transform("min"))


@pytest.fixture(scope="module")
def customers(days: pd.DataFrame) -> pd.DataFrame:
    """x, t_x and T in days, and the mean amount of repeat days (0 without), per customer; the calibration only."""
    seen = days[days["day"] <= CALIBRATION_ENDS].groupby("customer")["day"].agg(["size", "min", "max"])
    repeats = days[days["repeat"] & (days["day"] <= CALIBRATION_ENDS)]
    return pd.DataFrame(
        {
            "x": seen["size"] - 1,
            "t_x": (seen["max"] - seen["min"]).dt.days,
            "age": (CALIBRATION_ENDS - seen["min"]).dt.days,
            "mean": repeats.groupby("customer")["amount"].mean(),
        }
    ).fillna({"mean": 0})


def exactly(days: pd.Series) -> pd.Series:
    return days / 7


def half_up(days: pd.Series) -> pd.Series:
    return (2 * days + 7) // 14


def down(days: pd.Series) -> pd.Series:
    return days // 7


def grouped(customers: pd.DataFrame, weeks=exactly) -> purchases.Groups:
    keys = customers.assign(t_x=weeks(customers["t_x"]), age=weeks(customers["age"]))
    groups = keys.groupby(["x", "t_x", "age"], as_index=False).agg(n=("mean", "size"))
    return purchases.Groups(*(groups[name].to_numpy() for name in ("x", "t_x", "age", "n")))


@pytest.mark.parametrize(
    ("weeks", "likelihood", "expected"),
    [(exactly, -9582.43, 1653.4), (half_up, -9581.15, 1644.8), (down, -9526.15, 1618.8)],
)
def test_likelihood_and_holdout(customers, days, weeks, likelihood, expected):
    groups = grouped(customers, weeks)
    model = purchases.fit(groups)
    assert purchases.log_likelihood(model, groups) == pytest.approx(likelihood, abs=0.005)
    each = purchases.expected_purchases(model, groups.x, groups.t_x, groups.age, HOLDOUT_WEEKS)
    assert (each * groups.customers).sum() == pytest.approx(expected, abs=0.05)
    assert (days["day"] > CALIBRATION_ENDS).sum() == 1_882


def test_parameters_and_one_customer(customers):
    model = purchases.fit(grouped(customers))
    assert [round(value, 3) for value in model] == [0.243, 4.414, 0.793, 2.426]
    one = (np.array([2]), np.array([30.43]), np.array([38.86]))
    assert purchases.expected_purchases(model, *one, HOLDOUT_WEEKS) == pytest.approx(1.226, abs=0.0005)
    assert purchases.p_alive(model, *one) == pytest.approx(0.7266, abs=0.00005)


def test_margins(customers):
    repeaters = customers[customers["x"] > 0]
    assert len(repeaters) == 946
    x, mean = repeaters["x"].to_numpy(), repeaters["mean"].to_numpy()
    model = margins.fit(x, mean)
    assert [round(value, 2) for value in model] == [6.25, 3.74, 15.44]
    assert margins.log_likelihood(model, x, mean) == pytest.approx(-4055.92, abs=0.005)
    assert model.mean == pytest.approx(35.17, abs=0.005)
    assert margins.correlation(x, mean) == pytest.approx(0.114, abs=0.0005)
    first = customers.head(10)
    assert margins.expected_margin(model, first["x"].to_numpy(), first["mean"].to_numpy()).round(2).tolist() == [
        *(24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17)
    ]


def test_the_parameters_kept_do_not_depend_on_the_order_of_summing(customers):
    from orchestration.lifetime_value.likelihood import rounded

    groups, shuffled = grouped(customers), np.random.default_rng(7).permutation(len(grouped(customers).x))
    again = purchases.Groups(*(column[shuffled] for column in groups))
    assert rounded(np.array(purchases.fit(again))) == rounded(np.array(purchases.fit(groups)))
    repeaters = customers[customers["x"] > 0].sample(frac=1, random_state=7)
    for scale in (1, 0.0001):  # nor on the currency
        mean = repeaters["mean"].to_numpy() * scale
        p, q, gamma = rounded(np.array(margins.fit(repeaters["x"].to_numpy(), mean)))
        assert (p, q, round(gamma / scale, 4)) == (6.24957, 3.74422, 15.4435)
