"""Actions with what the registry calls those that they speak of, and what a run says of them.

What a run proves is the actions alone: kinds, ids and their order. Names, and where an account is,
are what the registry said, as they are in all of a report.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import nsmallest
from itertools import groupby

import msgspec
from msgspec import Struct

from rolecall.actions.action import Action, ActionKey, urgency
from rolecall.actions.merging import MOST_ACTIONS, joined, narrowed
from rolecall.controls.context import Context
from rolecall.named_keys import NamedTable
from rolecall.naming import Called, Names, names_in
from rolecall.quantity import Counting

__all__ = ["ActionNamer", "ActionSite", "NamedAction", "ToldActions", "joined_named", "narrowed_to"]

_encode = msgspec.json.Encoder(order="sorted").encode


class ActionSite(Struct, frozen=True, omit_defaults=True):
    """Where something is done: an account's platform and address, or the address of a post."""

    platform: str = ""
    url: str = ""


class NamedAction(Struct, frozen=True):
    """An action and what the registry says beside.

    :ivar called: see :data:`~rolecall.naming.Called`: of those that it speaks of alone.
    :ivar sites: of the accounts and contents that it speaks of, by id.
    """

    action: Action
    called: Called
    sites: Mapping[str, ActionSite]

    @property
    def key(self) -> ActionKey:
        """What joins its parts."""
        return self.action.key


class ToldActions(Struct, frozen=True):
    """What a run says is to be done: the most urgent actions in order, and how many more."""

    first: Sequence[NamedAction] = ()
    more: int = 0

    @classmethod
    def of(cls, actions: Iterable[NamedAction], most: int = MOST_ACTIONS) -> ToldActions:
        """Choose of complete actions, of which there may be more than memory has room for."""
        counting = Counting(actions)
        first = nsmallest(most, counting, key=_urgency)
        return cls(first, counting.count - len(first))

    @property
    def digest(self) -> str | None:
        """SHA-256 (hex) of the actions as lines of canonical JSON, in order, and of how many more
        there are; ``None`` where there is nothing to do."""
        if not self.first:
            return None
        hasher = hashlib.sha256()
        for one in self.first:
            hasher.update(_encode(one.action) + b"\n")
        hasher.update(b'{"more":%d}\n' % self.more)
        return hasher.hexdigest()

    def narrowed(self, entity: str) -> ToldActions:
        """Return what concerns one entity, where no more are left out."""
        ours = (narrowed_to(one, entity) for one in self.first)
        return ToldActions.of(one for one in ours if one is not None)


class ActionNamer:
    """Puts to actions what a registry calls those that they speak of."""

    def __init__(self, context: Context, names: Names | None = None) -> None:
        """Take the registry, and who is called what where its own rows do not say it all."""
        self._context = context
        self._names = names or names_in(context)

    def __call__(self, action: Action) -> NamedAction:
        """Return an action with what the registry says of it."""
        called: dict[str, dict[str, str]] = {}
        for table, id_ in sorted(_spoken_of(action)):
            if (name := self._names.find(table, id_)) is not None:
                called.setdefault(table, {})[id_] = name
        return NamedAction(action, called, dict(sorted(self._sites(action))))

    def _sites(self, action: Action) -> Iterator[tuple[str, ActionSite]]:
        context = self._context
        for account, content in sorted({(one.account, one.content) for one in action.deeds}):
            if (row := context.accounts.get(account)) is not None:
                yield account, ActionSite(row.platform, row.url or "")
            if (shown := context.contents.get((account, content))) is not None:
                yield content, ActionSite("", shown.url or "")


def joined_named(parts: Iterable[NamedAction]) -> Iterator[NamedAction]:
    """Yield complete actions of parts that come in order of key."""
    for _, group in groupby(parts, key=_key):
        same = list(group)
        if len(same) == 1:
            yield same[0]
            continue
        called: dict[str, dict[str, str]] = {}
        sites: dict[str, ActionSite] = {}
        for one in same:
            sites |= one.sites
            for table, names in one.called.items():
                called.setdefault(table, {}).update(names)
        ordered = {table: dict(sorted(names.items())) for table, names in sorted(called.items())}
        action = joined([one.action for one in same])
        yield _limited(action, ordered, dict(sorted(sites.items())))


def narrowed_to(named: NamedAction, entity: str) -> NamedAction | None:
    """Return what of an action concerns one entity, with the names of that alone."""
    action = narrowed(named.action, frozenset({entity}))
    return None if action is None else _limited(action, named.called, named.sites)


def _limited(action: Action, called: Called, sites: Mapping[str, ActionSite]) -> NamedAction:
    """Return an action with what is said of those alone that it speaks of."""
    spoken_of = _spoken_of(action)
    places = {one.account for one in action.deeds} | {one.content for one in action.deeds}
    kept_names = {
        table: kept
        for table, names in called.items()
        if (kept := {id_: name for id_, name in names.items() if (table, id_) in spoken_of})
    }
    kept_sites = {id_: site for id_, site in sites.items() if id_ in places}
    return NamedAction(action, kept_names, kept_sites)


def _key(named: NamedAction) -> ActionKey:
    return named.action.key


def _urgency(named: NamedAction) -> tuple[object, ...]:
    return urgency(named.action)


def _spoken_of(action: Action) -> set[tuple[NamedTable, str]]:
    """Return the people, accounts and entities that an action speaks of."""
    people = {action.person, *(doer.person for doer in action.doers)}
    people |= {deed.person for deed in action.deeds}
    accounts = {deed.account for deed in action.deeds}
    entities = {action.entity, *(doer.entity for doer in action.doers)}
    entities |= {deed.entity for deed in action.deeds}
    tables: tuple[tuple[NamedTable, set[str | None] | set[str]], ...] = (
        *(("people", people), ("accounts", accounts), ("entities", entities)),
    )
    return {(table, id_) for table, ids in tables for id_ in ids if id_}
