"""Which tokens make an officer: those whose groups are called exactly so, and no others."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from rolecall.errors import DeniedError, UsageError
from rolecall.usecases.identity.offices import POOL_CLAIM, Offices, offices_of
from tests.api import ISSUER, OFFICES, token_of

OWN = replace(OFFICES, claim="groups")
WHO = {"iss": ISSUER, "sub": "subject"}
ALIKE = [
    "compliance",
    "legal/compliance",
    "not:compliance",
    "compliance@other-org",
    "Rolecall:Compliance",
    "rolecall:compliance ",
    "rolecall:compliance-readers",
    "my rolecall:compliance",
    "rolecall:compliance (read only)",
    "Parish rolecall:compliance newsletter",
    "x\trolecall:compliance",
    "x\nrolecall:compliance",
    "x,rolecall:compliance",
    '"rolecall:compliance"',
    'x","rolecall:compliance","y',
    "[rolecall:compliance]",
    "x] [rolecall:compliance",
    "rolecall\uff1acompliance",
    "rolecall:complian\u0441e",
    "rolecall:compliance\u200b",
]
"""Names of groups in which somebody could read the office, and which are not its name."""


def gateway(groups: list[str]) -> str:
    """Return a list as the gateway hands it on."""
    return f"[{' '.join(groups)}]"


def tried(offices: Offices, text: str, header: str | None) -> Any:
    try:
        return offices_of(offices, {**WHO, offices.claim: text}, header)
    except DeniedError:
        return "refused"


def bearer(claim: str, groups: Any) -> str:
    return f"Bearer {token_of({**WHO, claim: groups})}"


@pytest.mark.parametrize("offices", [OFFICES, OWN], ids=["pool", "own"])
@pytest.mark.parametrize("name", ALIKE)
def test_a_name_that_only_holds_the_word_gives_no_office(offices: Offices, name: str) -> None:
    for groups in ([name], ["staff", name, "other"]):
        header = bearer(offices.claim, groups)
        assert tried(offices, gateway(groups), header) == frozenset()


@pytest.mark.parametrize("name", ALIKE)
def test_without_the_token_what_can_be_read_in_two_ways_is_refused(name: str) -> None:
    found = tried(OWN, gateway([name]), None)
    assert found == "refused"
    assert tried(OWN, name, None) in ("refused", frozenset())


@pytest.mark.parametrize("offices", [OFFICES, OWN], ids=["pool", "own"])
def test_the_exact_names_give_the_offices(offices: Offices) -> None:
    both = ["staff", offices.registrar, offices.compliance]
    header = bearer(offices.claim, both)
    for text in (gateway(both), json.dumps(both), json.dumps(both, separators=(",", ":"))):
        assert tried(offices, text, header) == {"compliance", "registrar"}
    one = bearer(offices.claim, offices.compliance)
    assert tried(offices, offices.compliance, one) == {"compliance"}


def test_a_pool_needs_no_token_for_its_names_have_no_spaces() -> None:
    assert tried(OFFICES, f"[a {OFFICES.compliance}]", None) == {"compliance"}
    assert tried(OWN, OWN.compliance, None) == {"compliance"}
    assert tried(OWN, "", None) == frozenset()
    assert tried(OFFICES, "[]", None) == frozenset()


@pytest.mark.parametrize("other", [POOL_CLAIM, "roles", "Groups", "custom:groups"])
def test_one_claim_counts_and_no_other(other: str) -> None:
    claims = {**WHO, other: gateway([OWN.compliance])}
    assert offices_of(OWN, claims, bearer(other, [OWN.compliance])) == frozenset()
    claims = {**WHO, "groups": gateway([OFFICES.compliance])}
    assert offices_of(OFFICES, claims, bearer("groups", [OFFICES.compliance])) == frozenset()


@pytest.mark.parametrize(
    "changes",
    [{"sub": "another"}, {"iss": "https://else.example"}, {"groups": ["a", "rolecall:compliance"]}],
)
def test_a_token_that_is_not_what_the_gateway_read_is_refused(changes: dict[str, Any]) -> None:
    header = f"Bearer {token_of({**WHO, 'groups': ['a'], **changes})}"
    assert tried(OWN, "[a]", header) == "refused"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Basic abc",
        "Bearer a.b",
        "Bearer a.!.c",
        "Bearer a.e30x.c",
        "Bearer a.W10.c",
        f"{bearer('groups', ['rolecall:compliance'])},{bearer('groups', ['a'])}",
        f"{bearer('groups', ['rolecall:compliance'])} {bearer('groups', ['a'])}",
    ],
)
def test_a_header_that_is_not_one_token_tells_nothing(header: str) -> None:
    assert tried(OWN, "[a rolecall:compliance]", header) == "refused"


@pytest.mark.parametrize("value", [None, 1, {"a": 1}, [1], [["rolecall:compliance"]], True])
def test_what_is_no_list_of_texts_is_refused(value: Any) -> None:
    header = f"Bearer {token_of({**WHO, 'groups': value})}"
    assert tried(OWN, "[rolecall:compliance]", header) == "refused"


@given(st.lists(st.text(max_size=8) | st.sampled_from([*ALIKE, OWN.compliance])))
def test_an_office_is_held_by_whose_list_has_the_name(groups: list[str]) -> None:
    header = bearer("groups", groups)
    found = tried(OWN, gateway(groups), header)
    assert found == ({"compliance"} if OWN.compliance in groups else frozenset())


@pytest.mark.parametrize(
    ("compliance", "registrar"),
    [("a", "a"), ("", "a"), ("a b", "c"), ("[a", "c"), ("a,b", "c"), ('a"', "c"), ("a" * 129, "c")],
)
def test_names_that_cannot_be_told_apart_are_none(compliance: str, registrar: str) -> None:
    with pytest.raises(UsageError):
        Offices(claim="groups", compliance=compliance, registrar=registrar)
