"""Every bad input, and the exact words that a person reads about it."""

from __future__ import annotations

import contextlib
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from rolecall.errors import PolicyError, RegistryError
from rolecall.registry.policy_toml import read_policy
from rolecall.registry.problems import MOST_PROBLEMS
from rolecall.registry.reading import read_registry
from rolecall.registry.schema import REQUIRED_TABLES
from tests.unit.registry.forms import (
    SMALL,
    TODAY,
    Content,
    Rows,
    csv_text,
    small_csv,
    small_json,
    small_xlsx,
    write,
)

Files = Mapping[str, Content | None]


class Bad(NamedTuple):
    """One bad input: its files, and what is read about them."""

    name: str
    files: Files | Callable[[], Files]
    messages: list[str]


def bad_csv(name: str, table: str, text: Content, *messages: str) -> Bad:
    """The small registry with one file replaced."""
    return Bad(name, small_csv(**{table: text}), list(messages))


def bad_cell(name: str, table: str, column: str, cell: str, *messages: str) -> Bad:
    """The small registry with one column more, or with one cell replaced."""
    rows = [list(row) for row in SMALL.get(table, EXTRA.get(table, []))]
    if column in rows[0]:
        rows[1][rows[0].index(column)] = cell
    else:
        rows[0].append(column)
        rows[1].append(cell)
    return bad_csv(name, table, csv_text(rows), *messages)


def bad_xlsx(name: str, *messages: str, **sheets: Rows | None) -> Bad:
    return Bad(name, lambda: {"reg.xlsx": small_xlsx(**sheets)}, list(messages))


def bad_json(name: str, data: Content, *messages: str) -> Bad:
    return Bad(name, {"reg.json": data}, list(messages))


EXTRA: Mapping[str, Rows] = {
    "logins": [["id", "account_id"], ["l-1", "a-1"]],
    "observations": [["platform", "handle", "observed_on"], ["x", "StBrigid", "2026-10-01"]],
    "incidents": [["id", "account_id", "opened_at"], ["i-1", "a-1", "2026-10-01T08:00:00Z"]],
}
PEOPLE = "id,name,status\n"
GRANTS = "account_id,person_id,role\n"
INSTANT = "write it like 2026-01-31T09:30:00Z"
STORED_IN_THE_OPEN = (
    "a registry must never hold secrets; delete this column, and change what it held, "
    "as it was stored in the open"
)
CUT = "the rest of the file was not read"
NEEDED = "a registry needs at least one"
ESCAPE, OVERRIDE = "\x1b[2J", "\u202e"

# -- files ----------------------------------------------------------------------------------------

FILES = [
    bad_csv(
        "latin-1",
        "people",
        "id,name,status\np-1,Ann,active\np-2,José,active\n".encode("latin-1"),
        "people.csv:3: is not UTF-8 (byte 0xe9); save it as CSV UTF-8",
    ),
    bad_csv(
        "UTF-16",
        "people",
        "id,name,status\np-1,Ann,active\n".encode("utf-16"),
        "people.csv: is UTF-16, not UTF-8; save it as CSV UTF-8",
    ),
    bad_csv(
        "empty file", "people", "", "people.csv: is empty; the first row must name the columns"
    ),
    bad_csv(
        "blank lines only",
        "people",
        "\n \r\n",
        "people.csv: is empty; the first row must name the columns",
    ),
    bad_csv(
        "byte order mark only",
        "people",
        b"\xef\xbb\xbf",
        "people.csv: is empty; the first row must name the columns",
    ),
    bad_csv(
        "first row blank",
        "people",
        ",,\nid,name,status\np-1,Ann,active\n",
        "people.csv:1: the first row is empty; it must name the columns",
    ),
    *(
        bad_csv(
            f"header only: {table}",
            table,
            csv_text(rows[:1]),
            f"{table}.csv: has no rows; {NEEDED}",
            *extra,
        )
        for table, rows, extra in [
            ("entities", SMALL["entities"], ["accounts.csv:2:entity_id: no such entity (e-1)"]),
            ("accounts", SMALL["accounts"], ["grants.csv:2:account_id: no such account (a-1)"]),
        ]
    ),
    *(
        Bad(
            f"no file: {table}",
            small_csv(**{table: None}),
            [f"REG: the table {table} is missing; a registry needs it"],
        )
        for table in REQUIRED_TABLES
    ),
    Bad(
        "directory with nothing in it",
        {},
        [f"REG: the table {table} is missing; a registry needs it" for table in REQUIRED_TABLES],
    ),
    Bad(
        "misspelled file name",
        {**small_csv(accounts=None), "acounts.csv": csv_text(SMALL["accounts"])},
        [
            "REG: the table accounts is missing; a registry needs it; "
            "is it the one that is called acounts.csv?"
        ],
    ),
    Bad(
        "two files of one table",
        {**small_csv(), "People.CSV": "id,name,status\np-2,Bob,active\n"},
        ["people.csv: is the same table as People.CSV; keep one of them"],
    ),
    Bad(
        "directory with the name of a file",
        {**small_csv(accounts=None), "accounts.csv": None},
        ["accounts.csv: is not a file"],
    ),
    Bad("path that does not exist", {"nowhere": None}, ["PATH/nowhere/reg.xlsx: does not exist"]),
    Bad(
        "text file",
        {"registry.txt": "hello"},
        [
            "PATH/registry.txt: is not a registry: "
            "give a directory of CSV files, an .xlsx or a .json"
        ],
    ),
    bad_csv(
        "NUL byte",
        "people",
        "id,name,status\np-1,A\0nn,active\n",
        "people.csv:2: has a NUL character: the file is damaged, or is not text",
    ),
    bad_csv(
        "quote never closed, and no errors that follow from it",
        "accounts",
        'id,entity_id,platform,handle,status\na-1,e-1,x,"StBrigid,active\n',
        f"accounts.csv:2: a quote that was opened is never closed; {CUT}",
    ),
    bad_csv(
        "quote inside a quoted cell",
        "people",
        'id,name,status\np-1,"Ann "Annie" Doe",active\n',
        f"people.csv:2: a quote inside a quoted cell must be doubled; {CUT}",
    ),
    bad_csv(
        "cell of 10 MB",
        "people",
        f"id,name,status\np-1,{'x' * 10_000_000},active\n",
        "people.csv:2: a cell is longer than 131,072 characters (is a closing quote missing?); "
        + CUT,
    ),
    bad_csv(
        "too many cells",
        "people",
        "id,name,status\np-1,Doe, Ann,active\n",
        "people.csv:2: has 4 cells, but only 3 columns have a name; "
        "in a CSV file, put quotes round a cell that holds the delimiter",
    ),
]

# -- headers --------------------------------------------------------------------------------------

HEADERS = [
    bad_csv(
        "column missing",
        "people",
        "id,name\np-1,Ann\n",
        "people.csv: the column status is missing",
    ),
    bad_csv(
        "column misspelled",
        "accounts",
        "id,entity_id,plattform,handle,status\na-1,e-1,x,StBrigid,active\n",
        "accounts.csv: the column platform is missing; is it the one that is called plattform?",
    ),
    bad_csv(
        "no header at all",
        "grants",
        "a-1,p-1,owner\na-1,p-2,admin\n",
        "grants.csv: the column account_id is missing",
        "grants.csv: the column person_id is missing",
        "grants.csv: the column role is missing",
    ),
    bad_csv(
        "column twice",
        "people",
        "id,name,Status,status\np-1,Ann,active,left\n",
        "people.csv:status: this column appears twice",
    ),
    bad_csv(
        "unsafe column twice",
        "people",
        f"id,name,status,{ESCAPE},{ESCAPE}\np-1,Ann,active,,\n",
        r"people.csv:\x1b[2j: this column appears twice",
    ),
    *(
        bad_csv(
            f"secrets: {column}",
            "logins",
            csv_text([["id", "account_id", column], ["l-1", "a-1", "hunter2"]]),
            f"logins.csv:{shown}: {STORED_IN_THE_OPEN}",
        )
        for column, shown in [
            ("password", "password"),
            ("Passwords", "passwords"),
            ("userPassword", "userpassword"),
            ("Password (old)", "password_(old)"),
            ("Pass-Phrase", "pass_phrase"),
            ("PIN", "pin"),
            ("PIN: ", "pin:"),
            ("card pin", "card_pin"),
            ("secret", "secret"),
            ("Client Secret", "client_secret"),
            ("passcode", "passcode"),
        ]
    ),
    bad_csv(
        "secrets of two kinds, among people",
        "people",
        "id,name,status,password,PIN\np-1,Ann,active,hunter2,hunter2\n",
        f"people.csv:password: {STORED_IN_THE_OPEN}",
        f"people.csv:pin: {STORED_IN_THE_OPEN}",
    ),
]

# -- cells ----------------------------------------------------------------------------------------

DATES = {
    "31/12/2026": "is not a date; write 2026-12-31",
    "12/31/2026": "is not a date; write 2026-12-31",
    "03/04/2026": (
        "is not a date; write the year first: YYYY-MM-DD (day and month are ambiguous here)"
    ),
    "04/04/2026": "is not a date; write 2026-04-04",
    "31.12.2026": "is not a date; write 2026-12-31",
    "31/02/2026": "is not a date; write YYYY-MM-DD",
    "46022": (
        "is not a date but the serial number of one (2025-12-31, or 2030-01-01 "
        "in a workbook that counts from 1904); format the column as YYYY-MM-DD before you export it"
    ),
    "2026-02-30": "is not a day of the calendar",
    "2026-12-31T00:00:00": "is not a date; write the day alone: 2026-12-31",
    "2026-12-31 09:30": "is not a date; write the day alone: 2026-12-31",
    "2026-1-1": "is not a date; write YYYY-MM-DD",
    "next summer": "is not a date; write YYYY-MM-DD",
    "２０２６-01-01": "is not a date; write YYYY-MM-DD",  # noqa: RUF001
}
INSTANTS = {
    "2026-01-31T09:30:00": f"has no time zone; {INSTANT}",
    "2026-01-31": f"is a day without an hour; {INSTANT}",
    "31/01/2026 09:30": f"is not an instant; {INSTANT}",
    "2026-01-31T25:00:00Z": f"is not an instant; {INSTANT}",
    "0001-01-01T00:00:00+05:00": "is outside the calendar",
}

CELLS = [
    *(
        bad_cell(f"date {cell}", "people", "left_on", cell, f"people.csv:2:left_on: {why} ({cell})")
        for cell, why in DATES.items()
    ),
    *(
        bad_cell(
            f"instant {cell}",
            "incidents",
            "opened_at",
            cell,
            f"incidents.csv:2:opened_at: {why} ({cell})",
        )
        for cell, why in INSTANTS.items()
    ),
    bad_cell("required cell empty", "people", "name", "  ", "people.csv:2:name: must be filled"),
    bad_cell(
        "required date empty",
        "observations",
        "observed_on",
        "",
        "observations.csv:2:observed_on: must be filled",
    ),
    bad_cell(
        "near a word of the vocabulary",
        "people",
        "status",
        "actve",
        "people.csv:2:status: is not one of active, suspended, left; did you mean active? (actve)",
    ),
    bad_cell(
        "far from any word",
        "logins",
        "mfa",
        "fido",
        "logins.csv:2:mfa: is not one of none, sms, app, key (fido)",
    ),
    bad_cell(
        "strength 5",
        "logins",
        "strength",
        "5",
        "logins.csv:2:strength: is not a whole number from 0 to 4 (5)",
    ),
    bad_cell(
        "strength 3.5",
        "logins",
        "strength",
        "3.5",
        "logins.csv:2:strength: is not a whole number from 0 to 4 (3.5)",
    ),
    bad_cell(
        "archive maybe",
        "accounts",
        "archive",
        "maybe",
        "accounts.csv:2:archive: is not yes or no (maybe)",
    ),
    bad_cell(
        "investigator without a role",
        "incidents",
        "investigators",
        "p-1:hr|p-2",
        "incidents.csv:2:investigators: must be written as person_id:role, "
        "such as p-014:compliance (p-1:hr|p-2)",
    ),
    bad_cell(
        "escape sequence",
        "accounts",
        "archive",
        f"{ESCAPE}yes",
        r"accounts.csv:2:archive: is not yes or no (\x1b[2Jyes)",
    ),
    bad_cell(
        "right-to-left override",
        "accounts",
        "archive",
        f"y{OVERRIDE}se",
        r"accounts.csv:2:archive: is not yes or no (y\u202ese)",
    ),
    bad_cell(
        "long value",
        "accounts",
        "archive",
        "x" * 500,
        f"accounts.csv:2:archive: is not yes or no ({'x' * 57}...)",
    ),
    bad_cell(
        "several lines",
        "accounts",
        "archive",
        "y\ne\ns",
        r"accounts.csv:2:archive: is not yes or no (y\ne\ns)",
    ),
    bad_csv(
        "several in one row, and the row numbers of a spreadsheet",
        "people",
        'id,name,status\n\np-1,"Ann\nDoe",active\n\n,,gone\n',
        "people.csv:5:id: must be filled",
        "people.csv:5:name: must be filled",
        "people.csv:5:status: is not one of active, suspended, left (gone)",
    ),
]

# -- references -----------------------------------------------------------------------------------

TREE = "id,name,parent_id\n"

REFERENCES = [
    *(
        bad_csv(
            f"id twice: {table}",
            table,
            csv_text([*rows, rows[1]]),
            f"{table}.csv:3:id: is taken already, in row 2 ({rows[1][0]})",
        )
        for table, rows in {**SMALL, **EXTRA}.items()
        if rows[0][0] == "id"
    ),
    bad_csv(
        "unknown entity",
        "accounts",
        "id,entity_id,platform,handle,status\na-1,e1,x,StBrigid,active\n",
        "accounts.csv:2:entity_id: no such entity; did you mean e-1? (e1)",
    ),
    bad_cell(
        "unknown entity of a person",
        "people",
        "entity_id",
        "diocese",
        "people.csv:2:entity_id: no such entity (diocese)",
    ),
    bad_cell(
        "unknown parent",
        "entities",
        "parent_id",
        "diocese",
        "entities.csv:2:parent_id: no such entity (diocese)",
    ),
    bad_cell(
        "unknown entity of an observation",
        "observations",
        "entity_id",
        "ee-1",
        "observations.csv:2:entity_id: no such entity; did you mean e-1? (ee-1)",
    ),
    bad_cell(
        "unknown account of a login",
        "logins",
        "account_id",
        "a-11",
        "logins.csv:2:account_id: no such account; did you mean a-1? (a-11)",
    ),
    bad_cell(
        "unknown account of an incident",
        "incidents",
        "account_id",
        "x",
        "incidents.csv:2:account_id: no such account (x)",
    ),
    bad_csv(
        "unknown accounts of grants",
        "grants",
        GRANTS + "a-1,p-1,owner\nb-7,p-1,owner\na-12,p-1,owner\n",
        "grants.csv:3:account_id: no such account (b-7)",
        "grants.csv:4:account_id: no such account; did you mean a-1? (a-12)",
    ),
    bad_csv(
        "its own parent",
        "entities",
        TREE + "e-1,One,e-1\n",
        "entities.csv:2:parent_id: the parents go round in a circle: e-1 -> e-1",
    ),
    bad_csv(
        "circle of two",
        "entities",
        TREE + "e-1,One,e-2\ne-2,Two,e-1\n",
        "entities.csv:2:parent_id: the parents go round in a circle: e-1 -> e-2 -> e-1",
    ),
    bad_csv(
        "circle of three, once, whoever hangs below it",
        "entities",
        TREE + "e-0,Zero,e-1\ne-1,One,e-2\ne-2,Two,e-3\ne-3,Three,e-1\n",
        "entities.csv:3:parent_id: the parents go round in a circle: e-1 -> e-2 -> e-3 -> e-1",
    ),
    bad_csv(
        "large circle",
        "entities",
        TREE + "".join(f"e-{n},Unit,e-{n % 500 + 1}\n" for n in range(1, 501)),
        "entities.csv:2:parent_id: the parents go round in a circle: "
        "e-1 -> e-2 -> e-3 -> e-4 -> e-5 -> e-6 -> ... -> e-500 -> e-1",
    ),
    bad_csv(
        "two live grants",
        "grants",
        "account_id,person_id,role,revoked_on\n"
        "a-1,p-1,owner,2026-01-01\na-1,p-1,owner,\na-1,p-1,editor,\n",
        "grants.csv:4:person_id: has a live grant on this account already, in row 3 (p-1)",
    ),
    bad_csv(
        "a row with a bad cell is still there for the others",
        "accounts",
        "id,entity_id,platform,handle,status\na-1,e-1,x,StBrigid,actve\n",
        "accounts.csv:2:status: is not one of active, dormant, closed; did you mean active? "
        "(actve)",
    ),
    Bad(
        "everything is read before anything is said",
        {
            **small_csv(people=PEOPLE + "p-1,,actve\n", grants=GRANTS + "a-2,p-1,king\n"),
            "logins.csv": "id,account_id,strength\nl-1,a-9,high\n",
        },
        [
            "people.csv:2:name: must be filled",
            "people.csv:2:status: is not one of active, suspended, left; did you mean active? "
            "(actve)",
            "grants.csv:2:role: is not one of owner, admin, manager, editor, analyst (king)",
            "logins.csv:2:strength: is not a whole number from 0 to 4 (high)",
            "grants.csv:2:account_id: no such account (a-2)",
            "logins.csv:2:account_id: no such account (a-9)",
        ],
    ),
]

# -- workbooks ------------------------------------------------------------------------------------

DAMAGED = "reg.xlsx: is not an XLSX workbook, or is damaged; open it and save it again"


def bomb() -> Files:
    """A real bomb: a megabyte that unpacks to more than a gibibyte of zeros."""
    mebibytes = 1025
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    chunk = bytes(1 << 20)
    first = packer.compress(chunk) + packer.flush(zlib.Z_FULL_FLUSH)
    chunks = packer.compress(chunk) + packer.flush(zlib.Z_FULL_FLUSH)
    data = first + chunks * (mebibytes - 1) + packer.flush()
    return {"reg.xlsx": raw_zip("xl/worksheets/sheet1.xml", data, mebibytes << 20)}


def lying_bomb() -> Files:
    """The same, that says it was small."""
    data = zlib.compress(bytes(1 << 26), 9, -15)
    return {"reg.xlsx": raw_zip("xl/worksheets/sheet1.xml", data, 1_000)}


def raw_zip(name: str, data: bytes, size: int) -> bytes:
    """Return an archive of one deflated member that says what it likes about its size."""
    raw = name.encode()
    fields = struct.pack("<5H3L2H", 20, 0, 8, 0, 33, 0, len(data), size, len(raw), 0)
    local = b"PK\3\4" + fields + raw + data
    central = b"PK\1\2\x14\0" + fields + struct.pack("<3H2L", 0, 0, 0, 0, 0) + raw
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + end


def with_member(name: str, content: bytes = b"<x/>") -> Files:
    out = io.BytesIO(small_xlsx())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, content)
    return {"reg.xlsx": out.getvalue()}


def replaced(member: str, old: bytes, new: bytes) -> bytes:
    """Return the small workbook with something replaced in one member."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(small_xlsx())) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for info in source.infolist():
            content = source.read(info)
            if info.filename == member:
                assert old in content
                content = content.replace(old, new)
            target.writestr(info.filename, content)
    return out.getvalue()


def encrypted() -> Files:
    data = bytearray(small_xlsx())
    central = data.index(b"PK\1\2")
    data[6] |= 1
    data[central + 8] |= 1
    return {"reg.xlsx": bytes(data)}


def twice_the_same_part() -> Files:
    data = with_member("xl/worksheets/sheet9.xml")["reg.xlsx"]
    assert isinstance(data, bytes)
    return {"reg.xlsx": data.replace(b"sheet9.xml", b"sheet1.xml")}


def far_cell() -> Files:
    old, new = b'r="C2"', b'r="XFD1048576"'
    return {"reg.xlsx": replaced("xl/worksheets/sheet2.xml", old, new)}


def beyond_all_rows() -> Files:
    return {"reg.xlsx": replaced("xl/worksheets/sheet2.xml", b'r="C2"', b'r="C4294967295"')}


def broken_sheet() -> Files:
    return {"reg.xlsx": replaced("xl/worksheets/sheet2.xml", b"<sheetData>", b"<sheetData")}


WORKBOOKS = [
    Bad("zip bomb", bomb, ["reg.xlsx: unpacks to more than 128 MiB; save the sheets as CSV files"]),
    Bad("zip bomb with lying sizes", lying_bomb, [DAMAGED]),
    Bad("empty workbook file", {"reg.xlsx": b""}, ["reg.xlsx: is empty"]),
    Bad("text file with the name of a workbook", {"reg.xlsx": "id,name\n"}, [DAMAGED]),
    Bad("zip that is no workbook", {"reg.xlsx": raw_zip("x", b"\3\0", 0)}, [DAMAGED]),
    Bad("truncated workbook", lambda: {"reg.xlsx": small_xlsx()[:-300]}, [DAMAGED]),
    Bad(
        "links to other workbooks",
        lambda: with_member("xl/externalLinks/externalLink1.xml"),
        ["reg.xlsx: links to other workbooks; break the links and save it again"],
    ),
    Bad(
        "links to other workbooks, in capitals",
        lambda: with_member("XL/ExternalLinks/externalLink1.xml"),
        ["reg.xlsx: links to other workbooks; break the links and save it again"],
    ),
    Bad("encrypted zip", encrypted, ["reg.xlsx: is encrypted; save it without a password"]),
    Bad(
        "encrypted by Excel",
        {"reg.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)},
        ["reg.xlsx: is encrypted, or an old .xls; save it as .xlsx without a password"],
    ),
    Bad(
        "two parts of one name",
        twice_the_same_part,
        ["reg.xlsx: holds two parts of one name; open it and save it again"],
    ),
    Bad(
        "cell far away",
        far_cell,
        [
            "reg.xlsx: has a sheet that reaches to column XFD and row 1,048,576; "
            "delete what lies far from the table"
        ],
    ),
    Bad(
        "cell beyond all rows",
        beyond_all_rows,
        [
            "reg.xlsx: has a sheet that reaches to column C and row 4,294,967,295; "
            "delete what lies far from the table"
        ],
    ),
    Bad(
        "damaged sheet",
        broken_sheet,
        ["reg.xlsx/people: this sheet is damaged; open the workbook and save it again"],
    ),
    bad_xlsx(
        "sheet missing and misspelled",
        "reg.xlsx: the table people is missing; what needs it could not be checked; "
        "is it the one that is called reg.xlsx/Peeple?",
        people=None,
        Peeple=SMALL["people"],
    ),
    bad_xlsx(
        "empty sheet",
        "reg.xlsx/people: is empty; the first row must name the columns",
        people=[],
    ),
    bad_xlsx(
        "sheet with a header alone",
        f"reg.xlsx/accounts: has no rows; {NEEDED}",
        "reg.xlsx/grants:2:account_id: no such account (a-1)",
        accounts=SMALL["accounts"][:1],
    ),
    bad_xlsx(
        "one table in two sheets",
        "reg.xlsx/people: this table appears twice",
        **{"people ": SMALL["people"]},
    ),
    bad_xlsx(
        "secrets in a sheet",
        f"reg.xlsx/logins:password: {STORED_IN_THE_OPEN}",
        logins=[["id", "account_id", "Password"], ["l-1", "a-1", "hunter2"]],
    ),
    bad_xlsx(
        "error of the spreadsheet",
        "reg.xlsx/people:2:name: holds an error of the spreadsheet (#REF!)",
        people=[["id", "name", "status"], ["p-1", "#REF!", "active"]],
    ),
    bad_xlsx(
        "hour without a time zone",
        f"reg.xlsx/incidents:2:opened_at: has no time zone; {INSTANT} (2026-10-01T08:30:00)",
        incidents=[
            ["id", "account_id", "opened_at"],
            ["i-1", "a-1", datetime(2026, 10, 1, 8, 30)],  # noqa: DTZ001
        ],
    ),
    bad_xlsx(
        "day where an instant is wanted",
        f"reg.xlsx/incidents:2:opened_at: is a day without an hour; {INSTANT} (2026-10-01)",
        incidents=[["id", "account_id", "opened_at"], ["i-1", "a-1", date(2026, 10, 1)]],
    ),
    bad_xlsx(
        "number where a date is wanted",
        "reg.xlsx/people:2:left_on: is not a date but the serial number of one "
        "(2025-12-31, or 2030-01-01 in a workbook that counts from 1904); "
        "format the column as YYYY-MM-DD before you export it (46022)",
        people=[["id", "name", "status", "left_on"], ["p-1", "Ann", "left", 46022]],
    ),
    bad_xlsx(
        "date where a number is wanted",
        "reg.xlsx/logins:2:strength: is not a whole number from 0 to 4 (2026-10-01)",
        logins=[["id", "account_id", "strength"], ["l-1", "a-1", date(2026, 10, 1)]],
    ),
    bad_xlsx(
        "cell beside the table",
        "reg.xlsx/people:2: has 5 cells, but only 3 columns have a name; "
        "in a CSV file, put quotes round a cell that holds the delimiter",
        people=[["id", "name", "status"], ["p-1", "Ann", "active", "", "call her"]],
    ),
]

# -- JSON -----------------------------------------------------------------------------------------


def person(**cells: Any) -> bytes:
    return small_json(people=[{"id": "p-1", "name": "Ann", "status": "active"} | cells])


DOCUMENTS = [
    bad_json("empty document", b" \n", "reg.json: is empty"),
    bad_json(
        "not JSON",
        b'{"people": [\n}',
        "reg.json: is not JSON: Expecting value (line 2, column 1)",
    ),
    bad_json(
        "document in latin-1",
        '{\n"people": "José"}'.encode("latin-1"),
        "reg.json: is not UTF-8 (byte 0xe9 in line 2); save it as UTF-8",
    ),
    bad_json(
        "document in latin-1 with a byte order mark",
        b'\xef\xbb\xbf{\n"people": "Jos\xe9"}',
        "reg.json: is not UTF-8 (byte 0xe9 in line 2); save it as UTF-8",
    ),
    bad_json("NaN", b'{"people": NaN}', "reg.json: is not JSON: NaN is not a number"),
    bad_json(
        "key twice",
        b'{"people": [{"id": "p-1", "id": "p-2"}]}',
        "reg.json: an object has the same key twice",
    ),
    bad_json(
        "array at the top",
        b"[]",
        "reg.json: must be an object with the tables as arrays of objects",
    ),
    bad_json(
        "nothing in it",
        b"{}",
        *(
            f"reg.json: the table {table} is missing; a registry needs it"
            for table in REQUIRED_TABLES
        ),
    ),
    bad_json(
        "table that is an object",
        small_json(people={"p-1": {"name": "Ann"}}),
        "reg.json/people: must be an array of objects",
    ),
    bad_json(
        "table of texts",
        small_json(people=["p-1"]),
        "reg.json/people: must be an array of objects",
    ),
    bad_json(
        "table without rows",
        small_json(entities=[]),
        f"reg.json/entities: has no rows; {NEEDED}",
        "reg.json/accounts:1:entity_id: no such entity (e-1)",
    ),
    bad_json(
        "table misspelled",
        small_json(people=None, peple=[]),
        "reg.json: the table people is missing; what needs it could not be checked; "
        "is it the one that is called reg.json/peple?",
    ),
    bad_json(
        "table twice",
        small_json(People=[{"id": "p-2", "name": "Bob", "status": "active"}]),
        "reg.json/people: this table appears twice",
    ),
    bad_json(
        "object in a cell",
        person(email={"password": "hunter2"}),
        "reg.json/people:1:email: must be one value or a list of texts, not an object",
    ),
    bad_json(
        "list within a list",
        person(email=[["a"]]),
        "reg.json/people:1:email: must be one value or a list of texts, "
        "not a list of anything else",
    ),
    bad_json(
        "list of yes and no",
        small_json(entities=[{"id": "e-1", "name": "One", "email_domains": [True]}]),
        "reg.json/entities:1:email_domains: must be one value or a list of texts, "
        "not a list of anything else",
    ),
    bad_json(
        "list where one value is wanted",
        person(name=["Ann", "Bob"]),
        "reg.json/people:1:name: must be one value, not a list (Ann|Bob)",
    ),
    bad_json(
        "half a character",
        person(name="\ud800"),
        "reg.json/people:1:name: is not valid text",
    ),
    bad_json(
        "half a character in a table's name",
        small_json(entities=None, **{"e\udc00ntities": []}),
        "reg.json: the table entities is missing; a registry needs it; "
        "is it the one that is called reg.json/e\\udc00ntities?",
    ),
    bad_json("large number", person(name=10**30), "reg.json/people:1:name: is too large a number"),
    bad_json(
        "infinite number",
        person(name=1).replace(b'"name": 1', b'"name": 1e999'),
        "reg.json/people:1:name: is too large a number",
    ),
    bad_json(
        "number of 5,000 digits",
        b'{"people": ' + b"1" * 5_000 + b"}",
        "reg.json: holds a number that is too long",
    ),
    bad_json(
        "deep nesting", b"[" * 200_000, "reg.json: is nested too deeply: at most 64 levels are read"
    ),
    bad_json(
        "long text",
        person(name="x" * 200_000),
        f"reg.json/people:1:name: is longer than 131,072 characters ({'x' * 57}...)",
    ),
    bad_json(
        "secrets in a document",
        person(secret="hunter2"),
        f"reg.json/people:secret: {STORED_IN_THE_OPEN}",
    ),
]

# -- the policy -----------------------------------------------------------------------------------


def bad_policy(name: str, text: Content, *messages: str) -> Bad:
    return Bad(name, {"policy.toml": text}, [f"policy.toml{message}" for message in messages])


def bad_waiver(name: str, *messages: str, **terms: str | None) -> Bad:
    """A waiver with some terms replaced or, if ``None``, left out; terms are TOML."""
    filled: dict[str, str | None] = {
        "control": '"sole-administrator"',
        "account": '"a-1"',
        "reason": '"Soon"',
        "approved_by": '["p-1", "p-2"]',
        "expires": "2026-12-31",
        **terms,
    }
    lines = [f"{key} = {value}" for key, value in filled.items() if value is not None]
    text = "\n".join(["[[waivers]]", *lines])
    return bad_policy(name, text, *(f":waivers[1]{message}" for message in messages))


WHOLE = "must be a whole number from 0 to 1,000,000"
EVIDENCE = "must be the first 8 or more characters of the evidence digest"
DAYS = "[controls.dormant-account]\ndays = "

POLICIES = [
    bad_policy(
        "not TOML",
        "[policy",
        ": is not TOML: Expected ']' at the end of a table declaration (at end of document)",
    ),
    bad_policy(
        "policy in latin-1",
        '[policy]\nname = "José"'.encode("latin-1"),
        ": is not UTF-8 (byte 0xe9 in line 2); save it as UTF-8",
    ),
    bad_policy("deep TOML", "a = " + "[" * 50_000, ": is not TOML: nested too deeply"),
    bad_policy(
        "TOML number of 5,000 digits", "a = " + "1" * 5_000, ": is not TOML: a number is too long"
    ),
    bad_policy("unknown section", "[control]", ":control: unknown section; did you mean controls?"),
    bad_policy(
        "unknown section, far",
        "[rules]",
        ":rules: unknown section; known here: policy, controls, entities, waivers",
    ),
    bad_policy(
        "unknown key",
        "[policy]\nversoin = 1",
        ":policy.versoin: unknown key; did you mean version?",
    ),
    bad_policy(
        "unsafe key",
        '[policy]\n"\\u001b" = 1',
        ":policy.\\x1b: unknown key; known here: name, "
        "version, next_review, clearance_levels, approved_platforms, approved_apps, "
        "legal_names, portfolios, payees, "
        "words_for_nothing, words_for_something, privacy_law, sanction_ladder, incidents_to, "
        "language, roster_leavers_share, roster_leavers_least, clauses",
    ),
    bad_policy(
        "share of leavers",
        "[policy]\nroster_leavers_share = 20",
        ":policy.roster_leavers_share: must be a number from 0 to 1, such as 0.2 for a fifth (20)",
    ),
    bad_policy(
        "share of leavers that is a word",
        '[policy]\nroster_leavers_share = "a fifth"',
        ":policy.roster_leavers_share: must be a number from 0 to 1, such as 0.2 for a fifth "
        "(a fifth)",
    ),
    bad_policy(
        "fewest leavers",
        "[policy]\nroster_leavers_least = 0",
        ":policy.roster_leavers_least: must be a whole number from 1 (0)",
    ),
    bad_policy("section that is no table", "policy = 1", ":policy: must be a table"),
    bad_policy(
        "unknown control",
        "[controls.dormant-acount]",
        ":controls.dormant-acount: no such control; did you mean dormant-account?",
    ),
    bad_policy(
        "unknown parameter",
        "[controls.dormant-account]\nday = 90",
        ":controls.dormant-account.day: unknown key; did you mean days?",
    ),
    bad_policy(
        "parameter of another control",
        "[controls.dormant-account]\nminimum = 2",
        ":controls.dormant-account.minimum: unknown key; known here: severity, enabled, days",
    ),
    bad_policy("days in quotes", DAYS + '"90"', f":controls.dormant-account.days: {WHOLE} (90)"),
    bad_policy("days below zero", DAYS + "-1", f":controls.dormant-account.days: {WHOLE} (-1)"),
    bad_policy("days of true", DAYS + "true", f":controls.dormant-account.days: {WHOLE} (true)"),
    bad_policy("days of a half", DAYS + "0.5", f":controls.dormant-account.days: {WHOLE} (0.5)"),
    bad_policy(
        "days without end", DAYS + "1000001", f":controls.dormant-account.days: {WHOLE} (1000001)"
    ),
    bad_policy(
        "severity",
        '[controls.dormant-account]\nseverity = "hight"',
        ":controls.dormant-account.severity: must be one of critical, high, medium, low; "
        "did you mean high? (hight)",
    ),
    bad_policy(
        "enabled in quotes",
        '[controls.dormant-account]\nenabled = "no"',
        ":controls.dormant-account.enabled: must be true or false (no)",
    ),
    bad_policy(
        "level",
        '[policy]\nclearance_levels = ["low", "top"]\n[controls.ineligible-manager]\nlevel = "C"',
        ":controls.ineligible-manager.level: must be one of low, top (C)",
    ),
    bad_policy(
        "level without quotes",
        '[policy]\nclearance_levels = ["1", "2"]\n[controls.ineligible-manager]\nlevel = 1',
        ":controls.ineligible-manager.level: must be one of 1, 2 (1)",
    ),
    bad_policy(
        "levels with one twice",
        '[policy]\nclearance_levels = ["A", "a"]',
        ":policy.clearance_levels: names a level twice",
    ),
    bad_policy(
        "no levels",
        "[policy]\nclearance_levels = []",
        ":policy.clearance_levels: must name at least one level",
    ),
    bad_policy(
        "list in one text",
        '[policy]\napproved_apps = "buffer"',
        ':policy.approved_apps: must be a list of texts, such as ["a", "b"] (buffer)',
    ),
    bad_policy(
        "empty name", '[policy]\nname = " "', ":policy.name: must be a text that is not empty"
    ),
    bad_policy(
        "version without quotes",
        "[policy]\nversion = 2026",
        ":policy.version: must be a text that is not empty (2026)",
    ),
    bad_policy(
        "review with an hour",
        "[policy]\nnext_review = 2026-12-31T00:00:00Z",
        ":policy.next_review: must be a date without quotes, such as 2026-12-31 "
        "(2026-12-31 00:00:00+00:00)",
    ),
    bad_policy(
        "unknown control of an entity",
        "[entities.e-1.controls.dormant-acount]\ndays = 1",
        ":entities.e-1.controls.dormant-acount: no such control; did you mean dormant-account?",
    ),
    bad_policy(
        "entity without controls between",
        "[entities.e-1.dormant-account]\ndays = 1",
        ":entities.e-1.dormant-account: unknown key; known here: controls",
    ),
    bad_policy(
        "bad parameter of an entity",
        "[entities.e-1.controls.dormant-account]\ndays = -1",
        f":entities.e-1.controls.dormant-account.days: {WHOLE} (-1)",
    ),
    bad_policy(
        "waivers that are no array",
        '[waivers]\ncontrol = "sole-administrator"',
        ":waivers: must be written as [[waivers]] tables",
    ),
    bad_waiver(
        "waiver without control", ".control: is missing; a waiver must have it", control=None
    ),
    bad_waiver(
        "waiver of an empty control",
        ".control: must be a text that is not empty",
        control='""',
    ),
    bad_waiver(
        "waiver of an unknown control",
        ".control: no such control; did you mean sole-administrator? (sole-admin)",
        control='"sole-admin"',
    ),
    bad_waiver("waiver without reason", ".reason: is missing; a waiver must have it", reason=None),
    bad_waiver("waiver without end", ".expires: is missing; a waiver must have it", expires=None),
    bad_waiver(
        "waiver without subject", ".account: is missing; a waiver must have it", account=None
    ),
    bad_waiver(
        "waiver of another kind of subject",
        ".login: unknown key; known here: control, reason, approved_by, expires, evidence, "
        "accepted_on, account",
        login='"l-1"',
    ),
    bad_waiver(
        "waiver with a misspelled key",
        ".acount: unknown key; did you mean account?",
        ".account: is missing; a waiver must have it",
        account=None,
        acount='"a-1"',
    ),
    bad_waiver(
        "waiver accepted in quotes",
        ".accepted_on: must be a date without quotes, such as 2026-12-31 (2026-10-01)",
        accepted_on='"2026-10-01"',
    ),
    bad_waiver(
        "waiver accepted after its end",
        ".accepted_on: is after expires, 2026-12-31 (2027-01-01)",
        accepted_on="2027-01-01",
    ),
    bad_waiver(
        "waiver approved by one in a text",
        '.approved_by: must be a list of texts, such as ["a", "b"] (p-1)',
        approved_by='"p-1"',
    ),
    bad_waiver(
        "waiver with an end in quotes",
        ".expires: must be a date without quotes, such as 2026-12-31 (2026-12-31)",
        expires='"2026-12-31"',
    ),
    bad_waiver("evidence too short", f".evidence: {EVIDENCE} (abc)", evidence='"abc"'),
    bad_waiver(
        "evidence that is no hex", f".evidence: {EVIDENCE} (evidence)", evidence='"evidence"'
    ),
]

REGISTRIES = [*FILES, *HEADERS, *CELLS, *REFERENCES, *WORKBOOKS, *DOCUMENTS]


def problems_of(bad: Bad, directory: Path) -> tuple[list[str], RegistryError | PolicyError]:
    """Return what a person reads about a bad input, wherever it lies, and the error itself."""
    reg = directory / "REG"
    reg.mkdir()
    path = write(reg, bad.files() if callable(bad.files) else bad.files)
    if path.name == "nowhere":
        path /= "reg.xlsx"
    error: RegistryError | PolicyError
    if path.suffix == ".toml":
        with pytest.raises(PolicyError) as policy:
            read_policy(path)
        error = policy.value
    else:
        with pytest.raises(RegistryError) as registry:
            read_registry(path, TODAY)
        error = registry.value
    return [str(problem).replace(str(reg), "PATH") for problem in error.problems], error


@pytest.mark.parametrize("bad", REGISTRIES, ids=lambda bad: bad.name)
def test_a_bad_registry_is_refused_in_words_that_help(bad: Bad, tmp_path: Path) -> None:
    messages, error = problems_of(bad, tmp_path)
    assert messages == bad.messages
    assert isinstance(error, RegistryError)
    assert error.count == len(messages)


@pytest.mark.parametrize("bad", POLICIES, ids=lambda bad: bad.name)
def test_a_bad_policy_is_refused_in_words_that_help(bad: Bad, tmp_path: Path) -> None:
    messages, error = problems_of(bad, tmp_path)
    assert messages == bad.messages
    assert isinstance(error, PolicyError)


def test_names_are_unique() -> None:
    names = [bad.name for bad in (*REGISTRIES, *POLICIES)]
    assert len(set(names)) == len(names) > 70


@pytest.mark.parametrize(
    "bad", [bad for bad in REGISTRIES if "secrets" in bad.name], ids=lambda bad: bad.name
)
def test_a_secret_is_never_echoed(bad: Bad, tmp_path: Path) -> None:
    messages, error = problems_of(bad, tmp_path)
    told = [str(error), repr(error), repr(error.problems), repr(error.args), *messages]
    told += [repr(error.__cause__), repr(error.__context__)]
    assert "hunter2" not in "".join(told)


def test_a_thousand_problems_are_kept_and_all_are_counted(tmp_path: Path) -> None:
    rows = "".join(f"p-{n},,active\n" for n in range(MOST_PROBLEMS + 234))
    path = write(tmp_path, small_csv(people=PEOPLE + rows, grants=GRANTS + "b-1,p-1,owner\n"))
    with pytest.raises(RegistryError, match=r"the registry has 1,235 errors") as caught:
        read_registry(path, TODAY)
    assert len(caught.value.problems) == MOST_PROBLEMS
    assert caught.value.count == MOST_PROBLEMS + 235
    assert str(caught.value.problems[-1]) == "people.csv:1001:name: must be filled"


def test_a_table_with_problems_beyond_the_kept_ones_is_not_called_missing(tmp_path: Path) -> None:
    rows = "".join(f"p-{n},,active\n" for n in range(MOST_PROBLEMS))
    path = write(tmp_path, small_csv(people=PEOPLE + rows, grants=""))
    with pytest.raises(RegistryError) as caught:
        read_registry(path, TODAY)
    assert caught.value.count == MOST_PROBLEMS + 1


def test_many_unknown_references_are_reported_in_good_time(tmp_path: Path) -> None:
    accounts = [SMALL["accounts"][0]]
    accounts += [[f"a-{n}", "e-1", "x", f"h{n}", "active"] for n in range(2_000)]
    grants = [SMALL["grants"][0], *([f"a-x{n}", "p-1", "owner"] for n in range(3_000))]
    path = write(tmp_path, small_csv(accounts=csv_text(accounts), grants=csv_text(grants)))
    with pytest.raises(RegistryError) as caught:
        read_registry(path, TODAY)
    assert caught.value.count == 3_000
    near = ["did you mean" in problem.message for problem in caught.value.problems]
    assert near == [True] * MOST_PROBLEMS


def test_the_present_directory_has_a_name(tmp_path: Path) -> None:
    with contextlib.chdir(tmp_path), pytest.raises(RegistryError) as caught:
        read_registry(Path(), TODAY)
    assert str(caught.value.problems[0]).startswith(".: the table entities is missing")


def test_an_unsafe_file_name_is_made_printable(tmp_path: Path) -> None:
    path = write(tmp_path, {f"{ESCAPE}.json": "[]"})
    with pytest.raises(RegistryError) as caught:
        read_registry(path, TODAY)
    assert ESCAPE not in str(caught.value.problems[0])


def test_a_problem_is_data_too(tmp_path: Path) -> None:
    bad = bad_cell("", "people", "status", "actve")
    _, error = problems_of(bad, tmp_path)
    problem = error.problems[0]
    assert (problem.file, problem.row, problem.column) == ("people.csv", 2, "status")
    assert problem.value == "actve"
    assert json.dumps(str(problem))
