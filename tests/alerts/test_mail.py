"""E-mail over the company's server: encrypted unless said otherwise, and silent about the password."""

import datetime
import email
import ipaddress
import ssl
from collections.abc import Iterator
from email.policy import default
from pathlib import Path

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import TypeAdapter

from orchestration.alerts.channels import AlertChannel
from orchestration.alerts.deliver import deliver
from orchestration.errors import ConfigurationError
from orchestration.settings import load_settings
from tests.alerts.servers import MailServer, mail_server

CANARY = "canary-password-8d31"
TITLE, TEXT = "公司 A: 运行失败", "• 检查\n.\n  targets/2026.xlsx line 2"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.fixture
def server(certificate: Path) -> Iterator[MailServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with mail_server(context) as here:
        yield here


def channel(server: MailServer, **more: object) -> AlertChannel:
    content = {
        "kind": "email",
        "host": "127.0.0.1",
        "port": server.port,
        "sender": "loyalty@example.com",
        "recipients": ["duty@example.com", "data@example.com"],
    }
    return TypeAdapter(AlertChannel).validate_python(content | more)


def send(one: AlertChannel) -> list[str]:
    said: list[str] = []
    deliver([one], TITLE, TEXT, said.append)
    assert not any(CANARY in line for line in said)
    return said


def test_encrypted_and_signed_in(server: MailServer, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("SMTP_PASSWORD", CANARY)
    said = send(channel(server, username="loyalty", password_env="SMTP_PASSWORD"))
    assert said == ["alert delivered by email"]
    assert server.encrypted == [True]
    assert server.logins == [f"\0loyalty\0{CANARY}"]
    message = email.message_from_bytes(server.messages[0], policy=default)
    assert message["Subject"] == TITLE and message["To"] == "duty@example.com, data@example.com"
    assert message["From"] == "loyalty@example.com" and message["Date"] and message["Message-ID"]
    body = message.get_body()
    assert body is not None
    assert body.get_content().splitlines() == TEXT.splitlines()
    assert sum(command.startswith("rcpt TO") for command in server.commands) == 2


def test_a_certificate_that_nobody_vouches_for_gets_no_password(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMTP_PASSWORD", CANARY)
    (said,) = send(channel(server, username="loyalty", password_env="SMTP_PASSWORD"))
    assert "no encryption with the mail server: CERTIFICATE_VERIFY_FAILED" in said
    assert not server.logins and not server.messages


def test_without_starttls_nothing_is_sent_unless_that_was_asked_for() -> None:
    with mail_server() as plain:
        (said,) = send(channel(plain))
        assert "does not offer what is set: security starttls" in said
        assert not plain.messages
        assert send(channel(plain, security="none")) == ["alert delivered by email"]
        assert plain.encrypted == [False]


@pytest.mark.parametrize(
    ("word", "answer", "told", "attempts"),
    [
        ("AUTH", f"535 no, {CANARY} is wrong", "refused the user name or password (535)", 1),
        ("MAIL", "550 not you", "the mail server answered 550", 1),
        ("MAIL", "451 later", "the mail server answered 451", 2),
        ("RCPT", "550 unknown", "refused every recipient", 1),
        ("DATA", "554 spam", "the mail server answered 554", 1),
    ],
)
def test_what_the_server_refuses_is_told_by_its_code(
    monkeypatch: pytest.MonkeyPatch, word: str, answer: str, told: str, attempts: int
) -> None:
    monkeypatch.setenv("SMTP_PASSWORD", CANARY)
    with mail_server() as server:
        server.refuses[word] = answer
        (said,) = send(channel(server, security="none", username="loyalty", password_env="SMTP_PASSWORD"))
        assert said.startswith("alert NOT delivered by email: ") and told in said
        assert sum(command.upper().startswith("EHLO") for command in server.commands) == attempts


def test_nobody_listens_and_no_password() -> None:
    with mail_server() as server:
        pass
    (said,) = send(channel(server, security="none"))
    assert said == "alert NOT delivered by email: no connection: Connection refused"
    (said,) = send(channel(server, username="loyalty", password_env="SMTP_PASSWORD_NOT_SET"))
    assert "SMTP_PASSWORD_NOT_SET is not set" in said


@pytest.mark.parametrize(
    "wrong",
    [
        {"recipients": []},
        {"recipients": ["duty@example.com\nBcc: all@example.com"]},
        {"sender": "nobody"},
        {"port": 0},
        {"security": "ssl"},
        {"password": CANARY},
        {"password_env": f"{CANARY} "},
    ],
)
def test_company_yml_is_held_to_its_shape_without_repeating_a_secret(wrong: dict[str, object], tmp_path: Path) -> None:
    content = channel(MailServer(port=25)).model_dump() | wrong
    file = tmp_path / "company.yml"
    file.write_text(yaml.safe_dump({"alerts": [content]}), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"alerts\.0\.email\.") as problem:
        load_settings(file)
    assert CANARY not in str(problem.value) and CANARY not in str(problem.value.__cause__)
