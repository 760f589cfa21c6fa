"""No personal value of the demo company stands anywhere but in what the owner alone may read: profiles/, warehouse, deliveries."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from shutil import copy

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.conftest import CompanyRun

HAN = re.compile("[一-鿿]{2,}")
WORDS = re.compile(r"[^\W\d_]+")
EMAIL = re.compile(r"[\w.+-]+@[\w.-]+\.\w+")
DIGITS = re.compile(r"\d{11,}")
MADE_OF_THEM = re.compile(r"guest-[0-9a-f]{32}|\bC[0-9a-f]{12,}\b")
"""Ids made from a guest's phone or e-mail, directly or by way of the customer's key: whoever tries numbers finds it."""


@pytest.fixture(scope="module")
def personal(demo_run: CompanyRun, tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """What customers' records and guest orders hold, in the shape in which `found_in` looks for it."""
    copied = copy(demo_run.data / "warehouse" / "loyalty.duckdb", tmp_path_factory.mktemp("privacy"))
    with duckdb.connect(str(copied), read_only=True) as connection:

        def values(sql: str) -> list[str]:
            return [row[0] for row in connection.execute(sql).fetchall() if row[0]]

        names = values("select distinct full_name from raw.customers")
        phones = values("select phone from raw.customers union select guest_phone from raw.orders")
        emails = values("select email from raw.customers union select guest_email from raw.orders")
        addresses = values("select distinct address from raw.customers")
        made = "select customer_id, split_part(customer_key, '|', 2) as guest from identity.memberships"
        ids = values(f"select customer_id from ({made}) union select guest from ({made}) where guest like 'guest-%'")
    return {
        "han": {name for name in names if HAN.fullmatch(name) and len(name) >= 3},
        "latin": {
            " ".join(WORDS.findall(name.lower())) for name in names if len(WORDS.findall(name)) == 2 and name.isascii()
        },
        "phones": {digits[-11:] for digits in (re.sub(r"\D", "", phone) for phone in phones) if len(digits) >= 11},
        "emails": {email.lower() for email in emails},
        "addresses": {address for address in addresses if len(address) > 8},
        "ids": set(ids),
    }


def found_in(text: str, personal: dict[str, set[str]]) -> set[str]:
    """Personal values in a text, whatever stands around them."""
    lower = text.lower()
    words = WORDS.findall(lower)
    windows = {run[at : at + size] for run in HAN.findall(text) for size in (3, 4) for at in range(len(run) - size + 1)}
    numbers = {run[at : at + 11] for run in DIGITS.findall(text) for at in range(len(run) - 10)}
    return (
        (windows & personal["han"])
        | ({f"{one} {other}" for one, other in pairwise(words)} & personal["latin"])
        | (numbers & personal["phones"])
        | (set(EMAIL.findall(lower)) & personal["emails"])
        | (set(MADE_OF_THEM.findall(text)) & personal["ids"])
        | {address for address in personal["addresses"] if address in text}
    )


def texts(path: Path) -> Iterator[str]:
    """The texts in a file: the columns of a Parquet file, of a SQLite or any other file its bytes."""
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        for name in table.column_names:
            if not pa.types.is_floating(table.schema.field(name).type):
                yield "\n".join(str(value) for value in set(map(str, table[name].to_pylist())))
    else:
        yield path.read_bytes().decode("utf-8", "replace")


def test_the_search_finds_what_is_there(personal: dict[str, set[str]], demo_run: CompanyRun) -> None:
    assert all(len(values) > 100 for values in personal.values()), {kind: len(v) for kind, v in personal.items()}
    profiles = "\n".join(texts_of(demo_run.published / "profiles" / "customers.parquet"))
    found = found_in(profiles, personal)
    assert all(found & values for values in personal.values())


def texts_of(path: Path) -> list[str]:
    return list(texts(path))


def test_no_published_table_log_or_metadata_holds_a_personal_value(
    personal: dict[str, set[str]], demo_run: CompanyRun
) -> None:
    public = [path for path in demo_run.published.iterdir() if path.is_file()]
    looked_at = [
        path for folder in ("dagster", "quality", "warehouse/dbt") for path in (demo_run.data / folder).rglob("*")
    ]
    files = [
        *public,
        *(path for path in looked_at if path.is_file() and path.suffix not in (".js", ".css", ".png", ".woff2")),
    ]
    assert len(files) > 20
    leaks = {
        str(path): sorted(found)[:3]
        for path in files
        if (found := set().union(*(found_in(t, personal) for t in texts(path))))
    }
    assert not leaks
