"""Workbooks of reports that come back with what people wrote: it is told, and held against the
registry as it is. Nothing is written: whoever keeps the registry records what is so."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from rolecall.cli.clock import now
from rolecall.cli.output import say
from rolecall.errors import UsageError
from rolecall.printable import printable, shorten
from rolecall.quantity import counted

if TYPE_CHECKING:
    from rolecall.adopt.worked_reading import WorkedBook, WorkedRow
    from rolecall.registry.words_for_nothing import WordsForNothing

__all__ = ["tell_work", "worked_books"]

_SHOWN = 200


def worked_books(
    files: Sequence[tuple[str, bytes]], nothing: WordsForNothing
) -> Sequence[WorkedBook]:
    """Return the workbooks of reports among some files.

    :raises UsageError: there are others among them.
    """
    from rolecall.adopt.worked_reading import worked_book

    found = [worked_book(name, data, nothing) for name, data in files]
    books = [book for book in found if book is not None]
    if books and len(books) < len(files):
        raise UsageError(
            f"{books[0].file} is the workbook of a report, and others are not; adopt them apart"
        )
    return books


def tell_work(books: Sequence[WorkedBook], into: Path, *, as_json: bool) -> None:
    """Say what people wrote, and of what is said to be done whether the registry says so too."""
    standing = _standing(into)
    if as_json:
        document = {"written": False, "workbooks": [_as_data(one, standing) for one in books]}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    for book in books:
        typer.echo(
            printable(f"{book.file}: of run {book.number}, as of {book.as_of[:10]}; nothing that")
            + " stands there changes the registry by itself"
        )
        for row in book.rows[:_SHOWN]:
            for line in _lines(row, standing):
                typer.echo(printable(line))
        if len(book.rows) > _SHOWN:
            say(f"... and {len(book.rows) - _SHOWN:,} more; --format json has them all")
        typer.echo(_counts(book.rows, standing))
    typer.echo(f"\nnext: record what is so, and rolecall audit {shlex.quote(str(into))}")


def _standing(into: Path) -> frozenset[str]:
    """Return the ids of the findings that the registry has as it is."""
    from rolecall.cli.validation import rules_of
    from rolecall.registry.reading import read_registry
    from rolecall.status import stands
    from rolecall.usecases.runs.local import run_audit

    if not into.exists():
        raise UsageError(f"{into}: does not exist; name the registry of which the report is")
    instant = now()
    loaded = read_registry(into, instant.date())
    report = run_audit(loaded.snapshot, rules_of(into, None, loaded), instant, lambda _: None)
    return frozenset(one.finding.id for one in report.findings if stands(one.status))


def _still(row: WorkedRow, standing: frozenset[str]) -> Sequence[str]:
    """Return the findings that are said to be ended, and stand."""
    return [id_ for id_ in row.findings if id_ in standing] if row.progress == "done" else []


def _lines(row: WorkedRow, standing: frozenset[str]) -> Iterator[str]:
    told: list[str] = [row.progress or "somebody does it"]
    told += [f"by {row.who}"] if row.who else []
    told += [f"until {row.by_when}"] if row.by_when else []
    where = f" ({row.where})" if row.where else ""
    yield f"{row.sheet}, row {row.number}: {', '.join(told)}: {shorten(row.what, 200)}{where}"
    if still := _still(row, standing):
        count = counted(len(still), "finding of it stands", "findings of it stand")
        record = " ".join(row.record.split()) or "what was done, and when"
        yield f"  is it so? {count} in the registry as it is; what to record: {record}"
    elif row.progress == "done":
        yield "  and the registry says so too"
    elif row.progress == "unclear":
        yield "  what stands under done is none of the words to choose from"


def _counts(rows: Sequence[WorkedRow], standing: frozenset[str]) -> str:
    done = [row for row in rows if row.progress == "done"]
    open_ = sum(bool(_still(row, standing)) for row in done)
    going = sum(row.progress == "under way" for row in rows)
    return (
        f"{counted(len(rows), 'row')} with something in it; {len(done):,} said to be done, of "
        f"which the registry does not say so of {open_:,}; {going:,} under way"
    )


def _as_data(book: WorkedBook, standing: frozenset[str]) -> Mapping[str, Any]:
    return {
        "file": book.file,
        "run": book.run,
        "rows": [
            {
                "sheet": row.sheet,
                "row": row.number,
                "what": row.what,
                "where": row.where,
                "who": row.who,
                "by_when": row.by_when,
                "progress": row.progress,
                "findings": list(row.findings),
                "still_found": list(_still(row, standing)),
                "record": row.record,
            }
            for row in book.rows
        ],
    }
