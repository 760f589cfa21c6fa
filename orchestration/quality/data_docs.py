"""Great Expectations' Data Docs: a page per suite and run, kept for the newest runs, to open in a browser.

They show figures about data, by delivery, dataset, KPI or unit: never a cell of a file.
"""

import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.quality.verdicts import Verdict

if TYPE_CHECKING:
    from great_expectations.data_context.types.resource_identifiers import ValidationResultIdentifier

KEPT_RUNS = 14
SITE, RESULTS = "data_docs", "results"
STORE = "validation_results_store"


def build(folder: Path, verdict: Verdict, run: str, now: datetime | None = None) -> Path:
    """Add a gate's results to the site below `folder` and return its first page.

    Both gates of a run call it with the same `run`; runs older than the newest `KEPT_RUNS` are removed. Costs about
    0.3 CPU seconds where Great Expectations is loaded already. The caller holds the writer lock.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _drop_old(folder / RESULTS, run)
    context = _context(folder)
    keys = [_key(subject, run, now or datetime.now(UTC)) for subject in verdict.validations]
    for key, validation in zip(keys, verdict.validations.values(), strict=True):
        validation.meta["run_id"] = key.run_id  # the page's own heading
        context.stores[STORE].set(key, validation)
    context.build_data_docs(resource_identifiers=keys)
    return folder / SITE / "index.html"


def _drop_old(results: Path, run: str) -> None:
    """Results lie in <suite>/<run>/<time>/; their pages go when the index is built without them."""
    times: dict[str, str] = {}
    for place in results.glob("*/*/*"):
        times[place.parent.name] = max(times.get(place.parent.name, ""), place.name)
    times.pop(run, None)
    for old in sorted(times, key=times.__getitem__, reverse=True)[KEPT_RUNS - 1 :]:
        for place in results.glob(f"*/{old}"):
            shutil.rmtree(place)


def _key(subject: str, run: str, now: datetime) -> "ValidationResultIdentifier":
    from great_expectations.core.run_identifier import RunIdentifier
    from great_expectations.data_context.types.resource_identifiers import (
        ExpectationSuiteIdentifier,
        ValidationResultIdentifier,
    )

    return ValidationResultIdentifier(ExpectationSuiteIdentifier(subject), RunIdentifier(run, now), subject)


def _context(folder: Path) -> Any:
    """A context of which only the results and the site lie on disk."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import DataContextConfig

    def files(place: str, **more: str) -> Mapping[str, str]:
        return {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder / place), **more}

    memory = ("ExpectationsStore", "CheckpointStore", "ValidationDefinitionStore")
    names = ("expectations_store", "checkpoint_store", "validation_definition_store")
    return gx.get_context(
        mode="ephemeral",
        project_config=DataContextConfig(
            config_version=4.0,
            analytics_enabled=False,
            expectations_store_name="expectations_store",
            checkpoint_store_name="checkpoint_store",
            validation_results_store_name=STORE,
            stores={
                **{name: {"class_name": kind} for name, kind in zip(names, memory, strict=True)},
                STORE: {
                    "class_name": "ValidationResultsStore",
                    "store_backend": files(RESULTS, filepath_suffix=".json"),
                },
            },
            data_docs_sites={
                SITE: {
                    "class_name": "SiteBuilder",
                    "show_how_to_buttons": False,
                    "store_backend": files(SITE),
                    "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
                }
            },
        ),
    )
