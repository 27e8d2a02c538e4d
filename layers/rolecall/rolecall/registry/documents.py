"""The registry as documents: how it is kept where it is read in parts.

One document holds what is read together: an account with its grants, logins, incidents and
contents; the observations of one account; one person; one entity. Each is JSON of the words of
:mod:`rolecall.model`, without what is empty. A document has a *partition* and a *key* in it:

| partition | key | document |
|---|---|---|
| ``SETTINGS`` | ``REGISTRY`` | :class:`Settings` |
| ``ENTITIES#<digit>`` | entity id | :class:`EntityDocument` |
| ``PEOPLE#<digit>`` | person id | :class:`PersonDocument` |
| ``ENTITY#<entity id>`` | ``ACCOUNT#<account id>`` | :class:`AccountDocument` |
| ``SEEN#<digit>`` | platform, handle, chunk | :class:`SeenDocument`; of a source that is not a \
  file its name stands before the chunk |
| ``HOLDERS#<digit>`` | person, account | ``{}``: the person has a grant on the account |

The digit is hexadecimal, from the place on the ring. The order of rows is not kept: a registry is
read back sorted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct
from msgspec.structs import asdict, astuple, replace

from rolecall.errors import Problem, RegistryError
from rolecall.keys.subjects import account_key
from rolecall.model import (
    TABLES,
    Account,
    Content,
    Entity,
    Grant,
    Incident,
    Login,
    Observation,
    Person,
    Snapshot,
    Subject,
)
from rolecall.provenance import Filled, Source
from rolecall.registry.key_parts import quoted
from rolecall.registry.problems import MOST_PROBLEMS
from rolecall.registry.row_tracking import fills_of_files, rows_filled, rows_vaulted
from rolecall.ring import slot_of

__all__ = [
    "ENTITIES",
    "HOLDERS",
    "MOST_BYTES",
    "MOST_KEY_BYTES",
    "OF_ACCOUNTS",
    "PEOPLE",
    "SEEN",
    "SETTINGS",
    "AccountDocument",
    "DocumentKey",
    "EntityDocument",
    "PersonDocument",
    "SeenDocument",
    "Settings",
    "StoredDocument",
    "account_key_of",
    "accounts_of",
    "documents",
    "entity_key",
    "flaw_of",
    "grant_order",
    "holder_key",
    "is_of_platform",
    "person_key",
    "seen_documents",
    "snapshot_of",
    "with_grant",
]

MOST_BYTES = 380_000
"""Bytes of one document; an item of the table holds 400 KB, its keys and version among them."""
MOST_KEY_BYTES = 1_000
"""Bytes of the name of a document; a sort key has at most 1,024."""

_GRANT_ORDER = ("person_id", "granted_on", "revoked_on")
_ORDERS = {"grants": _GRANT_ORDER, "logins": ("id",), "incidents": ("id",), "contents": ("id",)}
OF_ACCOUNTS = tuple(_ORDERS)
"""The tables whose rows lie in the documents of accounts."""
_DIGITS = "0123456789abcdef"
ENTITIES = tuple(f"ENTITIES#{digit}" for digit in _DIGITS)
PEOPLE = tuple(f"PEOPLE#{digit}" for digit in _DIGITS)
SEEN = tuple(f"SEEN#{digit}" for digit in _DIGITS)
HOLDERS = tuple(f"HOLDERS#{digit}" for digit in _DIGITS)
_ROWS = 500

_encode = msgspec.json.Encoder().encode


class DocumentKey(NamedTuple):
    """Where a document is: its partition, and its key there."""

    partition: str
    key: str


SETTINGS = DocumentKey("SETTINGS", "REGISTRY")


class Settings(Struct, frozen=True):
    """What holds for the registry as a whole: the columns it tracks, and its policy.

    ``policy`` and ``titles`` are the texts of the policy.toml, ``None`` for the defaults, and of a
    titles.csv; ``linked`` whether each entity is found by links, where documents have them.
    """

    tracked: tuple[str, ...]
    policy: str | None = None
    linked: bool = False
    titles: str | None = None


class AccountDocument(Struct, frozen=True, omit_defaults=True):
    """An account with all that belongs to it.

    :ivar filled: what others than files filled in it, or made.
    :ivar vaulted: ids of the logins whose secrets are in the vault: what it knows of them stands
        in their rows, and no import changes that.
    :ivar revoking: ids of the people whose removal was asked for here: nor does one change that.
    """

    account: Account
    grants: tuple[Grant, ...] = ()
    logins: tuple[Login, ...] = ()
    incidents: tuple[Incident, ...] = ()
    contents: tuple[Content, ...] = ()
    vaulted: tuple[str, ...] = ()
    revoking: tuple[str, ...] = ()
    filled: Filled = {}


class EntityDocument(Entity, frozen=True, gc=False):
    """An entity, and what of it others than files filled."""

    filled: Filled = msgspec.field(default_factory=dict)


class PersonDocument(Person, frozen=True, gc=False):
    """A person, and what of them others than files filled."""

    filled: Filled = msgspec.field(default_factory=dict)


class SeenDocument(Struct, frozen=True):
    """Observations of one account; an account with very many has several documents."""

    rows: tuple[Observation, ...]


class StoredDocument(NamedTuple):
    """A document in its place, as it is stored."""

    place: DocumentKey
    data: bytes


def accounts_of(entity: str) -> str:
    """Return the partition of an entity's accounts."""
    return f"ENTITY#{entity}"


def account_key_of(account: str) -> str:
    """Return the key of an account's document, in whichever partition it is."""
    return f"ACCOUNT#{account}"


def entity_key(entity: str) -> DocumentKey:
    """Return where an entity is."""
    return DocumentKey(f"ENTITIES#{_digit(Subject('entity', entity=entity))}", entity)


def person_key(person: str) -> DocumentKey:
    """Return where a person is."""
    return DocumentKey(f"PEOPLE#{_digit(Subject('person', person=person))}", person)


def holder_key(person: str, account: str = "") -> DocumentKey:
    """Return where it stands that a person has a grant on an account.

    Without an account the key is what those of the person begin with.
    """
    digit = _digit(Subject("person", person=person))
    return DocumentKey(f"HOLDERS#{digit}", f"{quoted(person)}#{quoted(account)}")


def with_grant(document: AccountDocument, old: Grant | None, new: Grant) -> AccountDocument:
    """Return a document with a grant in place of another, or beside the others."""
    others = [grant for grant in document.grants if grant is not old]
    return replace(document, grants=tuple(sorted([*others, new], key=grant_order)))


def grant_order(grant: Grant) -> list[str]:
    """Return by what the grants of an account are sorted."""
    return [str(getattr(grant, name)) for name in _GRANT_ORDER]


def documents(
    snapshot: Snapshot, policy: str | None, titles: str | None = None
) -> dict[DocumentKey, bytes]:
    """Return a registry as documents.

    :raises RegistryError: a document, or its name, is larger than can be stored.
    """
    found = dict(_stored(snapshot, policy, titles))
    problems = [
        Problem("settings" if where == SETTINGS else "registry", flaw, column=where.key[:80])
        for where, data in found.items()
        if (flaw := flaw_of(where, data)) is not None
    ]
    if problems:
        raise RegistryError(problems[:MOST_PROBLEMS], len(problems))
    return found


def flaw_of(where: DocumentKey, data: bytes) -> str | None:
    """Return why a document cannot be stored, or ``None``."""
    if len(data) > MOST_BYTES:
        more = f"with everything that belongs to it, and at most {MOST_BYTES:,} can be stored"
        return f"takes {len(data):,} bytes {more}"
    if max(len(part.encode()) for part in where) > MOST_KEY_BYTES:
        return f"its name is longer than the {MOST_KEY_BYTES:,} bytes that can be stored"
    return None


def _stored(snapshot: Snapshot, policy: str | None, titles: str | None) -> Iterator[StoredDocument]:
    settings = Settings(tuple(sorted(snapshot.tracked)), policy, titles=titles)
    yield StoredDocument(SETTINGS, _encode(settings))
    fills = fills_of_files(snapshot)
    for entity in snapshot.entities:
        unit = EntityDocument(**asdict(entity), filled=fills.get(("entities", entity.id), {}))
        yield StoredDocument(entity_key(entity.id), _encode(unit))
    for person in snapshot.people:
        document = PersonDocument(**asdict(person), filled=fills.get(("people", person.id), {}))
        yield StoredDocument(person_key(person.id), _encode(document))
    of = {name: _by_account(getattr(snapshot, name), *by) for name, by in _ORDERS.items()}
    for id_, account in ((one.id, one) for one in snapshot.accounts):
        rows: Any = {name: tuple(groups[id_]) for name, groups in of.items()}
        kept = AccountDocument(account, **rows, filled=fills.get(("accounts", id_), {}))
        where = DocumentKey(accounts_of(account.entity_id), account_key_of(id_))
        yield StoredDocument(where, _encode(kept))
        for holder in sorted({grant.person_id for grant in kept.grants}):
            yield StoredDocument(holder_key(holder, id_), b"{}")
    yield from seen_documents(snapshot.observations)


def _by_account(rows: Iterable[Any], *order: str) -> defaultdict[str, list[Any]]:
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.account_id].append(row)
    for group in found.values():
        group.sort(key=lambda row: [str(getattr(row, name)) for name in order])
    return found


def seen_documents(
    rows: Iterable[Observation], source: Source = "file"
) -> Iterator[StoredDocument]:
    """Yield the documents of observations, those of one account together.

    :param source: what reported them. Each has documents of its own: no import of files writes, or
        deletes, what a platform said.
    """
    by = "" if source == "file" else f"{source}-"
    found: defaultdict[tuple[str, str], list[Observation]] = defaultdict(list)
    for row in rows:
        found[account_key(row.platform, row.handle)].append(row)
    for group in found.values():
        group.sort(key=_encode)
        partition, first = _seen_place(group[0].platform, group[0].handle)
        for start in range(0, len(group), _ROWS):
            data = _encode(SeenDocument(tuple(group[start : start + _ROWS])))
            yield StoredDocument(DocumentKey(partition, f"{first}{by}{start // _ROWS:06}"), data)


def _seen_place(platform: str, handle: str) -> tuple[str, str]:
    """Return where the observations of an account are: the partition, and how their keys begin.

    The account as a row names it: what names it is made here, and of no name twice, as that of
    ``@@parish`` is ``@parish``, which names another.
    """
    platform, handle = account_key(platform, handle)
    digit = _digit(Subject("observation", platform=platform, handle=handle))
    return f"SEEN#{digit}", f"{quoted(platform)}#{quoted(handle)}#"


def is_of_platform(place: DocumentKey) -> bool:
    """Tell whether observations were reported by something else than a file."""
    return "-" in place.key.rpartition("#")[2]


def _digit(subject: Subject) -> str:
    return _DIGITS[slot_of(subject) >> 12]


_TYPES: Mapping[str, Any] = {
    "ENTITIES": msgspec.json.Decoder(EntityDocument),
    "PEOPLE": msgspec.json.Decoder(PersonDocument),
    "ENTITY": msgspec.json.Decoder(AccountDocument),
    "SEEN": msgspec.json.Decoder(SeenDocument),
    "SETTINGS": msgspec.json.Decoder(Settings),
}


def snapshot_of(stored: Iterable[StoredDocument]) -> tuple[Snapshot, str | None]:
    """Return the registry that documents make up, its rows sorted, and the text of its policy."""
    tables: dict[str, list[Any]] = {name: [] for name in TABLES}
    settings = Settings(())
    accounts: list[AccountDocument] = []
    others: list[EntityDocument | PersonDocument] = []
    for where, data in stored:
        if (kind := where.partition.partition("#")[0]) == "HOLDERS":
            continue
        found = _TYPES[kind].decode(data)
        match found:
            case Settings():
                settings = found
            case EntityDocument():
                others.append(found)
                tables["entities"].append(Entity(*astuple(found)[:-1]))
            case PersonDocument():
                others.append(found)
                tables["people"].append(Person(*astuple(found)[:-1]))
            case SeenDocument():
                tables["observations"] += found.rows
            case AccountDocument():
                accounts.append(found)
                tables["accounts"].append(found.account)
                for name in OF_ACCOUNTS:
                    tables[name] += getattr(found, name)
    tracked, vaulted = frozenset(settings.tracked), rows_vaulted(accounts)
    more: Any = {**_sorted(tables), "filled": rows_filled(accounts, others, tracked)}
    return Snapshot(tracked=tracked, vaulted=vaulted, **more), settings.policy


def _sorted(tables: Mapping[str, list[Any]]) -> dict[str, Any]:
    orders = {"grants": ["account_id"], "observations": ["platform", "handle"]}
    return {
        name: tuple(sorted(rows, key=attrgetter(*orders.get(name, ("id",)))))
        for name, rows in tables.items()
    }
