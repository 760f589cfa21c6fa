"""The two servers: the scorecards and Dagster."""

import os
import sys
from pathlib import Path

import click

from orchestration.commands import friendly
from orchestration.errors import ConfigurationError
from orchestration.folders import REPOSITORY, DataFolder


@click.command()
@click.option("--port", default=8501, show_default=True)
@click.option("--headless", is_flag=True, help="Don't open a browser.")
@click.option("--local", is_flag=True, help="No sign-in: one person at this machine sees everything.")
@friendly
def app(port: int, headless: bool, local: bool) -> None:
    """Open the scorecards in a browser, served on 127.0.0.1."""
    from scorecard_app.access.provider import SignInError
    from scorecard_app.access.rules import AccessError
    from scorecard_app.launch import launch

    try:
        launch(DataFolder.from_environment().root, port=port, headless=headless, local=local)
    except (SignInError, AccessError) as problem:
        raise ConfigurationError(str(problem)) from problem


@click.command()
@click.option("--port", default=3000, show_default=True)
@friendly
def dev(port: int) -> None:
    """Open Dagster: the graph, its runs, the schedule and the sensor, on this machine only."""
    from orchestration.run import prepare_dagster_home

    prepare_dagster_home(DataFolder.from_environment().create())
    dagster = str(Path(sys.executable).with_name("dagster"))
    os.chdir(REPOSITORY)
    # Replaced, not started: whoever ends this process ends Dagster and leaves no orphan.
    os.execv(dagster, [dagster, "dev", "-m", "orchestration.definitions", "-h", "127.0.0.1", "-p", str(port)])
