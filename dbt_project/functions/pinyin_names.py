"""Names in Chinese characters, and names in Latin letters that are pinyin: (given name, family name, all syllables)."""

import re
from functools import lru_cache

from .romanise import han_syllables, known_syllables, surname_ranks, surname_reading, syllables
from .surnames import COMPOUND, FREQUENT, SINGLE

Parts = tuple[str | None, str | None, tuple[str, ...]]
# Single words in which only pinyin has these letters.
_UNMISTAKABLE = re.compile("[xq]|zh|ng")


def makes_sense(characters: str) -> bool:
    """Whether a surname stands first, or a frequent one last."""
    return characters[0] in SINGLE or characters[:2] in COMPOUND or characters[-1] in FREQUENT


def from_characters(characters: str) -> Parts:
    """Family name first, unless only the last character is one: then the name was swapped."""
    cut, swapped = 1, False
    if len(characters) > 2 and characters[:2] in COMPOUND:
        cut = 2
    elif len(characters) > 2 and characters[-2:] in COMPOUND:
        cut, swapped = len(characters) - 2, True
    elif len(characters) > 1 and characters[0] not in SINGLE and characters[-1] in FREQUENT:
        cut, swapped = len(characters) - 1, True
    first, last = characters[:cut], characters[cut:]
    family, given = (last, first) if swapped else (first, last)
    pinyin = surname_reading(family)
    if not given:
        return None, pinyin, _surname_syllables(pinyin)
    parts = han_syllables(given)
    return "".join(parts), pinyin, _surname_syllables(pinyin) + parts


def from_letters(words: tuple[str, ...], family_words: int = 0) -> Parts | None:
    """The words as a Chinese name, None where they are none; the first `family_words` stood before a comma.

    Every word must be pinyin and the first or the last a surname; of two surnames the more frequent one is the family's,
    which makes the answer the same for swapped words. A single word counts where no other language writes so.
    """
    cut = []
    for word in words:
        parts = syllables(word)
        if parts is None:
            return None
        cut.append(parts)
    if len(cut) == 1:
        return _from_one_word(cut[0])
    ranks = surname_ranks()
    joined = ["".join(parts) for parts in cut]
    first, last = ranks.get(joined[0], 1000), ranks.get(joined[-1], 1000)
    if first == last == 1000:
        return None
    at = 0 if first <= last or (family_words == 1 and first < 1000) else len(joined) - 1
    given = "".join(joined[:at] + joined[at + 1 :])
    return given, joined[at], cut[at] + (syllables(given) or ())


def _from_one_word(parts: tuple[str, ...]) -> Parts | None:
    if len(parts) < 2 or not _UNMISTAKABLE.search("".join(parts)) or any(part[0] in "aeo" for part in parts):
        return None
    if len(parts) == 3 and parts[0] in surname_ranks():
        return "".join(parts[1:]), parts[0], parts
    return "".join(parts), None, parts


@lru_cache(maxsize=10_000)
def _surname_syllables(pinyin: str) -> tuple[str, ...]:
    return (pinyin,) if pinyin in known_syllables() else syllables(pinyin) or (pinyin,)
