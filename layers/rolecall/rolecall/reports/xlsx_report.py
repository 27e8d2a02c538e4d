"""The report as a workbook: what to do first, the findings, and all that stands behind them.

Texts are written as texts, never as formulas, and rows go to disk as they come, so that a workbook
of very many findings takes no more memory than a small one. Heights, paper and drop-downs are
written too: a workbook looks the same wherever it is opened.

What people write into the yellow cells can be read back: a hidden sheet says which run this is,
under which headings to look, and what the words under *done* mean, in whatever language.
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
from rolecall.reports.facts import Holders
from rolecall.reports.front import headline, left_out, unmade
from rolecall.reports.report import FindingLine
from rolecall.reports.words import by_change, incomplete, reported_in_words, status_in_words
from rolecall.reports.workbook_rows import ReferenceSheets
from rolecall.reports.workbook_sheets import BookCell, SheetWords, SheetWriter
from rolecall.reports.workbook_tasks import DONE, TaskSheets
from rolecall.run import Summary
from rolecall.spreadsheet import REPORT_MARK, REPORT_SHEET, REPORT_VERSION, put_text
from rolecall.texts import Texts, texts_of

__all__ = ["xlsx_report"]

_OWN_HEADINGS = ("who", "by_when", "done", "id", "action_id", "finding_ids", "what_to_do")
_HEADINGS = ("where", "what", "record")
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_PIECE = 1 << 20
_MOST_PEOPLE = 5_000


def xlsx_report(
    document: ReportDocument,
    findings: Iterable[FindingLine],
    holders: Holders | None = None,
) -> Iterator[bytes]:
    """Yield the workbook in pieces, once it is made on disk.

    :param findings: in the order of every report.
    :param holders: the names of entities and their heads; without them, of what has a section.
    """
    if holders is None:
        holders = Holders(entities={one.id: one.name for one in document.entities})
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
        _fill(book, document, findings, holders)
        book.close()
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece


def _fill(
    book: Any,
    document: ReportDocument,
    findings: Iterable[FindingLine],
    holders: Holders,
) -> None:
    texts = texts_of(document.language)
    title = texts.words("reports")["title"]
    # The same run gives the same bytes.
    book.set_properties({"title": title, "created": _EPOCH})
    people = _people(document)
    cells = f"'{REPORT_SHEET}'!$A$2:$A${len(people) + 1}" if people else ""
    tasks = TaskSheets(document, holders, texts, cells)
    first, found = tasks.actions(), tasks.findings(findings)
    writer = SheetWriter(book, _sheet_words(texts, title))
    writer.table(*first)
    writer.facts(texts.words("reports")["summary"], title, _facts(document, texts))
    writer.table(*found)
    for made in ReferenceSheets(document, texts):
        writer.table(*made)
    _hidden(book, document, texts, people, [first.name, found.name])


def _sheet_words(texts: Texts, title: str) -> SheetWords:
    words, own = texts.words("reports"), texts.words("workbook")
    return SheetWords(
        title=title,
        page=words["page"],
        cut=own["cut"],
        more=words["more"],
        day=own["day_format"],
        severities={one: words[one] for one in SEVERITIES},
    )


def _facts(document: ReportDocument, texts: Texts) -> Sequence[tuple[str, BookCell]]:
    """Return what the report says of the run, and how to use the workbook."""
    words, own = texts.words("reports"), texts.words("workbook")
    checks, run, about = document.checks, document.run, document.summary.standing_subjects
    notes = (
        incomplete(texts, document.unknown_records, document.problems, run.registry.rows),
        reported_in_words(texts, checks.reported),
        by_change(texts, document.summary),
        left_out(texts, document),
        unmade(texts, document),
    )
    return [
        (words["headline"], headline(texts, document)),
        (words["organisation"], document.organisation),
        (words["as_of"], texts.instant(run.as_of)),
        (own["how_to_read"], own["to_fill"]),
        *((words["note"], told) for told in notes if told),
        (words["standing"], document.standing),
        *([(words["standing_subjects"], about)] if about is not None else []),
        *((words[one], document.summary.standing[one]) for one in SEVERITIES),
        *((words[name], count) for name, count in document.summary.by_status.items()),
        *_reasons(texts, document.summary),
        (words["passed"], checks.passed),
        (words["failed"], checks.failed),
        (words["unmade"], checks.unmade),
        (words["policy"], f"{run.policy.name} {run.policy.version or ''}".strip()),
        (words["catalogue"], texts.filled(words["catalogue_version"], number=run.catalogue)),
        (words["run"], run.id),
        (words["digest"], document.digest),
    ]


def _reasons(texts: Texts, summary: Summary) -> Iterator[tuple[str, int]]:
    """Yield how many findings came and went for which reason."""
    for status, reasons in (("new", summary.by_opening), ("resolved", summary.by_resolution)):
        for reason, count in reasons.items():
            yield status_in_words(texts, status, reason), count


def _people(document: ReportDocument) -> Sequence[str]:
    """Return who may be chosen for what is to be done: whoever holds something, by name."""
    held = (holder.name for account in document.accounts or () for holder in account.holders)
    return sorted({printable(name)[:200] for name in held})[:_MOST_PEOPLE]


def _hidden(
    book: Any, document: ReportDocument, texts: Texts, people: Sequence[str], sheets: Sequence[str]
) -> None:
    """Write what it takes to read the workbook back, and the names from which to choose."""
    own, words, run = texts.words("workbook"), texts.words("reports"), document.run
    lines: list[Sequence[str]] = [
        ("run", run.id, str(run.number), run.as_of.isoformat()),
        *(("sheet", name) for name in sheets),
        *(("heading", key, own[key]) for key in _OWN_HEADINGS),
        *(("heading", key, words[key]) for key in _HEADINGS),
        *(("done", key, own[key]) for key in DONE),
    ]
    sheet = book.add_worksheet(REPORT_SHEET)
    sheet.hide()
    sheet.write_string(0, 0, REPORT_MARK)
    sheet.write_string(0, 1, REPORT_VERSION)
    for row in range(max(len(lines), len(people))):
        if row < len(people):
            put_text(sheet, row + 1, 0, people[row])
        for column, text in enumerate(lines[row] if row < len(lines) else (), 1):
            put_text(sheet, row + 1, column, text)
