"""A model of the company's own: shown before it is used, kept beside the others, and no reason for new customer ids."""

import json
from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

from orchestration.cli import main
from orchestration.errors import ConfigurationError
from orchestration.folders import DataFolder
from orchestration.identity import training
from orchestration.identity.model import load_model
from orchestration.identity.preview import preview, records_of
from orchestration.identity.training import TooFewRecords, next_version, save, train
from tests.identity.test_scoring import people


def written_twice(count):
    """People and, from another system, the same people with a field in ten changed."""
    rng = np.random.default_rng(3)
    rows = people(count, 3)
    for row, other in zip(rows, people(count, 4), strict=True):
        row["birth_date"] = f"19{40 + rng.integers(50)}-{1 + rng.integers(12):02}-{1 + rng.integers(28):02}"
        row["address"] = f"{1 + rng.integers(400)} Mill Lane"
        changed = {name: other[name] if rng.random() < 0.1 else value for name, value in row.items()}
        yield from (row, changed | {"source_system": "shop"})


@pytest.fixture(scope="module")
def company(make_company):
    company = make_company()
    company.deliver(customers=written_twice(1_250))
    company.run()
    return company


@pytest.fixture(scope="module")
def trained(company):
    return train(company.connection, company.model, "people-2")


def clusters(found):
    records = defaultdict(set)
    for record, customer in found.items():
        records[customer].add(record)
    return {frozenset(members): customer for customer, members in records.items()}


def test_training_moves_weights_within_bounds_and_leaves_rules_alone(company, trained):
    moved = 0
    for old, new in zip(company.model.comparisons, trained.comparisons, strict=True):
        changes = [abs(a.weight - b.weight) for a, b in zip(old.levels, new.levels, strict=True)]
        assert max(changes) <= 1.6, old.name  # a factor of two, and what making the sum 1 adds
        if old.name not in ("given_name", "family_name", "birth_date", "gender"):
            assert max(changes) == 0, old.name
        moved += sum(change > 0.1 for change in changes)
    assert moved > 5
    assert trained.frequencies["family_name"]["smith"] > 0.05
    # Names that few bear would tell of persons.
    assert all(share * 2_500 > 19 for shares in trained.frequencies.values() for share in shares.values())


@pytest.mark.parametrize("change", ["retrained", "another rule"])
def test_ids_of_unchanged_clusters_survive_another_model(company, trained, change):
    before, shipped = clusters(company.run()), company.model
    company.model = trained if change == "retrained" else replace(shipped, version="stricter", threshold=4.0)
    after = company.run()
    company.model = shipped
    now = clusters(after)
    unchanged = before.keys() & now.keys()
    assert len(unchanged) > 100
    assert all(before[records] == now[records] for records in unchanged)
    assert change == "retrained" or before.keys() != now.keys()
    assert clusters(company.run()).keys() == before.keys()


def test_models_are_numbered_and_none_is_overwritten(trained, tmp_path):
    models = tmp_path / "models"
    assert (load_model(models).version, next_version(models)) == ("people-1", "people-2")
    file = save(trained, models)
    assert load_model(models) == trained
    assert next_version(models) == "people-3"
    with pytest.raises(FileExistsError):
        save(trained, models)
    assert [path.name for path in models.glob("people-*")] == [file.name]
    file.write_text(file.read_text(encoding="utf-8")[:-40], encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"people-2\.json: not a matching model.*restore it"):
        load_model(models)


def test_too_few_records_teach_nothing(make_company):
    company = make_company()
    company.deliver(customers=people(50, 1))
    company.run()
    with pytest.raises(TooFewRecords, match="the shipped model serves better"):
        train(company.connection, company.model, "people-2")


def test_the_preview_counts_what_changes(demo_run):
    model = load_model()
    with records_of(DataFolder(demo_run.data).database, model) as records:
        same = preview(records, model, replace(model, version="same"))
        fewer = preview(records, model, replace(model, version="stricter", threshold=8.0))
    assert (same.links_gained, same.links_lost, same.changed_customers, same.moved_records) == (0, 0, 0, 0)
    assert same.customers_before == same.customers_after > 1_000
    assert fewer.links_gained == 0 < fewer.links_lost == fewer.links_before - fewer.links_after
    assert fewer.customers_after > fewer.customers_before
    assert 0 < fewer.changed_customers <= fewer.moved_records * 2
    assert same.unfit is None
    assert replace(same, links_before=5, links_after=2).unfit == "it would leave 2 of 5 links"
    assert str(replace(same, links_after=0).unfit).startswith("it would link nobody")


def test_the_command_changes_nothing_unless_it_is_told_to(demo_run, tmp_path, monkeypatch):
    data = DataFolder(tmp_path / "company").create()
    (data.database).write_bytes(DataFolder(demo_run.data).database.read_bytes())
    monkeypatch.setenv("LOYALTY_DATA", str(data.root))
    shown = CliRunner().invoke(main, ["retrain"])
    assert shown.exit_code == 0, shown.output
    assert "nothing is changed" in shown.output and not data.models.exists()
    with monkeypatch.context() as patched:  # what junk teaches: a model that links nobody
        patched.setattr(
            training, "train", lambda records, model, version: replace(model, version=version, threshold=99.0)
        )
        refused = CliRunner().invoke(main, ["retrain", "--apply"])
    assert (refused.exit_code, data.models.exists()) == (1, False)
    assert "no model is proposed: it would link nobody" in refused.output
    kept = CliRunner().invoke(main, ["retrain", "--apply", "--json"])
    content = json.loads(kept.stdout)
    assert content["trained"] == load_model(data.models).version == "people-2"
    assert content["effect"]["customers_before"] > 1_000
