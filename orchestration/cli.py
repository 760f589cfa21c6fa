"""The command `loyalty`. Exit status: 0 done, 1 a check failed or nothing was published, 2 wrong usage or configuration."""

import json as jsonlib
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click
import duckdb

from orchestration import terminal
from orchestration.errors import ConfigurationError, LockHeld, LoyaltyError, PublishingError
from orchestration.folders import REPOSITORY, DataFolder
from orchestration.warehouse import connect

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
        except KeyboardInterrupt:
            click.echo("loyalty: interrupted; nothing was published, the next run finishes the work", err=True)
            sys.exit(1)

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
    if not if_empty:
        DataFolder(root).create()
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
        _print_json(asdict(report) | {"accepted": report.accepted})
    else:
        terminal.show_check(report)
    sys.exit(0 if report.accepted else 1)


@main.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@friendly
def templates(folder: Path) -> None:
    """Write an empty file per dataset, what each column means, and a commented company.yml into FOLDER."""
    from orchestration import dbt
    from orchestration.landing.contract import load_contract
    from orchestration.landing.templates import write_templates
    from orchestration.settings import settings_template

    written = write_templates(load_contract(dbt.ensure_manifest()), folder)
    written.append(folder / "company.yml")
    written[-1].write_text(settings_template(), encoding="utf-8")
    click.echo(f"{len(written)} files written to {folder}; start with contract.en.md or contract.zh.md")


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
@click.option("--unit", help="One org unit only.")
@click.option("--period", "period_kind", type=click.Choice(["month", "quarter", "year"]), default="quarter")
@click.option("--lang", type=click.Choice(["en", "zh"]), help="Default: the language in company.yml.")
@json_option
@friendly
def scorecards(unit: str | None, period_kind: str, lang: str | None, as_json: bool) -> None:
    """Print the scorecards of the last complete period."""
    from scorecard_app.published import Damaged, NothingPublished, Published, resolve

    folder = DataFolder.from_environment()
    try:
        published = Published(resolve(folder.root))
    except NothingPublished as problem:
        raise PublishingError(f"nothing is published in {folder.published} yet; run: loyalty run") from problem
    except Damaged as problem:
        raise PublishingError(f"{problem}; publish again with: loyalty run") from problem
    if unit and unit not in published.units():
        raise ConfigurationError(f"there is no unit '{unit}'; units: {', '.join(published.units())}")
    if as_json:
        _print_json(terminal.scorecard_rows(published, unit, period_kind))
    else:
        terminal.show_scorecards(published, unit, period_kind, lang or published.about.language)


@main.command()
@click.option("--dismiss", metavar="DELIVERY", help="Accept what this delivery had refused (start of its SHA-256).")
@click.option("--reason", help="Why; goes with --dismiss and is kept.")
@click.option("--all", "everything", is_flag=True, help="Also what is cleared or dismissed.")
@json_option
@friendly
def quarantine(dismiss: str | None, reason: str | None, everything: bool, as_json: bool) -> None:
    """List what was refused, with file, line, column and reason, and how to clear it."""
    from orchestration.landing.quarantine import dismiss as record_dismissal
    from orchestration.landing.quarantine import refused
    from orchestration.settings import load_settings

    folder = DataFolder.from_environment()
    settings = load_settings(folder.company_yml)
    if dismiss:
        whole = record_dismissal(folder, dismiss, reason or "", datetime.now(UTC))
        click.echo(f"dismissed what {whole[:12]} had refused; it no longer blocks the next run")
        return
    if not folder.database.exists():
        raise ConfigurationError(f"{folder.database} does not exist yet; load what landed with: loyalty run")
    try:
        with connect(folder.database) as warehouse:
            entries = refused(warehouse, settings.language, everything)
    except duckdb.IOException as problem:
        raise LockHeld("a run is writing the warehouse; try again when it is done") from problem
    if as_json:
        _print_json([asdict(entry) | {"how_to_clear": entry.how_to_clear} for entry in entries])
    else:
        terminal.show_refused(entries)


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
    dagster = str(Path(sys.executable).with_name("dagster"))
    os.chdir(REPOSITORY)
    # Replaced, not started: whoever ends this process ends Dagster and leaves no orphan.
    os.execv(dagster, [dagster, "dev", "-m", "orchestration.definitions", "-h", "127.0.0.1", "-p", str(port)])
