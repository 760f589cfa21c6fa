"""Each robot is sent what its maker documents, its refusals are told, and no key is ever repeated."""

import base64
import hashlib
import json
import socket
import subprocess
import time

import pytest
from pydantic import TypeAdapter

from orchestration.alerts import deliver as delivering
from orchestration.alerts import webhooks
from orchestration.alerts.channels import AlertChannel
from orchestration.alerts.deliver import deliver
from tests.alerts.servers import Robot

CANARY = "canary-5f2d9c1e77"
TITLE, TEXT = "公司 A: a run failed", "• check: 3 < 4 & more\n  targets/2026_q1.xlsx line 2"


def channel(kind: str, **more: str) -> AlertChannel:
    return TypeAdapter(AlertChannel).validate_python({"kind": kind, "url_env": "ROBOT_URL", **more})


@pytest.fixture
def said() -> list[str]:
    return []


def send(robot: Robot, monkeypatch: pytest.MonkeyPatch, said: list[str], kind: str, **more: str) -> bool:
    """One alert to a robot whose address and secret hold the canary."""
    monkeypatch.setenv("ROBOT_URL", robot.url(f"/hook/{CANARY}/send?key={CANARY}"))
    monkeypatch.setenv("ROBOT_SECRET", f"SEC{CANARY}")
    (taken,) = deliver([channel(kind, **more)], TITLE, TEXT, said.append)
    assert not any(CANARY in line for line in said), said
    return taken


def hmac_sha256(key: bytes, message: bytes) -> str:
    """RFC 2104 by hand, so that the product's own call is not its own judge."""
    block = key if len(key) <= 64 else hashlib.sha256(key).digest()
    block = block.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(b ^ 0x36 for b in block) + message).digest()
    return base64.b64encode(hashlib.sha256(bytes(b ^ 0x5C for b in block) + inner).digest()).decode()


def test_the_signature_s_judge_agrees_with_openssl() -> None:
    command = ["openssl", "dgst", "-sha256", "-hmac", "key", "-binary"]
    by_openssl = subprocess.run(command, input=b"message", capture_output=True, check=True).stdout
    assert hmac_sha256(b"key", b"message") == base64.b64encode(by_openssl).decode()


def test_wecom(robot: Robot, monkeypatch: pytest.MonkeyPatch, said: list[str]) -> None:
    assert send(robot, monkeypatch, said, "wecom")
    (body,) = robot.bodies
    assert set(body) == {"msgtype", "text"} and body["msgtype"] == "text"
    assert body["text"]["content"].startswith(TITLE) and "line 2" in body["text"]["content"]
    assert robot.query() == {"key": CANARY}
    assert said == ["alert delivered by wecom"]


@pytest.mark.parametrize("signed", [True, False])
def test_dingtalk(robot: Robot, monkeypatch: pytest.MonkeyPatch, said: list[str], signed: bool) -> None:
    before = time.time()
    assert send(robot, monkeypatch, said, "dingtalk", **({"secret_env": "ROBOT_SECRET"} if signed else {}))
    (body,) = robot.bodies
    assert body["msgtype"] == "markdown" and body["markdown"]["title"] == TITLE
    assert "  \n" in body["markdown"]["text"], "a line break of its markdown"
    query = robot.query()
    assert query["key"] == CANARY
    if not signed:
        assert set(query) == {"key"}
        return
    assert before * 1000 - 1 <= int(query["timestamp"]) <= time.time() * 1000, "milliseconds"
    secret = f"SEC{CANARY}"
    assert query["sign"] == hmac_sha256(secret.encode(), f"{query['timestamp']}\n{secret}".encode())


@pytest.mark.parametrize("signed", [True, False])
def test_feishu(robot: Robot, monkeypatch: pytest.MonkeyPatch, said: list[str], signed: bool) -> None:
    robot.answers = [(200, '{"code":0,"msg":"success","data":{}}')]
    before = time.time()
    assert send(robot, monkeypatch, said, "feishu", **({"secret_env": "ROBOT_SECRET"} if signed else {}))
    (body,) = robot.bodies
    assert body["msg_type"] == "text" and body["content"]["text"].startswith(TITLE)
    if not signed:
        assert "sign" not in body
        return
    assert before - 1 <= int(body["timestamp"]) <= time.time(), "seconds"
    assert body["sign"] == hmac_sha256(f"{body['timestamp']}\nSEC{CANARY}".encode(), b"")


def test_slack_escapes_what_it_would_take_for_commands(
    robot: Robot, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    robot.answers = [(200, "ok")]
    assert send(robot, monkeypatch, said, "slack")
    assert robot.bodies == [{"text": f"{TITLE}\n{TEXT}".replace("&", "&amp;").replace("<", "&lt;")}]


@pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu", "slack"])
def test_a_file_s_name_rings_nobody_and_loads_no_picture(kind: str) -> None:
    text = '<at user_id="all"></at> <!channel> ![x](http://evil.example/p.png)'
    _, body = webhooks.request(kind, "http://robot", None, "title", text, 0.0)
    sent = str(body)
    assert "<at" not in sent and "<!" not in sent
    assert kind != "dingtalk" or "![x](" not in sent


@pytest.mark.parametrize(
    ("kind", "status", "body", "told", "attempts"),
    [
        ("wecom", 200, '{"errcode":93000,"errmsg":"invalid webhook url"}', "93000 invalid webhook url", 1),
        ("dingtalk", 200, '{"errcode":310000,"errmsg":"sign not match"}', "310000 sign not match", 1),
        ("feishu", 200, '{"code":19021,"msg":"sign match fail"}', "19021 sign match fail", 1),
        ("feishu", 200, '{"StatusCode":9499,"StatusMessage":"Bad Request"}', "9499 Bad Request", 1),
        ("slack", 200, "invalid_token", "not ok: invalid_token", 1),
        ("wecom", 200, "<html>a captive portal</html>", "is the address right?", 1),
        ("wecom", 200, "[]", "is the address right?", 1),
        ("wecom", 200, f'{{"errcode":1,"errmsg":"bad key {CANARY}"}}', "bad key ***", 1),
        ("slack", 404, "no_service", "HTTP status 404", 1),
        ("wecom", 302, "", "HTTP status 302", 1),
        ("wecom", 503, "", "HTTP status 503", 2),
        ("wecom", 429, "", "HTTP status 429", 2),
    ],
)
def test_what_is_refused_is_told_with_its_code(
    robot: Robot,
    monkeypatch: pytest.MonkeyPatch,
    said: list[str],
    kind: str,
    status: int,
    body: str,
    told: str,
    attempts: int,
) -> None:
    robot.answers = [(status, body)]
    assert not send(robot, monkeypatch, said, kind)
    assert said[0].startswith(f"alert NOT delivered by {kind}: ") and told in said[0]
    assert len(robot.paths) == attempts, "only what may be gone in a second is tried again"


def test_the_second_attempt_counts(robot: Robot, monkeypatch: pytest.MonkeyPatch, said: list[str]) -> None:
    robot.answers = [(502, ""), (200, '{"errcode":0}')]
    assert send(robot, monkeypatch, said, "wecom")
    assert len(robot.paths) == 2


def test_a_robot_that_does_not_answer(robot: Robot, monkeypatch: pytest.MonkeyPatch, said: list[str]) -> None:
    robot.slow_seconds = 1.5
    monkeypatch.setattr(webhooks, "TIMEOUT_SECONDS", 0.1)
    assert not send(robot, monkeypatch, said, "wecom")
    assert said == ["alert NOT delivered by wecom: no answer within 0.1 seconds"]
    assert len(robot.paths) == 2


def test_one_that_drips_cannot_hold_the_run_nor_the_others(
    robot: Robot, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    monkeypatch.setattr(delivering, "DEADLINE_SECONDS", 0.5)
    listener = socket.create_server(("127.0.0.1", 0))
    monkeypatch.setenv("MUTE_URL", f"http://127.0.0.1:{listener.getsockname()[1]}/{CANARY}")
    monkeypatch.setenv("ROBOT_URL", robot.url("/"))
    mute = TypeAdapter(AlertChannel).validate_python({"kind": "slack", "url_env": "MUTE_URL"})
    began = time.monotonic()
    assert deliver([mute, channel("wecom")], TITLE, TEXT, said.append) == [False, True]
    assert time.monotonic() - began < 3
    assert said == ["alert NOT delivered by slack: no answer in time", "alert delivered by wecom"]
    listener.close()


def test_nobody_listens(monkeypatch: pytest.MonkeyPatch, said: list[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    monkeypatch.setenv("ROBOT_URL", f"http://127.0.0.1:{port}/{CANARY}")
    assert deliver([channel("wecom")], TITLE, TEXT, said.append) == [False]
    assert said == ["alert NOT delivered by wecom: no connection: Connection refused"]


@pytest.mark.parametrize("value", [None, "", "  ", f"file:///etc/{CANARY}", CANARY, "http://[::1", "http://host:x/"])
def test_an_address_that_is_none(monkeypatch: pytest.MonkeyPatch, said: list[str], value: str | None) -> None:
    monkeypatch.delenv("ROBOT_URL", raising=False)
    if value is not None:
        monkeypatch.setenv("ROBOT_URL", value)
    assert deliver([channel("wecom")], TITLE, TEXT, said.append) == [False]
    assert said and CANARY not in said[0] and "/etc" not in said[0]
    if value in (None, "", "  "):
        assert "the environment variable ROBOT_URL is not set" in said[0]


def test_a_long_text_is_cut_between_characters_and_fits(robot: Robot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROBOT_URL", robot.url("/"))
    assert deliver([channel("wecom")], TITLE, "长" * 5_000) == [True]
    sent = robot.bodies[0]["text"]["content"]
    assert len(sent.encode()) <= 2_048, "WeCom refuses more"
    assert sent.endswith("长…")
    assert webhooks.shortened("short", 100) == "short"


@pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu", "slack"])
@pytest.mark.parametrize("filling", ["<", "&", "长", '"', "\\", "a", "\n"])
@pytest.mark.parametrize("name", [TITLE, "茶馆" * 2_000])
def test_whatever_is_told_fits_and_begins_with_what_failed(
    robot: Robot, monkeypatch: pytest.MonkeyPatch, kind: str, filling: str, name: str
) -> None:
    monkeypatch.setenv("ROBOT_URL", robot.url("/"))
    robot.answers = [(200, "ok" if kind == "slack" else '{"errcode":0}')]
    assert deliver([channel(kind)], name, "• check: what failed\n" + filling * 30_000) == [True]
    (body,) = robot.bodies
    shown = {
        "wecom": lambda: body["text"]["content"],
        "dingtalk": lambda: body["markdown"]["text"],
        "feishu": lambda: body["content"]["text"],
        "slack": lambda: body["text"],
    }[kind]()
    assert name[:50] in shown and "what failed" in shown and shown.endswith("…")
    if kind == "wecom":
        assert len(shown.encode()) <= 2_048
    elif kind == "slack":
        assert len(shown) <= 40_000 and "&lt…" not in shown and "&amp…" not in shown
    else:
        assert len(json.dumps(body, ensure_ascii=False).encode()) <= 20_000
