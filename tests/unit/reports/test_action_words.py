"""Every deed is said in every language, of one and of many, with the names of whom it speaks of."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import get_args

import pytest

from rolecall.actions.action import Action, Doer, EndedFinding
from rolecall.actions.deed import DEED_KINDS, Deed, DeedKind
from rolecall.reports.action_assembly import action_rows
from rolecall.reports.action_words import ActionWords
from rolecall.reports.named_action import ActionSite, NamedAction, ToldActions
from rolecall.texts import texts_of
from rolecall.vocabulary import Language
from tests.unit.texts.test_tables import table

LANGUAGES: tuple[Language, ...] = get_args(Language)
CALLED = {
    "people": {"p-1": "Ada Lindqvist", "p-2": "Tobiah Nakagawa", "p-3": "Noor Castellanos"},
    "accounts": {"a-1": "Facebook StBrigid", "a-2": "Instagram @stbrigid"},
    "entities": {"e-1": "St Brigid"},
}
ID = re.compile(r"\b[pae]-\d\b")


def named(*deeds: Deed, doers: tuple[Doer, ...] = (), for_officers: bool = False) -> NamedAction:
    """Return an action of some deeds."""
    action = Action(
        id="0" * 32,
        kind="control",
        about=("a-1", ""),
        harm="upkeep",
        entity="e-1",
        doers=doers,
        deeds=deeds,
        ended=(EndedFinding("f" * 32, "high", "e-1"),),
        since=datetime(2026, 11, 2, tzinfo=UTC),
        for_officers=for_officers,
    )
    sites = {"a-1": ActionSite("facebook", "https://facebook.example/StBrigid")}
    return NamedAction(action, CALLED, sites)


def deed(kind: DeedKind, account: str = "a-1", person: str = "p-1") -> Deed:
    """Return a deed that says all that there is to say."""
    found = {"login": "l-1", "content": "c-1", "incident": "inc-1", "entity": "e-1"}
    return Deed(kind, account, person, platform="facebook", handle="x", role="editor", **found)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", DEED_KINDS)
def test_a_deed_is_said_of_one_and_of_many(language: Language, kind: DeedKind) -> None:
    words = ActionWords(texts_of(language))
    several = [
        deed(kind, account, person) for account in CALLED["accounts"] for person in CALLED["people"]
    ]
    for deeds in ([deed(kind)], [deed(kind), deed(kind, "a-2")], several, [Deed(kind)]):
        title = words.title(named(*deeds))
        assert title[0].isupper()
        assert not re.search(r"[{}]", title)
        assert not ID.search(title), title


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_a_deed_is_of_a_deed_that_there_is(language: Language) -> None:
    keys = {key.partition("_")[0] for key in table(language, "actions") if "-" in key}
    assert keys == set(DEED_KINDS)
    for kind in DEED_KINDS:
        assert f"{kind}_many" in table(language, "actions")


def test_who_is_let_in_comes_first_where_somebody_is_let_go() -> None:
    words = ActionWords(texts_of("en"))
    action = named(deed("give-control", person="p-2"), deed("take-access"), deed("change-password"))
    assert words.first(action) == "First: give Tobiah Nakagawa full control of Facebook StBrigid."
    assert words.title(action) == (
        "Take Ada Lindqvist's access to Facebook StBrigid away and change the password of the "
        "account"
    )
    assert words.first(named(deed("give-control"), deed("set-removal-path"))) == ""


def test_several_are_told_by_name_and_many_by_number() -> None:
    words = ActionWords(texts_of("en"))
    two = named(deed("give-control"), deed("give-control", person="p-2"))
    assert words.title(two) == (
        "Give Ada Lindqvist and Tobiah Nakagawa full control of Facebook StBrigid"
    )
    away = named(deed("take-access"), deed("take-access", "a-2"))
    assert words.title(away) == "Take Ada Lindqvist's access away on 2 accounts"
    logins = named(*[Deed("change-password", "a-1", login=f"l-{n}") for n in range(3)])
    assert words.title(logins) == "Change 3 passwords"


def test_who_can_do_it() -> None:
    words = ActionWords(texts_of("en"))
    doers = (Doer("e-1", "head", "p-1"), Doer("e-1", "it", "p-2"))
    assert words.who(named(deed("take-access"), doers=doers)) == (
        "Ada Lindqvist, head of St Brigid; or Tobiah Nakagawa, IT for St Brigid"
    )
    assert words.who(named(deed("take-access"))) == "Officers"
    assert words.who(named(deed("settle-incident"), doers=doers, for_officers=True)) == "Officers"


def test_of_many_who_can_do_it_the_others_are_named_by_their_entities() -> None:
    words = ActionWords(texts_of("en"))
    same = tuple(Doer("e-1", "it", f"p-{number}") for number in range(1, 4))
    assert words.who(named(deed("take-access"), doers=same)) == (
        "Ada Lindqvist, IT for St Brigid; or Tobiah Nakagawa, IT for St Brigid"
    )
    another = (*same, Doer("e-2", "head", "p-3"))
    assert words.who(named(deed("take-access"), doers=another)).endswith(
        "; or the head or IT of e-2"
    )


def test_somebody_without_a_name_is_said_to_be_so() -> None:
    words = ActionWords(texts_of("en"))
    assert words.title(named(deed("take-access", person="p-99"))) == (
        "Take away the access that somebody with no name on record (p-99) has to Facebook StBrigid"
    )


def test_a_page_says_where_and_how() -> None:
    [row] = action_rows(ToldActions([named(deed("take-access"))]), texts_of("en"))
    [place] = row.places
    assert (place.label, place.url) == ("Facebook StBrigid", "https://facebook.example/StBrigid")
    assert place.steps[0].told == "Take Ada Lindqvist's access to Facebook StBrigid away."
    assert len(place.steps[0].how) > 1
    assert place.record
    assert (row.severity, row.ends, row.entity) == ("high", {"high": 1}, "St Brigid")
