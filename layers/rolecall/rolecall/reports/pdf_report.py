"""The report as PDF: PDF/A-2a and PDF/UA-1, tagged, with bookmarks.

What a report says comes into the typesetter as data, never as markup. Its fonts come with it
(:mod:`.covered`); a sign that none of them has, such as a Chinese one or an emoji, is written as
its code, such as ``[U+1F511]``.

Addresses and handles may be longer than a column: they may break after a sign, very long ones
anywhere. The places are marked here and not by the typesetter, which would take each for a group of
its own, and gives up where there are some hundreds in one cell. Digests and the checkpoint have
none: they can be copied as they are.
"""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import datetime
from importlib.resources import files
from typing import Any

import typst

from rolecall.reports.covered import is_covered
from rolecall.reports.document import ReportDocument
from rolecall.reports.view import view_of

__all__ = ["pdf_report"]

_BREAK = "\u200b"
_LONGEST, _VERY_LONG = 16, 30
_LONG = re.compile(rf"\S{{{_LONGEST},}}")
# Not after what a word begins with, nor within ``://``: nobody could read on.
_BETWEEN = re.compile(r"((?<=\w)[@._/-]+)(?=\w)")
_WHOLE = frozenset({"digest", "checkpoint", "run", "url", "key", "failing"})
"""What a page shows as it is, by the name that it has in the view."""


def pdf_report(document: ReportDocument) -> bytes:
    """Return the report."""
    data = json.dumps(_legible(view_of(document)), ensure_ascii=False)
    source = (files("rolecall.reports") / "templates" / "report.typ").read_bytes()
    made: bytes = typst.compile(
        source,
        format="pdf",
        sys_inputs={"data": data},
        ignore_system_fonts=True,
        pdf_standards=["a-2a", "ua-1"],
        # The instant of the audit, not of the clock: the same run gives the same bytes.
        timestamp=_seconds(document.run.as_of),
    )
    return made


def _seconds(at: datetime) -> int:
    return int(at.timestamp())


def _legible(value: Any) -> Any:
    """Return data in which every sign is one that the fonts have."""
    match value:
        case str():
            return _broken(value if value.isascii() else "".join(map(_sign, value)))
        case dict():
            made = {name: one if name in _WHOLE else _legible(one) for name, one in value.items()}
            return {**made, "address": _legible(value["url"])} if "url" in value else made
        case list():
            return [_legible(one) for one in value]
        case _:
            return value


def _broken(text: str) -> str:
    """Return a text with the places at which its long words may break."""
    return _LONG.sub(_broken_word, text) if len(text) >= _LONGEST else text


def _broken_word(found: re.Match[str]) -> str:
    word = found[0]
    if word.startswith("--") and len(word) < _VERY_LONG:
        # An option is typed as it stands there.
        return word
    if len(word) < _VERY_LONG:
        return _BETWEEN.sub(rf"\1{_BREAK}", word)
    # A mark stays with the letter that it stands on.
    signs = (f"{'' if unicodedata.combining(sign) else _BREAK}{sign}" for sign in word)
    return "".join(signs).removeprefix(_BREAK)


def _sign(sign: str) -> str:
    return sign if is_covered(sign) else f"[U+{ord(sign):04X}]"
