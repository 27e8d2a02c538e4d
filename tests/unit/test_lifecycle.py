"""The life of a finding over many runs, told by the audit log alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from rolecall.controls.catalogue import catalogue
from rolecall.errors import AuditLogError, UsageError
from rolecall.finding_state import fold
from rolecall.ledger.event import Event
from rolecall.ledger.log import append, records
from rolecall.ledger.memory_log import MemoryLog
from rolecall.lifecycle import ReportedFinding
from rolecall.registry.documents import OF_ACCOUNTS
from rolecall.reports.report import Report
from rolecall.usecases.runs import local
from rolecall.usecases.runs.chronology import Chronology
from rolecall.usecases.runs.local import Limits, run_audit
from tests.registries import (
    AS_OF,
    CLEAN_POLICY,
    RegistryFiles,
    day,
    parish,
    registries,
)
from tests.tiers import examples

A_DAY = timedelta(days=1)


class Nights:
    """Audits night after night under one log."""

    def __init__(self, log: MemoryLog | None = None) -> None:
        self.log = log or MemoryLog()
        self.night = 0

    def run(
        self,
        files: RegistryFiles,
        *,
        die: bool = False,
        at: datetime | None = None,
        entity: str | None = None,
        controls: tuple[str, ...] = (),
        chronology: Chronology = "forward",
    ) -> dict[str, ReportedFinding]:
        """Audit once and return the findings by control and subject, such as ``x a0``."""
        as_of = at or AS_OF + self.night * A_DAY
        self.night += 1
        limits = Limits(entity, controls)
        reports: list[Report] = []

        def publish(report: Report) -> None:
            reports.append(report)
            if die:
                raise InterruptedError

        try:
            run_audit(
                *files.read(), as_of, publish, log=self.log, limits=limits, chronology=chronology
            )
        except InterruptedError:
            assert die
        return {name(tracked): tracked for tracked in reports[0].findings}

    def statuses(self, files: RegistryFiles, **options: Any) -> dict[str, str]:
        """Audit once and return the statuses alone."""
        return {known: tracked.status for known, tracked in self.run(files, **options).items()}

    def actions(self) -> list[str]:
        """Return the actions on record."""
        return [record.action for record in records(self.log)]

    def last(self, count: int) -> list[str]:
        """Return the last actions on record."""
        return self.actions()[-count:]


def name(tracked: ReportedFinding) -> str:
    """Return a short name of a finding."""
    finding = tracked.finding
    return " ".join([finding.control, *finding.subject.keys().values()])


def broken(**cells: str) -> RegistryFiles:
    """Return the parish with one account that nobody can be removed from, or other cells."""
    files = parish()
    files.row("accounts", 0, **(cells or {"removal_path": "none"}))
    return files


NO_PATH = "no-removal-path a0"

# -- new, open, resolved, regressed ----------------------------------------------------------------


def test_new_then_open_then_resolved_then_silent() -> None:
    nights = Nights()
    assert nights.statuses(broken()) == {NO_PATH: "new"}
    assert nights.statuses(broken()) == {NO_PATH: "open"}
    [resolved] = nights.run(parish()).values()
    assert (resolved.status, resolved.reason, resolved.first_seen) == ("resolved", "fixed", AS_OF)
    assert nights.statuses(parish()) == {}
    assert nights.actions() == [
        "finding.opened",
        "run.completed",
        "run.completed",
        "finding.resolved",
        "run.completed",
        "run.completed",
    ]


def test_regressed_for_one_run_with_the_first_day_it_was_seen() -> None:
    nights = Nights()
    for files in (broken(), parish()):
        nights.run(files)
    [regressed] = nights.run(broken()).values()
    assert (regressed.status, regressed.first_seen, regressed.reason) == ("regressed", AS_OF, None)
    [still] = nights.run(broken()).values()
    assert (still.status, still.first_seen) == ("open", AS_OF)
    assert nights.statuses(parish()) == {NO_PATH: "resolved"}
    assert nights.statuses(broken()) == {NO_PATH: "regressed"}
    ids = [record.id for record in records(nights.log)]
    assert len(set(ids)) == len(ids)


def test_changed_evidence_is_an_event_and_the_finding_stays_open() -> None:
    nights = Nights()
    name_ = "removal-path-untested a0"
    first = nights.run(broken(removal_tested_on=day(-300)))[name_]
    second = nights.run(broken(removal_tested_on=day(-299)))[name_]
    assert (first.status, second.status) == ("new", "open")
    assert first.finding.id == second.finding.id
    assert first.finding.evidence_digest != second.finding.evidence_digest
    assert nights.last(2) == ["finding.changed", "run.completed"]


def test_a_changed_severity_is_an_event() -> None:
    nights = Nights()
    nights.run(broken())
    files = broken()
    files.policy += '[controls.no-removal-path]\nseverity = "low"\n'
    [tracked] = nights.run(files).values()
    assert (tracked.status, tracked.finding.severity) == ("open", "low")
    assert nights.last(2) == ["finding.changed", "run.completed"]


@settings(max_examples=examples(60))
@given(registries())
def test_a_night_in_which_nothing_changed_appends_one_event(files: RegistryFiles) -> None:
    nights = Nights()
    first = nights.run(files, at=AS_OF)
    before = len(nights.actions())
    assert before == len(first) + 1
    second = nights.run(files, at=AS_OF)
    assert nights.actions()[before:] == ["run.completed"]
    assert set(nights.statuses(files, at=AS_OF).values()) <= {"open"}
    for known, tracked in second.items():
        assert (tracked.status, tracked.finding) == ("open", first[known].finding)
        assert tracked.first_seen == first[known].first_seen == AS_OF


@settings(max_examples=examples(40))
@given(st.lists(registries(), min_size=2, max_size=4))
def test_the_log_says_what_the_last_run_said(nights_of: list[RegistryFiles]) -> None:
    """Whatever happened before, the fold over the log is the truth about the last night."""
    nights = Nights()
    for files in nights_of:
        seen = nights.run(files, at=AS_OF)
    history = fold(records(nights.log))
    standing = {id_ for id_, known in history.findings.items() if known.status == "open"}
    assert standing == {t.finding.id for t in seen.values() if t.status != "resolved"}
    assert history.runs == len(nights_of)
    for tracked in seen.values():
        known = history.findings[tracked.finding.id]
        assert known.finding == tracked.finding
        assert known.first_seen == tracked.first_seen


def test_without_a_log_everything_is_new() -> None:
    for _ in range(2):
        report = run_audit(*broken().read(), AS_OF, lambda _: None)
        assert [tracked.status for tracked in report.findings] == ["new"]


def test_evidence_too_large_for_a_record_is_remembered_by_its_digest() -> None:
    files = parish()
    row = files.tables["grants"][0]
    for number in range(4_000):
        files.tables["grants"].append({**row, "person_id": f"p-{number:010}"})
    nights = Nights()
    crowd = "too-many-administrators a0"
    assert nights.run(files)[crowd].status == "new"
    again = nights.run(files)[crowd]
    assert (again.status, nights.last(1)) == ("open", ["run.completed"])
    assert len(again.finding.evidence) > 32_768


# -- why a finding ends, and when it does not ------------------------------------------------------


def closed() -> RegistryFiles:
    return broken(removal_path="none", status="closed")


def disabled() -> RegistryFiles:
    files = broken()
    files.policy += "[controls.no-removal-path]\nenabled = false\n"
    return files


def disabled_for_the_entity() -> RegistryFiles:
    files = broken()
    files.policy += "[entities.e0.controls.no-removal-path]\nenabled = false\n"
    return files


def gone() -> RegistryFiles:
    files = parish()
    del files.tables["accounts"][0]
    for table in OF_ACCOUNTS:
        files.tables[table] = [r for r in files.tables[table] if r["account_id"] != "a0"]
    return files


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        (parish(), "fixed"),
        (gone(), "gone"),
        (closed(), "closed"),
        (disabled(), "control-disabled"),
        (disabled_for_the_entity(), "control-disabled"),
    ],
    ids=["fixed", "gone", "closed", "disabled", "disabled for its entity"],
)
def test_why_a_finding_was_resolved(files: RegistryFiles, reason: str) -> None:
    nights = Nights()
    nights.run(broken())
    found = nights.run(files)[NO_PATH]
    assert (found.status, found.reason) == ("resolved", reason)
    resolved = [r for r in records(nights.log) if r.action == "finding.resolved"]
    assert [record.payload["reason"] for record in resolved] == [reason]
    assert NO_PATH not in nights.run(files)


def test_a_disabled_control_whose_column_is_gone_is_disabled() -> None:
    nights = Nights()
    nights.run(broken())
    found = nights.run(disabled().drop("accounts.removal_path"))[NO_PATH]
    assert found.reason == "control-disabled"


Edit = Callable[[RegistryFiles], object]


def broken_incident() -> RegistryFiles:
    files = parish()
    files.row("incidents", 0, investigators="p0:pastor")
    return files


def seen_stranger() -> RegistryFiles:
    files = parish()
    files.row("observations", 0, person_email="x@evil.test")
    return files


@pytest.mark.parametrize(
    ("files", "id_", "edit"),
    [
        (broken(), NO_PATH, lambda f: f.row("accounts", 0, removal_path="")),
        (broken(), NO_PATH, lambda f: f.drop("accounts.removal_path")),
        (broken_incident(), "single-investigator i0", lambda f: f.drop("incidents")),
        (
            broken_incident(),
            "single-investigator i0",
            lambda f: f.drop("incidents.investigators"),
        ),
        (
            seen_stranger(),
            "unregistered-admin facebook page0 x@evil.test",
            lambda f: f.drop("observations"),
        ),
        (
            seen_stranger(),
            "unregistered-admin facebook page0 x@evil.test",
            lambda f: f.drop("people.email"),
        ),
    ],
    ids=["cell", "column", "table", "another column", "observations", "a column elsewhere"],
)
def test_what_cannot_be_checked_resolves_nothing(
    files: RegistryFiles, id_: str, edit: Edit
) -> None:
    nights = Nights()
    nights.run(files)
    edit(files)
    found = nights.run(files)[id_]
    assert (found.status, found.unevaluated) == ("open", True)
    assert nights.last(1) == ["run.completed"]
    assert "finding.resolved" not in nights.actions()


def test_an_error_of_a_control_resolves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def raising(*_: object) -> Iterator[Any]:
        raise KeyError

    nights = Nights()
    nights.run(broken())
    controls = dict(catalogue())
    controls["no-removal-path"] = replace(controls["no-removal-path"], check=raising)
    monkeypatch.setattr(local, "catalogue", lambda: controls)
    found = nights.run(broken())[NO_PATH]
    assert (found.status, found.unevaluated) == ("open", True)


def test_what_a_run_does_not_look_at_is_not_resolved() -> None:
    nights = Nights()
    nights.run(broken())
    assert nights.statuses(parish(), entity="e1") == {}
    assert nights.statuses(parish(), controls=("dormant-account",)) == {}
    assert "finding.resolved" not in nights.actions()
    assert nights.statuses(broken()) == {NO_PATH: "open"}
    found = nights.run(parish(), entity="e0", controls=("no-removal-path",))
    assert found[NO_PATH].reason == "fixed"


def test_a_finding_seen_in_a_limited_run_is_open_in_the_next() -> None:
    nights = Nights()
    assert nights.statuses(broken(), controls=("no-removal-path",)) == {NO_PATH: "new"}
    assert nights.statuses(broken()) == {NO_PATH: "open"}


# -- interrupted runs ------------------------------------------------------------------------------


def test_after_an_interrupted_run_the_next_one_says_the_same() -> None:
    nights = Nights()
    assert nights.statuses(broken(), die=True) == {NO_PATH: "new"}
    assert nights.statuses(broken(), die=True) == {NO_PATH: "new"}
    assert nights.statuses(broken()) == {NO_PATH: "new"}
    assert nights.statuses(broken()) == {NO_PATH: "open"}
    assert nights.statuses(parish(), die=True) == {NO_PATH: "resolved"}
    assert nights.statuses(parish()) == {NO_PATH: "resolved"}
    assert nights.statuses(parish()) == {}
    assert nights.statuses(broken(), die=True) == {NO_PATH: "regressed"}
    assert nights.statuses(broken()) == {NO_PATH: "regressed"}
    assert nights.statuses(broken()) == {NO_PATH: "open"}
    assert nights.actions().count("finding.opened") == 1
    assert nights.actions().count("finding.resolved") == 1
    assert nights.actions().count("finding.regressed") == 1


class DyingLog(MemoryLog):
    """A log that takes so many events and then no more."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room

    def put(self, shard: int, seq: int, batch: Any) -> bool:
        left = self.room - sum(1 for _ in self.leaves())
        if len(batch) > left:
            super().put(shard, seq, batch[:left])
            raise AuditLogError("the disk is full")
        return super().put(shard, seq, batch)


@settings(max_examples=examples(40))
@given(registries(), registries(), st.integers(0, 400))
def test_a_run_that_dies_anywhere_is_told_by_the_next(
    before: RegistryFiles, after: RegistryFiles, events: int
) -> None:
    """Wherever the log stopped, the next run reports what an undisturbed one would have."""
    calm = Nights()
    calm.run(before, at=AS_OF)
    expected = calm.run(after, at=AS_OF)

    log = DyingLog(10**9)
    nights = Nights(log)
    nights.run(before, at=AS_OF)
    log.room = len(nights.actions()) + events
    try:
        nights.run(after, at=AS_OF)
    except AuditLogError:
        log.room = 10**9
        assert nights.run(after, at=AS_OF) == expected
    log.room = 10**9
    after_that = nights.run(after, at=AS_OF)
    assert {t.status for t in after_that.values()} <= {"open"}
    assert nights.actions().count("finding.opened") == calm.actions().count("finding.opened")


@pytest.mark.parametrize("tables", [("people",), ("grants",), ("people", "grants")])
@pytest.mark.parametrize("form", ["no rows", "no table"])
def test_a_roster_that_is_emptied_mends_nothing(tables: tuple[str, ...], form: str) -> None:
    """Whoever empties it is not rid of what was found: it stands, and nobody could check it."""
    nights, files = Nights(), parish()
    files.row("grants", 0, expires_on=day(-3))
    files.row("people", 1, status="suspended")
    before = nights.run(files)
    assert {"expired-grant a0 p0", "suspended-admin a0 p1"} <= before.keys()
    for table in tables:
        if form == "no rows":
            files.tables[table].clear()
        else:
            files.drop(table)
    for found in (nights.run(files), nights.run(files)):
        assert found.keys() >= before.keys()
        assert {one.status for known, one in found.items() if known in before} == {"open"}
        assert found["suspended-admin a0 p1"].unevaluated
        assert found["expired-grant a0 p0"].unevaluated == ("grants" in tables)
    mended = nights.statuses(parish())
    assert mended["suspended-admin a0 p1"] == "resolved"


# -- order, locality -------------------------------------------------------------------------------


@settings(max_examples=examples(60))
@given(registries(), st.integers(0, 2**16))
def test_the_order_of_rows_changes_nothing(files: RegistryFiles, seed: int) -> None:
    snapshot, policy = files.read()
    one = run_audit(snapshot, policy, AS_OF, lambda _: None)
    for rows in files.tables.values():
        Random(seed).shuffle(rows)  # noqa: S311
    for columns in files.columns.values():
        Random(seed).shuffle(columns)  # noqa: S311
    two = run_audit(*files.read(), AS_OF, lambda _: None)
    assert [t.finding for t in one.findings] == [t.finding for t in two.findings]
    assert one.coverage == two.coverage
    assert one.summary == two.summary


def with_a_neighbour(files: RegistryFiles) -> None:
    """Add an entity that has nothing to do with any other, with all that belongs to it."""
    other = parish()
    renamed = {
        "entities": {"id": "z0", "parent_id": "", "head_id": "z1", "it_delegate_ids": ""},
        "people": {"id": "z1", "email": "z1@z.example", "entity_id": "z0", "left_on": day(-5)},
        "accounts": {"id": "z2", "entity_id": "z0", "handle": "zzz", "platform": "zzz"},
        "grants": {"account_id": "z2", "person_id": "z1"},
        "logins": {"id": "z3", "account_id": "z2", "holder_ids": "z1", "fingerprint": "z"},
        "observations": {"platform": "zzz", "handle": "zzz", "entity_id": "z0"},
        "incidents": {"id": "z4", "account_id": "z2"},
        "contents": {"id": "z5", "account_id": "z2"},
    }
    for table, rows in files.tables.items():
        if table in ("people", "grants") and not rows:
            # The first of all would make a roster, on which everybody else is missing.
            continue
        row = {**other.tables[table][0], **renamed[table]}
        rows.append({column: row[column] for column in files.columns[table]})


@settings(max_examples=examples(60))
@given(registries())
def test_a_neighbour_changes_no_finding(files: RegistryFiles) -> None:
    one = run_audit(*files.read(), AS_OF, lambda _: None)
    with_a_neighbour(files)
    two = run_audit(*files.read(), AS_OF, lambda _: None)
    found = [t.finding for t in two.findings]
    ours = [one for one in found if one.entity != "z0" and one.subject.incident != "z4"]
    assert [t.finding for t in one.findings] == ours
    assert len(two.findings) > len(ours)


# -- waivers ---------------------------------------------------------------------------------------

UNTESTED = "removal-path-untested a0"


def waiver(**terms: Any) -> str:
    """Return a waiver of the untested removal path of a0."""
    known: dict[str, Any] = {
        "control": "removal-path-untested",
        "account": "a0",
        "reason": "The drill is in May",
        "approved_by": ["p4"],
        "expires": AS_OF.date() + 3 * A_DAY,
    }
    known |= terms
    lines = [f"{key} = {value!r}" for key, value in known.items() if key != "expires"]
    return "\n".join(["[[waivers]]", *lines, f"expires = {known['expires']}", ""])


def waived(text: str = "", tested: int = -300, **terms: Any) -> RegistryFiles:
    """Return a registry in which the removal path of a0 is untested, and that is accepted."""
    files = broken(removal_tested_on=day(tested))
    files.policy = CLEAN_POLICY + text + waiver(**terms)
    return files


def test_a_waiver_holds_through_its_last_day_and_not_the_day_after() -> None:
    nights = Nights()
    for _ in range(4):
        assert nights.statuses(waived()) == {UNTESTED: "waived"}
    lapsed = nights.run(waived())[UNTESTED]
    assert (lapsed.status, lapsed.waiver, lapsed.first_seen) == ("open", None, AS_OF)
    assert nights.last(2) == ["waiver.lapsed", "run.completed"]
    assert nights.statuses(waived()) == {UNTESTED: "open"}
    assert nights.actions().count("waiver.applied") == 1
    assert nights.actions().count("waiver.lapsed") == 1
    [event] = [record for record in records(nights.log) if record.action == "waiver.lapsed"]
    assert event.payload["reason"] == "expired"


def test_the_last_day_lasts_until_midnight_utc() -> None:
    nights = Nights()
    last = AS_OF + 4 * A_DAY - timedelta(seconds=1)
    assert nights.statuses(waived(), at=last) == {UNTESTED: "waived"}
    assert nights.statuses(waived(), at=AS_OF + 4 * A_DAY) == {UNTESTED: "open"}


def test_other_evidence_than_was_accepted_reopens() -> None:
    nights = Nights()
    nights.run(waived())
    assert nights.statuses(waived(tested=-299)) == {UNTESTED: "open"}
    assert nights.last(3) == ["finding.changed", "waiver.lapsed", "run.completed"]
    assert nights.statuses(waived(tested=-299)) == {UNTESTED: "open"}
    # What was accepted is accepted still.
    assert nights.statuses(waived()) == {UNTESTED: "waived"}


def test_a_finding_that_comes_back_otherwise_is_not_what_was_accepted() -> None:
    nights = Nights()
    nights.run(waived())
    fixed = waived(tested=-1)
    assert nights.statuses(fixed) == {UNTESTED: "resolved"}
    assert nights.statuses(waived(tested=-299)) == {UNTESTED: "regressed"}


@pytest.mark.parametrize(
    ("severity", "status"), [("high", "open"), ("medium", "waived"), ("low", "waived")]
)
def test_a_higher_severity_reopens_and_a_lower_one_does_not(severity: str, status: str) -> None:
    nights = Nights()
    nights.run(waived())
    files = waived(f'[controls.removal-path-untested]\nseverity = "{severity}"\n')
    assert nights.statuses(files) == {UNTESTED: status}


def test_an_edited_waiver_is_a_new_acceptance() -> None:
    nights = Nights()
    nights.run(waived())
    changed = waived(tested=-299)
    assert nights.statuses(changed) == {UNTESTED: "open"}
    edited = waived(tested=-299, reason="The drill was moved to June")
    assert nights.statuses(edited) == {UNTESTED: "waived"}
    assert nights.last(2) == ["waiver.applied", "run.completed"]


def test_a_waived_finding_that_was_fixed_is_waived_no_more() -> None:
    nights = Nights()
    assert nights.run(waived())[UNTESTED].waiver is not None
    fixed = nights.run(waived(tested=-1))[UNTESTED]
    assert (fixed.status, fixed.reason, fixed.waiver) == ("resolved", "fixed", None)
    assert nights.last(2) == ["finding.resolved", "run.completed"]
    assert nights.statuses(waived()) == {UNTESTED: "waived"}
    assert nights.last(3) == ["finding.regressed", "waiver.applied", "run.completed"]


def test_a_waiver_that_was_taken_out_lapses() -> None:
    nights = Nights()
    nights.run(waived())
    assert nights.statuses(broken(removal_tested_on=day(-300))) == {UNTESTED: "open"}
    assert nights.last(2) == ["waiver.lapsed", "run.completed"]


@pytest.mark.parametrize(
    ("terms", "status"),
    [
        ({"approved_by": ["p4"]}, "waived"),
        ({"approved_by": []}, "new"),
        ({"approved_by": ["p-nobody"]}, "new"),
        ({"approved_by": ["p4", "p-nobody"]}, "new"),
        ({"expires": AS_OF.date()}, "waived"),
        ({"expires": AS_OF.date() - A_DAY}, "new"),
    ],
)
def test_who_may_approve(terms: dict[str, Any], status: str) -> None:
    assert Nights().statuses(waived(**terms)) == {UNTESTED: status}


@pytest.mark.parametrize("change", [{"status": "suspended"}, {"left_on": day(0)}])
def test_an_approver_who_is_not_active_any_more(change: dict[str, str]) -> None:
    nights = Nights()
    nights.run(waived())
    files = waived()
    files.row("people", 2, **change)
    assert nights.statuses(files)[UNTESTED] == "open"


@pytest.mark.parametrize(
    ("approvers", "status"),
    [
        (["p4"], "new"),
        (["p4", "p4"], "new"),
        (["p4", "p5"], "waived"),
        (["p4", "p1"], "new"),
        (["p4", "p5", "p1"], "new"),
    ],
)
def test_a_critical_finding_takes_two_approvers_and_never_its_subject(
    approvers: list[str], status: str
) -> None:
    files = parish()
    files.row("people", 1, clearance_level="A")
    for account in ("a0", "a1"):
        files.policy += waiver(
            control="ineligible-manager", account=account, person="p1", approved_by=approvers
        )
    assert set(Nights().statuses(files).values()) == {status}


def test_a_waiver_of_another_subject_does_not_hold() -> None:
    assert Nights().statuses(waived(account="a1")) == {UNTESTED: "new"}


def without_log(files: RegistryFiles) -> tuple[str, str]:
    """Return the status of the one finding, and what was said of the waiver."""
    report = run_audit(*files.read(), AS_OF, lambda _: None)
    [tracked] = report.findings
    return tracked.status, report.waivers[0].message


def test_without_a_log_a_waiver_must_name_the_evidence() -> None:
    digest = Nights().run(waived())[UNTESTED].finding.evidence_digest
    status, message = without_log(waived())
    assert status == "new"
    assert digest[:12] in message
    assert without_log(waived(evidence=digest[:12])) == ("waived", "")
    assert without_log(waived(evidence=digest)) == ("waived", "")
    wrong = ("0" if digest[0] != "0" else "1") + digest[1:12]
    assert without_log(waived(evidence=wrong))[0] == "new"


def test_a_waiver_that_names_evidence_is_held_to_it_under_a_log() -> None:
    digest = Nights().run(waived())[UNTESTED].finding.evidence_digest
    nights = Nights()
    assert nights.statuses(waived(tested=-299, evidence=digest[:8])) == {UNTESTED: "new"}
    assert nights.statuses(waived(evidence=digest[:8])) == {UNTESTED: "waived"}


def test_a_waived_finding_that_cannot_be_checked_stays_waived_until_it_expires() -> None:
    nights = Nights()
    nights.run(waived())
    unknown = waived()
    unknown.row("accounts", 0, removal_path="")
    found = nights.run(unknown)[UNTESTED]
    assert (found.status, found.unevaluated) == ("waived", True)
    nights.night = 10
    assert nights.statuses(unknown)[UNTESTED] == "open"


def test_an_interrupted_run_binds_no_other_evidence() -> None:
    nights = Nights()
    assert nights.statuses(waived(), die=True) == {UNTESTED: "waived"}
    assert nights.statuses(waived()) == {UNTESTED: "waived"}
    assert nights.actions().count("waiver.applied") == 1
    assert nights.statuses(waived(tested=-250)) == {UNTESTED: "open"}


def test_a_waiver_never_hides_a_regression_of_what_was_not_accepted() -> None:
    """Resolved and back with a higher severity: regressed, not waived."""
    nights = Nights()
    nights.run(waived())
    nights.run(waived(tested=-1))
    files = waived('[controls.removal-path-untested]\nseverity = "high"\n')
    assert nights.statuses(files) == {UNTESTED: "regressed"}


# -- the log's own words ---------------------------------------------------------------------------


def test_records_carry_ids_and_no_names_nor_addresses() -> None:
    nights = Nights()
    files = seen_stranger()
    files.row("people", 1, status="left", left_on=day(-1))
    nights.run(files)
    text = "\n".join(str(record) for record in records(nights.log))
    assert "Person 1" not in text
    assert "diocese.example" not in text
    # The one exception: whom nobody knows has no id.
    assert "x@evil.test" in text


def test_every_event_names_its_run_and_version() -> None:
    nights = Nights()
    for files in (broken(), parish(), broken()):
        nights.run(files)
    stored = list(records(nights.log))
    versions = [r.payload["version"] for r in stored if r.action != "run.completed"]
    assert versions == [1, 2, 3]
    runs = [record.payload["run"] for record in stored]
    assert runs[0::2] == runs[1::2]
    assert len(set(runs)) == 3


def test_a_clock_that_goes_backwards_changes_no_status() -> None:
    nights = Nights()
    nights.run(broken(), at=AS_OF)
    before = AS_OF - 30 * A_DAY
    with pytest.raises(UsageError, match="dated 2026-10-03"):
        nights.run(broken(), at=before)
    [tracked] = nights.run(broken(), at=before, chronology="after-wrong-clock").values()
    assert (tracked.status, tracked.first_seen) == ("open", AS_OF)


def test_a_record_of_an_action_that_fold_does_not_know_of_a_finding() -> None:
    """A lapse or a resolution of what was never opened is passed over."""
    event = Event(
        id="x",
        at=AS_OF,
        actor="audit",
        action="finding.resolved",
        entity=None,
        subject=None,
        payload={"finding": "f", "version": 1, "run": "r", "reason": "fixed"},
    )
    log = MemoryLog()
    append(log, [event])
    assert fold(records(log)).findings == {}
