"""A small demo company, read once."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import demo_company
import pandas as pd
import pytest
import yaml
from demo_reader import read_dataset

CONTRACT = Path(__file__).resolve().parents[2] / "dbt_project" / "models" / "landing"


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo company of 2,000 customers and 8 months."""
    root = tmp_path_factory.mktemp("company")
    demo_company.generate(root, customers=2_000, months=8)
    return root


@pytest.fixture(scope="session")
def dataset(company: Path) -> Callable[[str], pd.DataFrame]:
    """The rows of a dataset as delivered, read once."""
    read: dict[str, pd.DataFrame] = {}

    def get(name: str) -> pd.DataFrame:
        if name not in read:
            read[name] = read_dataset(company, name)
        return read[name]

    return get


@pytest.fixture(scope="session")
def traps(company: Path) -> dict[str, Any]:
    """What the generator says it planted."""
    return json.loads((company / "truth" / "traps.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def contract() -> dict[str, dict[str, Any]]:
    """Dataset → its entry in the landing contract."""
    documents = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(CONTRACT.glob("*.yml"))]
    tables = [
        table
        for document in documents
        for source in document.get("sources", [])
        if source["name"] == "raw"
        for table in source["tables"]
    ]
    return {table["name"]: table for table in tables if "key" in table.get("config", {}).get("meta", {})}
