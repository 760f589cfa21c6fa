"""A reader of a Streamlit app without a browser: the browser's own messages over the browser's own web socket."""

import asyncio
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.error import URLError

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

_TICKS = os.sysconf("SC_CLK_TCK")
_PATIENCE = 60.0


@dataclass
class Server:
    """A running app: its port and what its process took so far."""

    process: subprocess.Popen[bytes]
    port: int

    def cpu(self) -> float:
        """User and system seconds since its start."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def memory(self) -> float:
        """Resident memory now, in MB (10^6 bytes)."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextmanager
def serving(command: Sequence[str], environment: dict[str, str], port: int) -> Generator[Server]:
    """The server of `command` on `port`, once it answers, and its end afterwards."""
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        ends = time.monotonic() + _PATIENCE
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1).close()
                break
            except (URLError, TimeoutError):
                if process.poll() is not None or time.monotonic() > ends:
                    raise RuntimeError(f"the app did not start: {' '.join(command)}") from None
                time.sleep(0.2)
        yield Server(process, port)
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def streamlit(script: Path, port: int) -> list[str]:
    """The command that serves a script as Streamlit does by itself."""
    options = {"server.port": port, "server.address": "127.0.0.1", "server.headless": "true"}
    options |= {"browser.gatherUsageStats": "false", "server.fileWatcherType": "none"}
    flags = [text for name, value in options.items() for text in (f"--{name}", str(value))]
    return [sys.executable, "-m", "streamlit", "run", str(script), *flags]


@dataclass
class Reader:
    """One session. `choices` holds per key the id and the options of each select box that the page showed."""

    socket: ClientConnection
    choices: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    elements: int = 0

    @classmethod
    async def open(cls, port: int) -> Self:
        """Connect and wait for the page."""
        found = await connect(
            f"ws://127.0.0.1:{port}/_stcore/stream",
            subprotocols=["streamlit"],  # ty: ignore[invalid-argument-type]
            origin=f"http://127.0.0.1:{port}",  # ty: ignore[invalid-argument-type]
            max_size=None,
        )
        reader = cls(found)
        await reader.ask()
        return reader

    async def ask(self, states: dict[str, str] | None = None) -> float:
        """Let the page be drawn with these select boxes changed (id → option); the seconds until it stood.

        Raises:
            RuntimeError: the page showed an exception.
        """
        message = BackMsg()
        message.rerun_script.query_string = ""
        for name, value in (states or {}).items():
            message.rerun_script.widget_states.widgets.add(id=name, string_value=value)
        began = time.monotonic()
        self.elements = 0
        await self.socket.send(message.SerializeToString())
        async with asyncio.timeout(_PATIENCE):
            while True:
                answer = ForwardMsg()
                answer.ParseFromString(await self.socket.recv(decode=False))
                kind = answer.WhichOneof("type")
                if kind == "delta":
                    self._see(answer.delta)
                elif kind == "script_finished":
                    return time.monotonic() - began

    def _see(self, delta: Any) -> None:
        if delta.WhichOneof("type") != "new_element":
            return
        self.elements += 1
        element = delta.new_element
        if element.WhichOneof("type") == "exception":
            raise RuntimeError(f"the page failed: {element.exception.type}")
        if element.WhichOneof("type") == "selectbox":
            box = element.selectbox
            self.choices[box.id.rpartition("-")[2]] = box.id, list(box.options)

    async def pick(self, key: str, number: int) -> float:
        """Pick the option of that number, counted round, in the select box of this key."""
        name, options = self.choices[key]
        return await self.ask({name: options[number % len(options)]})

    async def close(self) -> None:
        """As a reader who closes the tab."""
        await self.socket.close()
