"""What entities are called, and who heads them: what a table says beside their ids."""

from __future__ import annotations

from collections.abc import Collection

from rolecall.controls.context import Context
from rolecall.naming import names_in
from rolecall.reports.facts import Holders

__all__ = ["unit_names"]


def unit_names(context: Context, entities: Collection[str] | None = None) -> Holders:
    """Return the names of entities and of their heads.

    :param entities: ids of those that are meant; ``None`` for all.
    """
    names = names_in(context)
    meant = [
        one for id_, one in sorted(context.entities.items()) if entities is None or id_ in entities
    ]
    units = {one.id: names.find("entities", one.id) for one in meant}
    heads = {one.id: names.find("people", one.head_id) for one in meant if one.head_id}
    return Holders(
        entities={id_: name for id_, name in units.items() if name},
        heads={id_: name for id_, name in heads.items() if name},
    )
