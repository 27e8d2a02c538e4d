"""Audits and validations as pipelines run them: formats, exit statuses, what lies where."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.functional.command import AS_OF, EXAMPLE, audit, copy_example, edit, rolecall

FORMATS = ("sarif", "junit")


def failures(format_: str, content: bytes) -> list[str]:
    """Return where each failure is, in either format."""
    if format_ == "sarif":
        [run] = json.loads(content)["runs"]
        return sorted(_place(r) for r in run["results"] if not r.get("suppressions"))
    root = ElementTree.fromstring(content)  # noqa: S314 - what we wrote ourselves.
    return sorted(
        f"{case.get('file')}:{case.get('line')}"
        for case in root.iter("testcase")
        if case.find("failure") is not None
    )


def _place(result: dict[str, Any]) -> str:
    physical = result["locations"][0]["physicalLocation"]
    line = physical.get("region", {}).get("startLine")
    return f"{physical['artifactLocation']['uri']}:{line}"


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("form", ["diocese", "diocese.xlsx", "diocese.json"])
def test_both_formats_point_at_the_same_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format_: str, form: str
) -> None:
    monkeypatch.chdir(tmp_path)
    copy_example(tmp_path)
    if form != "diocese":
        assert rolecall("convert", "diocese", form).status == 0
    ended = audit(Path(form), "--format", format_, "--severity", "critical")
    assert ended.status == 0
    places = failures(format_, ended.stdout)
    shown = json.loads(audit(Path(form), "--format", "json", "--severity", "critical").stdout)
    assert len(places) == len(shown["findings"]) > 20
    if form == "diocese":
        assert all(place.startswith("diocese/") and place[-1].isdigit() for place in places)
    else:
        assert all(place.startswith(form) for place in places)


@pytest.mark.parametrize("format_", FORMATS)
def test_exit_statuses_are_those_of_every_format(tmp_path: Path, format_: str) -> None:
    output = tmp_path / "out"
    options = ("--format", format_, "--output", output)
    assert audit(EXAMPLE, *options).status == 0
    assert audit(EXAMPLE, *options, "--fail-on", "critical").status == 1
    # What fails the pipeline is there to be shown.
    assert len(failures(format_, output.read_bytes())) > 100


@pytest.mark.parametrize("format_", FORMATS)
def test_what_is_wrong_with_the_registry_is_written_where_findings_would_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format_: str
) -> None:
    monkeypatch.chdir(tmp_path)
    registry = copy_example(tmp_path)
    rows = (registry / "people.csv").read_text(encoding="utf-8").splitlines()
    rows[1] = f'{rows[1]},"one more\ncell"'
    rows[2] = f"{rows[2]},one more"
    (registry / "people.csv").write_text("\n".join(rows), encoding="utf-8")
    edit(registry / "policy.toml", "days = 120", "dys = 120")
    ended = audit(Path("diocese"), "--format", format_, "--output", "out")
    assert ended.status == 2
    assert ended.stdout == b""
    assert "nothing was imported" in ended.stderr
    valid = rolecall("validate", "diocese", "--format", format_)
    assert valid.status == 2
    # People read the same in the log of the job.
    assert "error: policy.toml:controls.dormant-account.dys: unknown key" in valid.stderr
    if format_ == "sarif":
        [run] = valid.json["runs"]
        places = [_place(result) for result in run["results"]]
        assert "diocese/policy.toml:None" in places
    else:
        places = failures(format_, valid.stdout)
    # The row after a cell of two lines is a line further down.
    assert [place for place in places if "people" in place] == [
        *("diocese/people.csv:2", "diocese/people.csv:4")
    ]
    assert len(places) == 3
    # An audit says of them what is wrong with the registry, and stops there.
    assert set(failures(format_, Path("out").read_bytes())) <= set(failures(format_, valid.stdout))


@pytest.mark.parametrize("format_", FORMATS)
def test_a_valid_registry_has_nothing_to_show(format_: str) -> None:
    ended = rolecall("validate", EXAMPLE, "--format", format_)
    assert ended.status == 0
    if format_ == "sarif":
        assert ended.json["runs"][0]["results"] == []
    else:
        root = ElementTree.fromstring(ended.stdout)  # noqa: S314 - what we wrote ourselves.
        assert (root.get("tests"), root.get("failures")) == ("1", "0")


def test_what_is_accepted_fails_nothing(tmp_path: Path) -> None:
    log = ("--log", tmp_path / "log", "--signing-key", tmp_path / "key")
    ended = audit(EXAMPLE, *log, "--format", "sarif")
    results = ended.json["runs"][0]["results"]
    waived = [r["properties"]["status"] for r in results if r["suppressions"]]
    assert waived == ["waived"] * 2
    assert all(r["properties"]["status"] == "new" for r in results if not r["suppressions"])


def test_other_audits_do_not_pay_for_it() -> None:
    """The modules that find rows are loaded when a format asks for them."""
    script = (
        "import os, sys; from rolecall.cli import app, main\n"
        f"sys.argv = ['rolecall', 'audit', {str(EXAMPLE)!r}, '--as-of', {AS_OF!r}]\n"
        "os._exit = lambda status: sys.stderr.write('\\n'.join(sys.modules))\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    loaded = set(done.stderr.decode().split())
    assert "rolecall.registry.reading" in loaded
    assert not loaded & {
        *("rolecall.registry.locations", "rolecall.reports.sarif_report"),
        *("rolecall.reports.junit_report", "xml.etree.ElementTree"),
    }
