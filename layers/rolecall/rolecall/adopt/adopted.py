"""What the last adoption wrote, cell by cell: ``adopted.json`` in the registry.

Held against it, a cell of the registry that is otherwise was edited since, by somebody who knows
better than a sheet; and a row that a sheet no longer has is one that has vanished.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec import Struct

from rolecall.errors import Problem, RegistryError
from rolecall.printable import printable

__all__ = [
    "ADOPTED_FILE",
    "KEYS",
    "Adopted",
    "AdoptedRow",
    "SheetSource",
    "adopted_as_json",
    "adopted_of",
]

ADOPTED_FILE = "adopted.json"

KEYS: Mapping[str, tuple[str, ...]] = {
    "entities": ("id",),
    "people": ("id",),
    "accounts": ("id",),
    "grants": ("account_id", "person_id"),
    "logins": ("id",),
}
"""The tables that sheets make, in the order of writing, and what names their rows."""


class SheetSource(Struct, frozen=True):
    """A sheet that was adopted, whatever its file is called next time.

    :ivar name: the file's name without what changes from month to month.
    :ivar headings: folded.
    """

    name: str
    headings: tuple[str, ...]


class AdoptedRow(Struct, frozen=True):
    """A row as it was proposed, and by which sources, by their indexes.

    :ivar silent: as :attr:`rolecall.adopt.proposal.ProposedRow.silent` has it.
    """

    key: tuple[str, ...]
    cells: Mapping[str, str]
    sources: tuple[int, ...] = ()
    silent: tuple[str, ...] = ()


class Adopted(Struct, frozen=True):
    """What was adopted, of all adoptions the last word of each source.

    :ivar others: the tables that say, by an adoption, that of others nothing is known.
    """

    version: int = 1
    sources: tuple[SheetSource, ...] = ()
    tables: Mapping[str, tuple[AdoptedRow, ...]] = {}
    others: tuple[str, ...] = ()


def adopted_of(file: str, data: bytes) -> Adopted:
    """Return what a file keeps.

    :raises RegistryError: it is not such a file.
    """
    try:
        kept = msgspec.json.decode(data, type=Adopted)
    except (msgspec.DecodeError, RecursionError) as error:
        message = f"cannot be read: {error}; take it from a copy, or delete it"
        raise RegistryError([Problem(printable(file), printable(message))]) from error
    if kept.version != 1:
        message = f"is of version {kept.version}; version 1 is known here"
        raise RegistryError([Problem(printable(file), message)])
    return kept


def adopted_as_json(adopted: Adopted) -> bytes:
    """Return it as a file, the same for the same."""
    document = msgspec.to_builtins(adopted)
    text = msgspec.json.encode(document, order="sorted")
    return msgspec.json.format(text, indent=1) + b"\n"
