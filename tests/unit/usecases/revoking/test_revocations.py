"""Removals of access: who may ask, what stands against it, and that no sequence of acts tears it.

The machine below does whatever anybody could, in any order, against the model in its own words: a
grant has at most one revocation that is not over, and it is marked exactly as long as that is so.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from msgspec.structs import replace

from rolecall.errors import (
    BrakeError,
    ConflictError,
    LogBusyError,
    LogConflictError,
    NotFoundError,
    UsageError,
)
from rolecall.model import Grant, Observation, Snapshot
from rolecall.usecases.identity.permissions import Caller
from rolecall.usecases.retry import MOST_ATTEMPTS
from rolecall.usecases.revoking.confirmation import confirm
from rolecall.usecases.revoking.fulfilment import carry_out, steps_for
from rolecall.usecases.revoking.revocations import (
    OPEN,
    request,
)
from rolecall.usecases.revoking.taking_back import cancel
from tests.api import registry
from tests.stores.memory import MemoryHouse, MemoryRateLimit, MemoryRevocations
from tests.tiers import examples

AT = datetime(2026, 11, 3, 9, tzinfo=UTC)
WHY = "left the parish two years ago"
PEOPLE = [f"{what}-{unit}" for unit in ("top", "mid", "sib") for what in ("head", "it", "boss")]


def caller(person: str, *groups: str) -> Caller:
    return Caller(person, frozenset(groups), f"oidc:{person}")  # type: ignore[arg-type]


def stores(
    snapshot: Snapshot | None = None, most: int = 20
) -> tuple[MemoryHouse, MemoryRevocations]:
    house = MemoryHouse(snapshot or registry())
    return house, MemoryRevocations(house, MemoryRateLimit(house, most))


def without_boss_and(*ids: str) -> Snapshot:
    """Return the registry in which nobody but these has a grant on the page of *mid*."""
    made = registry()
    grants = tuple(
        one for one in made.grants if one.account_id != "page-mid" or one.person_id in ids
    )
    return replace(made, grants=grants)


# -- who may ------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["head-mid", "it-mid", "head-top", "it-top"])
def test_heads_and_their_it_revoke_here_and_below(person: str) -> None:
    house, store = stores()
    made, effects = request(store, caller(person), AT, "page-mid", "boss-mid", WHY)
    assert made is not None
    assert (made.state, made.requested_by, made.role) == ("requested", person, "admin")
    assert effects.logins == ("login-mid",)
    assert effects.administrators == ("head-mid",)
    assert [event.action for event in house.events] == ["revocation.requested"]


@pytest.mark.parametrize(
    "person", ["head-leaf", "head-sib", "boss-mid", "person-mid", "officer", "nobody"]
)
@pytest.mark.parametrize("groups", [(), ("compliance",), ("registrar",)])
def test_nobody_else_does_nor_learns_that_it_exists(person: str, groups: tuple[str, ...]) -> None:
    house, store = stores()
    messages = set()
    for account in ("page-mid", "page-none"):
        with pytest.raises(NotFoundError) as refused:
            request(store, caller(person, *groups), AT, account, "boss-mid", WHY)
        messages.add(str(refused.value).replace(account, "?"))
    assert len(messages) == 1
    assert house.events == []


@pytest.mark.parametrize("person", ["nobody", "boss-top"])
def test_what_nobody_has_cannot_be_taken_away(person: str) -> None:
    with pytest.raises(NotFoundError, match="there is no access"):
        request(stores()[1], caller("head-mid"), AT, "page-mid", person, WHY)


@pytest.mark.parametrize("reason", ["", "short", "x" * 501, "ask pat@parish.example about it"])
def test_a_reason_is_asked_for(reason: str) -> None:
    house, store = stores()
    with pytest.raises(UsageError, match="reason"):
        request(store, caller("head-mid"), AT, "page-mid", "boss-mid", reason)
    assert house.events == []


# -- guards -------------------------------------------------------------------------------------


def test_a_head_keeps_access_whoever_asks() -> None:
    for person in ("it-mid", "head-top", "head-mid"):
        with pytest.raises(ConflictError) as refused:
            request(stores()[1], caller(person), AT, "page-mid", "head-mid", WHY, override="x" * 20)
        assert refused.value.kind == "head-access"


def test_the_last_administrator_stays_unless_a_head_goes_on() -> None:
    snapshot = without_boss_and("boss-mid", "person-mid")
    _, store = stores(snapshot)
    with pytest.raises(ConflictError) as refused:
        request(store, caller("it-mid"), AT, "page-mid", "boss-mid", WHY, override="x" * 20)
    assert refused.value.kind == "last-administrator"
    house, store = stores(snapshot)
    with pytest.raises(ConflictError) as refused:
        request(store, caller("head-mid"), AT, "page-mid", "boss-mid", WHY)
    assert "override" in str(refused.value)
    made, effects = request(
        store, caller("head-mid"), AT, "page-mid", "boss-mid", WHY, override="nobody is trained yet"
    )
    assert made is not None
    assert made.override == "nobody is trained yet"
    assert effects.administrators == ()
    assert [event.action for event in house.events] == [
        "revocation.requested",
        "revocation.overridden",
    ]


def test_who_administers_nothing_any_more_is_no_last_administrator() -> None:
    made = without_boss_and("boss-mid")
    for change in ({"status": "left"}, {"status": "suspended"}, {"left_on": date(2026, 11, 3)}):
        people = tuple(
            replace(one, **change) if one.id == "boss-mid" else one for one in made.people
        )
        _, store = stores(replace(made, people=people))
        asked, _ = request(store, caller("it-mid"), AT, "page-mid", "boss-mid", WHY)
        assert asked is not None


@pytest.mark.parametrize("role", ["manager", "editor", "analyst"])
def test_guards_are_about_full_control(role: str) -> None:
    made = without_boss_and("boss-mid")
    grants = tuple(
        replace(one, role=role) if one.account_id == "page-mid" else one for one in made.grants
    )
    _, store = stores(replace(made, grants=grants))
    asked, _ = request(store, caller("it-mid"), AT, "page-mid", "boss-mid", WHY)
    assert asked is not None


# -- steps --------------------------------------------------------------------------------------


def test_a_dry_run_changes_nothing() -> None:
    house, store = stores()
    before = dict(house.items)
    made, effects = request(
        store, caller("head-mid"), AT, "page-mid", "boss-mid", WHY, dry_run=True
    )
    assert made is None
    assert effects.administrators == ("head-mid",)
    assert (house.items, house.events) == (before, [])


def test_asking_again_gives_what_there_is() -> None:
    house, store = stores()
    first, _ = request(store, caller("head-mid"), AT, "page-mid", "boss-mid", WHY)
    later = AT + timedelta(hours=3)
    second, _ = request(store, caller("it-top"), later, "page-mid", "boss-mid", WHY)
    assert first == second
    assert len(house.events) == 1


def test_what_nobody_can_do_by_program_is_handed_over_once() -> None:
    house, store = stores()
    made, _ = request(store, caller("head-mid"), AT, "page-mid", "boss-mid", WHY)
    assert made is not None
    assert carry_out(store, made.id, AT)
    assert not carry_out(store, made.id, AT)
    assert not carry_out(store, "nothing", AT)
    known = store.revocation(made.id)
    assert known is not None
    assert known.state == "needs_human"
    assert known.steps == steps_for("facebook", "mid", "boss-mid")
    assert known.steps[-1] == "Confirm here that boss-mid has no access to facebook/mid any more."
    assert [event.action for event in house.events][1:] == ["revocation.handed_over"]


@pytest.mark.parametrize("whose", ["person-mid", "it-mid"])
def test_whose_access_it_was_confirms_nothing(whose: str) -> None:
    made = registry()
    grants = (*made.grants, Grant("page-mid", "it-mid", "editor"))
    _, store = stores(replace(made, grants=grants))
    asked, _ = request(store, caller("head-mid"), AT, "page-mid", whose, WHY)
    assert asked is not None
    # IT may confirm here, but not their own; nor does anybody say that it was they who removed it.
    for by, removed_by in (("head-mid", whose), (whose, "head-mid")):
        with pytest.raises((ConflictError, NotFoundError)) as refused:
            confirm(
                store,
                caller(by),
                AT,
                asked.id,
                removed_by=removed_by,
                removed_on=AT.date(),
                note="seen",
            )
        if by != "person-mid":
            assert isinstance(refused.value, ConflictError)
            assert refused.value.kind == "self-confirmation"
    known = store.revocation(asked.id)
    assert known is not None
    assert known.state == "requested"


def test_a_removal_that_is_still_to_come_or_by_nobody_is_no_removal() -> None:
    _, store = stores()
    made, _ = request(store, caller("head-mid"), AT, "page-mid", "boss-mid", WHY)
    assert made is not None
    for by, on in (("nobody", AT.date()), ("it-mid", AT.date() + timedelta(1))):
        with pytest.raises(UsageError):
            confirm(
                store, caller("head-mid"), AT, made.id, removed_by=by, removed_on=on, note="seen"
            )
    known = store.revocation(made.id)
    assert known is not None
    assert known.state == "requested"


def test_a_removal_is_not_before_the_platform_shows_the_access_for_the_last_time() -> None:
    known = registry()
    page = next(one for one in known.accounts if one.id == "page-mid")
    listing = Observation(
        page.platform.upper(),
        f"@{page.handle}",
        AT.date() - timedelta(2),
        person_email="Boss-Mid@example.org",
        role="admin",
    )
    house, store = stores(replace(known, observations=(listing,)))
    made, _ = request(store, caller("head-mid"), AT, "page-mid", "boss-mid", WHY)
    assert made is not None
    told = {"removed_by": "it-mid", "note": "seen"}
    day = AT.date() - timedelta(3)
    with pytest.raises(UsageError, match="the last listing of the platform that shows it"):
        confirm(store, caller("head-mid"), AT, made.id, removed_on=day, **told)
    assert len(house.events) == 1
    day += timedelta(1)
    done = confirm(store, caller("head-mid"), AT, made.id, removed_on=day, **told)
    assert done.removed_on == day


@pytest.mark.parametrize("days", [0, 1])
def test_a_confirmation_tells_nobody_who_is_on_the_roster(days: int) -> None:
    house, store = stores()
    made, _ = request(store, caller("head-mid"), AT, "page-mid", "boss-mid", WHY)
    assert made is not None
    day = AT.date() + timedelta(days)
    told = set()
    for by in ("nobody", "officer", "clerk", "person-sib", "head-sib", "boss-top"):
        with pytest.raises(UsageError) as refused:
            confirm(
                store, caller("head-mid"), AT, made.id, removed_by=by, removed_on=day, note="seen"
            )
        told.add(str(refused.value).replace(by, "X"))
    assert len(told) == 1
    assert len(house.events) == 1


@pytest.mark.parametrize("by", ["head-mid", "it-top", "person-mid", "boss-leaf", "head-leaf"])
def test_who_removed_it_is_whom_the_caller_has_to_do_with(by: str) -> None:
    _, store = stores()
    made, _ = request(store, caller("head-mid"), AT, "page-mid", "boss-mid", WHY)
    assert made is not None
    done = confirm(
        store, caller("head-mid"), AT, made.id, removed_by=by, removed_on=AT.date(), note="seen"
    )
    assert (done.state, done.removed_by) == ("confirmed", by)


@pytest.mark.parametrize(
    "note",
    ["", "  ", "asked john@example.org", "asked john\uff20example.org", "a\u202eb", "a\x1bb"],
)
def test_a_remark_is_plain_and_names_no_address(note: str) -> None:
    house, store = stores()
    made, _ = request(store, caller("head-mid"), AT, "page-mid", "boss-mid", WHY)
    assert made is not None
    with pytest.raises(UsageError, match="the note"):
        confirm(
            store,
            caller("head-mid"),
            AT,
            made.id,
            removed_by="it-mid",
            removed_on=AT.date(),
            note=note,
        )
    assert len(house.events) == 1


# -- others at the same moment ------------------------------------------------------------------


def test_a_race_is_decided_anew() -> None:
    house, store = stores()
    other = MemoryRevocations(house, MemoryRateLimit(house))
    house.meanwhile = lambda: request(other, caller("it-mid"), AT, "page-mid", "person-mid", WHY)
    made, _ = request(store, caller("head-mid"), AT, "page-mid", "boss-mid", WHY)
    assert made is not None
    state = store.account("page-mid")
    assert state is not None
    assert set(state.document.revoking) == {"boss-mid", "person-mid"}


def test_a_race_that_takes_the_last_other_administrator_is_seen() -> None:
    snapshot = registry()
    grants = tuple(
        replace(one, person_id="boss-leaf", role="owner")
        if (one.account_id, one.person_id) == ("page-mid", "head-mid")
        else one
        for one in snapshot.grants
    )
    house, store = stores(replace(snapshot, grants=grants))
    house.meanwhile = lambda: request(store, caller("head-mid"), AT, "page-mid", "boss-leaf", WHY)
    with pytest.raises(ConflictError) as refused:
        request(store, caller("it-mid"), AT, "page-mid", "boss-mid", WHY)
    assert refused.value.kind == "last-administrator"


def test_who_is_always_late_is_told_so() -> None:
    house, store = stores()
    attempts: list[int] = []

    def busy() -> None:
        attempts.append(1)
        house.meanwhile = busy
        raise LogConflictError("another was faster")

    house.meanwhile = busy
    with pytest.raises(LogBusyError):
        request(store, caller("head-mid"), AT, "page-mid", "boss-mid", WHY)
    assert len(attempts) == MOST_ATTEMPTS
    assert house.events == []


def test_the_limit_holds_for_requests() -> None:
    house, store = stores(most=1)
    request(store, caller("head-mid"), AT, "page-mid", "boss-mid", WHY)
    with pytest.raises(BrakeError):
        request(store, caller("head-mid"), AT, "page-mid", "person-mid", WHY)
    request(store, caller("head-mid"), AT, "page-mid", "person-mid", WHY, counts=False)
    assert len(house.events) == 2


class Acts(RuleBasedStateMachine):
    """Anybody does anything, in any order."""

    @initialize()
    def begin(self) -> None:
        self.house, self.store = stores(most=10_000)
        self.at = AT
        self.ids: list[str] = []

    def later(self) -> datetime:
        self.at += timedelta(minutes=7)
        return self.at

    @rule(by=st.sampled_from(PEOPLE), whom=st.sampled_from(PEOPLE))
    def request(self, by: str, whom: str) -> None:
        try:
            made, _ = request(self.store, caller(by), self.later(), "page-mid", whom, WHY)
        except (NotFoundError, ConflictError):
            return
        assert made is not None
        self.ids.append(made.id)

    @rule(number=st.integers(0, 5))
    def carry_out(self, number: int) -> None:
        if self.ids:
            carry_out(self.store, self.ids[number % len(self.ids)], self.later())

    @rule(by=st.sampled_from(PEOPLE), removed_by=st.sampled_from(PEOPLE), number=st.integers(0, 5))
    def confirm(self, by: str, removed_by: str, number: int) -> None:
        if not self.ids:
            return
        at = self.later()
        with suppress(NotFoundError, ConflictError):
            confirm(
                self.store,
                caller(by),
                at,
                self.ids[number % len(self.ids)],
                removed_by=removed_by,
                removed_on=at.date(),
                note="seen on the platform",
            )

    @rule(by=st.sampled_from(PEOPLE), number=st.integers(0, 5))
    def cancel(self, by: str, number: int) -> None:
        if self.ids:
            with suppress(NotFoundError, ConflictError):
                cancel(self.store, caller(by), self.later(), self.ids[number % len(self.ids)], WHY)

    @invariant()
    def a_grant_is_marked_while_its_removal_is_not_over(self) -> None:
        state = self.store.account("page-mid")
        assert state is not None
        known = [self.store.revocation(id_) for id_ in set(self.ids)]
        waits = {one.person for one in known if one is not None and one.state in OPEN}
        assert len(waits) == sum(one is not None and one.state in OPEN for one in known)
        marked = {
            one.person_id
            for one in state.document.grants
            if one.revoke_requested_at is not None and one.revoked_on is None
        }
        assert marked == waits
        ended = {one.person_id for one in state.document.grants if one.revoked_on is not None}
        assert ended == {
            one.person for one in known if one is not None and one.state == "confirmed"
        }
        assert set(state.document.revoking) == marked | ended

    @invariant()
    def the_head_of_the_entity_keeps_access_and_all_is_on_record(self) -> None:
        state = self.store.account("page-mid")
        assert state is not None
        assert any(
            one.person_id == "head-mid" and one.revoke_requested_at is None
            for one in state.document.grants
        )
        versions = sum(
            known.version for id_ in set(self.ids) if (known := self.store.revocation(id_))
        )
        assert len(self.house.events) == versions


TestActs = Acts.TestCase
TestActs.settings = settings(max_examples=examples(30), stateful_step_count=30)
