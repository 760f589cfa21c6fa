"""What was delivered and what became of it, by dataset; and what the gates said about it."""

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from scorecard_app.queries import Queries, Row

OUTCOMES = ("loaded", "superseded", "duplicate", "quarantined")


def datasets(data: Queries, as_of: datetime) -> list[Row]:
    """A row per dataset: deliveries, rows and what became of them, and the whole days since the newest delivery."""
    rows = data.rows(
        "select dataset, count(*) as deliveries, count(*) filter (where status not in ('loaded', 'duplicate')) as refused, "
        "max(received_at) as newest, sum(received)::bigint as received, sum(loaded)::bigint as loaded, "
        "sum(superseded)::bigint as superseded, sum(duplicate)::bigint as duplicate, "
        "sum(quarantined)::bigint as quarantined from data_quality group by dataset order by dataset"
    )
    for row in rows:
        row["days"] = max(0, (as_of.replace(tzinfo=None) - row["newest"]).days) if row["newest"] else None
    return rows


def troubled(data: Queries) -> list[Row]:
    """Deliveries that were refused or of which rows were, worst first."""
    return data.rows(
        "from data_quality where quarantined > 0 or status not in ('loaded', 'duplicate') "
        "order by quarantined desc, dataset, path, delivery"
    )


@dataclass(frozen=True)
class Suite:
    """One gate suite's result in one run."""

    name: str
    at: str
    checks: int
    failed: Sequence[tuple[str, str, str]]  # check, severity, what it means and what mends it

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return not self.failed


def gates(quality: Path) -> list[Suite]:
    """Each suite's newest result below the company's `quality` folder; empty where no gate has run.

    Great Expectations stores them as ``results/<suite>/<run>/<time>/<suite>.json``: figures, never a cell of a file.
    """
    suites = []
    for folder in sorted((quality / "results").glob("[!.]*")):
        files = sorted(folder.glob("*/*/*.json"), key=lambda path: path.parent.name)
        if files:
            suites.append(_suite(files[-1]))
    return suites


def _suite(path: Path) -> Suite:
    content = json.loads(path.read_text(encoding="utf-8"))
    failed = [
        (
            config["meta"].get("check", config["type"]),
            config.get("severity", ""),
            config.get("description") or config["type"],
        )
        for result in content["results"]
        if not result["success"] and (config := result["expectation_config"])
    ]
    at = datetime.strptime(path.parent.name[:15], "%Y%m%dT%H%M%S").isoformat(" ", "minutes")  # noqa: DTZ007 (said to be UTC beside it)
    return Suite(content["suite_name"], at, len(content["results"]), failed)


def data_docs(quality: Path) -> bytes | None:
    """Data Docs as one archive to open on one's own machine; None where none were built.

    They are handed out through the page, because Streamlit serves static files to everybody.
    """
    site = quality / "data_docs"
    if not (site / "index.html").is_file():
        return None
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(site.rglob("*")):
            if path.is_file():
                archive.write(path, f"data_docs/{path.relative_to(site)}")
    return packed.getvalue()
