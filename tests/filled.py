"""Workbooks as people give them back: read as a program reads them, changed, and saved again."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from tests.unit.adopt.reading.open_documents import open_document

Rows = list[list[Any]]


def sheets_of(data: bytes) -> dict[str, Rows]:
    """Return the cells of every sheet, the hidden ones too."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in book.sheet_names
    }


def saved(sheets: Mapping[str, Rows], hidden: Sequence[str] = ("rolecall",)) -> bytes:
    """Return sheets as a workbook that another program wrote."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            if name in hidden:
                sheet.hide()
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, date | datetime):
                        sheet.write_datetime(number, column, cell, day)
                    elif isinstance(cell, str):
                        sheet.write_string(number, column, cell) if cell else None
                    else:
                        sheet.write(number, column, cell)
    return out.getvalue()


def as_open_document(sheets: Mapping[str, Rows]) -> bytes:
    """Return sheets as LibreOffice saves them by itself."""
    tables, made = [], b""
    for name, rows in sheets.items():
        made = open_document(rows)
        with zipfile.ZipFile(io.BytesIO(made)) as archive:
            content = archive.read("content.xml").decode()
        begin, end = content.index("<table:table "), content.index("</table:table>") + 14
        named = re.sub(r'table:name="[^"]*"', f'table:name="{name}"', content[begin:end], count=1)
        tables.append(named)
    whole = content[:begin] + "".join(tables) + content[end:]
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as archive, zipfile.ZipFile(out, "w") as copy:
        for info in archive.infolist():
            is_content = info.filename == "content.xml"
            copy.writestr(info, whole if is_content else archive.read(info))
    return out.getvalue()


def changed(data: bytes, change: Callable[[dict[str, Rows]], None]) -> bytes:
    """Return a workbook after somebody worked in it."""
    sheets = sheets_of(data)
    change(sheets)
    return saved(sheets)


def put(rows: Rows, row: Mapping[str, str], heading: str, value: Any) -> None:
    """Write into the cell of a heading, in the row in which some cells hold what is given."""
    at = {name: index for index, name in enumerate(rows[0])}
    [found] = [one for one in rows[1:] if all(one[at[k]] == v for k, v in row.items())]
    found[at[heading]] = value


def signed(sheets: Mapping[str, Rows], who: str, day: date | str) -> None:
    """Write who filled a workbook in, and when."""
    for row in sheets["Read me"]:
        if row[0] == "Filled in by":
            row[1] = who
        if row[0] == "Filled in on (day)":
            row[1] = day
