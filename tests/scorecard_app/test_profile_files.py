"""Profiles are read only as the manifest promised them; a rewritten version, as erasing makes one, is read afresh."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from sample_depth import PERSON, PHONE
from streamlit.testing.v1 import AppTest
from test_pages import seen

from scorecard_app.access.roles import COMPANY, Grant, Role, Viewer
from scorecard_app.profiles import NoProfiles, Profiles
from scorecard_app.published import resolve

CARE = Viewer("care", (Grant(Role.CARE, COMPANY),))


@pytest.fixture
def version(beside_root: Path, tmp_path: Path) -> Path:
    """A version of the test's own."""
    return resolve(shutil.copytree(beside_root, tmp_path / "company", symlinks=True))


def without_person(version: Path) -> None:
    """What erasing does to the profiles: each file rewritten without the person, and the manifest beside them."""
    folder = version / "profiles"
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name, facts in manifest["tables"].items():
        path = folder / f"{name}.parquet"
        with duckdb.connect() as connection:
            connection.execute(f"create table kept as from '{path}'")
            if "customer_id" in [column[0] for column in facts["columns"]]:
                connection.execute("delete from kept where customer_id = $1", [PERSON])
            path.unlink()
            connection.execute(f"copy kept to '{path}' (format parquet)")
        facts["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


@pytest.mark.parametrize("harm", ["flip", "missing", "foreign"])
def test_a_file_that_is_not_as_promised_is_not_opened(version: Path, harm: str) -> None:
    file = version / "profiles" / "customers.parquet"
    if harm == "flip":
        whole = bytearray(file.read_bytes())
        whole[len(whole) // 2] ^= 1
        file.write_bytes(whole)
    elif harm == "missing":
        file.unlink()
    else:
        (version / "profiles" / "manifest.json").write_text('{"tables": {"customers": "all"}}', encoding="utf-8")
    with pytest.raises(NoProfiles, match="profiles" if harm == "foreign" else "customers.parquet"):
        Profiles(version)


def test_a_file_that_changes_under_the_reader_is_not_read(version: Path) -> None:
    profiles = Profiles(version)
    assert [row["customer_id"] for row in profiles.search(CARE, PHONE)] == [PERSON]
    file = version / "profiles" / "customer_fields.parquet"
    file.write_bytes(file.read_bytes() + b" ")
    with pytest.raises(NoProfiles, match="changed since"):
        profiles.search(CARE, PHONE)


@pytest.mark.parametrize("lang, none", [("en", "Profiles can't be read here"), ("zh", "无法读取")])
def test_the_page_reads_an_erased_version_afresh_and_a_damaged_one_never(
    version: Path, visit: Callable[..., AppTest], lang: str, none: str
) -> None:
    root = version.parent.parent
    page = visit(root, "customer", lang=lang)
    page.text_input(key="customer_search").set_value(PERSON).run()
    assert "Mei <Lin>" in seen(page)
    without_person(version)
    page.run()
    assert "Mei <Lin>" not in seen(page) and none not in seen(page)
    (version / "profiles" / "customers.parquet").write_bytes(b"")
    page.run()
    assert none in seen(page) and "Mei" not in seen(page)
