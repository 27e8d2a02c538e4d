"""A CSV text in blocks of whole rows.

Most blocks hold no quote: a row is a line there and a cell what stands between two delimiters, so
that a whole block can be decoded at one go (:mod:`rolecall.registry.plain_blocks`). One with quotes
is cut into rows here.
"""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any, TypeAlias

from msgspec import Struct

from rolecall.registry.cells import MOST_CHARACTERS, Cell
from rolecall.registry.problems import Problems
from rolecall.spreadsheet import GUARDED_BYTES, unguarded

__all__ = ["Block", "Chunk", "CsvRows", "csv_explained", "csv_reader", "text_lines"]

_BYTES = 1 << 16
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")


class Block(Struct, frozen=True):
    """Some lines of a CSV text, none of which has a quote in it."""

    text: bytes
    delimiter: str

    def rows(self) -> list[Sequence[Cell]]:
        """Return the cells of each line."""
        # What has no quote is cut at its delimiters, in 0.6 of the time of the reader.
        return [line.rstrip("\r\n").split(self.delimiter) for line in text_lines(self.text)]


Chunk: TypeAlias = Block | list[Sequence[Cell]]


class CsvRows:
    """The rows of a CSV text; they are gone through once, in blocks or one by one.

    :param file: names the text in problems.
    """

    def __init__(self, file: str, text: bytes, delimiter: str, problems: Problems) -> None:
        self._file = file
        self._text = text
        self.delimiter = delimiter
        self._problems = problems
        self._at = 0
        self._is_guarded = GUARDED_BYTES.search(text) is not None

    def header(self) -> Sequence[Cell] | None:
        """Return the first row, or ``None`` where it cannot be read."""
        rows: list[Sequence[Cell]] = []
        with self._reported():
            rows += islice(csv_reader(self._lines(), self.delimiter), 1)
        return self._bare(rows)[0] if rows else None

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        """Yield the rows one by one."""
        for chunk in self.chunks():
            yield from chunk.rows() if isinstance(chunk, Block) else chunk

    def chunks(self) -> Iterator[Chunk]:
        """Yield the rows in blocks."""
        while self._at < len(self._text):
            block = self._text[self._at : self._end()]
            self._at += len(block)
            if b'"' in block or len(block) > MOST_CHARACTERS:
                if rows := self._cut(block):
                    yield self._bare(rows)
            elif self._is_guarded and GUARDED_BYTES.search(block):
                yield self._bare(Block(block, self.delimiter).rows())
            else:
                yield Block(block, self.delimiter)

    def _end(self) -> int:
        """Return where the block ends that begins here: behind the last line that it has room for.

        Of lines that end with carriage returns alone it is the last of these; a line without an end
        in the block goes on to its own.
        """
        text, start, most = self._text, self._at, self._at + _BYTES
        if most >= len(text):
            return len(text)
        last = text.rfind(b"\n", start, most)
        if last < 0:
            # Of two signs that are the end of one line, the block has both or none.
            last = text.rfind(b"\r", start, most - 1)
        if last < 0:
            last = text.find(b"\n", most)
        return last + 1 if last >= 0 else len(text)

    def _cut(self, block: bytes) -> list[Sequence[Cell]]:
        """Cut a block with quotes; its last row may go on behind it."""
        rows: list[Sequence[Cell]] = []
        lines = text_lines(block)
        with self._reported():
            for line in lines:
                if '"' in line or len(line) > MOST_CHARACTERS:
                    # A quoted cell may go on over many lines: the reader takes what it needs.
                    rest = chain((line,), lines, self._lines())
                    rows += islice(csv_reader(rest, self.delimiter), 1)
                else:
                    rows.append(line.rstrip("\r\n").split(self.delimiter))
        return rows

    def _lines(self) -> Iterator[str]:
        """Yield the lines from here on, one by one."""
        while self._at < len(self._text) and (found := _LINE.match(self._text, self._at)):
            self._at = found.end()
            yield found[0].decode()

    @contextlib.contextmanager
    def _reported(self) -> Iterator[None]:
        """Report what is not CSV; there is nothing behind it."""
        try:
            yield
        except csv.Error as error:
            # After a broken quote nobody can tell where the next row starts.
            self._at = len(self._text)
            message = f"{csv_explained(error)}; the rest of the file was not read"
            row = _rows_before_error(self._text, self.delimiter) + 1
            self._problems.add(self._file, message, row=row)
            self._problems.cut.add(self._file)

    def _bare(self, rows: list[Sequence[Cell]]) -> list[Sequence[Cell]]:
        """Take off the apostrophes that guard a cell from being read as a formula."""
        if not self._is_guarded:
            return rows
        return [
            [unguarded(cell) if isinstance(cell, str) and "'" in cell else cell for cell in row]
            for row in rows
        ]


def text_lines(text: bytes) -> Iterator[str]:
    """Return the lines of a text, with their ends: a line feed, a carriage return, or both."""
    return io.TextIOWrapper(io.BytesIO(text), encoding="utf-8", newline="")


def csv_reader(lines: Iterator[str], delimiter: str) -> Any:
    """Return the reader of the standard library, as strict as it can be."""
    return csv.reader(lines, delimiter=delimiter, strict=True)


def _rows_before_error(text: bytes, delimiter: str) -> int:
    """Count the rows again: to count them while they are read would cost every good file."""
    count = 0
    with contextlib.suppress(csv.Error):
        for _ in csv_reader(text_lines(text), delimiter):
            count += 1
    return count


def csv_explained(error: csv.Error) -> str:
    """Return what the reader of the standard library found wrong, in words for everybody."""
    text = str(error)
    if "field larger" in text:
        return f"a cell is longer than {MOST_CHARACTERS:,} characters (is a closing quote missing?)"
    if "unexpected end" in text:
        return "a quote that was opened is never closed"
    if "expected after" in text:
        return "a quote inside a quoted cell must be doubled"
    return f"is not CSV: {text}"
