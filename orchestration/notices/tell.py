"""Telling each scorecard once per channel, and remembering it."""

from collections.abc import Callable
from pathlib import Path

from orchestration.alerts.deliver import deliver
from orchestration.folders import DataFolder
from orchestration.identity.append_only import append, entries
from orchestration.notices.message import notice
from orchestration.notices.news import news
from orchestration.settings import Settings


def tell_heads(folder: DataFolder, version: Path, settings: Settings, say: Callable[[str], None]) -> int:
    """Send a notice of every new scorecard to those whom company.yml's `notices` names for its unit.

    What a channel did not take is tried again after the next run.

    Args:
        version: The folder of the version that is served now.
        say: Told each outcome, without addresses.

    Returns:
        How many notices were delivered.
    """
    delivered = 0
    for receiver in settings.notices:
        log = folder.state / "notices.jsonl"
        told = {
            (line["unit"], line["period_kind"], line["period_start"])
            for line in entries(log)
            if line["receiver"] == receiver.name
        }
        for card in news(version, receiver.units, told):
            message = notice(settings.name, settings.language, card, settings.app_url)
            about = f"notice to {receiver.name}, {card.unit} {card.period}: "
            if deliver([receiver.channel], message.title, message.text, lambda text, about=about: say(about + text))[0]:
                unit, kind, start = card.key
                append(log, {"receiver": receiver.name, "unit": unit, "period_kind": kind, "period_start": start})
                delivered += 1
    return delivered
