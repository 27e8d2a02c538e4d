"""Texts for a terminal: broken between words, as wide as signs are, told apart without colours.

A sign may be two columns wide or none. A word is broken only where it is longer than a line. What
is read from right to left stands between marks that keep the rest of its line in order.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from rich.cells import cell_len, chop_cells

__all__ = ["LEAST_WIDTH", "TerminalText"]

LEAST_WIDTH = 80
"""Columns for which everything is written, however narrow the terminal is."""
_COLOURS = {
    "critical": "1;31",
    "high": "31",
    "medium": "33",
    "low": "36",
    "new": "1",
    "regressed": "1;35",
    "resolved": "32",
    "waived": "2",
    "bold": "1",
    "dim": "2",
}
_MARK = "\u200e"
"""Says that a line is read from left to right; it takes no room."""
_NOT_LATIN = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff]")


class TerminalText:
    """Writes texts for a terminal of so many columns."""

    def __init__(self, width: int, *, colour: bool) -> None:
        """Take the terminal.

        :param width: its columns; it is written for :data:`LEAST_WIDTH` at least.
        :param colour: whether to use ANSI colours.
        """
        self.width = max(width, LEAST_WIDTH)
        self.colour = colour

    def paint(self, text: str, style: str) -> str:
        """Return a text in a style."""
        code = _COLOURS.get(style) if self.colour and text else None
        return f"\x1b[{code}m{text}\x1b[0m" if code else text

    def wrapped(self, text: str, indent: str, style: str = "", first: str = "") -> Iterator[str]:
        """Yield a text in lines.

        :param indent: before each line.
        :param first: in place of the indent before the first line, as wide as that; it is painted
            already.
        """
        room = self.width - len(indent)
        before = first or indent
        while text:
            piece, text = self._cut(text, room)
            painted = self.paint(piece, style) if style else piece
            yield before + _in_order(painted)
            before = indent

    def pair(self, left: str, right: str, style: str = "") -> Iterator[str]:
        """Yield a text with another at the right edge; below it where there is no room."""
        free = self.width - cell_len(left) - len(right)
        if free >= 2:
            yield self.paint(_in_order(left), style) + " " * free + right
            return
        yield from self.wrapped(left, "", style)
        yield f"{right:>{self.width}}"

    def _cut(self, text: str, room: int) -> tuple[str, str]:
        """Return what stands on a line, and the rest."""
        # Only the start of a text is measured: one of 100,000 characters is cut 1,000 times.
        head = text[: room + 1]
        if not head.isascii():
            head = chop_cells(text[: 4 * room], room)[0]
        if len(head) == len(text) and (len(head) <= room or not head.isascii()):
            return text, ""
        if head.isascii():
            head = text[:room]
        if text[len(head) : len(head) + 1] == " ":
            return head.rstrip(), text[len(head) :].lstrip()
        at = head.rfind(" ")
        if at > 0:
            return head[:at].rstrip(), text[at:].lstrip()
        while len(head) > 1 and unicodedata.combining(text[len(head)]):
            head = head[:-1]
        return head, text[len(head) :]


def _in_order(text: str) -> str:
    """Return a line that is read from left to right, whatever stands in it."""
    return f"{_MARK}{text}{_MARK}" if _NOT_LATIN.search(text) else text
