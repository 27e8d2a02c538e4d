"""Who filled a workbook in, on which day, and whether that confirms anything.

A confirmation is by somebody whom the registry knows, who serves, and who answers for the unit: its
head, a head above, or whom of IT one of them named. Of anybody else it is asked.
"""

from __future__ import annotations

from datetime import date

from rolecall.adopt.collecting_cells import CollectedCells
from rolecall.adopt.collecting_fields import FILLED_BY, FILLED_ON, RowLabels
from rolecall.adopt.collecting_reading import ReturnedBook
from rolecall.adopt.dates import date_in
from rolecall.adopt.questions import Answers, Choice, OpenQuestions, Question
from rolecall.lineage import lineage_of
from rolecall.model import Snapshot
from rolecall.printable import shorten

__all__ = ["Confirmer"]


class Confirmer:
    """Tells whether a yes of one workbook confirms an access.

    :ivar person: who filled it in, empty where that is not sure.
    :ivar day: the day on which they did, ``None`` where that is not sure.
    :ivar doubt: why nothing is confirmed; empty where it can be.
    """

    def __init__(
        self,
        book: ReturnedBook,
        snapshot: Snapshot,
        labels: RowLabels,
        cells: CollectedCells,
        answers: Answers,
        today: date,
    ) -> None:
        self._labels = labels
        self._entities = {one.id: one for one in snapshot.entities}
        self._units = {one.id: one.entity_id for one in snapshot.accounts}
        self.questions = OpenQuestions(answers)
        self.person, self.doubt = self._person(book, cells)
        self.day = date_in(book.filled_on)
        known = {one.id: one for one in snapshot.people}
        if self.doubt:
            return
        if self.day is None:
            self.doubt = f"no day stands beside {FILLED_ON}; write one, as 2026-01-31"
        elif self.day > today:
            self.doubt = f"the day beside {FILLED_ON} is to come ({self.day})"
        elif self.person in known and not known[self.person].is_active(self.day):
            self.doubt = f"{labels.person(self.person)}, who filled it in, served no more by then"

    def _person(self, book: ReturnedBook, cells: CollectedCells) -> tuple[str, str]:
        text = " ".join(book.filled_by.split())
        if not text:
            return "", f"nobody stands beside {FILLED_BY}"
        said = cells.person(text, f"{book.file}, {FILLED_BY}")
        if said.text is None:
            told = said.doubt or f"several people are called {shorten(text)}"
            return "", f"who stands beside {FILLED_BY} {told}" if said.doubt else told
        return said.text, ""

    def doubt_of(self, account: str, person: str) -> str:
        """Return why this workbook does not confirm somebody's access; empty where it does."""
        if self.doubt:
            return self.doubt
        name = self._labels.person(self.person)
        if person == self.person:
            return f"it is {name}'s own, and somebody above them has to confirm it"
        unit = self._units.get(account)
        for entity in lineage_of(unit, self._entities):
            if self.person == entity.head_id or self.person in entity.it_delegate_ids:
                return ""
        of_unit = self._labels.unit(unit or "")
        question = Question(
            id=f"collected:confirms:{unit}:{self.person}",
            text=(
                f"{name}, who filled it in, does not head {of_unit}. Do they confirm for its head?"
            ),
            choices=(
                Choice("no", "no: their answers confirm nothing"),
                Choice("yes", "yes, the head asked them to"),
            ),
            safest="no",
        )
        if self.questions.answer(question) == "yes":
            return ""
        return f"{name}, who filled it in, does not head {of_unit}"
