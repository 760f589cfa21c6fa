"""A model of the company's own: the shipped weights moved towards what its records show, without labels.

Splink estimates m, how often people's records agree, by expectation maximisation in blocks of likely matches. Half of the
difference is taken over, and never more than doubles or halves the odds of a level: few records must not unteach what many
showed. What two people of one household share, and which witnesses a link needs, are rules and not estimated.
"""

import copy
import json
import os
import warnings
from pathlib import Path
from typing import Any

import duckdb

from orchestration.errors import LoyaltyError
from orchestration.identity.comparable import NAMED
from orchestration.identity.model import Model, number

LEARNT = ("given_name", "family_name", "birth_date", "gender")
BLOCKS = ("l.born = r.born", "l.name_key = r.name_key", "l.family_name = r.family_name AND l.postcode = r.postcode")
SHARE_TAKEN, LARGEST_STEP = 0.5, 2.0
FREQUENT, BEARERS = 0.0025, 20
"""A name is listed where so large a share of people, and at least so many, bear it; both keep single persons out."""
ENOUGH = 500


class TooFewRecords(LoyaltyError):
    """There is too little to learn from."""


class Unfit(LoyaltyError):
    """What was learnt would link hardly anybody."""


def train(connection: duckdb.DuckDBPyConnection, model: Model, version: str) -> Model:
    """A new model from `model` and the records in `identity.comparable`.

    Raises:
        TooFewRecords: fewer than 500 records have names and birth dates, or hardly any could be one person's.
    """
    full = "name_key is not null and born is not null"
    known = connection.execute(f"select count(*) from identity.comparable where {full}").fetchall()[0][0]
    if known < ENOUGH:
        raise TooFewRecords(
            f"only {known} records have a name and a birth date: the shipped model serves better until {ENOUGH} have"
        )
    splink = copy.deepcopy(model.splink)
    estimated = _estimate(connection, splink)
    for comparison in splink["comparisons"]:
        if comparison["output_column_name"] in LEARNT:
            _move(comparison["comparison_levels"], estimated[comparison["output_column_name"]])
    content = {
        "version": version,
        "threshold": model.threshold,
        "floor": model.floor,
        "largest_block": model.largest_block,
        "fewest_records": model.fewest_records,
        "others_per_record": model.others_per_record,
        "frequencies": {name: _frequencies(connection, name) for name in NAMED},
        "formal_names": model.formal_names,
        "splink": splink,
    }
    return Model(**content)


def save(model: Model, models: Path) -> Path:
    """Write the model into the company's folder of models, complete or not at all; none is ever overwritten."""
    models.mkdir(parents=True, exist_ok=True)
    target = models / f"{model.version}.json"
    unfinished = models / f".{target.name}"
    text = json.dumps(model.content(), ensure_ascii=False, indent=1)
    with unfinished.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.link(unfinished, target)
    unfinished.unlink()
    return target


def next_version(models: Path) -> str:
    """people-2 after the shipped one, and so on."""
    return f"people-{max([1, *(number(file) for file in models.glob('people-*.json'))]) + 1}"


def _estimate(connection: duckdb.DuckDBPyConnection, settings: dict[str, Any]) -> dict[str, dict[str, float]]:
    """m by comparison and level label, the mean over the blocks in which Splink could estimate it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from splink import DuckDBAPI, Linker  # costs half a second, and only training needs it
        from splink.internals.exceptions import EMTrainingException
    learnt = [c for c in settings["comparisons"] if c["output_column_name"] in LEARNT]
    api = DuckDBAPI(connection=connection)
    columns = "* exclude (fingerprint, source_system, source_customer_id, tf_given_name, tf_family_name, tf_city, tf_postcode, tf_address)"
    records = api.register(connection.sql(f"select {columns} from identity.comparable").to_arrow_table())
    found: dict[str, dict[str, list[float]]] = {name: {} for name in LEARNT}
    for block in BLOCKS:
        linker = Linker(records, copy.deepcopy(settings | {"comparisons": learnt}), log_level="ERROR")
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(
                block, estimate_without_term_frequencies=True, fix_u_probabilities=True, max_pairs=2_000_000
            )
        except (EMTrainingException, ValueError):  # too few pairs, or a level that no pair of the block has
            continue
        trained = linker.misc.save_model_to_json()["comparisons"]
        for before, after in zip(learnt, trained, strict=True):
            for old, new in zip(before["comparison_levels"], after["comparison_levels"], strict=True):
                m = new.get("m_probability")
                if m is not None and m != old.get("m_probability"):
                    name = before["output_column_name"]
                    found[name].setdefault(new["label_for_charts"], []).append(m)
    if not any(found.values()):
        raise TooFewRecords("no group of records that could be one person's is large enough to learn from")
    return {name: {label: sum(m) / len(m) for label, m in levels.items()} for name, levels in found.items()}


def _move(levels: list[dict[str, Any]], estimated: dict[str, float]) -> None:
    """Move m of each level towards its estimate, and let them add up to 1 again."""
    real = [level for level in levels if not level.get("is_null_level")]
    for level in real:
        old = level["m_probability"]
        new = old + SHARE_TAKEN * (estimated.get(level["label_for_charts"], old) - old)
        level["m_probability"] = min(max(new, old / LARGEST_STEP), old * LARGEST_STEP)
    total = sum(level["m_probability"] for level in real)
    for level in real:
        level["m_probability"] = float(f"{level['m_probability'] / total:.6g}")


def _frequencies(connection: duckdb.DuckDBPyConnection, name: str) -> dict[str, float]:
    rows = connection.execute(f"""
        select {name}, round(count(*) / (select count({name}) from identity.comparable), 5) as share
        from identity.comparable
        where {name} is not null
        group by {name}
        having share >= {FREQUENT} and count(*) >= {BEARERS}
        order by {name}
    """).fetchall()
    return dict(rows)


def moved_weights(before: Model, after: Model, least: float = 0.5) -> list[dict[str, Any]]:
    """comparison, level, before and after of every level whose weight moves by at least so many bits."""
    return [
        {"comparison": old.name, "level": was.label, "before": was.weight, "after": now.weight}
        for old, new in zip(before.comparisons, after.comparisons, strict=True)
        for was, now in zip(old.levels, new.levels, strict=True)
        if abs(was.weight - now.weight) >= least
    ]
