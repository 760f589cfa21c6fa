"""The identity part of a run alone, on rows a test writes: dbt's compiled SQL of it, then scoring and resolving."""

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from dbt_project.functions import register
from orchestration import dbt
from orchestration.folders import DataFolder
from orchestration.identity.model import Model, load_model
from orchestration.identity.resolve import resolve
from orchestration.identity.scored_pairs import score

Rows = Iterable[Mapping[str, Any]]


class CompiledIdentity:
    """The SQL of the identity models as a run compiled it, and an empty company for it."""

    def __init__(self, data: Path, folder: Path):
        nodes = dbt.manifest()["nodes"]
        models = {
            name: node
            for name, node in nodes.items()
            if node["resource_type"] == "model" and "models/identity/" in node["original_file_path"]
        }
        warehouse = DataFolder(data).warehouse
        self.sql: dict[str, str] = {}
        waiting = dict(models)
        while waiting:
            ready = [name for name, node in waiting.items() if not waiting.keys() & set(node["depends_on"]["nodes"])]
            for name in sorted(ready):
                node = waiting.pop(name)
                path = warehouse / "dbt" / "compiled" / node["package_name"] / node["original_file_path"]
                self.sql[node["name"]] = path.read_text(encoding="utf-8")
        read = {parent for node in models.values() for parent in node["depends_on"]["nodes"]} - models.keys()
        staged = sorted(name.rpartition(".")[2] for name in read if ".stg_" in name)
        seeds = sorted(name.rpartition(".")[2] for name in read if name.startswith("seed."))
        self.template = folder / "template.duckdb"
        copy = folder / "loyalty.duckdb"
        shutil.copy(DataFolder(data).database, copy)
        with duckdb.connect(str(self.template)) as connection:
            connection.execute(f"attach '{copy}' as loyalty (read_only)")
            connection.execute("create schema config")
            connection.execute("create table config.settings as from loyalty.config.settings")
            connection.execute("use loyalty")  # the staging views name their own tables
            for table in staged:
                connection.execute(f"create table template.main.{table} as from loyalty.main.{table} limit 0")
            for table in seeds:
                connection.execute(f"create table template.main.{table} as from loyalty.main.{table}")
        copy.unlink()

    def company(self, folder: Path, **config: Any) -> "Company":
        """A company without a record, in `folder`."""
        folder.mkdir(exist_ok=True)
        shutil.copy(self.template, folder / "loyalty.duckdb")
        return Company(self.sql, folder, config)


class Company:
    """Deliveries add up; every `run` is what a night's run does with them, and goes on from the state of the one before."""

    def __init__(self, sql: dict[str, str], folder: Path, config: dict[str, Any]):
        self.sql, self.folder = sql, folder
        self.connection = duckdb.connect(str(folder / "loyalty.duckdb"), config=config)
        self.connection.execute("set TimeZone = 'UTC'")
        register(self.connection)
        self.state: Path | None = None
        self.model: Model = load_model()

    def deliver(self, **tables: Rows) -> None:
        """Add rows: customers=[{…}], identifiers=[{…}], orders=[{…}]; columns that aren't named are null."""
        for table, rows in tables.items():
            frame = pd.DataFrame(list(rows)).astype(object)
            if frame.empty:
                continue
            names = ", ".join(frame.columns)
            self.connection.register("delivered", frame.where(frame.notna(), None))
            self.connection.execute(f"insert into main.stg_{table} ({names}) select {names} from delivered")
            self.connection.unregister("delivered")

    def withdraw(self, *records: str) -> None:
        for record in records:
            self.connection.execute(
                "delete from main.stg_customers where source_system || '|' || source_customer_id = ?", [record]
            )

    def build(self) -> None:
        """The identity models, as dbt would build them."""
        for name, sql in self.sql.items():
            self.connection.execute(f"create or replace table main.{name} as {sql}")

    def run(self) -> dict[str, str]:
        """{record: customer_id}; the reports are kept."""
        self.build()
        self.scoring = score(self.connection, self.model)
        self.report = resolve(self.connection, self.folder / "state", self.state, model=self.model)
        self.state = self.report.state
        rows = self.connection.execute(
            "select source_system, source_customer_id, customer_id from identity.memberships"
        )
        return {f"{system}|{number}": customer for system, number, customer in rows.fetchall()}

    def people(self) -> set[frozenset[str]]:
        """The records of every customer after the last run."""
        rows = self.connection.execute(
            "select list(source_system || '|' || source_customer_id) from identity.memberships group by customer_id"
        )
        return {frozenset(records) for (records,) in rows.fetchall()}

    def scored(self) -> list[tuple[Any, ...]]:
        return self.connection.execute("from identity.scored_pairs order by left_record, right_record").fetchall()
