"""People, entities and accounts as whoever types a command calls them: by id, or by a name.

A name is taken only where the command has every row before it, and one alone is called so; what is
read through the API is a part, and there an id is asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rolecall.errors import UsageError
from rolecall.model import Entity
from rolecall.registry.row_names import RowNames, shown_choice

__all__ = ["chosen_entity", "chosen_row"]


def chosen_row(table: str, text: str, records: Iterable[Any]) -> str:
    """Return the id of the row that a text means; the text itself where nobody is called so.

    :raises UsageError: it could mean several.
    """
    ids = RowNames(table, records).ids_of(text)
    if len(ids) > 1:
        raise UsageError(
            f"{text} could be {shown_choice(ids)}, which are called alike; give the id"
        )
    return ids[0] if ids else text


def chosen_entity(text: str | None, entities: Iterable[Entity]) -> str | None:
    """Return the id of the entity that an option means, where it was given.

    :raises UsageError: it could mean several.
    """
    return None if text is None else chosen_row("entities", text, entities)
