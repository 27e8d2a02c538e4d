"""The text of a file, whatever its encoding is: decided by its content, and said.

What is UTF-8 is taken for it, with a mark at its beginning or without; UTF-16 shows by the zeros
between its letters. A file of one byte a letter does not say which encoding it has: each that it
could be is tried, and the one that makes most sense of its words is taken. A letter of the
languages that people write, in its place in a word, makes sense; a sign between two letters, a
capital behind a small letter or a letter of another script makes none.
"""

# Letters and signs of many languages are written here as they are.
# ruff: noqa: RUF001

from __future__ import annotations

import codecs
import re
from collections import Counter
from typing import NamedTuple

from rolecall.registry.problems import Problems

__all__ = ["Decoded", "decoded_text"]


class Decoded(NamedTuple):
    """A text, and what its encoding was taken for where its file does not say so."""

    text: str
    remark: str = ""


_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The first is taken where two make as much sense.
_NAMES = {
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "iso8859-15": "ISO-8859-15",
    "iso8859-2": "ISO-8859-2",
    "mac-roman": "Mac OS Roman",
    "cp850": "DOS code page 850",
    "cp852": "DOS code page 852",
    "cp1254": "Windows-1254",
    "cp1251": "Windows-1251",
    "koi8-r": "KOI8-R",
    "cp1253": "Windows-1253",
}
_OWN = frozenset("àâäáãåæçéèêëíìîïñóòôöõøœúùûüÿßąćęłńśźżÀÂÄÁÃÅÆÇÉÈÊËÍÌÎÏÑÓÒÔÖÕØŒÚÙÛÜŸĄĆĘŁŃŚŹŻªº")
_ALPHABETS = tuple(
    map(
        frozenset,
        (
            "äöüßÄÖÜéèà",
            "àâæçéèêëîïôœùûüÿÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸ",
            "áéíóúüñªºÁÉÍÓÚÜÑ",
            "áâãàçéêíóôõúüªºÁÂÃÀÇÉÊÍÓÔÕÚÜ",
            "àèéìíîòóùúÀÈÉÌÍÎÒÓÙÚ",
            "éëïóöüáèêÉËÏÓÖÜ",
            "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ",
            "áéíóúÁÉÍÓÚ",
            "åäöæøéÅÄÖÆØ",
        ),
    )
)
_PUNCTUATION = frozenset("‘’“”„‚«»‹›–—…€•·°§©®™\xa0¿¡£²³½¼")
_QUOTES = frozenset("’‘´")
_VALID = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1e]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_SAMPLE = 1 << 16
_MOST_SIGNS = 5_000
_ZEROS = 0.2


def decoded_text(file: str, data: bytes, problems: Problems) -> Decoded | None:
    """Return the text of a file, or ``None`` where it is none."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(file, data.removeprefix(mark), encoding, problems)
    if b"\0" in data:
        return _zeroed(file, data, problems)
    try:
        return _repaired(data.decode())
    except UnicodeDecodeError as error:
        return _single(file, data, error.start, problems)


def _decoded(file: str, data: bytes, encoding: str, problems: Problems) -> Decoded | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        row = data[: error.start].decode(encoding, errors="ignore").count("\n") + 1
        told = f"says that it is {encoding.upper()}, and is not: it is damaged, or was cut off"
        problems.add(file, told, row=row)
        return None
    return Decoded(text) if _textual(file, text, problems) else None


def _textual(file: str, text: str, problems: Problems) -> bool:
    """Tell whether a text has no NUL in it, and report the first."""
    at = text.find("\0")
    if at >= 0:
        row = text.count("\n", 0, at) + 1
        problems.add(file, "has a NUL character: it is damaged, or is not text", row=row)
    return at < 0


def _zeroed(file: str, data: bytes, problems: Problems) -> Decoded | None:
    """Return a text with zeros between its letters: UTF-16 that does not say so."""
    sample = data[:_SAMPLE]
    half = len(sample) / 2
    even, odd = sample[::2].count(0) / half, sample[1::2].count(0) / half
    for encoding, zeros, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if zeros > _ZEROS and others < zeros / 10:
            found = _decoded(file, data, encoding, problems)
            return found and found._replace(
                remark=f"it is read as {encoding.upper()}, which it does not say"
            )
    row = data.count(b"\n", 0, data.find(0)) + 1
    problems.add(file, "is no text, and no workbook that can be read", row=row)
    return None


def _single(file: str, data: bytes, at: int, problems: Problems) -> Decoded | None:
    """Return a text of one byte a letter, unless it is UTF-8 that is broken, or no text."""
    row = data.count(b"\n", 0, at) + 1
    if len(_CONTROLS.findall(data, 0, _SAMPLE)) > len(data[:_SAMPLE]) / 100:
        problems.add(file, "is no text, and no workbook that can be read", row=row)
        return None
    valid = sum(map(len, _VALID.findall(data)))
    if 2 * valid > len(_HIGH.findall(data)):
        told = f"is UTF-8, and not all of it (byte {data[at]:#04x}); save it again as UTF-8"
        problems.add(file, told, row=row)
        return None
    best, scored = "", float("-inf")
    for encoding in _NAMES:
        try:
            score = _sense(data.decode(encoding))
        except UnicodeDecodeError:
            continue
        if score > scored:
            best, scored = encoding, score
    text = data.decode(best)
    remark = f"it does not say how it is encoded: by its letters it is read as {_NAMES[best]}"
    return Decoded(text, remark)


def _sense(text: str) -> float:
    """Return how much sense the letters of a text make that are not ASCII."""
    score = 0.0
    letters: Counter[str] = Counter()
    for count, found in enumerate(re.finditer(r"[^\x00-\x7f]", text)):
        if count == _MOST_SIGNS:
            break
        at = found.start()
        before = text[at - 1] if at else " "
        after = text[at + 1] if at + 1 < len(text) else " "
        score += _sense_of(found[0], before, after)
        letters[found[0]] += found[0].isalpha()
    # Letters of one language together make more sense than letters of many.
    known = [sum(letters[char] for char in alphabet) for alphabet in _ALPHABETS]
    known.append(sum(count for char, count in letters.items() if char > "\u036f"))
    return score + max(known) / 2


def _sense_of(char: str, before: str, after: str) -> float:
    if not char.isalpha() or char in "ªº":
        if char in _QUOTES and before.isalpha() and after.isalpha():
            # More than a letter and its language: one apostrophe is no capital within a name. An
            # accent without a letter is less: another encoding has a letter in its place.
            return 1.4 if char == "\xb4" else 1.6
        is_within = before.isalpha() and after.isalpha()
        if char not in _PUNCTUATION and char not in "ªº":
            return -2.0
        return -2.0 if is_within and char not in "\xa0·–—" else 0.3
    score = 1.0 if char in _OWN else 0.9 if char > "\u036f" else -0.5
    for near in (before, after):
        if near.isalpha() and (near > "\u036f") != (char > "\u036f"):
            # Greek or Cyrillic beside Latin letters.
            score -= 2.0
    if char.isupper() and before.islower():
        score -= 1.5
    if char.islower() and after.isupper():
        score -= 0.5
    return score


def _repaired(text: str) -> Decoded:
    """Return a text in which UTF-8 was once taken for Windows-1252 as it was before that."""
    if text.isascii() or not re.search("[ÂÃÄÅâ][\x80-\xbf€-™ŒœŠšŸŽžƒˆ˜]", text):
        return Decoded(text)
    try:
        whole = _NOT_ASCII.sub(lambda found: _bytes_of(found[0]).decode(), text)
    except UnicodeError:
        return Decoded(text)
    return Decoded(whole, "it was encoded twice: its letters are put right")


def _bytes_of(text: str) -> bytes:
    return b"".join(
        bytes([ord(char)]) if "\x80" <= char <= "\x9f" else char.encode("cp1252") for char in text
    )
