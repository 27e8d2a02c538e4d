"""``rolecall adopt`` as its users have it: sheets in, a registry out, and nothing made up."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from msgspec.structs import replace

from rolecall.adopt.questions import Choice, Question
from rolecall.cli import questions
from tests.adopt_corpus.measure import measured
from tests.adopt_corpus.sheets import NAMES, corpus_sheet
from tests.functional.command import Ended, findings, rolecall

LEAST_ACCOUNTS = 0.98
LEAST_PEOPLE = 0.95

STAFF = (
    "Employee No;Surname;First name;Status;Leave date;E-mail\n"
    "1;Ashgrove;Adela;Active;;adela@st-aldwyn.example\n"
    "2;Dunmore;Bertrand;Left;30/06/2025;bertrand@st-aldwyn.example\n"
    "3;Hollowell;Cosima;Active;;cosima@st-aldwyn.example\n"
)
HEADINGS = ("Page name", "Link", "Who has the password?", "Admin(s)", "2FA?", "Last checked")
ROWS = (
    (
        "Parish (Facebook)",
        "facebook.com/staldwyn",
        "Adela",
        "Adela Ashgrove / Cosima Hollowell",
        "no",
    ),
    ("Youth Insta", "instagram.com/staldwynyouth", "Bertrand", "Bertrand Dunmore", "?"),
    ("Website", "www.st-aldwyn.example", "Cosima", "Cosima Hollowell", "No"),
)


def table(registry: Path, name: str) -> list[dict[str, str]]:
    with (registry / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def content(registry: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(registry.iterdir()) if path.is_file()}


def workbook(path: Path, rows: Any = ROWS, title: str = "St Aldwyn Parish: our accounts") -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Accounts")
        sheet.write_row(0, 0, [title])
        sheet.write_row(2, 0, HEADINGS)
        for number, row in enumerate(rows, start=3):
            sheet.write_row(number, 0, row)
        sheet.write_row(len(rows) + 4, 0, [f"TOTAL: {len(rows)} accounts"])
    return path


@pytest.fixture
def sheets(tmp_path: Path) -> list[Path]:
    staff = tmp_path / "staff list.csv"
    staff.write_bytes(STAFF.encode("cp1252"))
    return [workbook(tmp_path / "Social Media Accounts 2026.xlsx"), staff]


def adopt(sheets: list[Path], registry: Path, *options: str) -> Ended:
    return rolecall("adopt", *sheets, "--into", registry, *(options or ("--yes",)))


def test_a_spreadsheet_becomes_an_audit_in_two_commands(sheets: list[Path], tmp_path: Path) -> None:
    registry = tmp_path / "registry"
    ended = adopt(sheets, registry)
    assert ended.status == 0, ended.stderr
    out = ended.stdout.decode()
    assert "3 accounts, 3 people, 4 grants ready" in out
    assert f"next: rolecall audit {registry}" in out
    found = findings(registry, as_of="2026-11-26")
    people = {one["name"]: one["id"] for one in table(registry, "people")}
    left = people["Bertrand Dunmore"]
    assert f"orphaned-admin instagram-staldwynyouth {left}" in found
    assert "login-without-mfa facebook-staldwyn log-facebook-staldwyn" in found
    accused = {key.split()[-1] for key in found if key.startswith("orphaned-admin")}
    assert accused == {left}


def test_what_was_assumed_stands_on_a_page(sheets: list[Path], tmp_path: Path) -> None:
    registry = tmp_path / "registry"
    adopt(sheets, registry)
    page = (registry / "ADOPTED.md").read_text(encoding="utf-8")
    assert "Social Media Accounts 2026.xlsx, sheet Accounts: 3 rows below row 3" in page
    assert "## What needs an answer" in page
    assert "does not say whose accounts these are" in page
    # Nothing of it is known to a log: ids say nothing of anybody.
    ids = [one["id"] for one in table(registry, "people")]
    assert all(len(one) == 10 and one.startswith("p-") for one in ids)


def test_the_same_again_changes_nothing(sheets: list[Path], tmp_path: Path) -> None:
    registry = tmp_path / "registry"
    adopt(sheets, registry)
    before = content(registry)
    again = adopt(sheets, registry)
    assert content(registry) == before
    assert "nothing changed" in again.stdout.decode()


def test_what_registry_and_sheets_disagree_about_is_told_until_one_gives_way(
    sheets: list[Path], tmp_path: Path
) -> None:
    registry = tmp_path / "registry"
    registry.mkdir()
    made_by_hand = {
        "entities": "id;name;notes\nE1;St Aldwyn Parish;keep  me\n",
        "people": 'id;name;status;notes\n007;Adela Ashgrove;active;"a ""b"""\n',
        "accounts": "id;entity_id;platform;handle;status;url\n"
        "A1;E1;facebook;staldwyn;active;https://facebook.com/otherwise\n",
    }
    for name, text in made_by_hand.items():
        (registry / f"{name}.csv").write_bytes(text.encode())
    assert adopt(sheets, registry).status == 0
    first = content(registry)
    assert first["entities.csv"] == made_by_hand["entities"].encode()
    assert first["people.csv"].startswith(b"id;name;status;notes")
    assert b"the registry says https://facebook.com/otherwise" in first["ADOPTED.md"]
    assert adopt(sheets, registry).status == 0
    assert content(registry) == first


def test_next_months_sheet_changes_what_changed(sheets: list[Path], tmp_path: Path) -> None:
    registry = tmp_path / "registry"
    adopt(sheets, registry)
    before = {name: table(registry, name) for name in ("people", "accounts", "grants")}
    rows = [
        (*ROWS[0][:3], "Adela Ashgrove / Cosima Hollowell", "yes"),
        ROWS[2],
        ("Choir", "youtube.com/@staldwynchoir", "Adela", "Adela Ashgrove", "no"),
    ]
    # Somebody looked after the registry meanwhile.
    path = registry / "accounts.csv"
    path.write_bytes(path.read_bytes().replace(b"staldwyn,active", b"staldwyn,dormant", 1))
    december = workbook(tmp_path / "Social Media Accounts December 2026.xlsx", rows)
    ended = rolecall("adopt", december, "--into", registry, "--yes")
    assert ended.status == 0, ended.stderr
    accounts = {one["handle"]: one for one in table(registry, "accounts")}
    assert accounts["staldwyn"]["status"] == "dormant"
    assert set(accounts) == {"staldwyn", "staldwynyouth", "st-aldwyn.example", "staldwynchoir"}
    assert table(registry, "people") == before["people"]
    assert "staldwynyouth on instagram stood in the sheet before" in ended.stderr


def test_a_question_is_asked_answered_and_remembered(
    sheets: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = tmp_path / "registry"
    monkeypatch.setattr("sys.stdin", Terminal(iter([])))
    asked: list[str] = []

    def answered(question: Question, _: int) -> str | None:
        asked.append(question.text)
        others = [one.value for one in question.choices if one.value != question.safest]
        return "St Aldwyn" if question.is_open else next(iter(others), question.safest)

    monkeypatch.setattr("rolecall.cli.questions.ask", answered)
    monkeypatch.setattr("rolecall.cli.adopt.confirmed", lambda _: True)
    ended = rolecall("adopt", *sheets, "--into", registry)
    assert ended.status == 0, ended.stderr
    assert any("does not say whose accounts" in one for one in asked)
    assert len(asked) == len(set(asked))
    assert [one["name"] for one in table(registry, "entities")] == ["St Aldwyn"]
    asked.clear()
    rolecall("adopt", *sheets, "--into", registry)
    assert asked == []


class Terminal:
    """Somebody at a terminal, line by line."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.lines = lines

    def isatty(self) -> bool:
        return True

    def readline(self, *_: int) -> str:
        return f"{next(self.lines)}\n"


def test_a_wrong_number_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    question = Question(
        "q",
        "Is it\x1b[2J so?",
        (Choice("yes", "it is"), Choice("no", "it is not")),
        "no",
        ("here",),
    )
    given = iter(["7", "x", "1"])
    monkeypatch.setattr("typer.prompt", lambda *_, **__: next(given))
    assert questions.ask(question, 3) == "yes"
    shown = capsys.readouterr().err
    assert "\x1b[2J" not in shown
    assert shown.count("Give a number from 1 to 3.") == 2
    monkeypatch.setattr("typer.prompt", lambda *_, **__: "3")
    assert questions.ask(question, 0) is None
    monkeypatch.setattr("typer.prompt", lambda *_, **__: "St Brigid")
    assert questions.ask(replace(question, is_open=True), 0) == "St Brigid"


def test_a_dry_run_writes_nothing(sheets: list[Path], tmp_path: Path) -> None:
    ended = adopt(sheets, tmp_path / "registry", "--dry-run")
    assert ended.status == 0
    assert "3 accounts" in ended.stdout.decode()
    assert not (tmp_path / "registry").exists()


def test_as_data(sheets: list[Path], tmp_path: Path) -> None:
    ended = adopt(sheets, tmp_path / "registry", "--yes", "--format", "json")
    said = json.loads(ended.stdout)
    assert said["written"] is True
    assert said["tables"]["accounts"] == {"rows": 3, "added": 3, "changed": 0}
    for question in said["questions"]:
        assert question["taken"] in [one["value"] for one in question["choices"]]


def test_nobody_at_a_terminal_is_told_what_to_do(sheets: list[Path], tmp_path: Path) -> None:
    ended = rolecall("adopt", *sheets, "--into", tmp_path / "registry")
    assert ended.status == 2
    assert "--yes takes the safest" in ended.stderr
    assert not (tmp_path / "registry").exists()


def test_sheets_without_an_account_are_no_registry(sheets: list[Path], tmp_path: Path) -> None:
    ended = adopt(sheets[1:], tmp_path / "registry")
    assert ended.status == 2
    assert "no account is named in these sheets" in ended.stderr
    assert not (tmp_path / "registry").exists()
    # Once there are accounts, a list of staff alone is welcome.
    assert adopt(sheets[:1], tmp_path / "registry").status == 0
    assert adopt(sheets[1:], tmp_path / "registry").status == 0


@pytest.mark.parametrize(
    ("into", "says"),
    [("registry.xlsx", "name a directory"), ("registry.json", "name a directory")],
)
def test_a_registry_in_one_file_is_refused(
    sheets: list[Path], tmp_path: Path, into: str, says: str
) -> None:
    ended = adopt(sheets, tmp_path / into)
    assert ended.status == 2
    assert says in ended.stderr


def test_a_sheet_that_is_not_there(tmp_path: Path) -> None:
    ended = adopt([tmp_path / "none.xlsx"], tmp_path / "registry")
    assert ended.status == 2
    assert "none.xlsx: does not exist" in ended.stderr


def test_an_interrupted_adoption_leaves_the_registry_and_is_ended_by_the_next(
    sheets: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = tmp_path / "registry"
    adopt(sheets, registry)
    before = content(registry)
    rows = [*ROWS, ("Choir", "youtube.com/@staldwynchoir", "Adela", "Adela Ashgrove", "no")]
    workbook(sheets[0], rows)
    moves = [0]
    real = Path.replace

    def failing(self: Path, target: Any) -> Path:
        moves[0] += self.parent.name == ".rolecall-staged" and Path(target).parent == registry
        if moves[0] == 2:
            raise OSError(28, "No space left on device")
        return real(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", failing)
        assert adopt(sheets, registry).status == 3
    told = rolecall("validate", registry)
    assert told.status == 2
    assert "half written" in told.stderr
    assert adopt(sheets, registry).status == 0
    assert content(registry) != before
    assert len(table(registry, "accounts")) == 4


SECRET = "hunter2-Xk9!qv"


@pytest.mark.parametrize("heading", ["Password", "Kennwort", "Mot de passe", "Contraseña", "Hasło"])
def test_a_secret_stops_it_and_is_nowhere(tmp_path: Path, heading: str) -> None:
    sheet = tmp_path / "accounts.csv"
    sheet.write_text(f"Link,{heading}\nfacebook.com/a,{SECRET}\n", encoding="utf-8")
    ended = adopt([sheet], tmp_path / "registry")
    assert ended.status == 2
    assert heading.casefold() in ended.stderr.casefold()
    assert SECRET not in ended.stderr + ended.stdout.decode()
    assert not (tmp_path / "registry").exists()


@pytest.mark.parametrize("name", NAMES)
def test_adopting_makes_no_finding_up(name: str, tmp_path: Path) -> None:
    """Whom no sheet shows to have left nobody accuses, whatever else it leaves open."""
    sheet = corpus_sheet(name)
    files = []
    for file, data in sheet.files:
        (tmp_path / file).write_bytes(data)
        files.append(tmp_path / file)
    registry = tmp_path / "registry"
    assert adopt(files, registry).status == 0
    found = findings(registry, as_of="2026-11-26")
    names = (
        {one["id"]: one["name"] for one in table(registry, "people")}
        if (registry / "people.csv").exists()
        else {}
    )
    gone = {"orphaned-admin", "leaver-knows-password"}
    accused = {names.get(key.split()[-1]) for key in found if key.split()[0] in gone}
    assert accused <= sheet.people | {None}
    if not sheet.administrators:
        assert not [key for key in found if key.split()[0] in ("sole-administrator", *gone)]


def test_what_a_reader_would_call_clear_is_right() -> None:
    """At least 98 percent of accounts and 95 percent of people, over all sheets."""
    shares = measured()
    assert shares["accounts"] >= LEAST_ACCOUNTS
    assert shares["people"] >= LEAST_PEOPLE


@pytest.mark.parametrize(
    ("file", "title"),
    [
        ("accounts password Zq7!kVw2Lp9x.csv", ""),
        ("Konten_Kennwort_Zq7!kVw2Lp9x.csv", ""),
        ("mot de passe Zq7!kVw2Lp9x.xlsx", "Accounts"),
        ("accounts.xlsx", "pw Zq7!kVw2Lp9x"),
    ],
)
def test_a_secret_in_the_name_of_a_file_or_a_sheet_stops_it_and_is_nowhere(
    file: str, title: str, tmp_path: Path
) -> None:
    path, registry = tmp_path / file, tmp_path / "registry"
    if title:
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet(title)
            sheet.write_row(0, 0, ["Platform", "Link"])
            sheet.write_row(1, 0, ["Facebook", "facebook.com/staldwyn"])
    else:
        path.write_text("Platform,Link\nFacebook,facebook.com/staldwyn\n")
    ended = adopt([path], registry)
    assert ended.status == 2
    assert b"has a secret in its name" in ended.stderr.encode()
    assert "Zq7!kVw2" not in ended.stdout.decode() + ended.stderr
    assert not registry.exists()


@pytest.mark.parametrize(
    "file", ["Passwords 2026-11.csv", "who has the password_v2 (1).csv", "Logins 12.03.2026.csv"]
)
def test_a_name_that_only_speaks_of_secrets_is_welcome(file: str, tmp_path: Path) -> None:
    path = tmp_path / file
    path.write_text("Platform,Link\nFacebook,facebook.com/staldwyn\n")
    assert adopt([path], tmp_path / "registry").status == 0


def test_a_table_that_is_called_after_a_platform_is_no_unit(tmp_path: Path) -> None:
    path, registry = tmp_path / "list.csv", tmp_path / "registry"
    path.write_text(
        "FACEBOOK,,\nPage name,URL,Admins\nLibrary,https://facebook.com/lib,Ann Dale\n,,\n"
        "Instagram accounts,,\nAccount,URL,Admins\nLibrary,https://instagram.com/lib,Bo Finch\n"
    )
    assert adopt([path], registry).status == 0
    assert not {"facebook", "instagram"} & {one["id"] for one in table(registry, "entities")}
    assert len(table(registry, "accounts")) == 2
