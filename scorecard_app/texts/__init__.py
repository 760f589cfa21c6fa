"""The catalogue of the app's own words, in both languages: a module per page, one flat set of keys.

Names of KPIs, units and codes are not here: they come with the published version. A page asks by
`voice.say("key", placeholder=…)`; a key that two modules define, or that lacks a language, fails at import.
"""

from importlib import import_module
from pkgutil import iter_modules

from scorecard_app.format import Language

LANGUAGES: dict[Language, str] = {"en": "English", "zh": "中文"}


def _gathered() -> dict[str, tuple[str, str]]:
    texts: dict[str, tuple[str, str]] = {}
    for module in sorted(found.name for found in iter_modules(__path__)):
        own: dict[str, tuple[str, str]] = import_module(f"{__name__}.{module}").TEXTS
        twice = sorted(own.keys() & texts.keys())
        if twice:
            raise ValueError(f"texts/{module}.py defines what another module defines: {', '.join(twice)}")
        texts |= own
    return texts


TEXTS: dict[str, tuple[str, str]] = _gathered()


def text(key: str, language: Language, **values: str) -> str:
    """A text with its `{placeholders}` filled; an unknown key is a KeyError, never a blank."""
    english, chinese = TEXTS[key]
    return (chinese if language == "zh" else english).format(**values)
