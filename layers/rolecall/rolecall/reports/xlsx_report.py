"""The report as a workbook: summary, findings, coverage, accounts, changes.

Texts are written as texts, never as formulas or links, and rows go to disk as they come, so that a
workbook of very many findings takes no more memory than a small one. A sheet has room for a million
rows; what is beyond is counted on the summary and stands in findings.csv.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from rolecall.model import SEVERITIES
from rolecall.printable import printable
from rolecall.reports.document import ReportDocument
from rolecall.reports.front import headline, left_out
from rolecall.reports.report import FindingLine
from rolecall.reports.words import (
    by_change,
    incomplete,
    reason_in_words,
    reported_in_words,
    status_in_words,
    words_for,
)
from rolecall.run import Summary
from rolecall.texts import Texts, texts_of

__all__ = ["xlsx_report"]

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MOST_ROWS = 1_000_000
_PIECE = 1 << 20
_MOST_CHARACTERS = 32_000
_COLOURS = {"critical": "#F6D5DA", "high": "#FBE3D3", "medium": "#F7EFCF", "low": "#DCEFE7"}


def xlsx_report(document: ReportDocument, findings: Iterable[FindingLine]) -> Iterator[bytes]:
    """Yield the workbook in pieces, once it is made on disk.

    :param findings: in the order of every report.
    """
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "report.xlsx"
        options = {
            "constant_memory": True,
            "tmpdir": scratch,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        book = xlsxwriter.Workbook(str(path), options)
        texts = texts_of(document.language)
        # The same run gives the same bytes.
        book.set_properties({"title": texts.words("reports")["title"], "created": _EPOCH})
        writer = _Book(book, texts)
        writer.summary(document)
        writer.findings(findings, document)
        writer.coverage(document)
        writer.accounts(document)
        writer.changes(document)
        book.close()
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece


class _Book:
    """Writes the sheets, each from top to bottom."""

    def __init__(self, book: Any, texts: Texts) -> None:
        self._book = book
        self._texts = texts
        self._words = texts.words("reports")
        self._head = book.add_format({"bold": True, "bg_color": "#E8ECF2", "bottom": 1})
        self._title = book.add_format({"bold": True, "font_size": 18})
        self._text = book.add_format({"text_wrap": True, "valign": "top"})
        self._bold = book.add_format({"bold": True})
        self._tints = {
            severity: book.add_format({"bg_color": colour}) for severity, colour in _COLOURS.items()
        }

    def _filled(self, key: str, **values: int) -> str:
        return self._texts.filled(self._words[key], **values)

    def summary(self, document: ReportDocument) -> None:
        """Write the first sheet."""
        sheet = self._book.add_worksheet(self._words["summary"])
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 60)
        checks, run, about = document.checks, document.run, document.summary.standing_subjects
        sheet.write_string(0, 0, self._words["title"], self._title)
        words, catalogue = self._words, self._filled("catalogue_version", number=run.catalogue)
        facts: list[tuple[str, Any]] = [
            (words["note"], headline(self._texts, document)),
            (words["organisation"], document.organisation),
            (words["as_of"], self._texts.instant(run.as_of)),
            (words["policy"], f"{run.policy.name} {run.policy.version or ''}".strip()),
            (words["catalogue"], catalogue),
            (self._words["run"], run.id),
            (self._words["standing"], document.standing),
            *([(self._words["standing_subjects"], about)] if about is not None else []),
            *((self._words[one], document.summary.standing[one]) for one in SEVERITIES),
            *((self._words[name], count) for name, count in document.summary.by_status.items()),
            *_reasons(self._texts, document.summary),
            (self._words["passed"], checks.passed),
            (self._words["failed"], checks.failed),
            (self._words["unmade"], checks.unmade),
            (self._words["digest"], document.digest),
        ]
        notes = (
            incomplete(self._texts, document.unknown_records, document.problems, run.registry.rows),
            reported_in_words(self._texts, checks.reported),
            by_change(self._texts, document.summary),
            left_out(self._texts, document),
        )
        facts += [(self._words["note"], told) for told in notes if told]
        for row, (name, value) in enumerate(facts, 2):
            sheet.write_string(row, 0, name, self._bold)
            told = value if isinstance(value, int) else _cell(value)
            sheet.write(row, 1, told, self._text)

    def findings(self, findings: Iterable[FindingLine], document: ReportDocument) -> None:
        """Write every finding, as many as there is room for."""
        names = {section.id: section.name for section in document.entities}
        columns = (
            *(("severity", 10), ("status", 11), ("entity", 28), ("where", 36), ("what", 60)),
            *(("do", 50), ("control", 26), ("since", 12), ("reason", 16), ("record", 50)),
        )
        rows = (
            (
                *(line.severity, self._words[line.status]),
                *(names.get(line.entity or "", line.entity), line.label, line.detail),
                *(line.remediation, line.control),
                *(self._texts.day(line.first_seen), reason_in_words(self._texts, line.reason)),
                line.record,
            )
            for line in findings
            if document.tells_of(line.subject)
        )
        self._table(self._words["findings"], columns, rows, tinted=True)

    def coverage(self, document: ReportDocument) -> None:
        """Write what each control found."""
        columns = (
            *(("control", 26), ("severity", 10), ("what", 60), ("standing", 12)),
            *(("passed", 12), ("failed", 12), ("unmade", 12), ("reason", 60)),
        )
        number = self._texts.number
        rows = (
            (
                *(one.id, one.severity, one.title, one.standing),
                *(
                    (one.checks.passed, one.checks.failed, one.checks.unmade)
                    if one.checks
                    else ("",) * 3
                ),
                "; ".join(f"{reason}: {number(count)}" for reason, count in one.reasons.items()),
            )
            for one in document.controls
        )
        self._table(self._words["coverage"], columns, rows)

    def accounts(self, document: ReportDocument) -> None:
        """Write who holds what: a row for each administrator, or for an account without any."""
        columns = (
            *(("entity", 28), ("account", 36), ("status", 10), ("name", 28), ("role", 12)),
            ("failing", 50),
        )

        words = words_for(self._texts, document.run.registry.rows)

        def rows() -> Iterable[Sequence[Any]]:
            if document.accounts is None:
                yield (self._words["no_holders"],)
            for account in document.accounts or ():
                here = (account.entity, account.label, account.status)
                if not account.holders:
                    yield (*here, words["nobody"], "", "")
                for holder in account.holders:
                    yield (*here, holder.name, holder.role, ", ".join(holder.against))
            if document.more_accounts:
                yield (self._filled("more_accounts", count=document.more_accounts),)

        self._table(self._words["holders"], columns, rows())

    def changes(self, document: ReportDocument) -> None:
        """Write what came, came back and went."""
        columns = (
            *(("status", 11), ("severity", 10), ("entity", 28), ("where", 36), ("what", 60)),
            *(("control", 26), ("reason", 16)),
        )

        def rows() -> Iterable[Sequence[Any]]:
            for status, group in document.changes.items():
                for row in group:
                    yield (
                        *(self._words[status], row.severity, row.entity, row.label, row.detail),
                        *(row.control, reason_in_words(self._texts, row.reason)),
                    )
                if more := document.more_changes(status):
                    yield self._words[status], self._filled("more", count=more)

        self._table(self._words["changes"], columns, rows())

    def _table(
        self,
        name: str,
        columns: Sequence[tuple[str, int]],
        rows: Iterable[Sequence[Any]],
        *,
        tinted: bool = False,
    ) -> None:
        sheet = self._book.add_worksheet(name[:31])
        for column, (_, width) in enumerate(columns):
            sheet.set_column(column, column, width)
        for column, (word, _) in enumerate(columns):
            sheet.write_string(0, column, self._words[word], self._head)
        sheet.freeze_panes(1, 0)
        last = 0
        for last, values in enumerate(rows, 1):
            if last > _MOST_ROWS:
                break
            for column, value in enumerate(values):
                if isinstance(value, int):
                    sheet.write_number(last, column, value)
                else:
                    sheet.write_string(last, column, _cell(value or ""), self._text)
        sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
        if tinted:
            for severity, tint in self._tints.items():
                rule = {"type": "cell", "criteria": "==", "value": f'"{severity}"', "format": tint}
                sheet.conditional_format(1, 0, max(last, 1), 0, rule)


def _reasons(texts: Texts, summary: Summary) -> Iterator[tuple[str, int]]:
    """Yield how many findings came and went for which reason."""
    for status, reasons in (("new", summary.by_opening), ("resolved", summary.by_resolution)):
        for reason, count in reasons.items():
            yield status_in_words(texts, status, reason), count


def _cell(text: str) -> str:
    safe = printable(text)
    return safe if len(safe) <= _MOST_CHARACTERS else f"{safe[:_MOST_CHARACTERS]}..."
