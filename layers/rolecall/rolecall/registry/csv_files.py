"""The registry as a directory of CSV files, one a table.

UTF-8 with or without a byte order mark; RFC 4180 quoting; the delimiter is a comma, a semicolon or
a tab, whichever makes most sense of the header.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
from array import array
from collections.abc import Sequence
from pathlib import Path

from rolecall.model import TABLES
from rolecall.registry.cells import MOST_CHARACTERS
from rolecall.registry.csv_blocks import CsvRows, csv_reader, text_lines
from rolecall.registry.problems import Problems, suggestion
from rolecall.registry.raw_table import RawTable
from rolecall.registry.schema import column_name, columns
from rolecall.registry.titles_csv import TITLES

__all__ = ["csv_table", "row_lines", "table_files"]

_DELIMITERS = ",;\t"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def table_files(directory: Path, problems: Problems, warnings: Problems) -> dict[str, Path]:
    """Return the files of a directory that are tables, by table, in reading order."""
    found: dict[str, Path] = {}
    for path in sorted(directory.iterdir()):
        name = path.stem.casefold()
        if path.suffix.casefold() != ".csv":
            continue
        if name in found:
            problems.add(path.name, f"is the same table as {found[name].name}; keep one of them")
        elif name in TABLES:
            found[name] = path
        elif path.name == TITLES:
            if not (directory / "policy.toml").is_file():
                warnings.add(path.name, "is not read: it belongs beside policy.toml")
        else:
            warnings.add(path.name, f"is not a table of a registry{suggestion(name, TABLES)}")
    return {name: found[name] for name in TABLES if name in found}


def csv_table(name: str, file: str, data: bytes, problems: Problems) -> RawTable | None:
    """Return one CSV file as a raw table, or ``None`` where it cannot be read at all."""
    text = _decoded(file, data, problems)
    if text is None:
        return None
    csv.field_size_limit(MOST_CHARACTERS)
    delimiter = _delimiter(name, text)
    rows = CsvRows(file, text, delimiter, problems)
    header = rows.header()
    if header is None:
        return None
    names = list(map(str, header))
    while names and not names[-1].strip():
        names.pop()
    if not names:
        problems.add(file, "the first row is empty; it must name the columns", row=1)
        return None
    separators = "|" if delimiter == ";" else "|;"
    return RawTable(name=name, file=file, header=names, rows=rows, separators=separators)


def row_lines(name: str, data: bytes) -> Sequence[int]:
    """Return the line at which each row of a CSV file begins, the header first.

    Of a file that is not text, or from a broken quote on, rows and lines are the same.
    """
    text = _decoded(name, data, Problems())
    if text is None:
        return range(1, data.count(b"\n") + 2)
    csv.field_size_limit(MOST_CHARACTERS)
    reader = csv_reader(text_lines(text), _delimiter(name, text))
    lines = array("L", [1])
    with contextlib.suppress(csv.Error):
        for _ in reader:
            lines.append(reader.line_num + 1)
    return lines


def _decoded(file: str, data: bytes, problems: Problems) -> bytes | None:
    """Return the bytes of a text without its byte order mark, proven to be UTF-8 without NUL."""
    hint = "save it as CSV UTF-8"
    if data.startswith(_UTF16):
        problems.add(file, f"is UTF-16, not UTF-8; {hint}")
        return None
    text = data.removeprefix(codecs.BOM_UTF8)
    if not text.strip():
        problems.add(file, "is empty; the first row must name the columns")
        return None
    if (at := text.find(b"\0")) >= 0:
        row = text.count(b"\n", 0, at) + 1
        problems.add(file, "has a NUL character: the file is damaged, or is not text", row=row)
        return None
    try:
        # Decoded once here for a message that says where; the rows are decoded as they are read.
        if not text.isascii():
            text.decode("utf-8")
    except UnicodeDecodeError as error:
        row = text.count(b"\n", 0, error.start) + 1
        problems.add(file, f"is not UTF-8 (byte {data[error.start]:#04x}); {hint}", row=row)
        return None
    return text


def _delimiter(name: str, text: bytes) -> str:
    """Return the delimiter under which the header names most columns of the table."""
    line = text[:MOST_CHARACTERS].decode("utf-8", errors="ignore")
    known = columns(name)

    def fit(delimiter: str) -> tuple[int, int]:
        try:
            header = next(csv.reader(io.StringIO(line, newline=""), delimiter=delimiter), [])
        except csv.Error:
            return 0, 0
        names = set(map(column_name, header))
        return len(names & known.keys()), len(header)

    return max(_DELIMITERS, key=fit)
