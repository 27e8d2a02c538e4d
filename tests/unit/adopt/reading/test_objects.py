"""Lists of programs: an object a row, whatever they are wrapped in."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.adopt.reading.books import one, refusals, sheets

SCIM = {
    "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
    "totalResults": 2,
    "Resources": [
        {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "id": "2819",
            "userName": "ana@schools.example",
            "name": {"givenName": "Ana", "familyName": "Brightwater"},
            "active": True,
            "emails": [
                {"value": "old@schools.example", "type": "home"},
                {"value": "ana@schools.example", "type": "work", "primary": True},
            ],
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
                "employeeNumber": 61550123456789012,
                "manager": {"value": "2820"},
            },
        },
        {"id": "2820", "userName": "bo", "active": "False", "department": None},
    ],
}


def read(document: Any) -> dict[str, Any]:
    sheet = one(json.dumps(document), "list_json")
    assert sheet.heading_row == 0
    assert [row.number for row in sheet.rows] == list(range(1, len(sheet.rows) + 1))
    return {head: sheet.rows[0].cells[at] for at, head in enumerate(sheet.headings)}


def test_a_list_of_a_directory() -> None:
    assert read(SCIM) == {
        "id": "2819",
        "userName": "ana@schools.example",
        "name.givenName": "Ana",
        "name.familyName": "Brightwater",
        "active": True,
        "emails": "ana@schools.example; old@schools.example",
        "employeeNumber": "61550123456789012",
        "manager.value": "2820",
        "department": "",
    }


USER = {"id": "1", "profile": {"firstName": "Ann", "login": "ann@x.example"}, "status": "ACTIVE"}


@pytest.mark.parametrize(
    "document", [[USER, USER], {"value": [USER]}, {"users": [USER], "kind": "x", "empty": []}]
)
def test_what_a_list_is_wrapped_in_is_no_matter(document: Any) -> None:
    assert read(document) == {
        "id": "1",
        "profile.firstName": "Ann",
        "profile.login": "ann@x.example",
        "status": "ACTIVE",
    }


def test_an_object_a_line() -> None:
    text = "\n".join(json.dumps(USER | {"id": str(n)}) for n in range(3))
    for name in ("list_json", "list_jsonl", "list_txt"):
        assert [row.cells[0] for row in one(text, name).rows] == ["0", "1", "2"]


def test_an_object_an_id() -> None:
    assert read({"u1": USER, "u2": USER})["key"] == "u1"


def test_two_lists_are_two_sheets() -> None:
    found = sheets(list_json=json.dumps({"people": [USER], "units": [{"name": "Parish"}]}))
    assert [sheet.name for sheet in found] == ["people", "units"]


def test_it_is_known_by_its_content_and_in_any_encoding() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        data = json.dumps(SCIM, ensure_ascii=False).encode(encoding)
        assert one(data, "users_csv").headings[0] == "id"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[{"a": 1},]', "list.json: is not JSON"),
        ("{", "is not JSON: Expecting property name enclosed in double quotes (line 1, column 2)"),
        ('[{"a": 1, "a": 2}]', "has an object with the same key twice"),
        ("[1, 2]", "must be a list of objects"),
        ('"text"', "must be a list of objects, or an object with such lists"),
        ("[]", "has no table"),
        ("[" * 100 + "]" * 100, "is nested too deeply"),
        ('[{"id": 6.15e+16}]', "list.json:1:id: is a number in scientific notation"),
        (json.dumps([{f"c{n}": n for n in range(600)}]), "has 600 columns"),
    ],
)
def test_what_cannot_be_read_is_said(text: str, told: str) -> None:
    assert told in refusals(text, "list_json")[0]


@pytest.mark.parametrize(
    "user",
    [
        USER | {"password": "canary-Kettle-7"},
        USER | {"credentials": {"password": {"value": "canary-Kettle-7"}}},
        USER | {"note": "pw: canary-Kettle-7"},
    ],
)
def test_a_secret_stops_it(user: Any) -> None:
    (told,) = refusals(json.dumps({"users": [user]}), "list_json")
    assert "holds a secret" in told
    assert "canary" not in told
