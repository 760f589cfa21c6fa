"""The robots of chat groups: what each wants to be sent, how it is signed, and what its answer means."""

import base64
import hashlib
import hmac
import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

from orchestration.alerts.channels import SignedWebhook, Undelivered, Webhook, secret

TIMEOUT_SECONDS = 10.0
LONGEST_ANSWER = 64_000
# What each takes at most of text as it is sent, in bytes of UTF-8. DingTalk and Feishu count the whole body, 20,000, in which
# JSON writes a quotation mark as two characters.
LIMITS = {"wecom": 2_048, "dingtalk": 9_500, "feishu": 9_500, "slack": 12_000}
# However long the company's name is, what failed is shown as well.
LONGEST_TITLE = 240
# Text that names files must not ring everybody's telephone (<at …>) or load a picture (![…](…)).
PLAIN = str.maketrans("<>", "‹›")
PLAINER = str.maketrans("<>[]*`", "‹›［］∗'")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        """An address that moved is a wrong address: following it would send the alert to whoever it names."""


def send(channel: Webhook | SignedWebhook, title: str, text: str) -> None:
    """Post one message; returns when the robot has taken it.

    Raises:
        Undelivered: the variable is not set, nobody answered, or the answer is an error.
    """
    url = secret(channel.url_env)
    key = secret(channel.secret_env) if isinstance(channel, SignedWebhook) and channel.secret_env else None
    if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
        raise Undelivered(f"what {channel.url_env} holds is no http(s) address")
    url, body = request(channel.kind, url, key, title, text, time.time())
    answer = _post(url, body)
    code, message = _verdict(channel.kind, answer)
    if code:
        raise Undelivered(f"the robot refused it: {code} {_without(message, url, key)[:200]}".rstrip())


def _without(message: str, url: str, key: str | None) -> str:
    """What a robot said, without any part of its address that lets others write to the group."""
    address = urllib.parse.urlsplit(url)
    values = [value for _, value in urllib.parse.parse_qsl(address.query)]
    segments = [segment for segment in address.path.split("/") if len(segment) > 7]
    for hidden in filter(None, [url, key, *values, *segments]):
        message = message.replace(hidden, "***")
    return message


def request(kind: str, url: str, key: str | None, title: str, text: str, now: float) -> tuple[str, dict[str, Any]]:
    """Address and JSON body of one message, no longer than the robot takes: its beginning says what is most important.

    Args:
        key: the signing secret, for DingTalk and Feishu.
        now: seconds since 1970; both signatures hold for an hour around it.
    """
    title, most = shortened(title, LONGEST_TITLE), LIMITS[kind]
    if kind == "dingtalk":
        if key:
            stamp = str(int(now * 1000))
            sign = base64.b64encode(hmac.digest(key.encode(), f"{stamp}\n{key}".encode(), hashlib.sha256))
            url += ("&" if "?" in url else "?") + urllib.parse.urlencode({"timestamp": stamp, "sign": sign})
        lines = f"**{title}**\n{text}".splitlines()
        shown = "  \n".join([lines[0], *(line.translate(PLAINER) for line in lines[1:])])
        return url, {"msgtype": "markdown", "markdown": {"title": title, "text": shortened(shown, most)}}
    if kind == "feishu":
        told = shortened(f"{title}\n{text}".translate(PLAIN), most)
        body: dict[str, Any] = {"msg_type": "text", "content": {"text": told}}
        if key:
            stamp = str(int(now))
            sign = base64.b64encode(hmac.digest(f"{stamp}\n{key}".encode(), b"", hashlib.sha256)).decode()
            body = {"timestamp": stamp, "sign": sign, **body}
        return url, body
    if kind == "slack":
        told = f"{title}\n{text}".replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return url, {"text": re.sub("&[a-z]*…$", "…", shortened(told, most))}  # no half of an escaped character
    # plain text, because WeChat itself does not show WeCom's markdown
    return url, {"msgtype": "text", "text": {"content": shortened(f"{title}\n{text}".translate(PLAIN), most)}}


def shortened(text: str, most_bytes: int) -> str:
    """The beginning of the text, cut between characters where it is longer than the robot takes."""
    encoded = text.encode()
    if len(encoded) <= most_bytes:
        return text
    return encoded[: most_bytes - 3].decode(errors="ignore") + "…"


def _post(url: str, body: dict[str, Any]) -> bytes:
    message = urllib.request.Request(
        url, json.dumps(body, ensure_ascii=False).encode(), {"Content-Type": "application/json; charset=utf-8"}
    )
    try:
        with urllib.request.build_opener(_NoRedirect).open(message, timeout=TIMEOUT_SECONDS) as answer:
            return answer.read(LONGEST_ANSWER)
    except urllib.error.HTTPError as problem:
        problem.close()
        raise Undelivered(f"HTTP status {problem.code}", again=problem.code >= 500 or problem.code == 429) from None
    # `from None`, and the kind of error only: the texts of these errors may hold the address
    except TimeoutError:
        raise Undelivered(f"no answer within {TIMEOUT_SECONDS:g} seconds", again=True) from None
    except urllib.error.URLError as problem:
        reason = problem.reason
        if isinstance(reason, TimeoutError):
            raise Undelivered(f"no answer within {TIMEOUT_SECONDS:g} seconds", again=True) from None
        told = (reason.strerror if isinstance(reason, OSError) else None) or type(reason).__name__
        raise Undelivered(f"no connection: {told}", again=True) from None
    except Exception as problem:
        raise Undelivered(f"no connection: {type(problem).__name__}", again=True) from None


def _verdict(kind: str, answer: bytes) -> tuple[str, str]:
    """Error code (empty where the message was taken) and text: these robots say 200 to what they refuse, too."""
    if kind == "slack":
        return ("", "") if answer.strip() == b"ok" else ("not ok:", answer[:200].decode(errors="replace"))
    try:
        content = json.loads(answer)
    except ValueError:
        content = None
    content = content if isinstance(content, dict) else {}
    # Feishu's older answers are spelt StatusCode
    for code, message in (("errcode", "errmsg"), ("code", "msg"), ("StatusCode", "StatusMessage")):
        if code in content:
            taken = content[code] in (0, "0")
            return ("", "") if taken else (str(content[code]), str(content.get(message, "")))
    return "an answer that is none of its own:", "is the address right?"
