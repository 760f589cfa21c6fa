"""Who somebody is by name and birth date, as one row of customers says it."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from pypinyin.pinyin_dict import pinyin_dict

# The surnames that occur in the companies which the oracle recalculates, most frequent first.
SURNAMES = """王 wang|李 li|张 zhang|刘 liu|陈 chen|杨 yang|黄 huang|赵 zhao|吴 wu|周 zhou|徐 xu|孙 sun|马 ma|朱 zhu|胡 hu|郭 guo
何 he|林 lin|高 gao|罗 luo|郑 zheng|梁 liang|谢 xie|宋 song|唐 tang|许 xu|邓 deng|韩 han|冯 feng|曹 cao|彭 peng|曾 zeng|肖 xiao
田 tian|董 dong|潘 pan|袁 yuan|蔡 cai|蒋 jiang|余 yu|于 yu|杜 du|叶 ye|程 cheng|魏 wei|苏 su|吕 lu|丁 ding|任 ren|沈 shen
单 shan|欧阳 ouyang|司马 sima"""
READ = {entry.split()[0]: entry.split()[1] for entry in SURNAMES.replace("\n", "|").split("|")}
NO_NAME = re.compile(
    "test.{0,3}|n/?a|none|null|nil|no name|unknown|undefined|anonymous|x+|abc|customer|guest|cash( sale| customer)?|"
    "walk[ -]?in( customer)?|测试.{0,2}|未知|无名|无名氏|匿名|佚名|无|暂无|没有|客户|新客户|顾客|老顾客|散客|游客|会员|微信用户|"
    "先生|女士|小姐"
)
_NEW_YEARS = (1900, 1901, 1904, 1970, 1980, 1990, 2000)
NO_BIRTH_DATE = {date(1899, 12, 30), date(1899, 12, 31), date(1911, 11, 11), *(date(year, 1, 1) for year in _NEW_YEARS)}
INTERJECTIONS = {"m", "n", "ng", "hm", "hng", "ê", "o", "yo", "lo", "ei", "eng", "me"}
TITLES = {"mr", "mrs", "ms", "miss", "dr", "prof"}
HAN = "[\u4e00-\u9fff]"


@dataclass(frozen=True)
class Name:
    """`parts`: pinyin syllables or words in sorted order; `characters`: whether it was written in Chinese characters."""

    parts: tuple[str, ...]
    characters: bool = False
    pinyin: bool = False

    def matches(self, other: "Name") -> bool | None:
        """None where the two say nothing about each other."""
        if self.parts == other.parts:
            return True
        if self.characters and other.characters and min(len(set(self.parts)), len(set(other.parts))) > 1:
            return False
        if self.characters != other.characters and not (self.pinyin and other.pinyin):
            return None
        return set(self.parts) <= set(other.parts) or set(other.parts) <= set(self.parts)


@dataclass(frozen=True)
class Person:
    """What a record's customers row says of who it is; `born`: every day that the birth date may mean."""

    name: Name | None = None
    born: frozenset[date] = frozenset()

    def contradicts(self, other: "Person") -> bool:
        dates = bool(self.born and other.born) and not self.born & other.born
        return dates or (self.name is not None and other.name is not None and self.name.matches(other.name) is False)

    def agrees(self, other: "Person") -> bool:
        if self.name is None or other.name is None or self.contradicts(other):
            return False
        return self.name.matches(other.name) is True and min(len(set(self.name.parts)), len(set(other.name.parts))) > 1


def plain(text: str) -> str:
    """Lower case, without accents, full-width letters narrow."""
    apart = unicodedata.normalize("NFKD", text.lower())
    return unicodedata.normalize("NFC", "".join(c for c in apart if not unicodedata.combining(c)))


@cache
def sounds() -> frozenset[str]:
    every = {plain(sound) for sounds in pinyin_dict.values() for sound in sounds.split(",")}
    return frozenset(every - INTERJECTIONS)


def cuts(word: str) -> Iterator[tuple[str, ...]]:
    """Every way to cut a word into syllables."""
    if not word:
        yield ()
    for end in range(1, min(6, len(word)) + 1):
        for sound in {word[:end], re.sub("^([ln])(v|yu)", r"\1u", word[:end])} & sounds():
            yield from ((sound, *rest) for rest in cuts(word[end:]))


@cache
def syllables(word: str) -> tuple[str, ...]:
    """The best way to cut a word of pinyin; () where it is none."""
    return min(cuts(word), key=lambda w: (sum(s[0] in "aeo" for s in w[1:]), len(w), [-len(s) for s in w]), default=())


def name_of(full: str | None, given: str | None, family: str | None) -> Name | None:
    """A comparable name; None where unknown."""
    written = full if full is not None else " ".join(part for part in (given, family) if part is not None)
    if NO_NAME.fullmatch(written.lower()):
        return None
    if full is None and re.search(HAN, family or ""):
        written = f"{family}{given or ''}"
    text = re.sub(r"[(（].*?[)）]", " ", unicodedata.normalize("NFKC", written))
    characters = "".join(re.findall(HAN, text))
    if characters:
        return Name(tuple(sorted(_spoken(re.sub("(?<=.)(先生|女士|小姐)$", "", characters)))), True, True)
    words = [plain(re.sub("['’]", "", word)) for word in re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", text)]
    words = [word for word in words if word not in TITLES]
    if not words:
        return None
    spoken = _pinyin([word.replace("-", "") for word in words])
    if spoken:
        return Name(tuple(sorted(spoken)), pinyin=True)
    single = " ".join(words).replace("-", " ")
    return Name(tuple(sorted(re.sub(r"\b(o|mc) ", r"\1", single).split())))


def divided(given: str | None, family: str | None) -> tuple[str | None, str | None]:
    """Given and family name as their columns say; pinyin columns were swapped where the given name is the commoner surname."""
    first, last = (_letters(part) for part in (given, family))
    name = name_of(None, given, family)
    if name and name.pinyin and not name.characters and first and last:
        ranked = [*READ.values(), first, last]
        if ranked.index(first) < ranked.index(last):
            return last, first
    return first, last


def _letters(part: str | None) -> str | None:
    characters = "".join(re.findall(HAN, part or ""))
    if characters:
        return _read(characters)
    words = [plain(re.sub("['’]", "", word)) for word in re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", part or "")]
    if words and all(map(syllables, words)):
        return "".join("".join(syllables(word)) for word in words)
    return " ".join(words) or None


def _spoken(characters: str) -> list[str]:
    surname = next((s for s in sorted(READ, key=len, reverse=True) if characters.startswith(s)), None)
    if surname is None:
        surname = next((s for s in sorted(READ, key=len, reverse=True) if characters.endswith(s)), characters[0])
    rest = characters.removeprefix(surname) if characters.startswith(surname) else characters.removesuffix(surname)
    return [*syllables(_read(surname)), *syllables("".join(map(_read, rest)))]


def _read(characters: str) -> str:
    return READ.get(characters) or "".join(READ.get(c, plain(pinyin_dict[ord(c)].split(",")[0])) for c in characters)


def _pinyin(words: list[str]) -> list[str]:
    """All syllables where the words are a Chinese name: all of them pinyin, a surname first or last; else nothing."""
    if len(words) < 2 or not all(map(syllables, words)):
        return []
    words = ["".join(syllables(word)) for word in words]
    ranked: list[str] = list(READ.values())
    ends = [(ranked.index(words[at]), at) for at in (0, len(words) - 1) if words[at] in ranked]
    if not ends:
        return []
    at = min(ends)[1]
    return [*syllables(words[at]), *syllables("".join(words[:at] + words[at + 1 :]))]


def readings(text: str | None, today: date) -> tuple[date | None, date | None]:
    """A written birth date with the day first and with the month first; both equal where there is no choice."""
    text = re.sub(r"[ t]\d\d:\d\d.*$", "", unicodedata.normalize("NFKC", text or "").lower().strip())
    if found := re.fullmatch(r"(\d{4})[-/.年]?(\d\d?)[-/.月]?(\d\d?)日?", text):
        year, month, day = map(int, found.groups())
        certain = _day(year, month, day, today)
        return certain, certain
    if found := re.fullmatch(r"(\d\d?)[-/.](\d\d?)[-/.](\d{4}|\d\d)", text):
        first, second = int(found[1]), int(found[2])
        year = int(found[3])
        if year < 100:
            year += 2000 if year + 2000 <= today.year else 1900
        both = _day(year, second, first, today), _day(year, first, second, today)
        return (both[0], both[0]) if "." in text and both[0] else both
    if re.fullmatch(r"\d{5}", text):
        days = date(1899, 12, 30) + timedelta(days=int(text))
        serial = days if days <= today else None
        return serial, serial
    return None, None


def _day(year: int, month: int, day: int, today: date) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if found <= today and year >= today.year - 130 else None


def births(
    rows: Iterable[tuple[str, str | None]], today: date, order: str | None, region: str
) -> Iterator[frozenset[date]]:
    """For every (source system, written birth date) the days that it may mean."""
    read_rows = [(system, *readings(text, today)) for system, text in rows]
    days = Counter(system for system, day, month in read_rows if day and not month)
    months = Counter(system for system, day, month in read_rows if month and not day)
    for system, day_first, month_first in read_rows:
        read = [day_first, month_first]
        chosen = order
        if not chosen and days[system] and days[system] >= 20 * months[system]:
            chosen = "dmy"
        elif not chosen and months[system] and months[system] >= 20 * days[system]:
            chosen = "mdy"
        if None not in read and (chosen or read[0] == read[1]):
            read = [read[1] if chosen == "mdy" else read[0]]
        known = [day for day in read if day]
        usual = (month_first if region in ("US", "CA") else day_first) or next(iter(known), None)
        first = known[0] if len(known) == 1 else usual
        yield frozenset() if first in NO_BIRTH_DATE else frozenset(known)
