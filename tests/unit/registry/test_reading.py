"""What a good registry reads as, in each of the three forms, and that nothing else escapes."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from rolecall.errors import RegistryError
from rolecall.model import TABLES, Entity, Investigator, Person, Snapshot
from rolecall.provenance import row_key
from rolecall.registry.documents import StoredDocument, documents, snapshot_of
from rolecall.registry.reading import RegistryInput, read_registry
from rolecall.registry.schema import columns
from rolecall.registry.words_for_nothing import WordsForNothing
from rolecall.registry.writing import write_registry
from tests.tiers import examples
from tests.unit.registry.forms import (
    SMALL,
    TODAY,
    Content,
    csv_text,
    small_csv,
    small_json,
    small_xlsx,
    write,
)

EXAMPLE = Path(__file__).parents[3] / "examples" / "diocese"


def read(directory: Path, files: dict[str, Content]) -> RegistryInput:
    return read_registry(write(directory, files), TODAY)


def read_people(directory: Path, text: Content) -> tuple[Person, ...]:
    return read(directory, small_csv(people=text)).snapshot.people


def warnings_of(registry: RegistryInput) -> list[str]:
    assert registry.warning_count == len(registry.warnings)
    return [str(warning) for warning in registry.warnings]


def test_a_shared_mailbox_is_a_warning(tmp_path: Path) -> None:
    people = (
        "id,name,status,email\n"
        "p-1,Ann,active,office@st-brigid.example\n"
        "p-2,Bob,left,Office@St-Brigid.example\n"
        "p-3,Eve,active,Office@St-Brigid.example\n"
    )
    registry = read(tmp_path, small_csv(people=people))
    assert warnings_of(registry) == [
        "people.csv:4:email: is the address of another active person too, and lets neither of "
        "them sign in, in row 2 (Office@St-Brigid.example)"
    ]


ANN = Person("p-1", "Ann Doe", "active", "ann@st-brigid.example")
BOB = Person("p-2", "Bob", "left", left_on=date(2026, 1, 31))
BOTH = (
    "id,name,status,email,left_on\n"
    "p-1,Ann Doe,active,ann@st-brigid.example,\n"
    "p-2,Bob,left,,2026-01-31\n"
)


@pytest.mark.parametrize(
    "text",
    [
        BOTH,
        b"\xef\xbb\xbf" + BOTH.encode(),
        BOTH.replace("\n", "\r\n"),
        BOTH.replace("\n", "\r"),
        BOTH.rstrip("\n"),
        BOTH.replace(",", ";"),
        BOTH.replace(",", "\t"),
        BOTH.replace("left_on", "Left On"),
        BOTH.replace("left_on", " left-ON "),
        BOTH.replace("active", " Active ").replace("left,,", "LEFT,,"),
        BOTH.replace("Ann Doe", "\t Ann Doe\u00a0 "),
        BOTH.replace("Ann Doe", '"Ann Doe"'),
        BOTH.replace("\n", ",,,,\n"),
        BOTH.replace("p-2", "\n\n,,\n  \np-2"),
        BOTH.replace("ann@st-brigid.example,\n", "ann@st-brigid.example\n"),
        "left_on,email,id,status,name\n,ann@st-brigid.example,p-1,active,Ann Doe\n"
        "2026-01-31,,p-2,left,Bob\n",
    ],
    ids=[
        "as it is",
        "byte order mark",
        "CRLF",
        "CR",
        "no last line end",
        "semicolons",
        "tabs",
        "header with a space",
        "header with a hyphen",
        "case of the vocabulary",
        "spaces around",
        "quotes that nothing needs",
        "empty cells at the end",
        "blank rows",
        "short row",
        "columns in another order",
    ],
)
def test_ways_to_write_the_same_csv(tmp_path: Path, text: Content) -> None:
    registry = read(tmp_path, small_csv(people=text))
    assert registry.snapshot.people == (ANN, BOB)
    assert not warnings_of(registry)


def test_quoted_newlines_commas_and_quotes(tmp_path: Path) -> None:
    text = 'id,name,status\r\np-1,"Doe, ""Annie""\r\nAnn",active\r\n'
    assert read_people(tmp_path, text)[0].name == 'Doe, "Annie"\r\nAnn'


def test_a_platform_is_folded_and_an_id_is_not(tmp_path: Path) -> None:
    header = "id,entity_id,platform,handle,status\n"
    text = header + "A-1,e-1,FaceBook,@StBrigid,ACTIVE\na-1,e-1,x,y,active\n"
    one, other = read(tmp_path, small_csv(accounts=text)).snapshot.accounts
    assert (one.id, one.platform, one.handle, one.status) == (
        "A-1",
        "facebook",
        "@StBrigid",
        "active",
    )
    assert other.id == "a-1"


@pytest.mark.parametrize("written", ["encrypted_file", "Encrypted File", "encrypted-file"])
def test_words_of_a_vocabulary_may_be_written_apart(tmp_path: Path, written: str) -> None:
    files = small_csv(logins=f"id,account_id,storage\nl-1,a-1,{written}\n")
    assert read(tmp_path, files).snapshot.logins[0].storage == "encrypted_file"


@pytest.mark.parametrize(
    ("delimiter", "cell", "expected"),
    [
        (",", "p-1|p-2", ("p-1", "p-2")),
        (",", "p-1;p-2", ("p-1", "p-2")),
        ("\t", "p-1; p-2 |p-3", ("p-1", "p-2", "p-3")),
        (";", "p-1|p-2", ("p-1", "p-2")),
        (";", '"p-1;p-2"', ("p-1;p-2",)),
        (",", "p-2| p-1 ||p-2|", ("p-2", "p-1")),
        (",", " | ", ()),
        (",", "", ()),
    ],
)
def test_lists(tmp_path: Path, delimiter: str, cell: str, expected: tuple[str, ...]) -> None:
    text = delimiter.join(["id", "name", "it_delegate_ids"]) + "\n"
    text += delimiter.join(["e-1", "St. Brigid", cell]) + "\n"
    entities = read(tmp_path, small_csv(entities=text)).snapshot.entities
    assert entities == (Entity("e-1", "St. Brigid", it_delegate_ids=expected),)


def test_every_kind_of_cell(tmp_path: Path) -> None:
    files = small_csv(
        incidents="id,account_id,opened_at,personal_data,investigators\n"
        "i-1,a-1,2026-01-31T09:30:00+02:00,TRUE,p-1:HR|urn:p-2: legal \n"
        "i-2,a-1,2026-01-31 09:30:00Z,0,\n",
        logins="id,account_id,strength,mfa\nl-1,a-1,0,KEY\nl-2,a-1,,\n",
    )
    snapshot = read(tmp_path, files).snapshot
    one, two = snapshot.incidents
    assert one.opened_at == datetime(2026, 1, 31, 7, 30, tzinfo=UTC)
    assert one.opened_at.tzinfo is UTC
    assert one.personal_data is True
    assert one.investigators == (Investigator("p-1", "HR"), Investigator("urn:p-2", "legal"))
    assert two.opened_at == datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
    assert two.personal_data is False
    assert two.investigators == ()
    assert [(login.strength, login.mfa) for login in snapshot.logins] == [(0, "key"), (None, None)]


def test_unknown_columns_are_notes_and_one_warning_each(tmp_path: Path) -> None:
    header = "id,name,status,clearence_level,Shoe Size\n"
    text = header + "p-1,Ann,active,C,\np-2,Bob,left,,44\np-3,Cy,left,,\n"
    registry = read(tmp_path, small_csv(people=text))
    notes = [person.notes for person in registry.snapshot.people]
    assert notes == [{"clearence_level": "C"}, {"shoe_size": "44"}, None]
    assert warnings_of(registry) == [
        "people.csv:clearence_level: unknown column, kept as a note; did you mean clearance_level?",
        "people.csv:shoe_size: unknown column, kept as a note",
    ]
    assert not {"people.clearence_level", "people.shoe_size"} & registry.snapshot.tracked


def test_columns_that_only_sound_like_secrets(tmp_path: Path) -> None:
    text = csv_text(
        [
            ["id", "name", "status", "secretary", "pinterest", "passport", "shipping", "bus_pass"],
            ["p-1", "Ann", "active", *"abcde"],
        ]
    )
    assert len(read_people(tmp_path, text)[0].notes or {}) == 5


def test_a_column_without_a_name_keeps_its_cells(tmp_path: Path) -> None:
    registry = read(tmp_path, small_csv(people="id,,name,status\np-1,hello,Ann,active\n"))
    assert registry.snapshot.people[0].notes == {"column_2": "hello"}


def test_other_files_are_warned_of_and_other_sheets_too(tmp_path: Path) -> None:
    (tmp_path / "csv").mkdir()
    files = {**small_csv(), "login.csv": "x", "README.md": "x", "policy.toml": "x"}
    assert warnings_of(read(tmp_path / "csv", files)) == [
        "login.csv: is not a table of a registry; did you mean logins?"
    ]
    assert warnings_of(read(tmp_path, {"r.xlsx": small_xlsx(Notes=[["x"]], Login=[["x"]])})) == [
        "r.xlsx/Notes: is not a table of a registry",
        "r.xlsx/Login: is not a table of a registry; did you mean logins?",
    ]
    assert warnings_of(read(tmp_path, {"r.json": small_json(**{"log\x1bins": [{}]})})) == [
        r"r.json/log\x1bins: is not a table of a registry; did you mean logins?"
    ]


@pytest.mark.parametrize("table", ["people", "grants"])
def test_nobody_needs_a_roster_nor_grants_to_begin(tmp_path: Path, table: str) -> None:
    header = SMALL[table][:1]
    unchecked = "what needs it could not be checked"
    forms: dict[str, tuple[str, dict[str, Content]]] = {
        "csv": (f"{table}.csv", small_csv(**{table: csv_text(header)})),
        "xlsx": (f"r.xlsx/{table}", {"r.xlsx": small_xlsx(**{table: header})}),
        "json": (f"r.json/{table}", {"r.json": small_json(**{table: []})}),
    }
    missing: dict[str, dict[str, Content]] = {
        "reg": small_csv(**{table: None}),
        "r.xlsx": {"r.xlsx": small_xlsx(**{table: None})},
        "r.json": {"r.json": small_json(**{table: None})},
    }
    cases = {
        **{f"{file}: has no rows; {unchecked}": content for file, content in forms.values()},
        **{f"{f}: the table {table} is missing; {unchecked}": c for f, c in missing.items()},
    }
    for number, (told, content) in enumerate(cases.items()):
        (directory := tmp_path / str(number) / "reg").mkdir(parents=True)
        registry = read(directory, content)
        assert warnings_of(registry) == [told]
        assert not getattr(registry.snapshot, table)


def test_contradictions_are_warnings(tmp_path: Path) -> None:
    files = small_csv(
        people="id,name,status,left_on\np-1,Ann,active,2026-10-31\np-2,Bob,left,2026-12-01\n"
        "p-3,Cy,active,2026-12-01\n",
        grants="account_id,person_id,role,granted_on,revoked_on\n"
        "a-1,p-1,owner,2026-02-01,2026-01-31\na-1,p-2,owner,2026-02-01,2026-02-01\n",
        incidents="id,account_id,opened_at,closed_on\ni-1,a-1,2026-02-01T23:00:00Z,2026-01-31\n",
    )
    assert warnings_of(read(tmp_path, files)) == [
        "grants.csv:2:revoked_on: is before granted_on (2026-01-31)",
        "incidents.csv:2:closed_on: is before opened_at (2026-01-31)",
        "people.csv:2:left_on: is past, but the status is active; the person counts as having "
        "left (2026-10-31)",
        "people.csv:3:left_on: is yet to come, but the status is left (2026-12-01)",
    ]


def test_what_was_done_on_a_day_to_come_is_a_warning(tmp_path: Path) -> None:
    """A slip in the year would silence what asks for a list, a review or a decision until then."""
    slip, tomorrow, later = TODAY.replace(year=2062), TODAY + timedelta(1), TODAY + timedelta(2)
    files = small_csv(
        observations=f"platform,handle,observed_on\nx,one,{slip}\nx,two,{tomorrow}\nx,t,{TODAY}\n",
        incidents="id,account_id,opened_at,aware_at,authority_decided_at,closed_on\n"
        f"i-1,a-1,2026-02-01T00:00:00Z,{later}T00:00:00Z,{tomorrow}T23:59:00Z,{later}\n",
        grants=f"account_id,person_id,role,attested_on,expires_on\na-1,p-1,owner,{later},{slip}\n",
    )
    told = "is yet to come, and says when something was done; see whether the year is right"
    assert [line for line in warnings_of(read(tmp_path, files)) if "yet to come" in line] == [
        f"grants.csv:2:attested_on: {told} ({later})",
        f"observations.csv:2:observed_on: {told} ({slip})",
        f"incidents.csv:2:aware_at: {told} ({later} 00:00:00+00:00)",
        f"incidents.csv:2:closed_on: {told} ({later})",
    ]


def test_a_decision_before_anybody_knew_is_a_warning(tmp_path: Path) -> None:
    files = small_csv(
        incidents="id,account_id,opened_at,aware_at,authority_decided_at\n"
        "i-1,a-1,2026-02-01T00:00:00Z,2026-02-01T00:00:00Z,2025-02-01T00:00:00Z\n",
    )
    assert (
        "incidents.csv:2:authority_decided_at: is before aware_at (2025-02-01 00:00:00+00:00)"
        in warnings_of(read(tmp_path, files))
    )


def test_an_unknown_person_is_no_error(tmp_path: Path) -> None:
    files = small_csv(
        entities="id,name,head_id,it_delegate_ids\ne-1,One,nobody,nobody\n",
        grants="account_id,person_id,role,approved_by\na-1,nobody,owner,nobody\n",
    )
    assert not warnings_of(read(tmp_path, files))


def test_a_live_grant_may_stand_beside_revoked_ones(tmp_path: Path) -> None:
    rows = "a-1,p-1,owner,2026-01-01\na-1,p-1,owner,\na-1,p-1,owner,2026-01-01\n"
    files = small_csv(grants="account_id,person_id,role,revoked_on\n" + rows)
    assert len(read(tmp_path, files).snapshot.grants) == 3


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("'=1+1", "=1+1"),
        ("'@stbrigid", "@stbrigid"),
        ("'+48 600", "+48 600"),
        ("'-5", "-5"),
        ("''=1", "'=1"),
        ("  '=1", "=1"),
        ("'tis", "'tis"),
        ("=1+1", "=1+1"),
        ("'t", "'t"),
    ],
)
def test_a_guarded_cell_loses_one_apostrophe(tmp_path: Path, cell: str, expected: str) -> None:
    text = csv_text([["id", "name", "status"], ["p-1", cell, "active"]])
    assert read_people(tmp_path, text)[0].name == expected


def test_two_kinds_of_nothing(tmp_path: Path) -> None:
    plain = read(tmp_path, small_csv()).snapshot
    empty = read(tmp_path, small_csv(people="id,name,status,email\np-1,Ann Doe,active,\n")).snapshot
    assert plain.people == empty.people
    assert plain.people[0].email is None
    assert empty.tracked - plain.tracked == {"people.email"}
    assert {name.partition(".")[0] for name in plain.tracked} == set(SMALL)


def test_an_optional_table_may_have_no_rows(tmp_path: Path) -> None:
    snapshot = read(tmp_path, small_csv(logins="id,account_id,mfa\n")).snapshot
    assert snapshot.logins == ()
    assert "logins.mfa" in snapshot.tracked


# -- workbooks ------------------------------------------------------------------------------------


def test_cells_of_a_workbook_are_what_they_are(tmp_path: Path) -> None:
    data = small_xlsx(
        entities=[["ID", "Name", None], [7, "St. Brigid", None], [None], [8.0, 1.5, None]],
        people=[
            ["id", "name", "status", "left_on", "policy_version", ""],
            [17, "Ann", "Left", date(2026, 1, 31), 2026, ""],
            ["", "", "", "", "", ""],
            ["p-2", " Bob ", "active"],
        ],
        accounts=[
            ["id", "Entity ID", "platform", "handle", "status", "archive", "approved_by"],
            [1, 7, "X", 4711, "active", False, "17|p-2; p-3"],
        ],
        grants=[["account_id", "person_id", "role"], [1, 17, "owner"]],
        incidents=[["id", "account_id", "opened_at"], ["i-1", 1, "2026-01-31T09:30Z"]],
    )
    registry = read(tmp_path, {"r.xlsx": data})
    snapshot = registry.snapshot
    assert snapshot.entities == (Entity("7", "St. Brigid"), Entity("8", "1.5"))
    assert snapshot.people == (
        Person("17", "Ann", "left", left_on=date(2026, 1, 31), policy_version="2026"),
        Person("p-2", "Bob", "active"),
    )
    account = snapshot.accounts[0]
    assert (account.id, account.entity_id, account.handle) == ("1", "7", "4711")
    assert account.archive is False
    assert account.approved_by == ("17", "p-2", "p-3")
    assert snapshot.incidents[0].opened_at == datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
    assert not warnings_of(registry)


def test_a_wide_sheet_is_no_far_sheet(tmp_path: Path) -> None:
    wide = [["id", "name", "status", *(f"extra_{n}" for n in range(60))]]
    wide += [["p-1", "Ann", "active", *("x" for _ in range(60))]]
    people = read(tmp_path, {"r.xlsx": small_xlsx(people=wide)}).snapshot.people
    assert len(people[0].notes or {}) == 60


# -- JSON -----------------------------------------------------------------------------------------


def test_cells_of_a_document_are_what_they_are(tmp_path: Path) -> None:
    data = small_json(
        entities=[{"id": 7, "Name": "St. Brigid", "it-delegate-ids": ["p-1", 17, " ", "p-1"]}],
        people=[
            {"id": 17, "name": 1.5, "status": "left", "left_on": "2026-01-31"},
            {"id": "p-2", "name": " Bob ", "status": "ACTIVE", "left_on": None, "email": ""},
        ],
        accounts=[
            {
                "id": 1.0,
                "entity_id": "7",
                "platform": "X",
                "handle": "y",
                "status": "active",
                "archive": True,
                "approved_by": "17|p-2;p-3",
                "connected_apps": [],
            }
        ],
        grants=[{"account_id": "1", "person_id": "17", "role": "owner"}],
        incidents=[
            {
                "id": "i-1",
                "account_id": "1",
                "opened_at": "2026-01-31T09:30Z",
                "personal_data": False,
                "investigators": ["17:hr", "p-2:legal"],
            }
        ],
    )
    registry = read(tmp_path, {"r.json": b"\xef\xbb\xbf" + data})
    snapshot = registry.snapshot
    assert snapshot.entities == (Entity("7", "St. Brigid", it_delegate_ids=("p-1", "17")),)
    assert snapshot.people == (
        Person("17", "1.5", "left", left_on=date(2026, 1, 31)),
        Person("p-2", "Bob", "active"),
    )
    assert snapshot.accounts[0].archive is True
    assert snapshot.accounts[0].approved_by == ("17", "p-2", "p-3")
    assert snapshot.accounts[0].connected_apps == ()
    assert snapshot.incidents[0].personal_data is False
    assert snapshot.incidents[0].investigators[1] == Investigator("p-2", "legal")
    assert not warnings_of(registry)


def test_a_document_tracks_what_any_object_has(tmp_path: Path) -> None:
    people: list[dict[str, Any]] = [
        {"id": "p-1", "name": "Ann", "status": "active"},
        {"id": "p-2", "name": "Bob", "status": "active", "email": None},
    ]
    snapshot = read(tmp_path, {"r.json": small_json(people=people, logins=[])}).snapshot
    assert {name for name in snapshot.tracked if name.startswith(("people", "logins"))} == {
        "people.id",
        "people.name",
        "people.status",
        "people.email",
        "logins.id",
        "logins.account_id",
    }


# -- the three forms ------------------------------------------------------------------------------


def example_tables() -> dict[str, list[list[str]]]:
    tables = {}
    for name in TABLES:
        with (EXAMPLE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            tables[name] = list(csv.reader(file))
    return tables


def test_the_three_forms_say_the_same(tmp_path: Path) -> None:
    tables = example_tables()
    objects = {
        name: [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
        for name, rows in tables.items()
    }
    from_csv = read_registry(EXAMPLE, TODAY)
    from_json = read(tmp_path, {"r.json": json.dumps(objects)})
    from_xlsx = read(tmp_path, {"r.xlsx": small_xlsx(**tables)})

    def content(registry: RegistryInput) -> Snapshot:
        return msgspec.structs.replace(registry.snapshot, digest="")

    assert content(from_csv) == content(from_json) == content(from_xlsx)
    assert len(from_csv.snapshot.accounts) > 10
    digests = {each.snapshot.digest for each in (from_csv, from_json, from_xlsx)}
    assert len(digests) == 3
    assert {len(digest) for digest in digests} == {64}


def test_the_digest_is_that_of_the_content(tmp_path: Path) -> None:
    one = read(tmp_path, small_csv()).snapshot.digest
    assert read(tmp_path, {**small_csv(), "README.md": "x"}).snapshot.digest == one
    assert read_people(tmp_path, BOTH)
    assert read_registry(tmp_path, TODAY).snapshot.digest != one


# -- anything -------------------------------------------------------------------------------------

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
SAID = TEXT.filter(lambda text: text.strip() and not WordsForNothing().say(text))
QUICK = settings(max_examples=examples(150))


@QUICK
@given(st.lists(SAID, min_size=1, max_size=5), st.sampled_from(",;\t"))
@example(["'=1", "=1"], ",")
@example(['"b', "a\r\nb", "a\rb", "\ufeffa|;,", "\x1c x \x85"], ",")
def test_any_text_survives_csv(tmp_path: Path, names: list[str], delimiter: str) -> None:
    header = ["id", "name", "status"]
    rows = [[f"p-{n}", _guarded(name), "active"] for n, name in enumerate(names)]
    people = read_people(tmp_path, csv_text([header, *rows], delimiter=delimiter))
    assert [person.name for person in people] == [name.strip() for name in names]


def _guarded(text: str) -> str:
    """Protect a text that would itself lose an apostrophe."""
    bare = text.strip()
    return f"'{bare}" if bare.lstrip("'")[:1] in tuple("=+-@") and bare.startswith("'") else text


def read_anything(directory: Path, name: str, data: bytes) -> None:
    """Read any bytes, as a whole or in the place of one table; only RegistryError may escape."""
    if name.endswith(".csv"):
        for file, text in small_csv().items():
            (directory / file).write_bytes(str(text).encode())
        path = directory
    else:
        path = directory / name
    (directory / name).write_bytes(data)
    with contextlib.suppress(RegistryError):
        read_registry(path, TODAY)


@QUICK
@given(st.binary(max_size=300), st.sampled_from(["people.csv", "r.xlsx", "r.json"]))
@example(b"[1e999]", "r.json")
@example(b"PK\3\4", "r.xlsx")
def test_any_bytes_are_a_registry_or_a_registry_error(
    tmp_path: Path, data: bytes, name: str
) -> None:
    read_anything(tmp_path, name, data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "name", "status", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@QUICK
@given(st.sampled_from(list(TABLES)), JSON | st.lists(st.dictionaries(TEXT, JSON), max_size=3))
def test_any_document_is_a_registry_or_a_registry_error(
    tmp_path: Path, table: str, value: Any
) -> None:
    read_anything(tmp_path, "r.json", small_json(**{table: value}))


WORKBOOK = small_xlsx(people=[["id", "name", "status"], ["p-1", 3, "active"], ["p-2", "#REF!"]])
with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as _archive:
    PARTS = {info.filename: _archive.read(info) for info in _archive.infolist()}


@QUICK
@given(st.data())
def test_any_damage_to_a_workbook_is_a_registry_error_at_worst(
    tmp_path: Path, data: st.DataObject
) -> None:
    part = data.draw(st.sampled_from([name for name in PARTS if "docProps" not in name]))
    content = PARTS[part]
    start = data.draw(st.integers(0, len(content) - 1))
    end = min(len(content), start + data.draw(st.integers(0, 20)))
    damaged = content[:start] + data.draw(st.binary(max_size=8)) + content[end:]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, whole in PARTS.items():
            archive.writestr(name, damaged if name == part else whole)
    read_anything(tmp_path, "r.xlsx", out.getvalue())


@QUICK
@given(st.integers(0, len(WORKBOOK) - 1), st.binary(min_size=1, max_size=4))
def test_any_damage_to_the_archive_is_a_registry_error_at_worst(
    tmp_path: Path, at: int, damage: bytes
) -> None:
    read_anything(tmp_path, "r.xlsx", WORKBOOK[:at] + damage + WORKBOOK[at + len(damage) :])


def test_cells_may_say_that_nobody_keeps_track(tmp_path: Path) -> None:
    people = "id,name,status,trained_on\np-1,Ann,active,2026-01-02\np-2,Bob,active, (not tracked)\n"
    logins = (
        "id,account_id,mfa,strength\nl-1,a-1,key,(not tracked)\n"
        "(not tracked),(not tracked),(not tracked),(not tracked)\n"
    )
    where = write(tmp_path, small_csv(people=people, logins=logins))
    snapshot = read_registry(where, TODAY).snapshot
    assert [person.trained_on for person in snapshot.people] == [date(2026, 1, 2), None]
    assert [login.id for login in snapshot.logins] == ["l-1"]
    # Nobody keeps track of the strength of any login; of the others, of no login but this one.
    one = frozenset({("a-1", "l-1")})
    assert snapshot.filled == {
        "people.trained_on": {("p-1",)},
        "logins.id": one,
        "logins.account_id": one,
        "logins.mfa": one,
    }
    tracked = {name for name in snapshot.tracked if name.startswith(("people", "logins"))}
    assert tracked == {"people.id", "people.name", "people.status"}


@pytest.mark.parametrize(
    ("column", "cell"), [("trained_on", "(not  tracked)"), ("left_on", "(others not tracked)")]
)
def test_what_says_that_it_is_not_tracked_is_one_text(
    tmp_path: Path, column: str, cell: str
) -> None:
    people = f"id,name,status,{column}\np-1,Ann,active,{cell}\n"
    where = write(tmp_path, small_csv(people=people))
    with pytest.raises(RegistryError) as caught:
        read_registry(where, TODAY)
    (problem,) = caught.value.problems
    assert (problem.column, problem.value) == (column, cell)


_ONE_OF_EACH = {
    "entities": ("id,name", "e,E"),
    "people": ("id,name,status", "p,P,active"),
    "accounts": ("id,entity_id,platform,handle,status", "a,e,x,one,active"),
    "grants": ("account_id,person_id,role", "a,p,admin"),
    "logins": ("id,account_id", "l,a"),
    "incidents": ("id,account_id,opened_at", "i,a,2026-01-01T00:00:00Z"),
}


@pytest.mark.parametrize(
    ("table", "column"),
    [
        (table, name)
        for table in ("entities", "people", "accounts", "grants", "logins")
        for name, column in columns(table).items()
        if not column.required
    ],
)
def test_any_column_may_be_tracked_for_some_rows_alone(
    tmp_path: Path, table: str, column: str
) -> None:
    files: dict[str, Content] = {
        f"{name}.csv": f"{header}\n{row}\n" for name, (header, row) in _ONE_OF_EACH.items()
    }
    header, row = _ONE_OF_EACH[table]
    second = row.replace("a,p", "a,q").replace("one", "two")
    second = second if table == "grants" else f"{second[0]}2{second[1:]}"
    files[f"{table}.csv"] = f"{header},{column}\n{row},(not tracked)\n{second},\n"
    where = tmp_path / "registry"
    where.mkdir()
    read = read_registry(write(where, files), TODAY).snapshot
    first, other = map(row_key(table), getattr(read, table))
    assert f"{table}.{column}" not in read.tracked
    assert read.filled[f"{table}.{column}"] == {other} != {first}
    # Nothing of that is lost on the way out and in again, nor in documents.
    write_registry(read, tmp_path / "again")
    again = read_registry(tmp_path / "again", TODAY).snapshot
    assert replace(again, digest="") == replace(read, digest="")
    kept, _ = snapshot_of(StoredDocument(*one) for one in documents(read, None).items())
    assert (kept.tracked, kept.filled) == (read.tracked, read.filled)


def test_a_name_that_looks_like_markup_goes_out_into_a_workbook_and_in_again(
    tmp_path: Path,
) -> None:
    entities = "id,name,type\ne-1,<r><t>Somebody else</r>,parish\n"
    read = read_registry(write(tmp_path, small_csv(entities=entities)), TODAY).snapshot
    write_registry(read, tmp_path / "again.xlsx")
    again = read_registry(tmp_path / "again.xlsx", TODAY).snapshot
    assert again.entities[0].name == read.entities[0].name == "<r><t>Somebody else</r>"


def test_a_table_may_say_that_of_others_nothing_is_known(tmp_path: Path) -> None:
    others = ",".join(["(others not tracked)"] * 3)
    grants = f"account_id,person_id,role,attested_on\na-1,p-1,admin,2026-01-01\n{others},\n"
    read = read_registry(write(tmp_path, small_csv(grants=grants)), TODAY).snapshot
    (row,) = read.grants
    for name in ("account_id", "person_id", "role"):
        assert read.filled[f"grants.{name}"] == {(row.account_id, row.person_id)}
    assert "grants.attested_on" in read.tracked
    write_registry(read, tmp_path / "again")
    again = read_registry(tmp_path / "again", TODAY).snapshot
    assert (again.tracked, again.filled) == (read.tracked, read.filled)


def test_a_table_whose_columns_that_must_be_filled_are_texts_may_say_so_too(tmp_path: Path) -> None:
    logins = "id,account_id,mfa\nlog-1,a-1,app\n(others not tracked),(others not tracked),\n"
    read = read_registry(write(tmp_path, small_csv(logins=logins)), TODAY).snapshot
    assert [row.id for row in read.logins] == ["log-1"]
    assert read.filled["logins.account_id"] == {row_key("logins")(read.logins[0])}
