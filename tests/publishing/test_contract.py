"""Nothing is published whose columns are not exactly those promised."""

from collections.abc import Callable
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from orchestration.errors import PublishingError
from orchestration.folders import DataFolder
from orchestration.publishing.contract import published_tables


@pytest.mark.parametrize("change, message", [
    ("alter table labels add column zh varchar", "labels: missing none; not promised zh"),
    ("alter table labels drop column en", "labels: missing en"),
    ("alter table labels rename column en to english", "labels: missing en; not promised english"),
    ("alter table kpi_values alter column n type integer", "kpi_values: n is INTEGER, promised BIGINT"),
    ("alter table kpi_values alter column weight type decimal(9,2)", "weight is DECIMAL(9,2), promised DECIMAL(9,3)"),
    ("create or replace table labels as select en, code from labels", "order is en, code, promised code, en"),
    ("drop table labels", "labels: the table does not exist"),
    ("alter table customers drop column phone", "customers: missing phone"),
])  # fmt: skip
def test_a_table_that_differs_is_refused(
    warehouse: duckdb.DuckDBPyConnection, folder: DataFolder, publish_again: Callable, change: str, message: str
) -> None:
    served = publish_again()
    warehouse.execute(change)
    with pytest.raises(PublishingError, match="nothing is published") as refusal:
        publish_again()
    assert message in str(refusal.value)
    assert (folder.published / "current").readlink().name == served.name
    assert len(list(folder.published.iterdir())) == 2


def change_node(manifest: dict[str, Any], change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    change(manifest["nodes"]["model.loyalty.labels"])
    return manifest


@pytest.mark.parametrize("change, message", [
    (lambda node: node["config"]["contract"].update(enforced=False), "without an enforced contract"),
    (lambda node: node["config"]["meta"].update(published="secret"), "must be public or profiles, not 'secret'"),
    (lambda node: node["config"]["meta"].pop("key"), "must name its key"),
    (lambda node: node["config"]["meta"].update(key=["nothing"]), "must name its key"),
])  # fmt: skip
def test_a_model_that_promises_nothing_is_refused(
    manifest: dict[str, Any], change: Callable[[dict[str, Any]], object], message: str
) -> None:
    with pytest.raises(PublishingError, match=message) as refusal:
        published_tables(change_node(manifest, change))
    assert "models/published/labels.sql" in str(refusal.value)


def test_an_unknown_type_names_the_table(publish_again: Callable, manifest: dict[str, Any]) -> None:
    change_node(manifest, lambda node: node["columns"]["en"].update(data_type="wombat"))
    with pytest.raises(PublishingError, match="labels: the contract's type 'wombat'"):
        publish_again()


def test_a_manifest_without_published_models_is_refused() -> None:
    with pytest.raises(PublishingError, match="names no model"):
        published_tables({"nodes": {}})


def test_types_may_be_written_in_any_of_their_names(publish_again: Callable, manifest: dict[str, Any]) -> None:
    change_node(manifest, lambda node: node["columns"]["en"].update(data_type="text"))
    assert publish_again().rows["labels"] == 2


def test_a_table_may_say_in_which_order_it_is_written(
    publish_again: Callable, manifest: dict[str, Any], folder: DataFolder
) -> None:
    labels = manifest["nodes"]["model.loyalty.labels"]["config"]["meta"]
    kpi_values = manifest["nodes"]["model.loyalty.kpi_values"]["config"]["meta"]
    labels["written_in_order_of"] = ["code desc"]
    kpi_values["written_in_order_of"] = "model"
    publish_again()
    current = folder.published / "current"
    assert pq.read_table(current / "labels.parquet")["code"].to_pylist() == ["missed", "met"]
    assert pq.read_table(current / "kpi_values.parquet")["n"].to_pylist() == list(range(200))


@pytest.mark.parametrize("order", [["nobody"], ["code; drop table labels"]])
def test_an_order_of_what_is_no_column_is_refused(
    publish_again: Callable, manifest: dict[str, Any], order: list[str]
) -> None:
    manifest["nodes"]["model.loyalty.labels"]["config"]["meta"]["written_in_order_of"] = order
    with pytest.raises(PublishingError, match="written_in_order_of must name columns"):
        publish_again()
