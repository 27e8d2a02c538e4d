"""``init``, ``validate``, ``convert`` and ``controls`` where things are not as they should be."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from python_calamine import CalamineWorkbook

from rolecall import __version__
from rolecall.controls.catalogue import catalogue
from rolecall.errors import UsageError
from rolecall.model import TABLES, Snapshot
from rolecall.registry.reading import read_registry
from rolecall.registry.words_for_nothing import WordsForNothing
from rolecall.registry.writing import write_registry
from tests.functional.command import EXAMPLE, copy_example, edit, findings, rolecall
from tests.registries import TODAY, RegistryFiles, parish, registries, written
from tests.tiers import examples

FORMS = ("csv", "registry.xlsx", "registry.json")


def snapshot(path: Path) -> Snapshot:
    """Read a registry; the digest is that of the files, and so another one for each form."""
    return replace(read_registry(path, TODAY).snapshot, digest="")


# -- init and validate -----------------------------------------------------------------------------


def test_init_refuses_what_is_not_an_empty_directory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine\n")
    for path in (tmp_path, tmp_path / "file"):
        ended = rolecall("init", path)
        assert (ended.status, ended.stdout) == (2, b"")
        assert "nothing was written" in ended.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_init_where_nothing_can_be_made_is_status_3(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine\n")
    ended = rolecall("init", tmp_path / "file" / "registry")
    assert ended.status == 3
    assert "cannot write" in ended.stderr


def test_the_policy_that_init_writes_is_the_default_one(tmp_path: Path) -> None:
    rolecall("init", tmp_path)
    text = (tmp_path / "policy.toml").read_text(encoding="utf-8")
    parish().write(tmp_path)
    (tmp_path / "policy.toml").write_text(text, encoding="utf-8")
    ended = rolecall("validate", tmp_path)
    assert (ended.status, ended.stderr) == (0, "")
    # What is commented out is right too, once it is uncommented and its example entity is there.
    uncommented = "\n".join(
        line[2:] if line.startswith("# ") and ("=" in line or line.startswith("# [")) else line
        for line in text.splitlines()
    ).replace("st-brigid-parish", "e1")
    (tmp_path / "policy.toml").write_text(uncommented, encoding="utf-8")
    ended = rolecall("validate", tmp_path)
    assert (ended.status, ended.stderr) == (0, "")
    assert uncommented.count("\n[") >= 4


def test_validate_holds_the_policy_against_the_registry(tmp_path: Path) -> None:
    registry = copy_example(tmp_path)
    edit(registry / "policy.toml", "[entities.cemeteries-office.", "[entities.cemetery-office.")
    for command in ("validate", "audit"):
        ended = rolecall(command, registry)
        assert (ended.status, ended.stdout) == (2, b"")
        assert "policy.toml:entities.cemetery-office: " in ended.stderr
        assert "did you mean cemeteries-office?" in ended.stderr


def test_validate_as_data(tmp_path: Path) -> None:
    ended = rolecall("validate", EXAMPLE, "--format", "json")
    assert ended.status == 0
    assert (ended.json["valid"], ended.json["error_count"], ended.json["errors"]) == (True, 0, [])
    registry = copy_example(tmp_path)
    edit(registry / "people.csv", "Perpetua Valdivieso,active", "Perpetua Valdivieso,actve")
    edit(registry / "policy.toml", "days = 120", 'days = "many"')
    ended = rolecall("validate", registry, "--format", "json")
    assert (ended.status, ended.stderr) == (2, "")
    assert ended.json["error_count"] == 2
    assert [error["file"] for error in ended.json["errors"]] == ["people.csv", "policy.toml"]
    assert ended.json["errors"][0]["row"] == 3
    assert "did you mean active?" in ended.json["errors"][0]["message"]


def test_a_secret_is_refused_and_never_echoed(tmp_path: Path) -> None:
    files = parish()
    files.columns["logins"].append("password")
    for row in files.tables["logins"]:
        row["password"] = "hunter2hunter2"
    registry = files.write(tmp_path)
    for arguments in (("validate",), ("validate", "--format", "json"), ("audit",)):
        ended = rolecall(arguments[0], registry, *arguments[1:])
        assert ended.status == 2
        assert "hunter2" not in ended.text + ended.stderr


# -- convert ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_another_form_has_the_same_findings(tmp_path: Path, form: str) -> None:
    assert rolecall("convert", EXAMPLE, tmp_path / form).status == 0
    before, after = findings(EXAMPLE), findings(tmp_path / form)
    assert after == before
    assert len(after) > 100


@given(registries())
@settings(max_examples=examples(15))
def test_any_registry_survives_every_form(files: RegistryFiles) -> None:
    with written(files) as directory:
        before = snapshot(directory)
        for form in FORMS:
            write_registry(before, directory / form)
            after = snapshot(directory / form)
            if form.endswith("json"):
                # An empty table of a JSON document has no objects to name its columns.
                empty = {name for name in TABLES if not getattr(before, name)}
                kept = {c for c in before.tracked if c.partition(".")[0] not in empty}
                assert kept <= after.tracked <= before.tracked
                after = replace(after, tracked=before.tracked)
            assert after == before


HANDLES = st.text(
    st.one_of(
        st.sampled_from("'=+-@|;:\"\\,_x04\t\r\n\u00a0<&>\u2028"),
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
    ),
    max_size=30,
).filter(lambda text: not WordsForNothing().say(text))


@given(st.lists(HANDLES, min_size=3, max_size=3))
@settings(max_examples=examples(60))
def test_any_text_survives_every_form(texts: list[str]) -> None:
    files = parish()
    handle, name, note = texts
    files.row("accounts", 0, handle=handle.strip() or "handle")
    files.row("people", 0, name=name.strip() or "name")
    files.columns["accounts"].append("remark")
    files.row("accounts", 1, remark=note)
    # The source must hold any text: it is JSON.
    document = {table: files.tables[table] for table in files.tables}
    with written(files) as directory:
        source = directory / "source.json"
        source.write_text(json.dumps(document), encoding="utf-8")
        before = snapshot(source)
        assert before.accounts[0].handle == (handle.strip() or "handle")
        for form in FORMS:
            write_registry(before, directory / form)
            assert snapshot(directory / form) == before, form


@pytest.mark.parametrize("form", FORMS[:2])
def test_a_list_item_with_a_separator_is_refused(tmp_path: Path, form: str) -> None:
    files = parish()
    document: dict[str, Any] = dict(files.tables)
    document["accounts"] = [{**row, "connected_apps": ["a|b"]} for row in files.tables["accounts"]]
    source = tmp_path / "source.json"
    source.write_text(json.dumps(document))
    ended = rolecall("convert", source, tmp_path / "out" / form)
    assert ended.status == 2
    assert "separator" in ended.stderr
    assert not (tmp_path / "out").exists()
    with pytest.raises(UsageError):
        write_registry(snapshot(source), tmp_path / form)
    write_registry(snapshot(source), tmp_path / "copy.json")
    assert snapshot(tmp_path / "copy.json") == snapshot(source)


def test_notes_keep_their_names(tmp_path: Path) -> None:
    files = parish()
    note = "=note"
    files.columns["accounts"].append(note)
    files.row("accounts", 0, **{note: "+1 555"})
    before = snapshot(files.write(tmp_path))
    assert before.accounts[0].notes == {note: "+1 555"}
    for form in FORMS:
        write_registry(before, tmp_path / form)
        assert snapshot(tmp_path / form) == before, form


def test_no_cell_of_a_converted_csv_is_a_formula(tmp_path: Path) -> None:
    files = parish()
    files.columns["accounts"].append("=remark")
    files.row("accounts", 0, handle="=1+1", url="@SUM(A1)", connected_apps="-2|+3")
    files.row("accounts", 1, handle="''=1", **{"=remark": "+1 555"})
    before = snapshot(files.write(tmp_path))
    write_registry(before, tmp_path / "csv")
    cells = []
    for path in (tmp_path / "csv").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            cells += [cell for row in csv.reader(file) for cell in row]
    assert {"'=1+1", "'@SUM(A1)", "'-2|+3", "'=remark", "'+1 555"} <= set(cells)
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r")]


def test_a_workbook_holds_texts_and_no_formulas(tmp_path: Path) -> None:
    files = parish()
    for number, text in enumerate(("=1+1", "@SUM(A1)")):
        files.row("accounts", number, handle=text)
    files.row("people", 0, name="https://example.org", contract_ref="007")
    files.row("people", 1, name='=HYPERLINK("http://evil.example")', contract_ref="1e5")
    write_registry(snapshot(files.write(tmp_path)), tmp_path / "r.xlsx")
    with zipfile.ZipFile(tmp_path / "r.xlsx") as book:
        sheets = [book.read(n) for n in book.namelist() if n.startswith("xl/worksheets/")]
        assert sheets
        assert not [s for s in sheets if b"<f" in s or b"hyperlink" in s.replace(b"HYPERLINK", b"")]
        assert not [n for n in book.namelist() if "_rels/sheet" in n]
    workbook = CalamineWorkbook.from_path(tmp_path / "r.xlsx")
    cells = {cell for row in workbook.get_sheet_by_name("people").to_python() for cell in row}
    assert {"https://example.org", "007", "1e5"} <= cells


@pytest.mark.parametrize("text", ["#SPILL!", "a\ufffeb"])
def test_a_text_that_a_workbook_would_change_is_refused(tmp_path: Path, text: str) -> None:
    files = parish()
    files.row("accounts", 0, handle=text)
    registry = files.write(tmp_path)
    ended = rolecall("convert", registry, tmp_path / "r.xlsx")
    assert (ended.status, ended.stdout) == (2, b"")
    assert "a sheet cannot hold the cell" in ended.stderr
    assert not (tmp_path / "r.xlsx").exists()
    write_registry(snapshot(registry), tmp_path / "r.json")
    assert snapshot(tmp_path / "r.json") == snapshot(registry)


def test_a_workbook_has_the_same_bytes_each_time(tmp_path: Path) -> None:
    registry = snapshot(EXAMPLE)
    write_registry(registry, tmp_path / "one.xlsx")
    write_registry(registry, tmp_path / "two.xlsx")
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_convert_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "file").write_text("mine\n")
    (tmp_path / "taken.xlsx").write_text("mine\n")
    (tmp_path / "taken.json").write_text("mine\n")
    for name in ("taken", "taken.xlsx", "taken.json", "new.csv"):
        ended = rolecall("convert", EXAMPLE, tmp_path / name)
        assert (ended.status, ended.stdout) == (2, b""), name
    assert (tmp_path / "taken.json").read_text() == "mine\n"
    assert not (tmp_path / "policy.toml").exists()


def test_convert_leaves_a_policy_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text("# mine\n")
    ended = rolecall("convert", EXAMPLE, tmp_path / "r.json")
    assert ended.status == 0
    assert "was left as it is" in ended.stderr
    assert (tmp_path / "policy.toml").read_text() == "# mine\n"


def test_convert_where_nothing_can_be_written_is_status_3(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine\n")
    for name in ("no/folder/r.json", "file/r.xlsx", "file/csv"):
        ended = rolecall("convert", EXAMPLE, tmp_path / name)
        assert (ended.status, ended.stdout) == (3, b""), name
        assert "cannot write" in ended.stderr


def test_convert_imports_nothing_of_a_bad_registry(tmp_path: Path) -> None:
    files = parish()
    files.row("grants", 0, account_id="nowhere")
    ended = rolecall("convert", files.write(tmp_path), tmp_path / "r.json")
    assert ended.status == 2
    assert not (tmp_path / "r.json").exists()


# -- the rest --------------------------------------------------------------------------------------


@pytest.mark.parametrize("control", catalogue())
def test_every_control_can_be_shown(control: str) -> None:
    ended = rolecall("controls", "show", control)
    assert (ended.status, ended.stderr) == (0, "")
    assert ended.text.startswith(f"{control} (")
    assert max(map(len, ended.text.splitlines())) < 80
    assert "frozenset" not in ended.text


def test_the_version() -> None:
    assert rolecall("--version").text == f"rolecall {__version__}\n"


@pytest.mark.parametrize(
    "command", [(), ("audit",), ("validate",), ("convert",), ("init",), ("controls",)]
)
def test_help(command: tuple[str, ...]) -> None:
    ended = rolecall(*command, "--help")
    assert (ended.status, ended.stderr) == (0, "")
    assert ended.text.startswith("Usage: rolecall")
    assert "[bold]" not in ended.text


def test_without_arguments_it_says_how_it_is_used() -> None:
    ended = rolecall()
    assert ended.status == 2
    assert "Usage: rolecall" in ended.text + ended.stderr


def test_every_control_is_listed_once() -> None:
    assert rolecall("controls").text.count("\n  ") == len(catalogue())
