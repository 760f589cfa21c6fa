"""What the lint says, and the comment that answers it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

EXCUSE = re.compile(r"(--|#) (total order|only compared): \S")
COMMENT = re.compile(r"\s*(--|#)")


@dataclass(frozen=True, order=True)
class Finding:
    """A refused piece of SQL: 1-based `line` of the text that was read, the words found there, problem and remedy."""

    line: int
    words: str
    problem: str
    remedy: str

    def at(self, place: str) -> str:
        """The message for a place, `file:line`."""
        return f"{place}: `{self.words}` {self.problem}; {self.remedy}"


def excused(lines: Sequence[str], first: int, last: int | None = None) -> bool:
    """Does a comment on lines first … last (1-based), or on the comment lines right above, say why the order is total?"""
    start = first - 1
    while start > 0 and COMMENT.match(lines[start - 1]):
        start -= 1
    return any(EXCUSE.search(line) for line in lines[start : last or first])


def names(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())
