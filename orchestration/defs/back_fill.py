"""Back-fills: the whole job after one dataset, or one month's deliveries, were loaded anew from their kept copies.

For a warehouse that was tampered with, or to prove that it wasn't; a changed contract, time zone or format reloads
everything at the next run by itself.
"""

from collections.abc import Mapping
from typing import Any

import dagster as dg

from orchestration import dbt
from orchestration.defs.alerting import tell_failure
from orchestration.errors import ConfigurationError
from orchestration.landing.contract import load_contract
from orchestration.landing.reload import month_of

FIRST_MONTH = "2000-01"
MONTHS = dg.TimeWindowPartitionsDefinition(start=FIRST_MONTH, fmt="%Y-%m", cron_schedule="0 0 1 * *", end_offset=1)


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


def part_to_fill(job: str, back_fill: str | None) -> str | None:
    """What a run is to load anew; none in the nightly job.

    Raises:
        ConfigurationError: a back-fill was started without saying of what: it must not pass for one that was done.
    """
    if job.startswith("backfill_") and not back_fill:
        raise ConfigurationError(
            f"{job} was not told what to load anew; run: loyalty run --back-fill PART, or in Dagster's launchpad (the arrow "
            "beside 'Materialize all') write: resources: {company: {config: {back_fill: PART}}}; PART is a dataset or a month"
        )
    return back_fill


def job_of(back_fill: str | None) -> str:
    """The job that loads a dataset or a month anew; the nightly one where nothing is named.

    Raises:
        ConfigurationError: what is named is neither, or is a month for which Dagster knows no partition.
    """
    if not back_fill:
        return "refresh"
    if not month_of(back_fill, load_contract(dbt.ensure_manifest())):
        return "backfill_dataset"
    if not MONTHS.has_partition_key(back_fill):
        raise ConfigurationError(
            f"'{back_fill}' can't be loaded anew: name a month from {FIRST_MONTH} to {MONTHS.get_last_partition_key()}, the "
            "present one in UTC, or a dataset, which is loaded with all its months"
        )
    return "backfill_month"


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
            MONTHS,
            "Loads anew what was delivered in, or has rows in, one month; then refreshes and publishes; same gates as ever.",
        ),
    ]
