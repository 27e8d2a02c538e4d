"""A new record that nobody could tell from one that there is is a slip, and named."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from rolecall.errors import InvalidRecordError
from rolecall.model import Account, Entity, Grant, Person, RegistryRecord
from rolecall.usecases.governance.preconditions import etag
from rolecall.usecases.governance.registry_changes import put_record
from tests.api import person, registry
from tests.stores.memory import MemoryChanges, MemoryHouse
from tests.unit.usecases.revoking.test_revocations import caller

AT = datetime(2026, 11, 3, 9, tzinfo=UTC)
CLERK = caller("clerk", "registrar")
PAGES = (
    Account("acc-017", "mid", "x", "@St.Brigid", "active"),
    Account("acc-018", "top", "facebook", "stbrigid", "active"),
    Account("acc-019", "mid", "instagram", "old.page", "closed"),
    Account("acc-020", "mid", "website", "straße.example", "active"),
    # An import brought it, and warned.
    Account("acc-099", "mid", "twitter", "st.brigid", "active"),
)


def store() -> MemoryChanges:
    """Return a registry with people and pages that have neighbours."""
    made = registry()
    numbered = (person("P-7", "mid"), person("0017", "mid"))
    kept = replace(made, people=(*made.people, *numbered), accounts=(*made.accounts, *PAGES))
    return MemoryChanges(MemoryHouse(kept))


def refused(record: RegistryRecord, table: Any, *key: str) -> dict[str, str]:
    """Return what is wrong with a new record; nothing where it is made, or waits."""
    try:
        put_record(store(), CLERK, AT, table, key, record, match=None, none_match="*")
    except InvalidRecordError as error:
        return dict(error.fields)
    return {}


@pytest.mark.parametrize(
    ("id_", "near"),
    [("p-7", "P-7"), ("P-07", "P-7"), ("17", "0017"), ("017", "0017"), ("Boss-Mid", "boss-mid")],
)
def test_ids_of_people_that_differ_by_what_no_person_sees(id_: str, near: str) -> None:
    said = refused(Person(id_, "Somebody", "active"), "people", id_)
    assert said == {"id": f"can hardly be told from {near}, which there is"}


def test_ids_of_entities_and_accounts() -> None:
    assert "mid, which" in refused(Entity("MID", "Middle"), "entities", "MID")["id"]
    page = Account("ACC-17", "mid", "vimeo", "films", "active")
    assert "acc-017, which" in refused(page, "accounts", "ACC-17")["id"]
    assert refused(Person("p-8", "Somebody", "active"), "people", "p-8") == {}
    assert refused(Entity("middle", "Middle"), "entities", "middle") == {}


@pytest.mark.parametrize(
    ("platform", "handle", "near"),
    [
        ("twitter", "st.brigid", "acc-017"),
        ("X", "https://x.com/St.Brigid", "acc-017"),
        ("twitter (x)", "@ST.BRIGID", "acc-017"),
        # Of the entity above, and Facebook does not look at dots.
        ("fb", "st.brigid", "acc-018"),
        ("Facebook Page", "https://www.facebook.com/StBrigid/", "acc-018"),
        ("homepage", "https://www.xn--strae-oqa.example/", "acc-020"),
        # A letter of another alphabet.
        ("facebook", "stbr\u0456gid", "acc-018"),
    ],
)
def test_one_account_under_two_names(platform: str, handle: str, near: str) -> None:
    page = Account("new-page", "mid", platform, handle, "active")
    said = refused(page, "accounts", "new-page")
    assert list(said) == ["handle"]
    assert f"the account {near}" in said["handle"]


@pytest.mark.parametrize(
    ("platform", "handle", "near"),
    [
        ("x.com", "https://twitter.com/St.Brigid?lang=de", "acc-017, of mid"),
        ("twitter", "@st.brigid", "acc-017, of mid"),
        ("Facebook", "m.facebook.com/St.Brigid/", "acc-018, of top"),
        ("web site", "http://xn--strae-oqa.example:80", "acc-020, of mid"),
    ],
)
def test_one_account_of_two_entities(platform: str, handle: str, near: str) -> None:
    """Neither of them is above the other."""
    page = Account("new-page", "sib", platform, handle, "active")
    id_, _, of = near.partition(", ")
    said = refused(page, "accounts", "new-page")
    assert said == {"handle": f"is the account {id_} already, {of}"}
    assert refused(replace(page, status="closed"), "accounts", "new-page") == {}


def test_a_page_that_another_took_over_is_not_opened_again() -> None:
    kept = store()
    taken = Account("acc-021", "sib", "ig", "@Old.Page", "active")
    put_record(kept, CLERK, AT, "accounts", ("acc-021",), taken, match=None, none_match="*")
    held = kept.held("accounts", ("acc-019",)).record
    assert isinstance(held, Account)
    again = replace(held, status="active")
    with pytest.raises(InvalidRecordError, match="is the account acc-021 already, of sib"):
        put_record(
            *(kept, CLERK, AT, "accounts", ("acc-019",), again),
            match=etag(held),
            none_match=None,
        )
    # What else is edited of a closed account is no slip.
    seen = etag(held)
    made = replace(held, url="https://instagram.com/old.page")
    put_record(kept, CLERK, AT, "accounts", ("acc-019",), made, match=seen, none_match=None)


@pytest.mark.parametrize(
    ("platform", "handle", "status"),
    [
        ("instagram", "old.page", "active"),  # The other one is closed.
        ("x", "st.brigid", "closed"),
        ("website", "strasse.example", "active"),
        ("mastodon", "stbrigid", "active"),
    ],
)
def test_another_account_is_none_of_them(platform: str, handle: str, status: Any) -> None:
    page = Account("new-page", "mid", platform, handle, status)
    assert refused(page, "accounts", "new-page") == {}


def test_what_there_is_stays_editable() -> None:
    """An edit that does not rename a twin is no slip; one that makes an account a twin is."""
    kept = store()
    held = kept.held("accounts", ("acc-099",)).record
    assert isinstance(held, Account)

    def put(made: Account) -> RegistryRecord:
        seen = etag(kept.held("accounts", ("acc-099",)).record)
        key = ("acc-099",)
        return put_record(kept, CLERK, AT, "accounts", key, made, match=seen, none_match=None)[0]

    assert put(replace(held, url="https://x.com/stbrigid")) != held
    with pytest.raises(InvalidRecordError, match="is the account acc-018 already"):
        put(replace(held, handle="stbrigid", platform="facebook"))


def test_a_reference_to_nobody_names_whoever_is_near() -> None:
    grant = Grant("page-mid", "p-07", "editor")
    said = refused(grant, "grants", "page-mid", "p-07")
    assert said["person_id"] == "there is no person p-07; did you mean P-7?"
    assert refused(Grant("page-mid", "q-9", "editor"), "grants", "page-mid", "q-9") == {
        "person_id": "there is no person q-9"
    }
