"""A link opened before signing in leads, by way of the provider, to where it pointed.

Streamlit returns from the provider to the bare address. What the link said is kept here meanwhile, for minutes and in
memory, under the random mark that Streamlit gives each browser; it holds choices (page, unit, period), never rights.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from itertools import cycle
from urllib.parse import urlsplit

import streamlit as st

MARK = "_streamlit_xsrf"
KEPT_SECONDS = 600
MOST = 1_000
Wanted = tuple[str, dict[str, str]]


class Detours:
    """Addresses by browser. Safe to share between threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._kept: OrderedDict[str, tuple[float, Wanted]] = OrderedDict()

    def keep(self, browser: str, wanted: Wanted) -> None:
        """Remember where a browser wanted to go."""
        with self._lock:
            self._kept.pop(browser, None)
            self._kept[browser] = (self._clock(), wanted)
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)

    def take(self, browser: str) -> Wanted | None:
        """Where it wanted to go, once, unless that was long ago."""
        with self._lock:
            since, wanted = self._kept.pop(browser, (0.0, None))
        return wanted if wanted and self._clock() - since < KEPT_SECONDS else None


@st.cache_resource(show_spinner=False)
def detours() -> Detours:
    """One for the process."""
    return Detours()


def remember() -> None:
    """Keep this request's page and choices."""
    browser = _browser()
    if browser:
        page = urlsplit(st.context.url or "").path.rstrip("/").rpartition("/")[2]
        detours().keep(browser, (page, dict(st.query_params)))


def resumed() -> Wanted | None:
    """Page and choices from before the sign-in, once, for a session that has just come back with none."""
    if "resumed" in st.session_state:
        return None
    st.session_state["resumed"] = True
    browser = _browser()
    return detours().take(browser) if browser and not dict(st.query_params) else None


def _browser() -> str:
    """The browser's mark: its cookie is `2|mask|masked mark|time` in hex, masked anew on every page."""
    cookie = st.context.cookies.get(MARK) or ""
    try:
        _, mask, masked, _ = cookie.split("|")
        pairs = zip(bytes.fromhex(masked), cycle(bytes.fromhex(mask)), strict=False)
        return bytes(one ^ other for one, other in pairs).hex()
    except ValueError:
        return ""
