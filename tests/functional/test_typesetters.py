"""A PDF that another release of Typst set is no forgery; one of the same release may be."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from rolecall.reports import pdf_report
from rolecall.reports.facts import Facts
from rolecall.reports.typesetter import TYPESETTER, installed_typesetter, other_typesetter
from tests.cloud import ROOT
from tests.functional.command import Ended, rolecall
from tests.quick_typesetter import set_anew

EXAMPLE = ROOT / "examples" / "diocese"
OTHER, PARISH = "0.99.1", "gate-of-heaven-cemetery"


class Audited:
    """An audit of the example under a log, with its reports."""

    def __init__(self, folder: Path) -> None:
        self.reports, self._log = folder / "reports", folder / "log"
        key = folder / "signing-key"
        self._key = rolecall("key", "new", "--name", "a.example", "--signing-key", key).text.strip()
        done = rolecall(
            *("audit", EXAMPLE, "--as-of", "2026-11-02", "--log", self._log),
            *("--signing-key", key, "--report", self.reports, "--output", folder / "out.txt"),
        )
        assert done.status == 0, done.stderr

    def verify(self, bundle: Path | None = None) -> Ended:
        """Verify a bundle: the one of the audit, where no other is named."""
        return rolecall("verify", bundle or self.reports / "proof.zip", "--key", self._key)

    def reported(self, name: str, *more: object) -> Path:
        """Make a bundle of the log later."""
        made = self.reports.parent / f"{name}.zip"
        return self.report("--format", "proof", *more, "--output", made)

    def report(self, *arguments: object) -> Path:
        """Make a report of the log; the last of the arguments is the file."""
        ended = rolecall("report", self._log, "--registry", EXAMPLE, *arguments)
        assert ended.status == 0, ended.stderr
        return Path(str(arguments[-1]))


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Audited:
    return Audited(tmp_path_factory.mktemp("typesetters"))


def test_the_typesetter_sets_the_same_bytes_each_time(
    audited: Audited, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Tests of reports take for granted that it does: elsewhere what was set is not set again.
    set_by: list[int] = []

    def compile_(*given: Any, **settings: Any) -> Any:
        set_by.append(1)
        return set_anew(*given, **settings)

    monkeypatch.setattr("typst.compile", compile_)
    for name in ("once.pdf", "again.pdf"):
        made = audited.report("--format", "pdf", "--output", tmp_path / name)
        assert made.read_bytes() == (audited.reports / "report.pdf").read_bytes()
    assert len(set_by) == 2


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return what has another release of the typesetter be installed, which sets otherwise."""
    ours = pdf_report.pdf_report

    def pretend(release: str) -> None:
        monkeypatch.setattr("rolecall.reports.typesetter.version", lambda _: release)
        monkeypatch.setattr(
            "rolecall.reports.pdf_report.pdf_report",
            lambda document: ours(document) + f"% {release}\n".encode(),
        )

    return pretend


def test_another_release_of_the_typesetter_is_named_and_compared_no_further(
    audited: Audited, installed: Callable[[str], None]
) -> None:
    assert audited.verify().status == 0
    installed(OTHER)
    ended = audited.verify()
    assert (ended.status, ended.text.splitlines()[0]) == (4, "valid, 1 not compared")
    why = f"report.pdf: Typst {TYPESETTER} set it, this is {OTHER}"
    assert f"note: not compared: {why}" in ended.text
    assert "8 are what is made of the records then" in ended.text


def test_other_bytes_of_the_same_release_are_forged(
    audited: Audited, installed: Callable[[str], None]
) -> None:
    installed(TYPESETTER)
    ended = audited.verify()
    assert (ended.status, "reports/report.pdf: not the report" in ended.text) == (1, True)


def test_another_release_that_sets_the_same_bytes_is_compared(
    audited: Audited, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rolecall.reports.typesetter.version", lambda _: OTHER)
    assert audited.verify().status == 0


def test_the_record_says_by_which_release_it_was_set(
    tmp_path: Path, installed: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as there:
        there.setattr("rolecall.reports.typesetter.version", lambda _: OTHER)
        theirs = Audited(tmp_path)
        shown = rolecall("log", "show", tmp_path / "log", "--format", "json").text
        assert f'"typesetter":"{OTHER}"' in shown.replace(" ", "")
    # Ours makes the same here, so what theirs is by the record is no matter; then it does not.
    assert theirs.verify().status == 0
    installed(TYPESETTER)
    ended = theirs.verify()
    assert (ended.status, f"Typst {OTHER} set it, this is {TYPESETTER}" in ended.text) == (4, True)
    # And where it is the one on record, other bytes are forged.
    installed(OTHER)
    assert theirs.verify().status == 1


def test_a_later_report_by_another_release_says_so_and_is_compared_no_further(
    audited: Audited, installed: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a whole log and of one entity, whose records do not say who set it at all."""
    for more in ((), ("--entity", PARISH)):
        with monkeypatch.context() as there:
            there.setattr("rolecall.reports.typesetter.version", lambda _: OTHER)
            later = audited.reported("later", *more)
        # The same bytes are the same, whoever set them.
        assert audited.verify(later).status == 0
        installed(TYPESETTER)
        ended = audited.verify(later)
        assert (ended.status, ended.text.splitlines()[0]) == (4, "valid, 1 not compared")
        told = f"report.pdf: by what it says itself Typst {OTHER} set it, this is {TYPESETTER}"
        assert f"note: not compared: {told}" in ended.text
        monkeypatch.undo()


@pytest.mark.parametrize("told", [None, TYPESETTER, OTHER])
def test_a_forged_pdf_is_never_valid_whatever_it_says_of_who_set_it(
    audited: Audited, tmp_path: Path, told: str | None
) -> None:
    made, forged = audited.reported("honest"), tmp_path / "forged.zip"
    with zipfile.ZipFile(made) as honest, zipfile.ZipFile(forged, "w") as archive:
        for name in honest.namelist():
            data = honest.read(name)
            if name == "reports/report.pdf":
                data += b"% forged\n"
            if name == "reports/facts.json" and told is not None:
                said = replace(msgspec.json.decode(data, type=Facts), typesetter=told)
                data = msgspec.json.encode(said) + b"\n"
            archive.writestr(name, data)
    ended = audited.verify(forged)
    assert ended.status == (4 if told == OTHER else 1)
    assert "report.pdf" in ended.text


def test_its_own_release_is_the_one_in_the_locks() -> None:
    for path in ("requirements/runtime.txt", "layers/reporting/requirements.txt"):
        text = (ROOT / path).read_text(encoding="utf-8")
        assert re.findall(r"^typst==(\S+)", text, re.M) == [TYPESETTER], path
    assert (installed_typesetter(), other_typesetter()) == (TYPESETTER, None)
