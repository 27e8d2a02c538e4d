"""The columns of the tables, derived from the Structs of :mod:`rolecall.model`."""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from msgspec import NODEFAULT, Meta, Struct
from msgspec.structs import fields

from rolecall.model import TABLES, Investigator, RegistryRecord

__all__ = ["REQUIRED_TABLES", "Column", "Kind", "column_name", "columns"]

REQUIRED_TABLES = ("entities", "people", "accounts", "grants")

Kind = Literal["text", "word", "list", "date", "instant", "choice", "yes/no", "number", "roles"]

# Columns whose texts recur, in the column or in others: they are kept once.
_SHARED = ("_id", "_by", "_level", "_version", "_class", "_basis", "platform")


class Column(Struct, frozen=True, kw_only=True):
    """One column of a table.

    ``kind``: ``text`` any text; ``word`` a closed vocabulary's or platform's case-folded word;
    ``choice`` one of ``choices``; ``list`` texts; ``roles`` a list of ``person_id:role``;
    ``number`` a whole number between ``least`` and ``most``.
    """

    name: str
    kind: Kind
    required: bool
    description: str
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = 0
    shared: bool = False


def column_name(text: str) -> str:
    """Return the column that the head of a column means: case, blanks and hyphens do not matter."""
    return re.sub(r"[\s-]+", "_", text.strip()).casefold()


@cache
def columns(table: str) -> Mapping[str, Column]:
    """Return the columns of a table by name, in order; ``notes`` is not one of them."""
    struct: type[RegistryRecord] = TABLES[table]
    hints = get_type_hints(struct, include_extras=True)
    return {
        field.name: _column(field.name, hints[field.name], field.default is NODEFAULT)
        for field in fields(struct)
        if field.name != "notes"
    }


def _column(name: str, hint: Any, required: bool) -> Column:
    if get_origin(hint) is not Annotated:
        raise TypeError(f"column {name} has no description")
    inner, *metas = get_args(hint)
    meta = next(meta for meta in metas if isinstance(meta, Meta))
    options = [part for part in _union(inner) if part is not type(None)]
    hint, *metas = get_args(options[0]) if get_origin(options[0]) is Annotated else options
    limits = metas[0] if metas else Meta()
    kind, choices = _kind(name, hint)
    return Column(
        name=name,
        kind=kind,
        required=required,
        description=meta.description or "",
        choices=choices,
        least=int(limits.ge or 0),
        most=int(limits.le or 0),
        shared=name == "id" or name.endswith(_SHARED),
    )


def _union(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)


def _kind(name: str, hint: Any) -> tuple[Kind, tuple[str, ...]]:
    if get_origin(hint) is Literal:
        return "choice", get_args(hint)
    if get_origin(hint) is tuple:
        return ("roles" if get_args(hint)[0] is Investigator else "list"), ()
    kinds: dict[Any, Kind] = {date: "date", datetime: "instant", bool: "yes/no", int: "number"}
    return kinds.get(hint, "word" if name == "platform" else "text"), ()
