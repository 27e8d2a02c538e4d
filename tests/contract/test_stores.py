"""The stores of the decisions do the same in memory and in DynamoDB, races and refusals too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from msgspec.structs import replace

from rolecall.errors import BrakeError, DeniedError, LogConflictError
from rolecall.ledger.event import Event
from rolecall.ledger.log import records
from rolecall.model import Account, Entity, Grant, Observation, Person, Snapshot, Subject
from rolecall.usecases.governance.decisions import WaiverDecision
from rolecall.usecases.governance.recorded_changes import RegistryChange
from rolecall.usecases.governance.registry_changes import ChangeStore
from rolecall.usecases.governance.sign_in_lists import ListedSignIn, NotListed, SignInList
from rolecall.usecases.governance.sign_in_requests import SignInRequest
from rolecall.usecases.governance.waivers import WaiverStore
from rolecall.usecases.identity.sign_in import Roster, SignIns, mark_of
from rolecall.usecases.revoking.rate_limit import RateLimiter
from rolecall.usecases.revoking.revocations import Revocation, RevocationStore
from tests.api import bring, registry
from tests.cloud import Cloud, cloud
from tests.stores.memory import (
    MemoryChanges,
    MemoryHouse,
    MemoryRateLimit,
    MemoryRevocations,
    MemoryRoster,
    MemorySignIns,
    MemoryWaivers,
)

AT = datetime(2026, 11, 3, 2, tzinfo=UTC)


class Stores(NamedTuple):
    """One implementation of the ports, with what was recorded through them."""

    revocations: RevocationStore
    limit: RateLimiter
    sign_ins: SignIns
    roster: Roster
    changes: ChangeStore
    waivers: WaiverStore
    recorded: Callable[[], list[str]]


CHANNEL = "UCabcdefghijklmnopqrstuv"
SPELLED = [
    [
        ("twitter", "@Parish"),
        ("X", "parish"),
        ("x.com", "https://twitter.com/parish/"),
        ("Twitter (X)", "x.com/PARISH?lang=de"),
    ],
    # Two accounts by an @ that is part of the name, and by none.
    [("x", "@@parish")],
    [("YouTube", CHANNEL), ("yt", f"https://www.youtube.com/channel/{CHANNEL}")],
    # The ids of channels keep their case.
    [("youtube", CHANNEL.replace("a", "A"))],
    [
        ("fb", "St.Anna.Parish"),
        ("Facebook page", "facebook.com/stannaparish"),
        ("facebook", "https://m.facebook.com/StAnna.Parish/about"),
    ],
    [
        ("website", "https://www.st-anna.example/"),
        ("www", "st-anna.example"),
        ("Homepage", "http://ST-ANNA.example#top"),
    ],
    [("mastodon", "@parish@social.example"), ("fediverse", "https://social.example/@Parish")],
    [("facebook", "100%25#1")],
]
"""Names of one account a line, as lists and registries have them."""


def observed() -> Snapshot:
    """Return the registry with what platforms showed of one page, and of its neighbours."""
    known = registry()
    page = next(one for one in known.accounts if one.id == "page-mid")
    rows = (
        *(Observation(page.platform, page.handle, date(2026, 10, day)) for day in (1, 9)),
        Observation(page.platform.upper(), f"@{page.handle.upper()}", date(2026, 10, 5)),
        Observation(page.platform, f"{page.handle}2", date(2026, 10, 6)),
        Observation(page.platform, f"{page.handle}#", date(2026, 10, 7)),
        Observation("elsewhere", page.handle, date(2026, 10, 8)),
        *(
            Observation(*name, date(2026, 9, day))
            for names in SPELLED
            for day, name in enumerate(names, 1)
        ),
    )
    return replace(known, observations=rows)


def in_memory() -> Stores:
    house = MemoryHouse(observed())
    limit = MemoryRateLimit(house, 2)
    return Stores(
        MemoryRevocations(house, limit),
        limit,
        MemorySignIns(house),
        MemoryRoster(house),
        MemoryChanges(house),
        MemoryWaivers(house, {}),
        lambda: sorted(event.id for event in house.events),
    )


def in_dynamodb(sky: Cloud) -> Stores:
    stack = sky.stack()
    stack.rate_limit.most = 2
    return Stores(
        stack.revocations,
        stack.rate_limit,
        stack.sign_ins,
        stack.registry,
        stack.registrar,
        stack.waivers,
        lambda: sorted(one.id for one in records(sky.stack().log)),
    )


def begun(sky: Cloud) -> None:
    bring(sky, observed())


@pytest.fixture(params=["memory", "dynamodb"])
def stores(request: pytest.FixtureRequest) -> Iterator[Stores]:
    if request.param == "memory":
        yield in_memory()
    else:
        with cloud(begun) as sky:
            yield in_dynamodb(sky)


def event(name: str, at: datetime = AT) -> Event:
    return Event(
        id=f"test/{name}",
        at=at,
        actor="officer",
        action="revocation.requested",
        entity="mid",
        subject=Subject("grant", account="page-mid", person="boss-mid"),
        payload={"revocation": name},
    )


def revocation(name: str = "r-1", version: int = 1) -> Revocation:
    return Revocation(
        id=name,
        account="page-mid",
        person="boss-mid",
        entity="mid",
        role="admin",
        state="requested",
        requested_by="head-mid",
        requested_at=AT,
        reason="left the parish",
        version=version,
    )


# -- revocations --------------------------------------------------------------------------------


def test_an_account_is_read_with_its_lineage_and_its_people(stores: Stores) -> None:
    state = stores.revocations.account("page-leaf")
    assert state is not None
    assert state.document.account.id == "page-leaf"
    assert [entity.id for entity in state.lineage] == ["leaf", "mid", "top"]
    assert set(state.people) == {"head-leaf", "it-leaf", "boss-leaf", "person-leaf"}
    assert stores.revocations.account("page-none") is None


def test_people_and_revocations_are_found_or_not(stores: Stores) -> None:
    found = stores.revocations.person("head-mid")
    assert found is not None
    assert found.id == "head-mid"
    assert stores.revocations.person("nobody") is None
    assert stores.revocations.revocation("r-1") is None


def test_a_revocation_is_kept_with_its_account_and_its_event(stores: Stores) -> None:
    state = stores.revocations.account("page-mid")
    assert state is not None
    document = replace(state.document, revoking=("boss-mid",))
    stores.revocations.commit(state, document, revocation(), [event("one")])
    assert stores.revocations.revocation("r-1") == revocation()
    again = stores.revocations.account("page-mid")
    assert again is not None
    assert again.document == document
    assert stores.recorded() == ["test/one"]


def test_what_platforms_showed_is_found_by_the_name_of_the_account(stores: Stores) -> None:
    state = stores.revocations.account("page-mid")
    assert state is not None
    account = state.document.account
    days = sorted(one.observed_on.day for one in stores.revocations.listings(account))
    assert days == [1, 5, 9]
    assert list(stores.revocations.listings(replace(account, handle="of nobody"))) == []


def test_what_platforms_showed_is_found_however_the_account_is_spelled(stores: Stores) -> None:
    state = stores.revocations.account("page-mid")
    assert state is not None
    for names in SPELLED:
        for platform, handle in names:
            account = replace(state.document.account, platform=platform, handle=handle)
            found = stores.revocations.listings(account)
            assert sorted((one.platform, one.handle) for one in found) == sorted(names)


def test_an_account_that_changed_since_is_not_overwritten(stores: Stores) -> None:
    state = stores.revocations.account("page-mid")
    assert state is not None
    first = replace(state.document, revoking=("boss-mid",))
    stores.revocations.commit(state, first, revocation(), [event("one")])
    second = replace(state.document, revoking=("person-mid",))
    with pytest.raises(LogConflictError):
        stores.revocations.commit(state, second, revocation("r-2"), [event("two")])
    assert stores.revocations.revocation("r-2") is None
    assert stores.recorded() == ["test/one"]


def test_a_revocation_that_changed_since_is_not_overwritten(stores: Stores) -> None:
    state = stores.revocations.account("page-mid")
    assert state is not None
    stores.revocations.commit(state, state.document, revocation(), [event("one")])
    for version in (1, 3):
        with pytest.raises(LogConflictError):
            stores.revocations.commit(
                state, state.document, revocation(version=version), [event(f"v{version}")]
            )
    stores.revocations.commit(state, state.document, revocation(version=2), [event("two")])
    assert stores.revocations.revocation("r-1") == revocation(version=2)


def test_an_event_on_record_brings_nothing_with_it(stores: Stores) -> None:
    state = stores.revocations.account("page-mid")
    assert state is not None
    stores.revocations.commit(state, state.document, revocation(), [event("one")])
    stores.revocations.commit(state, state.document, revocation("r-2"), [event("one")])
    assert stores.revocations.revocation("r-2") is None
    assert stores.recorded() == ["test/one"]


def test_an_event_id_with_another_content_is_refused(stores: Stores) -> None:
    state = stores.revocations.account("page-mid")
    assert state is not None
    stores.revocations.commit(state, state.document, revocation(), [event("one")])
    other = event("one", AT + timedelta(seconds=1))
    with pytest.raises(LogConflictError):
        stores.revocations.commit(state, state.document, revocation("r-2"), [other])
    assert stores.revocations.revocation("r-2") is None


# -- the limit ----------------------------------------------------------------------------------


def test_the_limit_counts_with_the_commit(stores: Stores) -> None:
    for number in (1, 2):
        state = stores.revocations.account("page-mid")
        assert state is not None
        made = revocation(f"r-{number}")
        stores.revocations.commit(
            state, state.document, made, [event(f"{number}")], brake="head-mid"
        )
    state = stores.revocations.account("page-mid")
    assert state is not None
    with pytest.raises(BrakeError, match="head-mid"):
        stores.revocations.commit(
            state, state.document, revocation("r-3"), [event("3")], brake="head-mid"
        )
    assert stores.revocations.revocation("r-3") is None
    assert stores.recorded() == ["test/1", "test/2"]
    # Another caller is not held back by it.
    stores.revocations.commit(
        state, state.document, revocation("r-4"), [event("4")], brake="it-mid"
    )


def test_the_limit_forgets_after_an_hour(stores: Stores) -> None:
    for minutes in (0, 30):
        stores.limit.count("head-mid", AT + timedelta(minutes=minutes))
    with pytest.raises(BrakeError):
        stores.limit.count("head-mid", AT + timedelta(minutes=59))
    stores.limit.count("head-mid", AT + timedelta(minutes=60, seconds=1))
    with pytest.raises(BrakeError):
        stores.limit.count("head-mid", AT + timedelta(minutes=61))


def test_a_lifted_limit_holds_again_later(stores: Stores) -> None:
    stores.limit.count("head-mid", AT)
    stores.limit.count("head-mid", AT)
    until = AT + timedelta(minutes=10)
    stores.limit.lift("head-mid", until, event("lift"))
    stores.limit.count("head-mid", AT + timedelta(minutes=9))
    with pytest.raises(BrakeError):
        stores.limit.count("head-mid", until)
    stores.limit.lift("head-mid", until + timedelta(hours=1), event("lift again"))
    stores.limit.count("head-mid", until)
    assert stores.recorded() == ["test/lift", "test/lift again"]


# -- sign-ins -----------------------------------------------------------------------------------


def test_a_subject_is_bound_to_one_person_for_good(stores: Stores) -> None:
    head = stores.roster.person("head-mid")
    assert head is not None
    assert stores.sign_ins.bound("issuer", "s-1") is None
    stores.sign_ins.bind("issuer", "s-1", head, event("bind"))
    assert stores.sign_ins.bound("issuer", "s-1") == "head-mid"
    assert stores.sign_ins.bound("another issuer", "s-1") is None
    with pytest.raises(DeniedError):
        stores.sign_ins.bind("issuer", "s-2", head, event("bind otherwise"))
    assert stores.sign_ins.bound("issuer", "s-2") is None


def test_binding_what_is_bound_changes_nothing(stores: Stores) -> None:
    head = stores.roster.person("head-mid")
    assert head is not None
    stores.sign_ins.bind("issuer", "s-1", head, event("bind"))
    stores.sign_ins.bind("issuer", "s-1", head, event("bind at the same moment"))
    assert stores.recorded() == ["test/bind"]


def test_a_sign_in_becomes_anothers_with_its_event_or_not_at_all(stores: Stores) -> None:
    head = stores.roster.person("head-mid")
    assert head is not None
    requests, old, new = (
        stores.changes.sign_ins,
        mark_of("issuer", "s-1"),
        mark_of("issuer", "s-2"),
    )
    stores.sign_ins.bind("issuer", "s-1", head, event("bind"))
    assert (requests.bound_mark(old), requests.bound_mark(new)) == ("head-mid", None)
    assert requests.sign_in_request("head-mid") is None
    asked = SignInRequest(
        person="head-mid",
        mark=new,
        reason="made anew",
        state="waiting",
        requested_by="clerk",
        requested_at=AT,
    )
    requests.keep_sign_in_request(asked, event("ask"))
    assert requests.sign_in_request("head-mid") == asked
    assert stores.sign_ins.bound("issuer", "s-1") == "head-mid"
    with pytest.raises(LogConflictError):
        requests.keep_sign_in_request(asked, event("ask, as if nobody had"))
    approved = replace(asked, state="approved", version=2)
    requests.keep_sign_in_request(approved, event("approve"))
    assert (requests.bound_mark(old), requests.bound_mark(new)) == (None, "head-mid")
    assert sorted(requests.former_owners(old)) == ["head-mid"]
    assert not requests.former_owners(new)
    assert stores.sign_ins.bound("issuer", "s-2") == "head-mid"
    assert stores.sign_ins.bound("issuer", "s-1") is None
    with pytest.raises(DeniedError):
        stores.sign_ins.bind("issuer", "s-1", head, event("bind the old one"))
    # It is let go, and the next one is theirs: the old one too.
    gone = replace(approved, mark=None, version=3)
    requests.keep_sign_in_request(gone, event("let go"))
    assert requests.bound_mark(new) is None
    stores.sign_ins.bind("issuer", "s-1", head, event("bind once more"))
    assert (requests.bound_mark(old), requests.bound_mark(new)) == ("head-mid", None)
    assert stores.recorded() == [
        f"test/{one}" for one in ("approve", "ask", "bind", "bind once more", "let go")
    ]


def test_what_was_asked_for_by_a_sign_in_that_was_let_go_is_not_done(stores: Stores) -> None:
    head, requests = stores.roster.person("head-mid"), stores.changes.sign_ins
    assert head is not None
    stores.sign_ins.bind("issuer", "s-1", head, event("bind"))
    view, later = stores.changes.view, AT + timedelta(hours=1)
    assert view.sign_in_changed("head-mid") is None
    facts: dict[str, Any] = {
        "reason": "made anew",
        "requested_at": AT,
        "version": 1,
        "state": "approved",
    }
    asked: dict[str, Any] = {"person": "sib", "mark": None, "requested_by": "head-mid", **facts}
    requests.keep_sign_in_request(SignInRequest(**asked), event("by a sign-in that is theirs"))
    let_go: dict[str, Any] = {"person": "head-mid", "mark": None, "requested_by": "clerk", **facts}
    requests.keep_sign_in_request(SignInRequest(**let_go, decided_at=later), event("let go"))
    assert view.sign_in_changed("head-mid") == later
    listed: dict[str, Any] = {
        "id": "one",
        "people": (),
        "left_out": (),
        "requested_by": "head-mid",
        **facts,
    }
    held = stores.changes.held("people", ("boss-mid",))
    change = RegistryChange(
        id="c-1",
        table="people",
        key=("boss-mid",),
        fields=(),
        was="",
        record=None,
        state="approved",
        requested_by="head-mid",
        requested_at=AT,
    )
    two: dict[str, Any] = {
        "state": "approved",
        "approved_by": ("head-mid", "clerk"),
        "proposed_at": AT,
    }
    works: list[Callable[[], object]] = [
        lambda: requests.keep_sign_in_request(
            SignInRequest(**{**asked, "person": "leaf"}), event("one")
        ),
        lambda: requests.keep_sign_in_list(SignInList(**listed), event("two")),
        lambda: stores.changes.keep([event("three")], held=held, change=change),
        lambda: stores.waivers.keep_waiver_decision(replace(decision(), **two), event("four")),
    ]
    for work in works:
        with pytest.raises(LogConflictError):
            work()
    # What is asked for after it is.
    asked_later: dict[str, Any] = {
        **asked,
        "person": "leaf",
        "requested_at": later + timedelta(hours=1),
    }
    requests.keep_sign_in_request(SignInRequest(**asked_later), event("five"))
    assert "test/five" in stores.recorded()
    assert not {"test/one", "test/two", "test/three", "test/four"} & set(stores.recorded())


def test_a_list_of_sign_ins_is_kept_with_its_event_or_not_at_all(stores: Stores) -> None:
    requests = stores.changes.sign_ins
    assert requests.sign_in_list("one") is None
    assert requests.mark_of_person("head-mid") is None
    asked = SignInList(
        id="one",
        people=(ListedSignIn("head-mid", mark_of("issuer", "s-1"), 0),),
        left_out=(NotListed("gone", "does not serve"),),
        reason="a new issuer",
        state="waiting",
        requested_by="clerk",
        requested_at=AT,
    )
    requests.keep_sign_in_list(asked, event("ask"))
    assert requests.sign_in_list("one") == asked
    # It is nobody's own request, whatever they are called.
    assert requests.sign_in_request("one") is None
    with pytest.raises(LogConflictError):
        requests.keep_sign_in_list(asked, event("ask, as if nobody had"))
    refused = replace(asked, state="refused", version=2)
    requests.keep_sign_in_list(refused, event("refuse"))
    assert requests.sign_in_list("one") == refused
    head = stores.roster.person("head-mid")
    assert head is not None
    stores.sign_ins.bind("issuer", "s-1", head, event("bind"))
    assert requests.mark_of_person("head-mid") == mark_of("issuer", "s-1")
    assert stores.recorded() == ["test/ask", "test/bind", "test/refuse"]


def test_people_are_found_by_their_address(stores: Stores) -> None:
    found = stores.roster.by_email("HEAD-MID@EXAMPLE.ORG")
    assert [one.id for one in found] == ["head-mid"]
    assert list(stores.roster.by_email("nobody@example.org")) == []


@pytest.mark.parametrize(
    "address",
    [
        *("head-m\u0131d@example.org", "head-mid@e\u212aample.org", "head-mid\u200b@example.org"),
        *("head-mid@example.org\n", "Head <head-mid@example.org>", "head-mid+x@example.org"),
        *("\uff48ead-mid@example.org", "head-mid@example.org,x@example.org", "", "@example.org"),
    ],
)
def test_an_address_that_is_folded_into_another_finds_nobody(stores: Stores, address: str) -> None:
    assert list(stores.roster.by_email(address)) == []


# -- records and changes ------------------------------------------------------------------------


def change(name: str = "c-1", version: int = 1, **facts: str) -> RegistryChange:
    return RegistryChange(
        id=name,
        table="people",
        key=(facts.get("key", "person-mid"),),
        fields=("email",),
        was="",
        record={"id": "person-mid"},
        state=facts.get("state", "waiting"),  # type: ignore[arg-type]
        requested_by="clerk",
        requested_at=AT,
        version=version,
    )


def test_records_are_read_by_what_names_them(stores: Stores) -> None:
    changes = stores.changes
    assert isinstance(changes.held("entities", ("mid",)).record, Entity)
    assert isinstance(changes.held("people", ("head-mid",)).record, Person)
    assert isinstance(changes.held("accounts", ("page-mid",)).record, Account)
    grant = changes.held("grants", ("page-mid", "boss-mid"))
    assert isinstance(grant.record, Grant)
    assert grant.entity == "mid"
    for table, key in (
        ("entities", ("x",)),
        ("people", ("x",)),
        ("accounts", ("x",)),
        ("grants", ("page-mid", "x")),
        ("grants", ("x", "boss-mid")),
    ):
        assert changes.held(table, key).record is None  # type: ignore[arg-type]


def test_what_a_record_refers_to_is_looked_up(stores: Stores) -> None:
    changes = stores.changes
    assert [one.id for one in changes.lineage("leaf")] == ["leaf", "mid", "top"]
    assert list(changes.lineage("nowhere")) == []
    top = changes.entity("top")
    assert top is not None
    assert top.id == "top"
    assert changes.entity("nowhere") is None
    grants = changes.grants("page-mid")
    assert grants is not None
    assert sorted(one.person_id for one in grants) == ["boss-mid", "head-mid", "person-mid"]
    assert changes.grants("page-none") is None
    assert "grants.granted_on" in changes.tracked()


@pytest.mark.parametrize(
    ("table", "key", "changes"),
    [
        ("entities", ("mid",), {"name": "Middle"}),
        ("people", ("person-mid",), {"name": "Another"}),
        ("accounts", ("page-mid",), {"handle": "another"}),
        ("grants", ("page-mid", "person-mid"), {"role": "editor"}),
    ],
)
def test_a_record_is_kept_unless_it_changed_since(
    stores: Stores, table: str, key: tuple[str, ...], changes: dict[str, str]
) -> None:
    held = stores.changes.held(table, key)  # type: ignore[arg-type]
    assert held.record is not None
    made = replace(held.record, **changes)
    stores.changes.keep([event("one")], held=held, record=made)
    assert stores.changes.held(table, key).record == made  # type: ignore[arg-type]
    with pytest.raises(LogConflictError):
        stores.changes.keep([event("two")], held=held, record=held.record)
    assert stores.changes.held(table, key).record == made  # type: ignore[arg-type]
    assert stores.recorded() == ["test/one"]


def test_new_records_are_kept_once(stores: Stores) -> None:
    account = Account("page-new", "mid", "facebook", "new", "active")
    none = stores.changes.held("accounts", ("page-new",))
    stores.changes.keep([event("one")], held=none, record=account)
    none = replace(none, edits=stores.changes.held("accounts", ("page-other",)).edits)
    with pytest.raises(LogConflictError):
        stores.changes.keep([event("two")], held=none, record=replace(account, handle="other"))
    grant = Grant("page-new", "boss-mid", "admin", granted_on=date(2026, 11, 3))
    absent = stores.changes.held("grants", ("page-new", "boss-mid"))
    stores.changes.keep([event("three")], held=absent, record=grant)
    assert stores.changes.held("grants", ("page-new", "boss-mid")).record == grant
    assert stores.changes.held("accounts", ("page-new",)).record == account


def test_changes_wait_until_they_are_decided(stores: Stores) -> None:
    stores.changes.keep([event("one")], change=change())
    stores.changes.keep([event("two")], change=change("c-2", key="head-mid"))
    assert stores.changes.change("c-1") == change()
    assert sorted(one.id for one in stores.changes.changes().readable) == ["c-1", "c-2"]
    with pytest.raises(LogConflictError):
        stores.changes.keep([event("three")], change=change(version=3))
    stores.changes.keep([event("four")], change=change(version=2, state="refused"))
    assert [one.id for one in stores.changes.changes().readable] == ["c-2"]
    assert stores.changes.change("c-3") is None


def test_one_change_of_a_record_waits_at_a_time(stores: Stores) -> None:
    stores.changes.keep([event("one")], change=change())
    with pytest.raises(LogConflictError):
        stores.changes.keep([event("two")], change=change("c-2"))
    stores.changes.keep([event("three")], change=change(version=2, state="refused"))
    stores.changes.keep([event("four")], change=change("c-2"))
    assert [one.id for one in stores.changes.changes().readable] == ["c-2"]


# -- what must hold over several records --------------------------------------------------------


def test_a_place_in_the_tree_is_looked_at_again_when_it_is_kept(stores: Stores) -> None:
    """Each was right when it was decided; together they would be a circle."""
    mid = stores.changes.held("entities", ("mid",))
    sib = stores.changes.held("entities", ("sib",))
    assert isinstance(mid.record, Entity)
    assert isinstance(sib.record, Entity)
    below = replace(mid.record, parent_id="sib")
    stores.changes.keep([event("one")], held=mid, record=below)
    with pytest.raises(LogConflictError):
        stores.changes.keep([event("two")], held=sib, record=replace(sib.record, parent_id="leaf"))
    assert [one.id for one in stores.changes.lineage("leaf")] == ["leaf", "mid", "sib", "top"]
    assert stores.changes.height("top") == 4
    assert stores.changes.height("leaf") == 1
    nowhere = stores.changes.held("entities", ("new",))
    with pytest.raises(LogConflictError):
        stores.changes.keep([event("three")], held=nowhere, record=Entity("new", "New", "none"))
    assert stores.recorded() == ["test/one"]


def test_an_address_is_of_one_active_person(stores: Stores) -> None:
    one = stores.changes.held("people", ("new",))
    other = stores.changes.held("people", ("another",))
    made = Person("new", "New", "active", "same@example.org")
    stores.changes.keep([event("one")], held=one, record=made)
    twin = Person("another", "Another", "active", "SAME@example.org")
    with pytest.raises(LogConflictError):
        stores.changes.keep([event("early")], held=other, record=replace(twin, email=None))
    other = stores.changes.held("people", ("another",))
    with pytest.raises(LogConflictError):
        stores.changes.keep([event("two")], held=other, record=twin)
    gone = stores.changes.held("people", ("new",))
    stores.changes.keep([event("three")], held=gone, record=replace(made, status="left"))
    other = stores.changes.held("people", ("another",))
    stores.changes.keep([event("four")], held=other, record=twin)
    third = stores.changes.held("people", ("third",))
    with pytest.raises(LogConflictError):
        stores.changes.keep([event("five")], held=third, record=replace(made, id="third"))
    # Who comes back to a mailbox that others have by now comes back to it.
    back = stores.changes.held("people", ("new",))
    stores.changes.keep([event("six")], held=back, record=made)
    assert stores.recorded() == ["test/four", "test/one", "test/six", "test/three"]


def test_an_account_is_of_one_entity(stores: Stores) -> None:
    account = Account("page-new", "mid", "facebook", "new", "active")
    none = stores.changes.held("accounts", ("page-new",))
    stores.changes.keep([event("one")], held=none, record=account)
    none = replace(none, edits=stores.changes.held("accounts", ("page-other",)).edits)
    with pytest.raises(LogConflictError):
        stores.changes.keep([event("two")], held=none, record=replace(account, entity_id="sib"))
    assert stores.changes.held("accounts", ("page-new",)).record == account
    nowhere = replace(account, id="page-other", entity_id="none")
    with pytest.raises(LogConflictError):
        stores.changes.keep([event("three")], held=none, record=nowhere)
    assert stores.recorded() == ["test/one"]


def test_a_record_and_its_change_are_kept_together_or_not_at_all(stores: Stores) -> None:
    held = stores.changes.held("people", ("person-mid",))
    assert held.record is not None
    stores.changes.keep([event("one")], change=change())
    made = replace(held.record, name="Another")
    stale = change(version=1, state="approved")
    with pytest.raises(LogConflictError):
        stores.changes.keep([event("two")], held=held, record=made, change=stale)
    assert stores.changes.held("people", ("person-mid",)).record == held.record
    decided = change(version=2, state="approved")
    stores.changes.keep([event("three")], held=held, record=made, change=decided)
    assert stores.changes.held("people", ("person-mid",)).record == made
    assert stores.changes.change("c-1") == decided


def test_an_account_is_found_by_its_name_wherever_it_belongs(stores: Stores) -> None:
    view = stores.changes.view

    def named(platform: str, handle: str) -> list[str]:
        return sorted(view.accounts_named(platform, handle))

    page = view.account("page-mid")
    assert page is not None
    account = page.account
    # What an import brought, as it is and spelled otherwise.
    for handle in (account.handle, f"@{account.handle.upper()}"):
        assert named(account.platform.upper(), handle) == ["page-mid"]
    assert named("x", "parish") == []
    made = replace(account, id="page-new", platform="twitter", handle="@Parish")
    held = stores.changes.held("accounts", ("page-new",))
    stores.changes.keep([event("one")], held=held, record=made)
    assert named("X", "https://x.com/parish") == ["page-new"]
    # It goes by another name from now on; who looks at the account sees which.
    held = stores.changes.held("accounts", ("page-new",))
    stores.changes.keep([event("two")], held=held, record=replace(made, handle="other"))
    assert named("x.com", "OTHER") == ["page-new"]
    # A second one may go by it as well: an import may bring it.
    twin = replace(made, id="page-twin", handle="other")
    held = stores.changes.held("accounts", ("page-twin",))
    stores.changes.keep([event("three")], held=held, record=twin)
    assert named("twitter", "other") == ["page-new", "page-twin"]


# -- waivers ------------------------------------------------------------------------------------


def decision(version: int = 1, finding: str = "f-1") -> WaiverDecision:
    return WaiverDecision(
        finding=finding,
        control="orphaned-admin",
        subject=Subject("grant", account="page-mid", person="boss-mid"),
        entity="mid",
        severity="high",
        evidence="0" * 64,
        reason="until the new head is named",
        expires=date(2026, 12, 1),
        state="proposed",
        approved_by=("officer",),
        proposed_at=AT,
        version=version,
    )


def test_decisions_about_findings_are_kept_unless_they_changed_since(stores: Stores) -> None:
    assert stores.waivers.waiver_decision("f-1") is None
    stores.waivers.keep_waiver_decision(decision(), event("one"))
    stores.waivers.keep_waiver_decision(decision(finding="f-2"), event("two"))
    assert stores.waivers.waiver_decision("f-1") == decision()
    with pytest.raises(LogConflictError):
        stores.waivers.keep_waiver_decision(decision(), event("three"))
    stores.waivers.keep_waiver_decision(decision(2), event("four"))
    listed = {one.finding: one.version for one in stores.waivers.waiver_decisions().readable}
    assert listed == {"f-1": 2, "f-2": 1}
    assert stores.recorded() == ["test/four", "test/one", "test/two"]


def test_a_finding_that_nobody_knows_is_none(stores: Stores) -> None:
    assert stores.waivers.finding(0, "0" * 12) is None
