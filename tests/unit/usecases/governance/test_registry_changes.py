"""Editing records: what waits for a second officer, and what nobody overwrites unseen."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from rolecall.errors import (
    ConflictError,
    InvalidRecordError,
    NotFoundError,
    PreconditionError,
)
from rolecall.model import Account, Entity, Grant, Person, RegistryRecord
from rolecall.usecases.governance.registry_changes import (
    RegistryChange,
    approve_change,
    change_of,
    changes_for,
    etag,
    put_record,
    refuse_change,
)
from tests.api import registry
from tests.stores.memory import MemoryChanges, MemoryHouse
from tests.unit.usecases.revoking.test_revocations import caller

AT = datetime(2026, 11, 3, 9, tzinfo=UTC)
CLERK = caller("clerk", "registrar")
OFFICER = caller("officer", "compliance")


def stores() -> tuple[MemoryHouse, MemoryChanges]:
    house = MemoryHouse(registry())
    return house, MemoryChanges(house)


def put(
    store: MemoryChanges, table: Any, key: tuple[str, ...], *, by: Any = CLERK, **changes: Any
) -> tuple[RegistryRecord, RegistryChange | None, bool]:
    held = store.held(table, key).record
    assert held is not None
    made = replace(held, **changes)
    return put_record(store, by, AT, table, key, made, match=etag(held), none_match=None)


POWER = [
    ("entities", ("mid",), {"head_id": "boss-mid"}),
    ("entities", ("mid",), {"it_delegate_ids": ("it-mid", "boss-mid")}),
    ("entities", ("leaf",), {"parent_id": "sib"}),
    ("people", ("person-mid",), {"email": "another@example.org"}),
    ("people", ("person-mid",), {"clearance_level": "C"}),
    ("people", ("person-mid",), {"clearance_expires": date(2027, 1, 1)}),
    ("people", ("gone",), {"status": "active"}),
    ("grants", ("page-mid", "person-mid"), {"role": "manager"}),
    ("grants", ("page-mid", "boss-mid"), {"role": "owner"}),
]
NO_POWER = [
    ("entities", ("mid",), {"name": "Middle"}),
    ("people", ("person-mid",), {"name": "Another Name"}),
    ("people", ("head-mid",), {"status": "suspended"}),
    ("people", ("head-mid",), {"left_on": date(2026, 11, 2)}),
    ("accounts", ("page-mid",), {"handle": "middle"}),
    ("grants", ("page-mid", "boss-mid"), {"role": "editor"}),
    ("grants", ("page-mid", "boss-mid"), {"expires_on": date(2026, 12, 1)}),
]


@pytest.mark.parametrize(("table", "key", "changes"), POWER)
def test_what_gives_power_waits_for_another(
    table: str, key: tuple[str, ...], changes: dict[str, Any]
) -> None:
    house, store = stores()
    before = store.held(table, key).record  # type: ignore[arg-type]
    _, waits, is_new = put(store, table, key, **changes)
    assert waits is not None
    assert (waits.fields, is_new) == (tuple(changes), False)
    assert store.held(table, key).record == before  # type: ignore[arg-type]
    with pytest.raises(ConflictError) as refused:
        approve_change(store, caller("clerk", "registrar"), AT, waits.id)
    assert refused.value.kind == "self-approval"
    made = approve_change(store, OFFICER, AT, waits.id)
    assert (made.state, made.record, made.decided_by) == ("approved", None, "officer")
    after = store.held(table, key).record  # type: ignore[arg-type]
    assert after is not None
    assert all(getattr(after, name) == value for name, value in changes.items())
    assert [event.action for event in house.events] == [
        "change.requested",
        "change.approved",
        "registry.changed",
    ]


@pytest.mark.parametrize(("table", "key", "changes"), NO_POWER)
def test_what_gives_none_is_done_at_once(
    table: str, key: tuple[str, ...], changes: dict[str, Any]
) -> None:
    house, store = stores()
    record, waits, _ = put(store, table, key, **changes)
    assert waits is None
    assert store.held(table, key).record == record  # type: ignore[arg-type]
    assert [event.action for event in house.events] == ["registry.changed"]


def test_the_log_holds_ids_and_days_and_no_names_or_addresses() -> None:
    house, store = stores()
    put(store, "people", ("person-mid",), name="A Name", left_on=date(2026, 12, 1))
    [event] = house.events
    assert event.payload["fields"] == ("name", "left_on")
    assert event.payload["now"] == {"left_on": date(2026, 12, 1)}


@pytest.mark.parametrize(
    ("by", "groups"),
    [("head-top", ()), ("officer", ("compliance",)), ("boss-mid", ())],
)
def test_registrars_alone_edit(by: str, groups: tuple[str, ...]) -> None:
    house, store = stores()
    with pytest.raises(NotFoundError):
        put(store, "accounts", ("page-mid",), by=caller(by, *groups), handle="x")
    assert house.events == []


def test_who_saw_something_else_overwrites_nothing() -> None:
    _, store = stores()
    held = store.held("accounts", ("page-mid",)).record
    assert isinstance(held, Account)
    made = replace(held, handle="middle")
    for match, none_match, kind in (
        (None, None, "precondition-required"),
        ('"0"', None, "precondition-failed"),
        (None, "*", "precondition-failed"),
        (None, "x", "precondition-failed"),
    ):
        with pytest.raises(PreconditionError) as refused:
            put_record(
                store,
                CLERK,
                AT,
                "accounts",
                ("page-mid",),
                made,
                match=match,
                none_match=none_match,
            )
        assert refused.value.kind == kind
    assert store.held("accounts", ("page-mid",)).record == held


def test_the_same_record_again_is_no_change() -> None:
    house, store = stores()
    record, waits, is_new = put(store, "accounts", ("page-mid",))
    assert (waits, is_new) == (None, False)
    assert record == store.held("accounts", ("page-mid",)).record
    assert house.events == []


def test_a_new_record_is_made_where_there_is_none() -> None:
    _, store = stores()
    account = Account("page-new", "mid", "Facebook ", "new", "active")
    record, waits, is_new = put_record(
        store, CLERK, AT, "accounts", ("page-new",), account, match=None, none_match="*"
    )
    assert (waits, is_new) == (None, True)
    assert isinstance(record, Account)
    assert record.platform == "facebook"
    grant = Grant("page-new", "boss-mid", "editor")
    record, waits, _ = put_record(
        store, CLERK, AT, "grants", ("page-new", "boss-mid"), grant, match=None, none_match="*"
    )
    assert isinstance(record, Grant)
    assert record.granted_on == AT.date()


@pytest.mark.parametrize(
    ("table", "record", "field"),
    [
        ("entities", Entity("new", "New", "nowhere"), "parent_id"),
        ("entities", Entity("new", "New", None, "nobody"), "head_id"),
        ("people", Person("new", "New", "active", "HEAD-mid@example.org"), "email"),
        ("people", Person("new", "New", "active", entity_id="nowhere"), "entity_id"),
        ("people", Person("new", " ", "active"), "name"),
        ("accounts", Account("new", "nowhere", "facebook", "x", "active"), "entity_id"),
        ("accounts", Account("new", "mid", "facebook", "x\u0007", "active"), "handle"),
    ],
)
def test_what_cannot_be_is_said_field_by_field(
    table: Any, record: RegistryRecord, field: str
) -> None:
    house, store = stores()
    with pytest.raises(InvalidRecordError) as refused:
        put_record(store, CLERK, AT, table, ("new",), record, match=None, none_match="*")
    assert set(refused.value.fields) == {field}
    assert house.events == []


def test_an_entity_cannot_be_above_itself() -> None:
    _, store = stores()
    with pytest.raises(InvalidRecordError, match="circle"):
        put(store, "entities", ("top",), parent_id="leaf")


def test_one_change_of_a_record_waits_at_a_time() -> None:
    house, store = stores()
    _, first, _ = put(store, "entities", ("mid",), head_id="boss-mid")
    _, again, _ = put(store, "entities", ("mid",), head_id="boss-mid")
    assert first == again
    assert len(house.events) == 1
    with pytest.raises(ConflictError) as refused:
        put(store, "entities", ("mid",), head_id="it-mid")
    assert refused.value.kind == "change-waiting"


def test_whom_a_change_makes_a_head_does_not_approve_it() -> None:
    _, store = stores()
    _, waits, _ = put(store, "entities", ("mid",), head_id="boss-mid")
    assert waits is not None
    with pytest.raises(ConflictError) as refused:
        approve_change(store, caller("boss-mid", "compliance"), AT, waits.id)
    assert refused.value.kind == "self-approval"


def test_a_record_that_changed_since_is_asked_for_anew() -> None:
    _, store = stores()
    _, waits, _ = put(store, "entities", ("mid",), head_id="boss-mid")
    put(store, "entities", ("mid",), name="Middle")
    assert waits is not None
    with pytest.raises(ConflictError) as refused:
        approve_change(store, OFFICER, AT, waits.id)
    assert refused.value.kind == "record-changed"
    made = refuse_change(store, OFFICER, AT, waits.id, "asked for before the renaming")
    assert made.state == "refused"
    _, again, _ = put(store, "entities", ("mid",), head_id="boss-mid")
    assert again is not None


def test_what_was_refused_is_over_and_may_be_asked_for_once_more() -> None:
    house, store = stores()
    _, waits, _ = put(store, "entities", ("mid",), head_id="boss-mid")
    assert waits is not None
    refused = refuse_change(store, CLERK, AT, waits.id, "taken back by whoever asked")
    assert (refused.state, refused.record) == ("refused", None)
    assert refuse_change(store, CLERK, AT, waits.id, "taken back by whoever asked") == refused
    with pytest.raises(ConflictError) as over:
        approve_change(store, OFFICER, AT, waits.id)
    assert over.value.kind == "change-over"
    _, again, _ = put(store, "entities", ("mid",), head_id="boss-mid")
    assert again is not None
    assert (again.id, again.state, again.version) == (waits.id, "waiting", 3)
    approved = approve_change(store, OFFICER, AT + timedelta(1), again.id)
    assert approve_change(store, OFFICER, AT + timedelta(2), again.id) == approved
    with pytest.raises(ConflictError):
        refuse_change(store, OFFICER, AT, again.id, "too late for that by now")
    assert [event.action for event in house.events].count("change.requested") == 2


def test_changes_are_for_both_offices_the_oldest_first() -> None:
    _, store = stores()
    for unit in ("mid", "sib"):
        put(store, "entities", (unit,), head_id="boss-top")
    for reader in (CLERK, OFFICER):
        assert {one.key for one in changes_for(store, reader)} == {("mid",), ("sib",)}
    [first, _] = changes_for(store, OFFICER)
    assert change_of(store, OFFICER, first.id) == first
    for act in (
        lambda: changes_for(store, caller("head-top")),
        lambda: change_of(store, caller("head-top"), first.id),
        lambda: approve_change(store, caller("head-top"), AT, first.id),
        lambda: refuse_change(store, caller("head-top"), AT, first.id, "not for me to decide"),
    ):
        with pytest.raises(NotFoundError):
            act()


def test_a_race_is_seen_by_who_comes_second() -> None:
    house, store = stores()
    house.meanwhile = lambda: put(store, "accounts", ("page-mid",), handle="first")
    with pytest.raises(PreconditionError):
        put(store, "accounts", ("page-mid",), handle="second")
    held = store.held("accounts", ("page-mid",)).record
    assert isinstance(held, Account)
    assert held.handle == "first"
