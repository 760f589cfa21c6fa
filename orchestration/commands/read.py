"""What is published, read: in the terminal and as files."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestration import terminal
from orchestration.commands import friendly, json_option, print_json
from orchestration.errors import ConfigurationError, PublishingError
from orchestration.folders import DataFolder

if TYPE_CHECKING:
    from scorecard_app.format import Language
    from scorecard_app.published import Published


@click.command()
@click.option("--unit", help="One org unit only.")
@click.option("--period", "period_kind", type=click.Choice(["month", "quarter", "year"]), default="quarter")
@click.option("--lang", type=click.Choice(["en", "zh"]), help="Default: the language in company.yml.")
@json_option
@friendly
def scorecards(unit: str | None, period_kind: str, lang: str | None, as_json: bool) -> None:
    """Print the scorecards of the last complete period."""
    published = _published()
    if unit and unit not in published.units():
        raise ConfigurationError(f"there is no unit '{unit}'; units: {', '.join(published.units())}")
    if as_json:
        print_json(terminal.scorecard_rows(published, unit, period_kind))
    else:
        terminal.show_scorecards(published, unit, period_kind, lang or published.about.language)


@click.command()
@click.option(
    "--period", "code", metavar="PERIOD", help="2026, 2026-Q1 or 2026-03; default: the last complete quarter."
)
@click.option("--format", "kind", type=click.Choice(["xlsx", "csv", "json"]), default="xlsx", show_default=True)
@click.option(
    "--out", type=click.Path(path_type=Path), help="File to write, for CSV the folder. Default: scorecards-PERIOD here."
)
@click.option("--unit", "units", multiple=True, help="Only this org unit; may be given several times.")
@click.option(
    "--language",
    type=click.Choice(["en", "zh", "both"]),
    default="both",
    show_default=True,
    help="JSON always holds both.",
)
@click.option("--overwrite", is_flag=True, help="Replace what was exported there before.")
@json_option
@friendly
def export(
    code: str | None, kind: str, out: Path | None, units: tuple[str, ...], language: str, overwrite: bool, as_json: bool
) -> None:
    """Write the scorecards of a complete period, for appraisals.

    xlsx is one workbook for people: scores, KPIs, methods. csv is a folder of two files in UTF-8, scorecards.csv with
    a row per unit and KPI and methods.csv. json is one document for programs.

    No export holds a customer, and open periods are not exported: their values are provisional.
    """
    from scorecard_app import exports

    published = _published()
    try:
        report = exports.collect(published, code, units)
        target = out or exports.default_path(report, kind)
        written = exports.write(report, kind, target, exports.languages(language), overwrite)
    except (exports.UnknownPeriod, exports.UnknownUnit) as problem:
        raise ConfigurationError(str(problem)) from problem
    except exports.NoScorecards as problem:
        raise PublishingError(str(problem)) from problem
    except exports.AlreadyThere as problem:
        raise ConfigurationError(f"{problem} is already there; choose another --out or add --overwrite") from problem
    except OSError as problem:
        raise ConfigurationError(f"{problem.filename} can't be written: {problem.strerror}") from problem
    if as_json:
        about = report.about
        print_json(
            {
                "files": written,
                "period": report.period.code,
                "units": len(report.units),
                "rows": len(report.rows()),
                "version": about.name,
                "digest": about.digest,
                "demo": about.demo,
            }
        )
    else:
        for path in written:
            click.echo(
                f"{path} written: {report.period.code}, {len(report.units)} units, {len(report.rows())} KPI results"
            )


@click.command()
@click.option(
    "--period", "code", metavar="PERIOD", help="2026, 2026-Q1 or 2026-03; default: the last complete quarter."
)
@click.option("--unit", "units", multiple=True, help="Only this org unit; may be given several times.")
@click.option("--lang", type=click.Choice(["en", "zh"]), help="Default: the language in company.yml.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write to. Default: packs/ of LOYALTY_DATA.")
@friendly
def packs(code: str | None, units: tuple[str, ...], lang: "Language | None", out: Path | None) -> None:
    """Write the review packs of a complete period as PDF, one per unit.

    A month's pack holds score, KPIs and trends; a quarter's and a year's the deep review, too.
    """
    from scorecard_app.exports import UnknownPeriod, periods
    from scorecard_app.packs.render import NoFont
    from scorecard_app.packs.write import write_packs

    published = _published(everything=True)
    unknown = sorted(set(units) - set(published.units()))
    if unknown:
        raise ConfigurationError(f"there is no unit '{unknown[0]}'; units: {', '.join(published.units())}")
    language: Language = lang or ("zh" if published.about.language == "zh" else "en")
    folder = out or DataFolder.from_environment().packs
    try:
        written = write_packs(published, periods.choose(published, code), units, (language,), folder)
    except (UnknownPeriod, NoFont) as problem:
        raise ConfigurationError(str(problem)) from problem
    except OSError as problem:
        raise ConfigurationError(f"{problem.filename} can't be written: {problem.strerror}") from problem
    for path in written:
        click.echo(f"{path} written")
    if not written:
        raise PublishingError("none of these units has a scorecard in that period")


def _published(everything: bool = False) -> "Published":
    """The version served now; raises PublishingError with the remedy where there is none or it is damaged."""
    from scorecard_app.published import Damaged, NothingPublished, Published, resolve

    folder = DataFolder.from_environment()
    try:
        return Published(resolve(folder.root), everything=everything)
    except NothingPublished as problem:
        raise PublishingError(f"nothing is published in {folder.published} yet; run: loyalty run") from problem
    except Damaged as problem:
        raise PublishingError(f"{problem}; publish again with: loyalty run") from problem


@click.command()
@click.option("--out", type=click.Path(path_type=Path), default=Path("handbook"), show_default=True, help="Folder.")
@friendly
def handbook(out: Path) -> None:
    """Write the KPI handbook as HTML, in both languages; every published version holds it, too."""
    from orchestration import dbt
    from orchestration.handbook import write_handbook

    for path in write_handbook(dbt.manifest(), out):
        click.echo(str(path))


@click.command()
@click.option("--out", type=click.Path(path_type=Path), help="Folder. Default: metricflow/ of LOYALTY_DATA.")
@friendly
def metricflow(out: Path | None) -> None:
    """Write the KPIs that add up as a dbt project for MetricFlow (`mf query`), over the warehouse.

    It answers by any combination of slices and of levels of the organisation, and hides nothing: small cells are for
    those who may open the warehouse.
    """
    from orchestration import dbt
    from orchestration.semantic_layer import beyond, organisation_levels, queryable, write_project

    data = DataFolder.from_environment()
    folder = (out or data.metricflow).resolve()
    write_project(dbt.manifest(), data.database, organisation_levels(data.database), folder)
    dbt.run_project(folder)
    click.echo(f"{len(queryable(dbt.manifest()))} KPIs in {folder}; needs dbt-metricflow beside dbt, then for example:")
    click.echo(f"  cd {folder} && mf query --metrics csat_t2b,csat_t2b_n --group-by metric_time__month,event__channel")
    click.echo("Beyond MetricFlow, because they don't add up over months or units; read kpi_values for them:")
    for rule, kpis in beyond(dbt.manifest()).items():
        click.echo(f"  {rule}: {', '.join(kpis)}")
