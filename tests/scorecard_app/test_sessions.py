"""A session begins once, ends for good, and belongs to an account rather than to an address."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from people import EMAILS, claims, write_rules

from scorecard_app.access.rules import Rules, read_rules
from scorecard_app.access.sessions import Refused, Registry
from scorecard_app.store import open_store
from scorecard_app.store.tables import Table

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def registry(tmp_path: Path, clock: Clock) -> Registry:
    return Registry(open_store(tmp_path), clock)


@pytest.fixture
def rules(tmp_path: Path) -> Rules:
    write_rules(tmp_path)
    return read_rules(tmp_path / "access.yml")


def token(name: str = "head.sto", nonce: str = "n1", issued: datetime = NOON, **changes: Any) -> dict[str, object]:
    return claims(name, issued=issued.timestamp(), nonce=nonce) | changes


def why(registry: Registry, claims: dict[str, object], rules: Rules) -> str:
    with pytest.raises(Refused) as refused:
        registry.enter(claims, rules)
    return refused.value.why


def test_a_signed_out_token_is_worth_nothing(registry: Registry, rules: Rules) -> None:
    from scorecard_app.access.sessions import session_id

    assert registry.enter(token(), rules) == EMAILS["head.sto"]
    registry.end(session_id(token()), "signed_out")
    assert why(registry, token(), rules) == "refused_signed_out"
    assert registry.enter(token(nonce="n2"), rules) == EMAILS["head.sto"]  # a new sign-in


def test_a_session_ends_by_idleness_and_by_age(registry: Registry, rules: Rules, clock: Clock) -> None:
    registry.enter(token(), rules)
    for _ in range(13):
        clock.now += timedelta(minutes=50)
        if clock.now - NOON >= timedelta(hours=12) - timedelta(minutes=50):
            break
        registry.enter(token(), rules)
    clock.now = NOON + timedelta(hours=12)
    assert why(registry, token(), rules) == "refused_expired"
    registry.enter(token(nonce="n2", issued=clock.now), rules)
    later = token(nonce="n2", issued=clock.now)
    for _ in range(2):
        clock.now += timedelta(minutes=30)
        if clock.now < NOON + timedelta(hours=13):
            registry.enter(later, rules, by_hand=False)  # the page looking by itself keeps nothing alive
    assert why(registry, later, rules) == "refused_idle"
    clock.now -= timedelta(minutes=59)
    assert why(registry, later, rules) == "refused_idle"  # what has ended stays ended


def test_a_token_that_is_old_when_first_seen_begins_nothing(registry: Registry, rules: Rules, clock: Clock) -> None:
    clock.now = NOON + timedelta(minutes=6)
    assert why(registry, token(), rules) == "refused_stale"
    assert why(registry, token(issued=clock.now + timedelta(minutes=2)), rules) == "refused_stale"
    assert why(registry, token(iat=None), rules) == "refused_stale"


def test_the_first_sign_in_binds_the_address_to_the_account(registry: Registry, rules: Rules) -> None:
    registry.enter(token(), rules)
    assert why(registry, token(nonce="n2", sub="another"), rules) == "refused_taken"
    assert why(registry, token(nonce="n3", iss="http://elsewhere"), rules) == "refused_taken"
    moved = token(nonce="n4", email="new.name@example.com")
    assert registry.enter(moved, rules) == EMAILS["head.sto"]  # the account counts, not what it calls itself by now
    as_executive = token(nonce="n5", email=EMAILS["executive"])
    assert registry.enter(as_executive, rules) == EMAILS["head.sto"]


@pytest.mark.parametrize("name, changes, expected", [
    ("stranger", {}, "refused_unknown"), ("head.sto", {"email_verified": False}, "refused_unverified"),
    ("head.sto", {"email_verified": "true"}, "refused_unverified"), ("head.sto", {"email": None}, "refused_unknown"),
    ("head.sto", {"sub": ""}, "refused_unknown"), ("head.sto", {"iss": None}, "refused_unknown"),
])  # fmt: skip
def test_nobody_enters_by_default(
    registry: Registry, rules: Rules, name: str, changes: dict[str, Any], expected: str
) -> None:
    assert why(registry, token(name, **changes), rules) == expected


def test_whoever_leaves_the_list_is_out_at_once(registry: Registry, rules: Rules) -> None:
    registry.enter(token(), rules)
    without = Rules(people=tuple(person for person in rules.people if person.email != EMAILS["head.sto"]))
    assert why(registry, token(), without) == "refused_unknown"


def test_an_administrator_ends_sessions_and_releases_an_address(registry: Registry, rules: Rules) -> None:
    registry.enter(token(), rules)
    registry.enter(token(nonce="n2"), rules)
    registry.enter(token("admin"), rules)
    open_ones = registry.open_sessions(rules)
    assert sorted(session.email for session in open_ones) == [EMAILS["admin"], EMAILS["head.sto"], EMAILS["head.sto"]]
    registry.end(next(one.session_id for one in open_ones if one.email == EMAILS["head.sto"]), "revoked")
    assert len(registry.open_sessions(rules)) == 2
    registry.unbind(EMAILS["head.sto"])
    assert [session.email for session in registry.open_sessions(rules)] == [EMAILS["admin"]]
    assert why(registry, token(), rules) == why(registry, token(nonce="n2"), rules) == "refused_revoked"
    assert registry.enter(token(nonce="n3", sub="another"), rules) == EMAILS["head.sto"]
    assert why(registry, token(nonce="n4"), rules) == "refused_taken"


def test_ten_tabs_begin_one_session(registry: Registry, rules: Rules) -> None:
    problems: list[BaseException] = []

    def enter() -> None:
        try:
            registry.enter(token(), rules)
        except BaseException as problem:
            problems.append(problem)

    tabs = [threading.Thread(target=enter) for _ in range(10)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert problems == [] and len(registry.open_sessions(rules)) == 1


def test_the_store_is_its_owners_alone_and_as_the_migrations_say(tmp_path: Path) -> None:
    for _ in range(2):  # opening again migrates nothing
        engine = open_store(tmp_path)
    assert (tmp_path / "app").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "app" / "store.sqlite").stat().st_mode & 0o777 == 0o600
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []
