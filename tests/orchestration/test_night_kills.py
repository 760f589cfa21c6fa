"""A run that was killed does not count as one that goes on, and is told; one that waits for its turn is left alone."""

import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from orchestration.defs.killed_runs import HOLDS_LOCK
from orchestration.folders import REPOSITORY, DataFolder
from orchestration.run import prepare_dagster_home
from tests.alerts import servers

# The first run is killed behind the lock, for which the two others wait.
THREE_RUNS = """
import os, signal, sys, time
from pathlib import Path
import dagster as dg
from orchestration.defs.company import Company
from orchestration.folders import DataFolder
from orchestration.run import prepare_dagster_home

prepare_dagster_home(DataFolder.from_environment())
with dg.DagsterInstance.get() as instance:
    instance.get_runs_count()
signs = Path(sys.argv[1])

@dg.op
def work(company: Company) -> None:
    (signs / str(os.getpid())).touch()
    if len(list(signs.iterdir())) == 1:
        time.sleep(600)

@dg.job(resource_defs={"company": Company()}, executor_def=dg.in_process_executor)
def night() -> None:
    work()

def start() -> int:
    process = os.fork()
    if process == 0:
        with dg.DagsterInstance.get() as instance:
            os._exit(0 if night.execute_in_process(instance=instance, raise_on_error=False).success else 1)
    return process

first = start()
while not list(signs.iterdir()):
    time.sleep(0.05)
others = [start(), start()]
with dg.DagsterInstance.get() as instance:
    while sum("waiting for" in entry.user_message for run in instance.get_runs() for entry in instance.all_logs(run.run_id)) < 2:
        time.sleep(0.05)
os.kill(first, signal.SIGKILL)
sys.exit(max(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) for process in others))
"""


def test_the_next_run_ends_and_tells_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = DataFolder(tmp_path / "data").create()
    folder.company_yml.write_text("name: Tea\nalerts: [{kind: wecom, url_env: NIGHT_WECOM}]\n", encoding="utf-8")
    signs = tmp_path / "signs"
    signs.mkdir()
    with servers.robot() as robot:
        done = subprocess.run(
            [sys.executable, "-c", THREE_RUNS, str(signs)],
            env={**os.environ, "LOYALTY_DATA": str(folder.root), "NIGHT_WECOM": robot.url("/")},
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            timeout=300,
        )
    assert done.returncode == 0, done.stderr
    for name in ("LOYALTY_DATA", "DAGSTER_HOME"):
        monkeypatch.setenv(name, "")  # set by what follows, and put back after it
    prepare_dagster_home(folder)
    with dg.DagsterInstance.get() as instance:
        runs = sorted(instance.get_run_records(), key=lambda record: record.create_timestamp)
        assert [record.dagster_run.status.value for record in runs] == ["FAILURE", "SUCCESS", "SUCCESS"]
        failed = [
            record.dagster_run.run_id
            for record in runs
            if list(instance.all_logs(record.dagster_run.run_id, of_type=dg.DagsterEventType.RUN_FAILURE))
        ]
        assert failed == [runs[0].dagster_run.run_id], "nobody said of one that waited that it had failed"
        assert [record.dagster_run.tags[HOLDS_LOCK] for record in runs] == ["yes", "no", "no"]
    (body,) = robot.bodies
    assert failed[0] in body["text"]["content"] and "ended without a word" in body["text"]["content"]
