"""The audit log in DynamoDB and S3, behind :class:`rolecall.ledger.log.AuditLog`.

The table, of which nothing is ever changed but the head:

| pk | sk | holds |
|---|---|---|
| ``S#<shard>`` | 20-digit number | ``record``: its exact bytes; ``event``: the event's id |
| ``IDEM#<event id>`` | ``-`` | ``digest`` of the event, and where it stands |
| ``HEAD`` | ``-`` | ``epoch``, and the head as JSON |

A record has ``entity`` and ``moment`` too, for the index *by-entity*.

The locked bucket, of which nothing is ever changed at all:

| name | holds |
|---|---|
| ``segments/<20-digit size>-<root>`` | a line of JSON about the segment, then its leaves |
| ``tallies/<root>`` | what every entity has, by the root that a seal commits to |
| ``checkpoints/<20-digit size>`` | the signed note |
| ``keys/<name hash>`` | a verifier key that signed one |
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from rolecall.aws.checkpoints import PublishedCheckpoints
from rolecall.aws.clients import storage
from rolecall.aws.objects import LockedBucket, Retention
from rolecall.aws.table import transact
from rolecall.errors import LogConflictError, LogCorruptError, StorageError, VersionConflictError
from rolecall.ledger.entities import Tally
from rolecall.ledger.event import Event
from rolecall.ledger.head import Head, Mark, TreeHead
from rolecall.ledger.log import Segment
from rolecall.ledger.record import digest, record_hash
from rolecall.ledger.state import LedgerState

if TYPE_CHECKING:
    # It loads cryptography, which who appends has no use for.
    from rolecall.ledger.note import VerifierKey

__all__ = ["DynamoLog"]

_HEAD = {"pk": {"S": "HEAD"}, "sk": {"S": "-"}}
_WIDTH = 20
_OUTLINE_BYTES = 1_000
_encode = msgspec.json.Encoder().encode
_read_tallies = msgspec.json.Decoder(list[Tally]).decode
_read_head = msgspec.json.Decoder(Head).decode


class _Outline(Struct, frozen=True):
    """The first line of a segment: how many leaves follow, where it starts, and its tallies."""

    count: int
    previous: TreeHead
    tallies: str


class DynamoLog:
    """An audit log in a table and a locked bucket.

    :ivar most: records that one :meth:`put` takes at most, their idempotency items and the states
        that they lead to beside them.
    """

    most = 33

    def __init__(
        self,
        client: Any,
        table: str,
        bucket: LockedBucket,
        *,
        shards: int,
        retention: Callable[[], Retention | None] = lambda: None,
        bound: int = 50_000,
    ) -> None:
        """Use a log.

        :param client: of DynamoDB, not one that :class:`rolecall.aws.table.Table` uses.
        :param shards: how many there are now; of more that there were, the head knows.
        :param retention: until when what is sealed may not be deleted.
        :param bound: records of one segment at most.
        """
        self.client = client
        self.table = table
        self.bucket = bucket
        self.shards = shards
        self.retention = retention
        self.bound = bound
        self._published = PublishedCheckpoints(bucket)
        self._tails: dict[int, Mark] = {}
        self._carried: Mapping[str, Sequence[Mapping[str, Any]]] = {}

    def carrying(self, writes: Mapping[str, Sequence[Mapping[str, Any]]]) -> DynamoLog:
        """Return the same log, whose puts do other writes in the transaction of an event.

        :param writes: items of a transaction, by event id.
        """
        made = DynamoLog(
            self.client,
            self.table,
            self.bucket,
            shards=self.shards,
            retention=self.retention,
            bound=self.bound,
        )
        made._tails, made._carried = self._tails, writes
        return made

    def forget(self) -> None:
        """Look again how far the shards go: others may have appended."""
        self._tails.clear()

    # -- records ----------------------------------------------------------------------------

    def tail(self, shard: int) -> Mark:
        """Return how far a shard goes, as far as this process knows.

        A number that is taken meanwhile makes :meth:`put` fail, and this look again.
        """
        if shard not in self._tails:
            last = list(self._records(shard, 0, forward=False, limit=1))
            self._tails[shard] = Mark(last[0][0] + 1, record_hash(last[0][1])) if last else Mark()
        return self._tails[shard]

    def find(self, event_id: str) -> str | None:
        """Return the digest of an event on record."""
        with storage(f"reading {self.table}"):
            answer = self.client.get_item(
                TableName=self.table,
                Key={"pk": {"S": f"IDEM#{event_id}"}, "sk": {"S": "-"}},
                ConsistentRead=True,
            )
        item = answer.get("Item")
        return None if item is None else item["digest"]["S"]

    def put(self, shard: int, seq: int, batch: Sequence[tuple[Event, bytes]]) -> bool:
        """Store records from a number on, all or nothing.

        :raises LogConflictError: a write that an event carries found its item changed.
        """
        requests: list[Mapping[str, Any]] = []
        for number, (event, data) in enumerate(batch, seq):
            record = {
                "record": {"B": data},
                "event": {"S": event.id},
                "entity": {"S": _indexed(event.entity)},
                "moment": {"S": f"{event.at.isoformat()}#{shard:04}#{number:0{_WIDTH}}"},
            }
            place = {"shard": {"N": str(shard)}, "seq": {"N": str(number)}}
            proof = {"digest": {"S": digest(event)}, **place}
            requests.append(self._new(f"S#{shard}", f"{number:0{_WIDTH}}", record))
            requests.append(self._new(f"IDEM#{event.id}", "-", proof))
        own = len(requests)
        for event, _ in batch:
            requests += self._carried.get(event.id, ())
        try:
            transact(self.client, self.table, requests)
        except VersionConflictError as error:
            self._tails.pop(shard, None)
            if all(index >= own for index in error.places):
                raise LogConflictError("what it changes was changed by another first") from error
            return False
        except StorageError:
            self._tails.pop(shard, None)
            raise
        self._tails[shard] = Mark(seq + len(batch), record_hash(batch[-1][1]))
        return True

    def _new(self, pk: str, sk: str, attributes: Mapping[str, Any]) -> Mapping[str, Any]:
        return {
            "Put": {
                "TableName": self.table,
                "Item": {"pk": {"S": pk}, "sk": {"S": sk}, **attributes},
                "ConditionExpression": "attribute_not_exists(pk)",
            }
        }

    def after(self, marks: Mapping[int, Mark]) -> Iterator[bytes]:
        """Yield the records after some marks, as many as make a segment."""
        return islice(self._unbounded(marks), self.bound)

    def _records(
        self, shard: int, first: int, *, forward: bool = True, limit: int | None = None
    ) -> Iterator[tuple[int, bytes]]:
        arguments: dict[str, Any] = {
            "TableName": self.table,
            "KeyConditionExpression": "pk = :pk AND sk >= :first",
            "ExpressionAttributeValues": {
                ":pk": {"S": f"S#{shard}"},
                ":first": {"S": f"{first:0{_WIDTH}}"},
            },
            "ConsistentRead": True,
            "ScanIndexForward": forward,
        }
        if limit is not None:
            arguments["Limit"] = limit
        while True:
            with storage(f"reading {self.table}"):
                page = self.client.query(**arguments)
            for item in page["Items"]:
                yield int(item["sk"]["S"]), bytes(item["record"]["B"])
            if limit is not None or "LastEvaluatedKey" not in page:
                return
            arguments["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    # -- seals ------------------------------------------------------------------------------

    def state(self) -> LedgerState:
        """Return the state at the head."""
        head = self._head()
        if not head.epoch:
            return LedgerState()
        root = self._outline(head.tree).tallies
        stored = self.bucket.get(f"tallies/{root}")
        if stored is None:
            raise LogCorruptError("what the entities had at the last seal is gone; restore it")
        state = LedgerState.resume(head, _read_tallies(stored))
        if state.entities.root().hex() != root:
            raise LogCorruptError("what the entities had at the last seal was changed; restore it")
        return state

    def _head(self) -> Head:
        with storage(f"reading {self.table}"):
            answer = self.client.get_item(TableName=self.table, Key=_HEAD, ConsistentRead=True)
        return _read_head(answer["Item"]["head"]["S"]) if "Item" in answer else Head()

    def put_segment(self, segment: Segment) -> None:
        """Store a segment under its size and root."""
        root = msgspec.json.decode(segment.seal)["payload"]["entities"]["root"]
        retention = self.retention()
        self.bucket.add(f"tallies/{root}", [_encode(segment.tallies)], retention)
        head = segment.head
        outline = _Outline(len(segment.records) + 1, head.previous, root)
        lines = (line + b"\n" for line in (_encode(outline), *segment.records, segment.seal))
        self.bucket.add(_name(head.tree), lines, retention)

    def swap_head(self, epoch: int, segment: Segment) -> bool:
        """Make a segment's head the head, if the epoch is still this."""
        head = segment.head
        attributes = {"epoch": {"N": str(head.epoch)}, "head": {"S": _encode(head).decode()}}
        write = self._new("HEAD", "-", attributes)["Put"]
        if epoch:
            write = {
                **write,
                "ConditionExpression": "epoch = :was",
                "ExpressionAttributeValues": {":was": {"N": str(epoch)}},
            }
        try:
            transact(self.client, self.table, [{"Put": write}])
        except VersionConflictError:
            return False
        return True

    def highest(self) -> bytes | None:
        """Return the published checkpoint of the largest size."""
        # Every checkpoint before the head's is published; so the listing can begin near it. A
        # head that was rolled back makes it only longer.
        return self._published.highest(max(self._head().previous.size - 1, 0))

    def checkpoint(self, size: int) -> bytes | None:
        """Return the published checkpoint of a size."""
        return self._published.of_size(size)

    def put_checkpoint(self, size: int, note: bytes, key: VerifierKey) -> bool:
        """Publish a checkpoint, unless that size has one."""
        return self._published.add(size, note, key, self.retention())

    # -- reading ----------------------------------------------------------------------------

    def leaves(self) -> Iterator[bytes]:
        """Yield every leaf in order."""
        head = self._head()
        chain = []
        tree = head.tree
        while tree.size:
            chain.append(tree)
            tree = self._outline(tree).previous
        for tree in reversed(chain):
            yield from self._stored(tree).splitlines()[1:]
        yield from self._unbounded(head.marks)

    def size(self) -> int:
        """Return how many leaves are sealed."""
        return self._head().tree.size

    def of_entity(
        self, entity: str | None, first: str, most: int
    ) -> tuple[list[bytes], str | None]:
        """Return records about an entity by their instants, and where more are.

        :param entity: ``None`` for the records about none.
        :param first: an instant (ISO 8601), or where more are.
        """
        arguments: dict[str, Any] = {
            "TableName": self.table,
            "IndexName": "by-entity",
            "KeyConditionExpression": "entity = :entity AND moment >= :first",
            "ExpressionAttributeValues": {
                ":entity": {"S": _indexed(entity)},
                # A key may not be empty; every instant is after this.
                ":first": {"S": first or "0"},
            },
            "Limit": most + 1,
        }
        with storage(f"reading {self.table}"):
            page = self.client.query(**arguments)
        found = [(item["moment"]["S"], bytes(item["record"]["B"])) for item in page["Items"]]
        more = found[most][0] if len(found) > most else None
        if more is None and found and "LastEvaluatedKey" in page:
            # A page of 1 MB ended before.
            more = f"{found[-1][0]}!"
        return [data for _, data in found[:most]], more

    def keys(self) -> bytes:
        """Return the verifier keys that signed checkpoints, one a line."""
        return b"".join(self.bucket.get(name) or b"" for name in self.bucket.names("keys/"))

    def _unbounded(self, marks: Mapping[int, Mark]) -> Iterator[bytes]:
        for shard in range(max([self.shards, *(shard + 1 for shard in marks)])):
            for _, data in self._records(shard, marks.get(shard, Mark()).next):
                yield data

    def _outline(self, tree: TreeHead) -> _Outline:
        first = self._stored(tree, _OUTLINE_BYTES).partition(b"\n")[0]
        return msgspec.json.decode(first, type=_Outline)

    def _stored(self, tree: TreeHead, most: int | None = None) -> bytes:
        data = self.bucket.get(_name(tree), most)
        if data is None:
            raise LogCorruptError(
                f"the segment that ends at size {tree.size:,} is gone; restore it"
            )
        return data


def _indexed(entity: str | None) -> str:
    """Return what the index has of an entity; no id can be what it has of none."""
    return "NONE" if entity is None else f"E#{entity}"


def _name(tree: TreeHead) -> str:
    return f"segments/{tree.size:0{_WIDTH}}-{tree.root.hex()}"
