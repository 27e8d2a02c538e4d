"""The index ``by-email`` of the registry's table: who signs in by which address."""

from __future__ import annotations

import msgspec

from rolecall.aws.table import DocumentTable
from rolecall.keys.addresses import address_key, registered_key
from rolecall.keys.subjects import email_key
from rolecall.model import Person
from rolecall.registry.documents import PEOPLE, DocumentKey

__all__ = ["indexed", "people_by_address"]

_person = msgspec.json.Decoder(Person).decode


def indexed(where: DocumentKey, data: bytes) -> dict[str, str]:
    """Return what the index has of a document: nothing where nobody could sign in by it."""
    if where.partition not in PEOPLE:
        return {}
    key = registered_key(_person(data).email)
    return {} if key is None else {"email": key}


def people_by_address(table: DocumentTable, email: str) -> list[Person]:
    """Return everybody on the roster with an address; an ambiguous one is nobody's."""
    if (key := address_key(email)) is None:
        return []
    # Items of earlier releases have the key of then until an import writes them.
    sought = sorted({key, email_key(email)})
    places = {at for one in sought for at in table.indexed("by-email", "email", one)}
    rows = (table.get(*at) for at in sorted(places))
    people = (_person(row.data) for row in rows if row is not None)
    return [one for one in people if registered_key(one.email) == key]
