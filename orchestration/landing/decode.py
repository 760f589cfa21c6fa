"""Bytes as delivered → one regular UTF-8 file with \\n line ends, or the original where it is that already."""

import codecs
import os
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path

BLOCK = 1 << 19
FREE_EXPANSION = 10_000_000
WHITE = " \t\n\r\u00a0\u3000"
"""What is trimmed from both ends of a text cell."""


MARKS = "\0#+"
"""What the refused texts (NUL, #REF!, 1.38E+10) cannot do without: a file without them needs no look at its cells."""


class Refused(Exception):
    """A file that cannot be read at all: the reason's code, what was found, and how many rows it holds.

    A file that cannot be divided into rows counts as one.
    """

    def __init__(self, code: str, detail: str = "", received: int = 1) -> None:
        super().__init__(code, detail)
        self.code, self.detail, self.received = code, detail, received


@dataclass(frozen=True)
class Text:
    """A text file in UTF-8 without BOM, lines ended by \\n only, and what one look at its bytes showed.

    `trimmed`: no cell has white space at its ends. `careful`: empty lines, NUL or overlong lines call for the slow path.
    `line_ends`: how many; `ended`: the last line has one. `absent`: those of MARKS that occur nowhere.
    """

    file: Path
    trimmed: bool
    careful: bool
    quoted: bool
    line_ends: int
    ended: bool
    absent: str


def expanded(file: Path, scratch: Path, max_mb: int, max_ratio: int) -> Path:
    """The file itself, or what its gzip members hold, written below `scratch`.

    Raises:
        Refused: truncated_gzip, bad_gzip, or expands_too_much (beyond `max_mb`, or `max_ratio` times its size).
    """
    with file.open("rb") as reading:
        if reading.read(2) != b"\x1f\x8b":
            return file
        reading.seek(0)
        limit = min(max_mb * 1_000_000, max(FREE_EXPANSION, file.stat().st_size * max_ratio))
        target = _scratch_file(scratch)
        written = 0
        with target.open("wb") as writing:
            inflate, started = zlib.decompressobj(31), False
            block = b""
            while block or (block := reading.read(BLOCK)):
                try:
                    piece = inflate.decompress(block, BLOCK)
                except zlib.error as problem:
                    raise Refused("bad_gzip", str(problem)) from problem
                started = True
                written += len(piece)
                if written > limit:
                    raise Refused("expands_too_much", f"beyond {limit} bytes")
                writing.write(piece)
                block = inflate.unconsumed_tail
                if inflate.eof:
                    block, started = inflate.unused_data.lstrip(b"\0"), False
                    inflate = zlib.decompressobj(31)
            tail = inflate.flush() if started else b""
            writing.write(tail)
            if started and not inflate.eof:
                raise Refused("truncated_gzip", f"after {written + len(tail)} bytes")
    return target


def regular_text(file: Path, scratch: Path) -> Text:
    """The file as regular text; rewritten below `scratch` only where it is not so already.

    Raises:
        Refused: unknown_encoding.
    """
    with file.open("rb") as reading:
        head = reading.read(4)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        if not head.startswith(codecs.BOM_UTF8) and (seen := _look(file)):
            return seen
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        rewritten = _rewrite(file, scratch, encoding)
        if rewritten and encoding == "gb18030" and _is_western(rewritten):
            break
        if rewritten and (seen := _look(rewritten)):
            return seen
    raise Refused("unknown_encoding")


_BESIDE_BLANK = (b'" ', b' "', b", ", b" ,", b" \n", b"\n ")
_OTHER_BLANK = (b"\t", b"\v", b"\f")
_WIDE_BLANK = (b"\xc2\xa0", b"\xe3\x80\x80", b"\xef\xbb\xbf")


def _look(file: Path) -> Text | None:
    """Scan the bytes once; None where they are no UTF-8 or hold a carriage return."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    trimmed, careful, quoted, line_ends, before, absent = True, False, False, 0, b"\n", MARKS
    with file.open("rb") as reading:
        while block := reading.read(BLOCK):
            if b"\r" in block:
                return None
            if not block.isascii() or decoder.getstate()[0]:
                try:
                    decoder.decode(block)
                except UnicodeDecodeError:
                    return None
            joined = before + block
            # An empty line is no record, a NUL is refused, a block without line end may hold an overlong field.
            ends = block.count(b"\n")
            careful = careful or b"\n\n" in joined or b"\0" in block or (len(block) == BLOCK and not ends)
            quoted = quoted or b'"' in block
            trimmed = trimmed and not _may_hold_blanks(joined)
            absent = "".join(mark for mark in absent if mark.encode() not in block)
            line_ends += ends
            before = joined[-2:]
    if decoder.getstate()[0]:
        return None
    return Text(file, trimmed and not before.endswith(b" "), careful, quoted, line_ends, before.endswith(b"\n"), absent)


def _may_hold_blanks(block: bytes) -> bool:
    """White space where a cell may start or end. Single bytes are looked for first: pairs are slow to find."""
    if any(byte in block for byte in _OTHER_BLANK) or (not block.isascii() and any(b in block for b in _WIDE_BLANK)):
        return True
    return b" " in block and any(pair in block for pair in _BESIDE_BLANK)


def _rewrite(file: Path, scratch: Path, encoding: str) -> Path | None:
    """Transcode and normalise line ends; None where the bytes are not in that encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    target = _scratch_file(scratch)
    held = ""
    with file.open("rb") as reading, target.open("wb") as writing:
        while True:
            block = reading.read(BLOCK)
            try:
                text = held + decoder.decode(block, final=not block)
                if not block and decoder.getstate()[0]:
                    return None  # utf-8-sig forgives half a BOM even at the end
                held = "\r" if block and text.endswith("\r") else ""
                text = text[: len(text) - len(held)]
                writing.write(text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8"))
            except UnicodeError:
                return None
            if not block:
                return target


_SECOND_IS_LETTER = frozenset(
    bytes([first, second]).decode("gb18030")
    for first in range(0x81, 0xFF)
    for second in range(0x41, 0x7B)
    if chr(second).isalpha()
)


def _is_western(rewritten: Path) -> bool:
    """Whether what reads as GB18030 is text of a Western code page: Hélène, where é and l together make one Chinese character.

    Then every character beyond ASCII has a Latin letter for its second byte. In Chinese text a quarter of the rare ones do and
    none of the common ones.
    """
    beyond_ascii: set[str] = set()
    with rewritten.open(encoding="utf-8", newline="") as reading:
        while block := reading.read(BLOCK):
            if not block.isascii():
                beyond_ascii.update(character for character in set(block) if not character.isascii())
                if not beyond_ascii <= _SECOND_IS_LETTER:
                    return False
    return bool(beyond_ascii)


def _scratch_file(scratch: Path) -> Path:
    handle, name = tempfile.mkstemp(dir=scratch)
    os.close(handle)
    return Path(name)
