"""What stands in the file in the order that its description promises, since readers page through it."""

import polars as pl

from tests.conftest import CompanyRun


def test_a_customers_events_lie_together_the_newest_first(demo_run: CompanyRun) -> None:
    events = pl.read_parquet(demo_run.published / "profiles" / "customer_timeline.parquet")
    assert len(events) > 10_000
    stretches = events["customer_id"].rle_id().n_unique()
    assert stretches == events["customer_id"].n_unique()
    upwards = events.filter(pl.col("occurred_at") > pl.col("occurred_at").shift(1).over("customer_id"))
    assert upwards.is_empty()
