"""What a workbook shows of a number where that is more than the number: zeros that its format adds.

A cell that holds 17 and is formatted as ``0000`` shows ``0017``, one formatted as ``"P-"000`` shows
``P-017``; 2026.1 formatted as ``0.00`` shows ``2026.10``. What is shown is what somebody wrote down
elsewhere too, so such cells are made texts before the reader sees the sheet. Every other format
(dates, currencies, thousands, percentages, optional digits) is left to the reader: none of them
hides a digit of an id.

Patterns here run over sheets from outside: none can look at a byte more than a few times.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from html import escape, unescape

from msgspec import Struct

__all__ = ["NumberFormat", "as_shown", "formats_of", "number_format"]

_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\b([^<>]*)>")
_CELL_FORMATS = re.compile(rb"<(?:\w+:)?cellXfs\b[^<>]*>((?:[^<]|<(?!/(?:\w+:)?cellXfs\b))*)")
_CELL_FORMAT = re.compile(rb"<(?:\w+:)?xf\b([^<>]*)>")
_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_CELL = re.compile(
    rb"<(?P<prefix>\w+:|)c\b(?P<attributes>[^<>]*)>\s*"
    rb"(?:<(?:\w+:)?f\b[^<>]*>(?:[^<]*</(?:\w+:)?f>)?\s*)?"
    rb"<(?:\w+:)?v\b[^<>]*>(?P<value>[^<]{1,40})</(?:\w+:)?v>"
)
_NUMBER = re.compile(r"\d{1,15}(?:\.\d{1,15})?", re.ASCII)
_TOKEN = re.compile(r'"([^"]*)"|\\(.)|(0+(?:\.0+)?)|([-+/(): ])|\[[^\]]*\]|_.|\*.', re.DOTALL)
# The built-in formats with a number of digits of their own; all others are no matter here.
_BUILT_IN = {b"2": "0.00"}
_MOST_FORMATS = 100_000


class NumberFormat(Struct, frozen=True):
    """A format that shows so many digits at least, between two texts."""

    before: str
    digits: int
    decimals: int
    after: str

    def shown(self, value: str) -> str | None:
        """Return what is shown of a number, or ``None`` where that is the number as it is."""
        if _NUMBER.fullmatch(value) is None:
            return None
        whole, _, part = value.partition(".")
        if part.strip("0"):
            # A format with fewer decimals rounds: then the number says more than what is shown.
            rounded = f"{Decimal(value):.{self.decimals}f}"
            text = rounded if Decimal(rounded) == Decimal(value) else None
        else:
            text = whole.lstrip("0").zfill(self.digits) if not self.decimals else None
        return None if text is None else f"{self.before}{text}{self.after}"


def formats_of(styles: bytes) -> Mapping[bytes, NumberFormat]:
    """Return the formats of a workbook that show more than the number, by the number of a style."""
    codes = dict(_BUILT_IN)
    for found in _FORMAT.finditer(styles):
        attributes = _attributes(found[1])
        code = attributes.get(b"formatCode", b"").decode("utf-8", errors="replace")
        codes[attributes.get(b"numFmtId", b"")] = unescape(code)
    listed = _CELL_FORMATS.search(styles)
    formats: dict[bytes, NumberFormat] = {}
    for index, found in enumerate(_CELL_FORMAT.finditer(listed[1] if listed else b"")):
        code = codes.get(_attributes(found[1]).get(b"numFmtId", b""), "")
        if index < _MOST_FORMATS and (read := number_format(code)) is not None:
            formats[str(index).encode()] = read
    return formats


def as_shown(sheet: bytes, formats: Mapping[bytes, NumberFormat]) -> bytes:
    """Return a sheet in which numbers that show more than themselves are texts."""
    if not formats:
        return sheet

    def cell(found: re.Match[bytes]) -> bytes:
        attributes = _attributes(found["attributes"])
        style = formats.get(attributes.get(b"s", b""))
        if style is None or attributes.get(b"t", b"n") != b"n":
            return found[0]
        shown = style.shown(found["value"].decode("ascii", errors="replace").strip())
        if shown is None:
            return found[0]
        where = b' r="%s"' % attributes[b"r"] if b"r" in attributes else b""
        name = found["prefix"]
        text = escape(shown).encode()
        return b'<%sc%s t="str"><%sv>%s</%sv>' % (name, where, name, text, name)

    return _CELL.sub(cell, sheet)


def _attributes(text: bytes) -> dict[bytes, bytes]:
    return {found[1]: found[2] or found[3] or b"" for found in _ATTRIBUTE.finditer(text)}


def number_format(code: str) -> NumberFormat | None:
    """Return what a format's code says of a positive number, where it is one of zeros and texts."""
    before, zeros, after = "", "", ""
    at = 0
    while at < len(code) and code[at] != ";":
        token = _TOKEN.match(code, at)
        if token is None:
            return None
        at = token.end()
        if token[3] is not None:
            if zeros:
                return None
            zeros = token[3]
        else:
            literal = token[1] or token[2] or token[4] or ""
            before, after = (before, after + literal) if zeros else (before + literal, after)
    whole, _, part = zeros.partition(".")
    if part and (before or after):
        return None
    if len(whole) > 1 or part or (zeros and (before.strip() or after.strip())):
        return NumberFormat(before, len(whole), len(part), after)
    return None
