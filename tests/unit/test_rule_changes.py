"""What comes or goes because a rule or a limit changed: nobody's work, and nobody's fault."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rolecall.controls.control import Fail
from rolecall.controls.populations import ENTITIES
from rolecall.controls.versions import CATALOGUE_VERSION
from rolecall.errors import UsageError
from rolecall.finding_state import fold
from rolecall.ledger.log import records
from rolecall.lifecycle import ReportedFinding
from rolecall.looks import Look, latest_looks, look_of, opening_of
from rolecall.reports.report import Report
from rolecall.usecases.runs.local import Limits, run_audit
from rolecall.usecases.runs.nightly import audit_batch, plan_run
from tests.catalogues import Catalogues, everybody, nobody, only
from tests.nights import Documents, MemoryFiles, MemoryFindings, night
from tests.registries import AS_OF, CLEAN_POLICY, RegistryFiles, day, parish
from tests.unit.test_lifecycle import A_DAY, NO_PATH, Nights, broken, closed, disabled, gone

OTHER = "no-removal-path a1"
CONTROL = "no-removal-path"


@pytest.fixture
def catalogues(monkeypatch: pytest.MonkeyPatch) -> Catalogues:
    """Return what brings later versions of the catalogue."""
    return Catalogues(monkeypatch)


def moved(found: dict[str, ReportedFinding]) -> dict[str, tuple[str, str | None]]:
    """Return the status of each finding, and why it came or went."""
    return {
        name: (one.status, one.reason if one.status == "resolved" else one.opening)
        for name, one in found.items()
    }


# -- what goes -------------------------------------------------------------------------------------


def test_what_goes_by_a_changed_rule_was_not_fixed(catalogues: Catalogues) -> None:
    nights = Nights()
    nights.run(broken())
    catalogues.change({CONTROL: nobody})
    assert moved(nights.run(broken())) == {NO_PATH: ("resolved", "rule-changed")}
    assert nights.run(broken()) == {}
    assert nights.last(2) == ["run.completed", "run.completed"]


def test_a_rule_that_did_not_change_is_fixed_as_ever(catalogues: Catalogues) -> None:
    nights = Nights()
    nights.run(broken())
    catalogues.change({"sole-administrator": nobody})
    assert moved(nights.run(parish())) == {NO_PATH: ("resolved", "fixed")}
    assert moved(nights.run(broken())) == {NO_PATH: ("regressed", None)}


@pytest.mark.parametrize(
    ("files", "reason"),
    [(gone(), "gone"), (closed(), "closed"), (disabled(), "control-disabled")],
    ids=["gone", "closed", "disabled"],
)
def test_what_holds_under_any_rule_is_the_reason(
    catalogues: Catalogues, files: RegistryFiles, reason: str
) -> None:
    nights = Nights()
    nights.run(broken())
    catalogues.change({CONTROL: nobody})
    assert moved(nights.run(files))[NO_PATH] == ("resolved", reason)


@pytest.mark.parametrize("more", ["", "\n[controls.no-removal-path]\nenabled = true\n"])
def test_a_control_that_is_off_by_its_definition_ends_its_findings_by_the_rule(
    catalogues: Catalogues, more: str
) -> None:
    nights = Nights()
    nights.run(broken())
    # Off until the policy sets a limit, or something else, that it cannot guess.
    catalogues.change({CONTROL: nobody}, parameters={"days": None})
    files = replace_policy(broken(), CLEAN_POLICY + more)
    assert moved(nights.run(files)) == {NO_PATH: ("resolved", "rule-changed")}


@pytest.mark.parametrize(
    "more",
    [
        "\n[controls.no-removal-path]\nenabled = false\n",
        "\n[entities.e0.controls.no-removal-path]\nenabled = false\n",
    ],
    ids=["for all", "for its entity"],
)
def test_what_the_policy_turns_off_is_turned_off_whatever_the_rule(
    catalogues: Catalogues, more: str
) -> None:
    nights = Nights()
    nights.run(broken())
    catalogues.change({CONTROL: nobody}, parameters={"days": None})
    files = replace_policy(broken(), CLEAN_POLICY + more)
    assert moved(nights.run(files)) == {NO_PATH: ("resolved", "control-disabled")}


def test_a_dropped_control_ends_its_findings_by_the_rule(catalogues: Catalogues) -> None:
    nights = Nights()
    nights.run(broken())
    catalogues.change(dropped=[CONTROL])
    assert moved(nights.run(broken())) == {NO_PATH: ("resolved", "rule-changed")}


def test_a_control_that_looks_at_something_else_ends_its_findings(catalogues: Catalogues) -> None:
    files = broken()
    files.tables["observations"][0] |= {"handle": "stranger", "entity_id": "e0"}
    nights = Nights()
    before = [name for name in nights.run(files) if name.startswith("unregistered-account")]
    assert before
    catalogues.change(
        {"unregistered-account": nobody}, subjects=ENTITIES, needs=(), undecided=None, partly={}
    )
    after = moved(nights.run(files))
    assert [after[name] for name in before] == [("resolved", "rule-changed")] * len(before)


def test_what_could_not_be_checked_by_the_new_rule_waits_for_it(catalogues: Catalogues) -> None:
    nights = Nights()
    nights.run(broken())
    catalogues.change({CONTROL: nobody})
    # One row alone is undecided, in a control that is checked for the others.
    empty = broken(removal_path="")
    assert moved(nights.run(empty)) == {NO_PATH: ("open", None)}
    assert moved(nights.run(parish().drop("accounts.removal_path"))) == {NO_PATH: ("open", None)}
    assert moved(nights.run(parish())) == {NO_PATH: ("resolved", "rule-changed")}


# -- what comes ------------------------------------------------------------------------------------


def test_what_comes_by_a_changed_rule_is_new_and_says_so(catalogues: Catalogues) -> None:
    nights = Nights()
    nights.run(broken())
    catalogues.change({CONTROL: everybody})
    assert moved(nights.run(broken())) == {
        NO_PATH: ("open", None),
        OTHER: ("new", "rule-changed"),
    }
    # One that comes and one that still fails, each once on record.
    assert nights.last(3) == ["finding.changed", "finding.opened", "run.completed"]
    assert moved(nights.run(broken())) == {NO_PATH: ("open", None), OTHER: ("open", None)}
    assert nights.last(2) == ["run.completed", "run.completed"]


def test_what_comes_back_by_a_changed_rule_did_not_come_back(catalogues: Catalogues) -> None:
    nights = Nights()
    for files in (broken(), parish()):
        nights.run(files)
    files = parish()
    # The rule fails another value now, which its evidence has.
    catalogues.change({CONTROL: _fails_head})
    found = nights.run(files)
    assert moved(found)[NO_PATH] == ("new", "rule-changed")
    assert found[NO_PATH].first_seen == AS_OF
    assert moved(nights.run(files))[NO_PATH] == ("open", None)
    known = fold(records(nights.log)).findings[found[NO_PATH].finding.id]
    assert (known.transition, known.opening) == ("opened", "rule-changed")


def _fails_head(subjects: Any, _: Any, __: Any) -> Any:
    return (Fail(one, {"removal_path": one.removal_path}) for one in subjects)


def test_the_same_facts_that_failed_before_are_back(catalogues: Catalogues) -> None:
    nights = Nights()
    for files in (broken(), parish()):
        nights.run(files)
    catalogues.change({}, declared=[CONTROL])
    assert moved(nights.run(broken())) == {NO_PATH: ("regressed", None)}


def test_what_a_rule_let_go_and_another_brings_back_is_new(catalogues: Catalogues) -> None:
    nights = Nights()
    nights.run(broken())
    catalogues.change({CONTROL: nobody})
    nights.run(broken())
    catalogues.change({CONTROL: only("a0")})
    assert moved(nights.run(broken())) == {NO_PATH: ("new", "rule-changed")}


def test_a_new_control_brings_its_findings_by_the_rule(catalogues: Catalogues) -> None:
    nights = Nights()
    catalogues.change({}, declared=[], dropped=[CONTROL])
    nights.run(broken())
    catalogues.change(added=[CONTROL])
    assert moved(nights.run(broken())) == {NO_PATH: ("new", "rule-changed")}


def test_the_first_run_of_a_log_finds_what_is_new(catalogues: Catalogues) -> None:
    catalogues.change({CONTROL: everybody})
    assert set(moved(Nights().run(broken())).values()) == {("new", None)}


def test_where_no_run_looked_before_nothing_came_by_the_rule(catalogues: Catalogues) -> None:
    nights = Nights()
    # It could not be checked at all, so the old rule judged nobody.
    nights.run(broken().drop("accounts.removal_path"))
    nights.run(disabled())
    catalogues.change({}, declared=[CONTROL])
    assert moved(nights.run(broken())) == {NO_PATH: ("new", None)}


def test_a_later_night_under_the_same_rules_is_a_night_as_ever(catalogues: Catalogues) -> None:
    nights = Nights()
    nights.run(parish())
    catalogues.change({CONTROL: only("a0")}, declared=[CONTROL])
    assert moved(nights.run(parish())) == {NO_PATH: ("new", "rule-changed")}
    catalogues.change({CONTROL: everybody}, declared=[])
    assert moved(nights.run(parish())) == {NO_PATH: ("open", None), OTHER: ("new", None)}
    catalogues.change({CONTROL: nobody}, declared=[])
    assert set(moved(nights.run(parish())).values()) == {("resolved", "fixed")}
    catalogues.change({CONTROL: only("a0")}, declared=[])
    assert moved(nights.run(parish())) == {NO_PATH: ("regressed", None)}


# -- limited and interrupted runs, and other releases ----------------------------------------------


def test_a_limited_run_judges_its_own_part_alone(catalogues: Catalogues) -> None:
    both = broken()
    both.row("accounts", 1, removal_path="none")
    nights = Nights()
    nights.run(both)
    catalogues.change({}, declared=[CONTROL])
    assert moved(nights.run(both, entity="e1")) == {OTHER: ("open", None)}
    # By the new rule a1 was judged, a0 was not.
    assert moved(nights.run(parish())) == {
        NO_PATH: ("resolved", "rule-changed"),
        OTHER: ("resolved", "fixed"),
    }


def test_a_limited_run_looked_at_its_own_part_alone(catalogues: Catalogues) -> None:
    nights = Nights()
    nights.run(parish())
    catalogues.change({CONTROL: nobody})
    nights.run(parish(), entity="e1")
    nights.run(parish(), controls=("sole-administrator",))
    catalogues.change({CONTROL: everybody}, declared=[])
    assert moved(nights.run(parish())) == {
        NO_PATH: ("new", "rule-changed"),
        OTHER: ("new", None),
    }


def test_an_interrupted_run_told_nobody_of_the_rule(catalogues: Catalogues) -> None:
    nights = Nights()
    nights.run(broken())
    catalogues.change({CONTROL: only("a1")}, declared=[CONTROL])
    expected = {NO_PATH: ("resolved", "rule-changed"), OTHER: ("new", "rule-changed")}
    assert moved(nights.run(broken(), die=True)) == expected
    assert moved(nights.run(broken())) == expected
    assert moved(nights.run(broken())) == {OTHER: ("open", None)}


def test_a_release_that_is_older_than_the_last_run_knows_none_of_its_rules(
    catalogues: Catalogues,
) -> None:
    nights = Nights()
    nights.run(broken())
    catalogues.change({"sole-administrator": nobody})
    nights.run(broken())
    # The finding was judged by the rules of then, and never since.
    catalogues.change({CONTROL: everybody})
    nights.run(broken())
    catalogues.go_back(CATALOGUE_VERSION)
    assert moved(nights.run(parish())) == {
        NO_PATH: ("resolved", "rule-changed"),
        OTHER: ("resolved", "rule-changed"),
    }


def test_a_log_without_versions_is_of_the_first(catalogues: Catalogues) -> None:
    assert look_of({"run": "r1"}) == Look(1)
    assert opening_of("role-drift", None, [Look(1)]) == "rule-changed"
    assert opening_of("sole-administrator", None, [Look(1)]) is None
    catalogues.change({}, declared=["sole-administrator"])
    assert opening_of("sole-administrator", None, [Look(1)]) == "rule-changed"


def test_a_look_that_another_covers_counts_no_more() -> None:
    whole, later = Look(1), Look(2)
    part = Look(2, entities=frozenset({"e1"}))
    blind = Look(2, unmade=frozenset({"x"}))
    assert latest_looks([whole, part, None, later]) == (later,)
    assert latest_looks([whole, part]) == (whole, part)
    assert latest_looks([whole, blind, blind]) == (whole, blind)
    assert latest_looks([blind, part, whole]) == (whole,)


def test_a_run_of_more_entities_than_a_record_holds_covers_none() -> None:
    assert look_of({"scope": {"entity": "e0", "controls": None, "below": None}}) is None


# -- what is on record, and told -------------------------------------------------------------------


def test_a_run_and_its_findings_say_by_which_catalogue(catalogues: Catalogues) -> None:
    nights = Nights()
    nights.run(broken())
    number = catalogues.change({CONTROL: everybody})
    nights.run(broken())
    told = [(one.action, one.payload.get("catalogue")) for one in records(nights.log)]
    assert told == [
        ("finding.opened", CATALOGUE_VERSION),
        ("run.completed", CATALOGUE_VERSION),
        ("finding.changed", number),
        ("finding.opened", number),
        ("run.completed", number),
    ]


def test_a_summary_counts_what_nobody_did_apart(catalogues: Catalogues) -> None:
    nights = Nights()
    files = broken()
    files.row("accounts", 1, removal_tested_on=day(-300))
    nights.run(files)
    catalogues.change({CONTROL: only("a1")}, declared=[CONTROL])
    reports: list[Report] = []
    snapshot, policy = broken().read()
    run_audit(snapshot, policy, AS_OF + A_DAY, reports.append, log=nights.log, limits=Limits())
    summary = reports[0].summary
    assert summary.by_resolution == {"fixed": 1, "rule-changed": 1}
    assert summary.by_opening == {"rule-changed": 1}
    assert (summary.came_by_change, summary.went_by_change) == (1, 1)
    assert (sum(summary.standing.values()), summary.standing_subjects) == (1, 1)


def test_a_night_says_the_same(catalogues: Catalogues) -> None:
    findings, files = MemoryFindings(), MemoryFiles()
    registry = Documents(*_read(broken()))
    night(registry, findings, files, AS_OF, most=1)
    catalogues.change({CONTROL: only("a1")}, declared=[CONTROL])
    report = night(registry, findings, files, AS_OF + A_DAY, most=1)
    told = {
        one["subject"]["account"]: (one["status"], one["resolution"], one["opening"])
        for one in report["findings"]
    }
    assert told == {
        "a0": ("resolved", "rule-changed", None),
        "a1": ("new", None, "rule-changed"),
    }
    assert report["run"]["catalogue"] == CATALOGUE_VERSION + 1
    assert report["summary"]["by_resolution"] == {"rule-changed": 1}
    assert report["summary"]["by_opening"] == {"rule-changed": 1}
    assert report["summary"]["standing_subjects"] == 1
    again = night(registry, findings, files, AS_OF + 2 * A_DAY, most=1)
    assert [(one["status"], one["opening"]) for one in again["findings"]] == [("open", None)]


def test_a_run_is_judged_by_one_catalogue(catalogues: Catalogues, tmp_path: Path) -> None:
    findings, files = MemoryFindings(), MemoryFiles()
    registry = Documents(*_read(broken()))
    plan_run(registry, findings, files, "night", AS_OF, "runs/1", tmp_path, shards=1)
    catalogues.change({CONTROL: nobody})
    with pytest.raises(UsageError, match="deployed in between; start the run again"):
        audit_batch(files, findings, "runs/1", 0)
    assert not [*records(findings.log)]


def _read(files: RegistryFiles) -> tuple[Any, str]:
    snapshot, _ = files.read()
    return snapshot, files.policy


# -- a policy --------------------------------------------------------------------------------------

UNTESTED = "removal-path-untested a0"


def limited(files: RegistryFiles, more: str) -> RegistryFiles:
    """Return a registry under a policy that says more."""
    return replace_policy(files, CLEAN_POLICY + more)


def replace_policy(files: RegistryFiles, policy: str) -> RegistryFiles:
    """Return a registry under another policy."""
    return RegistryFiles(files.tables, policy=policy)


LONGER = "\n[controls.removal-path-untested]\ndays = 400\n"
LONGER_THERE = "\n[entities.e0.controls.removal-path-untested]\ndays = 400\n"


@pytest.mark.parametrize("more", [LONGER, LONGER_THERE], ids=["for all", "for its entity"])
def test_what_goes_for_another_limit_was_not_fixed(more: str) -> None:
    nights = Nights()
    old = broken(removal_tested_on=day(-300))
    assert moved(nights.run(old))[UNTESTED] == ("new", None)
    assert moved(nights.run(limited(old, more)))[UNTESTED] == ("resolved", "policy-changed")
    assert UNTESTED not in nights.run(limited(old, more))
    assert moved(nights.run(old))[UNTESTED] == ("regressed", None)


def test_what_was_put_right_under_another_limit_was_fixed() -> None:
    nights = Nights()
    nights.run(broken(removal_tested_on=day(-300)))
    fixed = limited(broken(removal_tested_on=day(-1)), LONGER)
    assert moved(nights.run(fixed))[UNTESTED] == ("resolved", "fixed")


def test_a_platform_that_the_policy_approves_now_is_what_changed() -> None:
    nights = Nights()
    files = broken(platform="myspace")
    found = {name for name in nights.run(files) if name.startswith("unapproved-platform")}
    assert found
    approved = replace_policy(
        files, CLEAN_POLICY.replace("approved_platforms = [", 'approved_platforms = ["myspace", ')
    )
    assert approved.policy != CLEAN_POLICY
    after = moved(nights.run(approved))
    assert {after[name] for name in found} == {("resolved", "policy-changed")}


def test_a_changed_rule_goes_before_a_changed_limit(catalogues: Catalogues) -> None:
    nights = Nights()
    old = broken(removal_tested_on=day(-300))
    nights.run(old)
    catalogues.change({}, declared=["removal-path-untested"])
    assert moved(nights.run(limited(old, LONGER)))[UNTESTED] == ("resolved", "rule-changed")
