"""Whether somebody on a roster serves, by the words for it and by the day on which they left.

Rules, each of which accuses nobody of what the roster does not surely say:

- A word that says surely that somebody serves, is suspended or left is taken so; any other is
  asked, once for the whole roster, and until somebody answers it is taken for serving.
- A day on which somebody left that is over is enough where no word says otherwise. Where a word
  says that the person serves, it is asked.
- A day still to come is kept beside a status of serving: until then the person does.
- That somebody never signed in says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from rolecall.adopt.dates import DateOrder, date_in
from rolecall.adopt.name_keys import word_key
from rolecall.adopt.person_questions import PersonQuestions
from rolecall.adopt.questions import Choice, Question
from rolecall.adopt.roster_words import AWAY, NEGATED, STATUSES
from rolecall.adopt.sheets import SheetCell
from rolecall.adopt.yes_no import yes_or_no
from rolecall.vocabulary import PersonStatus

__all__ = ["RosterStatus", "StatusReader"]

_RANKS: Sequence[PersonStatus] = ("left", "suspended", "active")


class RosterStatus(NamedTuple):
    """Whether somebody serves.

    :ivar word: the word for it that had to be asked about.
    """

    status: PersonStatus
    left_on: date | None = None
    word: str = ""


class StatusReader:
    """Reads the cells of a roster that say whether people serve."""

    def __init__(self, today: date, order: DateOrder, questions: PersonQuestions) -> None:
        """Begin with what day it is, and what stands first in the roster's dates."""
        self._today, self._order, self._questions = today, order, questions

    def read(
        self,
        who: str,
        key: str,
        cells: Sequence[tuple[str, SheetCell, str]],
        ends: Sequence[tuple[str, SheetCell]],
    ) -> RosterStatus:
        """Return whether somebody serves.

        :param who: the person, in a question; ``key`` names them in its id.
        :param cells: what stands in columns of the status, each with its heading and its place.
        :param ends: what stands in columns of the day on which they left, with its place.
        """
        found: list[PersonStatus] = []
        word = ""
        for heading, cell, place in cells:
            status, asked = self._status(heading, cell, place)
            word = word or asked
            if status is not None:
                found.append(status)
        # A column a state, suspended and archived: the one that is worst is what is so.
        status = min(found, key=_RANKS.index, default=None)
        place, end, is_over = self._end(ends)
        if status == "active" and is_over and not word:
            status = self._contradiction(who, key, end, place)
            return RosterStatus(status, end if status == "left" else None)
        if is_over:
            return RosterStatus("left" if status != "suspended" else status, end, word)
        if status == "left" and end is not None:
            # They are to leave: until then they serve.
            return RosterStatus("active", end, word)
        return RosterStatus(status or "active", end, word)

    def _status(self, heading: str, cell: SheetCell, place: str) -> tuple[PersonStatus | None, str]:
        """Return the status that a cell says, and its word where that had to be asked."""
        told = yes_or_no(cell) if word_key(str(cell)) not in STATUSES else None
        if told is not None:
            if (named := word_key(heading)) in NEGATED:
                says = STATUSES.get(named.removeprefix("is "), "suspended")
                return (says if told else None), ""
            return ("active" if told else "left"), ""
        if not isinstance(cell, str) or not cell:
            return None, ""
        key = word_key(cell)
        if key in STATUSES:
            return STATUSES[key], ""
        if (day := date_in(cell, self._order)) is not None and word_key(heading) in NEGATED:
            return ("left" if day <= self._today else None), ""
        return self._asked(cell, key, place), cell

    def _asked(self, cell: str, key: str, place: str) -> PersonStatus:
        away = "somebody is away" if key in AWAY else "nothing that is known here"
        answer = self._questions.answer(
            Question(
                id=f"status-word:{key}",
                text=f'The roster has "{cell}" for a status, which says that {away}.'
                " May people of this status have access?",
                choices=(
                    Choice("active", "yes: they serve, and may be away for a while"),
                    Choice("suspended", "no: they are suspended"),
                    Choice("left", "no: they left"),
                ),
                safest="active",
                places=(place,),
            )
        )
        return next((status for status in _RANKS if status == answer), "active")

    def _end(self, ends: Sequence[tuple[str, SheetCell]]) -> tuple[str, date | None, bool]:
        """Return where the day of leaving stands, the day, and whether it is over."""
        for place, cell in ends:
            if cell == "" or yes_or_no(cell) is False:
                continue
            if (day := date_in(cell, self._order)) is not None:
                return place, day, day <= self._today
            either = [date_in(cell, order) for order in ("day", "month")]
            days = [one for one in either if one is not None]
            is_over = bool(days) and all(one <= self._today for one in days)
            if is_over or yes_or_no(cell) is True or STATUSES.get(word_key(str(cell))) == "left":
                # That they left is sure, the day is not.
                return place, None, True
        return "", None, False

    def _contradiction(self, who: str, key: str, end: date | None, place: str) -> PersonStatus:
        since = f"left on {end}" if end else "left"
        answer = self._questions.answer(
            Question(
                id=f"left-or-serves:{key}",
                text=f"{who} is called active on the roster, and {since}. Which is so?",
                choices=(Choice("active", "they serve"), Choice("left", f"they {since}")),
                safest="active",
                places=(place,),
            )
        )
        return "left" if answer == "left" else "active"
