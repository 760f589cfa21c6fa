"""The run, what it refused, and what keeps it from running."""

import sys
from dataclasses import asdict
from datetime import UTC, datetime

import click
import duckdb

from orchestration import terminal
from orchestration.commands import friendly, json_option, print_json
from orchestration.errors import ConfigurationError, LockHeld
from orchestration.folders import DataFolder
from orchestration.warehouse import connect


@click.command()
@click.option("--as-of", help="The moment the run speaks for, ISO 8601; default: now.")
@click.option(
    "--back-fill", metavar="PART", help="First load a dataset, or a month as 2026-03, anew from the kept files."
)
@json_option
@friendly
def run(as_of: str | None, back_fill: str | None, as_json: bool) -> None:
    """Run the main job: load what landed, compute, check, publish."""
    from orchestration.run import run_refresh

    folder = DataFolder.from_environment()
    outcome = run_refresh(folder, as_of, back_fill)
    if as_json:
        print_json(outcome.__dict__)
    for warning in outcome.warnings:
        click.echo(f"warning: {warning}", err=True)
    if not outcome.succeeded:
        for problem in outcome.problems:
            click.echo(f"error: {problem}", err=True)
        if outcome.version:
            said = f"{outcome.version} is published and served; what failed stands beside it"
        else:
            said = "nothing was published; the last good version stays served. Refused rows: loyalty quarantine"
        click.echo(f"loyalty: {said}", err=True)
        sys.exit(1)
    if not as_json:
        click.echo(f"published {outcome.version} in {folder.published / 'current'}")


@click.command()
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
        print_json([asdict(entry) | {"how_to_clear": entry.how_to_clear} for entry in entries])
    else:
        terminal.show_refused(entries)


@click.command()
@click.option("--send-test-alert", is_flag=True, help="Send a test message to every alert channel of company.yml.")
@click.option("--alert", is_flag=True, help="Send what fails to the alert channels; for a second line in cron.")
@json_option
@friendly
def doctor(send_test_alert: bool, alert: bool, as_json: bool) -> None:
    """Look for what keeps the product from running here, and say what mends it."""
    from orchestration.commands.entrance import who_may_enter
    from orchestration.doctor import examine, outcome, send_findings, send_test

    folder = DataFolder.from_environment()
    if send_test_alert:
        sys.exit(0 if send_test(folder, lambda line: click.echo(line, err=True)) else 1)
    findings = [*examine(folder), outcome(who_may_enter, folder)]
    if alert:
        send_findings(folder, findings, lambda line: click.echo(line, err=True))
    if as_json:
        print_json([finding.__dict__ for finding in findings])
    else:
        for finding in findings:
            click.echo(f"{'ok  ' if finding.ok else 'FAIL'} {finding.check}: {finding.message}")
    sys.exit(0 if all(finding.ok for finding in findings) else 1)
