"""A workbook that ``rolecall collect`` made, as somebody filled it in.

Which rows these are, and what stood in them, its hidden sheet tells. A row is known by what stands
in its grey cells, wherever it stands by now; a cell by its heading. Nothing is guessed: what cannot
be told is said, and left as the registry has it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from rolecall.adopt.collecting_fields import (
    ACCESS,
    ACCOUNTS,
    COLLECTED_FIELDS,
    FILLED_BY,
    FILLED_ON,
    HIDDEN_SHEET,
    READ_ME,
)
from rolecall.adopt.collecting_languages import sheet_names, turned_back
from rolecall.adopt.collecting_rows import (
    ReturnedRow,
    SheetRows,
    as_text,
    heading_row,
    text_at,
)
from rolecall.adopt.collecting_workbook import COLLECTION_MARK, COLLECTION_VERSION
from rolecall.adopt.reading.grids import Grid, GridRow
from rolecall.adopt.reading.returned import names_of_sheets, returned_grids
from rolecall.adopt.reading.secret_search import SecretSearch
from rolecall.adopt.sheets import SheetCell
from rolecall.errors import Problem, RegistryError
from rolecall.printable import printable
from rolecall.registry.cells import Unreadable
from rolecall.registry.problems import Problems
from rolecall.registry.words_for_nothing import WordsForNothing

__all__ = ["ReturnedBook", "looks_collected", "returned_book"]

_SHEETS = (ACCOUNTS, ACCESS)


class ReturnedBook(Struct, frozen=True):
    """A workbook that came back.

    :ivar accounts: what each account was called when it was made, by its id.
    :ivar warnings: what could not be told of it, in sentences.
    """

    file: str
    units: tuple[tuple[str, str], ...]
    accounts: Mapping[str, str]
    filled_by: str
    filled_on: SheetCell
    rows: tuple[ReturnedRow, ...]
    warnings: tuple[str, ...]


def looks_collected(data: bytes) -> bool:
    """Tell whether a file is a workbook that was made to be filled in, or was one."""
    found = names_of_sheets(data)
    return HIDDEN_SHEET in found or any(found >= names for names in sheet_names())


def returned_book(file: str, data: bytes, nothing: WordsForNothing) -> ReturnedBook | None:
    """Return what somebody filled in; ``None`` where it is some other workbook after all.

    :raises RegistryError: it cannot be read, holds secrets, or nobody can tell what was changed.
    """
    problems = Problems()
    grids = turned_back({grid.name: grid for grid in returned_grids(file, data, problems)})
    if problems.count:
        raise RegistryError(problems.kept, problems.count)
    hidden = grids.get(HIDDEN_SHEET)
    if hidden is None or not hidden.rows or text_at(hidden.rows[0], 0) != COLLECTION_MARK:
        if not any(heading_row(grids, name) is not None for name in _SHEETS):
            return None
        raise _refused(
            file,
            f"its hidden sheet {HIDDEN_SHEET} is gone, and nobody can tell without it what was "
            "changed; run rolecall collect again, and copy the answers into the new workbook",
        )
    if (version := text_at(hidden.rows[0], 1)) != COLLECTION_VERSION:
        raise _refused(
            file,
            f"was made by another version of rolecall collect ({version or 'none'}; this one reads "
            f"{COLLECTION_VERSION}); run rolecall collect again, and copy the answers",
        )
    book = _book(file, grids, hidden)
    _check_secrets(grids, book.rows, nothing)
    return book


def _check_secrets(
    grids: Mapping[str, Grid], changed: Sequence[ReturnedRow], nothing: WordsForNothing
) -> None:
    """Refuse a workbook into which somebody wrote a secret.

    What stood there when it was made is the registry's, and was looked at when that was read.
    """
    problems = Problems()
    said = {
        (row.sheet, row.number, field.heading)
        for row in changed
        for field in COLLECTED_FIELDS[row.sheet]
        if field.name in row.said
    }
    stood = {as_text(cell) for row in grids[HIDDEN_SHEET].rows for cell in row.cells}
    for name, grid in grids.items():
        if name == HIDDEN_SHEET:
            continue
        search = SecretSearch(grid, problems, nothing)
        found = heading_row(grids, name) if name in _SHEETS else None
        headings = [str(cell) for cell in found.cells] if found is not None else []
        # A column that somebody added may have no heading.
        headings += [""] * (max((len(row.cells) for row in grid.rows), default=0) - len(headings))
        rows = [
            GridRow(
                row.number,
                [
                    "" if as_text(cell) in stood and (name, row.number, head) not in said else cell
                    for head, cell in zip(headings, row.cells, strict=False)
                ],
            )
            for row in grid.rows
            if found is None or row.number > found.number
        ]
        search.texts(headings, rows)
        search.pairs(headings, rows)
        if found is not None:
            search.columns(headings, rows)
    if problems.count:
        raise RegistryError(problems.kept, problems.count)


def _book(file: str, grids: Mapping[str, Grid], hidden: Grid) -> ReturnedBook:
    lines = [[text_at(row, at) for at in range(len(row.cells))] for row in hidden.rows[1:]]
    warnings: list[str] = []
    rows: list[ReturnedRow] = []
    accounts: dict[str, str] = {}
    for name in _SHEETS:
        width = len(COLLECTED_FIELDS[name]) + 3
        asked = [_padded(line, width) for line in lines if line[:1] == [name]]
        accounts |= {line[1]: line[4] for line in reversed(asked)}
        rows += SheetRows(file, name, asked, warnings).rows(grids)
    units = tuple((line[1], line[2]) for line in lines if line[:1] == ["unit"] and len(line) > 2)
    if not units:
        raise _refused(
            file, f"its hidden sheet {HIDDEN_SHEET} was changed; run rolecall collect again"
        )
    by, on = _form(grids.get(READ_ME), FILLED_BY), _form(grids.get(READ_ME), FILLED_ON)
    return ReturnedBook(file, units, accounts, as_text(by), on, tuple(rows), tuple(warnings))


def _padded(line: Sequence[str], width: int) -> list[str]:
    # Empty cells at the end of a row are not stored.
    return [*line, *([""] * (width - len(line)))]


def _form(grid: Grid | None, label: str) -> SheetCell:
    """Return what stands beside a label."""
    for row in grid.rows if grid is not None else ():
        for at, cell in enumerate(row.cells[:-1]):
            beside = row.cells[at + 1]
            if cell == label and not isinstance(beside, Unreadable):
                return beside
    return ""


def _refused(file: str, message: str) -> RegistryError:
    return RegistryError([Problem(printable(file), message)])
