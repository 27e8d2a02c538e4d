"""What the cells of a column look like, whatever stands above them."""

# Apostrophes are written here as people type them.
# ruff: noqa: RUF001

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct

from rolecall.adopt.account_addresses import page_address
from rolecall.adopt.dates import date_in
from rolecall.adopt.name_keys import word_key
from rolecall.adopt.people_words import ROLES
from rolecall.adopt.platform_words import platform_within, platforms_named
from rolecall.adopt.sheets import Sheet, SheetCell
from rolecall.adopt.yes_no import yes_or_no

__all__ = ["ColumnContent", "column_content"]

_MOST_LOOKED_AT = 400
_SAMPLES = 3
# Marks that are something else as well: the other cells tell.
_MARKED: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("x", "X"), ("yes_no", "platforms", "labels")),
    **dict.fromkeys(("0", "1"), ("yes_no", "numbers")),
    "?": ("yes_no",),
}
# What has more digits is an id: some platforms number their pages.
_LONGEST_NUMBER = 11
# Letters on both sides of a full stop: a host, or the name of an account, and no sentence.
_DOTTED = re.compile(r"[^\W_]\.[^\W\d_]")
_EMAIL = re.compile(r"<?[^\s@<>,;]+@[^\s@<>,;]+\.[^\W\d_]{2,}>?")
_HANDLE = re.compile(r"@[\w.-]{2,60}")
_NUMBER = re.compile(r"[+-]?[\d.,' ]*\d")
_WORD_OF_NAME = r"[^\W\d_a-z][\w.'’-]*"
_NAME = re.compile(rf"{_WORD_OF_NAME},?(?: (?:{_WORD_OF_NAME}|[a-z]{{1,4}}),?){{1,4}}")


class ColumnContent(Struct, frozen=True):
    """The shares of a column's cells, of those that are not empty, that look like something.

    :ivar filled: how many cells are looked at and not empty.
    :ivar samples: some of them, each another one.
    :ivar labels: the share of names of accounts that say their platform: "Mass stream (YouTube)".
    :ivar roles: the share of words for a role on an account.
    :ivar social: the share of addresses of platforms other than websites.
    :ivar platform: the platform that most of the addresses are of, where most are of one.
    """

    filled: int
    samples: tuple[str, ...]
    addresses: float = 0.0
    social: float = 0.0
    platform: str = ""
    emails: float = 0.0
    dates: float = 0.0
    yes_no: float = 0.0
    numbers: float = 0.0
    platforms: float = 0.0
    handles: float = 0.0
    names: float = 0.0
    labels: float = 0.0
    roles: float = 0.0
    distinct: float = 0.0


def column_content(sheet: Sheet, index: int) -> ColumnContent:
    """Return what the cells of a column look like."""
    cells = [row.cells[index] for row in sheet.rows if index < len(row.cells)]
    filled = [cell for cell in cells if cell != ""]
    looked = filled[:: max(1, len(filled) // _MOST_LOOKED_AT)]
    texts = [_text(cell) for cell in looked]
    samples = tuple(dict.fromkeys(texts))[:_SAMPLES]
    if not looked:
        return ColumnContent(0, ())
    found: Counter[str] = Counter()
    platforms: Counter[str] = Counter()
    for cell, text in zip(looked, texts, strict=True):
        for kind in _kinds(cell, text, platforms):
            found[kind] += 1
    total = len(looked)
    first = platforms.most_common(1)
    most = first[0][0] if first and first[0][1] * 2 > total else ""
    return ColumnContent(
        len(filled),
        samples,
        platform=most,
        distinct=len(set(texts)) / total,
        **{kind: count / total for kind, count in found.items()},
    )


def _text(cell: SheetCell) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return cell.isoformat() if isinstance(cell, date) else cell


def _kinds(cell: SheetCell, text: str, platforms: Counter[str]) -> Sequence[str]:
    """Return what a cell looks like, and count the platform of an address."""
    if isinstance(cell, date):
        return ("dates",)
    if (marked := _MARKED.get(text)) is not None:
        return marked
    if isinstance(cell, bool) or (not _DOTTED.search(text) and _is_answer(text)):
        return ("yes_no",)
    if _EMAIL.fullmatch(text):
        return ("emails",)
    if date_in(text, "day") is not None or date_in(text, "month") is not None:
        return ("dates",)
    if _is_number(text):
        return ("numbers",)
    if platforms_named(text):
        return ("platforms", "labels")
    return _words(text, platforms)


def _words(text: str, platforms: Counter[str]) -> Sequence[str]:
    """Return what a text looks like that is neither an answer nor a number."""
    words = text.split()
    pages = [page for word in words[:4] if (page := page_address(word)) is not None]
    if pages:
        platforms[pages[0].platform] += 1
        return ("addresses",) if pages[0].platform == "website" else ("addresses", "social")
    if _HANDLE.fullmatch(text):
        return ("handles",)
    if word_key(text) in ROLES:
        return ("roles",)
    named = ("names",) if _NAME.fullmatch(text) else ()
    return (*named, "labels") if platform_within(text) is not None else named


def _is_number(text: str) -> bool:
    return len(text) <= _LONGEST_NUMBER and _NUMBER.fullmatch(text) is not None


def _is_answer(text: str) -> bool:
    return not _is_number(text) and yes_or_no(text) is not None
