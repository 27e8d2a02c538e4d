"""``rolecall roster``: the monthly export of the personnel system, as its user has it."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from unittest.mock import patch

import pytest

from rolecall import staged_files
from tests.functional.command import Ended, rolecall

PEOPLE = (
    "id;name;status;email;left_on;clearance_level;entity_id;shoe\n"
    "p-1;Tom O'Brien;active;tom@x.example;;C;e-1;44\n"
    "p-2;Maureen Kelly;active;;;B;e-1;\n"
    "p-3;Jim Doyle;active;jim@x.example;;A;;\n"
    "p-4;Una Gone;active;una@x.example;;A;;\n"
    "p-5;Bo Fifth;active;bo@x.example;;A;;\n"
)
ROSTER = (
    "Employee No;Surname;First name;Dept;Status;Leave date;E-mail\n"
    "1001;O\u2019Brien;Tom;St Aidan;Active;;tom@x.example\n"
    "1002;Kelly;Maureen;St Aidan;Active;;maureen@x.example\n"
    "1003;Doyle;Jim;St Aidan;Left;30/06/2025;jim@x.example\n"
    "1004;Second;Ann;St Aidan;Active;;ann@x.example\n"
    "1005;Fifth;Bo;St Aidan;Active;;bo@x.example\n"
)
TABLES = {
    "entities.csv": "id,name,head_id\ne-1,St Aidan,p-1\n",
    "people.csv": PEOPLE,
    "accounts.csv": "id,entity_id,platform,handle,status\na-1,e-1,facebook,aidan,active\n",
    "grants.csv": "account_id,person_id,role\na-1,p-1,owner\n",
}


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    path = tmp_path / "registry"
    path.mkdir()
    for name, text in TABLES.items():
        (path / name).write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "staff list.csv"
    path.write_bytes(ROSTER.encode("windows-1252"))
    return path


def contents(path: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in path.iterdir()}


def write(export: Path, *rows: str) -> Path:
    export.write_text("\n".join((ROSTER.splitlines()[0], *rows, "")), encoding="utf-8")
    return export


def test_a_month_is_one_command(registry: Path, export: Path) -> None:
    ended = rolecall("roster", registry, export)
    assert ended.status == 0, ended.stderr
    assert "joined    Ann Second" in ended.text
    assert "left      Jim Doyle: status active -> left" in ended.text
    assert "changed   Maureen Kelly: email nothing -> maureen@x.example" in ended.text
    assert "missing   Una Gone" in ended.text
    lines = (registry / "people.csv").read_text(encoding="utf-8").splitlines()
    assert lines[:2] == PEOPLE.splitlines()[:2]
    assert lines[3] == "p-3;Jim Doyle;left;jim@x.example;2025-06-30;A;e-1;"
    assert lines[4] == PEOPLE.splitlines()[4]
    for name in ("entities.csv", "accounts.csv", "grants.csv"):
        assert (registry / name).read_text(encoding="utf-8") == TABLES[name]
    # The number is known from now on, and the registry is one that audits read.
    assert "1001" in (registry / "mapping.toml").read_text(encoding="utf-8")
    audited = rolecall("audit", registry, "--as-of", "2026-11-26", "--format", "json")
    assert audited.status == 0, audited.stderr


def test_the_same_again_changes_no_byte(registry: Path, export: Path) -> None:
    assert rolecall("roster", registry, export).status == 0
    before = contents(registry)
    ended = rolecall("roster", registry, export)
    assert "nothing changed" in ended.text
    assert contents(registry) == before


def test_a_dry_run_writes_nothing(registry: Path, export: Path) -> None:
    before = contents(registry)
    ended = rolecall("roster", registry, export, "--dry-run")
    assert ended.status == 0
    assert "joined    Ann Second" in ended.text
    assert contents(registry) == before


def test_whoever_is_missing_left_as_of_a_day(registry: Path, export: Path) -> None:
    ended = rolecall("roster", registry, export, "--missing", "left", "--as-of", "2026-10-31")
    assert ended.status == 0, ended.stderr
    text = (registry / "people.csv").read_text(encoding="utf-8")
    assert "p-4;Una Gone;left;una@x.example;2026-10-31;A;" in text


@pytest.mark.parametrize("day", ["31.10.2026", "yesterday", "2026-13-01"])
def test_a_day_that_is_none_is_refused(registry: Path, export: Path, day: str) -> None:
    ended = rolecall("roster", registry, export, "--as-of", day)
    assert ended.status == 2
    assert "write a day like" in ended.stderr


def many_gone(export: Path) -> Path:
    return write(export, "1001;O'Brien;Tom;St Aidan;Active;;tom@x.example")


def test_very_many_leavers_at_once_are_refused(registry: Path, export: Path) -> None:
    before = contents(registry)
    for more in ((), ("--yes",)):
        ended = rolecall("roster", registry, many_gone(export), "--missing", "left", *more)
        assert ended.status == 2
        assert "4 of 5 people who serve would be gone at once, more than 20%" in ended.stderr
        assert "--yes-all-of-them" in ended.stderr
        assert contents(registry) == before
    shown = rolecall("roster", registry, export, "--missing", "left", "--dry-run")
    assert shown.status == 0
    assert "would be gone at once" in shown.stderr
    ended = rolecall("roster", registry, export, "--missing", "left", "--yes-all-of-them")
    assert ended.status == 0, ended.stderr
    assert (registry / "people.csv").read_text(encoding="utf-8").count(";left;") == 4


def test_that_very_many_are_suspended_at_once_is_refused_too(registry: Path, export: Path) -> None:
    rows = ROSTER.replace(";Active;", ";Suspended;").splitlines()[1:]
    assert rolecall("roster", registry, write(export, *rows)).status == 2


def test_a_policy_sets_how_many_may_leave(registry: Path, export: Path) -> None:
    policy = registry / "policy.toml"
    policy.write_text("[policy]\nroster_leavers_least = 5\n", encoding="utf-8")
    assert rolecall("roster", registry, many_gone(export), "--missing", "left").status == 0
    policy.write_text("[policy]\nroster_leavers_share = 0.9\n", encoding="utf-8")
    assert rolecall("roster", registry, many_gone(export), "--missing", "left").status == 0


def test_two_of_five_are_no_mistake(registry: Path, export: Path) -> None:
    ended = rolecall("roster", registry, export, "--missing", "left")
    assert ended.status == 0, ended.stderr


def test_programs_read_what_changes(registry: Path, export: Path) -> None:
    ended = rolecall("roster", registry, export, "--format", "json")
    assert ended.status == 0, ended.stderr
    said = ended.json
    assert said["written"] is True
    assert [one["name"] for one in said["joined"]] == ["Ann Second"]
    assert said["left"][0]["name"] == "Jim Doyle"
    assert said["missing"] == ["Una Gone"]
    assert {one["taken"] for one in said["questions"]} == {"keep"}
    refused = rolecall(
        "roster", registry, many_gone(export), "--missing", "left", "--format", "json"
    )
    assert refused.status == 2
    assert json.loads(refused.stdout)["written"] is False
    assert "would be gone" in json.loads(refused.stdout)["refused"]


def converted(registry: Path, suffix: str) -> Path:
    path = registry.with_suffix(suffix)
    assert rolecall("convert", registry, path).status == 0
    return path


def people_of(path: Path, tmp_path: Path) -> str:
    out = tmp_path / "out"
    shutil.rmtree(out, ignore_errors=True)
    assert rolecall("convert", path, out).status == 0
    return (out / "people.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("suffix", [".json", ".xlsx"])
def test_a_registry_of_one_file(registry: Path, export: Path, tmp_path: Path, suffix: str) -> None:
    path = converted(registry, suffix)
    ended = rolecall("roster", path, export)
    assert ended.status == 0, ended.stderr
    text = people_of(path, tmp_path)
    assert "Ann Second,active,ann@x.example" in text
    assert "p-3,Jim Doyle,left,jim@x.example,2025-06-30" in text
    assert ",44" in text
    again = rolecall("roster", path, export)
    assert "nothing changed" in again.text


@pytest.mark.parametrize("suffix", ["", ".json", ".xlsx"])
def test_a_registry_without_people_gets_them(
    registry: Path, export: Path, tmp_path: Path, suffix: str
) -> None:
    (registry / "people.csv").unlink()
    (registry / "grants.csv").unlink()
    (registry / "entities.csv").write_text("id,name\ne-1,St Aidan\n", encoding="utf-8")
    path = converted(registry, suffix) if suffix else registry
    ended = rolecall("roster", path, export)
    assert ended.status == 0, ended.stderr
    assert ended.text.count("joined ") == 5
    assert "Ann Second,active,ann@x.example" in people_of(path, tmp_path)


def test_a_document_keeps_what_else_it_has(registry: Path, export: Path) -> None:
    path = converted(registry, ".json")
    document = json.loads(path.read_bytes())
    document["about"] = {"kept": [1, "two"]}
    document["accounts"][0]["of ours"] = "a note"
    path.write_text(json.dumps(document), encoding="utf-8")
    assert rolecall("roster", path, export).status == 0
    after = json.loads(path.read_bytes())
    assert {name: after[name] for name in after if name != "people"} == {
        name: document[name] for name in document if name != "people"
    }


def test_a_workbook_in_which_somebody_worked_is_not_written(registry: Path, export: Path) -> None:
    path = converted(registry, ".xlsx")
    with zipfile.ZipFile(path, "a") as book:
        book.writestr("xl/theirs.xml", "<theirs/>")
    before = path.read_bytes()
    ended = rolecall("roster", path, export)
    assert ended.status == 2
    assert "rolecall convert" in ended.stderr
    assert path.read_bytes() == before
    assert rolecall("roster", path, export, "--dry-run").status == 0


def test_who_is_interrupted_leaves_the_registry_as_it_was(registry: Path, export: Path) -> None:
    before = contents(registry)

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with patch.object(staged_files, "replace", fails):
        ended = rolecall("roster", registry, export)
    assert ended.status == 3
    assert contents_of_files(registry) == before


def contents_of_files(path: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in path.iterdir() if one.is_file()}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Page;Link\nParish;https://facebook.com/parish\n", "is no roster"),
        ("", ""),
    ],
)
def test_what_is_no_roster_is_refused(registry: Path, export: Path, text: str, said: str) -> None:
    export.write_text(text, encoding="utf-8")
    before = contents(registry)
    ended = rolecall("roster", registry, export)
    assert ended.status == 2
    assert said in ended.stderr
    assert contents(registry) == before


def test_a_file_that_is_not_there_is_refused(registry: Path, tmp_path: Path) -> None:
    ended = rolecall("roster", registry, tmp_path / "none.csv")
    assert ended.status == 2
    assert "does not exist" in ended.stderr


def test_questions_are_asked_one_by_one_at_a_terminal(registry: Path, export: Path) -> None:
    asked: list[str] = []

    def answer(question: object, _: int) -> str:
        asked.append(question.text)  # type: ignore[attr-defined]
        return "left"

    ended = at_terminal(answer, registry, export)
    assert ended.status == 0, ended.stderr
    assert asked == ["Una Gone is not on the roster. Did they leave?"]
    assert "left      Una Gone: status active -> left" in ended.text


def at_terminal(answer: object, *arguments: object) -> Ended:
    with (
        patch("rolecall.cli.questions.ask", answer),
        patch("sys.stdin.isatty", lambda: True, create=True),
    ):
        return rolecall("roster", *arguments)
