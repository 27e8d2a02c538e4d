"""What goes to the vault: parsed strictly, in the form of the first release, and never shown."""

from __future__ import annotations

from typing import Any, get_args

import msgspec
import pytest

from rolecall.errors import UsageError
from rolecall.usecases.vault.messages import (
    Message,
    Reply,
    Request,
    RewrapRequest,
    StoreRequest,
    parse_request,
)
from rolecall.vault.secret import Secret

ID = "0123456789abcdef"
WHO = {"id": ID, "account": "acc-1", "person": "p-1"}
SENT: dict[str, dict[str, Any]] = {
    "store": {**WHO, "secret": {"password": "only-for-this-test"}},
    "rotate": {
        **WHO,
        "login": "l-1",
        "secret": {"password": "only-for-this-test"},
        "clear": ["totp"],
    },
    "reveal": {**WHO, "reason": "to answer the press", "version": 2, "seed": True},
    "code": WHO,
    "history": WHO,
    "destroy": {**WHO, "proof": "signed"},
    "rewrap": {"id": ID},
}
"""What clients of the first release send."""


@pytest.mark.parametrize("action", SENT)
def test_what_clients_send_is_read_and_sent_again_the_same(action: str) -> None:
    request = parse_request({"action": action, **SENT[action]})
    assert request.action == action
    again = msgspec.json.decode(msgspec.json.encode(request))
    assert again == {"action": action, **SENT[action]}


def test_every_request_has_a_form_and_none_shows_what_it_holds() -> None:
    kinds = {kind.__struct_config__.tag for kind in get_args(Request)}
    assert kinds == set(SENT)
    for action, sent in SENT.items():
        request = parse_request({"action": action, **sent})
        for text in (repr(request), str(request), f"{request}", repr([request])):
            assert "only-for-this-test" not in text
            assert "press" not in text
            assert f"Request({action}, [secure])" in text
    assert repr(Reply(secret=Secret(password="x" * 9))) == "Reply([secure])"


@pytest.mark.parametrize(
    "change",
    [
        {"action": "read"},
        {"action": None},
        {"id": "short"},
        {"id": "x" * 65},
        {"account": ""},
        {"person": 5},
        {"login": ""},
        {"more": "x"},
        {"reason": "only a reveal has one"},
        {"secret": "not an object"},
        {"proof": "x" * 8_193},
    ],
)
def test_what_is_no_request_is_refused_without_showing_it(change: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as refused:
        parse_request({"action": "store", **SENT["store"], **change})
    assert "only-for-this-test" not in str(refused.value)
    for value in change.values():
        assert not isinstance(value, str) or len(value) < 9 or value not in str(refused.value)


@pytest.mark.parametrize("missing", ["account", "person", "id"])
def test_what_an_operation_needs_must_be_there(missing: str) -> None:
    sent = {name: value for name, value in SENT["store"].items() if name != missing}
    with pytest.raises(UsageError, match="not a request to the vault"):
        parse_request({"action": "store", **sent})


def test_what_is_no_object_is_refused() -> None:
    sent: list[Any] = [None, [], "store", 5, {}]
    for event in sent:
        with pytest.raises(UsageError):
            parse_request(event)


def test_messages_are_values() -> None:
    assert isinstance(RewrapRequest(id=ID), Message)
    made = StoreRequest(**WHO, secret=Secret(password="only-for-this-test"))
    assert made == parse_request({"action": "store", **SENT["store"]})
