"""What a cell that somebody filled in says, in the registry's own words; or why it says nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from rolecall.adopt.collecting_fields import (
    CollectedField,
    RowLabels,
    from_plain_words,
    plain_choices,
)
from rolecall.adopt.dates import date_in
from rolecall.adopt.questions import Answers, Choice, OpenQuestions, Question
from rolecall.adopt.sheets import SheetCell
from rolecall.printable import shorten
from rolecall.quantity import counted
from rolecall.registry.words_for_nothing import WordsForNothing

__all__ = ["CellSaid", "CollectedCells"]

_NOBODY = frozenset({"nobody", "no one", "noone", "none", "nothing"})
_MOST_LOOKED_FOR = 1_000
"""Names for which a near one is looked for: it takes milliseconds each."""
_SEVERAL = re.compile(r"[;|\n]")
_EMAIL = re.compile(r"[^\s@;,]+@[^\s@;,]+\.[^\s@;,]+")


class CellSaid(NamedTuple):
    """What a cell says: the text that the registry is to have, or why it has none.

    :ivar text: ``None`` where nothing is taken.
    :ivar doubt: why it is not, in a sentence; empty where somebody is asked.
    """

    text: str | None
    doubt: str = ""


class CollectedCells:
    """Reads the cells of a workbook, and asks whom a name means that two people have."""

    def __init__(
        self, labels: RowLabels, nothing: WordsForNothing, answers: Answers, today: date
    ) -> None:
        self._labels = labels
        self._nothing = nothing
        self._today = today
        self._strangers = 0
        self.questions = OpenQuestions(answers)

    def said(self, field: CollectedField, cell: SheetCell, place: str) -> CellSaid:
        """Return what a cell says."""
        text = _plain(cell)
        if not text:
            return CellSaid(None, "was emptied, which changes nothing; write nobody or none")
        if field.kind == "date":
            return self._day(cell, text)
        if field.kind == "choice":
            word = from_plain_words(field.name, text)
            if not word and self._nothing.say(text):
                return CellSaid(None, f"says nothing ({shorten(text)})")
            told = f"is none of: {', '.join(plain_choices(field.name))}{self._shown(field, text)}"
            return CellSaid(word) if word else CellSaid(None, told)
        if text.casefold() in _NOBODY:
            return CellSaid("")
        if self._nothing.say(text):
            return CellSaid(None, f"says nothing ({shorten(text)})")
        if field.kind in ("person", "people"):
            return self._people(field, text, place)
        if field.kind == "e-mail" and _EMAIL.fullmatch(text) is None:
            return CellSaid(None, "is no e-mail address")
        if field.kind == "text" and (" " in text or "." not in text):
            return CellSaid(None, f"is no address ({shorten(text)})")
        return CellSaid(text)

    def person(self, text: str, place: str) -> CellSaid:
        """Return who is meant by a name."""
        found = self._labels.people_called(text)
        if len(found) == 1:
            return CellSaid(found[0])
        if found:
            chosen = self._asked(text, found, place)
            return CellSaid(chosen or None)
        self._strangers += 1
        near = self._labels.like(text) if self._strangers <= _MOST_LOOKED_FOR else ""
        return CellSaid(None, f"is nobody of the registry ({shorten(text)}){near}")

    def _day(self, cell: SheetCell, text: str) -> CellSaid:
        day = date_in(cell)
        if day is None:
            return CellSaid(None, f"is no day for sure ({shorten(text)}); write it as 2026-01-31")
        if day > self._today:
            return CellSaid(None, f"is a day to come ({day}), and is not taken")
        return CellSaid(day.isoformat())

    def _people(self, field: CollectedField, text: str, place: str) -> CellSaid:
        is_one = field.kind == "person" or self._labels.people_called(text)
        names = [text] if is_one else [one for one in map(_plain, _SEVERAL.split(text)) if one]
        found = list(dict.fromkeys(self._each(field, names, place)))
        doubt = next((one.doubt for one in found if one.doubt), "")
        if doubt or any(one.text is None for one in found):
            return CellSaid(None, doubt)
        return CellSaid("|".join(one.text or "" for one in found))

    def _each(self, field: CollectedField, names: Sequence[str], place: str) -> Iterator[CellSaid]:
        for name in names:
            said = self.person(name, place)
            if said.doubt and field.is_private:
                # It could be the secret itself.
                said = CellSaid(None, "names somebody who is nobody of the registry; not shown")
            yield said

    def _asked(self, text: str, ids: Sequence[str], place: str) -> str:
        question = Question(
            id=f"collected:person:{text}:{place}",
            text=(
                f"{shorten(text)} is the name of {counted(len(ids), 'person', 'people')} of the "
                "registry. Who is meant?"
            ),
            choices=(
                *(Choice(one, self._labels.person(one)) for one in ids),
                Choice("", "nobody of them: leave it as it is"),
            ),
            safest="",
            places=(place,),
        )
        return self.questions.answer(question)

    def _shown(self, field: CollectedField, text: str) -> str:
        return "; what stands there is not shown" if field.is_private else f" ({shorten(text)})"


def _plain(cell: SheetCell) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return " ".join((cell.isoformat() if isinstance(cell, date) else cell).split())
