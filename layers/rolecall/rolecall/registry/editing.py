"""Documents in which a record was put in place of another: what was edited is on record in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from msgspec.structs import asdict, replace

from rolecall.model import Account, Entity, Grant, Person, RegistryRecord
from rolecall.provenance import edited, without_row
from rolecall.registry.documents import (
    AccountDocument,
    EntityDocument,
    PersonDocument,
    with_grant,
)
from rolecall.registry.schema import columns
from rolecall.registry.words_for_nothing import WordsForNothing

__all__ = [
    "said_in_vain",
    "with_account",
    "with_edited_grant",
    "with_entity",
    "with_marks",
    "with_person",
]

_nothing = WordsForNothing()


def said_in_vain(
    table: str, before: RegistryRecord | None, record: RegistryRecord
) -> Iterator[tuple[str, str]]:
    """Yield what an edit says in words for nothing, which an import would read as empty cells."""
    for name, column in columns(table).items():
        value = getattr(record, name)
        if column.kind in ("text", "list", "word") and value != getattr(before, name, None):
            texts = value if isinstance(value, tuple) else (value,)
            if any(_nothing.say(text) for text in texts if text):
                yield name, "is a word for nothing; leave it empty"


def with_entity(old: EntityDocument | None, record: Entity, at: datetime) -> EntityDocument:
    """Return the document of an entity after an edit."""
    filled = edited({} if old is None else old.filled, "entities", record.id, old, record, at)
    return EntityDocument(**asdict(record), filled=filled)


def with_person(old: PersonDocument | None, record: Person, at: datetime) -> PersonDocument:
    """Return the document of a person after an edit."""
    filled = edited({} if old is None else old.filled, "people", record.id, old, record, at)
    return PersonDocument(**asdict(record), filled=filled)


def with_account(old: AccountDocument | None, record: Account, at: datetime) -> AccountDocument:
    """Return the document of an account after an edit of the account itself."""
    if old is None:
        return AccountDocument(record, filled=edited({}, "accounts", record.id, None, record, at))
    filled = edited(old.filled, "accounts", record.id, old.account, record, at)
    return replace(old, account=record, filled=filled)


def with_edited_grant(old: AccountDocument, record: Grant, at: datetime) -> AccountDocument:
    """Return the document of an account after an edit of a person's live grant, or a new one."""
    live = (one for one in old.grants if one.is_live)
    before = next((one for one in live if one.person_id == record.person_id), None)
    filled = edited(old.filled, "grants", record.person_id, before, record, at)
    return replace(with_grant(old, before, record), filled=filled)


def with_marks(document: AccountDocument, old: Grant, new: Grant) -> AccountDocument:
    """Return the document of an account in which a revocation marked a grant, or ended it."""
    grants = tuple(new if grant is old else grant for grant in document.grants)
    is_marked = new.revoke_requested_at is not None or not new.is_live
    others = set(document.revoking) - {new.person_id}
    revoking = tuple(sorted(others | {new.person_id} if is_marked else others))
    # What is on record of a person's grant is of the live one.
    kept = document.filled
    filled = kept if new.is_live else without_row(kept, "grants", new.person_id)
    return replace(document, grants=grants, revoking=revoking, filled=filled)
