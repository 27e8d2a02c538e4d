"""Decides what the columns of a sheet mean: by memory, by heading, by content, or by asking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from rolecall.adopt.column_content import ColumnContent, column_content
from rolecall.adopt.column_questions import column_question
from rolecall.adopt.column_reading import ColumnReading, column_reading
from rolecall.adopt.columns import (
    ColumnMeaning,
    MeaningSource,
    SheetKind,
    SheetMeaning,
    kept_column,
)
from rolecall.adopt.directory_headings import as_in_directory, is_directory_export
from rolecall.adopt.heading_keys import heading_key
from rolecall.adopt.heading_lookup import heading_meaning, languages_of
from rolecall.adopt.questions import Answers, Question, answer_to
from rolecall.adopt.sheet_kinds import columns_in, kind_of
from rolecall.adopt.sheets import Sheet
from rolecall.registry.secret_columns import secret_name

__all__ = ["meaning_of"]


def meaning_of(
    sheet: Sheet, memory: Mapping[str, str], answers: Answers | None = None
) -> SheetMeaning:
    """Return what a sheet is, and what each of its columns means.

    :param memory: what columns mean by what was decided before, as
        :func:`rolecall.adopt.columns.column_kept` has it, by :attr:`ColumnMeaning.key`.
    """
    languages = languages_of(sheet.headings)
    contents = [column_content(sheet, index) for index in range(len(sheet.headings))]
    readings = [
        _first_reading(heading, languages, seen)
        for heading, seen in zip(sheet.headings, contents, strict=True)
    ]
    kind = kind_of(list(zip(readings, contents, strict=True)))
    if is_directory_export(sheet.headings):
        kind = "roster"
    settled = columns_in(kind, list(zip(readings, contents, strict=True)))
    columns: list[ColumnMeaning] = []
    asked: list[Question] = []
    for index, key in enumerate(_keys(kind, sheet.headings)):
        seen, reading = contents[index], settled[index]
        column = _meant(index, sheet.headings[index], key, reading, seen)
        if kept_column(memory.get(key, "")) is not None:
            column = _as_kept(column, memory[key], "memory")
        elif kind == "roster" and (known := as_in_directory(column)) is not None:
            column = known
        elif kind != "none" and reading.doubts and seen.filled:
            question = column_question(sheet, index, key, reading, seen.samples)
            asked.append(question)
            column = _answered(column, question, answers or {})
        columns.append(column)
    said = _said(sheet, kind, columns, settled)
    return SheetMeaning(kind, tuple(columns), tuple(asked), tuple(said))


def _first_reading(heading: str, languages: tuple[str, ...], seen: ColumnContent) -> ColumnReading:
    said = heading_meaning(heading, languages)
    if secret_name(heading) == "secret" and not (said.is_whole and said.field):
        # Cells of it that could be secrets stopped the reading of the file: these are none.
        return ColumnReading("nothing")
    return column_reading(said, seen)


def _keys(kind: SheetKind, headings: Sequence[str]) -> Iterable[str]:
    """Yield by what memory knows each column: two of one heading are told apart by their order."""
    seen: Counter[str] = Counter()
    for heading in headings:
        key = f"{kind}: {heading_key(heading)}"
        seen[key] += 1
        yield key if seen[key] == 1 else f"{key} ({seen[key]})"


def _meant(
    index: int, heading: str, key: str, reading: ColumnReading, seen: ColumnContent
) -> ColumnMeaning:
    return ColumnMeaning(
        index,
        heading,
        key,
        reading.field or "nothing",
        reading.platform,
        reading.role,
        reading.source,
        seen.samples,
    )


def _as_kept(column: ColumnMeaning, kept: str, source: MeaningSource) -> ColumnMeaning:
    field, platform, role = kept_column(kept) or (column.field, column.platform, column.role)
    return replace(column, field=field, platform=platform, role=role, source=source)


def _answered(column: ColumnMeaning, question: Question, answers: Answers) -> ColumnMeaning:
    given = answer_to(question, answers)
    if question.id in answers:
        return _as_kept(column, given, "answer")
    return replace(_as_kept(column, given, column.source), is_doubtful=True)


def _said(
    sheet: Sheet,
    kind: SheetKind,
    columns: Sequence[ColumnMeaning],
    readings: Sequence[ColumnReading],
) -> Iterable[str]:
    """Yield what was decided otherwise than headings say."""
    if kind == "none":
        return
    for column, reading in zip(columns, readings, strict=True):
        is_decided = column.source in ("content", "nothing") and not column.is_doubtful
        if reading.remark and is_decided:
            yield f"{sheet.place(None, column.index)}: {reading.remark}"
