"""What a page has beside the texts of a report: addresses, and what points from one part to
another. An address is made of an id alone, so that the same thing has the same one in each run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, groupby
from typing import Any

__all__ = ["FIRST_ACTIONS", "grouped_places", "page_of"]

FIRST_ACTIONS = 10
"""Things to do that a report shows whole before anything else."""
_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_MOST_ENDED = 20
"""Findings of an action that a page links."""


def page_of(view: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the template of the page needs beside the view of a document.

    :return: ``entities`` and ``accounts`` with addresses, ``homes`` (findings that have a place of
        their own, by id), ``ended_by`` (the action that ends a finding, by id), ``first_actions``
        and ``other_actions``.
    """
    homes = {row["id"]: row for row in _rows_at_home(view)}
    actions = [
        _action(number, action, homes) for number, action in enumerate(view["actions"], start=1)
    ]
    ended_by = {id_: one for one in reversed(actions) for id_ in one["findings"]}
    return {
        "entities": _entities(view["entities"]),
        "accounts": view["accounts"] and [_linked(one) for one in view["accounts"]],
        "homes": homes,
        "ended_by": ended_by,
        "first_actions": actions[:FIRST_ACTIONS],
        "other_actions": actions[FIRST_ACTIONS:],
    }


def grouped_places(places: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return places, those together where the same is to be done one after the other."""

    def deeds(place: Mapping[str, Any]) -> tuple[Any, Any]:
        return place["steps"], place["record"]

    return [
        {"places": [_linked(one) for one in some], "steps": steps, "record": record}
        for (steps, record), some in groupby(places, deeds)
    ]


def _rows_at_home(view: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for entity in view["entities"]:
        yield from chain.from_iterable(group["rows"] for group in entity["groups"])
    yield from view["incidents"]


def _action(number: int, action: Mapping[str, Any], homes: Mapping[str, Any]) -> dict[str, Any]:
    shown = [homes[id_] for id_ in action["findings"] if id_ in homes][:_MOST_ENDED]
    return {
        **action,
        "number": number,
        "groups": grouped_places(action["places"]),
        "shown": shown,
        "unshown": len(action["findings"]) - len(shown),
    }


def _entities(entities: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    taken: set[str] = set()
    return [
        {
            **entity,
            # Where a finding is of no entity it is for officers.
            "address": f"entity-{entity['id']}" if entity["id"] else "officers",
            "groups": [_group(group, taken) for group in entity["groups"]],
        }
        for entity in entities
    ]


def _group(group: Mapping[str, Any], taken: set[str]) -> dict[str, Any]:
    """Return what stands on one account; of two places that show it the first has its address."""
    address = f"account-{group['id']}" if group["id"] else ""
    address = "" if address in taken else address
    taken.add(address)
    standing = Counter(row["severity"] for row in group["rows"])
    return {**_linked(group), "address": address, "standing": standing}


def _linked(place: Mapping[str, Any]) -> dict[str, Any]:
    """Return a place whose address is one of the web, or none: nothing else is linked."""
    return {**place, "url": place["url"] if _WEB.match(place["url"]) else ""}
