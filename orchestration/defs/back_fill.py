"""Back-fills: the whole job after one dataset, or one month's deliveries, were loaded anew from their kept copies.

For a warehouse that was tampered with, or to prove that it wasn't; a changed contract, time zone or format reloads
everything at the next run by itself.
"""

from collections.abc import Mapping
from typing import Any

import dagster as dg

from orchestration import dbt
from orchestration.defs.alerting import tell_failure
from orchestration.landing.contract import load_contract

FIRST_MONTH = "2000-01"


def _run_config(part: str) -> Mapping[str, Any]:
    return {"resources": {"company": {"config": {"back_fill": part}}}}


def _job(name: str, partitions: dg.PartitionsDefinition, description: str) -> Any:
    return dg.define_asset_job(
        name,
        selection=dg.AssetSelection.all(),
        config=dg.PartitionedConfig(
            partitions_def=partitions, run_config_for_partition_key_fn=lambda part: _run_config(part)
        ),
        executor_def=dg.in_process_executor,
        hooks={tell_failure},
        description=description,
    )


def back_fill_jobs() -> list[Any]:
    """`backfill_dataset`, a partition per dataset of the contract, and `backfill_month`, one per month of deliveries."""
    datasets = sorted(load_contract(dbt.ensure_manifest()).datasets)
    return [
        _job(
            "backfill_dataset",
            dg.StaticPartitionsDefinition(datasets),
            "Loads one dataset anew from the kept deliveries, then refreshes and publishes; same gates as ever.",
        ),
        _job(
            "backfill_month",
            dg.TimeWindowPartitionsDefinition(start=FIRST_MONTH, fmt="%Y-%m", cron_schedule="0 0 1 * *", end_offset=1),
            "Loads anew what was delivered in, or has rows in, one month; then refreshes and publishes; same gates as ever.",
        ),
    ]
