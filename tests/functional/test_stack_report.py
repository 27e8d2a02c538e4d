"""``rolecall report --stack``: what a night left, and reports of one entity from its log."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from rolecall.finding import identity
from rolecall.model import Snapshot
from rolecall.reports.folders import folder_of
from rolecall.reports.formats import FORMER, KEPT
from tests.cloud import SIGNER, Cloud, begins
from tests.cloud_nights import bring_in, night
from tests.functional.command import Ended, rolecall
from tests.registries import AS_OF, RegistryFiles, parish
from tests.unit.usecases.runs.test_history import WAIVER


def three_nights(sky: Cloud) -> None:
    """Begin with three nights and all their reports, and something new in the second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REPORTS", ",".join(KEPT))
        for days, cells in enumerate([{"removal_path": "none"}, {"owner_id": ""}, {}]):
            files = parish()
            files.row("accounts", 0, **cells)
            bring_in(sky, read(files), files.policy)
            night(sky, AS_OF + timedelta(days))


pytestmark = begins(three_nights)


@pytest.fixture
def nights(sky: Cloud, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """Give the stack to the command line."""
    monkeypatch.setenv("REPORTS", ",".join(KEPT))
    monkeypatch.setattr("rolecall.cli.stack_report.open_stack", lambda _: sky.stack())
    return sky


def read(files: RegistryFiles) -> Snapshot:
    return files.read()[0]


def verified(proof: Path) -> Ended:
    return rolecall("verify", proof, "--key", str(SIGNER.key))


@pytest.mark.parametrize("run", [1, 2, 3])
def test_what_a_night_left_is_given_and_proves_itself(
    nights: Cloud, tmp_path: Path, run: int
) -> None:
    made = rolecall(
        *("report", "--stack", "s", "--run", run, "--format", "all", "--output", tmp_path / "made")
    )
    assert made.status == 0, made.stderr
    bucket = nights.stack().records
    kept = [name for name in bucket.names("reports/") if f"2026-11-{run + 1:02}" in name]
    assert len(kept) == len(KEPT)
    for name in kept:
        assert (tmp_path / "made" / Path(name).name).read_bytes() == bucket.get(name)
    told = verified(tmp_path / "made/proof.zip")
    assert told.status == 0, told.text
    assert "9 are what is made of the records then, byte for byte" in told.text


def test_what_a_night_left_before_an_upgrade_is_called_as_it_was(
    nights: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = nights.stack().records
    names, get = bucket.names, bucket.get
    now_by_then = {new: old for old, new in FORMER.items()}

    def then(path: str) -> str:
        start, _, name = path.rpartition("/")
        return f"{start}/{now_by_then.get(name, name)}"

    def before(path: str, *most: int) -> bytes | None:
        return b"[]\n" if path.endswith(tuple(FORMER)) else get(path, *most)

    monkeypatch.setattr(type(bucket), "names", lambda _, start: list(map(then, names(start))))
    monkeypatch.setattr(type(bucket), "get", lambda _, *asked: before(*asked))
    arguments = ("report", "--stack", "s", "--run", 1, "--format")
    made = rolecall(*arguments, "all", "--output", tmp_path / "made")
    assert made.status == 0, made.stderr
    for old, new in FORMER.items():
        assert (tmp_path / "made" / old).read_bytes() == b"[]\n"
        assert not (tmp_path / "made" / new).exists()
    refused = rolecall(*arguments, "asff", "--output", tmp_path / "one")
    assert (refused.status, "this run left findings.asff.json" in refused.stderr) == (2, True)


@pytest.mark.usefixtures("nights")
def test_one_entity_of_a_stack(tmp_path: Path) -> None:
    arguments = ("report", "--stack", "s", "--run", 2, "--entity", "e0")
    made = rolecall(*arguments, "--format", "all", "--output", tmp_path / "made")
    assert made.status == 0, made.stderr
    findings = json.loads((tmp_path / "made/findings.json").read_bytes())["findings"]
    assert {one["status"] for one in findings} == {"new", "resolved"}
    assert {one["entity"] for one in findings} == {"e0"}
    facts = json.loads((tmp_path / "made/facts.json").read_bytes())["holders"]
    assert {account[0] for account in facts["accounts"]} == {"e0"}
    assert set(facts["entities"]) == {"e0"}
    told = verified(tmp_path / "made/proof.zip")
    assert told.status == 0, told.text
    assert "records of e0: all that the log has" in told.text


def test_a_night_leaves_reports_of_each_entity(
    nights: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """They are held against the records of the entity alone, and against the whole log."""
    monkeypatch.setenv("ENTITY_REPORTS", "report.pdf,report.html")
    files = parish()
    files.policy += WAIVER
    for row in files.tables["accounts"]:
        row["removal_path"] = "none"
    bring_in(nights, read(files), files.policy)
    night(nights, AS_OF + timedelta(4))
    bucket = nights.stack().records
    kept = [name for name in bucket.names("reports/2026-11-06/") if "/entities/" in name]
    wanted = ["facts.json", "findings.json", "report.html", "report.pdf"]
    assert [name.rpartition("/")[2] for name in kept] == wanted * 2
    for entity in ("e0", "e1"):
        directory = tmp_path / entity
        directory.mkdir()
        for name in kept:
            if f"/entities/{entity}/" in name:
                (directory / Path(name).name).write_bytes(bucket.get(name) or b"")
        findings = json.loads((directory / "findings.json").read_bytes())
        assert {one["entity"] for one in findings["findings"]} == {entity}
        assert len(findings["waivers"]) == (entity == "e0")
        proof = tmp_path / f"{entity}.zip"
        made = ("report", "--stack", "s", "--entity", entity, "--format", "proof")
        assert rolecall(*made, "--output", proof).status == 0
        whole = tmp_path / "whole.zip"
        assert rolecall(*made[:3], "--format", "proof", "--output", whole).status == 0
        for bundle in (proof, whole):
            told = rolecall(
                *("verify", bundle, "--key", SIGNER.key, "--reports", directory),
            )
            assert told.status == 0, told.text
            assert "4 are what is made of the records then, byte for byte" in told.text


@pytest.mark.parametrize(
    ("entity", "folder"),
    [
        ("st-brigid.2", "entities/st-brigid.2"),
        ("../a b_c", "entities/..~2fa~20b~5fc"),
        ("\u00e9", "entities/~c3~a9"),
        ("x" * 101, f"entities/{identity('entity', 'x' * 101)}"),
    ],
)
def test_folders_have_plain_names(entity: str, folder: str) -> None:
    assert folder_of(entity) == folder


@begins(None)
def test_a_night_that_left_no_reports_for_people(
    sky: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("rolecall.cli.stack_report.open_stack", lambda _: sky.stack())
    files = parish()
    bring_in(sky, read(files), files.policy)
    night(sky)
    ended = rolecall("report", "--stack", "s", "--output", tmp_path / "report.pdf")
    assert ended.status == 2
    assert "run 1 left no facts.json; the parameter Reports" in ended.stderr
