"""Texts that were read in the wrong encoding, read again where that is unmistakable."""

import re

from .romanise import HAN
from .surnames import COMPOUND, SINGLE

_HAN_ONLY = re.compile(f"[{HAN}·•.\\s]+")
_LOST = re.compile("\ufffd|锟斤拷|烫烫|\\?\\?|^\\?+$")


def repaired(text: str) -> str | None:
    """The text as it was meant; None where its letters are lost ('锟斤拷', '??').

    Three accidents: UTF-8 read as Latin-1 or Windows-1252 ('JosÃ©'), UTF-8 read as GBK ('鏉庢槑'), GBK read as Latin-1
    ('ÀîÃ÷'). A text that is plain or makes sense as it stands is left alone.
    """
    if text.isascii():
        return None if _LOST.search(text) else text
    if _LOST.search(text):
        return None
    as_bytes = _single_bytes(text)
    if as_bytes is not None:
        unicode, chinese = _decoded(as_bytes, "utf-8"), _decoded(as_bytes, "gbk")
        if unicode and _HAN_ONLY.fullmatch(unicode):
            return unicode
        if chinese and _is_chinese_name(chinese):
            return chinese
        return unicode or text
    if not _starts_with_surname(text):
        try:
            read = _decoded(text.encode("gbk"), "utf-8")
        except UnicodeEncodeError:
            return text
        if read is not None and _is_chinese_name(read):
            return read
    return text


def _single_bytes(text: str) -> bytes | None:
    """The bytes that Windows-1252 or Latin-1 showed as this text; None where a letter is in neither."""
    found = bytearray()
    for letter in text:
        try:
            found += letter.encode("cp1252")
        except UnicodeEncodeError:
            if ord(letter) > 255:
                return None
            found.append(ord(letter))
    return bytes(found)


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_chinese_name(text: str) -> bool:
    return len(text) >= 2 and _HAN_ONLY.fullmatch(text) is not None and _starts_with_surname(text)


def _starts_with_surname(text: str) -> bool:
    return text[:1] in SINGLE or text[:2] in COMPOUND
