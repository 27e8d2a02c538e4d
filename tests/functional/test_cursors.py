"""Every list's cursors, given to every list with every filter: theirs alone, never a failure."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest

from rolecall.usecases.cursors import Listing
from tests.api import NIGHT, REASON, call, description, who
from tests.api import after_their_night as after_a_night
from tests.cloud import cloud
from tests.cloud_nights import night

OFFICER, HEAD = who("officer", "compliance"), who("head-mid")
SINCE = (NIGHT - timedelta(days=1)).isoformat()
FILTERS: dict[str, tuple[dict[str, str], ...]] = {
    "/v1/me": ({},),
    "/v1/entities": ({},),
    "/v1/accounts": ({}, {"entity": "mid"}),
    "/v1/findings": (
        {},
        {"entity": "mid"},
        {"severity": "critical"},
        {"status": "resolved"},
        {"status": "waived"},
        {"control": "owner-assigned"},
        {"since": SINCE},
        {"entity": "mid", "status": "resolved"},
    ),
    "/v1/revocations": ({}, {"entity": "mid"}),
    "/v1/reports": ({}, {"entity": "mid"}, {"run": "a-run"}),
    "/v1/log": ({}, {"entity": "mid"}, {"since": SINCE}),
}
"""Every list, with filters of each kind."""
ASKED = [(path, one) for path, some in FILTERS.items() for one in some]


@pytest.fixture(scope="module")
def lists() -> Iterator[ModuleType]:
    """Return an API over a stack in which every list has two pages."""
    with cloud(after_a_night) as sky:
        night(sky, NIGHT + timedelta(hours=1))
        made = sky.function("api")
        for unit, boss in (("mid", "boss-mid"), ("leaf", "boss-leaf")):
            path = f"/v1/accounts/page-{unit}/grants/{boss}/revocation"
            assert call(made, "POST", path, HEAD, REASON).status == 201
        yield made


def ask(lists: ModuleType, path: str, asked: dict[str, str], cursor: str | None = None) -> Any:
    """Ask for a page of one, as somebody who has such a list."""
    query = {**asked, "limit": "1", **({} if cursor is None else {"cursor": cursor})}
    return call(lists, "GET", path, HEAD if path == "/v1/me" else OFFICER, query=query)


def test_every_list_is_among_these(lists: ModuleType) -> None:
    described = {
        path: {one["name"] for one in methods["get"].get("parameters", ())} - {"cursor", "limit"}
        for path, methods in description(lists)["paths"].items()
        if "cursor" in {one["name"] for one in methods.get("get", {}).get("parameters", ())}
    }
    assert described == {
        path: {name for one in filters for name in one} for path, filters in FILTERS.items()
    }


def test_a_cursor_is_of_its_list_and_its_filters(lists: ModuleType) -> None:
    given = {}
    for number, (path, asked) in enumerate(ASKED):
        page = ask(lists, path, asked)
        assert page.status == 200, (path, asked, page)
        if page.body["next"] is not None:
            given[number] = page.body["next"]
    assert {ASKED[number][0] for number in given} == set(FILTERS)
    for giver, cursor in given.items():
        for number, (path, asked) in enumerate(ASKED):
            answer = ask(lists, path, asked, cursor)
            assert answer.status == (200 if number == giver else 422), (ASKED[giver], path, asked)
            if number != giver:
                assert "not one that this list gave" in answer.body["detail"]


NAMES = {
    "/v1/findings": ("entity", "status", "severity", "control", "since"),
    "/v1/reports": ("run", "entity"),
    "/v1/log": ("entity", "since"),
}
"""The filters of lists that have others than an entity, in their order."""
RANGES = ("~", "standing#0#abc", "standing#0#~", "resolved#~")
"""What a cursor could say to have a store asked for a range that ends before it begins."""


@pytest.mark.parametrize("path", FILTERS)
def test_a_cursor_that_was_made_up_is_no_failure(lists: ModuleType, path: str) -> None:
    """Nobody signed it, so whoever knows how can make one: it is refused or it shows a page."""
    is_range = path == "/v1/findings"
    statuses = set()
    for asked in FILTERS[path]:
        if asked.keys() - {"status", "severity", "entity"} or (is_range and "entity" in asked):
            continue
        told = {"status": "open", **asked} if is_range else asked
        names = () if path in ("/v1/me", "/v1/entities") else NAMES.get(path, ("entity",))
        listing = Listing(path[4:], *(told.get(name) for name in names))
        for text in RANGES if is_range else ("", "\0"):
            # One of today, and one of the first release, which is bound to nothing.
            old = base64.urlsafe_b64encode(json.dumps(["mid", text]).encode()).decode()
            for cursor in (listing.cursor_text("mid", text), old.rstrip("=")):
                statuses.add(ask(lists, path, asked, cursor).status)
    expected = {"/v1/findings": {200, 422}, "/v1/reports": {422}}
    assert statuses == expected.get(path, {200})
