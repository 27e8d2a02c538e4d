"""What stands in the fields of a record that are free: ids, levels of clearance, and notes.

Ids and levels get into the audit log, which keeps what it has for good, so a new one has a closed
form: no address, no sentence. Notes do not get there, but an export makes columns of them: what
would be another column then, or a secret, or no text, could not be imported again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from rolecall.model import Account, Entity, Person, RegistryRecord
from rolecall.registry.schema import column_name, columns
from rolecall.registry.secret_columns import SecretColumns, secret_name

__all__ = ["free_fields"]

_ID = re.compile(r"\w[\w.:-]{0,199}")
_LEVEL = re.compile(r"\w[\w .+-]{0,19}")
_MOST_NOTES = 100
_LONGEST_NAME = 100


def free_fields(
    table: str, before: RegistryRecord | None, record: RegistryRecord
) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the free fields of a record, by field; what stays is left alone."""
    is_new = before is None and isinstance(record, Entity | Person | Account)
    if is_new and not _ID.fullmatch(getattr(record, "id", None) or ""):
        yield "id", "a new id has letters, digits and the signs . _ : - alone"
    if isinstance(record, Person) and (level := record.clearance_level) is not None:
        was = before.clearance_level if isinstance(before, Person) else None
        if level != was and not _LEVEL.fullmatch(level):
            yield "clearance_level", "is a short word, one of the policy's levels"
    notes: Mapping[str, str] = getattr(record, "notes", None) or {}
    if notes and notes != getattr(before, "notes", None):
        for problem in _notes(table, notes):
            yield "notes", problem


def _notes(table: str, notes: Mapping[str, str]) -> Iterator[str]:
    if len(notes) > _MOST_NOTES:
        yield f"has more than {_MOST_NOTES} names"
    known = [*columns(table), "notes"]
    names = [column_name(name) for name in notes]
    for name, column in zip(notes, names, strict=True):
        shown = repr(name[:_LONGEST_NAME])
        if not column or not name.isprintable() or len(name) > _LONGEST_NAME:
            yield f"{shown}: not a name"
        elif column in known:
            yield f"{shown}: the name of a column; fill that one"
        elif names.count(column) > 1:
            yield f"{shown}: twice, but for capitals, blanks and hyphens"
    if not all(_is_text(value) for value in notes.values()):
        yield "has signs that cannot be shown"
    found = SecretColumns(list(notes), known)
    found.read([list(notes.values())])
    named = (name for name in notes if secret_name(name) == "secret")
    for name in dict.fromkeys([*named, *found.refused()]):
        yield f"{name[:_LONGEST_NAME]!r}: looks like a secret, which belongs into the vault"


def _is_text(value: str) -> bool:
    """Tell whether a note can be shown; it may have lines."""
    return all(sign.isprintable() or sign in "\n\t" for sign in value)
