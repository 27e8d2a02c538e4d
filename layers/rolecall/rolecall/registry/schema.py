"""The columns of the tables, derived from the Structs of :mod:`rolecall.model`.

What a column refers to stands in its type there, once: the checks of a registry, the edits of
records and the batches of a night ask :func:`referring` and :func:`names_in`.
"""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache, partial
from itertools import chain
from operator import attrgetter
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from msgspec import NODEFAULT, Meta, Struct
from msgspec.structs import fields

from rolecall.model import TABLES, Investigator, RegistryRecord
from rolecall.provenance import FILLED_COLUMNS

__all__ = [
    "REQUIRED_TABLES",
    "Column",
    "Kind",
    "column_name",
    "columns",
    "names_in",
    "referring",
]

REQUIRED_TABLES = ("entities", "accounts")

Kind = Literal["text", "word", "list", "date", "instant", "choice", "yes/no", "number", "roles"]

# Columns whose texts recur, in the column or in others: they are kept once. Rows of these tables
# are named by others.
_NAMED = ("entities", "people", "accounts")
_SHARED = (
    *("_level", "_version", "_class", "_basis", "platform"),
    *("_registrant", "owned_by", "_payer", "_payee"),
)


class Column(Struct, frozen=True, kw_only=True):
    """One column of a table.

    ``kind``: ``text`` any text; ``word`` a closed vocabulary's or platform's case-folded word;
    ``choice`` one of ``choices``; ``list`` texts; ``roles`` a list of ``person_id:role``;
    ``number`` a whole number between ``least`` and ``most``. ``refers`` is the table whose rows
    the values name. ``filled`` tells that programs fill it: its cells may say that they are not
    tracked.
    """

    name: str
    kind: Kind
    required: bool
    description: str
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = 0
    shared: bool = False
    refers: str | None = None
    filled: bool = False


def column_name(text: str) -> str:
    """Return the column that the head of a column means: case, blanks and hyphens do not matter."""
    return re.sub(r"[\s-]+", "_", text.strip()).casefold()


@cache
def columns(table: str) -> Mapping[str, Column]:
    """Return the columns of a table by name, in order; ``notes`` is not one of them."""
    struct: type[RegistryRecord] = TABLES[table]
    hints = get_type_hints(struct, include_extras=True)
    return {
        field.name: _column(table, field.name, hints[field.name], field.default is NODEFAULT)
        for field in fields(struct)
        if field.name != "notes"
    }


def _column(table: str, name: str, hint: Any, required: bool) -> Column:
    if get_origin(hint) is not Annotated:
        raise TypeError(f"column {name} has no description")
    inner, *metas = get_args(hint)
    options = [part for part in _union(inner) if part is not type(None)]
    if get_origin(options[0]) is Annotated:
        hint, *more = get_args(options[0])
        metas = [*more, *metas]
    else:
        hint = options[0]
    limits = next((meta for meta in metas if meta.le is not None), Meta())
    kind, choices = _kind(name, hint)
    refers = _refers(hint, metas)
    return Column(
        name=name,
        kind=kind,
        required=required,
        description=next(meta.description for meta in metas if meta.description is not None),
        choices=choices,
        least=int(limits.ge or 0),
        most=int(limits.le or 0),
        shared=refers is not None or name.endswith(_SHARED) or (name == "id" and table in _NAMED),
        refers=refers,
        filled=f"{table}.{name}" in FILLED_COLUMNS,
    )


def _refers(hint: Any, metas: Iterable[Meta]) -> str | None:
    """Return the table that a type refers to: by its own declaration, or that of its items."""
    if get_origin(hint) is tuple:
        item = get_args(hint)[0]
        item = (
            get_type_hints(item, include_extras=True)["person_id"] if item is Investigator else item
        )
        metas = get_args(item)[1:] if get_origin(item) is Annotated else ()
    declared = ((meta.extra or {}).get("refers") for meta in metas)
    return next((target for target in declared if target is not None), None)


def _union(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)


def _kind(name: str, hint: Any) -> tuple[Kind, tuple[str, ...]]:
    if get_origin(hint) is Literal:
        return "choice", get_args(hint)
    if get_origin(hint) is tuple:
        return ("roles" if get_args(hint)[0] is Investigator else "list"), ()
    kinds: dict[Any, Kind] = {date: "date", datetime: "instant", bool: "yes/no", int: "number"}
    return kinds.get(hint, "word" if name == "platform" else "text"), ()


@cache
def referring(table: str, target: str) -> tuple[str, ...]:
    """Return the columns of a table whose values name rows of another, in order."""
    return tuple(column.name for column in columns(table).values() if column.refers == target)


@cache
def names_in(table: str, target: str) -> Callable[[Sequence[Any]], set[str]]:
    """Return the function that tells which rows of a table those of another name."""
    kinds = {name: columns(table)[name].kind for name in referring(table, target)}
    single = _values([name for name, kind in kinds.items() if kind not in ("list", "roles")])
    several = _values([name for name, kind in kinds.items() if kind == "list"])
    roles = _values([name for name, kind in kinds.items() if kind == "roles"])

    def named(rows: Sequence[Any]) -> set[str]:
        found = set(single(rows))
        found.update(chain.from_iterable(several(rows)))
        found.update(who.person_id for who in chain.from_iterable(roles(rows)))
        found.discard(None)
        return found

    return named


def _values(names: Sequence[str]) -> Callable[[Sequence[Any]], Iterable[Any]]:
    """Return the function that takes the values of columns out of rows."""
    if not names:
        return lambda _: ()
    get = attrgetter(*names)
    if len(names) == 1:
        return partial(map, get)
    return lambda rows: chain.from_iterable(map(get, rows))
