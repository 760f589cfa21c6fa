"""Which state is in force, and that a crash between writing it and publishing changes nothing."""

import json

import pytest

from orchestration.folders import DataFolder
from orchestration.identity.state import IdentityStateError, prepare, states_folder


@pytest.fixture
def data(tmp_path):
    return DataFolder(tmp_path / "company").create()


@pytest.fixture
def company(data, make_world):
    """A world whose states lie where a company's do."""
    world = make_world()
    world.folder = states_folder(data)
    return world


def publish(data, name, state):
    """A version made with `state`, switched to."""
    version = data.published / name
    version.mkdir()
    content = {"identity_state": state.name if state else None}
    (version / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
    current = data.published / "current"
    current.unlink(missing_ok=True)
    current.symlink_to(name)


def test_nothing_before_the_first_run(data):
    assert prepare(data) is None


def test_a_state_that_was_not_published_is_swept(data, company):
    company.run(["crm|1"])
    published = company.state
    publish(data, "v1", published)
    company.run(["crm|1", "crm|2"])
    (company.folder / ".writing-4711").mkdir()
    assert prepare(data) == published
    assert [path.name for path in company.folder.iterdir()] == [published.name]


def test_states_of_kept_versions_survive_a_roll_back(data, company):
    company.run(["crm|1"])
    first = company.state
    publish(data, "v1", first)
    company.run(["crm|1", "crm|2"])
    publish(data, "v2", company.state)
    (data.published / "current").unlink()
    (data.published / "current").symlink_to("v1")
    assert prepare(data) == first
    assert company.state.exists()


def test_without_a_published_version_the_newest_counts(data, company):
    company.run(["crm|1"])
    company.run(["crm|1", "crm|2"])
    assert prepare(data) == company.state


def test_a_version_without_identity(data):
    publish(data, "v1", None)
    assert prepare(data) is None


@pytest.mark.parametrize("damage", ["altered", "missing", "unnamed"])
def test_a_damaged_state_stops_instead_of_renaming_customers(data, company, damage):
    company.run(["crm|1"])
    publish(data, "v1", company.state)
    if damage == "altered":
        with (company.state / "customers.parquet").open("ab") as file:
            file.write(b"!")
    elif damage == "missing":
        (company.state / "customers.parquet").unlink()
    else:
        (data.published / "v1" / "manifest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(IdentityStateError, match=r"restore"):
        prepare(data)
