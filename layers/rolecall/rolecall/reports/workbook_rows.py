"""What stands in the sheets of the workbook that are looked things up in: columns and rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rolecall.reports.account_rows import AccountRow
from rolecall.reports.document import ReportDocument
from rolecall.reports.reasons import ReasonWords
from rolecall.reports.words import reason_in_words, words_for
from rolecall.reports.workbook_sheets import BookCell, SheetColumn
from rolecall.texts import Texts

__all__ = ["ReferenceSheets", "WorkbookSheet"]


class WorkbookSheet(NamedTuple):
    """One sheet: what it is called, its columns, and its rows, to be taken once."""

    name: str
    columns: Sequence[SheetColumn]
    rows: Iterable[Sequence[BookCell]]


class ReferenceSheets:
    """What a report says beside what is to be done."""

    def __init__(self, document: ReportDocument, texts: Texts) -> None:
        """Take what a report says."""
        self._document = document
        self._texts = texts
        self._words = words_for(texts, document.run.registry.rows)
        self._own = texts.words("workbook")
        self._reasons = ReasonWords(texts)
        self._values = texts.groups("values")
        self._titles = {one.id: one.title for one in document.controls}

    def __iter__(self) -> Iterator[WorkbookSheet]:
        """Yield the sheets, in order; of a first run nothing can have changed."""
        if not self._document.is_first:
            yield self.changes()
        yield self.accepted()
        yield self.accounts()
        yield self.frameworks()
        yield self.coverage()
        yield self.unchecked()
        yield self.glossary()

    def coverage(self) -> WorkbookSheet:
        """Return what each control found."""
        words = self._words
        columns = (
            SheetColumn(heading=words["control"], width=30),
            SheetColumn(heading=words["severity"], width=11, is_severity=True),
            SheetColumn(heading=words["what"], width=54),
            *self._plain(("stand", 11), ("passed", 11), ("failed", 12), ("unmade", 14)),
            SheetColumn(heading=words["reason"], width=44),
        )
        number, said = self._texts.number, self._reasons.said
        rows = (
            (
                *(one.id, one.severity, one.title, one.standing),
                *(
                    (one.checks.passed, one.checks.failed, one.checks.unmade)
                    if one.checks
                    else (None, None, None)
                ),
                "; ".join(
                    f"{said(reason)}: {number(count)}" for reason, count in one.reasons.items()
                ),
            )
            for one in self._document.controls
        )
        return WorkbookSheet(self._own["sheet_coverage"], columns, rows)

    def unchecked(self) -> WorkbookSheet:
        """Return what could not be checked, and why."""
        columns = self._plain(
            *(("control", 30), ("what", 60), ("reason", 60), ("count", 12), ("record", 44))
        )
        said, to_record = self._reasons.said, self._reasons.to_record
        found: list[Sequence[BookCell]] = [
            (one.id, one.title, said(reason), count, to_record(reason))
            for one in self._document.controls
            for reason, count in one.reasons.items()
        ]
        return WorkbookSheet(
            self._words["unchecked"], columns, found or [(None, self._words["all_checked"])]
        )

    def frameworks(self) -> WorkbookSheet:
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
        return WorkbookSheet(own["sheet_frameworks"], columns, rows)

    def accounts(self) -> WorkbookSheet:
        """Return who holds what: a row for each holder, or for an account without any."""
        own, words = self._own, self._words
        columns = (
            *self._plain(
                ("entity", 30), ("account", 36), ("status", 11), ("name", 26), ("role", 16)
            ),
            SheetColumn(heading=own["known_by"], width=24),
            SheetColumn(heading=words["failing"], width=60),
            SheetColumn(heading=own["address"], width=40, is_beside=True, is_id=True),
            SheetColumn(heading=own["account_id"], width=20, is_beside=True, is_id=True),
        )
        return WorkbookSheet(words["holders"], columns, self._account_rows())

    def _account_rows(self) -> Iterator[Sequence[BookCell]]:
        document, words = self._document, self._words
        if document.accounts is None:
            yield (words["no_holders"],)
        for account in document.accounts or ():
            yield from self._people_of(account)
        if more := document.more_accounts:
            yield (self._texts.filled(words["more_accounts"], count=more),)

    def _people_of(self, account: AccountRow) -> Iterator[Sequence[BookCell]]:
        """Yield everybody with a role on an account, and whom its platform shows beside them."""
        own, words, values = self._own, self._words, self._values
        here = account.entity, account.label, values["status"].get(account.status, account.status)
        ids = account.url, account.id
        if not account.holders:
            yield (*here, words["nobody"], None, None, None, *ids)
        for one in account.holders:
            against = "; ".join(self._titles.get(control, control) for control in one.against)
            yield (*here, one.name, one.role, own["by_record"], against, *ids)
        seen = "" if account.seen_on is None else self._texts.day(account.seen_on)
        for shown in account.observed:
            told = None if shown.is_holder else words["shown_stranger"]
            name = shown.name or words["shown_nobody"]
            yield (*here, name, shown.role, words["shown_on"].format(day=seen), told, *ids)

    def glossary(self) -> WorkbookSheet:
        """Return what the words mean that reports use."""
        own, words = self._own, self._words
        columns = (
            SheetColumn(heading=own["term"], width=30),
            SheetColumn(heading=own["means"], width=110),
        )
        rows = [(one["term"], one["means"]) for one in self._texts.groups("glossary").values()]
        return WorkbookSheet(words["glossary"], columns, rows)

    def accepted(self) -> WorkbookSheet:
        """Return what was accepted, by whom, and why."""
        columns = self._plain(
            *(("control", 30), ("where", 40), ("reason", 60), ("approved_by", 30), ("expires", 12)),
            ("holds", 30),
        )
        rows: list[Sequence[BookCell]] = [
            (
                *(one.title, one.label, one.reason),
                *(", ".join(one.approved_by), one.expires, one.told),
            )
            for one in self._document.accepted
        ]
        return WorkbookSheet(
            self._words["waivers"], columns, rows or [(None, None, self._words["no_waivers"])]
        )

    def changes(self) -> WorkbookSheet:
        """Return what came, came back and went."""
        words = self._words
        columns = (
            SheetColumn(heading=words["status"], width=12),
            SheetColumn(heading=words["severity"], width=11, is_severity=True),
            *self._plain(("entity", 28), ("where", 36), ("what", 60), ("control", 28)),
            SheetColumn(heading=words["reason"], width=18),
        )
        return WorkbookSheet(words["changes"], columns, self._change_rows())

    def _change_rows(self) -> Iterator[Sequence[BookCell]]:
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
