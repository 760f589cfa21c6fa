"""Start the app's server: this machine only, nothing reported to anybody."""

import os
import sys
from pathlib import Path
from typing import NoReturn

from scorecard_app.access import provider
from scorecard_app.access.local import ASKED_FOR
from scorecard_app.access.rules import NAME, read_rules
from scorecard_app.access.sign_in import CONFIGURED
from scorecard_app.charts.theme import DARK, LIGHT

ADDRESS = "127.0.0.1"  # a reverse proxy brings TLS, and everybody else
_OPTIONS = {
    "server.address": ADDRESS,
    "browser.serverAddress": ADDRESS,
    "browser.gatherUsageStats": "false",
    "server.enableStaticServing": "false",
    "server.fileWatcherType": "none",
    "client.toolbarMode": "minimal",
    "client.disableDataExport": "true",
    "client.showErrorDetails": "none",
    "logger.hideWelcomeMessage": "true",  # and with it an offer, over the page, to install Streamlit's files for coding agents
    "theme.font": "'Source Sans', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif",
    "server.showEmailPrompt": "false",
    "theme.baseRadius": "8px",
}


def _colours() -> dict[str, str]:
    """Streamlit's own widgets in the app's colours, light and dark as the browser prefers."""
    return {
        f"theme.{kind}.{option}": value
        for kind, look in (("light", LIGHT), ("dark", DARK))
        for option, value in (
            ("primaryColor", look.brand),
            ("textColor", look.ink),
            ("backgroundColor", look.paper),
            ("secondaryBackgroundColor", look.wash),
        )
    }


def command(port: int, headless: bool, secrets: Path | None = None) -> list[str]:
    """The command line that serves the app; options on it outrank any config file of the user's."""
    options = _OPTIONS | _colours() | {"server.port": str(port), "server.headless": "true" if headless else "false"}
    # never those that happen to lie in some folder; of a file that isn't there Streamlit says nothing
    options["secrets.files"] = str(secrets or Path(__file__).with_name("no-secrets.toml"))
    flags = [text for name, value in options.items() for text in (f"--{name}", value)]
    return [sys.executable, "-m", "streamlit", "run", str(Path(__file__).with_name("server.py")), *flags]


def launch(data_root: Path, port: int = 8501, headless: bool = False, local: bool = False) -> NoReturn:
    """Become the server for the company's folder: ends when the server ends, by Ctrl-C or a signal.

    The process is replaced, so whoever started it holds the server's own process id and leaves no orphan.

    Raises:
        SignInError, AccessError: people are to sign in, and the environment or access.yml doesn't say how.
    """
    environment = {name: value for name, value in os.environ.items() if name not in provider.NAMES}
    environment |= {"LOYALTY_DATA": str(data_root), "DO_NOT_TRACK": "1", ASKED_FOR: "0", CONFIGURED: "0"}
    secrets = None
    if local:
        environment[ASKED_FOR] = "1"
    else:
        entries = provider.settings(os.environ)
        read_rules(data_root / NAME)
        secrets = provider.written(entries)
        environment[CONFIGURED] = "1"
    arguments = command(port, headless, secrets)
    print(f"the scorecards are at http://{ADDRESS}:{port} until Ctrl-C")
    sys.stdout.flush()
    os.execve(arguments[0], arguments, environment)
