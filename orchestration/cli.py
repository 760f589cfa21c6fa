"""The command `loyalty`. Exit status: 0 done, 1 a check failed or nothing was published, 2 wrong usage or configuration."""

import json as jsonlib
import os
import subprocess
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from orchestration.errors import ConfigurationError, LoyaltyError
from orchestration.folders import REPOSITORY, DataFolder

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


def friendly(command: Callable[..., Any]) -> Callable[..., Any]:
    """Errors meant for a person are printed without a stack, with their exit status."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except LoyaltyError as problem:
            click.echo(f"loyalty: {problem}", err=True)
            sys.exit(problem.exit_status)

    return wrapped


def _print_json(content: Any) -> None:
    click.echo(jsonlib.dumps(content, ensure_ascii=False, indent=2, default=str))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Loyalty Scorecards: honest loyalty KPIs from the files your systems export.

    LOYALTY_DATA names the company's folder (default: data/ of the checkout).
    """
    os.environ.setdefault("DO_NOT_TRACK", "1")


@main.command()
@click.option("--customers", default=20_000, show_default=True, type=click.IntRange(min=20), help="How many people.")
@click.option("--months", default=18, show_default=True, type=click.IntRange(min=1, max=240), help="How many months.")
@click.option("--seed", default=20260101, show_default=True, help="Same seed, same files.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write to instead of LOYALTY_DATA.")
@click.option("--remove", is_flag=True, help="Remove the demo company's files again.")
@click.option("--if-empty", is_flag=True, help="Do nothing where landing already holds files.")
@friendly
def demo(customers: int, months: int, seed: int, out: Path | None, remove: bool, if_empty: bool) -> None:
    """Create the demo company in landing/ (its truth in truth/), or remove it."""
    import demo_company

    root = (out or DataFolder.from_environment().root).resolve()
    try:
        if remove:
            removed = demo_company.remove(root)
            click.echo(f"removed {len(removed)} demo files from {root / 'landing'}")
            return
        if if_empty and demo_company.status(root) != "empty":
            return
        click.echo(f"creating the demo company ({customers} people, {months} months) in {root}", err=True)
        demo_company.write(root, customers=customers, months=months, seed=seed)
    except demo_company.ForeignFiles as problem:
        raise ConfigurationError(str(problem)) from problem
    click.echo(f"demo company written to {root / 'landing'}; next: loyalty run")


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dataset", help="The dataset it is for; default: the name of its folder.")
@json_option
@friendly
def check(file: Path, dataset: str | None, as_json: bool) -> None:
    """Check FILE against the landing contract before delivering it; nothing is written."""
    from orchestration import dbt
    from orchestration.landing.check import check_file
    from orchestration.landing.contract import load_contract
    from orchestration.settings import load_settings

    settings = load_settings(DataFolder.from_environment().company_yml)
    report = check_file(file, dataset, settings, load_contract(dbt.ensure_manifest()))
    if as_json:
        _print_json(report.as_dict())
    else:
        click.echo(report.text())
    sys.exit(0 if report.ok else 1)


@main.command()
@click.option("--as-of", help="The moment the run speaks for, ISO 8601; default: now.")
@json_option
@friendly
def run(as_of: str | None, as_json: bool) -> None:
    """Run the main job: load what landed, compute, check, publish."""
    from orchestration.run import run_refresh

    folder = DataFolder.from_environment()
    outcome = run_refresh(folder, as_of)
    if as_json:
        _print_json(outcome.__dict__)
    for warning in outcome.warnings:
        click.echo(f"warning: {warning}", err=True)
    if not outcome.succeeded:
        for problem in outcome.problems:
            click.echo(f"error: {problem}", err=True)
        click.echo(
            "loyalty: nothing was published; the last good version stays served. Refused rows: loyalty quarantine",
            err=True,
        )
        sys.exit(1)
    if not as_json:
        click.echo(f"published {outcome.version} in {folder.published / 'current'}")


@main.command()
@click.option("--dismiss", metavar="DELIVERY", help="Accept what this delivery had refused (SHA-256 or its beginning).")
@click.option("--reason", help="Why; goes with --dismiss and is kept.")
@json_option
@friendly
def quarantine(dismiss: str | None, reason: str | None, as_json: bool) -> None:
    """List what was refused, with file, line, column and reason, and how to clear it."""
    from orchestration.landing import quarantine as room

    folder = DataFolder.from_environment()
    if dismiss:
        if not reason:
            raise ConfigurationError("--dismiss needs --reason TEXT: who reads this later must know why")
        click.echo(room.dismiss(folder, dismiss, reason))
        return
    listing = room.listing(folder)
    if as_json:
        _print_json(listing.as_dict())
    else:
        click.echo(listing.text())


@main.command()
@json_option
@friendly
def doctor(as_json: bool) -> None:
    """Look for what keeps the product from running here, and say what mends it."""
    from orchestration.doctor import examine

    findings = examine(DataFolder.from_environment())
    if as_json:
        _print_json([finding.__dict__ for finding in findings])
    else:
        for finding in findings:
            click.echo(f"{'ok  ' if finding.ok else 'FAIL'} {finding.check}: {finding.message}")
    sys.exit(0 if all(finding.ok for finding in findings) else 1)


@main.command()
@click.option("--port", default=8501, show_default=True)
@click.option("--headless", is_flag=True, help="Don't open a browser.")
@friendly
def app(port: int, headless: bool) -> None:
    """Open the scorecards in a browser, on this machine only."""
    from scorecard_app.launch import launch

    sys.exit(launch(DataFolder.from_environment().root, port=port, headless=headless))


@main.command()
@click.option("--port", default=3000, show_default=True)
@friendly
def dev(port: int) -> None:
    """Open Dagster: the graph, its runs, the schedule and the sensor, on this machine only."""
    from orchestration.run import prepare_dagster_home

    prepare_dagster_home(DataFolder.from_environment().create())
    dagster = Path(sys.executable).with_name("dagster")
    command = [str(dagster), "dev", "-m", "orchestration.definitions", "-h", "127.0.0.1", "-p", str(port)]
    sys.exit(subprocess.call(command, cwd=REPOSITORY))
