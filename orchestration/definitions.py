"""What Dagster loads: the definitions in `defs/`, and nothing else."""

import dagster as dg

from orchestration.defs.alerting import untold_failure
from orchestration.defs.automation import landing_changed, nightly, refresh, settings_or_defaults
from orchestration.defs.back_fill import back_fill_jobs
from orchestration.defs.company import Company
from orchestration.defs.gates import gate_deliveries, gate_numbers
from orchestration.defs.identity import matching_accuracy, memberships, review_queue, shared_households
from orchestration.defs.landing import landing_assets
from orchestration.defs.lifetime_value import lifetime_values
from orchestration.defs.notices import told_heads
from orchestration.defs.publication import publication_assets
from orchestration.defs.review_packs import monthly, review_packs
from orchestration.defs.transformation import transformation_assets

back_fills = back_fill_jobs()
defs = dg.Definitions(
    assets=[
        landing_assets(),
        *transformation_assets(),
        memberships,
        shared_households,
        review_queue,
        matching_accuracy,
        lifetime_values,
        publication_assets(),
        told_heads,
    ],
    asset_checks=[gate_deliveries, gate_numbers],
    jobs=[refresh, *back_fills, review_packs],
    schedules=[nightly(), monthly(settings_or_defaults())],
    sensors=[landing_changed, untold_failure],
    resources={"company": Company()},
    executor=dg.in_process_executor,
)
