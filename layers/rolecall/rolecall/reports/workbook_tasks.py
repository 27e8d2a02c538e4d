"""The sheets of the workbook that are worked on: what to do first, and the findings.

Beside each row there is room for who does it, by when, and whether it is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from rolecall.model import SEVERITIES
from rolecall.reports.action_rows import ActionRow, ActionStep, numbered_steps
from rolecall.reports.cell_lines import has_room
from rolecall.reports.document import ReportDocument
from rolecall.reports.facts import Holders
from rolecall.reports.report import FindingLine
from rolecall.reports.words import reason_in_words
from rolecall.reports.workbook_rows import WorkbookSheet
from rolecall.reports.workbook_sheets import BookCell, CellLink, SheetColumn, ToFill
from rolecall.texts import Texts

__all__ = ["DONE", "TaskSheets"]

DONE = ("done_yes", "done_started", "done_no")
"""What may stand under *done*: the keys of the words."""

_FILLED = (ToFill(), ToFill(), ToFill())
_HOW = 60
_DAYS = datetime(1990, 1, 1), datetime(2199, 12, 31)  # noqa: DTZ001 - a workbook knows no zones.
_ANYTHING: Mapping[str, Any] = {"validate": "any"}


class TaskSheets:
    """What to do, with room for who does it."""

    def __init__(
        self, document: ReportDocument, holders: Holders, texts: Texts, people: str
    ) -> None:
        """Take what a report says.

        :param holders: the names of entities and of their heads.
        :param people: the cells that have the names from which to choose; empty for none.
        """
        self._document = document
        self._holders = holders
        self._texts = texts
        self._words = texts.words("reports")
        self._own = texts.words("workbook")
        self._people = people

    def actions(self) -> WorkbookSheet:
        """Return what to do first: a row for each place where an action is carried out."""
        own, words = self._own, self._words
        columns = (
            SheetColumn(heading=own["number"], width=5),
            SheetColumn(heading=words["severity"], width=11, is_severity=True),
            SheetColumn(heading=own["what_to_do"], width=36),
            SheetColumn(heading=words["where"], width=24),
            SheetColumn(heading=own["how"], width=_HOW),
            SheetColumn(heading=own["who_can"], width=24),
            SheetColumn(heading=own["concerns"], width=18),
            SheetColumn(heading=own["first"], width=22),
            SheetColumn(heading=own["ends"], width=13),
            *self._to_fill(),
            SheetColumn(heading=words["record"], width=44, is_beside=True),
            SheetColumn(heading=own["action_id"], width=36, is_beside=True, is_id=True),
            SheetColumn(heading=own["finding_ids"], width=36, is_beside=True, is_id=True),
        )
        return WorkbookSheet(own["sheet_actions"], columns, self._action_rows())

    def _action_rows(self) -> Iterator[Sequence[BookCell]]:
        document = self._document
        for number, action in enumerate(document.actions, 1):
            yield from self._places_of(number, action)
        if document.more_actions:
            more = self._texts.filled(self._own["more_actions"], count=document.more_actions)
            yield None, None, more
        elif not document.actions and not document.standing:
            yield None, None, self._own["nothing_to_do"]

    def _places_of(self, number: int, action: ActionRow) -> Iterator[Sequence[BookCell]]:
        ends = "\n".join(
            self._texts.filled(self._words[f"counted_{one}"], count=action.ends[one])
            for one in SEVERITIES
            if action.ends.get(one)
        )
        ids = action.id, " ".join(action.findings)
        about = action.who, action.entity, action.first, ends
        for place in action.places:
            where = CellLink(place.label, place.url)
            begun = number, action.severity, action.title, where
            steps, *others = _parts(place.steps)
            yield (*begun, steps, *about, *_FILLED, "\n".join(place.record), *ids)
            # What a row has no room for goes on in the next one: steps are followed to the end.
            again = self._own["goes_on"].format(title=action.title)
            for more in others:
                yield (*begun[:2], again, where, more)
        if not action.places:
            yield (number, action.severity, action.title, None, None, *about, *_FILLED, None, *ids)

    def findings(self, findings: Iterable[FindingLine]) -> WorkbookSheet:
        """Return every finding."""
        own, words = self._own, self._words
        entities, heads = self._holders.entities, self._holders.heads
        columns = (
            SheetColumn(heading=words["severity"], width=11, is_severity=True),
            SheetColumn(heading=words["status"], width=11),
            SheetColumn(heading=words["entity"], width=24),
            SheetColumn(heading=words["where"], width=28),
            SheetColumn(heading=words["what"], width=54),
            SheetColumn(heading=words["do"], width=46),
            SheetColumn(heading=words["since"], width=12),
            *self._to_fill(),
            SheetColumn(heading=words["record"], width=50, is_beside=True),
            SheetColumn(heading=own["head"], width=26, is_beside=True),
            SheetColumn(heading=words["reason"], width=18, is_beside=True),
            SheetColumn(heading=words["control"], width=28, is_beside=True, is_id=True),
            SheetColumn(heading=own["entity_id"], width=24, is_beside=True, is_id=True),
            SheetColumn(heading=own["id"], width=36, is_beside=True, is_id=True),
        )
        rows = (
            (
                *(line.severity, words[line.status]),
                *(entities.get(line.entity or "", line.entity), line.label, line.detail),
                *(line.remediation, line.first_seen.date(), *_FILLED, line.record),
                *(
                    heads.get(line.entity or ""),
                    reason_in_words(self._texts, line.reason),
                    line.control,
                    line.entity,
                    line.id,
                ),
            )
            for line in findings
            if self._document.tells_of(line.subject)
        )
        return WorkbookSheet(words["findings"], columns, rows)

    def _to_fill(self) -> tuple[SheetColumn, ...]:
        """Return the columns that whoever works with it fills in."""
        own = self._own
        choices = [own[key] for key in DONE]
        told = own["choose"].format(words=", ".join(choices))
        day = {"validate": "date", "criteria": "between", "minimum": _DAYS[0], "maximum": _DAYS[1]}
        done = {"validate": "list", "source": choices}
        # Who it is may be somebody whom nobody has on record.
        who = {"validate": "list", "source": f"={self._people}", "show_error": False}
        return (
            SheetColumn(heading=own["who"], width=20, rule=who if self._people else _ANYTHING),
            SheetColumn(heading=own["by_when"], width=13, rule={**day, **_told(own["a_day"])}),
            SheetColumn(heading=own["done"], width=11, rule={**done, **_told(told)}),
        )


def _told(message: str) -> dict[str, str]:
    return {"error_message": message[:255]}


def _parts(steps: Sequence[ActionStep]) -> Sequence[str]:
    """Return steps one below the other, each with its number, in parts that rows have room for."""
    lines = list(numbered_steps(steps))
    if len(lines) < 2:
        return ["".join(step for _, step in lines)]
    parts: list[str] = []
    for number, step in lines:
        told = f"{number} {step}"
        longer = f"{parts[-1]}\n{told}" if parts else told
        if parts and has_room(longer, _HOW):
            parts[-1] = longer
        else:
            parts.append(told)
    return parts
