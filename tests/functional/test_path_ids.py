"""Every id of every kind can be addressed, whatever a gateway does to a path on its way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from types import ModuleType
from typing import Any
from unittest import mock
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecall.errors import NotFoundError
from rolecall.keys.path_ids import id_in_path, path_id
from rolecall.model import Account, Entity, Grant, Login, Person, Snapshot
from tests.api import Answer, bring, call, who
from tests.cloud import Cloud, cloud

OFFICER = who("officer", "compliance")
IDS = (
    *(
        "a/b",
        "a?b=c",
        "a#b",
        ".",
        "..",
        "../entities",
        "~x",
        "~",
        "a%2Fb",
        "a b",
        " a",
        "a+b",
        "a&b",
    ),
    *(
        '"',
        "\\",
        "`",
        "\u00e9",
        "e\u0301",
        "\U0001f600",
        "\u0645\u0631\u062d",
        "<b>",
        "{x}",
        "a;b",
        "x" * 400,
    ),
    *("\u00e9" * 200, "plain", "p-001", "a:b@c.example", "a.b~c", "-", "_", "signature", "grants"),
)


def as_the_gateway(path: str) -> str:
    """Return a path as a gateway hands it on: without what follows a question mark, and decoded.

    It decodes once, and cuts what it decoded at a question mark; clients take dots away.
    """
    decoded = unquote(path.partition("?")[0].partition("#")[0]).partition("?")[0]
    kept: list[str] = []
    for part in decoded.split("/"):
        if part == "..":
            kept = kept[:-1]
        elif part != ".":
            kept.append(part)
    return "/".join(kept)


@given(st.text(min_size=1, max_size=50))
def test_an_id_comes_back_and_is_one_part_that_nobody_changes(id_: str) -> None:
    if any("\ud800" <= sign <= "\udfff" for sign in id_):
        return
    part = path_id(id_)
    assert part.isascii()
    assert as_the_gateway(f"/v1/people/{part}/sign-in") == f"/v1/people/{part}/sign-in"
    assert id_in_path(part) == id_


@pytest.mark.parametrize("part", ["~", "~!", "~YQ", "~YS9i=", "~YS9j\n", "~_w", "~YS9", "~AAA/"])
def test_an_id_has_one_name_in_a_path(part: str) -> None:
    with pytest.raises(ValueError, match=r"path|base64url"):
        id_in_path(part)


def odd(sky: Cloud) -> None:
    """Begin with a registry of other people's ids."""
    people = [Person("officer", "Officer", "active", "officer@example.org")]
    people += [Person(id_, "Somebody", "active") for id_ in IDS]
    bring(
        sky,
        Snapshot(
            entities=tuple(Entity(id_, id_) for id_ in IDS),
            people=tuple(people),
            accounts=tuple(
                Account(id_, id_, "facebook", f"h{number}", "active")
                for number, id_ in enumerate(IDS)
            ),
            grants=tuple(Grant(id_, id_, "admin", granted_on=date(2026, 1, 1)) for id_ in IDS),
            logins=tuple(Login(id_, id_, holder_ids=(id_,)) for id_ in IDS),
        ),
    )


@pytest.fixture(scope="module")
def served() -> Iterator[ModuleType]:
    """Return an API over them."""
    with cloud(odd) as sky:
        yield sky.function("api")


def ask(served: ModuleType, path: str) -> Answer:
    """Ask through a gateway."""
    return call(served, "GET", as_the_gateway(path), OFFICER)


@pytest.mark.parametrize("id_", IDS, ids=range(len(IDS)))
def test_whatever_an_id_is_it_can_be_addressed(
    served: ModuleType, id_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = path_id(id_)
    found: dict[str, Any] = {
        kind: ask(served, f"/v1/{kind}/{part}").body for kind in ("entities", "people", "accounts")
    }
    assert {kind: one.get("id") for kind, one in found.items()} == dict.fromkeys(found, id_)
    grant = ask(served, f"/v1/accounts/{part}/grants/{part}").body
    assert (grant["account_id"], grant["person_id"]) == (id_, id_)
    (login,) = ask(served, f"/v1/accounts/{part}/logins").body["items"]
    assert login["id"] == id_
    # A secret of it, which the vault alone has.
    vault = mock.Mock(history=mock.Mock(side_effect=NotFoundError("there is nothing")))
    monkeypatch.setattr(served.api, "vault", lambda: vault)
    assert ask(served, f"/v1/accounts/{part}/logins/{part}/history").status == 404
    (asked,) = vault.history.call_args.args
    assert (asked.account, asked.login) == (id_, id_)


def test_what_is_no_id_is_no_failure(served: ModuleType) -> None:
    for part in ("~", "~!", "~YQ", "~" + "A" * 4_000, "~" + "A" * 5_000, "x" * 1_001, "x" * 5_000):
        answer = ask(served, f"/v1/people/{part}")
        assert answer.status == 422, part
        assert answer.body["fields"][0]["field"] == "path.id_"
