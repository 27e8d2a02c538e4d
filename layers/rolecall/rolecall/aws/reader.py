"""What the API reads: registry, findings and revocations of a stack."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from rolecall.aws.account_names import accounts_named
from rolecall.aws.changed_sign_ins import asked_write, sign_in_changed
from rolecall.aws.claims import claimed, incident_claim
from rolecall.aws.entities import DynamoEntities
from rolecall.aws.findings import of_entity, standing_order, standing_prefix
from rolecall.aws.ledger import DynamoLog
from rolecall.aws.registry import StackRegistry
from rolecall.aws.revocations import DynamoRevocations
from rolecall.aws.sign_ins import OFFICERS, person_sign_in_key, read_officer
from rolecall.aws.table import DocumentTable
from rolecall.finding_state import FindingState
from rolecall.model import Entity, Person, Severity
from rolecall.registry.documents import (
    AccountDocument,
    account_key_of,
    accounts_of,
    person_key,
)
from rolecall.registry.incident_audience import incident_audience
from rolecall.status import FindingStanding
from rolecall.usecases.cursors import foreign_cursor
from rolecall.usecases.identity.seen_offices import SeenOfficer
from rolecall.usecases.identity.stewardship import Stewardship
from rolecall.usecases.revoking.revocations import Revocation
from rolecall.vocabulary import Confidants

__all__ = ["DynamoReader"]

_account = msgspec.json.Decoder(AccountDocument).decode
_person = msgspec.json.Decoder(Person).decode
_known = msgspec.json.Decoder(FindingState).decode


class DynamoReader:
    """A stack, to read."""

    def __init__(
        self,
        registry: StackRegistry,
        findings: DocumentTable,
        revocations: DynamoRevocations,
        log: DynamoLog,
        sign_ins: DocumentTable,
    ) -> None:
        self._registry = registry
        self._sign_ins = sign_ins
        self._entities = DynamoEntities(registry.table)
        self._findings = findings
        self._revocations = revocations
        self._log = log

    def entities(self, first: str, most: int) -> tuple[Sequence[Entity], bool]:
        """Return entities by id from one on, and whether there are more."""
        return self._entities.page(first, most)

    def known(self, entities: Collection[str]) -> Mapping[str, Entity]:
        """Return those of some entities that there are, by id."""
        return self._entities.known(entities)

    def stewardship(self, person: str, most: int) -> Stewardship:
        """Return the entities that a person heads or helps, and those below if they are few."""
        return self._entities.stewardship(person, most)

    def lineage(self, entity: str) -> Sequence[Entity]:
        """Return an entity and those above it; nothing where there is none."""
        return list(self._registry.lineage(entity))

    def account(self, account: str) -> AccountDocument | None:
        """Return an account."""
        row = self._registry.account(account)
        return None if row is None else _account(row.data)

    def incident_accounts(self, incident: str) -> Sequence[AccountDocument]:
        """Return the accounts that have an incident: of a sound registry one."""
        claim = self._registry.table.get(*incident_claim(incident))
        found = () if claim is None else map(self.account, claimed(claim.data))
        return [one for one in found if one is not None]

    def incidents_to(self) -> Confidants:
        """Return who is told of incidents, by the policy as it was imported last."""
        return incident_audience(self._registry.settings().policy)

    def accounts(
        self, entity: str, after: str | None, most: int
    ) -> tuple[list[AccountDocument], str | None]:
        """Return accounts of an entity by id, and where more are."""
        arguments: dict[str, Any] = {
            "TableName": self._registry.table.name,
            "KeyConditionExpression": "pk = :pk AND sk > :after",
            "ExpressionAttributeValues": {
                ":pk": {"S": accounts_of(entity)},
                ":after": {"S": account_key_of(after or "")},
            },
        }
        rows = self._registry.table.rows(arguments, most + 1)
        found = [_account(row.data) for row in rows[:most]]
        return found, found[-1].account.id if len(rows) > most else None

    def accounts_at(self, places: Collection[tuple[str, str]]) -> Sequence[AccountDocument]:
        """Return those of some accounts that there are, by their entities."""
        keys = [(accounts_of(entity), account_key_of(account)) for entity, account in places]
        return [_account(row.data) for row in self._registry.table.get_many(keys)]

    def person(self, person: str) -> Person | None:
        """Return a person."""
        return self._registry.person(person)

    def people(self, ids: Collection[str]) -> Mapping[str, Person]:
        """Return those of some people that there are, by id."""
        rows = self._registry.table.get_many([person_key(id_) for id_ in ids])
        return {row.key: _person(row.data) for row in rows}

    def accounts_named(self, platform: str, handle: str) -> Sequence[str]:
        """Return the ids of accounts that go by a name, however it is spelled, or once did."""
        return accounts_named(self._registry.table, platform, handle)

    def sign_in_changed(self, person: str) -> datetime | None:
        """Return when a person's sign-in was last taken from them, if it ever was."""
        return sign_in_changed(self._sign_ins, person)

    def asked(self, person: str, at: datetime) -> Iterator[Mapping[str, Any]]:
        """Yield the write that holds somebody to the sign-in by which they asked for something."""
        return asked_write(self._sign_ins, person, at)

    def held(self, person: str) -> Sequence[str]:
        """Return the ids of the accounts on which a person has a grant, live or not."""
        return self._registry.held(person)

    def is_named(self, kind: Literal["person", "entity"], id_: str) -> bool:
        """Tell whether something names a record that need not be there: a person's a grant, an
        entity or a sign-in; an entity's one below it or an account."""
        if kind == "entity":
            accounts, _ = self.accounts(id_, None, 1)
            return bool(accounts) or self._entities.has_below(id_)
        return (
            bool(self.held(id_))
            or bool(self.stewardship(id_, 1).own)
            or self._sign_ins.get(*person_sign_in_key(id_)) is not None
        )

    def seen_officers(self) -> Sequence[SeenOfficer]:
        """Return who was seen in an office, and when."""
        rows = self._sign_ins.query(OFFICERS, consistent=True)
        return [read_officer(row.data) for row in rows]

    def findings(
        self,
        entity: str | None,
        status: FindingStanding,
        severity: Severity | None,
        after: str | None,
        most: int,
    ) -> tuple[list[FindingState], str | None]:
        """Return findings of an entity, or of none, that stand so: the worst first.

        :returns: a page of them, and where more are.
        :raises UsageError: nothing that stands so stands there.
        """
        first = standing_prefix(status, severity)
        # DynamoDB refuses a range that ends before it begins.
        if after is not None and not first <= after < f"{first}~":
            raise foreign_cursor()
        arguments: dict[str, Any] = {
            "TableName": self._findings.name,
            "IndexName": "by-entity",
            "KeyConditionExpression": "entity = :entity AND standing_order BETWEEN :from AND :to",
            "ExpressionAttributeValues": {
                ":entity": {"S": of_entity(entity)},
                # An order ends in an id: nothing stands between it and itself with a sign more.
                ":from": {"S": first if after is None else f"{after}!"},
                ":to": {"S": f"{first}~"},
            },
        }
        found = [_known(row.data) for row in self._findings.rows(arguments, most + 1)]
        if len(found) <= most:
            return found, None
        return found[:most], standing_order(found[most - 1])

    def finding(self, where: int, id_: str) -> FindingState | None:
        """Return a finding by its place and id."""
        row = self._findings.get(f"PLACE#{where // 4_096:x}", f"{where:04x}#{id_}")
        return None if row is None else _known(row.data)

    def records(self, entity: str | None, first: str, most: int) -> tuple[list[bytes], str | None]:
        """Return records of the log about an entity, or about none, and where more are."""
        return self._log.of_entity(entity, first, most)

    def revocation(self, id_: str) -> Revocation | None:
        """Return a revocation."""
        return self._revocations.revocation(id_)

    def revocations(
        self, entity: str, after: str | None, most: int
    ) -> tuple[list[Revocation], str | None]:
        """Return revocations of an entity, the latest first, and where more are."""
        return self._revocations.revocations(entity, after, most)
