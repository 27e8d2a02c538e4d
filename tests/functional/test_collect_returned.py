"""Workbooks of ``rolecall collect`` as people give them back: sorted, cut, wrong, hostile."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer

from rolecall.adopt import collecting_workbook
from tests.filled import Rows, as_open_document, changed, put, saved, sheets_of, signed
from tests.functional.command import audit, edit, rolecall
from tests.functional.test_collect import (
    FACEBOOK,
    NOW,
    _clock,
    answered,
    back,
    collected_from,
    content,
    fill,
    registry,
    row,
    table,
)

__all__ = ["NOW", "_clock", "registry"]

ADA = {**FACEBOOK, "Person": "Ada Finch"}


def filling(
    heading: str, value: Any, of: dict[str, str] = FACEBOOK, sheet: str = "Accounts"
) -> Callable[[dict[str, Rows]], None]:
    """Return what writes one cell."""
    return lambda sheets: put(sheets[sheet], of, heading, value)


def test_rows_that_are_sorted_and_columns_that_moved_are_known(registry: Path) -> None:
    def sorted_and_moved(sheets: dict[str, Rows]) -> None:
        fill(sheets)
        for name in ("Accounts", "Access"):
            head, *rows = sheets[name]
            width = len(head)
            order = [*range(3, width), 0, 1, 2]
            moved = [[line[at] for at in order] for line in [head, *reversed(rows)]]
            sheets[name] = [["Looked at in November"], [], *moved]

    ended = answered(registry, sorted_and_moved)
    assert ended.status == 0, ended.stderr
    assert row(registry, "accounts", id="acc-1")["owner_id"] == "p-1"
    assert row(registry, "logins", id="log-2")["mfa"] == "key"
    assert row(registry, "grants", account_id="acc-1", person_id="p-1")["attested_by"] == "p-head"


def test_nothing_vanishes_because_a_workbook_lacks_it(registry: Path) -> None:
    before = content(registry)

    def cut(sheets: dict[str, Rows]) -> None:
        del sheets["Accounts"][1:]
        del sheets["Access"][2:]

    ended = answered(registry, cut)
    assert ended.status == 0, ended.stderr
    assert "sheet Accounts: 2 rows of it not there any more" in ended.stderr
    assert "sheet Access: 3 rows of it not there any more" in ended.stderr
    assert content(registry) == before
    ended = answered_again(registry, lambda sheets: sheets.pop("Access"))
    assert "sheet Access is not there, or its headings are not; nothing of it was" in ended.stderr
    assert content(registry) == before


def test_a_workbook_may_be_saved_as_an_open_document(registry: Path) -> None:
    sheets = sheets_of(collected_from(registry)["st-ann.xlsx"])
    fill(sheets)
    path = registry.parent / "came back.ods"
    path.write_bytes(as_open_document(sheets))
    ended = rolecall("adopt", path, "--into", registry, "--yes")
    assert ended.status == 0, ended.stderr
    assert "9 changes ready; 1 warning; 0 questions need an answer" in ended.text
    assert row(registry, "accounts", id="acc-1")["reviewed_on"] == "2026-11-20"
    assert row(registry, "grants", account_id="acc-1", person_id="p-1")["attested_by"] == "p-head"


def answered_again(registry: Path, change: Callable[[dict[str, Rows]], Any]) -> Any:
    """Let somebody work in the workbook that was collected already."""
    data = (registry.parent / "out" / "st-ann.xlsx").read_bytes()
    return back(registry, changed(data, change))


def test_a_row_that_stands_twice_counts_once(registry: Path) -> None:
    def twice(sheets: dict[str, Rows]) -> None:
        sheets["Accounts"].append(list(sheets["Accounts"][1]))
        put_last = sheets["Accounts"][-1]
        put_last[sheets["Accounts"][0].index("Who answers for it")] = "Ada Finch"

    ended = answered(registry, twice)
    assert "row 4: the same row stands in row 2; this one was left out" in ended.stderr
    assert row(registry, "accounts", id="acc-1")["owner_id"] == ""


def test_a_column_that_is_gone_is_said(registry: Path) -> None:
    def without(sheets: dict[str, Rows]) -> None:
        at = sheets["Accounts"][0].index("Second factor")
        for line in sheets["Accounts"]:
            del line[at]

    ended = answered(registry, without)
    assert "there is no column Second factor any more; nothing of it was taken" in ended.stderr
    assert "0 changes ready" in ended.text


def test_a_workbook_without_its_hidden_sheet_says_what_to_do(registry: Path) -> None:
    before = content(registry)

    def cleaned(sheets: dict[str, Rows]) -> None:
        fill(sheets)
        del sheets["rolecall"]

    ended = answered(registry, cleaned)
    assert ended.status == 2
    assert "its hidden sheet rolecall is gone, and nobody can tell without it" in ended.stderr
    assert "run rolecall collect again, and copy the answers into the new" in ended.stderr
    assert content(registry) == before


def test_a_workbook_of_another_version_or_registry_is_refused(registry: Path) -> None:
    def of_version(sheets: dict[str, Rows]) -> None:
        sheets["rolecall"][0][1] = "7"

    ended = answered(registry, of_version)
    assert (ended.status, "another version of rolecall collect (7; this one" in ended.stderr) == (
        2,
        True,
    )
    edit(registry / "accounts.csv", "StAnnParish", "SomebodyElse")
    edit(registry / "accounts.csv", "website,st-ann.example", "website,other.example")
    ended = answered_again(registry, fill)
    assert ended.status == 2
    assert "was made of another registry: none of its accounts is in this one" in ended.stderr


def test_an_edit_of_the_registry_since_stays_and_is_said(registry: Path) -> None:
    collected_from(registry)
    edit(registry / "accounts.csv", "StAnnParish,active,,", "StAnnParish,active,p-top,")
    ended = answered_again(registry, fill)
    assert ended.status == 0, ended.stderr
    assert (
        "Who answers for it: the registry says Teresa Abbot since, the workbook Ada Finch; the "
        "registry was kept" in ended.stderr
    )
    account = row(registry, "accounts", id="acc-1")
    assert (account["owner_id"], account["login_email"]) == ("p-top", "office@st-ann.example")


def test_a_login_that_was_recorded_since_is_not_recorded_twice(registry: Path) -> None:
    collected_from(registry)
    with (registry / "logins.csv").open("a", encoding="utf-8") as file:
        file.write("log-9,acc-1,safe,p-head,sms\n")
    ended = answered_again(registry, fill)
    assert "Second factor: the registry says text message (SMS) since" in ended.stderr
    assert row(registry, "logins", account_id="acc-1")["mfa"] == "sms"


def test_an_account_that_went_elsewhere_is_left_alone(registry: Path) -> None:
    collected_from(registry)
    edit(registry / "accounts.csv", "acc-1,st-ann", "acc-1,st-bede")
    before = content(registry)["accounts.csv"]
    ended = answered_again(registry, filling("Who answers for it", "Ada Finch"))
    assert "belongs to St Bede School by now; nothing of this row was taken" in ended.stderr
    assert content(registry)["accounts.csv"] == before


def test_a_row_that_names_an_account_of_others_reaches_nothing(registry: Path) -> None:
    def forged(sheets: dict[str, Rows]) -> None:
        for line in sheets["rolecall"]:
            if line[1] == "acc-1":
                line[1] = "acc-3"
                line[4] = "@stbede on Instagram"
        for line in (*sheets["Accounts"], *sheets["Access"]):
            line[1] = line[1].replace("@StAnnParish on Facebook", "@stbede on Instagram")
        put(
            sheets["Accounts"],
            {"Account": "@stbede on Instagram"},
            "Who answers for it",
            "Hugh Wren",
        )

    ended = answered(registry, forged)
    assert "belongs to St Bede School by now" in ended.stderr
    assert row(registry, "accounts", id="acc-3")["owner_id"] == ""


@pytest.mark.parametrize(
    ("heading", "value", "told"),
    [
        ("Who answers for it", "Ada Finsh", "nobody of the registry (Ada Finsh); did you mean Ada"),
        ("Who answers for it", "unknown", "says nothing (unknown)"),
        ("Last looked at on", date(2027, 1, 1), "is a day to come (2027-01-01)"),
        ("Last looked at on", "03/04/2026", "is no day for sure (03/04/2026); write it as"),
        ("Still in use?", "perhaps", "is none of: yes, not used any more, closed (perhaps)"),
        ("Address", "no idea", "is no address (no idea)"),
        ("E-mail it is registered with", "ask Hugh", "is no e-mail address"),
    ],
)
def test_what_cannot_be_told_is_said_and_not_taken(
    registry: Path, heading: str, value: Any, told: str
) -> None:
    before = content(registry)
    ended = answered(registry, filling(heading, value))
    assert ended.status == 0
    assert told in ended.stderr
    assert "the registry keeps what it has" in ended.stderr
    assert content(registry) == before


@pytest.mark.parametrize(
    "heading",
    [
        *("Where the password is kept", "Who knows the password?", "Second factor"),
        "E-mail it is registered with",
    ],
)
def test_what_could_be_a_secret_is_never_shown(registry: Path, heading: str) -> None:
    before = content(registry)
    ended = answered(registry, filling(heading, "rosebud in may"))
    assert "rosebud" not in ended.stderr + ended.text
    assert content(registry) == before


def test_a_secret_stops_it(registry: Path) -> None:
    before = content(registry)
    for change in (
        filling("Where the password is kept", "password: Tr0ub4dor&3"),
        filling("Address", "pw=hunter2hunter2"),
    ):
        (registry.parent / "out").exists() or collected_from(registry)
        ended = answered_again(registry, change)
        assert ended.status == 2
        assert "holds a secret" in ended.stderr
        assert "Tr0ub" not in ended.stderr
        assert "hunter2" not in ended.stderr
        assert content(registry) == before


def test_what_the_registry_had_already_is_no_new_secret(registry: Path) -> None:
    edit(registry / "accounts.csv", "login_email\n", "login_email,url\n")
    edit(registry / "accounts.csv", "active,,\nacc-2", "active,,,x.example/p?id=Ab3\nacc-2")
    ended = answered(registry, fill)
    assert ended.status == 0, ended.stderr

    def beside(sheets: dict[str, Rows]) -> None:
        for line in sheets["Accounts"][1:]:
            line.append("Zx9!Zx9!Zx9!")

    ended = answered_again(registry, beside)
    assert "holds a secret" in ended.stderr


def test_a_hidden_sheet_vouches_for_no_secret(registry: Path) -> None:
    def forged(sheets: dict[str, Rows]) -> None:
        sheets["rolecall"].append(["unit", "x", "pw=hunter2hunter2"])
        put(sheets["Accounts"], FACEBOOK, "Address", "pw=hunter2hunter2")

    before = content(registry)
    ended = answered(registry, forged)
    assert (ended.status, "holds a secret" in ended.stderr) == (2, True)
    assert content(registry) == before


def test_emptying_a_cell_is_no_answer_and_nobody_is_one(registry: Path) -> None:
    site = {"Account": "st-ann.example (website)"}
    ended = answered(registry, filling("Who answers for it", "", site))
    assert "was emptied, which changes nothing; write nobody or none" in ended.stderr
    assert row(registry, "accounts", id="acc-2")["owner_id"] == "p-head"
    ended = answered_again(registry, filling("Who answers for it", "nobody", site))
    assert "Who answers for it: Hugh Wren -> nobody or nothing" in ended.text
    assert row(registry, "accounts", id="acc-2")["owner_id"] == ""


def test_a_name_that_two_have_is_asked(registry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = answered(registry, filling("Who answers for it", "Sam Lark"))
    assert "Sam Lark is the name of 2 people of the registry. Who is meant?" in ended.stderr
    assert row(registry, "accounts", id="acc-1")["owner_id"] == ""
    at_terminal(monkeypatch, ["2", "y"])
    ended = back(registry, came_back(registry), "--format", "text")
    assert ended.status == 0, ended.stderr
    assert row(registry, "accounts", id="acc-1")["owner_id"] == "p-3"
    ended = answered_again(registry, filling("Who answers for it", "Sam Lark (p-2)"))
    assert "the registry says Sam Lark (p-3) since" in ended.stderr


def came_back(registry: Path) -> bytes:
    return (registry.parent / "came back.xlsx").read_bytes()


def at_terminal(monkeypatch: pytest.MonkeyPatch, answers: list[str]) -> None:
    """Have somebody sit there who gives these answers."""
    given = iter(answers)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr(typer, "prompt", lambda *_, **__: next(given))
    monkeypatch.setattr("rolecall.cli.collected.confirmed", lambda _: next(given) == "y")


def test_an_account_that_is_not_used_is_asked_about(
    registry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = answered(registry, filling("Still in use?", "no"))
    assert "@StAnnParish on Facebook is not in use any more. Is it still there?" in ended.stderr
    assert row(registry, "accounts", id="acc-1")["status"] == "active"
    at_terminal(monkeypatch, ["3", "y"])
    assert back(registry, came_back(registry), "--format", "text").status == 0
    assert row(registry, "accounts", id="acc-1")["status"] == "closed"


def test_access_that_nobody_needs_is_gone_when_it_was_taken_away(
    registry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = answered(registry, filling("Still needed?", "no", ADA, "Access"))
    assert "Ada Finch is not needed any more. Was it taken away on the platform?" in ended.stderr
    assert "take it away on the platform, and write the day into revoked_on" in ended.stderr
    assert row(registry, "grants", account_id="acc-1", person_id="p-1")["revoked_on"] == ""
    at_terminal(monkeypatch, ["2026-11-20", "y"])
    assert back(registry, came_back(registry), "--format", "text").status == 0
    gone = row(registry, "grants", account_id="acc-1", person_id="p-1")
    assert (gone["revoked_on"], gone["attested_on"]) == ("2026-11-20", "")


@pytest.mark.parametrize(
    ("needed", "day", "told"),
    [
        ("yes", date(2026, 11, 1), "is still needed, and taken away; say which"),
        ("no", date(2027, 11, 1), "is a day to come"),
        ("no", date(2020, 1, 1), "was given on 2024-01-01, after the day"),
        ("perhaps", "", "perhaps is neither yes nor no"),
    ],
)
def test_answers_about_access_that_cannot_be_are_not_taken(
    registry: Path, needed: str, day: Any, told: str
) -> None:
    before = content(registry)

    def change(sheets: dict[str, Rows]) -> None:
        put(sheets["Access"], ADA, "Still needed?", needed)
        put(sheets["Access"], ADA, "If not: taken away on", day)
        signed(sheets, "Hugh Wren", date(2026, 11, 25))

    assert told in answered(registry, change).stderr
    assert content(registry) == before


@pytest.mark.parametrize(
    ("who", "day", "told"),
    [
        ("", date(2026, 11, 25), "nobody stands beside Filled in by"),
        ("Hugh Wren", "", "no day stands beside Filled in on (day)"),
        ("Hugh Wren", date(2026, 12, 25), "is to come (2026-12-25)"),
        ("Hugo Wren", date(2026, 11, 25), "is nobody of the registry (Hugo Wren); did you mean"),
        ("Sam Lark", date(2026, 11, 25), "several people are called Sam Lark"),
        ("Sam Lark (p-3)", date(2026, 11, 25), "Sam Lark (p-3), who filled it in, does not head"),
        ("Ada Finch", date(2026, 11, 25), "it is Ada Finch's own, and somebody above them"),
    ],
)
def test_a_yes_confirms_nothing_without_somebody_who_may_give_it(
    registry: Path, who: str, day: Any, told: str
) -> None:
    before = content(registry)

    def change(sheets: dict[str, Rows]) -> None:
        put(sheets["Access"], ADA, "Still needed?", "yes")
        signed(sheets, who, day)

    ended = answered(registry, change)
    assert "1 yes confirms nothing, as" in ended.stderr
    assert told in ended.stderr
    assert content(registry) == before


def test_whoever_is_above_confirms_and_an_older_day_does_not(registry: Path) -> None:
    site = {"Account": "st-ann.example (website)", "Person": "Ada Finch"}

    def change(sheets: dict[str, Rows]) -> None:
        put(sheets["Access"], ADA, "Still needed?", "Ja")
        put(sheets["Access"], site, "Still needed?", "yes")
        signed(sheets, "Teresa Abbot", "2026-01-04")

    ended = answered(registry, change)
    assert "was confirmed on 2026-01-05 already; that stays" in ended.stderr
    held = row(registry, "grants", account_id="acc-1", person_id="p-1")
    assert (held["attested_on"], held["attested_by"]) == ("2026-01-04", "p-top")
    assert row(registry, "grants", account_id="acc-2", person_id="p-1")["attested_by"] == "p-top"


def test_access_that_is_missing_can_be_added(registry: Path) -> None:
    def change(sheets: dict[str, Rows]) -> None:
        head = sheets["Access"][0]
        for account, person, role in (
            ("st-ann.example (website)", "Hugh Wren", "Editor"),
            ("st-ann.example (website)", "Nobody Known", "editor"),
            ("st-ann.example (website)", "Teresa Abbot", "boss"),
            ("@stbede on Instagram", "Hugh Wren", "owner"),
        ):
            cells = {"Account": account, "Person": person, "Role": role}
            sheets["Access"].append([cells.get(name, "") for name in head])

    ended = answered(registry, change)
    assert "the access of Hugh Wren: new, as editor" in ended.text
    assert "is nobody of the registry (Nobody Known)" in ended.stderr
    assert "the role is none of owner, admin, manager, editor, analyst" in ended.stderr
    assert "its account is none of this workbook" in ended.stderr
    assert len(table(registry, "grants")) == 6
    assert row(registry, "grants", account_id="acc-2", person_id="p-head")["role"] == "editor"
    assert audit(registry, as_of="2026-11-26").status == 0


def test_who_has_access_again_gets_a_row_beside_the_old_one(registry: Path) -> None:
    with (registry / "grants.csv").open("a", encoding="utf-8") as file:
        file.write("acc-1,p-top,admin,2020-01-01,,,2021-01-01\n")

    def change(sheets: dict[str, Rows]) -> None:
        cells = {**FACEBOOK, "Person": "Teresa Abbot", "Role": "editor", "Still needed?": "yes"}
        sheets["Access"].append([cells.get(name, "") for name in sheets["Access"][0]])
        signed(sheets, "Hugh Wren", date(2026, 11, 25))

    for _ in range(2):
        ended = answered_again(registry, change) if _ else answered(registry, change)
        assert ended.status == 0, ended.stderr
        rows = [one for one in table(registry, "grants") if one["person_id"] == "p-top"]
        assert [(one["role"], one["revoked_on"], one["attested_by"]) for one in rows] == [
            ("admin", "2021-01-01", ""),
            ("editor", "", "p-head"),
        ]
    assert "0 changes ready" in ended.text


def test_a_row_of_nobodys_account_is_said(registry: Path) -> None:
    def change(sheets: dict[str, Rows]) -> None:
        sheets["Accounts"].append(["St Ann Parish", "@new on TikTok"])

    assert "@new on TikTok is no account of this workbook" in answered(registry, change).stderr


def test_each_sign_in_has_a_row_of_its_own(registry: Path) -> None:
    with (registry / "logins.csv").open("a", encoding="utf-8") as file:
        file.write("log-3,acc-2,chat,p-head,sms\n")
    second = {"Account": "st-ann.example (website), sign-in log-3"}

    def change(sheets: dict[str, Rows]) -> None:
        put(sheets["Accounts"], second, "Where the password is kept", "a safe")
        put(sheets["Accounts"], second, "Who answers for it", "Ada Finch")

    ended = answered(registry, change)
    assert "is asked in the row of the account; left out" in ended.stderr
    assert row(registry, "logins", id="log-3")["storage"] == "safe"
    assert row(registry, "logins", id="log-2")["storage"] == "paper"
    assert row(registry, "accounts", id="acc-2")["owner_id"] == "p-head"


def test_a_registry_with_names_for_ids_is_changed_where_they_stand(registry: Path) -> None:
    edit(registry / "grants.csv", "acc-1,p-1,admin", "@StAnnParish on facebook,Ada Finch,admin")
    ended = answered(registry, fill)
    assert ended.status == 0, ended.stderr
    assert row(registry, "grants", account_id="acc-1", person_id="p-1")["attested_by"] == "p-head"
    assert len(table(registry, "grants")) == 5


def test_hostile_names_are_texts(registry: Path) -> None:
    bad = '=HYPERLINK("http://x.example";"y")'
    edit(
        registry / "people.csv",
        "p-1,Ada Finch",
        '''p-1,"'=HYPERLINK(""http://x.example"";""y"")"''',
    )
    edit(registry / "accounts.csv", "StAnnParish", "'+StAnn;'=1+1")
    data = collected_from(registry)["st-ann.xlsx"]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        formulas = [
            archive.read(name).decode().split("<f>")[1:]
            for name in archive.namelist()
            if name.startswith("xl/worksheets/sheet")
        ]
    assert all(one.startswith("COUNTBLANK(") for sheet in formulas for one in sheet)
    assert bad in {line[2] for line in sheets_of(data)["Access"]}
    website = {"Account": "st-ann.example (website)"}
    ended = back(
        registry,
        changed(data, lambda s: put(s["Accounts"], website, "Address", "=HYPERLINK(example.org)")),
    )
    assert "is no address" not in ended.stderr
    assert b"'=HYPERLINK" in content(registry)["accounts.csv"]


def test_empty_cells_are_marked_and_counted_in_words(registry: Path) -> None:
    data = collected_from(registry)["st-ann.xlsx"]
    sheets = sheets_of(data)
    assert [line[-1] for line in sheets["Accounts"]] == [
        *("Empty cells", "7 to fill in", "2 to fill in")
    ]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        accounts = archive.read("xl/worksheets/sheet2.xml").decode()
        book = archive.read("xl/workbook.xml").decode()
    assert "containsBlanks" in accounts
    assert '"yes,not used any more,closed"' in accounts
    assert '<dataValidation type="date"' in accounts
    assert 'name="rolecall" sheetId="4" state="hidden"' in book


def test_what_a_workbook_cannot_hold_is_refused(
    registry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = registry.parent / "out"
    monkeypatch.setattr(collecting_workbook, "_MOST_ROWS", 5)
    ended = rolecall("collect", registry, "--output", out)
    assert ended.status == 2
    assert "6 rows, more than a sheet can hold; give --entity" in ended.stderr
    monkeypatch.undo()
    edit(registry / "accounts.csv", "web@st-ann.example", "x" * 40_000)
    ended = rolecall("collect", registry, "--output", out)
    assert "a cell of account acc-2 is longer than a workbook can hold" in ended.stderr
    assert not out.exists()


def test_other_files_are_adopted_apart(registry: Path) -> None:
    ours = registry.parent / "ours.xlsx"
    ours.write_bytes(collected_from(registry)["st-ann.xlsx"])
    other = registry.parent / "list.csv"
    other.write_text("Platform,Handle\nfacebook,x\n", encoding="utf-8")
    ended = rolecall("adopt", ours, other, "--into", registry, "--yes")
    assert (ended.status, "adopt them apart" in ended.stderr) == (2, True)
    ended = rolecall("adopt", ours, "--into", registry.parent / "new", "--yes")
    assert (ended.status, "is no registry; name the one from which" in ended.stderr) == (2, True)


def test_a_workbook_of_the_same_sheets_that_is_none_of_ours_is_adopted_as_any(
    tmp_path: Path,
) -> None:
    sheets: dict[str, Rows] = {
        "Read me": [["Hello"]],
        "Accounts": [["Unit", "Platform", "Handle"], ["St Ann", "facebook", "StAnn"]],
        "Access": [["nothing"]],
    }
    path = tmp_path / "list.xlsx"
    path.write_bytes(saved(sheets))
    ended = rolecall("adopt", path, "--into", tmp_path / "new", "--yes")
    assert ended.status == 0, ended.stderr
    assert "1 account" in ended.text


def test_several_workbooks_come_back_at_once_and_as_data(registry: Path) -> None:
    books = collected_from(registry)
    paths = []
    for name, data in books.items():
        path = registry.parent / name
        path.write_bytes(changed(data, fill) if name == "st-ann.xlsx" else data)
        paths.append(path)
    ended = rolecall("adopt", *paths, "--into", registry, "--yes", "--format", "json")
    assert ended.status == 0, ended.stderr
    told = ended.json
    assert told["written"] is True
    assert {one["table"] for one in told["changes"]} == {"accounts", "logins", "grants"}
    assert told["questions"] == []
    assert row(registry, "accounts", id="acc-1")["owner_id"] == "p-1"
