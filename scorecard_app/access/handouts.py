"""Files handed out: Streamlit serves them to whoever knows the address; here only to the browser that asked for the file.

A browser is known by a cookie of its own, set with the first answer it gets. Which file an answer holds, its bytes say: so
nothing that no page made for this browser leaves the server below /media.
"""

import hashlib
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import get_option

BROWSER = "loyalty_browser"
KEPT = 10_000  # files handed out last


class Handouts:
    """Which files were made for which browser, and whether the session that asked still holds. Safe between threads."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._holds: OrderedDict[tuple[str, bytes], Callable[[], bool]] = OrderedDict()
        self._lock = threading.Lock()

    def give(self, content: bytes, browser: str, holds: Callable[[], bool]) -> None:
        """Let `browser` fetch `content` for as long as `holds` says so."""
        with self._lock:
            self._holds[browser, _mark(content)] = holds
            if len(self._holds) > self._kept:
                self._holds.popitem(last=False)

    def may(self, content: bytes, browser: str) -> bool:
        """Whether `content` was made for `browser`, and its session still holds."""
        with self._lock:
            holds = self._holds.get((browser, _mark(content)))
        return bool(browser) and holds is not None and holds()


HANDOUTS = Handouts()
"""Those of this process."""


class HandoutGate:
    """ASGI middleware: gives each browser its cookie, and lets files out only to whom they were given."""

    def __init__(self, app: ASGIApp, handouts: Handouts = HANDOUTS) -> None:
        self._app, self._handouts = app, handouts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"].startswith(_shelf()):
            await self._file(scope, receive, send)
        else:
            await self._app(scope, receive, send if _browser(scope) else _with_cookie(scope, send))

    async def _file(self, scope: Scope, receive: Receive, send: Send) -> None:
        # a part of a file tells nothing of the whole, nor does a compressed one: it is asked for as it was made
        bare = [pair for pair in scope["headers"] if pair[0] not in {b"range", b"accept-encoding"}]
        whole = {**scope, "headers": bare}
        answer: list[Message] = []

        async def held(message: Message) -> None:
            answer.append(message)

        await self._app(whole, receive, held)
        content = b"".join(message.get("body", b"") for message in answer)
        if await run_in_threadpool(self._handouts.may, content, _browser(scope)):
            for message in answer:
                await send(message)
        else:
            await PlainTextResponse("not yours, or no longer", status_code=403)(scope, receive, send)


def _shelf() -> str:
    """Where Streamlit serves the files that scripts make; its own fonts lie elsewhere."""
    base = str(get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}/media/" if base else "/media/"


def _mark(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def _browser(scope: Scope) -> str:
    cookies: SimpleCookie = SimpleCookie()
    try:
        cookies.load(Headers(scope=scope).get("cookie", ""))
    except CookieError:
        return ""
    return cookies[BROWSER].value if BROWSER in cookies else ""


def _with_cookie(scope: Scope, send: Send) -> Send:
    secure = "; Secure" if scope.get("scheme") == "https" else ""

    async def marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            cookie = f"{BROWSER}={secrets.token_urlsafe(32)}; Path=/; HttpOnly; SameSite=Lax{secure}"
            MutableHeaders(scope=message).append("set-cookie", cookie)
        await send(message)

    return marked
