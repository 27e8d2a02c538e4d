"""What the answers of a head change in a registry, and what they confirm.

Only what was changed by whoever filled a workbook in is taken. What was edited in the registry
meanwhile stays, and is said; a row that a workbook does not have is no answer at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from rolecall.adopt.collecting import AskedRows
from rolecall.adopt.collecting_access import AccessAnswers
from rolecall.adopt.collecting_cells import CollectedCells
from rolecall.adopt.collecting_changes import CollectedChange
from rolecall.adopt.collecting_fields import (
    ACCOUNTS,
    COLLECTED_FIELDS,
    LOGIN_FIELDS,
    NOT_ASKED,
    CollectedField,
)
from rolecall.adopt.collecting_reading import ReturnedBook
from rolecall.adopt.collecting_rows import ReturnedRow
from rolecall.adopt.questions import Answers, Choice, OpenQuestions, Question
from rolecall.adopt.sheets import SheetCell
from rolecall.adopt.yes_no import yes_or_no
from rolecall.errors import Problem, RegistryError
from rolecall.model import Account, Snapshot
from rolecall.printable import printable, shorten
from rolecall.registry.words_for_nothing import WordsForNothing

__all__ = ["CollectedAnswers", "collected_answers"]

_FIELDS = {one.name: one for one in COLLECTED_FIELDS[ACCOUNTS]}


class CollectedAnswers(Struct, frozen=True):
    """What one workbook makes of a registry.

    :ivar changes: in the order in which they were read.
    :ivar warnings: what was not taken, and why, in sentences.
    """

    changes: tuple[CollectedChange, ...]
    warnings: tuple[str, ...]
    questions: tuple[Question, ...]


def collected_answers(
    book: ReturnedBook,
    snapshot: Snapshot,
    rows: AskedRows,
    answers: Answers,
    today: date,
    nothing: WordsForNothing,
) -> CollectedAnswers:
    """Return what a workbook that came back makes of a registry.

    :param rows: the rows of the registry as it is.
    :raises RegistryError: it was made of another registry.
    """
    labels = rows.labels
    if not any(labels.is_account(*one) for one in book.accounts.items()):
        message = "was made of another registry: none of its accounts is in this one"
        raise RegistryError([Problem(printable(book.file), message)])
    cells = CollectedCells(labels, nothing, answers, today)
    work = _Work(book, snapshot, rows, cells, answers)
    access = AccessAnswers(book, snapshot, labels, cells, answers, today)
    for row in book.rows:
        if not row.keys[0]:
            if row.sheet == ACCOUNTS:
                work.not_known(row)
            else:
                access.added(row)
        elif work.is_known(row):
            (work.take if row.sheet == ACCOUNTS else access.take)(row)
    access.finish()
    return CollectedAnswers(
        changes=(*work.changes, *access.changes),
        warnings=(*book.warnings, *work.warnings, *access.warnings),
        questions=(*cells.questions.open(), *work.questions.open(), *access.open()),
    )


class _Work:
    """The answers about accounts, and which rows they are about."""

    def __init__(
        self,
        book: ReturnedBook,
        snapshot: Snapshot,
        rows: AskedRows,
        cells: CollectedCells,
        answers: Answers,
    ) -> None:
        self._labels = rows.labels
        self._cells = cells
        self._called = book.accounts
        self._units = {id_ for id_, _ in book.units}
        self._accounts = {one.id: one for one in snapshot.accounts}
        self._login_ids = {one.id for one in snapshot.logins}
        asked = [self._accounts[id_] for id_ in book.accounts if id_ in self._accounts]
        self._now: dict[tuple[str, str], Mapping[str, str]] = {}
        self._first: dict[str, tuple[str, str]] = {}
        for row in rows.about(asked):
            if row.sheet == ACCOUNTS:
                self._now[row.keys] = row.cells
                self._first.setdefault(row.keys[0], row.keys)
        self._new_logins: dict[str, str] = {}
        self.changes: list[CollectedChange] = []
        self.warnings: list[str] = []
        self.questions = OpenQuestions(answers)

    def is_known(self, row: ReturnedRow) -> bool:
        """Tell whether a row is about an account of these units, as the registry has it."""
        id_ = row.keys[0]
        account, called = self._accounts.get(id_), self._called.get(id_, id_)
        if account is None:
            told = "is not in the registry any more"
        elif not self._labels.is_account(id_, called):
            told = f"is {self._labels.account(id_)} by now"
        elif account.entity_id not in self._units:
            told = f"belongs to {self._labels.unit(account.entity_id)} by now"
        else:
            return True
        self.warnings.append(f"{row.place}: {called} {told}; nothing of this row was taken")
        return False

    def not_known(self, row: ReturnedRow) -> None:
        """Say of a row that nobody asked that it was left out."""
        name = shorten(str(row.said.get("account", "")))
        self.warnings.append(
            f"{row.place}: {name or 'this row'} is no account of this workbook, and was left out; "
            "grey cells must stay as they are, and a new account is adopted from a sheet of its own"
        )

    def take(self, row: ReturnedRow) -> None:
        """Take what a row about an account says."""
        account = self._accounts[row.keys[0]]
        for name, cell in row.said.items():
            self._take(row, account, _FIELDS[name], cell)

    def _take(
        self, row: ReturnedRow, account: Account, field: CollectedField, cell: SheetCell
    ) -> None:
        place, what = f"{row.place}, {field.heading}", f"{row.was['account']}: {field.heading}"
        is_of_login = field.name in LOGIN_FIELDS
        keys = row.keys if is_of_login and row.keys in self._now else self._first[account.id]
        now = self._now[keys].get(field.name, "")
        if is_of_login and row.keys[1] and keys != row.keys:
            self.warnings.append(f"{place}: the sign-in is not in the registry any more; left out")
            return
        if field.name not in self._now[keys] or row.was[field.name] == NOT_ASKED:
            self.warnings.append(f"{place}: is asked in the row of the account; left out")
            return
        said, doubt = self._said(field, cell, account, place)
        if said is None:
            if doubt:
                self.warnings.append(f"{place}: {doubt}; the registry keeps what it has")
            return
        shown = self._labels.shown(field, said)
        if shown == now and (said or now):
            return
        if now != row.was[field.name]:
            self.warnings.append(
                f"{place}: the registry says {now or 'nothing'} since, the workbook "
                f"{shown or 'nothing'}; the registry was kept"
            )
            return
        sentence = f"{what}: {now or 'nothing'} -> {shown or 'nobody or nothing'}"
        self._change(account, keys, field, said, sentence)

    def _said(
        self, field: CollectedField, cell: SheetCell, account: Account, place: str
    ) -> tuple[str | None, str]:
        if field.name == "status" and isinstance(cell, str | bool) and _is_no(cell):
            if account.status != "active":
                return None, ""
            return self._became(account, place), ""
        return self._cells.said(field, cell, place)

    def _became(self, account: Account, place: str) -> str | None:
        """Ask what became of an account that is not in use."""
        question = Question(
            id=f"collected:status:{account.id}",
            text=f"{self._labels.account(account.id)} is not in use any more. Is it still there?",
            choices=(
                Choice("keep", "nobody knows: leave it as it is"),
                Choice("dormant", "it is still there, and nobody uses it"),
                Choice("closed", "it is closed"),
            ),
            safest="keep",
            places=(place,),
        )
        answer = self.questions.answer(question)
        return None if answer == "keep" else answer

    def _change(
        self,
        account: Account,
        keys: tuple[str, str],
        field: CollectedField,
        said: str,
        sentence: str,
    ) -> None:
        cells = {field.name: said}
        if field.name not in LOGIN_FIELDS:
            self.changes.append(CollectedChange("accounts", (account.id,), cells, sentence))
        elif keys[1]:
            self.changes.append(CollectedChange("logins", (keys[1],), cells, sentence))
        else:
            id_ = self._new_logins.setdefault(account.id, self._login_id(account.id))
            cells = {"id": id_, "account_id": account.id, **cells}
            self.changes.append(CollectedChange("logins", (id_,), cells, sentence, is_new=True))

    def _login_id(self, account: str) -> str:
        made, number = f"log-{account}", 1
        while made in self._login_ids:
            number += 1
            made = f"log-{account}-{number}"
        self._login_ids.add(made)
        return made


def _is_no(cell: str | bool) -> bool:
    return cell is False or (isinstance(cell, str) and yes_or_no(cell) is False)
