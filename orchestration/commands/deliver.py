"""Before a run: a demo company, templates, and the check of a file."""

import sys
from dataclasses import asdict
from pathlib import Path

import click

from orchestration import terminal
from orchestration.commands import friendly, json_option, print_json
from orchestration.errors import ConfigurationError
from orchestration.folders import DataFolder
from orchestration.warehouse import writer_lock


@click.command()
@click.option("--customers", default=20_000, show_default=True, type=click.IntRange(min=20), help="How many people.")
@click.option("--months", default=18, show_default=True, type=click.IntRange(min=1, max=240), help="How many months.")
@click.option("--seed", default=20260101, show_default=True, help="Same seed, same files.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write to instead of LOYALTY_DATA.")
@click.option("--remove", is_flag=True, help="Remove the demo company and what runs made of it.")
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
            with writer_lock(DataFolder(root).lock, wait_minutes=0):
                was_there = bool(demo_company.invented(root))
                removed = demo_company.remove(root)
            if was_there:
                click.echo(f"removed {len(removed)} demo files, and what runs made of them, from {root}")
            else:
                click.echo(f"{root} holds no demo company; nothing was removed")
            return
        if if_empty and demo_company.status(root) != "empty":
            return
        click.echo(f"creating the demo company ({customers} people, {months} months) in {root}", err=True)
        demo_company.write(root, customers=customers, months=months, seed=seed)
    except demo_company.ForeignFiles as problem:
        raise ConfigurationError(str(problem)) from problem
    click.echo(f"demo company written to {root / 'landing'}; next: loyalty run")


@click.command()
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
        print_json(asdict(report) | {"accepted": report.accepted})
    else:
        terminal.show_check(report)
    sys.exit(0 if report.accepted else 1)


@click.command()
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
