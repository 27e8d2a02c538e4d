"""What stands in the sheets of the workbook: their columns, and their rows one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from rolecall.model import SEVERITIES
from rolecall.reports.action_rows import ActionRow
from rolecall.reports.document import ReportDocument
from rolecall.reports.report import FindingLine
from rolecall.reports.words import reason_in_words, words_for
from rolecall.reports.workbook_sheets import Cell, CellLink, SheetColumn, ToFill
from rolecall.texts import Texts

__all__ = ["SheetRows", "WorkbookRows"]

_FILLED = (ToFill(), ToFill(), ToFill())
_DAYS = datetime(1990, 1, 1), datetime(2199, 12, 31)  # noqa: DTZ001 - a workbook knows no zones.
_ANYTHING: Mapping[str, Any] = {"validate": "any"}


class SheetRows(NamedTuple):
    """One sheet: what it is called, its columns, and its rows, to be taken once."""

    name: str
    columns: Sequence[SheetColumn]
    rows: Iterable[Sequence[Cell]]


class WorkbookRows:
    """The sheets of one report.

    :ivar choices: what may stand under *done*.
    """

    def __init__(
        self, document: ReportDocument, entities: Mapping[str, str], texts: Texts, people: str = ""
    ) -> None:
        """Take what a report says.

        :param entities: names by id.
        :param people: the cells that have the names from which to choose; empty for none.
        """
        self._document = document
        self._entities = entities
        self._texts = texts
        self._words = words_for(texts, document.run.registry.rows)
        self._own = texts.words("workbook")
        self._people = people
        self.choices = tuple(self._own[key] for key in ("done_yes", "done_started", "done_no"))

    def actions(self) -> SheetRows:
        """Return what to do first: a row for each place where an action is carried out."""
        own, words = self._own, self._words
        columns = (
            SheetColumn(heading=own["number"], width=5),
            SheetColumn(heading=words["severity"], width=11, is_severity=True),
            SheetColumn(heading=own["what_to_do"], width=40),
            SheetColumn(heading=words["where"], width=26),
            SheetColumn(heading=own["how"], width=46),
            SheetColumn(heading=own["who_can"], width=26),
            SheetColumn(heading=own["concerns"], width=22),
            SheetColumn(heading=own["first"], width=24),
            SheetColumn(heading=own["ends"], width=13),
            *self._to_fill(),
            SheetColumn(heading=words["record"], width=44, is_beside=True),
            SheetColumn(heading=own["action_id"], width=20, is_beside=True),
            SheetColumn(heading=own["finding_ids"], width=36, is_beside=True),
        )
        return SheetRows(own["sheet_actions"], columns, self._action_rows())

    def _action_rows(self) -> Iterator[Sequence[Cell]]:
        document = self._document
        for number, action in enumerate(document.actions, 1):
            yield from self._places_of(number, action)
        if document.more_actions:
            more = self._texts.filled(self._own["more_actions"], count=document.more_actions)
            yield None, None, more
        elif not document.actions and not document.standing:
            yield None, None, self._own["nothing_to_do"]

    def _places_of(self, number: int, action: ActionRow) -> Iterator[Sequence[Cell]]:
        ends = "\n".join(
            self._texts.filled(
                self._own["ends_one"], count=action.ends[one], severity=self._words[one].lower()
            )
            for one in SEVERITIES
            if action.ends.get(one)
        )
        ids = action.id, " ".join(action.findings)
        about = action.who, action.entity, action.first, ends
        for place in action.places:
            steps = _numbered(place.steps)
            where = CellLink(place.label, place.url)
            told = number, action.severity, action.title, where, steps
            yield (*told, *about, *_FILLED, "\n".join(place.record), *ids)
        if not action.places:
            yield (number, action.severity, action.title, None, None, *about, *_FILLED, None, *ids)

    def findings(self, findings: Iterable[FindingLine]) -> SheetRows:
        """Return every finding."""
        own, words, entities = self._own, self._words, self._entities
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
            SheetColumn(heading=words["reason"], width=18, is_beside=True),
            SheetColumn(heading=words["control"], width=28, is_beside=True),
            SheetColumn(heading=own["entity_id"], width=24, is_beside=True),
            SheetColumn(heading=own["id"], width=36, is_beside=True),
        )
        rows = (
            (
                *(line.severity, words[line.status]),
                *(entities.get(line.entity or "", line.entity), line.label, line.detail),
                *(line.remediation, line.first_seen.date(), *_FILLED, line.record),
                *(reason_in_words(self._texts, line.reason), line.control, line.entity, line.id),
            )
            for line in findings
        )
        return SheetRows(words["findings"], columns, rows)

    def coverage(self) -> SheetRows:
        """Return what each control found."""
        words = self._words
        columns = (
            SheetColumn(heading=words["control"], width=30),
            SheetColumn(heading=words["severity"], width=11, is_severity=True),
            SheetColumn(heading=words["what"], width=54),
            *self._plain(("stand", 11), ("passed", 11), ("failed", 12), ("unmade", 14)),
            SheetColumn(heading=words["why"], width=60),
        )
        rows = (
            (
                *(one.id, one.severity, one.title, one.standing),
                *(
                    (one.checks.passed, one.checks.failed, one.checks.unmade)
                    if one.checks
                    else (None, None, None)
                ),
                one.rationale,
            )
            for one in self._document.controls
        )
        return SheetRows(self._own["sheet_coverage"], columns, rows)

    def unchecked(self) -> SheetRows:
        """Return what could not be checked, and why."""
        columns = self._plain(("control", 30), ("what", 60), ("reason", 60), ("count", 12))
        found = [
            (one.id, one.title, reason, count)
            for one in self._document.controls
            for reason, count in one.reasons.items()
        ]
        rows = found or [(None, self._words["all_checked"])]
        return SheetRows(self._words["unchecked"], columns, rows)

    def frameworks(self) -> SheetRows:
        """Return the requirements of the frameworks, in their natural order."""
        own, words = self._own, self._words
        columns = (
            SheetColumn(heading=own["framework"], width=30),
            SheetColumn(heading=words["requirement"], width=16),
            SheetColumn(heading=words["what"], width=60),
            SheetColumn(heading=own["controls"], width=44),
            SheetColumn(heading=words["failing"], width=44),
            SheetColumn(heading=words["stand"], width=12),
        )
        rows = (
            (
                *(section.name, one.name, one.title, ", ".join(one.controls)),
                *(", ".join(one.failing), one.standing),
            )
            for section in self._document.frameworks
            for one in section.requirements
        )
        return SheetRows(own["sheet_frameworks"], columns, rows)

    def accounts(self) -> SheetRows:
        """Return who holds what: a row for each holder, or for an account without any."""
        columns = self._plain(
            *(("entity", 28), ("account", 36), ("status", 12), ("name", 30), ("role", 14)),
            ("failing", 50),
        )
        return SheetRows(self._words["holders"], columns, self._account_rows())

    def _account_rows(self) -> Iterator[Sequence[Cell]]:
        document, words = self._document, self._words
        if document.accounts is None:
            yield (words["no_holders"],)
        for account in document.accounts or ():
            here = account.entity, account.label, account.status
            if not account.holders:
                yield (*here, words["nobody"], None, None)
            for holder in account.holders:
                yield (*here, holder.name, holder.role, ", ".join(holder.against))
        if more := document.more_accounts:
            yield (self._texts.filled(words["more_accounts"], count=more),)

    def accepted(self) -> SheetRows:
        """Return what was accepted, by whom, and why."""
        columns = self._plain(
            *(("control", 30), ("where", 40), ("reason", 60), ("approved_by", 30), ("expires", 12)),
            ("holds", 30),
        )
        rows = [
            (
                *(one.control, " ".join(one.subject.values()), one.reason),
                *(", ".join(one.approved_by), one.expires, one.message or one.standing),
            )
            for one in self._document.waivers
        ]
        return SheetRows(
            self._words["waivers"], columns, rows or [(None, None, self._words["no_waivers"])]
        )

    def changes(self) -> SheetRows:
        """Return what came, came back and went."""
        words = self._words
        columns = (
            SheetColumn(heading=words["status"], width=12),
            SheetColumn(heading=words["severity"], width=11, is_severity=True),
            *self._plain(("entity", 28), ("where", 36), ("what", 60), ("control", 28)),
            SheetColumn(heading=words["reason"], width=18),
        )
        return SheetRows(words["changes"], columns, self._change_rows())

    def _change_rows(self) -> Iterator[Sequence[Cell]]:
        document, words = self._document, self._words
        for status, group in document.changes.items():
            for row in group:
                yield (
                    *(words[status], row.severity, row.entity, row.label, row.detail),
                    *(row.control, reason_in_words(self._texts, row.reason)),
                )
            if more := document.more_changes(status):
                yield words[status], None, None, None, self._texts.filled(words["more"], count=more)

    def _plain(self, *columns: tuple[str, int]) -> tuple[SheetColumn, ...]:
        return tuple(SheetColumn(heading=self._words[key], width=width) for key, width in columns)

    def _to_fill(self) -> tuple[SheetColumn, ...]:
        """Return the columns that whoever works with it fills in."""
        own = self._own
        told = own["choose"].format(words=", ".join(self.choices))
        day = {"validate": "date", "criteria": "between", "minimum": _DAYS[0], "maximum": _DAYS[1]}
        done = {"validate": "list", "source": list(self.choices)}
        # Who it is may be somebody whom nobody has on record.
        who = {"validate": "list", "source": f"={self._people}", "show_error": False}
        return (
            SheetColumn(heading=own["who"], width=20, rule=who if self._people else _ANYTHING),
            SheetColumn(heading=own["by_when"], width=13, rule={**day, **_told(own["a_day"])}),
            SheetColumn(heading=own["done"], width=11, rule={**done, **_told(told)}),
        )


def _told(message: str) -> dict[str, str]:
    return {"error_message": message[:255]}


def _numbered(steps: Sequence[str]) -> str:
    """Return steps one below the other; of more than one each has its number."""
    if len(steps) < 2:
        return "".join(steps)
    return "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))
