"""Pages of lists: put one after the other they are the list, whatever the sizes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from rolecall.usecases.cursors import Listing
from rolecall.usecases.queries.paging import (
    LAST,
    MOST_READ,
    Page,
    Part,
    Unit,
    paged,
)

lists = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 9), max_size=6)


def rows(units: dict[str, int], *, last: int = 0) -> dict[str | None, list[bytes]]:
    """Return the rows of each unit, those of none last."""
    found: dict[str | None, list[bytes]] = {
        unit: [b'"%s%d"' % (unit.encode(), number) for number in range(count)]
        for unit, count in sorted(units.items())
    }
    if last:
        found[None] = [b'"-%d"' % number for number in range(last)]
    return found


def page(
    every: dict[str | None, list[bytes]], cursor: str | None, most: int, keep: int = 1
) -> Page:
    """Return a page of rows, of which a filter keeps every so many."""
    listing = Listing("rows", str(keep))
    start = listing.read_cursor(cursor)

    def read(unit: str | None, after: str | None, count: int) -> Part:
        first = 0 if after is None else int(after)
        seen = every[unit][first : first + count]
        kept = [Raw(row) for number, row in enumerate(seen, first) if number % keep == 0]
        end = first + len(seen)
        return kept, str(end) if end < len(every[unit]) else None, len(seen)

    units = [Unit(unit) for unit in every if start is None or (unit or LAST) >= start.entity]
    return paged(listing, units, start, most, read)


@given(lists, st.integers(0, 5), st.integers(1, 7), st.integers(1, 3))
def test_pages_are_the_list(units: dict[str, int], last: int, most: int, keep: int) -> None:
    every = rows(units, last=last)
    found: list[bytes] = []
    cursor: str | None = None
    for _ in range(100):
        made = page(every, cursor, most, keep)
        assert len(made.items) <= most
        found += map(bytes, made.items)
        cursor = made.next
        if cursor is None:
            break
    else:
        raise AssertionError("the pages do not end")
    assert found == [
        row for unit in every.values() for number, row in enumerate(unit) if number % keep == 0
    ]


def test_a_request_looks_at_so_many_rows_however_few_are_let_through() -> None:
    every = rows({"a": 3 * MOST_READ})
    made = page(every, None, 200, keep=10**6)
    assert len(made.items) == 1
    assert made.next is not None
