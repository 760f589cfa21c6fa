"""One folder is one company: where everything of it lies."""

import os
from dataclasses import dataclass
from pathlib import Path

from orchestration.errors import ConfigurationError

REPOSITORY = Path(__file__).resolve().parent.parent
DBT_PROJECT = REPOSITORY / "dbt_project"


@dataclass(frozen=True)
class DataFolder:
    """The company's folder (`LOYALTY_DATA`, default `data/`) and the places inside it."""

    root: Path

    @classmethod
    def from_environment(cls) -> "DataFolder":
        """The folder that `LOYALTY_DATA` names, else `data/` of this checkout; always absolute."""
        return cls(Path(os.environ.get("LOYALTY_DATA") or REPOSITORY / "data").resolve())

    @property
    def company_yml(self) -> Path:
        return self.root / "company.yml"

    @property
    def landing(self) -> Path:
        return self.root / "landing"

    @property
    def deliveries(self) -> Path:
        return self.root / "deliveries"

    @property
    def state(self) -> Path:
        return self.root / "state"

    @property
    def models(self) -> Path:
        """Matching models trained on the company's own records; without one the shipped model is used."""
        return self.state / "models"

    @property
    def truth(self) -> Path:
        """Labels of who is whom, where a company has any: what matching is measured against, and never learns from."""
        return self.root / "truth"

    @property
    def warehouse(self) -> Path:
        return self.root / "warehouse"

    @property
    def database(self) -> Path:
        return self.warehouse / "loyalty.duckdb"

    @property
    def lock(self) -> Path:
        return self.warehouse / ".lock"

    @property
    def published(self) -> Path:
        return self.root / "published"

    @property
    def packs(self) -> Path:
        """Review packs as PDF, a folder per period."""
        return self.root / "packs"

    @property
    def metricflow(self) -> Path:
        """The generated dbt project that MetricFlow reads."""
        return self.root / "metricflow"

    @property
    def quality(self) -> Path:
        """Great Expectations' results and, in data_docs/index.html, its Data Docs of the newest runs."""
        return self.root / "quality"

    @property
    def dagster_home(self) -> Path:
        return self.root / "dagster"

    @property
    def demo_mark(self) -> Path:
        return self.landing / ".demo.json"

    def create(self) -> "DataFolder":
        """Make the folders a run writes to; what exists is left alone.

        Raises:
            ConfigurationError: where a file stands in the way or the place can't be written.
        """
        for folder in (self.landing, self.deliveries, self.state, self.warehouse, self.published, self.dagster_home):
            try:
                # what holds persons is nobody else's on this machine
                private = folder in (self.deliveries, self.state, self.warehouse)
                folder.mkdir(mode=0o700 if private else 0o777, parents=True, exist_ok=True)
            except OSError as problem:
                raise ConfigurationError(
                    f"{folder} can't be made ({problem.strerror}): LOYALTY_DATA must name a folder that you can write"
                ) from problem
        return self
