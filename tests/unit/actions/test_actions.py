"""What one action holds, in what order actions come, and to whom they are told."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from rolecall.actions.action import urgency
from rolecall.actions.drafts import Standing
from rolecall.actions.folding import first_actions
from rolecall.actions.harm import CONTROL_HARMS, HARMS
from rolecall.actions.merging import narrowed
from rolecall.controls.catalogue import catalogue
from rolecall.controls.context import Context
from rolecall.model import FULL_CONTROL_ROLES
from rolecall.reports.named_action import NamedAction, ToldActions
from tests.planned import Plan, plan_of, planned
from tests.registries import RegistryFiles, crowded, day, parish, read
from tests.tiers import cases

EXAMPLE = Path(__file__).parents[3] / "examples" / "diocese"


@pytest.fixture(scope="module")
def example() -> Plan:
    return planned(*read(EXAMPLE), datetime(2026, 11, 2, tzinfo=UTC))


def gone(files: RegistryFiles) -> RegistryFiles:
    """Let the holder of the first grant be gone, who knows the first login."""
    files.row("people", 1, status="left", left_on=day(-20))
    return files


def test_a_departure_is_one_action_on_all_accounts() -> None:
    plan = plan_of(gone(parish()))
    departure = plan.one("departure", "p1")
    accounts = {one.account for one in departure.deeds if one.kind == "take-access"}
    held = {one.account_id for one in plan.snapshot.grants if one.person_id == "p1" and one.is_live}
    assert accounts == held
    assert len(held) > 1
    by_id = {one.id: one for one in plan.findings}
    ended = [by_id[id_] for id_ in departure.findings]
    assert {one.subject.account for one in ended if one.control == "orphaned-admin"} == held
    assert departure.person == "p1"
    assert all(doer.person != "p1" for doer in departure.doers)


def test_a_password_is_changed_once_for_all_reasons() -> None:
    files = gone(parish())
    login = next(
        number for number, row in enumerate(files.tables["logins"]) if row["account_id"] == "a0"
    )
    cells = {"holder_ids": "p1", "strength": "1", "storage": "email", "rotated_on": day(-900)}
    id_ = files.row("logins", login, **cells)["id"]
    plan = plan_of(files)
    changes = [
        (action.kind, deed.login)
        for action in plan.actions
        for deed in action.deeds
        if deed.kind == "change-password"
    ]
    assert changes == [("departure", id_)]
    controls = {one.control for one in plan.findings if one.id in plan.one("departure").findings}
    assert {"weak-password", "leaver-knows-password", "unsecured-login"} <= controls


def test_nobody_is_asked_for_what_nobody_can_do() -> None:
    """Where nobody who serves has full control, the first thing is to get in again."""
    files = gone(parish())
    first = files.tables["grants"][0]["account_id"]
    for number, row in enumerate(files.tables["grants"]):
        if row["account_id"] == first:
            role = "owner" if row["person_id"] == "p1" else "editor"
            files.row("grants", number, role=role, revoked_on="")
    departure = plan_of(files).one("departure", "p1")
    deeds = [one.kind for one in departure.deeds if one.account == first]
    assert deeds[:2] == ["recover-account", "give-control"]
    assert "take-access" in deeds


@pytest.mark.parametrize("seed", range(cases("crowded registries")))
def test_an_account_is_recovered_where_nobody_controls_it_and_nowhere_else(seed: int) -> None:
    plan = plan_of(crowded(seed))
    context = Context(plan.snapshot, plan.policy, plan.as_of)
    for action in plan.actions:
        by_account: dict[str, list[str]] = {}
        for deed in action.deeds:
            by_account.setdefault(deed.account, []).append(deed.kind)
        for account, kinds in by_account.items():
            live = context.live_grants.get(account, ())
            holders = [one.person_id for one in live if one.role in FULL_CONTROL_ROLES]
            is_lost = bool(live) and not context.among_active(holders)
            if "recover-account" in kinds:
                assert is_lost
            elif "give-control" in kinds:
                assert not is_lost


def test_harms_are_of_the_catalogue() -> None:
    assert CONTROL_HARMS.keys() <= catalogue().keys()
    assert set(CONTROL_HARMS.values()) < set(HARMS)


def test_who_left_in_control_with_the_password_comes_first(example: Plan) -> None:
    ordered = sorted(example.actions, key=urgency)
    assert ordered[0].harm == "leaver-in-control"
    harms = [HARMS.index(one.harm) for one in ordered]
    assert harms == sorted(harms)
    # The page of ten: everything critical about who is in control is on it.
    assert {one.harm for one in ordered[:10]} >= set(HARMS[:3])


def test_what_the_policy_calls_medium_is_upkeep(example: Plan) -> None:
    for action in example.actions:
        for one in action.ended:
            assert (one.harm == "upkeep") == (one.severity in ("medium", "low"))


def test_the_order_is_told_by_more_than_digests(example: Plan) -> None:
    """No id of an action, nor of a finding, is asked before what it is about is."""
    places = [urgency(one)[:-1] for one in example.actions]
    assert all(not isinstance(part, bytes) for place in places for part in place)
    assert len({urgency(one) for one in example.actions}) == len(example.actions)
    assert all(one.id not in map(str, urgency(one)) for one in example.actions)


def test_actions_about_incidents_name_nobody_and_are_for_officers(example: Plan) -> None:
    found = [one for one in example.actions if one.kind == "incident"]
    assert found
    people = {one.id for one in example.snapshot.people}
    for action in found:
        assert action.for_officers
        assert action.entity is None
        assert not action.doers
        assert narrowed(action, frozenset(one.id for one in example.snapshot.entities)) is None
        text = msgspec.json.encode(action).decode()
        assert not [one for one in people if f'"{one}"' in text]
    apart = [one for one in example.actions if one.kind != "incident"]
    assert not [one for one in apart if one.for_officers or any(d.incident for d in one.deeds)]


def test_whom_an_incident_is_about_is_not_proposed() -> None:
    files = parish()
    account = files.tables["accounts"][0]["id"]
    held = [one for one in files.tables["grants"] if one["account_id"] == account]
    files.tables["grants"] = [
        one for one in files.tables["grants"] if one["account_id"] != account
    ] + held[:1]
    before = plan_of(files)
    [proposed] = [
        deed.person
        for deed in before.one("control", account).deeds
        if deed.kind == "give-control" and deed.person != held[0]["person_id"]
    ]
    incident = dict(files.tables["incidents"][0])
    incident |= {"id": "i-9", "account_id": account, "subject_id": proposed, "closed_on": ""}
    files.tables["incidents"].append(incident)
    after = plan_of(files)
    assert proposed not in {deed.person for deed in after.one("control", account).deeds}


def test_of_those_above_the_nearest_is_proposed(example: Plan) -> None:
    """The pastor of the parish, and not who leads the diocese, though their id comes first."""
    departure = example.one("departure", "p-044")
    given = [one.person for one in departure.deeds if one.kind == "give-control"]
    assert sorted(given) == ["p-040", "p-043"]


def test_nobody_confirms_their_own_access(example: Plan) -> None:
    own = [
        one for one in example.actions if {deed.kind for deed in one.deeds} == {"confirm-access"}
    ]
    about = {deed.person for one in own for deed in one.deeds}
    assert "p-001" in about
    for one in own:
        confirmed = {deed.person for deed in one.deeds}
        assert len(confirmed) > 1 or not confirmed & {doer.person for doer in one.doers}


def test_a_new_password_is_kept_once_there_is_one(example: Plan) -> None:
    kinds = [deed.kind for deed in example.one("departure", "p-044").deeds]
    assert kinds.index("change-password") < kinds.index("keep-safe")


def test_an_outside_owner_keeps_full_control_only_where_it_is_needed(example: Plan) -> None:
    roles = {
        (deed.account, deed.person): deed.role
        for one in example.actions
        for deed in one.deeds
        if deed.kind == "lower-role"
    }
    # Beside the agency two of the newspaper have full control, beside the contractor one person.
    assert roles["acc-009", "p-011"] == "editor"
    assert roles["acc-003", "p-010"] == "admin"


def test_a_head_is_told_of_their_own(example: Plan) -> None:
    several = [one for one in example.actions if one.entity is None and not one.for_officers]
    split = [one for one in several if len({e.entity for e in one.ended}) > 1]
    assert split
    for action in split:
        entities = {one.entity for one in action.ended if one.entity is not None}
        parts = [narrowed(action, frozenset({one})) for one in entities]
        assert all(part is not None for part in parts)
        ended = sorted(id_ for part in parts if part is not None for id_ in part.findings)
        assert ended == sorted(action.findings)
        for entity, part in zip(entities, parts, strict=True):
            assert part is not None
            assert {one.entity for one in part.ended} == {entity}
            assert {one.entity for one in part.deeds} <= {entity, ""}
            assert {one.entity for one in part.doers} <= {entity}


@pytest.mark.parametrize("seed", range(cases("crowded registries") // 4))
def test_the_first_are_the_first_of_all(seed: int) -> None:
    plan = plan_of(crowded(seed))
    context = Context(plan.snapshot, plan.policy, plan.as_of)
    standing = [Standing(one, plan.as_of) for one in plan.findings]
    ordered = sorted(plan.actions, key=urgency)
    for most in (1, 3, 1_000):
        first, more = first_actions(standing, context, most)
        assert list(first) == ordered[:most]
        assert more == max(0, len(ordered) - most)
        told = ToldActions.of((NamedAction(one, {}, {}) for one in plan.actions), most)
        assert ([one.action for one in told.first], told.more) == (list(first), more)


def test_the_example_is_rid_of_everything(example: Plan) -> None:
    found = example.check()
    assert not found.left
    assert not found.new
    assert not example.folded.without


def test_what_was_not_looked_at_has_no_action() -> None:
    plan = plan_of(gone(parish()))
    context = Context(plan.snapshot, plan.policy, plan.as_of)
    standing = [Standing(one, plan.as_of, is_known=False) for one in plan.findings]
    actions, more = first_actions(standing, context)
    assert (list(actions), more) == ([], 0)
