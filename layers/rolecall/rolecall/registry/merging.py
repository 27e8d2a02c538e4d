"""What an import makes of a registry that programs filled since the last one.

The files say what the registry is, but for what was done here, which they cannot know. Rules (each
has a test):

- A field that a program filled stays unless the files say something *newer*. They do where their
  own value is another one than it was when the field was filled; of a day on which something was
  done, only where it is also later. An empty cell, and a column that they do not have, say nothing.
- A row that a program made stays while no file has had it. From then on it is the file's, and goes
  when the file drops it; what the files never said about it stays filled.
- A row that a file made goes with the file, whoever edited it: but a secret in the vault holds its
  account, and access that was taken away stays on record.
- What a platform reported is no file's to delete.
- What comes of it must be a registry: where files and edits do not fit together nothing is
  imported, for either might be the mistake.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from rolecall.errors import UsageError
from rolecall.provenance import fill_key
from rolecall.quantity import counted
from rolecall.registry.documents import (
    ENTITIES,
    PEOPLE,
    SEEN,
    SETTINGS,
    AccountDocument,
    DocumentKey,
    EntityDocument,
    PersonDocument,
    SeenDocument,
    Settings,
    StoredDocument,
    holder_key,
    is_of_platform,
    snapshot_of,
)
from rolecall.registry.keeping import kept_account, kept_record, of_programs
from rolecall.registry.parsed_table import ParsedTable
from rolecall.registry.problems import Problems
from rolecall.registry.references import check_references
from rolecall.registry.schema import columns

__all__ = ["merged"]

_MARKS = ('"filled"', '"vaulted"', '"revoking"')
_SHOWN = 10
_encode = msgspec.json.Encoder().encode
_account = msgspec.json.Decoder(AccountDocument).decode
_person = msgspec.json.Decoder(PersonDocument).decode
_entity = msgspec.json.Decoder(EntityDocument).decode
_seen = msgspec.json.Decoder(SeenDocument).decode

_Documents = Mapping[DocumentKey, bytes]


def merged(wanted: _Documents, there: Iterable[StoredDocument]) -> _Documents:
    """Return the documents that files make, with what was done here since in them.

    :param wanted: what the files make.
    :param there: every document as it is.
    :raises UsageError: the two do not fit together.
    """
    marked = [one for one in there if _is_marked(one)]
    if not marked:
        return wanted
    merger = _Merger(wanted)
    for one in marked:
        merger.add(one)
    return merger.documents()


def _is_marked(stored: StoredDocument) -> bool:
    if stored.place.partition in SEEN:
        return is_of_platform(stored.place)
    return any(mark.encode() in stored.data for mark in _MARKS)


class _Merger:
    def __init__(self, wanted: _Documents) -> None:
        self.wanted = wanted
        self.made = dict(wanted)
        settings = msgspec.json.decode(wanted[SETTINGS], type=Settings)
        self.tracked = frozenset(settings.tracked)
        self.accounts = {where.key: where for where in wanted if where.key.startswith("ACCOUNT#")}
        self.homeless: list[str] = []
        self.reported: set[bytes] = set()

    def add(self, stored: StoredDocument) -> None:
        """Take over what a document of the registry has that no file could know."""
        place, data = stored
        if place.partition in SEEN:
            self.made[place] = data
            self.reported.update(map(_encode, _seen(data).rows))
        elif place.partition in PEOPLE:
            self._add_record("people", place, _person(data), _person)
        elif place.partition in ENTITIES:
            self._add_record("entities", place, _entity(data), _entity)
        else:
            self._add_account(place, _account(data))

    def _add_record(self, table: str, place: DocumentKey, old: Any, decode: Any) -> None:
        fills = of_programs(old.filled)
        new = decode(self.wanted[place]) if place in self.wanted else None
        if new is None and fill_key(table, old.id) in fills:
            self.made[place] = _encode(old)
        elif new is not None and fills:
            record, kept = kept_record(table, old.id, old, new, fills, new.filled, self.tracked)
            self.made[place] = _encode(replace(record, filled=kept))

    def _add_account(self, place: DocumentKey, old: AccountDocument) -> None:
        where = self.accounts.get(place.key)
        if where is not None:
            merged = kept_account(old, _account(self.wanted[where]), self.tracked)
        elif fill_key("accounts", old.account.id) in old.filled:
            where, merged = place, old
        elif old.vaulted:
            self.homeless.append(old.account.id)
            return
        else:
            return
        self.made[where] = _encode(merged)
        for grant in merged.grants:
            self.made.setdefault(holder_key(grant.person_id, old.account.id), b"{}")

    def documents(self) -> _Documents:
        """Return what comes of it."""
        if self.homeless:
            shown = ", ".join(sorted(self.homeless)[:_SHOWN])
            raise UsageError(
                f"secrets of {counted(len(self.homeless), 'account')} are in the vault, and this "
                f"registry does not have the accounts ({shown}); destroy the secrets first, or "
                "keep the accounts with status closed"
            )
        self._drop_reported()
        _check(self.made)
        return self.made

    def _drop_reported(self) -> None:
        """Drop from the files what a platform said itself: an export has both."""
        for place in [place for place in self.wanted if place.partition in SEEN]:
            if self.reported and not is_of_platform(place):
                rows = _seen(self.wanted[place]).rows
                left = tuple(row for row in rows if _encode(row) not in self.reported)
                if left:
                    self.made[place] = _encode(SeenDocument(left))
                else:
                    del self.made[place]


def _check(made: _Documents) -> None:
    """Refuse what is no registry.

    :raises UsageError: with the first of what does not fit.
    """
    snapshot, _ = snapshot_of(StoredDocument(*one) for one in made.items())
    problems = Problems()
    tables = {
        name: ParsedTable(
            name=name,
            file=name,
            records=(rows := getattr(snapshot, name)),
            numbers=range(len(rows)),
            tracked=frozenset(columns(name)),
        )
        for name in ("entities", "people", "accounts", "grants")
    }
    check_references(tables, problems)
    if problems.count:
        shown = "; ".join(
            f"{one.file}: {one.column} {one.value}: {one.message.partition(', in row')[0]}"
            for one in problems.kept[:_SHOWN]
        )
        raise UsageError(
            f"these files and what was edited here do not fit together ({shown}); change the one "
            "or the other"
        )
