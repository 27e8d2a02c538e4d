"""What imports removed from a registry: on record, so that no copy of the table brings it back.

| partition | key | document |
|---|---|---|
| ``REMOVED#<digit>`` | a hash of the place of a document | the place |

Who puts a table right from a copy of an earlier moment (:mod:`rolecall.aws.restoring`) finds in it
people, entities and accounts that are not in the table. Whether an import removed them since, or
somebody lost them, shows in nothing else.
"""

from __future__ import annotations

import msgspec

from rolecall.aws.table import Write
from rolecall.finding import identity
from rolecall.registry.documents import DocumentKey

__all__ = ["removal", "removal_key"]


def removal_key(where: DocumentKey) -> DocumentKey:
    """Return where it stands that a document was removed."""
    name = identity("removed", *where)
    return DocumentKey(f"REMOVED#{name[0]}", name)


def removal(table: str, where: DocumentKey) -> Write:
    """Return the write that says that a document was removed."""
    place = removal_key(where)
    data = msgspec.json.encode(where).decode()
    item = {
        "pk": {"S": place.partition},
        "sk": {"S": place.key},
        "v": {"N": "1"},
        "doc": {"S": data},
    }
    # It may have been removed before, and come back since.
    return Write(request={"Put": {"TableName": table, "Item": item}}, size=len(data) + 500)
