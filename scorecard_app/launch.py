"""Start the app's server: this machine only, nothing reported to anybody."""

import os
import sys
from pathlib import Path
from typing import NoReturn

ADDRESS = "127.0.0.1"  # until people sign in, nobody but this machine's user may read
_OPTIONS = {
    "server.address": ADDRESS,
    "browser.serverAddress": ADDRESS,
    "browser.gatherUsageStats": "false",
    "server.enableStaticServing": "false",
    "server.fileWatcherType": "none",
    "client.toolbarMode": "minimal",
    "client.disableDataExport": "true",
    "client.showErrorDetails": "none",
    "theme.base": "light",
    "theme.font": "'Source Sans', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif",
    "server.showEmailPrompt": "false",
    "theme.primaryColor": "#0f5c6e",
    "theme.textColor": "#17242f",
    "theme.backgroundColor": "#ffffff",
    "theme.secondaryBackgroundColor": "#f3f5f7",
    "theme.baseRadius": "8px",
}


def command(port: int, headless: bool) -> list[str]:
    """The command line that serves the app; options on it outrank any config file of the user's."""
    options = _OPTIONS | {"server.port": str(port), "server.headless": "true" if headless else "false"}
    flags = [text for name, value in options.items() for text in (f"--{name}", value)]
    return [sys.executable, "-m", "streamlit", "run", str(Path(__file__).with_name("app.py")), *flags]


def launch(data_root: Path, port: int = 8501, headless: bool = False) -> NoReturn:
    """Become the server for the company's folder: ends when the server ends, by Ctrl-C or a signal.

    The process is replaced, so whoever started it holds the server's own process id and leaves no orphan.
    """
    environment = os.environ | {"LOYALTY_DATA": str(data_root), "DO_NOT_TRACK": "1"}
    arguments = command(port, headless)
    sys.stdout.flush()
    os.execve(arguments[0], arguments, environment)
