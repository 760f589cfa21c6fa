"""What is published, read: in the terminal and as files."""

import click

from orchestration import terminal
from orchestration.commands import friendly, json_option, print_json
from orchestration.errors import ConfigurationError, PublishingError
from orchestration.folders import DataFolder


@click.command()
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
        print_json(terminal.scorecard_rows(published, unit, period_kind))
    else:
        terminal.show_scorecards(published, unit, period_kind, lang or published.about.language)
