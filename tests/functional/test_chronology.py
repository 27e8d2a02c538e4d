"""Runs go forward in time: what an earlier day does not show was not fixed by then."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from rolecall.errors import UsageError
from rolecall.ledger.log import records
from tests.cloud import Cloud, Invocation, begins
from tests.cloud_nights import after_a_night, finish, items, plan
from tests.functional.command import EXAMPLE, Ended, copy_example, rolecall
from tests.registries import AS_OF

LATER = ("2026-11-03", "2026-11-03T06:00:00Z")


class Audited:
    """A log of an audit, and the registry behind it."""

    def __init__(self, directory: Path) -> None:
        self.registry = copy_example(directory)
        self.log = directory / "log"
        self.key = directory / "signing-key"
        assert self.audit("2026-11-03").status == 0

    def audit(self, as_of: str | None, *more: object) -> Ended:
        """Audit."""
        when = () if as_of is None else ("--as-of", as_of)
        log = ("--log", self.log, "--signing-key", self.key)
        return rolecall("audit", self.registry, *log, *when, "--format", "json", *more)

    def actions(self) -> list[str]:
        """Return what the log says."""
        lines = (self.log / "records.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line)["action"] for line in lines]

    def files(self) -> dict[str, bytes]:
        """Return all that is in the log's directory."""
        paths = [path for path in self.log.rglob("*") if path.is_file()]
        return {str(path): path.read_bytes() for path in paths}


@pytest.fixture
def audited(tmp_path: Path) -> Audited:
    """Return it."""
    return Audited(tmp_path)


@pytest.mark.parametrize("as_of", ["2026-09-01", "2026-11-02", "2026-11-02T23:59:59Z"])
def test_an_audit_of_an_earlier_day_is_refused(audited: Audited, as_of: str) -> None:
    before = audited.files()
    for limit in ((), ("--control", "orphaned-admin"), ("--entity", "northern-deanery")):
        ended = audited.audit(as_of, *limit)
        assert (ended.status, ended.text) == (2, "")
        assert "the log's last one 2026-11-03 00:00 UTC" in ended.stderr
        assert "--what-if" in ended.stderr
    assert audited.files() == before
    # The same instant again, and any later one, goes forward.
    for later in LATER:
        assert audited.audit(later).status == 0
    assert "finding.resolved" not in audited.actions()


def test_what_if_evaluates_any_day_and_writes_nothing(audited: Audited, tmp_path: Path) -> None:
    before = audited.files()
    for as_of in ("2026-09-01", "2026-11-03", "2027-09-01"):
        ended = audited.audit(as_of, "--what-if", "--report", tmp_path / as_of)
        assert ended.status == 0, ended.stderr
        assert ended.json["run"]["as_of"] == f"{as_of}T00:00:00Z"
        if as_of == "2026-09-01":
            # What that day does not show is as it stands: nobody knows that it was fixed.
            assert ended.json["summary"]["by_status"]["resolved"] == 0
        assert not (tmp_path / as_of / "proof.zip").exists()
    assert audited.files() == before
    plain = rolecall("audit", EXAMPLE, "--what-if", "--as-of", "2026-09-01", "--format", "json")
    assert plain.status == 0
    missing = ("--log", tmp_path / "none", "--what-if")
    assert rolecall("audit", EXAMPLE, *missing).status == 2
    assert not (tmp_path / "none").exists()


def test_after_a_clock_that_ran_ahead_nothing_is_resolved_by_itself(
    audited: Audited, tmp_path: Path
) -> None:
    assert audited.audit("2027-06-01").status == 0
    ahead = audited.actions()
    assert audited.audit("2026-11-04").status == 2
    ended = audited.audit("2026-11-04", "--after-wrong-clock")
    assert ended.status == 0, ended.stderr
    assert ended.json["summary"]["by_status"]["resolved"] == 0
    written = audited.actions()[len(ahead) :]
    assert written[0] == "run.clock_corrected"
    assert "finding.resolved" not in written
    # What the wrong clock had made up goes away with the next audit, which needs no word.
    ended = audited.audit("2026-11-05")
    assert ended.status == 0
    assert ended.json["summary"]["by_status"]["resolved"] > 0
    key = rolecall("key", "show", "--signing-key", audited.key).text.strip()
    assert rolecall("verify", audited.log, "--key", key).text.startswith("valid\n")
    proof = tmp_path / "proof.zip"
    for run in ("3", "4"):
        made = ("report", audited.log, "--run", run, "--format", "proof", "--output", proof)
        assert rolecall(*made).status == 0
        assert rolecall("verify", proof, "--key", key).status == 0


def test_a_clock_that_was_right_needs_no_correction(audited: Audited) -> None:
    ended = audited.audit("2026-11-04", "--after-wrong-clock")
    assert (ended.status, "dated later than this one" in ended.stderr) == (2, True)
    assert audited.audit(None, "--after-wrong-clock", "--what-if").status == 2
    ended = rolecall("audit", EXAMPLE, "--after-wrong-clock")
    assert (ended.status, "give --log" in ended.stderr) == (2, True)


def run_of(sky: Cloud, days: int, **limits: Any) -> dict[str, Any]:
    """Run a night, and return its report."""
    planned = plan(sky, AS_OF + timedelta(days), **limits)
    for item in items(sky, planned):
        sky.function("audit").handler(item, Invocation())
    return finish(sky, planned)


@begins(after_a_night)
def test_a_night_of_an_earlier_day_is_refused_when_it_is_planned(sky: Cloud) -> None:
    run_of(sky, 200)
    size = len(list(records(sky.stack().log)))
    for limits in ({}, {"entity": "northern-deanery"}):
        with pytest.raises(UsageError, match="the log's last one"):
            plan(sky, AS_OF + timedelta(1), **limits)
    assert len(list(records(sky.stack().log))) == size
    report = run_of(sky, 1, after_wrong_clock=True)
    assert report["summary"]["by_status"]["resolved"] == 0
    written = [one.action for one in list(records(sky.stack().log))[size:]]
    assert written.count("run.clock_corrected") == 1
    assert "finding.resolved" not in written
    # From there on nights are as they were.
    assert run_of(sky, 2)["summary"]["by_status"]["resolved"] > 0
    with pytest.raises(UsageError, match="for a log whose last audit is dated later"):
        plan(sky, AS_OF + timedelta(3), after_wrong_clock=True)
