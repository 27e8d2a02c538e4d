"""The engine: three verdicts, each subject counted once, and nothing that stops a run."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from rolecall.controls import judgement
from rolecall.controls.catalogue import catalogue
from rolecall.controls.context import Context
from rolecall.controls.control import Control, Fail, Params
from rolecall.controls.judgement import failures
from rolecall.engine import Coverage, Evaluation, Scope, evaluate
from rolecall.model import Account, Entity, Policy, Snapshot
from tests.registries import (
    AS_OF,
    CLEAN_POLICY,
    RegistryFiles,
    day,
    parish,
    registries,
)
from tests.tiers import examples


def audited(files: RegistryFiles, *ids: str, scope: Scope | None = None) -> Evaluation:
    """Run some controls, or all."""
    controls = [catalogue()[id_] for id_ in ids] or list(catalogue().values())
    return evaluate(Context(*files.read(), AS_OF), controls, scope)


def coverage(files: RegistryFiles, id_: str) -> Coverage:
    """Return the coverage of one control."""
    return audited(files, id_).coverage[id_]


# -- verdicts ------------------------------------------------------------------------------------


def test_three_verdicts() -> None:
    files = parish()
    files.tables["accounts"].append({**files.tables["accounts"][0], "id": "a2", "handle": "x"})
    files.row("accounts", 1, last_post_on=day(-91))
    files.row("accounts", 2, last_post_on="")
    assert coverage(files, "dormant-account") == Coverage(
        control="dormant-account",
        passed=1,
        failed=1,
        not_evaluated=1,
        reasons={"last_post_on is empty": 1},
    )


def test_a_missing_column_takes_the_control_out() -> None:
    files = parish().drop("accounts.last_post_on")
    found = audited(files, "dormant-account")
    assert found.missing == {"dormant-account"}
    assert found.coverage["dormant-account"] == Coverage(
        control="dormant-account",
        passed=0,
        failed=0,
        not_evaluated=2,
        reasons={"accounts.last_post_on is not tracked": 2},
    )


def test_every_missing_column_is_named_and_subjects_are_counted_once() -> None:
    files = parish().drop("people.type", "people.supervisor_id")
    found = coverage(files, "unsupervised-volunteer")
    assert found.not_evaluated == 4
    assert found.reasons == {
        "people.type is not tracked": 4,
        "people.supervisor_id is not tracked": 0,
    }


def test_a_missing_table_counts_nobody_but_is_named() -> None:
    found = coverage(parish().drop("incidents"), "sanction-step-skipped")
    assert found.not_evaluated == 0
    assert found.reasons == {
        "incidents.sanction is not tracked": 0,
        "incidents.previous_sanction is not tracked": 0,
    }


def test_a_setting_that_the_policy_does_not_have() -> None:
    files = parish()
    files.policy = ""
    assert coverage(files, "unapproved-platform").reasons == {
        "the policy has no approved_platforms": 2
    }


@pytest.mark.parametrize(
    "column",
    [
        "grants.revoked_on",
        "people.left_on",
        "entities.parent_id",
        "entities.it_delegate_ids",
        "grants.delegation_ref",
        "incidents.skip_reason",
    ],
)
def test_columns_that_read_as_empty_where_they_are_not_tracked(column: str) -> None:
    files = parish()
    files.row("accounts", 1, entity_id="e0")
    found = audited(files.drop(column))
    assert not found.missing
    assert not found.findings


@settings(max_examples=examples(100))
@given(registries())
def test_the_counts_add_up_to_the_population(files: RegistryFiles) -> None:
    context = Context(*files.read(), AS_OF)
    steps: list[int] = []
    found = evaluate(context, catalogue().values(), None, steps.append)
    for id_, control in catalogue().items():
        one = found.coverage[id_]
        subjects = control.subjects.select(context)
        total = one.passed + one.failed + one.not_evaluated + one.disabled
        assert total == len(subjects)
        assert min(one.passed, one.failed, one.not_evaluated, one.disabled) >= 0
        assert sum(one.reasons.values()) == one.not_evaluated
        assert one.failed == sum(finding.control == id_ for finding in found.findings)
    populations = [control.subjects.select(context) for control in catalogue().values()]
    assert sum(steps) == sum(map(len, populations))
    assert len({finding.id for finding in found.findings}) == len(found.findings)


# -- controls that raise ---------------------------------------------------------------------------


def raising_on(account: str, *, error: Exception) -> Control[Any]:
    """Return a control that fails every account but raises on one."""

    def check(accounts: Sequence[Account], _: Context, __: Params) -> Iterator[Fail]:
        for one in accounts:
            if one.id == account:
                raise error
            yield Fail(one, {"id": one.id})

    return replace(catalogue()["no-removal-path"], id="raises", check=check, undecided=None)


def many_accounts(count: int) -> Context:
    """Return a context with so many accounts."""
    accounts = tuple(Account(f"a{n}", "e0", "x", f"h{n}", "active") for n in range(count))
    tracked = frozenset({"accounts.removal_path"})
    entities = (Entity("e0", "E"),)
    snapshot = Snapshot(accounts=accounts, entities=entities, tracked=tracked)
    return Context(snapshot, Policy(), AS_OF)


@pytest.mark.parametrize("bad", [0, 1, 499, 500, 501, 1_200])
def test_one_subject_that_raises_hides_no_other(bad: int, caplog: pytest.LogCaptureFixture) -> None:
    control = raising_on(f"a{bad}", error=KeyError("secret cell"))
    with caplog.at_level(logging.DEBUG, logger="rolecall.engine"):
        found = evaluate(many_accounts(1_201), [control])
    assert found.coverage["raises"] == Coverage(
        control="raises",
        passed=0,
        failed=1_200,
        not_evaluated=1,
        reasons={"error: KeyError": 1},
    )
    assert [account.id for account in found.undecided["raises"]] == [f"a{bad}"]
    assert f"a{bad}" not in {finding.subject.account for finding in found.findings}
    [record] = caplog.records
    assert record.levelno == logging.ERROR
    assert "raises" in record.getMessage()
    assert f"a{bad}" in record.getMessage()
    assert "KeyError" in record.getMessage()
    assert "secret" not in caplog.text


def test_a_sieve_that_raises_is_no_verdict_either() -> None:
    def sieve(accounts: Sequence[Account], _: Context) -> Iterator[Any]:
        if any(account.id == "a1" for account in accounts):
            raise ZeroDivisionError
        return iter(())

    control = replace(catalogue()["duplicate-account"], undecided=sieve)
    found = evaluate(many_accounts(3), [control]).coverage[control.id]
    assert (found.passed, found.not_evaluated) == (2, 1)


def test_what_is_no_error_of_a_control_does_stop_a_run() -> None:
    control = raising_on("a0", error=KeyError())

    def interrupted(*_: object) -> Iterator[Fail]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        evaluate(many_accounts(1), [replace(control, check=interrupted)])


def test_failures_is_the_same_in_batches_of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    context = many_accounts(7)
    control = raising_on("a3", error=ValueError())
    subjects = context.snapshot.accounts
    expected = failures(control, subjects, context, Params())
    for size in (1, 2, 3, 7, 8):
        monkeypatch.setattr(judgement, "BATCH", size)
        assert failures(control, subjects, context, Params()) == expected


# -- overrides -------------------------------------------------------------------------------------

OVERRIDES = """
[controls.dormant-account]
days = 10
severity = "low"
[entities.e0.controls.dormant-account]
days = 60
[entities.e1.controls.dormant-account]
severity = "critical"
"""


def test_the_nearest_override_wins_parameter_by_parameter() -> None:
    files = parish()
    files.policy = CLEAN_POLICY + OVERRIDES
    for index, age in enumerate((61, 61)):
        files.row("accounts", index, last_post_on=day(-age))
    found = audited(files, "dormant-account").findings
    assert {f.subject.account: f.severity for f in found} == {"a0": "low", "a1": "critical"}
    for index, age in enumerate((60, 60)):
        files.row("accounts", index, last_post_on=day(-age))
    assert not audited(files, "dormant-account").findings


def test_overrides_of_a_sibling_do_not_hold() -> None:
    files = parish()
    files.tables["entities"].append({**files.tables["entities"][1], "id": "e2", "parent_id": "e0"})
    files.row("accounts", 1, entity_id="e2", last_post_on=day(-20))
    files.policy = CLEAN_POLICY + "[entities.e1.controls.dormant-account]\ndays = 10\n"
    assert not audited(files, "dormant-account").findings
    files.row("accounts", 1, entity_id="e1")
    assert len(audited(files, "dormant-account").findings) == 1


def test_disabled_subjects_are_counted_as_such() -> None:
    files = parish()
    files.row("accounts", 0, last_post_on=day(-500))
    files.row("accounts", 1, last_post_on=day(-500))
    files.policy = CLEAN_POLICY + "[entities.e1.controls.dormant-account]\nenabled = false\n"
    found = coverage(files, "dormant-account")
    assert (found.failed, found.passed, found.disabled) == (1, 0, 1)
    files.policy = (
        CLEAN_POLICY
        + "[controls.dormant-account]\nenabled = false\n"
        + "[entities.e1.controls.dormant-account]\nenabled = true\n"
    )
    [finding] = audited(files, "dormant-account").findings
    assert finding.entity == "e1"


def test_a_disabled_control_is_not_reported_as_not_evaluated() -> None:
    files = parish().drop("accounts.last_post_on")
    files.policy = CLEAN_POLICY + "[controls.dormant-account]\nenabled = false\n"
    found = coverage(files, "dormant-account")
    assert (found.not_evaluated, found.disabled) == (0, 2)


def test_a_severity_of_the_policy_replaces_every_severity() -> None:
    files = parish()
    files.row("logins", 0, mfa="none")
    files.row("logins", 1, mfa="sms")
    found = audited(files, "login-without-mfa").findings
    assert sorted(finding.severity for finding in found) == ["high", "medium"]
    files.policy = CLEAN_POLICY + '[controls.login-without-mfa]\nseverity = "low"\n'
    found = audited(files, "login-without-mfa").findings
    assert [finding.severity for finding in found] == ["low", "low"]


@pytest.mark.parametrize("days", [0, 1, 739_000, 1_000_000])
def test_any_number_of_days(days: int) -> None:
    files = parish()
    files.row("accounts", 0, last_post_on="0001-01-01")
    files.policy = CLEAN_POLICY + f"[controls.dormant-account]\ndays = {days}\n"
    found = coverage(files, "dormant-account")
    assert found.not_evaluated == 0
    assert found.failed == (2 if days < 10 else 1 if days < 739_900 else 0)


# -- entities of findings, scope -------------------------------------------------------------------


def stranger() -> RegistryFiles:
    """Return a registry in which a closed and an open account share a key, with a stranger."""
    files = parish()
    files.row("accounts", 0, status="closed", handle="shared", entity_id="e0")
    files.row("accounts", 1, handle="@Shared", entity_id="e1")
    files.tables["observations"] = [
        {
            **files.tables["observations"][0],
            "handle": "shared",
            "person_email": "x@evil.test",
            "entity_id": "",
        }
    ]
    return files


def test_a_key_belongs_to_its_open_account() -> None:
    [finding] = audited(stranger(), "unregistered-admin").findings
    assert finding.entity == "e1"
    files = stranger()
    files.tables["accounts"].reverse()
    [finding] = audited(files, "unregistered-admin").findings
    assert finding.entity == "e1"


def test_the_override_of_the_open_account_holds_for_its_key() -> None:
    files = stranger()
    files.policy += '[entities.e1.controls.unregistered-admin]\nseverity = "low"\n'
    [finding] = audited(files, "unregistered-admin").findings
    assert finding.severity == "low"


def test_an_unregistered_account_counts_under_the_entity_of_its_latest_row() -> None:
    files = parish()
    seen = {**files.tables["observations"][0], "handle": "new", "person_email": ""}
    files.tables["observations"] += [
        {**seen, "observed_on": day(-1), "entity_id": "e1"},
        {**seen, "observed_on": day(-9), "entity_id": "e0"},
    ]
    [finding] = audited(files, "unregistered-account").findings
    assert finding.entity == "e1"


def test_scope_limits_controls_and_entities() -> None:
    files = parish()
    for index in (0, 1):
        files.row("accounts", index, last_post_on=day(-500), removal_path="none")
    scope = Scope(frozenset({"dormant-account"}), frozenset({"e1"}))
    found = audited(files, scope=scope)
    assert [(f.control, f.entity) for f in found.findings] == [("dormant-account", "e1")]
    assert found.coverage.keys() == {"dormant-account"}
    assert found.coverage["dormant-account"].passed == 0


def test_scope_covers() -> None:
    assert Scope().covers("any", None)
    assert Scope(controls=frozenset({"a"})).covers("a", "e")
    assert not Scope(controls=frozenset({"a"})).covers("b", "e")
    assert not Scope(entities=frozenset({"e"})).covers("a", None)


@settings(max_examples=examples(60))
@given(registries(), st.sampled_from(["e0", "e1", "e2"]))
def test_a_scope_gives_the_findings_of_its_entities_and_no_others(
    files: RegistryFiles, entity: str
) -> None:
    """A part of an audit says of its part what the whole says of it."""
    context = Context(*files.read(), AS_OF)
    inside = context.below(entity)
    whole = evaluate(context, catalogue().values()).findings
    part = evaluate(context, catalogue().values(), Scope(entities=inside)).findings
    expected = [finding for finding in whole if finding.entity in inside]
    assert sorted(part, key=lambda f: f.id) == sorted(expected, key=lambda f: f.id)


def test_what_is_proven_without_a_column_is_said_without_it() -> None:
    """Who left knows a password of which no change is on record, tracked or not."""
    files = parish().drop("logins.rotated_on")
    files.row("logins", 0, holder_ids="p0|p3")
    files.row("people", 3, status="left", left_on="2026-01-01")
    found = audited(files, "leaver-knows-password").findings
    told = [(one.severity, json.loads(one.evidence)["holder_ids"]) for one in found]
    assert told == [("critical", ["p3"])]


def test_who_lost_a_role_alone_is_not_proven_to_know_more() -> None:
    files = parish().drop("logins.rotated_on")
    files.row("logins", 0, holder_ids="p0")
    for grant in files.tables["grants"]:
        grant["revoked_on"] = "2026-01-01"
    found = audited(files, "leaver-knows-password")
    assert not found.findings
    assert found.coverage["leaver-knows-password"].reasons == {
        "logins.rotated_on is not tracked": found.coverage["leaver-knows-password"].not_evaluated
    }
    assert found.coverage["leaver-knows-password"].not_evaluated > 0


@pytest.mark.parametrize("column", ["contract_ref", "dpa_ref"])
def test_a_contract_that_is_over_is_so_whatever_is_not_tracked(column: str) -> None:
    files = parish().drop(f"people.{column}")
    other = "dpa_ref" if column == "contract_ref" else "contract_ref"
    files.row("people", 0, type="agency", contract_ends="2026-01-01", **{other: "K"})
    found = audited(files, "third-party-without-contract").findings
    assert {one.severity for one in found} == {"critical"}
    files.row("people", 0, contract_ends="2027-01-01")
    ended = audited(files, "third-party-without-contract")
    assert not ended.findings
    reasons = ended.coverage["third-party-without-contract"].reasons
    assert reasons[f"people.{column} is not tracked"] > 0
    files.row("people", 0, **{other: ""})
    found = audited(files, "third-party-without-contract").findings
    assert {tuple(json.loads(one.evidence)["missing"]) for one in found} == {(other,)}
