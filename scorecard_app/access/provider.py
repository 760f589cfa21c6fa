"""The sign-in provider's settings: read from the environment, checked, and handed to Streamlit in a private file."""

import os
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from scorecard_app.access.local import LOOPBACK

ISSUER, CLIENT, SECRET = "LOYALTY_OIDC_ISSUER", "LOYALTY_OIDC_CLIENT_ID", "LOYALTY_OIDC_CLIENT_SECRET"
ADDRESS, COOKIE = "LOYALTY_APP_URL", "LOYALTY_COOKIE_SECRET"
NAMES = (ISSUER, CLIENT, SECRET, ADDRESS, COOKIE)
CALLBACK = "/oauth2callback"
SHORTEST = 32


class SignInError(Exception):
    """The environment's sign-in settings can't be used; the text says which and what to write, never a secret."""


def settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Streamlit's `[auth]` entries.

    Raises:
        SignInError: a variable is missing, or an address is not https where it leaves this machine.
    """
    missing = [name for name in (ISSUER, CLIENT, SECRET, ADDRESS) if not environment.get(name)]
    if missing:
        raise SignInError(
            f"sign-in is not set up: {', '.join(missing)} missing in the environment. "
            "The deployment page says what they are; `loyalty app --local` needs none, for one person at this machine."
        )
    for name in (ISSUER, ADDRESS):
        parts = urlsplit(environment[name])
        if (parts.scheme != "https" and parts.hostname not in LOOPBACK) or not parts.hostname:
            raise SignInError(f"{name} must begin with https:// (http:// only on this machine)")
    cookie = environment.get(COOKIE) or secrets.token_urlsafe(48)  # made up: a restart signs everybody out
    if len(cookie) < SHORTEST:
        raise SignInError(f"{COOKIE} must have {SHORTEST} characters or more: openssl rand -base64 48")
    return {
        "redirect_uri": environment[ADDRESS].rstrip("/") + CALLBACK,
        "cookie_secret": cookie,
        "client_id": environment[CLIENT],
        "client_secret": environment[SECRET],
        "server_metadata_url": environment[ISSUER].rstrip("/") + "/.well-known/openid-configuration",
    }


def written(entries: Mapping[str, str]) -> Path:
    """The entries as a file that only its owner can read; systemd's RuntimeDirectory or PrivateTmp removes it."""
    folder = Path(tempfile.mkdtemp(prefix="loyalty-app-", dir=os.environ.get("RUNTIME_DIRECTORY")))
    path = folder / "sign-in.toml"
    path.touch(mode=0o600)
    lines = [f"{name} = {_quoted(value)}" for name, value in entries.items()]
    path.write_text("\n".join(["[auth]", *lines, ""]), encoding="utf-8")
    return path


def _quoted(value: str) -> str:
    """A TOML basic string."""
    marks = {"\\": "\\\\", '"': '\\"'}
    return '"' + "".join(marks.get(sign, sign if sign.isprintable() else f"\\U{ord(sign):08x}") for sign in value) + '"'
