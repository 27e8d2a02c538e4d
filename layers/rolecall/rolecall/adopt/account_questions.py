"""Cells that name no account though they say something of one: asked once a column and kind.

That there is an account whose name nobody wrote is worth an answer, and so is a mailbox where a
name should be. Until there is one the cell is left out: an account that is called "yes" would be
found nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping

from rolecall.adopt.account_cells import CellFlaw, NamedAccount
from rolecall.adopt.columns import ColumnMeaning
from rolecall.adopt.questions import Answers, Choice, Question
from rolecall.keys.platforms import PLATFORMS
from rolecall.printable import shorten
from rolecall.quantity import counted

__all__ = ["UnclearCells"]

_SHOWN = 3
_LATER = Choice("later", "Leave them out until it is known")
_CHOICES: Mapping[CellFlaw, tuple[Choice, ...]] = {
    "yes": (_LATER, Choice("none", "There is no account: leave them out")),
    "email": (_LATER, Choice("name", "It is the name of the account")),
    "words": (_LATER, Choice("name", "It is what the account is called there")),
    "page": (_LATER, Choice("website", "Take it as the address of a website")),
    "site": (_LATER, Choice("website", "Take it as the address of a website")),
    "no platform": (
        _LATER,
        *(
            Choice(name, name)
            for name in PLATFORMS
            if name not in ("google", "mailchimp", "website", "eventbrite")
        ),
    ),
}
_ASKED: Mapping[CellFlaw, str] = {
    "yes": "says that there is an account, and not which. Which is it?",
    "email": "holds the address of a mailbox where an account should be. Is it the account's name?",
    "words": "holds words where an account should be. Are they its name?",
    "page": "holds an address that names no account. What is it?",
    "site": "holds the address of a website. What is it?",
    "no platform": "names an account, and nothing says of which platform. Of which is it?",
}


class UnclearCells:
    """The cells of one sheet that name no account, and what was answered about them."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._found: dict[tuple[str, CellFlaw], tuple[ColumnMeaning, list[tuple[str, str]]]] = {}

    def answered(
        self, named: NamedAccount, column: ColumnMeaning, place: str
    ) -> NamedAccount | None:
        """Return the account that an answer makes of a cell, ``None`` while there is none."""
        if named.flaw not in _CHOICES:
            return None
        _, cells = self._found.setdefault((column.key, named.flaw), (column, []))
        cells.append((named.written, place))
        answer = self._answers.get(_id(column, named.flaw), "later")
        if answer == "name":
            return named._replace(handle=named.written.strip("<>"), flaw="")
        if answer == "website" and named.url:
            host = named.url.partition("://")[2].removeprefix("www.")
            return named._replace(platform="website", handle=host, flaw="")
        if answer in PLATFORMS and named.flaw == "no platform":
            return named._replace(platform=answer, flaw="")
        return None

    def questions(self) -> tuple[Question, ...]:
        """Return what is to be asked."""
        return tuple(
            _question(column, flaw, cells) for (_, flaw), (column, cells) in self._found.items()
        )


def _id(column: ColumnMeaning, flaw: CellFlaw) -> str:
    return f"accounts:{column.key}:{flaw}"


def _question(column: ColumnMeaning, flaw: CellFlaw, cells: list[tuple[str, str]]) -> Question:
    texts = list(dict.fromkeys(shorten(text, 40) for text, _ in cells))
    shown = ", ".join(f'"{text}"' for text in texts[:_SHOWN])
    rows = counted(len(cells), "row")
    return Question(
        _id(column, flaw),
        f"The column {shorten(column.heading)} {_ASKED[flaw]} It has {shown} in {rows}.",
        _CHOICES[flaw],
        "later",
        tuple(place for _, place in cells),
    )
