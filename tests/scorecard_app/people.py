"""The people who sign in at the sample company, one for each role and one with all, and the provider that vouches for them."""

from pathlib import Path

RULES = """\
idle_minutes: 60
absolute_hours: 12
people:
  - email: head.sto@example.com
    roles: [{role: head, unit: sto}]
  - email: head.ecm@example.com
    roles: [{role: head, unit: ecm}]
  - email: viewer.cs@example.com
    roles: [{role: viewer, unit: cs}]
  - email: hr@example.com
    roles: [{role: hr}]
  - email: care@example.com
    roles: [{role: care}]
  - email: executive@example.com
    roles: [{role: executive}]
  - email: admin@example.com
    roles: [{role: admin}]
  - email: everything@example.com
    roles: [{role: executive}, {role: hr}, {role: care}, {role: admin}]
"""
EMAILS = {
    name: f"{name}@example.com"
    for name in (
        "head.sto",
        "head.ecm",
        "viewer.cs",
        "hr",
        "care",
        "executive",
        "admin",
        "everything",
        "stranger",
        "unverified",
    )
}


def write_rules(root: Path, text: str = RULES) -> None:
    """access.yml of the sample company."""
    (root / "access.yml").write_text(text, encoding="utf-8")


def claims(name: str, *, issued: float, nonce: str = "n1", issuer: str = "http://provider") -> dict[str, object]:
    """What the provider's token says of a person."""
    return {
        "iss": issuer, "sub": f"sub-{name}", "email": EMAILS[name], "email_verified": name != "unverified",
        "iat": int(issued), "nonce": nonce, "is_logged_in": True,
    }  # fmt: skip
