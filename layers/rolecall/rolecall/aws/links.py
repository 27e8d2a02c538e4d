"""Links: documents by which entities are found from a person, and from the entity above.

| partition | key | ``{}``, and it says |
|---|---|---|
| ``STEWARDS#<digit>`` | person, entity | the person heads or helps the entity |
| ``CHILDREN#<digit>`` | entity, child | the child is directly below the entity |

A link finds and an entity decides: one too many costs a reading, one too few would hide something.
So these hold:

- Who writes an entity writes all its links in the same transaction, those that are there as well,
  which get another version. An entity with more links than a transaction has room for is written
  after them.
- The API deletes no link. An import deletes those that no entity needs: it reads links before
  entities, and deletes a link in the version that it read. Who came to need it meanwhile wrote it.
- ``linked`` in the settings says that every entity has its links. An import and an upgrade set it
  as the last thing they do; the import of a release that knows no links takes it away. Without it
  all entities are read, as ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec
from msgspec.structs import replace

from rolecall.errors import InvalidRecordError
from rolecall.model import Entity, Grant, RegistryRecord, Subject
from rolecall.registry.documents import (
    ENTITIES,
    SETTINGS,
    DocumentKey,
    Settings,
    holder_key,
)
from rolecall.registry.key_parts import quoted, unquoted
from rolecall.ring import slot_of

__all__ = [
    "LINKS",
    "LINK_DATA",
    "child_link",
    "far_end",
    "linked",
    "links_of",
    "record_links",
    "steward_link",
]

_DIGITS = "0123456789abcdef"
LINKS = tuple(f"{kind}#{digit}" for kind in ("STEWARDS", "CHILDREN") for digit in _DIGITS)
"""The partitions of links."""
LINK_DATA = b"{}"
_MOST_LINKS = 80
"""Links of one entity in a transaction, beside it, the change that made it, and the log's items."""

_entity = msgspec.json.Decoder(Entity).decode


def steward_link(person: str, entity: str = "") -> DocumentKey:
    """Return the link from somebody to an entity that they head or help.

    Without an entity the key is what those of the person begin with.
    """
    return _link("STEWARDS", Subject("person", person=person), person, entity)


def child_link(parent: str, child: str = "") -> DocumentKey:
    """Return the link from an entity to one that is directly below it.

    Without a child the key is what those of the entity begin with.
    """
    return _link("CHILDREN", Subject("entity", entity=parent), parent, child)


def _link(kind: str, near: Subject, start: str, end: str) -> DocumentKey:
    return DocumentKey(f"{kind}#{_DIGITS[slot_of(near) >> 12]}", f"{quoted(start)}#{quoted(end)}")


def far_end(key: str) -> str:
    """Return the id of the entity that a link finds."""
    return unquoted(key.partition("#")[2])


def links_of(entity: Entity) -> list[DocumentKey]:
    """Return the links by which an entity is found."""
    stewards = sorted({entity.head_id, *entity.it_delegate_ids} - {None, ""}, key=str)
    found = [steward_link(str(person), entity.id) for person in stewards]
    if entity.parent_id is not None:
        found.append(child_link(entity.parent_id, entity.id))
    return found


def linked(documents: Mapping[DocumentKey, bytes]) -> dict[DocumentKey, bytes]:
    """Return documents of a registry with the links of their entities, and that they have them."""
    made = {**documents, **dict.fromkeys(_links(documents), LINK_DATA)}
    if SETTINGS in made:
        settings = msgspec.json.decode(made[SETTINGS], type=Settings)
        made[SETTINGS] = msgspec.json.encode(replace(settings, linked=True))
    return made


def _links(documents: Mapping[DocumentKey, bytes]) -> Iterator[DocumentKey]:
    for where, data in documents.items():
        if where.partition in ENTITIES:
            yield from links_of(_entity(data))


def record_links(record: RegistryRecord) -> list[DocumentKey]:
    """Return what a record is found by, beside its own place.

    :raises InvalidRecordError: it takes more than fits into a transaction.
    """
    match record:
        case Grant():
            return [holder_key(record.person_id, record.account_id)]
        case Entity():
            links = links_of(record)
            if len(links) > _MOST_LINKS:
                flaw = f"an edit names at most {_MOST_LINKS} people; more of them an import brings"
                raise InvalidRecordError({"it_delegate_ids": flaw})
            return links
    return []
