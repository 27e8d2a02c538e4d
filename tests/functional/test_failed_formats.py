"""One format that fails takes no other along: offline, at night, and for whoever verifies."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rolecall.reports.facts import Facts
from rolecall.reports.formats import KEPT
from rolecall.reports.material import Material
from rolecall.usecases.reporting.attempts import attempted
from rolecall.usecases.reporting.files import files_of, lines_of
from rolecall.usecases.reporting.from_night import write_reports
from tests.functional.command import EXAMPLE, rolecall
from tests.functional.test_reports_for_people import AS_OF, audited, example
from tests.nights import Documents, MemoryFiles, MemoryFindings, night

PAGES = ("report.html", "report.xlsx", "report.md")
WRITERS = {
    "report.pdf": "rolecall.reports.pdf_report.pdf_report",
    "report.html": "rolecall.reports.html_report.html_report",
    "report.md": "rolecall.reports.markdown_report.markdown_report",
    "findings.csv": "rolecall.reports.csv_report.csv_document",
}


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return what has a writer raise, after a piece of what it writes."""

    def breaks(name: str) -> None:
        def writer(*_: object) -> Iterator[bytes]:
            yield b"half of it"
            raise ArithmeticError("a sign that nobody thought of")

        # The PDF is made at once, the others piece by piece.
        at_once = name == "report.pdf"
        monkeypatch.setattr(WRITERS[name], (lambda _: [*writer()]) if at_once else writer)

    return breaks


@pytest.mark.parametrize("name", WRITERS)
def test_the_others_are_written_and_say_which_is_missing(
    name: str, broken: Callable[[str], None], tmp_path: Path
) -> None:
    broken(name)
    key = rolecall("key", "new", "--name", "a.example", "--signing-key", tmp_path / "key").text
    there = tmp_path / "reports"
    ended = rolecall(
        *("audit", EXAMPLE, "--as-of", "2026-11-02", "--log", tmp_path / "log"),
        *("--signing-key", tmp_path / "key", "--report", there, "--output", tmp_path / "out"),
    )
    assert ended.status == 3
    assert f"{name} could not be made" in ended.stderr
    assert "a sign that nobody thought of" in ended.stderr
    assert {path.name for path in there.iterdir()} == {*KEPT, "proof.zip"} - {name}
    facts = json.loads((there / "facts.json").read_text(encoding="utf-8"))
    assert facts["unmade"] == [name]
    for page in {"report.html", "report.md"} - {name}:
        assert f"could not be made: {name}" in (there / page).read_text(encoding="utf-8")
    verified = rolecall("verify", there / "proof.zip", "--key", key.strip())
    assert verified.status == 4, verified.text
    assert f"note: not compared: {name}: it is missing" in verified.text


def test_nothing_lies_under_the_name_of_what_could_not_be_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with monkeypatch.context() as within:
        within.setattr(WRITERS["report.md"], lambda _: 1 / 0)
        key = rolecall("key", "new", "--name", "a.example", "--signing-key", tmp_path / "key").text
        there = tmp_path / "reports"
        rolecall(
            *("audit", EXAMPLE, "--as-of", "2026-11-02", "--log", tmp_path / "log"),
            *("--signing-key", tmp_path / "key", "--report", there, "--output", tmp_path / "out"),
        )
    (there / "report.md").write_text("# All is well\n", encoding="utf-8")
    ended = rolecall("verify", tmp_path / "log", "--key", key.strip(), "--reports", there)
    assert (ended.status, "unmade" in ended.text) == (1, True), ended.text


def test_a_night_is_done_without_it(broken: Callable[[str], None], tmp_path: Path) -> None:
    broken("report.pdf")
    files = MemoryFiles()
    lost: list[tuple[str, str]] = []
    written: list[tuple[str, bytes]] = []
    policy = (EXAMPLE / "policy.toml").read_text(encoding="utf-8")
    night(Documents(example()[0], policy), MemoryFindings(), files, AS_OF)
    prefix = next(name.removesuffix("/heading.json") for name in files.files if "heading" in name)
    write_reports(
        files,
        prefix,
        tmp_path,
        lambda _, name, __, pieces: written.append((name, b"".join(pieces))),
        each=["report.pdf", "report.md"],
        failed=lambda name, error: lost.append((name, str(error))),
    )
    names = [name for name, _ in written]
    assert set(PAGES) < set(names)
    assert not [name for name in names if name.endswith(".pdf")]
    assert ("report.pdf", "a sign that nobody thought of") in lost
    assert [name for name, _ in lost if name.startswith("entities/")]


def test_without_anybody_to_tell_it_goes_on_as_it_is(broken: Callable[[str], None]) -> None:
    broken("report.md")
    report = audited()
    made = files_of(report.heading(), lines_of(report), Facts())
    with pytest.raises(ArithmeticError):
        [list(pieces) for _, pieces in made]


def test_what_is_not_installed_is_no_failure_of_a_report() -> None:
    class Absent:
        name = "report.md"

        @staticmethod
        def make(_: Material) -> Iterator[bytes]:
            raise ModuleNotFoundError(name="jinja2")

    with pytest.raises(ModuleNotFoundError):
        attempted(Absent(), None, lambda *_: None)  # type: ignore[arg-type]
