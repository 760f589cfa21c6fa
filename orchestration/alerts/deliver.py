"""One alert to every channel, at the same time; whatever a channel does, the caller goes on."""

import threading
import time
from collections.abc import Callable, Sequence

from orchestration.alerts import mail, webhooks
from orchestration.alerts.channels import AlertChannel, Email, Undelivered

PAUSE_SECONDS = 2.0
# Ends what no timeout of a socket ends: a name server that doesn't answer, a server that sends a byte a second.
DEADLINE_SECONDS = 45.0


def deliver(
    channels: Sequence[AlertChannel], title: str, text: str, say: Callable[[str], None] = lambda _: None
) -> list[bool]:
    """Send to every channel, each tried twice at most; never raises and never takes longer than the deadline.

    Returns:
        Per channel whether it took the alert; `say` was told each outcome, without addresses or secrets.
    """
    outcomes = ["no answer in time"] * len(channels)

    def one(number: int, channel: AlertChannel) -> None:
        outcomes[number] = _try_twice(channel, title, text)

    workers = [
        threading.Thread(target=one, args=(number, channel), daemon=True) for number, channel in enumerate(channels)
    ]
    ends = time.monotonic() + DEADLINE_SECONDS
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(max(0.0, ends - time.monotonic()))
    told = list(outcomes)
    for channel, problem in zip(channels, told, strict=True):
        say(f"alert NOT delivered by {channel.kind}: {problem}" if problem else f"alert delivered by {channel.kind}")
    return [not problem for problem in told]


def _try_twice(channel: AlertChannel, title: str, text: str) -> str:
    """Why the channel did not take it; empty where it did."""
    for attempt in (1, 2):
        try:
            if isinstance(channel, Email):
                mail.send(channel, title, text)
            else:
                webhooks.send(channel, title, text)
            return ""
        except Undelivered as problem:
            if attempt == 2 or not problem.again:
                return str(problem)
        except Exception as problem:
            # the text of an error that nobody foresaw may hold an address
            return f"unexpected {type(problem).__name__}"
        time.sleep(PAUSE_SECONDS)
    raise AssertionError("the second attempt always returns")
