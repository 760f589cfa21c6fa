"""Dagster's databases keep their engine during a run, and only then."""

import dagster as dg
import pytest
from dagster._core.storage.event_log.sqlite import sqlite_event_log

from orchestration.folders import DataFolder
from orchestration.run import _engines_kept, prepare_dagster_home


def test_one_engine_per_database_while_a_run_lasts(tmp_path, monkeypatch: pytest.MonkeyPatch):
    for name in ("DAGSTER_HOME", "LOYALTY_DATA"):
        monkeypatch.setenv(name, "")  # put back afterwards
    prepare_dagster_home(DataFolder(tmp_path).create())
    before = sqlite_event_log.create_engine
    made = []
    monkeypatch.setattr(sqlite_event_log, "create_engine", lambda url, **more: made.append(url) or before(url, **more))
    counting = sqlite_event_log.create_engine

    @dg.asset
    def anything() -> None: ...

    with _engines_kept(), dg.DagsterInstance.get() as instance:
        assert dg.materialize([anything], instance=instance).success
        assert instance.event_log_storage.all_asset_keys() == [dg.AssetKey("anything")]
    assert len(made) == len(set(made)) > 1
    assert sqlite_event_log.create_engine is counting
