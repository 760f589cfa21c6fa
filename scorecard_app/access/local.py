"""One person at their own machine, without sign-in: only when asked for, only over loopback, always said on the page."""

import os
from collections.abc import Mapping

import streamlit as st

from scorecard_app.access.roles import COMPANY, Grant, Role, Viewer

ASKED_FOR = "LOYALTY_APP_LOCAL"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
# A proxy on this machine would make everybody look local.
PASSED_ON = ("Forwarded", "X-Forwarded-For", "X-Real-Ip")


def local_viewer() -> Viewer | None:
    """This machine's user with every role, where local mode was asked for and this request is local; else None."""
    if os.environ.get(ASKED_FOR) != "1" or st.get_option("server.address") not in LOOPBACK or not is_local(*asking()):
        return None
    return Viewer("", tuple(Grant(role, COMPANY) for role in Role), is_local=True)


def asking() -> tuple[Mapping[str, str], str | None]:
    """The request's headers and the address it came from; Streamlit says None for loopback."""
    return st.context.headers, st.context.ip_address


def is_local(headers: Mapping[str, str], address: str | None) -> bool:
    """Whether a request comes from this machine, by its own name: a foreign name could have been rebound to here."""
    host = headers.get("Host", "").rsplit(":", 1)[0].strip("[]")
    return address is None and host in LOOPBACK and not any(header in headers for header in PASSED_ON)
