"""Who to tell where company.yml itself is what is wrong: as much of it as can be understood."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from orchestration.errors import ConfigurationError
from orchestration.settings import Settings, load_settings

NEEDED = ("name", "language", "timezone", "published_within_hours")


def alert_settings(path: Path) -> Settings:
    """The company's settings; of a company.yml with mistakes, its channels and words as far as each is right; never raises."""
    try:
        return load_settings(path)
    except ConfigurationError:
        pass
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, OSError, ValueError, RecursionError):  # ValueError: no UTF-8, or a 31st of June
        return Settings()
    if not isinstance(content, dict):
        return Settings()
    understood = {key: content[key] for key in NEEDED if key in content and _is_right({key: content[key]})}
    channels = content.get("alerts")
    right = [one for one in channels if _is_right({"alerts": [one]})] if isinstance(channels, list) else []
    return Settings(**understood, alerts=right)


def _is_right(part: dict[str, Any]) -> bool:
    try:
        Settings(**part)
    except ValidationError:
        return False
    return True
