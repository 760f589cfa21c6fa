"""What may be published: the models that say so in the dbt manifest, with exactly the columns they promise there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from orchestration.errors import PublishingError
from orchestration.publishing.digest import Column, quoted

# Delivery names and paths describe how the data came, not what it says: equal numbers, equal digest.
WITHOUT_DIGEST = frozenset({"data_quality"})


ORDER_OF_MODEL = "model"


@dataclass(frozen=True)
class PublishedTable:
    """One table of a version: its promised columns in order, its key, and whether it speaks of single persons.

    `order` is the SQL that puts its rows in order for the file: by the key and then all other columns where it is empty,
    as the model's own `order by` leaves them where it is `ORDER_OF_MODEL`.
    """

    name: str
    schema: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    profile: bool
    order: str = ""

    @property
    def relation(self) -> str:
        return f"{quoted(self.schema)}.{quoted(self.name)}"

    @property
    def digested(self) -> bool:
        return not self.profile and self.name not in WITHOUT_DIGEST


def published_tables(manifest: Mapping[str, Any]) -> list[PublishedTable]:
    """The models whose `config.meta.published` is `public` or `profiles`, by name.

    Raises PublishingError where such a model has no enforced contract, no key, or an unknown kind, and where there is none.
    """
    tables = []
    for node in manifest["nodes"].values():
        kind = node.get("config", {}).get("meta", {}).get("published")
        if node["resource_type"] != "model" or kind is None:
            continue
        where = f"{node['original_file_path']}: model {node['name']}"
        if kind not in ("public", "profiles"):
            raise PublishingError(f"{where}: meta.published must be public or profiles, not '{kind}'")
        if not node["config"].get("contract", {}).get("enforced"):
            raise PublishingError(
                f"{where} is published without an enforced contract; set config.contract.enforced: true"
            )
        columns = tuple((column["name"], column.get("data_type") or "") for column in node["columns"].values())
        key = tuple(node["config"]["meta"].get("key", ()))
        if not key or not set(key) <= {name for name, _ in columns}:
            raise PublishingError(f"{where} must name its key in meta.key, made of columns of its contract")
        name, order = node.get("alias") or node["name"], _order(node["config"]["meta"], columns, where)
        tables.append(PublishedTable(name, node["schema"], columns, key, profile=kind == "profiles", order=order))
    if not tables:
        raise PublishingError("the dbt manifest names no model with meta.published; nothing could be published")
    return sorted(tables, key=lambda table: table.name)


def _order(meta: Mapping[str, Any], columns: Sequence[Column], where: str) -> str:
    """`meta.written_in_order_of`, such as [customer_id, occurred_at desc], as SQL; empty without it."""
    if meta.get("written_in_order_of") == ORDER_OF_MODEL:
        return ORDER_OF_MODEL
    terms = [str(term).partition(" ") for term in meta.get("written_in_order_of", ())]
    wrong = [name for name, _, direction in terms if name not in dict(columns) or direction not in ("", "asc", "desc")]
    if wrong:
        raise PublishingError(f"{where}: meta.written_in_order_of must name columns, each with asc or desc: {wrong}")
    return ", ".join(f"{quoted(name)} {direction or 'asc'} nulls last" for name, _, direction in terms)


def checked_against_contract(
    connection: duckdb.DuckDBPyConnection, tables: Sequence[PublishedTable]
) -> list[PublishedTable]:
    """The same tables with their types as DuckDB writes them.

    Raises PublishingError naming every table whose columns differ from the promise in name, type or order.
    """
    problems = []
    for table in tables:
        try:
            found = [(row[0], row[1]) for row in connection.execute(f"describe {table.relation}").fetchall()]
        except duckdb.CatalogException:
            problems.append(f"{table.name}: the table does not exist in the warehouse")
            continue
        promised = [(name, _type(connection, table, kind)) for name, kind in table.columns]
        if found != promised:
            problems.append(f"{table.name}: {_difference(promised, found)}")
    if problems:
        raise PublishingError(
            "the tables are not what their contracts promise, nothing is published:\n  "
            + "\n  ".join(problems)
            + "\n  mend the model or its YAML in dbt_project/models, then run again"
        )
    return [
        replace(table, columns=tuple((name, _type(connection, table, kind)) for name, kind in table.columns))
        for table in tables
    ]


def _type(connection: duckdb.DuckDBPyConnection, table: PublishedTable, kind: str) -> str:
    """DuckDB's own name of a type: text and varchar are one."""
    try:
        row = connection.execute(f"select typeof(cast(null as {kind}))").fetchone()
    except duckdb.Error as problem:
        raise PublishingError(f"{table.name}: the contract's type '{kind}' is none that DuckDB knows") from problem
    return str(row[0]) if row else ""


def _difference(promised: Sequence[Column], found: Sequence[Column]) -> str:
    missing = [name for name, _ in promised if name not in dict(found)]
    extra = [name for name, _ in found if name not in dict(promised)]
    if missing or extra:
        return f"missing {', '.join(missing) or 'none'}; not promised {', '.join(extra) or 'none'}"
    wrong = [f"{name} is {dict(found)[name]}, promised {kind}" for name, kind in promised if dict(found)[name] != kind]
    return "; ".join(wrong) or f"order is {', '.join(dict(found))}, promised {', '.join(dict(promised))}"
