"""The app as a server of its own for a while, ended by its process id; with people who sign in, or without."""

import os
import signal
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from people import EMAILS, write_rules
from playwright.sync_api import BrowserContext, Page

PATIENCE = 60_000  # milliseconds; other people use this machine too
START = "from orchestration.cli import main; main()"


@dataclass(frozen=True)
class Served:
    """A served app: where it answers, and the company's folder."""

    address: str
    root: Path

    def enter(self, context: BrowserContext, name: str, start: str = "?lang=en") -> Page:
        """Sign in as somebody, starting from an address; waits until the first page is drawn."""
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"{self.address}/{start}")
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("button", name=name, exact=True).click()
        page.locator(".lc-foot, .lc-state").first.wait_for()
        return page


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def drawn(page: Page, name: str = "") -> None:
    """Wait until a page of the app, or any, stands on the screen whole: run to its end, nothing stale, every part drawn."""
    page.wait_for_function(
        """foot => document.querySelectorAll(foot).length === 1
          && document.querySelector("[data-testid=stApp]").dataset.testScriptState === "notRunning"
          && !document.querySelector("[data-stale=true], [data-testid=stSkeleton]")
          && [...document.querySelectorAll("[data-testid=stVegaLiteChart]")].every(chart => chart.querySelector("svg, canvas"))""",
        arg=f'.lc-foot[data-page="{name}"]' if name else ".lc-foot",
        timeout=PATIENCE,
    )


def gone(page: Page, names: Sequence[str]) -> None:
    """Wait until none of the names stands anywhere in the page: what a run no longer writes leaves after its end."""
    page.wait_for_function(
        "names => !names.some(name => document.documentElement.outerHTML.includes(name))", arg=list(names)
    )


@contextmanager
def served(command: Sequence[str], port: int, environment: Mapping[str, str] | None = None) -> Generator[str]:
    """The address at which the command answers, once it does."""
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, env={**os.environ, **(environment or {})})
    try:
        for _ in range(300):
            assert server.poll() is None, "the app's server ended at once"
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.kill(server.pid, signal.SIGTERM)
        server.wait(timeout=30)


@contextmanager
def signed_in_app(root: Path) -> Generator[Served]:
    """The app for a company's folder, as a service would start it, and the provider that it was told of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the provider's own, about its libraries
        from oidc_provider_mock import User, run_server_in_thread
    write_rules(root)
    port = free_port()
    people = [
        User(sub=name, claims={"email": email, "email_verified": name != "unverified"})
        for name, email in EMAILS.items()
    ]
    with run_server_in_thread(user_claims=people) as provider:
        environment = {
            "LOYALTY_DATA": str(root), "LOYALTY_OIDC_ISSUER": f"http://localhost:{provider.server_port}",
            "LOYALTY_OIDC_CLIENT_ID": "scorecards", "LOYALTY_OIDC_CLIENT_SECRET": "a secret of the tests",
            "LOYALTY_APP_URL": f"http://127.0.0.1:{port}",
        }  # fmt: skip
        command = [sys.executable, "-c", START, "app", "--headless", "--port", str(port)]
        with served(command, port, environment) as address:
            yield Served(address, root)
