"""What the rows of every table share: ids, and what names rows of another table."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

__all__ = [
    "AccountId",
    "EntityId",
    "Ids",
    "Notes",
    "PersonId",
    "PersonIds",
    "RegistryRecord",
    "RowKey",
]

Ids: TypeAlias = tuple[str, ...]
Notes: TypeAlias = dict[str, str]
RowKey: TypeAlias = tuple[str, ...]
# What a column of these types holds names rows of another table.
EntityId: TypeAlias = Annotated[str, Meta(extra={"refers": "entities"})]
PersonId: TypeAlias = Annotated[str, Meta(extra={"refers": "people"})]
AccountId: TypeAlias = Annotated[str, Meta(extra={"refers": "accounts"})]
PersonIds: TypeAlias = tuple[PersonId, ...]


class RegistryRecord(Struct, frozen=True, gc=False, omit_defaults=True):
    """The base of every row of a registry."""
