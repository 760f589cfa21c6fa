"""What company.yml says of a channel. Addresses that carry a key, and passwords, stand in the environment only."""

import os
import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


class Undelivered(Exception):
    """A channel did not take the alert; the text holds no address and no secret. `again` says whether to try once more."""

    def __init__(self, reason: str, again: bool = False) -> None:
        super().__init__(reason)
        self.again = again


def _variable_name(name: str) -> str:
    # never repeat what was written: somebody may have put the secret itself here
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        raise ValueError(
            "must be the name of an environment variable, such as LOYALTY_ALERT_URL, not the secret itself"
        )
    return name


def _one_line_address(text: str) -> str:
    if not re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+", text):
        raise ValueError("is no e-mail address; write one like duty@example.com")
    return text


VariableName = Annotated[str, AfterValidator(_variable_name)]
Address = Annotated[str, AfterValidator(_one_line_address)]


class _Channel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Webhook(_Channel):
    """A chat group's robot. `url_env` names the variable that holds its address, `secret_env` its signing secret."""

    kind: Literal["wecom", "slack"]
    url_env: VariableName


class SignedWebhook(_Channel):
    """A robot whose messages may be signed (DingTalk: 加签, Feishu: 签名校验)."""

    kind: Literal["dingtalk", "feishu"]
    url_env: VariableName
    secret_env: VariableName | None = None


class Email(_Channel):
    """A mail server that takes messages for `recipients`."""

    kind: Literal["email"]
    host: str
    port: int = Field(587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None
    password_env: VariableName | None = None
    sender: Address
    recipients: list[Address] = Field(min_length=1)


AlertChannel = Annotated[Webhook | SignedWebhook | Email, Field(discriminator="kind")]


def secret(name: str) -> str:
    """What the environment variable holds.

    Raises:
        Undelivered: where it is not set: cron, for one, starts with an almost empty environment.
    """
    value = os.environ.get(name, "").strip()
    if not value:
        raise Undelivered(f"the environment variable {name} is not set")
    return value


def missing_variables(channel: Webhook | SignedWebhook | Email) -> list[str]:
    """Names of the environment variables that the channel needs and that are not set."""
    names = [getattr(channel, field, None) for field in ("url_env", "secret_env", "password_env")]
    return [name for name in names if name and not os.environ.get(name, "").strip()]
