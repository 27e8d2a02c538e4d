"""Bodies of records, made of the words of :mod:`rolecall.model`: a field there is one here."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias, get_type_hints

import msgspec
from msgspec import NODEFAULT
from pydantic import BaseModel, Field, create_model

from rolecall.http.models import Incoming
from rolecall.model import TABLES, Account, Entity, Grant, Person, RegistryRecord
from rolecall.registry.schema import columns

__all__ = ["AccountBody", "EntityBody", "GrantBody", "PersonBody", "made"]

_ELSEWHERE = {"revoke_requested_at", "revoked_on"}
"""What revocations alone change."""


def _body(kind: type[RegistryRecord], *key: str) -> Any:
    """Return the model of a record without its key, which the address names."""
    hints = get_type_hints(kind, include_extras=True)
    told = columns(next(table for table, struct in TABLES.items() if struct is kind))
    found: dict[str, Any] = {}
    for field in msgspec.structs.fields(kind):
        if field.name in key or field.name in _ELSEWHERE:
            continue
        default = ... if field.default is NODEFAULT else field.default
        about = told[field.name].description if field.name in told else None
        found[field.name] = (hints[field.name], Field(default, description=about))
    name = f"{kind.__name__}Record"
    return create_model(name, __base__=Incoming, __doc__=kind.__doc__, **found)


if TYPE_CHECKING:
    EntityBody: TypeAlias = BaseModel
    PersonBody: TypeAlias = BaseModel
    AccountBody: TypeAlias = BaseModel
    GrantBody: TypeAlias = BaseModel


_KINDS: dict[str, tuple[type[RegistryRecord], tuple[str, ...]]] = {
    "EntityBody": (Entity, ("id",)),
    "PersonBody": (Person, ("id",)),
    "AccountBody": (Account, ("id",)),
    "GrantBody": (Grant, ("account_id", "person_id")),
}


@cache
def __getattr__(name: str) -> Any:
    """Return a model: the first request to edit such a record makes it, no other waits for it."""
    if name not in _KINDS:
        raise AttributeError(name)
    kind, key = _KINDS[name]
    return _body(kind, *key)


def made(kind: type[RegistryRecord], body: BaseModel, **key: str) -> RegistryRecord:
    """Return the record that a body is."""
    return msgspec.convert({**body.model_dump(), **key}, kind)
