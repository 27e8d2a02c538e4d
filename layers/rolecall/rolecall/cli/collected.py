"""Workbooks of ``rolecall collect`` that come back: what they change is shown, then written."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from rolecall.cli.clock import now
from rolecall.cli.output import confirmed, say
from rolecall.cli.questions import answered, question_as_data, question_line
from rolecall.errors import AuditError, UsageError
from rolecall.printable import printable
from rolecall.quantity import counted

if TYPE_CHECKING:
    from rolecall.adopt.adoption import RegistryThere
    from rolecall.adopt.collecting_answers import CollectedAnswers
    from rolecall.adopt.collecting_reading import ReturnedBook
    from rolecall.adopt.questions import Answers
    from rolecall.registry.words_for_nothing import WordsForNothing

__all__ = ["returned_books", "take_back"]

_SHOWN = 200


def returned_books(
    files: Sequence[tuple[str, bytes]], nothing: WordsForNothing
) -> Sequence[ReturnedBook]:
    """Return the workbooks among some files that were made to be filled in.

    :raises UsageError: there are others among them.
    """
    from rolecall.adopt.collecting_reading import looks_collected, returned_book

    books = [
        book
        for name, data in files
        if looks_collected(data) and (book := returned_book(name, data, nothing)) is not None
    ]
    if books and len(books) < len(files):
        raise UsageError(
            f"{books[0].file} came from rolecall collect, and others did not; adopt them apart"
        )
    return books


def take_back(
    books: Sequence[ReturnedBook],
    there: RegistryThere,
    nothing: WordsForNothing,
    into: Path,
    *,
    yes: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Show what workbooks change, and write it."""
    if not there.tables:
        raise UsageError(f"{into}: is no registry; name the one from which this was collected")
    asks = not (yes or dry_run or as_json) and sys.stdin.isatty()
    made = answered(lambda answers: _made(books, there, nothing, answers), {}, asks=asks)
    _show(made, as_json=as_json, written=not dry_run)
    if dry_run:
        return
    if not yes:
        if not asks:
            raise UsageError(
                "this needs answers; --yes takes the safest where nobody is there to ask"
            )
        if not confirmed("Write it?"):
            typer.echo("nothing was written")
            raise typer.Exit(2)
    changed = _write(into, made, there)
    if not as_json:
        names = ", ".join(changed)
        typer.echo(f"wrote {into}: {names}" if changed else f"{into}: nothing changed")
        typer.echo(f"\nnext: rolecall audit {shlex.quote(str(into))}")


def _made(
    books: Sequence[ReturnedBook],
    there: RegistryThere,
    nothing: WordsForNothing,
    answers: Answers,
) -> CollectedAnswers:
    """Return what all workbooks make together: each is about accounts of its own."""
    from rolecall.adopt.collecting import AskedRows
    from rolecall.adopt.collecting_answers import CollectedAnswers, collected_answers

    today, rows = now().date(), AskedRows(there.snapshot)
    each = [
        collected_answers(book, there.snapshot, rows, answers, today, nothing) for book in books
    ]
    return CollectedAnswers(
        changes=tuple(change for one in each for change in one.changes),
        warnings=tuple(dict.fromkeys(warning for one in each for warning in one.warnings)),
        questions=tuple(question for one in each for question in one.questions),
    )


def _show(made: CollectedAnswers, *, as_json: bool, written: bool) -> None:
    if as_json:
        typer.echo(json.dumps(_as_data(made, written=written), ensure_ascii=False, indent=1))
        return
    for change in made.changes[:_SHOWN]:
        typer.echo(printable(change.sentence))
    if len(made.changes) > _SHOWN:
        typer.echo(f"... and {len(made.changes) - _SHOWN:,} more; --format json has them all")
    _list("warning", made.warnings)
    _list("needs an answer", list(map(question_line, made.questions)))
    asks = counted(len(made.questions), "question needs", "questions need")
    typer.echo(
        f"{counted(len(made.changes), 'change')} ready; "
        f"{counted(len(made.warnings), 'warning')}; {asks} an answer"
    )


def _list(label: str, sentences: Sequence[str]) -> None:
    for sentence in sentences[:_SHOWN]:
        say(f"{label}: {sentence}")
    if len(sentences) > _SHOWN:
        say(f"... and {len(sentences) - _SHOWN:,} more; --format json has them all")


def _as_data(made: CollectedAnswers, *, written: bool) -> Mapping[str, Any]:
    return {
        "written": written,
        "changes": [
            {
                "table": one.table,
                "key": list(one.key),
                "cells": dict(one.cells),
                "text": one.sentence,
            }
            for one in made.changes
        ],
        "questions": list(map(question_as_data, made.questions)),
        "warnings": list(made.warnings),
    }


def _write(into: Path, made: CollectedAnswers, there: RegistryThere) -> list[str]:
    """Write what changes, all of it or none, and return the names of the files."""
    from rolecall.adopt.collecting_changes import changed_tables
    from rolecall.adopt.registry_tables import table_as_csv
    from rolecall.staged_files import write_together

    tables = changed_tables(made.changes, there.tables, there.snapshot)
    files = {
        f"{name}.csv": table_as_csv(one.table)
        for name, one in tables.items()
        if one.added or one.changed
    }
    try:
        if files:
            write_together(into, files)
    except OSError as error:
        raise AuditError(f"{into}: cannot write: {error.strerror}") from error
    return list(files)
