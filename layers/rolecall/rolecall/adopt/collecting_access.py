"""The answers about access: whether it is still needed, and what became of it where it is not.

A yes is a confirmation where somebody may give one (:mod:`rolecall.adopt.collecting_confirmer`),
and never by the holder: what anybody says of their own access counts for nothing. A no is nothing
yet: access is gone when it was taken away on the platform, on a day that somebody names.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from rolecall.adopt.collecting_cells import CollectedCells
from rolecall.adopt.collecting_changes import CollectedChange
from rolecall.adopt.collecting_confirmer import Confirmer
from rolecall.adopt.collecting_fields import ACCESS, COLLECTED_FIELDS, RowLabels, from_plain_words
from rolecall.adopt.collecting_reading import ReturnedBook
from rolecall.adopt.collecting_rows import ReturnedRow
from rolecall.adopt.questions import Answers, Choice, OpenQuestions, Question
from rolecall.adopt.sheets import SheetCell
from rolecall.model import Grant, Snapshot
from rolecall.printable import shorten
from rolecall.quantity import counted
from rolecall.registry.problems import suggestion
from rolecall.registry.schema import columns

__all__ = ["AccessAnswers"]

_FIELDS = {one.name: one for one in COLLECTED_FIELDS[ACCESS]}
_NOT_YET, _TODAY = "not-yet", "today"


class AccessAnswers:
    """Takes the answers of one workbook about access."""

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
        self._cells = cells
        self._today = today
        self._confirmer = Confirmer(book, snapshot, labels, cells, answers, today)
        units = {id_ for id_, _ in book.units}
        of_units = {one.id for one in snapshot.accounts if one.entity_id in units}
        self._called = {
            called: id_
            for id_, called in book.accounts.items()
            if id_ in of_units and labels.is_account(id_, called)
        }
        self._live: dict[tuple[str, str], Grant] = {
            (one.account_id, one.person_id): one for one in snapshot.grants if one.is_live
        }
        self._unconfirmed: defaultdict[str, list[str]] = defaultdict(list)
        self.changes: list[CollectedChange] = []
        self.warnings: list[str] = []
        self.questions = OpenQuestions(answers)

    def take(self, row: ReturnedRow) -> None:
        """Take what a row about somebody's access says."""
        needed, day = row.said.get("needed", ""), row.said.get("revoked_on", "")
        word = from_plain_words("needed", _text(needed))
        name = self._name(row.keys)
        if needed != "" and not word:
            self.warnings.append(f"{row.place}: {shorten(_text(needed))} is neither yes nor no")
        elif word == "yes" and day != "":
            self.warnings.append(
                f"{row.place}: {name} is still needed, and taken away; say which. Nothing was taken"
            )
        elif row.keys not in self._live:
            if word == "yes":
                self.warnings.append(f"{row.place}: {name} is not on record any more; left out")
        elif word == "yes":
            self._confirm(row.keys)
        elif day != "":
            self._taken_away(row, day)
        else:
            self._ask(row)

    def added(self, row: ReturnedRow) -> None:
        """Take a row that somebody added: who has access, and is not on record."""
        account = self._called.get(_text(row.said.get("account", "")))
        if account is None:
            self.warnings.append(
                f"{row.place}: its account is none of this workbook; write it as it stands in the "
                "other rows. The row was left out"
            )
            return
        person = self._cells.person(_text(row.said.get("person", "")), row.place)
        if person.text is None:
            if person.doubt:
                self.warnings.append(f"{row.place}: {person.doubt}; the row was left out")
            return
        choices = columns("grants")["role"].choices
        role = _text(row.said.get("role", "")).casefold()
        if role not in choices:
            told = f"{', '.join(choices)}{suggestion(role, choices)}"
            self.warnings.append(f"{row.place}: the role is none of {told}; the row was left out")
            return
        key = (account, person.text)
        if key not in self._live:
            cells = {"account_id": account, "person_id": person.text, "role": role}
            sentence = f"{self._name(key)}: new, as {role}"
            cells["revoked_on"] = ""
            self.changes.append(CollectedChange("grants", key, cells, sentence, is_new=True))
        if from_plain_words("needed", _text(row.said.get("needed", ""))) == "yes":
            self._confirm(key)

    def open(self) -> tuple[Question, ...]:
        """Return what nobody has answered."""
        return (*self.questions.open(), *self._confirmer.questions.open())

    def finish(self) -> None:
        """Say which answers confirm nothing, and why; once for each reason."""
        for doubt, names in self._unconfirmed.items():
            more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""
            answers = counted(len(names), "yes confirms", "yeses confirm")
            self.warnings.append(f"{answers} nothing, as {doubt}: {'; '.join(names[:3])}{more}")

    def _name(self, key: tuple[str, str]) -> str:
        account, person = key
        return f"{self._labels.account(account)}: the access of {self._labels.person(person)}"

    def _confirm(self, key: tuple[str, str]) -> None:
        doubt, day = self._confirmer.doubt_of(*key), self._confirmer.day
        if doubt or day is None:
            self._unconfirmed[doubt].append(self._name(key))
            return
        grant = self._live.get(key)
        if grant is not None and grant.attested_on is not None and grant.attested_on >= day:
            is_same = grant.attested_on == day and grant.attested_by == self._confirmer.person
            if not is_same and grant.attested_by != key[1]:
                self.warnings.append(
                    f"{self._name(key)} was confirmed on {grant.attested_on} already; that stays"
                )
                return
            if is_same:
                return
        by = self._labels.person(self._confirmer.person)
        cells = {"attested_on": day.isoformat(), "attested_by": self._confirmer.person}
        sentence = f"{self._name(key)}: still needed, says {by} on {day}"
        self.changes.append(CollectedChange("grants", key, cells, sentence))

    def _taken_away(self, row: ReturnedRow, cell: SheetCell) -> None:
        said = self._cells.said(_FIELDS["revoked_on"], cell, row.place)
        given = self._live[row.keys].granted_on
        if said.text is None:
            self.warnings.append(f"{row.place}: {_FIELDS['revoked_on'].heading} {said.doubt}")
        elif given is not None and said.text < given.isoformat():
            self.warnings.append(
                f"{row.place}: {self._name(row.keys)} was given on {given}, after the day on which "
                f"it was taken away ({said.text}); nothing was taken"
            )
        else:
            self._revoke(row.keys, said.text)

    def _revoke(self, key: tuple[str, str], day: str) -> None:
        sentence = f"{self._name(key)}: taken away on {day}"
        self.changes.append(CollectedChange("grants", key, {"revoked_on": day}, sentence))

    def _ask(self, row: ReturnedRow) -> None:
        """Ask whether access that nobody needs was taken away already."""
        question = Question(
            id=f"collected:access:{row.keys[0]}:{row.keys[1]}",
            text=(
                f"{self._name(row.keys)} is not needed any more. Was it taken away on the "
                "platform? Write the day, such as 2026-01-31, if it was on another one."
            ),
            choices=(Choice(_NOT_YET, "not yet"), Choice(_TODAY, "yes, today")),
            safest=_NOT_YET,
            places=(row.place,),
            is_open=True,
        )
        answer = self.questions.answer(question)
        if answer == _NOT_YET:
            self.warnings.append(
                f"{self._name(row.keys)} is not needed any more: take it away on the platform, and "
                "write the day into revoked_on of grants, or into the workbook"
            )
        else:
            self._taken_away(row, self._today if answer == _TODAY else answer)


def _text(cell: SheetCell) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return cell.isoformat() if isinstance(cell, date) else " ".join(cell.split())
