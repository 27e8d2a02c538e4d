"""What those are called of whom a finding speaks, for whoever may know it.

Findings are kept with ids alone, for they enter a log that nobody can change. Who reads them wants
names, and gets those of the people, accounts and entities that they may see; of all others the id
stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from rolecall.controls.audience import CONFIDENTIAL
from rolecall.finding import Finding
from rolecall.keys.alikeness import alike_ids
from rolecall.lineage import MOST_LEVELS, lineage_of
from rolecall.model import Account, Entity, Person
from rolecall.named_keys import ID_KEYS, NamedTable
from rolecall.naming import Called, row_called, with_id
from rolecall.registry.documents import AccountDocument
from rolecall.usecases.identity.permissions import Permission
from rolecall.usecases.queries.reach import Reach
from rolecall.usecases.queries.read_store import ReadStore

__all__ = ["SpokenNames", "called"]

_MOST_NAMED = 200
"""Of each kind, how many of a page are looked up: who is on a list of hundreds stays an id."""
_MOST_ELSEWHERE = 20
"""Accounts of other entities than those of the findings: each costs a reading of its own."""
_Row = Person | Account | Entity


class SpokenNames:
    """The names for one caller; each is looked up once."""

    def __init__(self, store: ReadStore, reach: Reach) -> None:
        self._store = store
        self._reach = reach
        self._looked_up: defaultdict[NamedTable, set[str]] = defaultdict(set)
        self._known: dict[NamedTable, dict[str, _Row]] = {}
        self._units: dict[str, Entity] = {}
        self._climbed: set[str] = set()
        self._elsewhere = 0

    def look_up(self, findings: Sequence[Finding]) -> None:
        """Read the names of everybody and everything that some findings speak of, if few enough."""
        people = self._store.people(self._wanted("people", findings))
        self._know("people", {id_: one for id_, one in people.items() if self._reach.sees(one)})
        units = self._wanted("entities", findings)
        self._climb(units)
        seen = {id_: one for id_ in units if (one := self._units.get(id_)) is not None}
        shown = {id_: one for id_, one in seen.items() if self._may("read entity", id_)}
        self._know("entities", shown)
        found = list(self._accounts(self._wanted("accounts", findings), findings))
        self._climb([one.account.entity_id for one in found])
        seen_accounts = {one.account.id: one.account for one in found if self._sees(one)}
        self._know("accounts", seen_accounts)

    def people_of(self, finding: Finding) -> dict[str, str]:
        """Return the names of the people of whom a finding speaks, by id; of others none."""
        known = self._known.get("people", {})
        ids = dict.fromkeys(id_ for table, id_ in _spoken_of(finding) if table == "people")
        return {id_: one.name for id_ in ids if isinstance(one := known.get(id_), Person)}

    def of(self, finding: Finding) -> Called:
        """Return what those are called of whom a finding speaks, told apart where two are alike."""
        found: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for table, id_ in _spoken_of(finding):
            if (row := self._known.get(table, {}).get(id_)) is not None:
                found[table][id_] = row_called(row, "website")
        return {table: called(names, exact=table == "accounts") for table, names in found.items()}

    def _wanted(self, table: NamedTable, findings: Iterable[Finding]) -> list[str]:
        old = self._looked_up[table]
        spoken_of = (id_ for one in findings for kind, id_ in _spoken_of(one) if kind == table)
        new = [id_ for id_ in dict.fromkeys(spoken_of) if id_ not in old]
        wanted = new[: _MOST_NAMED - len(old)]
        old.update(wanted)
        return wanted

    def _know(self, table: NamedTable, rows: Mapping[str, _Row]) -> None:
        self._known.setdefault(table, {}).update(rows)

    def _accounts(
        self, ids: Sequence[str], findings: Iterable[Finding]
    ) -> Iterator[AccountDocument]:
        """Yield accounts: most are of the entity of their finding, and all those are read at once.

        :param findings: that speak of them.
        """
        wanted = set(ids)
        homes = {
            (one.entity, id_): None
            for one in findings
            for table, id_ in _spoken_of(one)
            if table == "accounts" and id_ in wanted and one.entity is not None
        }
        found = self._store.accounts_at(list(homes)[:_MOST_NAMED])
        yield from found
        missing = wanted.difference(one.account.id for one in found)
        for id_ in sorted(missing)[: _MOST_ELSEWHERE - self._elsewhere]:
            self._elsewhere += 1
            if (document := self._store.account(id_)) is not None:
                yield document

    def _sees(self, document: AccountDocument) -> bool:
        if self._may("read account", document.account.entity_id):
            return True
        return self._reach.may("read account", grants=document.grants)

    def _may(self, action: Permission, entity: str) -> bool:
        return self._reach.may(action, lineage=list(lineage_of(entity, self._units)))

    def _climb(self, entities: Iterable[str]) -> None:
        """Read entities and those above them, level by level: each entity of a page has its own."""
        level: Iterable[str | None] = entities
        for _ in range(MOST_LEVELS):
            wanted = {id_ for id_ in level if id_ is not None} - self._climbed
            if not wanted:
                return
            self._climbed |= wanted
            met = self._reach.known
            found = {id_: met[id_] for id_ in wanted if id_ in met}
            if unread := sorted(wanted - found.keys()):
                found |= self._store.known(unread)
            self._units |= found
            level = [one.parent_id for one in found.values()]


def called(names: Mapping[str, str], *, exact: bool = False) -> dict[str, str]:
    """Return what to call each of some: by name, and with the id where two are called alike.

    :param exact: of handles every sign counts.
    """
    alike = alike_ids([*names], [*names.values()], exact=exact)
    return {id_: with_id(name, id_) if id_ in alike else name for id_, name in names.items()}


def _spoken_of(finding: Finding) -> Iterator[tuple[NamedTable, str]]:
    """Yield the ids of whom and what a finding speaks."""
    if finding.subject.kind in CONFIDENTIAL:
        return
    evidence: dict[str, Any] | None = msgspec.json.decode(finding.evidence)
    values = [*finding.subject.keys().items(), *(evidence or {}).items()]
    for key, value in values:
        if (table := ID_KEYS.get(key)) is not None:
            texts = value if isinstance(value, list) else [value]
            yield from ((table, text) for text in texts if isinstance(text, str))
