"""Chinese characters in pinyin without tones, and pinyin cut into syllables; ü is u, as forms without it write it.

Other scripts become Latin letters one by one (text-unidecode): Иван is ivan; of Arabic and Hebrew the consonants are left.
"""

import re
import unicodedata
from functools import cache, lru_cache

from .surnames import COMPOUND, FREQUENT, READINGS, SINGLE


def words_of(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


HAN = "㐀-䶿一-鿿〇\U00020000-\U0003ffff"
# Interjections and dialect sounds that are no syllables of a name.
_NO_SYLLABLES = words_of("m n ng hm hng ê o yo lo ei eng me")
# Surnames first, and hardly a part of given names: read so wherever they stand, because names are swapped.
_EVERYWHERE = "单單曾解仇朴查区區盖蓋翟冼缪繆逄覃谌諶卜"
_IN_NAMES = {"长": "chang", "長": "chang", "都": "du"} | {c: READINGS[c] for c in _EVERYWHERE}
_VOWELS = frozenset("aeo")
# Keyboards and passports write ü as v and as yu.
_U_UMLAUT = {"lv": "lu", "nv": "nu", "lyu": "lu", "nyu": "nu", "lve": "lue", "nve": "nue", "lyue": "lue", "nyue": "nue"}
# What every pinyin word looks like; cheap, and refuses most others before they are cut.
_LIKE_PINYIN = re.compile("(?:(?:[zcs]h|[bpmfdtnlgkhjqxzcsrwy])?y?[aeiouv]+(?:ng|n|r)?)+")
_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ł": "l", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}
)
_FOREIGN = re.compile(rf"(?:(?![\x00-\x7f{HAN}])[^\W\d_])+")


def fold(text: str) -> str:
    """Lower case in Latin letters and Chinese characters, without accents: 'ＪＯＳÉ' → 'jose', 'Müller' → 'muller'."""
    if text.isascii():
        return text.lower()
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    bare = unicodedata.normalize("NFC", bare.translate(_LETTERS))
    return bare if bare.isascii() else _FOREIGN.sub(_letters, bare)


@lru_cache(maxsize=200_000)
def _romanised(word: str) -> str:
    from text_unidecode import unidecode  # a table of 64 thousand characters: read only where somebody writes so

    return re.sub("[^a-z]", "", unidecode(word).lower())


def _letters(found: re.Match[str]) -> str:
    return _romanised(found[0]) or found[0]


@cache
def _dictionary() -> dict[int, str]:
    from pypinyin.pinyin_dict import pinyin_dict  # 42 thousand characters: read only where names are

    return pinyin_dict


@cache
def reading(character: str) -> str:
    """The most usual reading of one character without its tone; the character itself where it has none."""
    return _IN_NAMES.get(character) or fold(_dictionary().get(ord(character), character).split(",")[0])


@cache
def surname_reading(surname: str) -> str:
    """A surname's reading, which may differ from its characters' usual ones: 单 → shan, 尉迟 → yuchi."""
    return READINGS.get(surname) or "".join(READINGS.get(c, reading(c)) for c in surname)


@lru_cache(maxsize=200_000)
def han_syllables(text: str) -> tuple[str, ...]:
    """A given name's syllables, cut as its unspaced pinyin would be, so that both spellings give the same parts."""
    letters = "".join(reading(c) for c in text)
    return syllables(letters) or (letters,)


@cache
def known_syllables() -> frozenset[str]:
    """Every syllable of Standard Chinese without tone."""
    read = {fold(one) for readings in _dictionary().values() for one in readings.split(",")}
    return frozenset(syllable for syllable in read if syllable.isascii()) - _NO_SYLLABLES


@cache
def surname_ranks() -> dict[str, int]:
    """Pinyin of every known surname → how early it stands in the list of frequent ones (100: not among them)."""
    ranks: dict[str, int] = {}
    for place, surname in enumerate((*FREQUENT, *sorted(COMPOUND | SINGLE))):
        ranks.setdefault(surname_reading(surname), min(place, 100))
    return ranks


@lru_cache(maxsize=200_000)
def syllables(word: str) -> tuple[str, ...] | None:
    """Pinyin letters cut into syllables, None where they are none.

    Of several ways the one that starts fewest inner syllables with a vowel (spelling wants an apostrophe there: xian is
    one syllable, Xi'an two), then the shortest, then the one with longer syllables first.
    """
    if not _LIKE_PINYIN.fullmatch(word):
        return None
    known = known_syllables()
    best: list[tuple[int, int, tuple[int, ...], tuple[str, ...]] | None] = [(0, 0, (), ())]
    for end in range(1, len(word) + 1):
        ways = []
        for start in range(max(0, end - 6), end):
            before, written = best[start], word[start:end]
            part = _U_UMLAUT.get(written, written)
            if before is not None and part in known:
                inner = int(start > 0 and part[0] in _VOWELS)
                ways.append((before[0] + inner, before[1] + 1, (*before[2], -len(written)), (*before[3], part)))
        best.append(min(ways, default=None))
    return best[-1][3] if best[-1] else None
