"""A workbook of a report in which people wrote who does what, by when, and what is done.

Its hidden sheet says which run it is of, under which headings to look, and what the words under
*done* are: so it is read in whatever language it was made. What people wrote is told, and changes
nothing by itself: that something is done is a claim until the registry says so too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from rolecall.adopt.collecting_rows import text_at
from rolecall.adopt.reading.grids import Grid, GridRow
from rolecall.adopt.reading.returned import names_of_sheets, returned_grids
from rolecall.adopt.reading.secret_search import SecretSearch
from rolecall.errors import Problem, RegistryError
from rolecall.printable import printable
from rolecall.registry.problems import Problems
from rolecall.registry.words_for_nothing import WordsForNothing
from rolecall.spreadsheet import REPORT_MARK, REPORT_SHEET, REPORT_VERSION

__all__ = ["WorkProgress", "WorkedBook", "WorkedRow", "worked_book"]

WorkProgress: TypeAlias = Literal["done", "under way", "not done", "unclear", ""]
_PROGRESS: Mapping[str, WorkProgress] = {
    "done_yes": "done",
    "done_started": "under way",
    "done_no": "not done",
}
_FILLED = ("who", "by_when", "done")
_HEADINGS_WITHIN = 50


class WorkedRow(Struct, frozen=True):
    """A row in which somebody wrote something.

    :ivar what: what is to be done, or what is wrong; ``where`` the place.
    :ivar progress: what stands under *done*; ``unclear`` for a word that was not to choose.
    :ivar record: what the registry is then to say.
    :ivar findings: the ids of what it ends.
    """

    sheet: str
    number: int
    what: str
    where: str
    who: str
    by_when: str
    progress: WorkProgress
    record: str
    findings: tuple[str, ...]


class WorkedBook(Struct, frozen=True):
    """A workbook of a report that came back.

    :ivar run: the id of the run; ``number`` and ``as_of`` say which that was.
    """

    file: str
    run: str
    number: str
    as_of: str
    rows: tuple[WorkedRow, ...]


def worked_book(file: str, data: bytes, nothing: WordsForNothing) -> WorkedBook | None:
    """Return what people wrote into a workbook of a report; ``None`` where it is none.

    :raises RegistryError: it cannot be read, or holds secrets.
    """
    if REPORT_SHEET not in names_of_sheets(data):
        return None
    problems = Problems()
    grids = {grid.name: grid for grid in returned_grids(file, data, problems)}
    if problems.count:
        raise RegistryError(problems.kept, problems.count)
    hidden = grids.get(REPORT_SHEET)
    if hidden is None or not hidden.rows or text_at(hidden.rows[0], 0) != REPORT_MARK:
        return None
    if (version := text_at(hidden.rows[0], 1)) != REPORT_VERSION:
        raise _refused(
            file,
            f"was made by another version of rolecall report ({version or 'none'}; this one reads "
            f"{REPORT_VERSION}); make the report again, and copy what was written",
        )
    told = _Told(hidden)
    run, number, as_of = told.run
    rows = tuple(row for name in told.sheets for row in told.rows_of(grids.get(name)))
    for name in told.sheets:
        if name in grids:
            _check_secrets(grids[name], told, nothing)
    return WorkedBook(file, run, number, as_of, rows)


class _Told:
    """What the hidden sheet says."""

    def __init__(self, hidden: Grid) -> None:
        lines = [[text_at(row, at) for at in range(1, 5)] for row in hidden.rows[1:]]
        found = [line for line in lines if line[0] == "run"]
        self.run = (found[0][1], found[0][2], found[0][3]) if found else ("", "", "")
        self.sheets = [line[1] for line in lines if line[0] == "sheet"]
        self.headings = {line[1]: line[2] for line in lines if line[0] == "heading"}
        self._words = {line[2].casefold(): line[1] for line in lines if line[0] == "done"}

    def rows_of(self, grid: Grid | None) -> Iterator[WorkedRow]:
        """Yield the rows of a sheet in which somebody wrote something."""
        head = None if grid is None else self.head_of(grid)
        if grid is None or head is None:
            return
        at = {str(cell): column for column, cell in reversed(list(enumerate(head.cells)))}
        for row in grid.rows:
            if row.number > head.number and (found := self._row(grid.name, row, at)) is not None:
                yield found

    def head_of(self, grid: Grid) -> GridRow | None:
        """Return the row of a sheet in which the headings stand, wherever that is by now."""
        wanted = {self.headings.get(name, "") for name in _FILLED}
        for row in grid.rows[:_HEADINGS_WITHIN]:
            if wanted <= {cell for cell in row.cells if isinstance(cell, str)}:
                return row
        return None

    def _row(self, sheet: str, row: GridRow, at: Mapping[str, int]) -> WorkedRow | None:
        def told(*names: str) -> str:
            for name in names:
                if (column := at.get(self.headings.get(name, ""))) is not None:
                    return text_at(row, column).strip()
            return ""

        who, by_when, done = (told(name) for name in _FILLED)
        if not (who or by_when or done):
            return None
        word = self._words.get(done.casefold())
        progress: WorkProgress = "" if not done else "unclear" if word is None else _PROGRESS[word]
        return WorkedRow(
            *(sheet, row.number, told("what_to_do", "what"), told("where"), who, by_when),
            *(progress, told("record"), tuple(told("finding_ids", "id").split())),
        )


def _check_secrets(grid: Grid, told: _Told, nothing: WordsForNothing) -> None:
    """Refuse a sheet into which somebody wrote a secret; what stood there was the report's own."""
    head, problems = told.head_of(grid), Problems()
    if head is None:
        return
    filled = {told.headings.get(name) for name in _FILLED}
    columns = [at for at, cell in enumerate(head.cells) if cell in filled]
    headings = [str(head.cells[at]) for at in columns]
    rows = [
        GridRow(row.number, [row.cells[at] if at < len(row.cells) else "" for at in columns])
        for row in grid.rows
        if row.number > head.number
    ]
    SecretSearch(grid, problems, nothing).texts(headings, rows)
    if problems.count:
        raise RegistryError(problems.kept, problems.count)


def _refused(file: str, message: str) -> RegistryError:
    return RegistryError([Problem(printable(file), message)])
