"""Review packs of a period as files, a unit each, for whoever sends or prints them."""

from collections.abc import Collection
from pathlib import Path

from scorecard_app.cards import Voice
from scorecard_app.exports.periods import Period
from scorecard_app.format import Language
from scorecard_app.packs import content, render
from scorecard_app.published import Published


def write_packs(
    published: Published, period: Period, units: Collection[str], languages: Collection[Language], folder: Path
) -> list[Path]:
    """Write `folder`/PERIOD/UNIT-LANGUAGE.pdf for every unit that has a scorecard in the period; what is there is replaced.

    Args:
        published: The version, opened with everything in it.
        period: A complete period.
        units: Only these; all with a scorecard where empty.

    Raises:
        NoFont: this machine has no font with Chinese characters.
        OSError: the folder can't be written.
    """
    at = (period.kind, period.start)
    scored = published.rows(
        "select distinct org_unit_id from department_scores where period_kind = $kind and period_start = $start "
        "order by org_unit_id",
        kind=period.kind,
        start=period.start,
    )
    wanted = [row["org_unit_id"] for row in scored if not units or row["org_unit_id"] in units]
    target = folder / period.code
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = []
    for language in languages:
        voice = Voice(language, published.about.currency, published.labels())
        for unit in wanted:
            pack = content.collect(published, published.about, voice, unit, *at)
            path = target / f"{unit}-{language}.pdf"
            unfinished = path.with_suffix(".part")
            unfinished.write_bytes(render.pdf(pack, published.about.as_of))
            unfinished.replace(path)
            written.append(path)
    return written
