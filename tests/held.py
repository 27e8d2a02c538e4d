"""A registry as documents in memory: imported, edited, with secrets kept and access taken away."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from rolecall.model import Account, Entity, Grant, Person, Snapshot
from rolecall.registry.documents import (
    AccountDocument,
    DocumentKey,
    EntityDocument,
    PersonDocument,
    StoredDocument,
    account_key_of,
    accounts_of,
    documents,
    entity_key,
    person_key,
    snapshot_of,
)
from rolecall.registry.editing import (
    with_account,
    with_edited_grant,
    with_entity,
    with_marks,
    with_person,
)
from rolecall.registry.merging import merged
from rolecall.usecases.vault.account_document import with_secret
from rolecall.vault.life import Life

__all__ = ["AT", "HeldRegistry"]

AT = datetime(2026, 11, 1, 12, tzinfo=UTC)


class HeldRegistry:
    """A registry as documents: imported, edited, exported."""

    def __init__(self, files: Snapshot) -> None:
        self.held: dict[DocumentKey, bytes] = dict(documents(files, None))

    def stored(self) -> list[StoredDocument]:
        return [StoredDocument(*one) for one in self.held.items()]

    def bring_in(self, files: Snapshot) -> None:
        self.held = dict(merged(documents(files, None), self.stored()))

    def snapshot(self) -> Snapshot:
        return snapshot_of(self.stored())[0]

    def get(self, where: DocumentKey, kind: type[Any]) -> Any:
        data = self.held.get(where)
        return None if data is None else msgspec.json.decode(data, type=kind)

    def put(self, where: DocumentKey, document: Any) -> None:
        self.held[where] = msgspec.json.encode(document)

    def person(self, id_: str) -> PersonDocument:
        found: PersonDocument = self.get(person_key(id_), PersonDocument)
        return found

    def account(self, id_: str = "a") -> AccountDocument:
        entity = next(where.partition for where in self.held if where.key == account_key_of(id_))
        found: AccountDocument = self.get(DocumentKey(entity, account_key_of(id_)), AccountDocument)
        return found

    def edit(self, record: Any, at: datetime = AT) -> None:
        match record:
            case Person():
                where = person_key(record.id)
                self.put(where, with_person(self.get(where, PersonDocument), record, at))
            case Entity():
                where = entity_key(record.id)
                self.put(where, with_entity(self.get(where, EntityDocument), record, at))
            case Account():
                where = DocumentKey(accounts_of(record.entity_id), account_key_of(record.id))
                self.put(where, with_account(self.get(where, AccountDocument), record, at))
            case Grant():
                document = self.account(record.account_id)
                where = DocumentKey(
                    accounts_of(document.account.entity_id), account_key_of(record.account_id)
                )
                self.put(where, with_edited_grant(document, record, at))

    def place(self, account: str) -> DocumentKey:
        return next(where for where in self.held if where.key == account_key_of(account))

    def mark(self, account: str, person: str, **changes: Any) -> None:
        """Mark somebody's live grant as a revocation does, or end it."""
        document = self.account(account)
        for grant in document.grants:
            if grant.is_live and grant.person_id == person:
                made = with_marks(document, grant, replace(grant, **changes))
                self.put(self.place(account), made)

    def keep_secret(self, life: Life, at: datetime = AT) -> None:
        """Let the vault say what it knows of a login."""
        made = with_secret(self.account(life.account), life, at)
        self.put(self.place(life.account), made)
