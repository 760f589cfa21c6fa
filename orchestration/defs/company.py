"""The run's company: its folder, settings, clock and the writer lock, held once for the whole run."""

from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

import click
import dagster as dg
from pydantic import PrivateAttr

from orchestration.defs.killed_runs import marked
from orchestration.errors import ConfigurationError
from orchestration.folders import DataFolder
from orchestration.settings import Settings, load_settings
from orchestration.warehouse import writer_lock


def say(line: str) -> None:
    """Progress for whoever watches the terminal, and for the run's log in Dagster."""
    click.echo(f"{datetime.now(UTC):%H:%M:%S} {line}", err=True)
    dg.get_dagster_logger("loyalty").info(line)


def parse_as_of(text: str | None) -> datetime:
    """The moment a run speaks for, as UTC; none means now: the only clock that a run reads.

    Raises:
        ConfigurationError: where the text is no ISO 8601 time.
    """
    if not text:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as problem:
        raise ConfigurationError(
            f"as_of '{text}' is no ISO 8601 time; write one like 2026-11-01T00:00:00+08:00"
        ) from problem
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


class Company(dg.ConfigurableResource):
    """Every asset needs it, so that no part of a run can start while another run writes."""

    as_of: str | None = None
    back_fill: str | None = None
    """A dataset, or a month as 2026-03: what to load anew from the kept deliveries before all else."""

    _settings: Settings = PrivateAttr()
    _as_of: datetime = PrivateAttr()

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Generator["Company"]:
        folder = self.folder.create()
        self._settings = load_settings(folder.company_yml)
        with ExitStack() as behind:
            behind.enter_context(writer_lock(folder.lock, self._settings.lock_wait_minutes, say))
            if context.instance and context.run:
                behind.enter_context(marked(context.instance, context.run.run_id))
            # read behind the lock: a run that waited speaks for when it works, not for when it queued
            self._as_of = parse_as_of(self.as_of)
            yield self

    @property
    def folder(self) -> DataFolder:
        return DataFolder.from_environment()

    @property
    def settings(self) -> Settings:
        return self._settings

    @property
    def moment(self) -> datetime:
        """as_of of this run, UTC."""
        return self._as_of
