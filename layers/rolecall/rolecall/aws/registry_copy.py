"""The registry as a copy of its table has it, held against the registry as it is.

What a copy has is what was. Where something is *now* says the registry: by the claim of an account,
by what imports removed, and by what comes of it all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from rolecall.aws.claims import account_claim, claimed
from rolecall.aws.importing import Changes
from rolecall.aws.registry import WAIVERS, StackRegistry
from rolecall.aws.removals import removal_key
from rolecall.lineage import MOST_LEVELS, flaws_of
from rolecall.model import Entity
from rolecall.registry.documents import ENTITIES, PEOPLE, SEEN, SETTINGS, DocumentKey, accounts_of

__all__ = ["CopyComparison", "RegistryCopy"]

_entity = msgspec.json.Decoder(Entity).decode
_HOME = accounts_of("")


class CopyComparison(Struct, frozen=True):
    """What a copy has that the registry lost.

    :ivar missing: places of what is put back.
    :ivar kept_away: places of what is not, and why.
    :ivar items: beside the documents of the registry, as the copy has them.
    :ivar changes: the documents, with all that follows from them.
    """

    missing: Sequence[DocumentKey]
    kept_away: Mapping[DocumentKey, str]
    items: Sequence[dict[str, Any]]
    changes: Changes


class RegistryCopy:
    """A copy of the registry's table."""

    def __init__(self, registry: StackRegistry, items: Iterable[dict[str, Any]]) -> None:
        self._registry = registry
        self._items = {DocumentKey(one["pk"]["S"], one["sk"]["S"]): one for one in items}
        self._kept_away: dict[DocumentKey, str] = {}

    def compared(self, *, with_removed: bool) -> CopyComparison:
        """Return what the registry lost.

        :param with_removed: whether to put back what imports removed as well.
        """
        tree = self._registry.tree()
        copied = [where for where in self._items if _is_document(where)]
        homes = {one.partition.removeprefix(_HOME) for one in copied if _is_account(one)}
        there = {DocumentKey(one.partition, one.key): one for one in self._registry.rows(homes)}
        lost = {where: self._data(where) for where in copied if where not in there}
        for where in list(lost):
            if (why := self._gone(where, with_removed=with_removed)) is not None:
                self._keep_away(lost, where, why)
        known = {where: row.data.encode() for where, row in there.items()}
        self._check_tree(lost, known)
        beside = [
            dict(item)
            for where, item in self._items.items()
            if where.partition == WAIVERS and self._registry.table.get(*where) is None
        ]
        missing = [*lost, *(DocumentKey(one["pk"]["S"], one["sk"]["S"]) for one in beside)]
        changes = self._registry.completed(there, lost, tree)
        return CopyComparison(sorted(missing), self._kept_away, beside, changes)

    def _data(self, where: DocumentKey) -> bytes:
        data: str = self._items[where]["doc"]["S"]
        return data.encode()

    def _keep_away(self, lost: dict[DocumentKey, bytes], where: DocumentKey, why: str) -> None:
        del lost[where]
        self._kept_away[where] = why

    def _gone(self, where: DocumentKey, *, with_removed: bool) -> str | None:
        """Return why a document is not missing, although there is none in its place."""
        if _is_account(where):
            account, copied = where.key.partition("#")[2], where.partition.removeprefix(_HOME)
            # The claim says where it is, although it may be lost there: then this copy is too old.
            claim = self._registry.table.get(*account_claim(account))
            homes = () if claim is None else claimed(claim.data)
            if copied in homes:
                return None
            home = homes[0] if homes else self._registry.home_of(account)
            if home is not None:
                return f"is of {home} by now"
        if not with_removed and self._registry.table.get(*removal_key(where)) is not None:
            return "was removed by an import"
        return None

    def _check_tree(
        self, lost: dict[DocumentKey, bytes], known: Mapping[DocumentKey, bytes]
    ) -> None:
        """Keep away what would not be in a tree, and then what would be below that."""
        while True:
            entities = {
                one.id: (where, one)
                for where, data in {**known, **lost}.items()
                if where.partition in ENTITIES and (one := _entity(data))
            }
            flaws = flaws_of({id_: one.parent_id for id_, (_, one) in entities.items()})
            whys = {id_: "would make parents a circle" for ids in flaws.circles for id_ in ids}
            whys |= dict.fromkeys(flaws.deep, f"would lie more than {MOST_LEVELS} levels deep")
            for id_, (_, one) in entities.items():
                if one.parent_id is not None and one.parent_id not in entities:
                    whys[id_] = f"is below {one.parent_id}, which there is not"
            wrong = {where: whys[id_] for id_, (where, _) in entities.items() if id_ in whys}
            for where in filter(_is_account, lost):
                if (home := where.partition.removeprefix(_HOME)) not in entities:
                    wrong[where] = f"is of {home}, which there is not"
            wrong = {where: why for where, why in wrong.items() if where in lost}
            if not wrong:
                return
            for where, why in wrong.items():
                self._keep_away(lost, where, why)


def _is_account(where: DocumentKey) -> bool:
    return where.partition.startswith(_HOME)


def _is_document(where: DocumentKey) -> bool:
    """Tell whether something is a document of the registry, which nothing else tells of."""
    return where == SETTINGS or _is_account(where) or where.partition in _DOCUMENTS


_DOCUMENTS = frozenset({*ENTITIES, *PEOPLE, *SEEN})
