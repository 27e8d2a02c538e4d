"""Logs into which a later release wrote: every command goes on, and says what it does not know."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from pypdf import PdfReader

from rolecall import __version__
from tests.functional.command import EXAMPLE, audit, rolecall
from tests.functional.test_cli_proving import Sealed
from tests.later import write_later

MERGED = {"action": "finding.merged", "payload": {"finding": "0" * 32}}
MOVED = {"action": "page.moved", "entity": "ellerwick-herald"}
SAID = (
    "This report may be incomplete: the audit log holds records of kinds that this release does "
    "not know (1)."
)
NOTE = (
    "note: 2 records of kinds that this release does not know (action finding.merged: 1, action "
    "page.moved: 1): proven like the others, and what is said there is not understood; a later "
    "release wrote that"
)


class Later(Sealed):
    """A log of three audits, two records of a later release, and one more audit."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        write_later(self.log, MERGED)
        write_later(self.log, MOVED)
        self.reports = directory / "reports"
        options = ("--log", self.log, "--signing-key", self.secret, "--report", self.reports)
        self.table = audit(self.registry, *options, as_of="2027-02-02")
        assert self.table.status == 0, self.table.stderr

    @property
    def proof(self) -> Path:
        """Return the bundle of the last audit."""
        return self.reports / "proof.zip"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Later:
    """Return a log that tests only read."""
    return Later(tmp_path_factory.mktemp("later"))


def squeezed(text: str) -> str:
    return " ".join(text.split())


def test_the_log_is_valid_and_its_unknown_records_are_counted(shared: Later) -> None:
    for what in (shared.log, shared.export(), shared.proof):
        ended = shared.verify(what)
        assert (ended.status, ended.text.splitlines()[0]) == (0, "valid"), ended.text
        assert NOTE in ended.text
    told = shared.verify(shared.log, "--format", "json").json
    assert (told["valid"], told["unknown_records"]) == (True, 2)
    assert told["unknown_parts"] == {"action finding.merged": 1, "action page.moved": 1}
    of_entity = shared.verify(shared.export("--entity", "ellerwick-herald"))
    assert "note: 1 record of kinds" in of_entity.text


def test_one_of_them_that_was_changed_is_invalid(shared: Later, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(shared.log, tmp_path / "log"))
    path = copy / "records.jsonl"
    path.write_bytes(path.read_bytes().replace(b"page.moved", b"page.mover"))
    ended = shared.verify(copy)
    assert ended.status == 1
    assert "does not follow from the record before it" in ended.text


def test_every_report_says_that_it_may_be_incomplete(shared: Later) -> None:
    texts = {name: (shared.reports / name).read_bytes() for name in ("report.html", "report.md")}
    assert SAID in texts["report.html"].decode()
    assert "may be incomplete" in texts["report.md"].decode()
    pages = PdfReader(shared.reports / "report.pdf").pages
    assert SAID in squeezed(pages[0].extract_text())
    book = python_calamine.CalamineWorkbook.from_path(str(shared.reports / "report.xlsx"))
    cells = [cell for row in book.get_sheet_by_name("At a glance").to_python() for cell in row]
    assert SAID in cells
    assert json.loads((shared.reports / "findings.json").read_bytes())["unknown_records"] == 1
    assert SAID in squeezed(shared.table.text)


def test_where_a_format_has_no_place_for_it_it_is_said_beside(
    shared: Later, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(shared.log, tmp_path / "log"))
    options = ("--log", copy, "--signing-key", shared.secret, "--format", "csv")
    assert SAID in squeezed(audit(shared.registry, *options, as_of="2027-02-03").stderr)
    ended = rolecall("report", shared.log, "--format", "csv", "--output", "-")
    assert SAID in squeezed(ended.stderr)


def test_a_log_without_them_says_nothing_of_it(shared: Later, tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    ended = audit(
        EXAMPLE, "--log", tmp_path / "log", "--signing-key", shared.secret, "--report", reports
    )
    assert "incomplete" not in ended.text + ended.stderr
    assert b"incomplete" not in (reports / "report.html").read_bytes()
    assert "unknown_records" not in json.loads((reports / "findings.json").read_bytes())


def test_a_report_of_the_log_says_it_of_the_runs_after(shared: Later) -> None:
    for run, expected in (("3", None), ("4", 1)):
        ended = rolecall("report", shared.log, "--run", run, "--format", "json", "--output", "-")
        assert ended.json.get("unknown_records") == expected


def test_its_findings_are_those_of_the_log_without_them(shared: Later, tmp_path: Path) -> None:
    ours = json.loads((shared.reports / "findings.json").read_bytes())["findings"]
    plain = Sealed(tmp_path)
    ended = plain.audit("2027-02-02")
    assert ended.status == 0
    listed = rolecall("report", plain.log, "--format", "json", "--output", "-").json["findings"]
    assert [(one["id"], one["status"]) for one in ours] == [
        (one["id"], one["status"]) for one in listed
    ]


def test_the_log_is_shown_with_them(shared: Later) -> None:
    lines = rolecall("log", "show", shared.log).text.splitlines()
    (line,) = [line for line in lines if "page.moved" in line]
    assert "ellerwick-herald" in line
    stored = rolecall("log", "show", shared.log, "--format", "json").stdout
    assert stored == (shared.log / "records.jsonl").read_bytes()


def test_a_vault_that_a_later_release_wrote_to_is_left_alone(tmp_path: Path) -> None:
    sealed = Sealed(tmp_path)
    write_later(sealed.log, {"action": "secret.lent"})
    ended = rolecall(
        *("vault", "history", sealed.registry, "acc-001", "--as", "p-007"),
        *("--log", sealed.log, "--vault-key", tmp_path / "vault-key"),
    )
    assert ended.status == 2
    assert "secret.lent, which this release does not know" in ended.stderr


# -- reports of another release ------------------------------------------------------------------


def changed(bundle: Path, target: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """Return a bundle with other findings in it, told consistently."""
    import hashlib

    with zipfile.ZipFile(bundle) as source, zipfile.ZipFile(target, "w") as made:
        members = {name: source.read(name) for name in source.namelist()}
        report = json.loads(members["reports/findings.json"])
        change(report)
        data = json.dumps(report).encode()
        facts = json.loads(members["reports/facts.json"])
        facts["digest"] = hashlib.sha256(data).hexdigest()
        members |= {
            "reports/findings.json": data,
            "reports/facts.json": json.dumps(facts).encode(),
        }
        for name, content in members.items():
            made.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
    return target


def test_that_it_may_be_incomplete_cannot_be_taken_out(shared: Later, tmp_path: Path) -> None:
    def hide(report: dict[str, Any]) -> None:
        del report["unknown_records"]

    ended = shared.verify(changed(shared.proof, tmp_path / "proof.zip", hide))
    assert ended.status == 1
    assert "unknown_records: not what the records say" in ended.text


def test_a_report_does_not_escape_by_naming_another_release(shared: Later, tmp_path: Path) -> None:
    def other(report: dict[str, Any]) -> None:
        report["run"]["rolecall"] = "99.0.0"
        report["findings"].pop()

    ended = shared.verify(changed(shared.proof, tmp_path / "proof.zip", other))
    assert ended.status == 1
    assert "not what the records say" in ended.text


def of_later(log: Path) -> None:
    """Have the last run of a log be one of a later release, which knew all of it."""
    path = log / "records.jsonl"
    leaves = path.read_bytes().splitlines()
    at = max(i for i, one in enumerate(leaves) if json.loads(one)["action"] == "run.completed")
    record = json.loads(leaves[at])
    record["payload"]["rolecall"] = "99.0.0"
    path.write_bytes(b"".join(leaf + b"\n" for leaf in leaves[:at]))
    write_later(log, {**record, "payload": {**record["payload"], "weather": "fair"}})


class Next(Sealed):
    """A log whose last audit a later release made, with a report of it."""

    def __init__(self, directory: Path, *, unknown: bool) -> None:
        super().__init__(directory)
        reports = directory / "reports"
        if unknown:
            write_later(self.log, MERGED)
        options = ("--log", self.log, "--signing-key", self.secret, "--report", reports)
        assert audit(self.registry, *options, as_of="2027-02-02").status == 0
        stale = [*(self.log / "checkpoints").iterdir()]
        max(stale, key=lambda path: int(path.name)).unlink()
        of_later(self.log)
        # Another audit seals it; a report of the one before is then made, and told as the other's.
        assert audit(self.registry, *options[:4], as_of="2027-02-03").status == 0
        self.proof = directory / "proof.zip"
        made = rolecall(
            *("report", self.log, "--run", "4", "--format", "proof", "--output", self.proof)
        )
        assert made.status == 0, made.stderr


@pytest.mark.parametrize("unknown", [False, True])
def test_reports_of_a_later_release_are_valid_and_not_compared(
    tmp_path: Path, unknown: bool
) -> None:
    later = Next(tmp_path, unknown=unknown)
    ended = later.verify(later.proof)
    assert (ended.status, ended.text.splitlines()[0]) == (4, "valid, 7 not compared"), ended.text
    assert f"Rolecall 99.0.0 made them, this is {__version__}" in ended.text
    told = later.verify(later.proof, "--format", "json").json
    assert (told["valid"], len(told["reports_not_made_again"]), told["reports"]) == (True, 7, [])

    def understood(report: dict[str, Any]) -> None:
        # Who knows what was merged has one finding less; who does not cannot say that it is wrong.
        report["findings"].pop()
        report["run"]["weather"] = "fair"

    other = changed(later.proof, tmp_path / "other.zip", understood)
    ended = later.verify(other)
    if not unknown:
        assert (ended.status, "not what the records say" in ended.text) == (1, True)
        return
    assert (ended.status, ended.text.splitlines()[0]) == (4, "valid, 9 not compared"), ended.text
    assert "and the log holds 1 record that this one does not know" in ended.text


def test_a_bundle_is_closed_all_the_same(shared: Later, tmp_path: Path) -> None:
    data = io.BytesIO(shared.proof.read_bytes())
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr("more.json", b"{}")
    path = tmp_path / "proof.zip"
    path.write_bytes(data.getvalue())
    ended = shared.verify(path)
    # What no signature covers is not waved through, whoever put it there.
    assert (ended.status, "has more.json too" in ended.text) == (1, True)
