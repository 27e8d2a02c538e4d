"""Numbers, zeros and dates of workbooks: read as they are shown, or refused; never changed."""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from rolecall.errors import RegistryError
from rolecall.model import Snapshot
from rolecall.registry.number_formats import as_shown, formats_of
from rolecall.registry.reading import read_registry
from rolecall.registry.writing import _MOST_XLSX_CHARACTERS, _MOST_XLSX_ROWS
from tests.unit.registry.forms import SMALL, TODAY, small_csv, small_json, small_xlsx, write


def _book(
    directory: Path, cell: Any, form: str = "", *, column: str = "handle", from_1904: bool = False
) -> Path:
    """Write a workbook in which one cell of the account has a format of its own."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "date_1904": from_1904}) as book:
        for name, rows in SMALL.items():
            sheet = book.add_worksheet(name)
            table = [list(row) for row in rows]
            if name == "accounts":
                table[0] += [] if column in table[0] else [column]
                table[1] += [""] * (len(table[0]) - len(table[1]))
            for number, row in enumerate(table):
                sheet.write_row(number, 0, row)
            if name == "accounts":
                kept = book.add_format({"num_format": form}) if form else None
                sheet.write(1, table[0].index(column), cell, kept)
    return write(directory, {"x.xlsx": out.getvalue()})


def _read(path: Path) -> Snapshot:
    return read_registry(path, TODAY).snapshot


def _refusal(path: Path) -> str:
    with pytest.raises(RegistryError) as caught:
        read_registry(path, TODAY)
    return " / ".join(f"{one.column}: {one.message}" for one in caught.value.problems)


@pytest.mark.parametrize(
    ("number", "form", "shown"),
    [
        (17, "0000", "0017"),
        (17, "00000000", "00000017"),
        (14, '"P-"000', "P-014"),
        (14, r"\P\-000", "P-014"),
        (7, '000" A&B"', "007 A&B"),
        (7, "000;-000", "007"),
        (7, "[Red]000", "007"),
        (0, "000", "000"),
        (12345, "000", "12345"),
        (2026.1, "0.00", "2026.10"),
        (17, "0.00", "17"),
        (2.345, "0.00", "2.345"),
        (17, "0", "17"),
        (1234567, "#,##0", "1234567"),
        (0.1 + 0.2, "", "0.3"),
        (999_999_999_999_999, "", "999999999999999"),
        (999_999_999_999_999, "0", "999999999999999"),
    ],
)
def test_a_number_is_read_as_it_is_shown(
    number: float, form: str, shown: str, tmp_path: Path
) -> None:
    assert _read(_book(tmp_path, number, form)).accounts[0].handle == shown


@pytest.mark.parametrize("column", ["handle", "record_class", "connected_apps", "page id"])
@pytest.mark.parametrize("number", [10**15, 61550123456789012, -61550123456789012, 6.1e17])
def test_a_number_of_which_digits_are_lost_is_refused(
    number: float, column: str, tmp_path: Path
) -> None:
    told = _refusal(_book(tmp_path, number, column=column))
    assert "more than 15 digits" in told
    assert told.startswith(column.replace(" ", "_"))


def test_what_a_spreadsheet_shortened_is_refused_in_other_forms_too(tmp_path: Path) -> None:
    rows = [list(row) for row in SMALL["accounts"]]
    for index, told in enumerate(["6.15501E+16", "6,15501E+16", "1E+15"]):
        rows[1][3] = told
        folder = tmp_path / str(index)
        folder.mkdir()
        text = "\n".join(";".join(row) for row in rows)
        write(folder, small_csv(accounts=text))
        assert "handle: was shortened by a spreadsheet" in _refusal(folder)
    account = dict(zip(SMALL["accounts"][0], SMALL["accounts"][1], strict=True))
    data = small_json(accounts=[account | {"handle": 61550123456789012}])
    assert "too large a number" in _refusal(write(tmp_path, {"x.json": data}))
    data = small_json(accounts=[account | {"page": 61550123456789012}])
    assert "page: is too large a number" in _refusal(write(tmp_path, {"x.json": data}))


@pytest.mark.parametrize("from_1904", [False, True])
def test_both_date_systems_give_the_day_that_is_shown(from_1904: bool, tmp_path: Path) -> None:
    book = _book(
        tmp_path, date(2026, 1, 2), "dd/mm/yyyy", column="last_post_on", from_1904=from_1904
    )
    assert _read(book).accounts[0].last_post_on == date(2026, 1, 2)


def test_a_serial_number_could_be_of_either_date_system(tmp_path: Path) -> None:
    told = _refusal(_book(tmp_path, 46024, column="last_post_on"))
    assert "(2026-01-02, or 2030-01-03 in a workbook that counts from 1904)" in told


@pytest.mark.parametrize("column", ["handle", "platform", "record_class", "connected_apps"])
@pytest.mark.parametrize(
    ("cell", "form"),
    [
        (date(2026, 1, 1), "yyyy-m"),
        (datetime.fromisoformat("2026-01-01T09:30"), "yyyy-mm-dd hh:mm"),
        (True, ""),
        (0.5, "hh:mm"),
    ],
)
def test_a_text_that_a_spreadsheet_took_for_something_else_is_refused(
    cell: Any, form: str, column: str, tmp_path: Path
) -> None:
    told = _refusal(_book(tmp_path, cell, form, column=column))
    assert "to the spreadsheet, and a text is meant; format the column as text" in told


def test_dates_and_booleans_are_read_where_they_are_meant_and_kept_as_notes(tmp_path: Path) -> None:
    rows = [[*SMALL["accounts"][0], "archive", "seen"], [*SMALL["accounts"][1], True, TODAY]]
    account = _read(write(tmp_path, {"x.xlsx": small_xlsx(accounts=rows)})).accounts[0]
    assert account.archive is True
    assert account.notes == {"seen": "2026-11-01"}


def test_sheets_of_other_programs_are_read_alike() -> None:
    """Prefixes, single quotes, the order of attributes, white space and formulas are theirs."""
    styles = (
        b"<x:styleSheet><x:numFmts><x:numFmt formatCode='&quot;A-&quot;000' numFmtId='170'/>"
        b"</x:numFmts><x:cellXfs count='2'><x:xf numFmtId='0'/><x:xf fontId='0' numFmtId='170'>"
        b"<x:alignment/></x:xf></x:cellXfs></x:styleSheet>"
    )
    sheet = (
        b"<x:c s='1' r='B2'>\n <x:f>1+6</x:f>\n <x:v>7</x:v>\n</x:c>"
        b"<x:c r='C2' s='0'><x:v>7</x:v></x:c>"
    )
    assert as_shown(sheet, formats_of(styles)) == (
        b"<x:c r=\"B2\" t=\"str\"><x:v>A-007</x:v>\n</x:c><x:c r='C2' s='0'><x:v>7</x:v></x:c>"
    )
    texts = b'<c r="A1" s="1" t="s"><v>7</v></c>'
    assert as_shown(texts, formats_of(styles.replace(b"x:", b""))) == texts


def test_a_workbook_that_is_written_is_read_back(tmp_path: Path) -> None:
    """What was text stays text: the zeros and digits of a CSV file survive a workbook."""
    rows = [list(row) for row in SMALL["accounts"]]
    rows[1][3] = "00061550123456789012"
    folder = write(tmp_path, small_csv(accounts="\n".join(",".join(row) for row in rows)))
    book = write(tmp_path, {"x.xlsx": small_xlsx(accounts=rows)})
    assert _read(folder).accounts == _read(book).accounts


def test_no_row_and_no_text_is_written_that_a_sheet_loses_without_a_word() -> None:
    with xlsxwriter.Workbook(io.BytesIO(), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for held, number in ((0, _MOST_XLSX_ROWS - 1), (-1, _MOST_XLSX_ROWS)):
            assert sheet.write_string(number, 0, "x") == held
        other = book.add_worksheet()
        for held, length in ((0, _MOST_XLSX_CHARACTERS), (-2, _MOST_XLSX_CHARACTERS + 1)):
            assert other.write_string(0, 0, "x" * length) == held
