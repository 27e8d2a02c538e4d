"""Rosters: the exports of directories and personnel systems, and plain lists of staff.

A roster's row becomes an entry as the system that keeps it says it. Accounts that are no person's
(an office's mailbox, a service's) are left out, and it is said which.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from rolecall.adopt.columns import SheetMeaning
from rolecall.adopt.dates import DateOrder, date_in, date_order, order_answered
from rolecall.adopt.mentions import RosterEntry
from rolecall.adopt.name_keys import word_key
from rolecall.adopt.person_questions import PersonQuestions
from rolecall.adopt.questions import Answers, Question
from rolecall.adopt.roster_cells import (
    is_no_person,
    is_of_personnel,
    supervisor_in,
    unit_in,
    whole_name,
)
from rolecall.adopt.roster_status import StatusReader
from rolecall.adopt.roster_words import TYPES
from rolecall.adopt.sheets import Sheet, SheetCell, SheetRow
from rolecall.keys.addresses import address_key, bare_address
from rolecall.registry.schema import columns

__all__ = ["StaffRoster", "roster_of"]

_OWN_FIELDS = (
    *("clearance_level", "clearance_expires", "trained_on", "policy_version"),
    *("policy_acknowledged_on", "contract_ref", "dpa_ref", "contract_ends"),
)
_NAMES = ("first_name", "last_name", "full_name")
_ADDRESSES = re.compile(r"[^\s;,|<>]+@[^\s;,|<>]+")


class StaffRoster(Struct, frozen=True):
    """The people of one roster.

    :ivar fields: what its columns say of people, by columns of the registry's table of people:
        of these it is the whole truth, and of others it says nothing.
    """

    entries: tuple[RosterEntry, ...]
    questions: tuple[Question, ...] = ()
    assumptions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    fields: frozenset[str] = frozenset()


def roster_of(sheet: Sheet, meaning: SheetMeaning, answers: Answers, today: date) -> StaffRoster:
    """Return the people whom a roster names.

    :param today: the day by which who has left is told from who will leave.
    """
    reader = _Reader(sheet, meaning, answers, today)
    entries = [entry for row in sheet.rows if (entry := reader.entry(row)) is not None]
    return StaffRoster(
        entries=tuple(entries),
        questions=(*reader.open, *reader.questions.open()),
        assumptions=tuple(reader.assumptions),
        warnings=tuple(reader.warnings),
        fields=frozenset(reader.fields()),
    )


class _Reader:
    """Reads the rows of one roster."""

    def __init__(self, sheet: Sheet, meaning: SheetMeaning, answers: Answers, today: date) -> None:
        self.sheet, self.meaning = sheet, meaning
        self.questions = PersonQuestions(answers)
        self.open: list[Question] = []
        self.assumptions: list[str] = []
        self.warnings: list[str] = []
        self.order = self._order(answers)
        self.counting = {
            column.index for column in meaning.having("number") if self._counts_rows(column.index)
        }
        self.statuses = StatusReader(today, self.order, self.questions)

    def _order(self, answers: Answers) -> DateOrder:
        dated = [name for name in _OWN_FIELDS if columns("people")[name].kind == "date"]
        places = [
            column.index
            for field in ("left_on", "started_on", *dated)
            for column in self.meaning.having(field)
        ]
        order = date_order(self.sheet, places)
        if isinstance(order, Question) and order.id not in answers:
            self.open.append(order)
        return order_answered(order, answers)

    def _counts_rows(self, index: int) -> bool:
        """Tell whether a column only numbers the rows: next month its 3 is somebody else."""
        texts = [str(row.cells[index]).strip() for row in self.sheet.rows if row.cells[index] != ""]
        return len(texts) > 1 and texts == [str(number) for number in range(1, len(texts) + 1)]

    def fields(self) -> Iterator[str]:
        """Yield the columns of the registry that the roster fills."""
        having = self.meaning.having
        yield from ("name", "status")
        for field, sources in {
            "email": ("email",),
            "left_on": ("left_on",),
            "type": ("type",),
            "entity_id": ("department",),
            "supervisor_id": ("supervisor",),
        }.items():
            if any(having(source) for source in sources):
                yield field
        yield from (field for field in _OWN_FIELDS if having(field))

    def cells(self, row: SheetRow, field: str) -> Iterator[tuple[str, SheetCell, str]]:
        """Yield what stands in the columns of a field, each with its heading and its place."""
        for column in self.meaning.having(field):
            if field == "number" and column.index in self.counting:
                continue
            cell = row.cells[column.index] if column.index < len(row.cells) else ""
            if cell != "":
                yield column.heading, cell, self.sheet.place(row.number, column.index)

    def text(self, row: SheetRow, field: str) -> str:
        """Return the first text of a field."""
        texts = (str(cell).strip() for _, cell, _ in self.cells(row, field))
        return next((text for text in texts if text), "")

    def entry(self, row: SheetRow) -> RosterEntry | None:
        """Return the person of a row, ``None`` where it is nobody's."""
        place = self.sheet.place(row.number)
        name, emails = whole_name(*(self.text(row, field) for field in _NAMES)), self._emails(row)
        email = emails[0] if emails else ""
        if not name and not email:
            return None
        if is_no_person(name, email):
            self.assumptions.append(f"{place}: {name or email} is no person, and left out")
            return None
        numbers = self._numbers(row)
        status = self.statuses.read(
            name or email,
            word_key(f"no {numbers[0]}" if numbers else email or name),
            list(self.cells(row, "status")),
            [(where, cell) for _, cell, where in self.cells(row, "left_on")],
        )
        return RosterEntry(
            name=name,
            email=email,
            place=place,
            number=numbers[0] if numbers else "",
            other_numbers=tuple(numbers[1:]),
            status=status.status,
            status_word=status.word,
            left_on=status.left_on,
            started_on=date_in(
                next((c for _, c, _ in self.cells(row, "started_on")), ""), self.order
            ),
            type=TYPES.get(word_key(self.text(row, "type"))),
            entity=unit_in(self._units(row)),
            supervisor=supervisor_in(self.text(row, "supervisor")),
            aliases=tuple(dict.fromkeys([*emails[1:], *self._aliases(row)])),
            values=self._values(row),
        )

    def _emails(self, row: SheetRow) -> list[str]:
        """Return a person's addresses, that of the column of addresses before a user name."""
        cells = (cell for field in ("email", "handle") for _, cell, _ in self.cells(row, field))
        addresses = (bare_address(str(cell)) for cell in cells)
        return list(dict.fromkeys(one for one in addresses if address_key(one) is not None))

    def _aliases(self, row: SheetRow) -> Iterator[str]:
        for _, cell, _ in self.cells(row, "alias"):
            for text in _ADDRESSES.findall(
                re.sub(r"\b(smtp|sip|x500):", "", str(cell), flags=re.I)
            ):
                if address_key(text) is not None:
                    yield text

    def _numbers(self, row: SheetRow) -> list[str]:
        """Return a person's numbers, that of the personnel system first."""
        found = sorted(
            self.cells(row, "number"), key=lambda one: not is_of_personnel(word_key(one[0]))
        )
        texts = (re.sub(r"\.0+$", "", str(cell).strip()) for _, cell, _ in found)
        return list(dict.fromkeys(filter(None, texts)))

    def _units(self, row: SheetRow) -> list[str]:
        return [
            str(cell).strip()
            for field in ("department", "entity", "entity_below")
            for _, cell, _ in self.cells(row, field)
        ]

    def _values(self, row: SheetRow) -> dict[str, str]:
        found: dict[str, str] = {}
        for field in _OWN_FIELDS:
            for _, cell, place in self.cells(row, field):
                if columns("people")[field].kind != "date":
                    found.setdefault(field, str(cell).strip())
                elif (day := date_in(cell, self.order)) is not None:
                    found.setdefault(field, day.isoformat())
                else:
                    self.warnings.append(f"{place}: is no day that can be read, and is left out")
        if job := self.text(row, "job"):
            found["job"] = job
        return found
