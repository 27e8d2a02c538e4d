"""What earlier releases left behind verifies, imports, audits, and goes on from where it was."""

from __future__ import annotations

import base64
import json
import zipfile
from collections import Counter
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

import pytest

from rolecall import __version__
from rolecall.controls.versions import CATALOGUE_VERSION, has_changed
from rolecall.ledger.key_file import write_key_file
from rolecall.ledger.log import records
from rolecall.model import Snapshot
from rolecall.registry.documents import documents, snapshot_of
from rolecall.registry.reading import read_registry
from rolecall.ring import WHOLE
from tests.api import REASON, call
from tests.catalogues import Catalogues, everybody, nobody
from tests.cloud import SIGNER, Cloud
from tests.cloud_nights import night, verify
from tests.functional.command import Ended, rolecall
from tests.functional.test_cli_vault import Given
from tests.releases.make import (
    DAY,
    FIRST,
    NEXT_PASSWORD,
    PASSWORD,
    SECOND,
    ask,
    fixed_day,
    ok,
    user,
)
from tests.releases.stored import RELEASES, Release, restored

THIRD = SECOND + timedelta(days=1)


@pytest.fixture(params=RELEASES, ids=repr)
def release(request: pytest.FixtureRequest) -> Release:
    """Return each release that there was."""
    found: Release = request.param
    return found


@pytest.fixture
def folder(release: Release, tmp_path: Path) -> Path:
    """Return a copy of what it left in files, with the key that signs its log."""
    made = release.copy(tmp_path)
    write_key_file(made / "signing-key", SIGNER)
    return made


def run(*arguments: object) -> Ended:
    """Run a command, which must be content."""
    ended = rolecall(*arguments)
    assert ended.status == 0, (ended.text, ended.stderr)
    return ended


def report_in(bundle: Path) -> dict[str, Any]:
    """Return the findings in a bundle."""
    with zipfile.ZipFile(bundle) as archive:
        found: dict[str, Any] = json.loads(archive.read("reports/findings.json"))
    return found


def told(report: dict[str, Any]) -> list[tuple[str, ...]]:
    """Return what matters of findings, in order."""
    names = ("id", "status", "severity", "evidence_digest", "first_seen")
    return [tuple(one[name] for name in names) for one in report["findings"]]


# -- what lies in files ------------------------------------------------------------------------


def test_its_log_verifies(release: Release, folder: Path) -> None:
    first = min((folder / "log" / "checkpoints").iterdir(), key=lambda path: int(path.name))
    ended = run("verify", folder / "log", "--key", release.verifier_key, "--since", first)
    assert ended.text.startswith("valid\n")
    assert "does not know" not in ended.text


@pytest.mark.parametrize("name", ["whole", "since", "entity"])
def test_its_bundles_verify(release: Release, name: str) -> None:
    bundle = release.folder / "bundles" / f"{name}.zip"
    assert run("verify", bundle, "--key", release.verifier_key).text.startswith("valid\n")


def test_its_reports_are_valid_and_not_compared(release: Release) -> None:
    bundle = release.folder / "bundles" / "reports.zip"
    ended = rolecall("verify", bundle, "--key", release.verifier_key)
    assert ended.status == 4
    with zipfile.ZipFile(bundle) as archive:
        reports = [name for name in archive.namelist() if name.startswith("reports/")]
    # Two of them are held field by field: the findings, and the facts beside them.
    count = len(reports) - 2
    assert ended.text.splitlines()[0] == f"valid, {count} not compared"
    assert "findings.json says what the records say" in ended.text
    assert f"Rolecall {release.name} made them, this is {__version__}" in ended.text
    accepted = ("--accept-uncompared", "--format", "json")
    told = run("verify", bundle, "--key", release.verifier_key, *accepted).json
    assert (told["valid"], len(told["reports_not_made_again"])) == (True, count)


@pytest.mark.parametrize("form", ["registry", "registry.xlsx", "registry.json"])
def test_its_registries_are_read_alike(folder: Path, form: str) -> None:
    policy = ("--policy", folder / "registry" / "policy.toml")
    assert "20 entities" in run("validate", folder / form, *policy).text
    one, other = (
        documents(read_registry(path, FIRST.date()).snapshot, None)
        for path in (folder / form, folder / "registry")
    )
    assert one == other


def test_its_registry_is_audited_to_the_same_findings(release: Release, folder: Path) -> None:
    ended = run(
        *("audit", folder / "registry", "--as-of", FIRST.isoformat(), "--format", "json"),
    )
    ours = {one["id"]: one["evidence_digest"] for one in ended.json["findings"]}
    stored = next(
        json.loads(_text(line))
        for line in release.lines()
        if line.get("bucket") == "ReportBucket"
        and line["name"].startswith(f"reports/{FIRST.date()}/")
        and line["name"].endswith("/findings.json")
        and "/entities/" not in line["name"]
    )
    ran = {one["control"] for one in stored["coverage"] if not has_changed(one["control"], 1)}
    theirs = {
        one["id"]: one["evidence_digest"] for one in stored["findings"] if one["control"] in ran
    }
    # A control that is new since, or goes by another rule, may find other things.
    known = {one["id"] for one in ended.json["findings"] if one["control"] in ran}
    assert len(ran) > 20
    assert {id_: digest for id_, digest in ours.items() if id_ in known} == theirs
    # Waivers are bound to evidence: where a rule is another, what still fails by the same facts
    # has the same, but for a limit that is another, and where it named people who are looked into.
    named = {"single-investigator", "sanction-step-skipped"}
    both = [one for one in stored["findings"] if one["id"] in ours and one["control"] not in named]
    differing = {one["control"] for one in both if ours[one["id"]] != one["evidence_digest"]}
    limits = {"access-not-recertified", "emergency-reveal-not-rotated", "unused-access"}
    assert differing <= limits | {"too-many-administrators"}


def _text(line: dict[str, Any]) -> bytes:
    return base64.b64decode(line["data"])


def test_the_report_of_its_log_says_what_it_said(release: Release, folder: Path) -> None:
    ended = run("report", folder / "log", "--format", "json", "--output", "-")
    before = report_in(release.folder / "bundles" / "reports.zip")
    assert told(ended.json) == told(before)
    # What it did not count, a later release does not count for it.
    more: dict[str, Any] = {"by_opening": {}, "by_resolution": {}, "standing_subjects": None}
    assert ended.json["summary"] == before["summary"] | more
    assert ended.json["run"] == before["run"] | {"catalogue": 1}
    assert ended.json["coverage"] == [{**one, "reported": 0} for one in before["coverage"]]


def test_an_audit_goes_on_with_its_log(release: Release, folder: Path) -> None:
    kept = folder / "kept"
    size = max(int(path.name) for path in (folder / "log" / "checkpoints").iterdir())
    kept.write_bytes((folder / "log" / "checkpoints" / str(size)).read_bytes())
    sealed = ("--log", folder / "log", "--signing-key", folder / "signing-key")
    ended = run(
        *("audit", folder / "registry", *sealed, "--as-of", THIRD.isoformat(), "--format", "json"),
    )
    statuses = {
        one["status"] for one in ended.json["findings"] if not has_changed(one["control"], 1)
    }
    # What the second night had resolved is back, as the row is; nothing is new by the same rules.
    assert statuses == {"open", "regressed", "waived"}
    assert ended.json["run"]["number"] == 3
    proven = run("verify", folder / "log", "--key", release.verifier_key, "--since", kept)
    assert f"continues your checkpoint of size {size}" in proven.text


# -- what changed since in the catalogue ---------------------------------------------------------

GOES, COMES = "sole-administrator", "unapproved-app"


def change_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bring a version of the catalogue by which one control fails nobody, another more."""
    Catalogues(monkeypatch).change({GOES: nobody, COMES: everybody})


def moves(report: dict[str, Any], *controls: str) -> dict[str, set[tuple[str, str | None]]]:
    """Return how the findings of controls stand in a report, and why they came or went."""
    return {
        control: {
            (one["status"], one["resolution"] or one["opening"])
            for one in report["findings"]
            if one["control"] == control
        }
        for control in controls
    }


def hold_first_night(report: dict[str, Any], before: set[str]) -> None:
    """Hold the first report after a change of rules against what was known before."""
    after = moves(report, GOES, COMES)
    # What was accepted is over by the rule as well: nobody has to accept it any more.
    assert after[GOES] == {("resolved", "rule-changed")}
    assert after[COMES] == {("open", None), ("new", "rule-changed")}
    same = [one for one in report["findings"] if not has_changed(one["control"], 1)]
    assert {(one["status"], one["opening"]) for one in same if one["id"] in before} <= {
        *(("open", None), ("waived", None)),
        # What the night before had resolved, as the row is back.
        ("regressed", None),
    }
    assert {one["opening"] for one in same} == {None}
    assert report["run"]["catalogue"] == CATALOGUE_VERSION + 1
    summary = report["summary"]
    went = sum(one["resolution"] == "rule-changed" for one in report["findings"])
    came = sum(one["opening"] == "rule-changed" for one in report["findings"])
    assert (summary["by_resolution"], summary["by_opening"]["rule-changed"]) == (
        {"rule-changed": went},
        came,
    )
    assert went
    assert came > went
    assert "regressed" not in {
        one["status"] for one in report["findings"] if one["control"] in (GOES, COMES)
    }


FORGERIES = (
    (b'"resolution":"rule-changed"', b'"resolution":"fixed"'),
    (b'"opening":"rule-changed"', b'"opening":null'),
    (f'"catalogue":{CATALOGUE_VERSION + 1}'.encode(), f'"catalogue":{CATALOGUE_VERSION}'.encode()),
    (b'"by_resolution":{"rule-changed":', b'"by_resolution":{"fixed":'),
    (b'"by_opening":{"rule-changed"', b'"by_opening":{"other"'),
    (b'"standing_subjects":', b'"standing_subjects":1'),
)


def hold_forgeries(release: Release, folder: Path, reports: Path) -> None:
    """Hold reports that claim that somebody did what a rule did: none of them is valid."""
    whole = (reports / "findings.json").read_bytes()
    for before, after in FORGERIES:
        assert before in whole
        (reports / "findings.json").write_bytes(whole.replace(before, after, 1))
        told = rolecall(
            "verify", folder / "log", "--key", release.verifier_key, "--reports", reports
        )
        assert told.status == 1, before
    (reports / "findings.json").write_bytes(whole)


def test_the_first_audit_after_rules_changed_says_so(
    release: Release, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sealed = ("--log", folder / "log", "--signing-key", folder / "signing-key")
    audit = ("audit", folder / "registry", *sealed)
    before = report_in(release.folder / "bundles" / "reports.zip")
    change_rules(monkeypatch)
    shown = ("--report", tmp_path / "reports", "--format", "json")
    report = run(*audit, "--as-of", THIRD.isoformat(), *shown).json
    hold_first_night(report, {one["id"] for one in before["findings"]})
    for name in ("report.html", "report.md"):
        text = (tmp_path / "reports" / name).read_text(encoding="utf-8").replace("\\", "")
        assert "Resolved: rule changed" in text or "rule changed)" in text
        assert "changed between these runs" in text
    rows = (tmp_path / "reports" / "findings.csv").read_text(encoding="utf-8-sig")
    assert f",rule-changed,{CATALOGUE_VERSION + 1}," in rows
    verified = run(
        "verify", folder / "log", "--key", release.verifier_key, "--reports", tmp_path / "reports"
    )
    assert verified.text.startswith("valid\n")
    hold_forgeries(release, folder, tmp_path / "reports")
    again = run(
        *audit, "--as-of", (THIRD + timedelta(hours=1)).isoformat(), "--format", "json"
    ).json
    assert {one["status"] for one in again["findings"]} <= {"open", "waived"}
    assert again["summary"]["by_opening"] == again["summary"]["by_resolution"] == {}


def test_its_vault_opens(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("vault_location", "vault"):
        monkeypatch.setattr(f"rolecall.cli.{module}.now", lambda: DAY)
    vault = ("--log", folder / "log", "--vault-key", folder / "vault-key")
    who = (folder / "registry", "acc-001", "--as", "p-007", *vault)
    reason = ("--reason", "to answer the parents", "--stdout")
    assert run("vault", "reveal", *who, *reason).json["password"] == PASSWORD
    with patch("sys.stdin", Given(json.dumps({"password": NEXT_PASSWORD}).encode())):
        run("vault", "rotate", *who, "--stdin")
    assert run("vault", "reveal", *who, *reason).json["password"] == NEXT_PASSWORD


# -- what a stack left ---------------------------------------------------------------------------


def goes_on(sky: Cloud) -> None:
    """Hold a stack against what it must be able to do with what was left."""
    snapshot, policy = snapshot_of(sky.stack().registry.documents())
    assert policy is not None
    before = {one.finding.id for one in sky.stack().findings.known(WHOLE)}
    _no_head_hears_of_incidents(sky, snapshot)
    report = night(sky, THIRD)
    assert report["run"]["number"] == 3
    _no_head_hears_of_incidents(sky, snapshot)
    known = (one for one in sky.stack().findings.known(WHOLE) if one.status == "open")
    assert {one.finding.entity for one in known if one.finding.subject.incident} == {None}
    assert {one["id"] for one in report["findings"]} <= before | {
        one["id"] for one in report["findings"] if one["status"] == "new"
    }
    assert {one["status"] for one in report["findings"]} >= {"open", "waived"}
    verify(sky)
    api = sky.function("api")
    with fixed_day(api):
        _people_go_on(api)
    shown = sky.stack().credentials.reveal(ask("reveal-3"), "to answer the parents")
    assert shown.password == NEXT_PASSWORD
    assert len(sky.stack().vault.life("acc-001", "log-001").versions) == 2
    # An import changes nothing of what was done there.
    target = sky.stack().registry
    target.apply(target.compare(documents(snapshot, policy)))
    after, _ = snapshot_of(sky.stack().registry.documents())
    assert {grant.person_id for grant in after.grants if grant.revoke_requested_at} >= {
        grant.person_id for grant in snapshot.grants if grant.revoke_requested_at
    }
    assert night(sky, THIRD + timedelta(hours=1))["run"]["number"] == 4
    verify(sky)


def _no_head_hears_of_incidents(sky: Cloud, snapshot: Snapshot) -> None:
    """Ask as who heads an entity, or helps there as IT, of which an incident is on record."""
    known = [one.finding for one in sky.stack().findings.known(WHOLE)]
    assert [one for one in known if one.subject.incident and one.entity]
    homes = {one.id: one.entity_id for one in snapshot.accounts}
    struck = {homes[one.account_id] for one in snapshot.incidents}
    entities = [one for one in snapshot.entities if one.id in struck]
    heads = {person for one in entities for person in (one.head_id, *one.it_delegate_ids) if person}
    serving = {one.id for one in snapshot.people if one.is_active(DAY.date()) and one.email}
    api = sky.function("api")
    with fixed_day(api):
        for head in sorted(heads & serving)[:3]:
            for path, more in (
                ("/v1/findings", {"status": "open"}),
                ("/v1/findings", {"status": "resolved"}),
                ("/v1/log", {}),
            ):
                query = {"limit": "200", **more}
                told = ok(call(api, "GET", path, user(head), query=query))
                assert "inc-0" not in json.dumps(told), (head, path, more)


def _people_go_on(api: ModuleType) -> None:
    head, officer = user("p-040"), user("p-005", "compliance")
    # Whoever signed in is who they were.
    assert ok(call(api, "GET", "/v1/me", head))["person"]["id"] == "p-040"
    listed = ok(call(api, "GET", "/v1/revocations", head))["items"]
    states = {one["state"]: one["id"] for one in listed}
    assert set(states) == {"confirmed", "needs_human", "cancelled"}
    done = {"removed_by": "p-043", "removed_on": DAY.date().isoformat(), "note": "removed"}
    ok(call(api, "POST", f"/v1/revocations/{states['needs_human']}/confirmation", head, done))
    (waits,) = ok(call(api, "GET", "/v1/changes", officer))["items"]
    ok(call(api, "POST", f"/v1/changes/{waits['id']}/refusal", officer, REASON))
    waivers = ok(call(api, "GET", "/v1/waivers", officer))["items"]
    assert sorted(one["state"] for one in waivers) == ["approved", "approved", "proposed"]
    runs = ok(call(api, "GET", "/v1/runs", officer))["items"]
    assert [one["run"]["number"] for one in runs] == [3, 2, 1]
    reports = ok(call(api, "GET", "/v1/reports", officer, query={"run": runs[2]["run"]["id"]}))
    signed = [
        ok(call(api, "GET", f"/v1/reports/{one['id']}", officer))["signatures"]
        for one in reports["items"]
    ]
    assert sum(map(len, signed)) == 1


def test_the_first_night_after_rules_changed_says_so(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    with restored(release) as sky:
        before = {one.finding.id for one in sky.stack().findings.known(WHOLE)}
        change_rules(monkeypatch)
        hold_first_night(night(sky, THIRD), before)
        verify(sky)
        api = sky.function("api")
        with fixed_day(api):
            officer, asked = user("p-005", "compliance"), {"status": "resolved", "control": GOES}
            went = ok(call(api, "GET", "/v1/findings", officer, query=asked))["items"]
            asked = {"status": "open", "control": COMES}
            came = ok(call(api, "GET", "/v1/findings", officer, query=asked))["items"]
        assert {one["resolution"] for one in went} == {"rule-changed"}
        assert {one["opening"] for one in came} == {None, "rule-changed"}
        known = Counter(one.action for one in records(sky.stack().log))
        again = night(sky, THIRD + timedelta(hours=1))
        assert {one["status"] for one in again["findings"]} <= {"open", "waived"}
        assert again["summary"]["by_opening"] == again["summary"]["by_resolution"] == {}
        more = Counter(one.action for one in records(sky.stack().log)) - known
        assert more == {"run.completed": 1, "log.sealed": 1}
        verify(sky)


def test_a_stack_goes_on_before_it_is_upgraded(release: Release) -> None:
    with restored(release) as sky:
        tail = [one.action for one in records(sky.stack().log)][-1]
        assert tail == "secret.revealed"
        goes_on(sky)
