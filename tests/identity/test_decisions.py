"""What people decide is kept for ever, found when altered, refused when it contradicts itself, and handed to the run."""

import json
from datetime import UTC, datetime

import duckdb
import networkx
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from orchestration.cli import main
from orchestration.folders import DataFolder
from orchestration.identity import append_only, decisions
from orchestration.identity.contradictions import contradictions

NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)
A, B, C, D = (("crm", str(number)) for number in range(1, 5))


@pytest.fixture
def folder(tmp_path):
    return DataFolder(tmp_path / "company").create()


@pytest.fixture
def loyalty(folder, monkeypatch):
    """The command `loyalty decide` in this process: (exit status, what it says)."""
    monkeypatch.setenv("LOYALTY_DATA", str(folder.root))

    def run(*arguments):
        done = CliRunner().invoke(main, ["decide", *arguments])
        return done.exit_code, done.output

    return run


SIGNED = ("--by", "A. Lin", "--why", "mother and daughter")


def test_a_decision_is_kept_with_who_and_why_and_reaches_the_run(folder, loyalty):
    assert loyalty("cannot-link", "shop:9:b", "crm:17", *SIGNED)[0] == 0
    assert loyalty("must-link", "crm:17", "pos:3", *SIGNED)[0] == 0
    assert loyalty("--revoke", "D0002", "--by", "B. Wu", "--why", "a twin")[0] == 0
    with duckdb.connect() as connection:
        assert decisions.load(connection, folder) == 1
        rows = connection.execute("""
            select decision_id, kind, left_source_system, left_source_customer_id, right_source_system,
                right_source_customer_id, decided_by, reason, revoked_by, revocation_reason, revoked_at >= decided_at
            from identity.decisions order by decision_id
        """).fetchall()
        digest = connection.execute("select digest from identity.decisions_state").fetchall()
    assert rows == [
        ("D0001", "cannot_link", "crm", "17", "shop", "9:b", "A. Lin", "mother and daughter", None, None, None),
        ("D0002", "must_link", "crm", "17", "pos", "3", "A. Lin", "mother and daughter", "B. Wu", "a twin", True),
    ]
    assert digest == [(json.loads(decisions.log_of(folder).read_text().splitlines()[-1])["digest"],)]
    listed = json.loads(loyalty("--list", "--json")[1])
    assert [(one["decision_id"], one["revoked_by"]) for one in listed] == [("D0001", None), ("D0002", "B. Wu")]


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        ((), "must-link or cannot-link"),
        (("must-link", "crm:1", *SIGNED), "two records as SYSTEM:ID"),
        (("must-link", "crm:1", "crm2", *SIGNED), "'crm2' names no record"),
        (("must-link", "crm:1", "crm:2", "--by", "A. Lin"), "--why TEXT"),
        (("must-link", "crm:1", "crm:1", *SIGNED), "is one record"),
        (("--revoke", "D0009", *SIGNED), "--list"),
    ],
)
def test_wrong_usage_says_what_is_meant_and_keeps_nothing(folder, loyalty, arguments, remedy):
    status, said = loyalty(*arguments)
    assert (status, remedy in said) == (2, True), said
    assert not decisions.log_of(folder).exists()


def test_a_contradiction_along_a_chain_is_refused_with_the_decisions_that_stand_against_it(loyalty):
    assert loyalty("must-link", "crm:1", "crm:2", *SIGNED)[0] == 0
    assert loyalty("must-link", "crm:2", "crm:3", *SIGNED)[0] == 0
    status, said = loyalty("cannot-link", "crm:3", "crm:1", *SIGNED)
    assert status == 2
    assert "D0001: must-link crm:1 crm:2" in said and "D0002: must-link crm:2 crm:3" in said
    assert "loyalty decide --revoke" in said
    assert loyalty("--revoke", "D0001", *SIGNED)[0] == 0
    assert loyalty("cannot-link", "crm:3", "crm:1", *SIGNED)[0] == 0
    status, said = loyalty("must-link", "crm:1", "crm:2", *SIGNED)
    assert (status, "D0003: cannot-link" in said) == (2, True)


records = st.sampled_from([A, B, C, D])
steps = st.lists(
    st.tuples(st.sampled_from(["must_link", "cannot_link"]), records, records).filter(lambda s: s[1] != s[2]),
    max_size=12,
)


@given(steps)
def test_what_is_accepted_never_contradicts_itself(asked):
    """The oracle is networkx: no cannot-link lies inside a connected component of the must-links."""
    taken = []
    for kind, left, right in asked:
        new = decisions.Decision(f"D{len(taken)}", kind, *left, *right, "", "", "")
        refused = bool(contradictions(taken, kind, left, right))
        assert refused == (not consistent([*taken, new]))
        if not refused:
            taken.append(new)


def consistent(taken):
    graph = networkx.Graph([(one.left, one.right) for one in taken if one.kind == "must_link"])
    graph.add_nodes_from([A, B, C, D])
    return not any(one.kind == "cannot_link" and networkx.has_path(graph, one.left, one.right) for one in taken)


def lines(folder):
    return decisions.log_of(folder).read_bytes().splitlines(keepends=True)


@pytest.mark.parametrize(
    "damage",
    [
        lambda kept: [kept[0].replace(b"cannot", b"must"), *kept[1:]],
        lambda kept: kept[1:],
        lambda kept: [kept[1], kept[0], kept[2]],
        lambda kept: [*kept[:2], kept[2].replace(b"why", b"how")],
        lambda kept: [*kept, b"not JSON\n"],
    ],
    ids=["altered", "first removed", "reordered", "last altered", "not JSON"],
)
def test_any_altered_line_is_found(folder, damage):
    for record in (B, C, D):
        decisions.record(folder, "cannot_link", A, record, "me", "why", NOON)
    log = decisions.log_of(folder)
    log.write_bytes(b"".join(damage(lines(folder))))
    with pytest.raises(append_only.LogDamaged, match=r"decisions.jsonl, line [1-4]: altered.*backup"):
        decisions.read(folder)


def test_a_line_that_a_crash_cut_short_was_never_kept(folder):
    decisions.record(folder, "cannot_link", A, B, "me", "why", NOON)
    whole = lines(folder)
    with decisions.log_of(folder).open("ab") as log:
        log.write(whole[0][:40])
    assert len(decisions.read(folder)[0]) == 1
    assert decisions.record(folder, "cannot_link", A, C, "me", "why", NOON) == "D0002"
    assert lines(folder)[0] == whole[0]
    assert [decision.right for decision in decisions.read(folder)[0]] == [B, C]


def test_decisions_that_a_published_version_was_made_with_are_missed(folder):
    decisions.record(folder, "cannot_link", A, B, "me", "why", NOON)
    decisions.record(folder, "cannot_link", A, C, "me", "why", NOON)
    current = folder.published / "current"
    current.mkdir()
    (current / "manifest.json").write_text(json.dumps({"decisions": decisions.read(folder)[1]}))
    decisions.record(folder, "cannot_link", A, D, "me", "why", NOON)
    assert len(decisions.read(folder)[0]) == 3
    decisions.log_of(folder).write_bytes(lines(folder)[0])
    with pytest.raises(append_only.LogDamaged, match="lacks decisions that the published version was made with"):
        decisions.read(folder)
