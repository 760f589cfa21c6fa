"""Runs whose process was killed: Dagster believes for ever that they go on, and starts none beside ten of them."""

from collections.abc import Generator
from contextlib import contextmanager

import dagster as dg

HOLDS_LOCK = "loyalty/holds_lock"
MEANING = (
    "its process ended without a word while it held the warehouse: killed, out of memory, or a power cut; a later run took "
    "over and finishes its work"
)


@contextmanager
def marked(instance: dg.DagsterInstance, run_id: str) -> Generator[None]:
    """Around what a run does behind the writer lock: it is marked, and others that still are have failed.

    One run at a time is behind the lock, so that another with the mark died there. Runs that wait for it have none.
    """
    from orchestration.defs.alerting import tell_once  # which needs what needs this

    going_on = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
    for run in instance.get_runs(dg.RunsFilter(tags={HOLDS_LOCK: "yes"}, statuses=going_on)):
        instance.report_run_failed(run, MEANING)
        tell_once(instance, run.run_id)
    instance.add_run_tags(run_id, {HOLDS_LOCK: "yes"})
    try:
        yield
    finally:
        # before the lock is free: the next run must not take this one, which is about to end, for a dead one
        instance.add_run_tags(run_id, {HOLDS_LOCK: "no"})
