"""A frozen matching model: what is compared, with which weights, in which blocks; a Splink settings file with a name.

The shipped one lies beside this file, a company's own in `state/models`. Names carry their number: people-1, people-2 …
"""

import hashlib
import json
import math
import re
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from orchestration.errors import ConfigurationError

SHIPPED = Path(__file__).parent / "models" / "people-1.json"
DECIMALS = 3


@dataclass(frozen=True)
class Level:
    """One grade of agreement: `condition` is SQL over columns `…_l` and `…_r`, `weight` the log2 Bayes factor.

    `frequency` names the column whose `tf_…` twin (share of people who bear the value) replaces `chance` in the weight.
    """

    gamma: int
    label: str
    condition: str
    weight: float
    chance: float
    frequency: str | None


@dataclass(frozen=True)
class Comparison:
    """What is compared: its levels in the order in which they are tried."""

    name: str
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class Model:
    """A model as its file says it.

    Attributes:
        version: names the file and every weight that was made with it.
        threshold: pairs with at least this match weight are links.
        floor: pairs whose fields weigh less (before the prior) are not kept.
        largest_block: a block of more records is no person and makes no pairs.
        fewest_records: a smaller company counts as so large, or two namesakes would be one person in a tiny one.
        others_per_record: so many other records each record's person is expected to have.
        frequencies: share of people by column and value; a value that isn't listed has its level's `chance`.
        formal_names: what a short form (bob) stands for (robert).
        splink: the settings as Splink reads them.
    """

    version: str
    threshold: float
    floor: float
    largest_block: int
    fewest_records: int
    others_per_record: float
    frequencies: dict[str, dict[str, float]]
    splink: dict[str, Any]
    formal_names: dict[str, list[str]] = field(default_factory=dict)

    def prior(self, records: int) -> int:
        """The match weight of two records of which nothing is known, in a company of so many records: log2 of the odds.

        A whole number, so that it changes when a company doubles and not with every new customer.
        """
        return -math.floor(math.log2(max(records, self.fewest_records) / self.others_per_record))

    @cached_property
    def comparisons(self) -> tuple[Comparison, ...]:
        return tuple(_comparison(settings) for settings in self.splink["comparisons"])

    @cached_property
    def blocking_rules(self) -> tuple["BlockingRule", ...]:
        return tuple(
            BlockingRule(rule["blocking_rule"], (rule.get("arrays_to_explode") or [None])[0])
            for rule in self.splink["blocking_rules_to_generate_predictions"]
        )

    @cached_property
    def digest(self) -> str:
        """Changes with anything that the model says."""
        return hashlib.sha256(json.dumps(self.content(), sort_keys=True).encode()).hexdigest()

    def content(self) -> dict[str, Any]:
        """What its file holds."""
        return asdict(self)


@dataclass(frozen=True)
class BlockingRule:
    """`condition` joins equalities of one expression of `l` and the same of `r` by AND; `unnested` is a list column in it."""

    condition: str
    unnested: str | None

    @property
    def expressions(self) -> list[str]:
        """What both sides of a pair have in common, as SQL over one record.

        Raises:
            ValueError: the condition is more than such equalities.
        """
        found = []
        for equality in self.condition.split(" AND "):
            left, _, right = equality.partition(" = ")
            expression = re.sub(r"\bl\.", "", left)
            if not right or expression != re.sub(r"\br\.", "", right):
                raise ValueError(f"blocking rule '{self.condition}': only 'f(l.x) = f(r.x)', joined by AND")
            found.append(expression.strip())
        return found


def load_model(models: Path | None = None) -> Model:
    """The newest model in the folder `models`, else the shipped one.

    Raises:
        ConfigurationError: the file is no model.
    """
    own = sorted(models.glob("people-*.json"), key=number) if models else []
    return read_model(own[-1] if own else SHIPPED)


def read_model(file: Path) -> Model:
    """One model file.

    Raises:
        ConfigurationError: the file is no model.
    """
    try:
        model = Model(**json.loads(file.read_text(encoding="utf-8")))
        if not (model.comparisons and model.blocking_rules):
            raise ValueError("it compares nothing")
    except (ValueError, TypeError, KeyError) as problem:
        raise ConfigurationError(
            f"{file}: not a matching model ({type(problem).__name__}: {problem}); restore it from a backup, "
            "or remove it to go back to the model before"
        ) from problem
    return model


def number(file: Path) -> int:
    """A model's place in the order of training, from its name."""
    return int(file.stem.rpartition("-")[2])


def _comparison(settings: dict[str, Any]) -> Comparison:
    """Splink numbers levels from the last (0) to the first; those for missing values are −1 and weigh nothing."""
    levels, gamma = [], sum(not level.get("is_null_level", False) for level in settings["comparison_levels"])
    for level in settings["comparison_levels"]:
        missing = level.get("is_null_level", False)
        gamma -= not missing
        weight = 0.0 if missing else math.log2(level["m_probability"] / level["u_probability"])
        levels.append(
            Level(
                gamma=-1 if missing else gamma,
                label=level["label_for_charts"],
                condition=level["sql_condition"],
                weight=round(weight, DECIMALS),
                chance=1.0 if missing else level["u_probability"],
                frequency=level.get("tf_adjustment_column"),
            )
        )
    return Comparison(settings["output_column_name"], tuple(levels))
