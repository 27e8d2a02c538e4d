"""Cursors: they come back as they were, to the list that gave them and to no other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecall.errors import UsageError
from rolecall.usecases.cursors import Listing

AT = datetime(2026, 11, 21, 9, tzinfo=UTC)
EAST = timezone(timedelta(hours=5))
filters = st.lists(st.none() | st.text() | st.datetimes(timezones=st.just(UTC)), max_size=4)


@given(st.text(), filters, st.text(), st.none() | st.text())
def test_a_cursor_comes_back_as_it_was(
    name: str, asked: list[str | datetime | None], entity: str, after: str | None
) -> None:
    text = Listing(name, *asked).cursor_text(entity, after)
    found = Listing(name, *asked).read_cursor(text)
    assert found is not None
    assert (found.entity, found.after) == (entity, after)
    assert text.isascii()


LISTS = (
    Listing("log"),
    Listing("findings"),
    Listing("findings", None),
    Listing("findings", ""),
    Listing("findings", "a"),
    Listing("findings", "a", None),
    Listing("findings", None, "a"),
    Listing("findings", AT),
    Listing("findings", AT + timedelta(seconds=1)),
)


@pytest.mark.parametrize("giver", range(len(LISTS)))
def test_a_cursor_of_another_list_or_of_other_filters_is_refused(giver: int) -> None:
    text = LISTS[giver].cursor_text("mid", "x")
    for number, listing in enumerate(LISTS):
        if number == giver:
            assert listing.read_cursor(text) is not None
        else:
            with pytest.raises(UsageError, match="not one that this list gave"):
                listing.read_cursor(text)


def test_the_same_instant_in_another_zone_is_the_same_filter() -> None:
    text = Listing("log", AT).cursor_text("mid")
    assert Listing("log", AT.astimezone(EAST)).read_cursor(text) is not None


@pytest.mark.parametrize("text", ["", "x", "!", "e30", "WzEsMl0", "W10"])
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="cursor"):
        Listing("log").read_cursor(text)


@pytest.mark.parametrize(("entity", "after"), [("x" * 1_001, None), ("mid", "\u00e9" * 501)])
def test_what_is_longer_than_any_key_is_refused(entity: str, after: str | None) -> None:
    with pytest.raises(UsageError, match="cursor"):
        Listing("log").read_cursor(Listing("log").cursor_text(entity, after))


def test_no_cursor_is_the_beginning() -> None:
    assert Listing("log").read_cursor(None) is None
