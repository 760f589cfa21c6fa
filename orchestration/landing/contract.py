"""The landing contract, as dbt's manifest holds it: datasets, their columns, keys and rules."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from orchestration.errors import ConfigurationError

DATA_TYPES = ("varchar", "timestamp", "date", "boolean", "bigint", "decimal(18,4)", "decimal(9,3)", "decimal(18,8)")


@dataclass(frozen=True)
class Column:
    """One column of a dataset; `minimum_except` maps another column to the values for which `minimum` is waived."""

    name: str
    data_type: str
    description: str
    description_zh: str
    required: bool = False
    accepted: tuple[str, ...] = ()
    kind: str | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    minimum_except: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class Dataset:
    """One dataset: what users may deliver under `landing/<name>/`."""

    name: str
    description: str
    description_zh: str
    key: tuple[str, ...]
    event_time: str | None
    xlsx: bool
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name; KeyError if there is none."""
        return next(column for column in self.columns if column.name == name)


@dataclass(frozen=True)
class Contract:
    """All datasets by name."""

    datasets: Mapping[str, Dataset]

    def fingerprint(self) -> str:
        """SHA-256 over everything that decides how a row is typed; descriptions do not."""
        rules = []
        for dataset in sorted(self.datasets.values(), key=lambda d: d.name):
            content = asdict(dataset)
            for part in (content, *content["columns"]):
                del part["description"], part["description_zh"]
            rules.append(content)
        return hashlib.sha256(json.dumps(rules, sort_keys=True, default=str).encode()).hexdigest()


def load_contract(manifest: Path) -> Contract:
    """Read the contract from dbt's manifest.json.

    Raises:
        ConfigurationError: when the manifest is missing or a dataset of source `raw` is described incompletely.
    """
    if not manifest.exists():
        raise ConfigurationError(f"{manifest} is missing; `loyalty doctor` tells how to build it (dbt parse)")
    sources = json.loads(manifest.read_text(encoding="utf-8"))["sources"].values()
    datasets = [_dataset(source, manifest) for source in sources if source["source_name"] == "raw"]
    if not datasets:
        raise ConfigurationError(f"{manifest}: holds no source named raw; dbt_project/models/landing/*.yml describe it")
    return Contract({dataset.name: dataset for dataset in sorted(datasets, key=lambda d: d.name)})


def _dataset(source: Mapping[str, Any], manifest: Path) -> Dataset:
    meta = _meta(source)
    columns = tuple(_column(column, source["name"], manifest) for column in source["columns"].values())
    names = {column.name for column in columns}
    key = tuple(meta.get("key", ()))
    for named in (*key, meta.get("event_time"), "updated_at", "withdrawn"):
        if named is not None and named not in names:
            raise ConfigurationError(f"{manifest}: dataset {source['name']} names column {named}, which it lacks")
    if not key:
        raise ConfigurationError(f"{manifest}: dataset {source['name']} has no config.meta.key")
    return Dataset(
        name=source["name"],
        description=source.get("description", ""),
        description_zh=meta.get("description_zh", ""),
        key=key,
        event_time=meta.get("event_time"),
        xlsx=bool(meta.get("xlsx", False)),
        columns=columns,
    )


def _column(column: Mapping[str, Any], dataset: str, manifest: Path) -> Column:
    meta = _meta(column)
    data_type = str(column.get("data_type", "")).lower()
    if data_type not in DATA_TYPES:
        raise ConfigurationError(
            f"{manifest}: {dataset}.{column['name']} has data_type '{data_type}'; known: {', '.join(DATA_TYPES)}"
        )
    return Column(
        name=column["name"],
        data_type=data_type,
        description=column.get("description", ""),
        description_zh=meta.get("description_zh", ""),
        required=bool(meta.get("required", False)),
        accepted=tuple(str(value) for value in meta.get("accepted", ())),
        kind=meta.get("kind"),
        minimum=_number(meta.get("minimum")),
        maximum=_number(meta.get("maximum")),
        minimum_except=tuple((name, tuple(values)) for name, values in meta.get("minimum_except", {}).items()),
    )


def _meta(node: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**(node.get("meta") or {}), **((node.get("config") or {}).get("meta") or {})}


def _number(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))
