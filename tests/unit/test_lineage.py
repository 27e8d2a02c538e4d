"""Walks over the tree: they end, agree with each other, and take time by what they come by."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecall.controls.context import Context
from rolecall.lineage import (
    MOST_LEVELS,
    children_of,
    descendants,
    flaws_of,
    height_of,
    lineage_of,
)
from rolecall.model import Entity, Policy, Snapshot
from tests.registries import AS_OF

IDS = [f"e{number}" for number in range(8)]
PARENTS = st.fixed_dictionaries({id_: st.sampled_from([None, "nowhere", *IDS]) for id_ in IDS})


def entities(parents: dict[str, str | None]) -> dict[str, Entity]:
    return {id_: Entity(id_, id_, parent) for id_, parent in parents.items()}


def chain(length: int) -> dict[str, str | None]:
    return {f"e{number}": f"e{number - 1}" if number else None for number in range(length)}


@given(PARENTS)
def test_walks_up_and_down_come_by_the_same(parents: dict[str, str | None]) -> None:
    known = entities(parents)
    up = {(id_, above.id) for id_ in known for above in lineage_of(id_, known)}
    below = children_of(known.values())
    down = {
        (id_, start) for start in known for level in descendants([start], below) for id_ in level
    }
    assert up == down
    for id_ in known:
        line = [one.id for one in lineage_of(id_, known)]
        assert line[0] == id_
        assert len(line) == len(set(line))


@given(PARENTS)
def test_a_circle_is_found_where_one_comes_back_to_oneself(parents: dict[str, str | None]) -> None:
    inside = set()
    for id_ in parents:
        current, steps = parents[id_], 0
        while current in parents and current != id_ and steps < len(parents):
            current, steps = parents[current], steps + 1
        if current == id_:
            inside.add(id_)
    circles = flaws_of(parents).circles
    assert {id_ for circle in circles for id_ in circle} == inside
    for circle in circles:
        for number, id_ in enumerate(circle):
            assert parents[id_] == circle[(number + 1) % len(circle)]


def test_a_tree_that_is_too_deep_is_named_where_it_begins_to_be() -> None:
    assert not flaws_of(chain(MOST_LEVELS))
    deep = chain(MOST_LEVELS + 3) | {"aside": f"e{MOST_LEVELS - 1}"}
    assert set(flaws_of(deep).deep) == {f"e{MOST_LEVELS}", "aside"}
    known = entities(deep)
    assert len(list(lineage_of(f"e{MOST_LEVELS + 2}", known))) == MOST_LEVELS
    assert height_of("e0", children_of(known.values())) == MOST_LEVELS


def test_what_nobody_knows_has_no_line() -> None:
    assert list(lineage_of("nowhere", {})) == []
    assert list(lineage_of(None, {})) == []


@pytest.mark.parametrize("is_circle", [False, True])
def test_a_long_chain_takes_as_long_as_it_is_long(is_circle: bool) -> None:
    """Twenty thousand levels, of which a context once held two hundred million steps."""
    parents = chain(20_000)
    if is_circle:
        parents["e0"] = "e19999"
    began = time.process_time()
    assert flaws_of(parents)
    made = tuple(entities(parents).values())
    context = Context(Snapshot(entities=made), Policy(name="p"), AS_OF)
    assert max(map(len, context.lines.values())) == MOST_LEVELS
    assert len(context.below("e0")) == MOST_LEVELS
    assert time.process_time() - began < 20
