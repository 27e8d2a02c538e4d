"""The tables of a registry, and a registry at one moment."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from rolecall.model.accounts import Account, Grant, Login
from rolecall.model.occurrences import Content, Incident, Observation
from rolecall.model.registry_record import Ids, RegistryRecord, RowKey
from rolecall.model.roster import Entity, Person

__all__ = ["TABLES", "Alike", "Rest", "Snapshot"]

TABLES: dict[str, type[RegistryRecord]] = {
    "entities": Entity,
    "people": Person,
    "accounts": Account,
    "grants": Grant,
    "logins": Login,
    "observations": Observation,
    "incidents": Incident,
    "contents": Content,
}
"""Every table of a registry, in reading order; entities and accounts are required."""


class Alike(Struct, frozen=True, gc=False):
    """Ids that have something in common: the first of them, sorted, and how many there are."""

    ids: Ids
    size: int


class Rest(Struct, frozen=True, omit_defaults=True):
    """What a part of a registry must know of the rest of it.

    Accounts that are not closed and share a key (:mod:`rolecall.keys`), logins of one fingerprint,
    people of this part with a live grant somewhere; and whether rows were left out of the whole.
    ``called`` has by table and id how those are called who are called like others of the whole, and
    those of whom the part speaks without having the row.
    """

    accounts: tuple[tuple[tuple[str, str], Alike], ...] = ()
    logins: dict[str, Alike] = {}
    holders: frozenset[str] = frozenset()
    is_incomplete: bool = False
    called: dict[str, dict[str, str]] = {}


class Snapshot(Struct, frozen=True, gc=False, kw_only=True):
    """A registry at one moment, validated: the whole of it, or a part.

    ``tracked`` holds every ``table.column`` that it has, ``filled`` of others the rows that do, and
    ``vaulted`` the logins whose holders the vault knows; ``rest`` is ``None`` for a whole registry.
    """

    entities: tuple[Entity, ...] = ()
    people: tuple[Person, ...] = ()
    accounts: tuple[Account, ...] = ()
    grants: tuple[Grant, ...] = ()
    logins: tuple[Login, ...] = ()
    observations: tuple[Observation, ...] = ()
    incidents: tuple[Incident, ...] = ()
    contents: tuple[Content, ...] = ()
    tracked: frozenset[str] = frozenset()
    filled: Mapping[str, frozenset[RowKey]] = {}
    digest: str = ""
    rest: Rest | None = None
    vaulted: frozenset[RowKey] = frozenset()
