"""Published numbers are late when a night was missed, overdue when two were."""

from datetime import timedelta
from functools import lru_cache

import dagster as dg

from orchestration.alerts.settings import alert_settings
from orchestration.folders import DataFolder


@lru_cache(maxsize=1)
def _policy(hours: float) -> dg.FreshnessPolicy:
    late = timedelta(hours=hours)
    return dg.FreshnessPolicy.time_window(warn_window=late, fail_window=late + timedelta(days=1))


def published_in_time() -> dg.FreshnessPolicy:
    """Warns after company.yml's `published_within_hours`, fails a day later; Dagster's daemon judges it."""
    return _policy(alert_settings(DataFolder.from_environment().company_yml).published_within_hours)
