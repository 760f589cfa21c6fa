"""The command `loyalty`. Exit status: 0 done, 1 a check failed or nothing was published, 2 wrong usage or configuration."""

import gc
import os

import click

from orchestration.commands import deliver, persons, read, refresh, serve, training

GARBAGE_THRESHOLDS = 200_000, 50, 100
"""New objects until the youngest generation is searched, and how many searches of one until the next is."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Loyalty Scorecards: honest loyalty KPIs from the files your systems export.

    LOYALTY_DATA names the company's folder (default: data/ of the checkout).
    """
    os.environ.setdefault("DO_NOT_TRACK", "1")
    # a run makes millions of objects and keeps most to its end: looking for cycles as often as Python does by itself costs a
    # tenth of a small company's run
    gc.set_threshold(*GARBAGE_THRESHOLDS)


for command in (
    deliver.demo, deliver.check, deliver.templates, refresh.run, refresh.quarantine, refresh.doctor,
    persons.decide, persons.explain, training.retrain,
    read.scorecards, read.export, read.packs, read.handbook, read.metricflow, serve.app, serve.dev,
):  # fmt: skip
    main.add_command(command)
