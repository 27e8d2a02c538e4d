"""Claims: items that are there once for what a registry must have once, wherever it stands.

| partition | key | document | what is claimed |
|---|---|---|---|
| ``CLAIMS#<digit>`` | ``account#<hash>`` | the id of an entity | the account is that entity's |
| ``CLAIMS#<digit>`` | ``incident#<hash>`` | ids of accounts | none: where an incident stands |
| ``CLAIMS#<digit>`` | ``address#<hash>`` | ids of people | nobody else signs in by it |
| ``CLAIMS#<digit>`` | ``names#<digits>`` | names | none: :mod:`rolecall.aws.account_names` |
| ``TREE`` | ``-`` | ``{}`` | nobody else changes what is above what |
| ``TREE`` | ``edits`` | ``{}`` | nobody else edits a record, or takes access away |

An account lies with its entity, so that the accounts of an entity are read at once, and nothing in
a key keeps another entity from having one of the same id. A look for one before writing is not
enough: two look, and then both write. So these hold:

- Who writes an account that is new, or to another entity, writes its claim in the same transaction.
  What the claim says is the account, for the API, the vault and the night; another of the same id,
  whoever put it there, is a problem of the next run and gives nobody access.
- Who has somebody serve under an address writes its claim, which is there already for most: it gets
  another version, so one of two who do so at once looks again. Files may have several people of one
  mailbox; the claim names them all. A name in it that is not true any more does no harm.
- Who changes what is above an entity raises the version of the tree, and each transaction of an
  import does: what a check looked at, all the way up and down, is so when the change is written.
- Who edits a record, or takes access away, raises the version of all edits: whether somebody gains,
  and who is left, depends on other records too, and is so when it is written. An import does not.
- An incident comes with an import alone, and so does what says where it stands. A finding names an
  incident and no account; whose conduct it is, and who looks into it, is found by this.
- Who refers to an entity writes it again as it is (:mod:`rolecall.aws.invariants`): an import
  deletes an entity in the version that it read, and so none to which something was added since.

A table of an earlier format lacks the claims of what is in it, which an upgrade writes; until then
accounts are found by an index, as before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

import msgspec
from msgspec import Struct

from rolecall.aws.account_names import name_pages
from rolecall.finding import identity
from rolecall.keys.addresses import registered_key
from rolecall.model import Person, Subject
from rolecall.registry.documents import DocumentKey
from rolecall.ring import slot_of

__all__ = [
    "CLAIMS",
    "EDITS",
    "TREE",
    "account_claim",
    "address_claim",
    "address_of",
    "claim_data",
    "claimed",
    "claims_of",
    "incident_claim",
]

_DIGITS = "0123456789abcdef"
CLAIMS = tuple(f"CLAIMS#{digit}" for digit in _DIGITS)
"""The partitions of claims."""
EDITS = DocumentKey("TREE", "edits")
"""The item whose version counts edits."""
TREE = DocumentKey("TREE", "-")
"""The item whose version is that of the tree."""

_MOST = 1_000
"""People of one mailbox that its claim names; an item has no room for any number."""
_encode = msgspec.json.Encoder().encode
_person = msgspec.json.Decoder(Person).decode
_claimed = msgspec.json.Decoder(tuple[str, ...]).decode


class _Case(Struct, frozen=True):
    id: str


class _Document(Struct, frozen=True):
    incidents: tuple[_Case, ...] = ()


_document = msgspec.json.Decoder(_Document).decode


def account_claim(account: str) -> DocumentKey:
    """Return where it stands to which entity an account belongs."""
    digit = _DIGITS[slot_of(Subject("account", account=account)) >> 12]
    return DocumentKey(f"CLAIMS#{digit}", f"account#{identity('account', account)}")


def incident_claim(incident: str) -> DocumentKey:
    """Return where it stands of which account an incident is."""
    digit = _DIGITS[slot_of(Subject("incident", incident=incident)) >> 12]
    return DocumentKey(f"CLAIMS#{digit}", f"incident#{identity('incident', incident)}")


def address_claim(key: str) -> DocumentKey:
    """Return where it stands who serves under an address, by its key."""
    digit = _DIGITS[slot_of(Subject("person", person=key)) >> 12]
    return DocumentKey(f"CLAIMS#{digit}", f"address#{identity('address', key)}")


def address_of(person: Person) -> str | None:
    """Return the key of the address under which somebody serves and could sign in, if they do."""
    return registered_key(person.email) if person.status == "active" else None


def claim_data(ids: Iterable[str]) -> bytes:
    """Return the document of a claim."""
    return _encode(sorted(set(ids)))


def claimed(data: str | bytes) -> Sequence[str]:
    """Return the ids in the document of a claim."""
    return _claimed(data)


def claims_of(documents: Mapping[DocumentKey, bytes]) -> dict[DocumentKey, bytes]:
    """Return the claims of a registry.

    Of an account that is there more than once, the entity that comes first has it.
    """
    named: defaultdict[DocumentKey, list[str]] = defaultdict(list)
    found: dict[DocumentKey, bytes] = {}
    for where in sorted(documents):
        kind, _, rest = where.partition.partition("#")
        if kind == "ENTITY":
            account = where.key.partition("#")[2]
            found.setdefault(account_claim(account), claim_data([rest]))
            for incident in _incidents(documents[where]):
                named[incident_claim(incident)].append(account)
        elif kind == "PEOPLE":
            person = _person(documents[where])
            if (key := address_of(person)) is not None:
                named[address_claim(key)].append(person.id)
    found |= {where: claim_data(ids[:_MOST]) for where, ids in named.items()}
    return found | name_pages(documents)


def _incidents(data: bytes) -> Iterator[str]:
    """Yield the ids of incidents of an account; a document that cannot be read has none."""
    with suppress(msgspec.MsgspecError, UnicodeError, RecursionError):
        yield from (one.id for one in _document(data).incidents)
