"""Servers on loopback that stand in for a chat robot and a mail server, and keep what they were sent."""

import base64
import json
import socketserver
import ssl
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Robot:
    """What a chat robot was sent, and how it answers: (status, body) in turn, the last one for ever."""

    port: int = 0
    answers: list[tuple[int, str]] = field(default_factory=lambda: [(200, '{"errcode":0,"errmsg":"ok"}')])
    slow_seconds: float = 0
    paths: list[str] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def query(self, number: int = -1) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.paths[number]).query))


@contextmanager
def robot() -> Generator[Robot]:
    here = Robot()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            here.paths.append(self.path)
            assert self.headers["Content-Type"].startswith("application/json")
            here.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            status, body = here.answers[min(len(here.paths), len(here.answers)) - 1]
            time.sleep(here.slow_seconds)
            self.send_response(status)
            if status in (301, 302, 307):
                self.send_header("Location", here.url("/elsewhere"))
            self.end_headers()
            with suppress(OSError):  # the sender may have given up
                self.wfile.write(body.encode())

        do_GET = do_POST

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    here.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield here
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class MailServer:
    """What a mail server was sent; `refuses` maps a command's first word to its answer."""

    port: int = 0
    refuses: dict[str, str] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)


@contextmanager
def mail_server(tls: ssl.SSLContext | None = None) -> Generator[MailServer]:
    """Speaks just enough ESMTP; offers STARTTLS where it has a certificate."""
    here = MailServer()

    class Handler(socketserver.StreamRequestHandler):
        secure = False

        def say(self, line: str) -> None:
            self.wfile.write(line.encode() + b"\r\n")
            self.wfile.flush()

        def handle(self) -> None:
            self.say("220 loopback")
            while line := self.rfile.readline().decode().rstrip("\r\n"):
                word = line.split(maxsplit=1)[0].upper()
                here.commands.append(line)
                if word in here.refuses:
                    self.say(here.refuses[word])
                elif word == "EHLO":
                    offered = ["AUTH PLAIN", *(["STARTTLS"] if tls and not self.secure else []), "8BITMIME"]
                    for extension in ("loopback", *offered[:-1]):
                        self.say(f"250-{extension}")
                    self.say(f"250 {offered[-1]}")
                elif word == "STARTTLS" and tls:
                    self.say("220 go ahead")
                    try:
                        self.connection = tls.wrap_socket(self.connection, server_side=True)
                    except ssl.SSLError:
                        return
                    self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb")
                    self.secure = True
                elif word == "AUTH":
                    here.logins.append(base64.b64decode(line.split()[2]).decode())
                    self.say("235 welcome")
                elif word == "DATA":
                    self.say("354 go on")
                    lines = []
                    while (text := self.rfile.readline()) != b".\r\n":
                        lines.append(text.removeprefix(b".") if text.startswith(b"..") else text)
                    here.messages.append(b"".join(lines))
                    here.encrypted.append(self.secure)
                    self.say("250 taken")
                elif word == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 ok")

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    server = Server(("127.0.0.1", 0), Handler)
    here.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield here
    finally:
        server.shutdown()
        server.server_close()
