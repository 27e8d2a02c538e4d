"""What an import would change, in words: how many of each kind, and whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from rolecall.errors import UsageError
from rolecall.model import Snapshot
from rolecall.printable import printable
from rolecall.registry.documents import HOLDERS, PEOPLE, DocumentKey

if TYPE_CHECKING:
    from rolecall.aws.importing import Changes

__all__ = ["KINDS", "check_emptied", "described"]

_LISTED = 20
KINDS = {
    "ENTITIES": "entities",
    "PEOPLE": "people",
    "ENTITY": "accounts",
    "SEEN": "observed accounts",
    "SETTINGS": "settings and policy",
}
"""What the documents of a registry are called, by what their partitions begin with."""


def described(changes: Changes) -> Iterator[str]:
    """Yield the lines that say what an import changes."""
    counts: dict[str, Counter[str]] = {}
    named: dict[str, dict[str, list[str]]] = {}
    kinds: dict[str, Iterable[DocumentKey]] = {
        "added": changes.added,
        "changed": changes.changed,
        "moved": changes.moved,
        "removed": changes.removed,
    }
    for what, places in kinds.items():
        for place in places:
            kind = KINDS.get(place.partition.partition("#")[0])
            if kind is None:
                # An index follows what is told already.
                continue
            counts.setdefault(kind, Counter())[what] += 1
            named.setdefault(kind, {}).setdefault(what, []).append(_name(kind, place.key))
    for kind in KINDS.values():
        if kind in counts:
            told = ", ".join(f"{count:,} {what}" for what, count in counts[kind].items())
            yield f"  {kind:<20} {told}"
            yield from (_listed(what, ids) for what, ids in named[kind].items() if any(ids))
    for old, new in sorted(changes.moved.items()):
        account = old.key.partition("#")[2]
        here, there = (place.partition.partition("#")[2] for place in (old, new))
        yield printable(f"  {account} moves from {here} to {there}")


def check_emptied(snapshot: Snapshot, changes: Changes) -> None:
    """Refuse an import by which everybody, or all access, would go.

    Files may know nobody yet, and a registry that knows somebody does not lose them by that: then
    nobody could sign in any more, and nothing be found of those who left.

    :raises UsageError: the files have no people or no grants, and what is there has some.
    """
    partitions = {place.partition for place in changes.removed}
    for table, theirs in (("people", PEOPLE), ("grants", HOLDERS)):
        if not getattr(snapshot, table) and partitions & {*theirs}:
            raise UsageError(
                f"these files have no {table}, and the stack has some, all of which would go; "
                f"rolecall export writes what it has: add its table {table} to the files"
            )


def _name(kind: str, key: str) -> str:
    """Return what something is called, and nothing for a setting."""
    return key if kind in ("entities", "people") else key.partition("#")[2]


def _listed(what: str, ids: Sequence[str]) -> str:
    """Return whom, or what, an import changes, by their ids; of very many the first."""
    shown = ", ".join(sorted(ids)[:_LISTED])
    more = f" and {len(ids) - _LISTED:,} more" if len(ids) > _LISTED else ""
    return printable(f"    {what}: {shown}{more}")
