"""The vault of a stack: ciphertexts in a table of their own, committed with registry and log.

| pk | sk | holds |
|---|---|---|
| ``SECRETS#<digit>`` | account, ``#``, login, ``#``, version | ``doc``, ``v``, ``envelope`` |
| ``REWRAP`` | ``-`` | how far a rewrapping is |

The digit is that of the login's place on the ring, the version has 8 digits. ``doc`` is what is
known of it (:class:`~rolecall.vault.life.Version`), ``envelope`` its ciphertext while it is kept.

One transaction holds the event, the versions
that it changes, and the account's document of the registry with what the vault knows of the login.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from rolecall.aws.clients import code_of, storage
from rolecall.aws.ledger import DynamoLog
from rolecall.aws.registry import StackRegistry
from rolecall.aws.table import TableItem, put
from rolecall.aws.vault_keys import KmsWrapper
from rolecall.errors import StorageError, UsageError
from rolecall.ledger.event import Event
from rolecall.ledger.log import append
from rolecall.model import Snapshot, Subject
from rolecall.registry.documents import (
    SETTINGS,
    AccountDocument,
    Settings,
)
from rolecall.registry.key_parts import quoted, unquoted
from rolecall.ring import shard_of, slot_of
from rolecall.usecases.runs.batch import policy_of
from rolecall.usecases.vault.account_document import with_secret
from rolecall.usecases.vault.admission import RegistryExtract, rewrapped
from rolecall.usecases.vault.messages import Rewrapping
from rolecall.vault.envelope import EnvelopeContext
from rolecall.vault.life import Life, Version

__all__ = ["DynamoVault", "Rewrapped"]

_DIGITS = "0123456789abcdef"
_encode = msgspec.json.Encoder().encode
_version = msgspec.json.Decoder(Version).decode


class _Token(Struct, frozen=True):
    """What a standing was read from."""

    row: TableItem
    document: AccountDocument


class Rewrapped(Struct, frozen=True):
    """How far a rewrapping is.

    :ivar part: of the sixteen parts of the table, how many are done.
    :ivar after: the last item of the next part that was done.
    """

    count: int = 0
    part: int = 0
    after: str | None = None


class DynamoVault:
    """A vault in a table."""

    def __init__(
        self,
        client: Any,
        table: str,
        registry: StackRegistry,
        log: DynamoLog,
        organisation: str,
    ) -> None:
        """Use a vault.

        :param client: of DynamoDB, not one that :class:`rolecall.aws.table.Table` uses.
        """
        self.client = client
        self.table = table
        self.registry = registry
        self.log = log
        self.organisation = organisation
        self._items: dict[tuple[str, str, int], int] = {}

    # -- reading ----------------------------------------------------------------------------

    def standing(self, account: str, person: str) -> RegistryExtract:
        """Return an account, the entities in line and a person, as they are now.

        :raises UsageError: there is no such account, or no registry.
        """
        # Others append to the same shards between two requests.
        self.log.forget()
        row = self.registry.account(account)
        if row is None:
            raise UsageError(f"there is no account {account} in the registry")
        document = msgspec.json.decode(row.data, type=AccountDocument)
        settings = self.registry.table.get(*SETTINGS)
        if settings is None:
            raise UsageError("the stack has no registry yet; rolecall import brings one in")
        held = msgspec.json.decode(settings.data, type=Settings)
        who = self.registry.person(person)
        snapshot = Snapshot(
            entities=tuple(self.registry.lineage(document.account.entity_id)),
            people=() if who is None else (who,),
            accounts=(document.account,),
            grants=document.grants,
            logins=document.logins,
            tracked=frozenset(held.tracked),
        )
        policy = policy_of(held.policy)
        return RegistryExtract(snapshot, policy, _Token(row, document))

    def life(self, account: str, login: str) -> Life:
        """Return what is known of a secret now."""
        prefix = f"{_prefix(account, login)}#"
        found = []
        for item in self._query(account, prefix):
            version = _version(item["doc"]["S"])
            self._items[account, login, version.number] = int(item["v"]["N"])
            found.append(version)
        return Life(account, login, tuple(found))

    def logins(self, account: str) -> Collection[str]:
        """Return the ids of the account's logins that have, or had, a secret here."""
        found = self._query(account, f"{quoted(account)}#", "login")
        return dict.fromkeys(item["login"]["S"] for item in found)

    def envelope(self, life: Life, version: Version) -> bytes | None:
        """Return the envelope of a version."""
        with storage(f"reading {self.table}"):
            answer = self.client.get_item(
                TableName=self.table,
                Key=_key(life.account, life.login, version.number),
                ConsistentRead=True,
            )
        stored = answer.get("Item", {}).get("envelope")
        return None if stored is None else bytes(stored["B"])

    def recorded(self, event: str) -> bool:
        """Tell whether an event is on record."""
        return self.log.find(event) is not None

    def _query(
        self, account: str, prefix: str, attributes: str = "doc, v"
    ) -> Iterator[Mapping[str, Any]]:
        arguments: dict[str, Any] = {
            "TableName": self.table,
            "KeyConditionExpression": "pk = :pk AND begins_with(sk, :prefix)",
            "ProjectionExpression": attributes,
            "ExpressionAttributeValues": {
                ":pk": {"S": _partition(account)},
                ":prefix": {"S": prefix},
            },
            "ConsistentRead": True,
        }
        while True:
            with storage(f"reading {self.table}"):
                page = self.client.query(**arguments)
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            arguments["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    # -- writing ----------------------------------------------------------------------------

    def commit(
        self,
        standing: RegistryExtract,
        before: Life,
        after: Life,
        event: Event,
        envelope: bytes | None,
    ) -> None:
        """Record an event with all that it changes, in one transaction.

        :raises LogConflictError: something is not as it was read.
        """
        token: _Token = standing.token
        writes = [*self._versions(before, after, envelope)]
        if writes:
            writes += self._registry(token, after, event.at)
        subject = Subject("account", account=after.account)
        shard = shard_of(slot_of(subject), self.log.shards)
        append(self.log.carrying({event.id: writes}), [event], shard=shard)

    def _versions(
        self, before: Life, after: Life, envelope: bytes | None
    ) -> Iterator[Mapping[str, Any]]:
        known = {version.number: version for version in before.versions}
        for version in after.versions:
            if version == known.get(version.number):
                continue
            key = _key(after.account, after.login, version.number)
            document = {"S": _encode(version).decode()}
            if version.number not in known:
                item = {
                    **key,
                    "v": {"N": "1"},
                    "login": {"S": after.login},
                    "doc": document,
                    "envelope": {"B": envelope},
                }
                condition = "attribute_not_exists(pk)"
                yield {
                    "Put": {
                        "TableName": self.table,
                        "Item": item,
                        "ConditionExpression": condition,
                    }
                }
                continue
            was = self._items[after.account, after.login, version.number]
            yield {
                "Update": {
                    "TableName": self.table,
                    "Key": key,
                    "UpdateExpression": "SET doc = :doc, v = :v"
                    + ("" if version.kept else " REMOVE envelope"),
                    "ConditionExpression": "v = :was",
                    "ExpressionAttributeValues": {
                        ":doc": document,
                        ":v": {"N": str(was + 1)},
                        ":was": {"N": str(was)},
                    },
                }
            }

    def _registry(self, token: _Token, after: Life, at: datetime) -> Iterator[Mapping[str, Any]]:
        """Yield the writes that tell the registry what the vault knows."""
        new = with_secret(token.document, after, at)
        name, row = self.registry.table.name, token.row
        if new != token.document:
            write = put(name, row.partition, row.key, _encode(new), version=row.version)
            yield write.request

    # -- key rotation -----------------------------------------------------------------------

    def rewrap(self, wrapper: KmsWrapper, at: datetime, via: str, *, most: int = 100) -> Rewrapping:
        """Rewrap some more secrets, from where the last call was; return how far it is.

        :param via: who asked for it.
        :param most: secrets of one call.
        """
        state = self._rewrapped()
        start = {} if state.after is None else {"sk": {"S": state.after}}
        partition = {"pk": {"S": f"SECRETS#{_DIGITS[state.part]}"}}
        arguments: dict[str, Any] = {
            "TableName": self.table,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": partition["pk"]},
            "ConsistentRead": True,
            "Limit": most,
        }
        if start:
            arguments["ExclusiveStartKey"] = {**partition, **start}
        with storage(f"reading {self.table}"):
            page = self.client.query(**arguments)
        count = state.count + sum(self._rewrap(wrapper, item) for item in page["Items"])
        last = page.get("LastEvaluatedKey")
        state = (
            Rewrapped(count, state.part, last["sk"]["S"])
            if last
            else Rewrapped(count, state.part + 1)
        )
        done = Rewrapping(count, state.part, len(_DIGITS))
        if done.done == done.of:
            append(self.log, [rewrapped(at, via, count)])
            state = Rewrapped()
        self._save(state)
        return done

    def _rewrap(self, wrapper: KmsWrapper, item: Mapping[str, Any]) -> int:
        if "envelope" not in item:
            return 0
        account, login, _ = (part for part in item["sk"]["S"].split("#"))
        number = _version(item["doc"]["S"]).number
        where = EnvelopeContext(self.organisation, unquoted(account), unquoted(login), number)
        old = bytes(item["envelope"]["B"])
        new = wrapper.rewrap(old, where)
        try:
            with storage(f"writing {self.table}"):
                self.client.update_item(
                    TableName=self.table,
                    Key={"pk": item["pk"], "sk": item["sk"]},
                    UpdateExpression="SET envelope = :new",
                    ConditionExpression="envelope = :old",
                    ExpressionAttributeValues={":new": {"B": new}, ":old": {"B": old}},
                )
        except StorageError as error:
            # It was dropped, or rewrapped by another, since it was read.
            if code_of(error.__cause__) != "ConditionalCheckFailedException":
                raise
            return 0
        return 1

    def _rewrapped(self) -> Rewrapped:
        key = {"pk": {"S": "REWRAP"}, "sk": {"S": "-"}}
        with storage(f"reading {self.table}"):
            answer = self.client.get_item(TableName=self.table, Key=key, ConsistentRead=True)
        item = answer.get("Item")
        return (
            Rewrapped() if item is None else msgspec.json.decode(item["doc"]["S"], type=Rewrapped)
        )

    def _save(self, state: Rewrapped) -> None:
        item = {"pk": {"S": "REWRAP"}, "sk": {"S": "-"}, "doc": {"S": _encode(state).decode()}}
        with storage(f"writing {self.table}"):
            self.client.put_item(TableName=self.table, Item=item)


def _partition(account: str) -> str:
    return f"SECRETS#{_DIGITS[slot_of(Subject('account', account=account)) >> 12]}"


def _prefix(account: str, login: str) -> str:
    return f"{quoted(account)}#{quoted(login)}"


def _key(account: str, login: str, number: int) -> dict[str, Any]:
    sk = f"{_prefix(account, login)}#{number:08}"
    return {"pk": {"S": _partition(account)}, "sk": {"S": sk}}
