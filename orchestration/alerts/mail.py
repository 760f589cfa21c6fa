"""The alert as an e-mail, through the company's own mail server."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from orchestration.alerts.channels import Email, Undelivered, secret

TIMEOUT_SECONDS = 10.0


def send(channel: Email, title: str, text: str) -> None:
    """Hand one message to the server; returns when it has taken it for every recipient.

    Raises:
        Undelivered: the password's variable is not set, nobody answered, or the server refused.
    """
    password = secret(channel.password_env) if channel.password_env else None
    message = EmailMessage()
    message["Subject"] = " ".join(title.split())
    message["From"] = channel.sender
    message["To"] = ", ".join(channel.recipients)
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=channel.sender.rpartition("@")[2])
    message.set_content(text, cte="quoted-printable")  # every server takes it
    try:
        with _connected(channel) as server:
            if channel.username and password:
                server.login(channel.username, password)
            refused = server.send_message(message)
    # `from None`, and codes only: a server's own words may repeat what it was sent
    except smtplib.SMTPAuthenticationError as problem:
        raise Undelivered(f"the mail server refused the user name or password ({problem.smtp_code})") from None
    except smtplib.SMTPRecipientsRefused:
        raise Undelivered("the mail server refused every recipient") from None
    except smtplib.SMTPResponseException as problem:
        raise Undelivered(f"the mail server answered {problem.smtp_code}", again=problem.smtp_code < 500) from None
    except smtplib.SMTPNotSupportedError:
        raise Undelivered(f"the mail server does not offer what is set: security {channel.security}, a login") from None
    except ssl.SSLError as problem:
        raise Undelivered(f"no encryption with the mail server: {problem.reason or type(problem).__name__}") from None
    except TimeoutError:
        raise Undelivered(f"no answer within {TIMEOUT_SECONDS:g} seconds", again=True) from None
    except (OSError, smtplib.SMTPException) as problem:
        told = getattr(problem, "strerror", None) or type(problem).__name__
        raise Undelivered(f"no connection: {told}", again=True) from None
    if refused:
        raise Undelivered(f"the mail server refused {len(refused)} of {len(channel.recipients)} recipients")


def _connected(channel: Email) -> smtplib.SMTP:
    if channel.security == "tls":
        return smtplib.SMTP_SSL(
            channel.host, channel.port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
        )
    server = smtplib.SMTP(channel.host, channel.port, timeout=TIMEOUT_SECONDS)
    if channel.security == "starttls":
        try:
            server.starttls(context=ssl.create_default_context())
        except BaseException:
            server.close()
            raise
    return server
