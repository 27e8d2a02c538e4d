"""What people, accounts and entities are called, and that nobody passes for somebody else."""

# Names that look like others are written here as they are.
# ruff: noqa: RUF001

from __future__ import annotations

import gc
import weakref
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from rolecall.controls.context import Context
from rolecall.keys.alikeness import alike_ids
from rolecall.keys.spelling import account_name
from rolecall.model import Account, Entity, Person, Policy, Snapshot, Subject
from rolecall.naming import GivenNames, RegistryNames, Spoken, names_in

AS_OF = datetime(2026, 11, 2, tzinfo=UTC)


def alike(named: Sequence[tuple[str, str]], *, exact: bool = False) -> frozenset[str]:
    """Return whose names do not say who is meant; of many at once it is the same as of a few."""
    many = [*named, *((f"x-{number}", f"Somebody {number}") for number in range(2, 5))]
    found = alike_ids([id_ for id_, _ in many], [name for _, name in many], exact=exact)
    alone = alike_ids([id_ for id_, _ in named], [name for _, name in named], exact=exact)
    assert found == alone
    return found


@pytest.mark.parametrize(
    ("platform", "handle", "called"),
    [
        ("instagram", "stbrigidyouth", "Instagram @stbrigidyouth"),
        ("instagram", "@StBrigid.Youth", "Instagram @StBrigid.Youth"),
        ("instagram", "https://www.instagram.com/stbrigidyouth/", "Instagram @stbrigidyouth"),
        ("facebook", "StBrigidParish", "Facebook StBrigidParish"),
        ("facebook", "facebook.com/StBrigidParish", "Facebook StBrigidParish"),
        ("facebook", "St Brigid Parish", "Facebook St Brigid Parish"),
        ("website", "stbrigid.example", "website stbrigid.example"),
        ("x", "twitter.com/stbrigid", "X @stbrigid"),
        ("twitter", "@stbrigid", "X @stbrigid"),
        ("youtube", "StBrigid", "YouTube @StBrigid"),
        ("youtube", "UCabcdefghijklmnopqrstuv", "YouTube UCabcdefghijklmnopqrstuv"),
        ("tiktok", "stbrigid", "TikTok @stbrigid"),
        ("linkedin", "company/st-brigid", "LinkedIn company/st-brigid"),
        ("mastodon", "stbrigid@church.example", "Mastodon @stbrigid@church.example"),
        ("whatsapp", "+49 151 1234567", "WhatsApp +49 151 1234567"),
        ("telegram", "@stbrigid", "Telegram @stbrigid"),
        ("google business", "St Brigid", "Google Business Profile St Brigid"),
        ("parish app", "St Brigid", "parish app St Brigid"),
    ],
)
def test_an_account_is_called_as_people_call_it(platform: str, handle: str, called: str) -> None:
    assert account_name(platform, handle) == called


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Anna Berg", "anna  berg"),
        ("José García", "Jose Garcia"),
        ("Anna Berg", "Аnna Berg"),  # A Cyrillic letter.
        ("Ian Lee", "lan Lee"),
        ("Bob O'Neil", "Bob ONeil"),
        ("Anna\u200b Berg", "Anna Berg"),
        ("Anna Berg", "Ａｎｎａ Ｂｅｒｇ"),
        ("Olga Ott", "0lga 0tt"),
        ("...", "?!"),
    ],
)
def test_names_that_a_reader_takes_for_one_are_alike(name: str, other: str) -> None:
    assert alike([("p-1", name), ("p-2", other), ("p-3", "Mary Major")]) == {"p-1", "p-2"}


def test_a_name_that_is_the_id_of_another_is_alike() -> None:
    people = [("p-1", "Anna Berg"), ("p-2", "p-1"), ("p-3", "Jo Lee (P-1)"), ("p-4", "Jo (IT)")]
    assert alike(people) == {"p-2", "p-3"}
    assert alike([("p-1", "Anna (p-1)"), ("p-2", "Jo")]) == set()
    assert alike([("p-1", "\u2764")]) == {"p-1"}


def test_of_handles_every_sign_counts() -> None:
    handles = [("a-1", "Instagram @st.brigid"), ("a-2", "Instagram @st_brigid")]
    assert alike(handles, exact=True) == set()
    drawn = [("a-1", "Instagram @stbrigid"), ("a-2", "Instagram @stbr1gid")]
    assert alike(drawn, exact=True) == {"a-1", "a-2"}


def registry(second: str = "Berg, Jo") -> Context:
    """Return one in which an id is that of a person, of an account and of an entity."""
    snapshot = Snapshot(
        entities=(Entity(id="1", name="St Brigid"),),
        people=(
            Person(id="1", name="Anna Berg", status="active"),
            Person(id="2", name=second, status="active"),
            Person(id="3", name="\u202eeve\x1b[2J", status="active"),
            Person(id="4", name="anna berg", status="left"),
        ),
        accounts=(
            Account(id="1", entity_id="1", platform="x", handle="brigid", status="active"),
            Account(id="2", entity_id="1", platform="twitter", handle="@Brigid", status="closed"),
        ),
    )
    return Context(snapshot, Policy(), AS_OF)


def test_each_registry_has_names_of_its_own_as_long_as_it_is_there() -> None:
    one, other = registry(), registry("Jo")
    assert names_in(one) is names_in(one) is not names_in(other)
    assert names_in(other).find("people", "2") == "Jo"
    assert names_in(one).find("people", "2") == "Berg, Jo"
    gone = weakref.ref(names_in(other))
    del other
    gc.collect()
    assert gone() is None


def test_ids_of_two_tables_may_be_the_same() -> None:
    spoken = Spoken(Subject("grant", account="1", person="1"), RegistryNames(registry()))
    assert spoken.keys == {"account": "X @brigid (1)", "person": "Anna Berg (1)"}
    assert spoken.name("entities", "1") == "St Brigid"
    again = Spoken(Subject("grant", account="1", person="1"), GivenNames(spoken.called))
    assert again.keys == spoken.keys


def test_a_name_makes_neither_two_people_nor_a_mess() -> None:
    spoken = Spoken(Subject("account", account="9"), RegistryNames(registry()))
    assert spoken.keys == {"account": "9"}
    said = spoken.said({"holder_ids": ["2", "3", "9"], "active": ["3"], "days": 1})
    assert said == {
        "holder_ids": "Berg, Jo; \\u202eeve\\x1b[2J; 9",
        "active": ["\\u202eeve\\x1b[2J"],
        "days": 1,
    }


def test_what_is_about_conduct_names_nobody() -> None:
    spoken = Spoken(Subject("incident", incident="1"), RegistryNames(registry()))
    assert spoken.said({"person": "1", "administrators": ["1"]})["administrators"] == ["1"]
    assert spoken.called == {}
