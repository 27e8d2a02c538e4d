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
from rolecall.usecases.governance.preconditions import etag
from rolecall.usecases.governance.recorded_changes import RegistryChange
from rolecall.usecases.governance.registry_changes import (
    approve_change,
    change_of,
    changes_for,
    put_record,
    refuse_change,
)
from tests.api import person, registry
from tests.stores.memory import Kept, MemoryChanges, MemoryHouse
from tests.unit.usecases.revoking.test_revocations import caller

AT = datetime(2026, 11, 3, 9, tzinfo=UTC)
CLERK = caller("clerk", "registrar")
OFFICER = caller("officer", "compliance")


LATER = date(2026, 11, 20)
LEAVING = person("leaving", "mid", left_on=LATER, clearance_level="C", clearance_expires=LATER)
AGENT = person("agent", "mid", type="agency", contract_ends=LATER)


def stores() -> tuple[MemoryHouse, MemoryChanges]:
    made = registry()
    house = MemoryHouse(replace(made, people=(*made.people, LEAVING, AGENT)))
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
    ("people", ("person-mid",), {"email": None}),
    ("people", ("person-mid",), {"entity_id": "sib"}),
    ("people", ("gone",), {"status": "active"}),
    ("people", ("leaving",), {"left_on": None}),
    ("people", ("leaving",), {"left_on": date(2027, 1, 1)}),
    ("people", ("leaving",), {"clearance_expires": date(2027, 1, 1)}),
    ("people", ("agent",), {"contract_ends": date(2027, 1, 1)}),
    ("people", ("agent",), {"type": "employee"}),
    ("entities", ("mid",), {"it_delegate_ids": ()}),
    ("grants", ("page-mid", "person-mid"), {"role": "manager"}),
    ("grants", ("page-mid", "boss-mid"), {"role": "owner"}),
]
NO_POWER = [
    ("entities", ("mid",), {"name": "Middle"}),
    ("people", ("person-mid",), {"name": "Another Name"}),
    ("people", ("head-mid",), {"status": "suspended"}),
    ("people", ("head-mid",), {"left_on": date(2026, 11, 2)}),
    ("people", ("leaving",), {"left_on": date(2026, 11, 4)}),
    ("people", ("leaving",), {"clearance_level": None, "clearance_expires": None}),
    ("people", ("leaving",), {"clearance_expires": date(2026, 11, 4)}),
    ("people", ("agent",), {"contract_ends": date(2026, 11, 4)}),
    ("people", ("agent",), {"dpa_ref": "D-17", "trained_on": date(2026, 11, 1)}),
    ("people", ("person-mid",), {"entity_id": "top"}),
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


def new(
    store: MemoryChanges, table: Any, record: RegistryRecord, by: Any = CLERK
) -> RegistryChange | None:
    """Make a record, and return what waits."""
    key: tuple[str, ...] = (getattr(record, "id", ""),)
    if isinstance(record, Grant):
        key = (record.account_id, record.person_id)
    made = put_record(store, by, AT, table, key, record, match=None, none_match="*")
    return made[1]


def naming(house: MemoryHouse, kind: str) -> None:
    """Have something name the person *ghost*, or the entity *void*, who are not there."""
    page, mid = house.get("account", "page-mid"), house.get("entity", "mid")
    ghost = Grant("page-mid", "ghost", "admin")
    match kind:
        case "grant":
            document = replace(page.value, grants=(*page.value.grants, ghost))
            house.items["account", "page-mid"] = page._replace(value=document)
        case "head":
            house.items["entity", "mid"] = mid._replace(value=replace(mid.value, head_id="ghost"))
        case "delegate":
            helped = replace(mid.value, it_delegate_ids=("it-mid", "ghost"))
            house.items["entity", "mid"] = mid._replace(value=helped)
        case "sign-in":
            house.items["bound", "ghost"] = page._replace(value="mark")
        case "child":
            house.items["entity", "mid"] = mid._replace(value=replace(mid.value, parent_id="void"))
        case "account":
            account = replace(page.value.account, entity_id="void")
            moved = replace(page.value, account=account)
            house.items["account", "page-mid"] = page._replace(value=moved)


@pytest.mark.parametrize("kind", ["grant", "head", "delegate", "sign-in"])
def test_a_new_person_under_an_id_that_something_names_waits(kind: str) -> None:
    house, store = stores()
    nobody = replace(person("ghost", "mid"), email=None)
    assert new(store, "people", replace(nobody, id="stranger")) is None
    naming(house, kind)
    waits = new(store, "people", nobody)
    assert waits is not None
    assert new(store, "people", replace(nobody, id="suspended", status="suspended")) is None


@pytest.mark.parametrize("kind", ["child", "account"])
def test_a_new_entity_above_what_is_there_waits(kind: str) -> None:
    house, store = stores()
    assert new(store, "entities", Entity("other", "Other", "top")) is None
    naming(house, kind)
    assert new(store, "entities", Entity("void", "Void", "top")) is not None


def test_a_role_elsewhere_lets_others_read_somebody() -> None:
    _, store = stores()
    for account, waits in (("page-mid", False), ("page-top", False), ("page-sib", True)):
        grant = Grant(account, "boss-leaf", "analyst")
        assert (new(store, "grants", grant) is not None) == waits, account


GAINS = [
    # Of whom it makes a steward, or of a line that they are stewards of.
    ("entities", ("sib",), {"parent_id": "mid"}, ["head-mid", "it-mid"], []),
    ("entities", ("leaf",), {"parent_id": "top"}, [], ["head-mid", "it-mid", "head-top"]),
    ("entities", ("mid",), {"head_id": "boss-mid"}, ["boss-mid"], ["head-mid", "it-top"]),
    ("entities", ("mid",), {"it_delegate_ids": ("boss-top",)}, ["boss-top"], ["it-mid"]),
    ("people", ("leaving",), {"left_on": None}, ["leaving"], []),
    ("people", ("person-mid",), {"email": "x@example.org"}, ["person-mid"], []),
    ("people", ("person-mid",), {"entity_id": "sib"}, ["head-sib", "it-sib"], ["person-mid"]),
    ("grants", ("page-mid", "boss-mid"), {"role": "owner"}, ["boss-mid"], []),
]


@pytest.mark.parametrize(("table", "key", "changes", "gainers", "others"), GAINS)
def test_nobody_asks_for_what_is_theirs_and_nobody_approves_what_is_about_them(
    table: str,
    key: tuple[str, ...],
    changes: dict[str, Any],
    gainers: list[str],
    others: list[str],
) -> None:
    house, store = stores()
    for one in gainers:
        with pytest.raises(ConflictError) as refused:
            put(store, table, key, by=caller(one, "registrar"), **changes)
        assert refused.value.kind == "self-approval", one
    assert house.events == []
    _, waits, _ = put(store, table, key, **changes)
    assert waits is not None
    for one in (*gainers, *others):
        for office in ("registrar", "compliance"):
            with pytest.raises(ConflictError) as refused:
                approve_change(store, caller(one, office), AT, waits.id)
            assert refused.value.kind == "self-approval", one
    assert approve_change(store, OFFICER, AT, waits.id).state == "approved"


def test_who_came_to_gain_since_they_asked_is_not_one_of_the_two() -> None:
    house, store = stores()
    _, waits, _ = put(store, "entities", ("sib",), parent_id="mid")
    kept = house.get("entity", "mid")
    house.items["entity", "mid"] = kept._replace(value=replace(kept.value, head_id="clerk"))
    assert waits is not None
    with pytest.raises(ConflictError, match="lets whoever asks"):
        approve_change(store, OFFICER, AT, waits.id)


@pytest.mark.parametrize("facts", [{"status": "suspended"}, {"left_on": AT.date()}, None])
def test_what_somebody_asked_for_ends_when_they_do_not_serve(facts: dict[str, Any] | None) -> None:
    house, store = stores()
    _, waits, _ = put(store, "people", ("gone",), status="active")
    kept = house.get("person", "clerk")
    if facts is None:
        del house.items["person", "clerk"]
    else:
        house.items["person", "clerk"] = kept._replace(value=replace(kept.value, **facts))
    assert waits is not None
    with pytest.raises(ConflictError) as refused:
        approve_change(store, OFFICER, AT, waits.id)
    assert refused.value.kind == "change-over"
    # Nor does it stand in the way of who asks for something else.
    by = caller("it-sib", "registrar")
    _, other, _ = put(store, "people", ("gone",), by=by, status="active", name="Another")
    assert other is not None
    assert approve_change(store, OFFICER, AT, other.id).state == "approved"


@pytest.mark.parametrize("is_meanwhile", [False, True])
def test_what_somebody_asked_for_ends_with_the_sign_in_by_which_they_asked(
    is_meanwhile: bool,
) -> None:
    house, store = stores()
    _, waits, _ = put(store, "people", ("gone",), status="active")
    assert waits is not None
    house.items["bound", "clerk"] = Kept("mark", 1)

    def let_go() -> None:
        house.items["bound", "clerk"] = Kept(None, 2)
        house.items["sign-in changed", "clerk"] = Kept(AT, 1)

    if is_meanwhile:
        house.meanwhile = let_go
    else:
        let_go()
    with pytest.raises(ConflictError) as refused:
        approve_change(store, OFFICER, AT, waits.id)
    assert refused.value.kind == "change-over"
    # The same is asked for anew, by whoever is the person since.
    known = house.get("change", waits.id)
    house.items["sign-in changed", "clerk"] = Kept(AT - timedelta(days=1), 2)
    house.items["change", waits.id] = known
    assert approve_change(store, OFFICER, AT, waits.id).state == "approved"


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


NOTES: list[dict[str, str]] = [
    {"head_id": "x"},
    {"Head ID": "x"},
    {"notes": "x"},
    {"password": "hunter2"},
    {"Kennwort": "x"},
    {"recovery codes": "1234 5678"},
    {"seed": "JBSWY3DPEHPK3PXP JBSWY3DPEHPK3PXP"},
    {"": "x"},
    {"a\u0000b": "x"},
    {"a\u202eb": "x"},
    {"a": "x\u0000"},
    {"a": "\x1b[31mred"},
    {"Phone list": "x", "phone-list": "y"},
    {"a" * 101: "x"},
    {str(number): "x" for number in range(101)},
]


@pytest.mark.parametrize("notes", NOTES, ids=lambda notes: ascii(next(iter(notes)))[:20])
def test_a_note_is_no_column_no_secret_and_can_be_shown(notes: dict[str, str]) -> None:
    house, store = stores()
    with pytest.raises(InvalidRecordError) as refused:
        put(store, "entities", ("mid",), notes=notes)
    assert set(refused.value.fields) == {"notes"}
    assert "hunter2" not in str(refused.value)
    assert house.events == []
    # What an import brought stays as it is, whatever it is.
    kept = house.get("entity", "mid")
    house.items["entity", "mid"] = kept._replace(value=replace(kept.value, notes=notes))
    _, waits, _ = put(store, "entities", ("mid",), name="Middle")
    assert waits is None


def test_notes_of_a_word_or_of_lines_are_kept() -> None:
    _, store = stores()
    notes = {"Phone list": "at the desk\nand at home", "password changed": "2026-01-01"}
    record, _, _ = put(store, "entities", ("mid",), notes=notes)
    assert record.notes == notes  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "id_", ["john@example.org", "John Smith", "a/b", "a#b", "a?b", "-a", "é b"]
)
def test_a_new_id_has_a_closed_form(id_: str) -> None:
    _, store = stores()
    page = Account(id_, "mid", "facebook", "new", "active")
    for table, record in (
        ("people", replace(person("x", "mid"), id=id_, email=None)),
        ("entities", Entity(id_, "New", "top")),
        ("accounts", page),
    ):
        with pytest.raises(InvalidRecordError) as refused:
            new(store, table, record)
        assert set(refused.value.fields) == {"id"}
    assert new(store, "accounts", replace(page, id="acc.1:é_2-x")) is None


@pytest.mark.parametrize("level", ["john@example.org", "x" * 21, "C\u202e", "<C>"])
def test_a_level_of_clearance_is_a_short_word(level: str) -> None:
    _, store = stores()
    with pytest.raises(InvalidRecordError) as refused:
        put(store, "people", ("boss-mid",), clearance_level=level)
    assert set(refused.value.fields) == {"clearance_level"}


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
        assert {one.key for one in changes_for(store, reader).readable} == {("mid",), ("sib",)}
    [first, _] = changes_for(store, OFFICER).readable
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
