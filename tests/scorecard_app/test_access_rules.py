"""access.yml: what it says is what holds; what is wrong is named by line, never by whose entry it is."""

from datetime import date
from pathlib import Path

import pytest
from people import RULES

from scorecard_app.access import provider
from scorecard_app.access.local import is_local
from scorecard_app.access.roles import COMPANY, Grant, Role
from scorecard_app.access.rules import AccessError, read_rules


@pytest.fixture
def rules_file(tmp_path: Path) -> Path:
    return tmp_path / "access.yml"


def test_roles_are_bound_to_units_and_days(rules_file: Path) -> None:
    rules_file.write_text(
        "people:\n  - email: Lin@Example.com\n    roles:\n      - {role: head, unit: sto, from: 2024-01-01, until: 2025-03-31}\n"
        "      - role: care\n"
    )
    rules = read_rules(rules_file)
    assert rules.grants("LIN@example.COM") == (
        Grant(Role.HEAD, "sto", date(2024, 1, 1), date(2025, 3, 31)), Grant(Role.CARE, COMPANY),
    )  # fmt: skip
    assert rules.grants("someone@example.com") == () and rules.grants("") == ()
    assert (rules.idle_minutes, rules.absolute_hours) == (60, 12)


@pytest.mark.parametrize("text, line, words", [
    ("people:\n  - email: lin@example.com\n    roles: [{role: boss}]\n", 3, "'viewer', 'head', 'hr', 'care', 'executive' or 'admin'"),
    ("people:\n  - email: lin@example.com\n    roles:\n      - {role: head, unti: sto}\n", 4, "Extra inputs"),
    ("people:\n  - email: lin@example.com\n    roles: []\n", 3, "at least 1"),
    ("people:\n  - email: lin\n    roles: [{role: hr}]\n", 2, "no e-mail address"),
    ("idle_minute: 5\n", 1, "Extra inputs"),
    ("people: []\nidle_minutes: 0\n", 2, "greater than or equal to 1"),
    ("people:\n  - email: lin@example.com\n    roles: [{role: head, from: 2025-02-01, until: 2025-01-01}]\n", 3, "swap them"),
    ("people:\n  - email: lin@example.com\n    roles: [{role: care, unit: sto}]\n", 3, "leave unit out"),
    ("people:\n  - email: a@example.com\n    roles: [{role: hr}]\n  - email: A@example.com\n    roles: [{role: hr}]\n", 1, "entry 2"),
    ("people:\n  - [\n", 3, "no YAML"),
    ("- a\n", 1, "people:"),
])  # fmt: skip
def test_what_is_wrong_is_named_by_line(rules_file: Path, text: str, line: int, words: str) -> None:
    rules_file.write_text(text)
    with pytest.raises(AccessError) as raised:
        read_rules(rules_file)
    message = str(raised.value)
    assert f"{rules_file}, line {line}: " in message and words in message
    assert len(message.splitlines()) == 1, "one fault, one line"
    assert "lin@" not in message and "@example" not in message


def test_a_missing_file_lets_nobody_in(rules_file: Path) -> None:
    with pytest.raises(AccessError, match="nobody may enter"):
        read_rules(rules_file)


def test_the_sample_rules_hold(rules_file: Path) -> None:
    rules_file.write_text(RULES)
    assert {grant.role for person in read_rules(rules_file).people for grant in person.grants} == set(Role)


ENVIRONMENT = {
    "LOYALTY_OIDC_ISSUER": "https://login.example.com/", "LOYALTY_OIDC_CLIENT_ID": "app", "LOYALTY_OIDC_CLIENT_SECRET": 'a"b\\c',
    "LOYALTY_APP_URL": "https://scorecards.example.com/",
}  # fmt: skip


def test_the_providers_settings_reach_streamlit_and_nobody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tomllib

    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))
    path = provider.written(provider.settings(ENVIRONMENT))
    auth = tomllib.loads(path.read_text())["auth"]
    assert auth["redirect_uri"] == "https://scorecards.example.com/oauth2callback" and auth["client_secret"] == 'a"b\\c'
    assert auth["server_metadata_url"] == "https://login.example.com/.well-known/openid-configuration"
    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700
    assert len(auth["cookie_secret"]) >= 32 and auth["cookie_secret"] != provider.settings(ENVIRONMENT)["cookie_secret"]


@pytest.mark.parametrize("changes, words", [
    ({"LOYALTY_OIDC_CLIENT_SECRET": ""}, "LOYALTY_OIDC_CLIENT_SECRET missing"), ({"LOYALTY_APP_URL": "http://scorecards.example.com"}, "https://"),
    ({"LOYALTY_OIDC_ISSUER": "login.example.com"}, "LOYALTY_OIDC_ISSUER must begin"), ({"LOYALTY_COOKIE_SECRET": "short"}, "32 characters"),
])  # fmt: skip
def test_half_a_sign_in_is_refused(changes: dict[str, str], words: str) -> None:
    with pytest.raises(provider.SignInError, match=words) as raised:
        provider.settings(ENVIRONMENT | changes)
    assert 'a"b' not in str(raised.value) and "short" not in str(raised.value)


@pytest.mark.parametrize("headers, address, expected", [
    ({"Host": "localhost:8501"}, None, True), ({"Host": "127.0.0.1:8501"}, None, True), ({"Host": "[::1]:8501"}, None, True),
    ({"Host": "evil.example.com:8501"}, None, False), ({"Host": "localhost"}, "192.0.2.7", False), ({}, None, False),
    ({"Host": "localhost", "X-Forwarded-For": "192.0.2.7"}, None, False), ({"Host": "localhost", "Forwarded": "for=192.0.2.7"}, None, False),
])  # fmt: skip
def test_local_is_this_machine_by_its_own_name(headers: dict[str, str], address: str | None, expected: bool) -> None:
    assert is_local(headers, address) is expected
