"""Labels of a company's own: the figures by hand, and a broken file named with its line and remedy."""

import duckdb
import pandas as pd
import pytest

from orchestration.errors import ConfigurationError
from orchestration.folders import DataFolder
from orchestration.identity import truth


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "truth").mkdir()
    return DataFolder(tmp_path)


def write(folder, text):
    (folder.truth / "people.csv").write_text(text, encoding="utf-8")


def test_figures_by_hand(folder):
    # Persons: {a1, b1, b2} and {a3, b3}; customers: {a1, b1} and {b2, a3}, {b3}. x is labelled and was never delivered.
    # Of 4 true pairs one is found, of 2 found ones it is right. B³: precision 1, 1, 1/2, 1/2, 1; recall 2/3, 2/3, 1/3, 1/2, 1/2.
    write(folder, "person,source_system,source_customer_id\nP,a,1\nP,b,1\nP,b,2\nQ,a,3\nQ,b,3\nQ,b,x\n")
    labels = truth.read(folder)
    assert labels is not None
    with duckdb.connect() as connection:
        connection.execute("create schema identity")
        connection.execute("""
            create table identity.memberships as select * from (values
                ('a', '1', 'C1'), ('b', '1', 'C1'), ('b', '2', 'C2'), ('a', '3', 'C2'), ('b', '3', 'C3'), ('z', '9', 'C1'))
                as t (source_system, source_customer_id, customer_id)
        """)
        found = truth.against(connection, labels)
    assert (found["records"], found["unknown_records"]) == (5, 1)
    assert (found["precision"], found["recall"], found["f1"]) == (0.5, 0.25, 0.3333)
    assert (found["b3_precision"], found["b3_recall"]) == (0.8, pytest.approx(0.5333, abs=1e-4))
    between = {(row["left_system"], row["right_system"]): row for row in found["segments"]}
    assert between.keys() == {("a", "b"), ("b", "b")}
    assert [between["a", "b"][name] for name in ("true", "found", "right")] == [3, 2, 1]
    assert between["b", "b"]["recall"] == 0


def test_parquet_does_as_well(folder):
    rows = [("crm", 7, "P")]
    pd.DataFrame(rows, columns=list(truth.COLUMNS)).to_parquet(folder.truth / "people.parquet")
    labels = truth.read(folder)
    assert labels is not None
    assert labels.to_numpy().tolist() == [["crm", "7", "P"]]


def test_no_file_is_no_truth(folder):
    assert truth.read(folder) is None


HEAD = "source_system,source_customer_id,person\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("source_system,person\ncrm,P\n", "column source_customer_id is missing"),
        ("", "column source_system, source_customer_id, person is missing"),
        (HEAD + "crm,1,P\ncrm,2\n", "line 3 lacks one of"),
        (HEAD + "crm,1,P\ncrm,2,Q\ncrm,1,Q\n", "lines 2 and 4 give one record two persons"),
        (HEAD + 'crm,"1,P\n', "can't be read"),
    ],
    ids=["column", "empty", "cell", "two persons", "quote"],
)
def test_a_broken_file_is_named_with_line_and_remedy(folder, text, said):
    write(folder, text)
    with pytest.raises(ConfigurationError, match=said) as raised:
        truth.read(folder)
    assert "people.csv" in str(raised.value)
    assert "remove it to run without labels" in str(raised.value)


def test_bytes_that_are_no_text(folder):
    (folder.truth / "people.csv").write_bytes(HEAD.encode() + b"crm,1,\xff\xfe\n")
    with pytest.raises(ConfigurationError, match="can't be read"):
        truth.read(folder)
