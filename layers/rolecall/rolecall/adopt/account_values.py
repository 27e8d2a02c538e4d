"""What a row says of an account and of its login, as cells of the registry's columns.

An empty cell says that there is none on record. What a cell says in words that nobody knows here
is left out, and named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from rolecall.adopt.columns import ColumnMeaning, SheetMeaning
from rolecall.adopt.dates import DateOrder, date_in
from rolecall.adopt.questions import Answers, Choice, Question, answer_to
from rolecall.adopt.sheets import Sheet, SheetCell, SheetRow
from rolecall.adopt.value_words import word_for, word_within
from rolecall.adopt.yes_no import yes_or_no
from rolecall.keys.addresses import address_key

__all__ = ["DATE_FIELDS", "LOGIN_FIELDS", "RowValues", "cell_text"]

DATE_FIELDS = frozenset(("last_post_on", "reviewed_on", "removal_tested_on", "rotated_on"))
"""The fields of accounts and logins that are days."""
LOGIN_FIELDS = ("mfa", "storage", "rotated_on")
"""The fields that say something of a login, each of them its column too."""
_OF_ACCOUNTS = (
    *("status", "login_email", "last_post_on", "reviewed_on", "removal_path", "removal_tested_on"),
    *("privacy_record_ref", "lawful_basis", "privacy_notice_url", "record_class", "archive"),
    *("connected_apps", "language", "notes"),
)
_NEVER_EMPTY = frozenset(("status", "language", "notes"))
_ADDRESS = re.compile(r"[^\s<>,;|()\[\]]+@[^\s<>,;|()\[\]]+")


def cell_text(cell: SheetCell) -> str:
    """Return a cell as a text."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return cell.isoformat() if isinstance(cell, date) else cell


class RowValues:
    """Reads what the rows of one sheet say of accounts and logins.

    :ivar untold: cells of which nothing was taken, in sentences.
    """

    def __init__(
        self, sheet: Sheet, meaning: SheetMeaning, order: DateOrder, answers: Answers
    ) -> None:
        self._sheet, self._meaning, self._order = sheet, meaning, order
        self._answers = answers
        self._answered_yes: dict[str, tuple[ColumnMeaning, list[str]]] = {}
        self.untold: dict[str, None] = {}

    @property
    def questions(self) -> tuple[Question, ...]:
        """What is to be asked: which second factor there is, where a cell says only that one is."""
        return tuple(_which_factor(*one) for one in self._answered_yes.values())

    def of_account(self, row: SheetRow, platform: str, said: str) -> Mapping[str, str]:
        """Return what a row says of an account.

        :param said: what stands beside its name.
        """
        found: dict[str, str] = {}
        notes = [said] if said else []
        for column, value in self._values(row, _OF_ACCOUNTS, platform):
            if column.field == "language":
                notes.append(f"Language: {value}")
            elif column.field == "notes":
                notes.append(value)
            else:
                found[column.field] = found.get(column.field) or value
        if said and "status" not in found and (status := word_for(said, "status")):
            found["status"] = status
        return found | ({"notes": "; ".join(notes)} if notes else {})

    def of_login(self, row: SheetRow, platform: str) -> Mapping[str, str]:
        """Return what a row says of a login."""
        found: dict[str, str] = {}
        for column, value in self._values(row, LOGIN_FIELDS, platform):
            found[column.field] = found.get(column.field) or value
        return found

    def _values(
        self, row: SheetRow, fields: tuple[str, ...], platform: str
    ) -> Iterator[tuple[ColumnMeaning, str]]:
        for field in fields:
            for column in self._meaning.having(field):
                cell = row.cells[column.index]
                if column.platform not in ("", platform):
                    continue
                value = self._value(column, cell, row) if cell != "" else ""
                if value or (cell == "" and field not in _NEVER_EMPTY):
                    yield column, value or ""
                elif value is None:
                    place = self._sheet.place(row.number, column.index)
                    self.untold[f"{place}: was left out, as nobody can tell what it means"] = None

    def _value(self, column: ColumnMeaning, cell: SheetCell, row: SheetRow) -> str | None:
        """Return what a cell says as a registry writes it.

        It is ``None`` where nobody can tell, and empty where it says that nothing is known.
        """
        field, text = column.field, cell_text(cell)
        if field in DATE_FIELDS:
            day = date_in(cell, self._order)
            is_open = date_in(cell, "day") is not None or date_in(cell, "month") is not None
            return day.isoformat() if day else "" if is_open else _unless_open(text)
        if field in ("status", "storage", "removal_path"):
            return word_within(text, field) or _unless_open(text)
        if field == "mfa":
            return self._factor(column, cell, row)
        if field == "archive":
            answer = yes_or_no(cell)
            return _unless_open(text) if answer is None else cell_text(answer)
        if field == "login_email":
            found = [one.strip("'\".") for one in _ADDRESS.findall(text)]
            return found[0] if found and address_key(found[0]) else _unless_open(text)
        if field == "connected_apps":
            return "|".join(one.strip() for one in re.split(r"[,;|\n/]", text) if one.strip())
        return " ".join(text.split())

    def _factor(self, column: ColumnMeaning, cell: SheetCell, row: SheetRow) -> str | None:
        text, answer = cell_text(cell), yes_or_no(cell)
        if answer is False:
            return "none"
        if word := word_within(text, "mfa"):
            return word
        if not answer:
            return _unless_open(text)
        _, places = self._answered_yes.setdefault(column.key, (column, []))
        places.append(self._sheet.place(row.number, column.index))
        given = answer_to(_which_factor(column, places), self._answers)
        return "" if given == "unknown" else given


def _unless_open(text: str) -> str | None:
    """Return nothing for a question mark, which says itself that nobody knows."""
    return "" if not text.strip("?!. ") else None


def _which_factor(column: ColumnMeaning, places: list[str]) -> Question:
    return Question(
        f"factor:{column.key}",
        f"The column {column.heading} says that there is a second factor. Which is it?",
        (
            Choice("unknown", "Nobody knows, or it differs"),
            Choice("app", "A code from an app"),
            Choice("sms", "A text message or a call"),
            Choice("key", "A security key"),
        ),
        "unknown",
        tuple(places),
    )
