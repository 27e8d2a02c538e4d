"""Reading and writing documents: what it costs, and what becomes of trouble."""

from __future__ import annotations

import math
from collections import Counter
from itertools import islice
from typing import Any

import boto3
import msgspec
import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from rolecall.aws import table as table_module
from rolecall.aws.clients import Meter, client, code_of, storage
from rolecall.aws.keys import KmsSigner
from rolecall.aws.table import MOST_BYTES, MOST_ITEMS, DocumentTable, Write, packed, put
from rolecall.errors import KeyFormatError, StorageError, UsageError, VersionConflictError
from tests.cloud import Cloud, begins
from tests.cloud_nights import plan, with_diocese

NAME = "RegistryTable"

pytestmark = begins(None)


@pytest.fixture
def table(sky: Cloud) -> DocumentTable:
    """Return an empty table."""
    del sky
    return DocumentTable(client("dynamodb"), NAME)


class Listener:
    """Notes the size of every answer to a query."""

    def __init__(self, made: Any) -> None:
        self.answers: list[tuple[str, bool, int]] = []
        self.asked: dict[str, Any] = {}
        made.meta.events.register("provide-client-params.dynamodb.Query", self._ask)
        made.meta.events.register_first("before-parse.dynamodb.Query", self._answer)

    def _ask(self, params: dict[str, Any], **_: Any) -> None:
        self.asked = params

    def _answer(self, response_dict: dict[str, Any], **_: Any) -> None:
        partition = self.asked["ExpressionAttributeValues"][":pk"]["S"]
        consistent = self.asked.get("ConsistentRead", False)
        self.answers.append((partition, consistent, len(response_dict["body"])))

    def units(self) -> float:
        """Return what the answers take: half a unit for each 4 KB of an eventual read."""
        return sum(
            math.ceil(size / 4_096) / (1 if consistent else 2)
            for _, consistent, size in self.answers
        )

    def floor(self) -> float:
        """Return what the partitions take if each is read once, whole."""
        sizes = Counter[str]()
        for partition, _, size in self.answers:
            sizes[partition] += size
        return sum(math.ceil(size / 4_096) / 2 for size in sizes.values())


@begins(with_diocese)
def test_a_night_reads_the_registry_once(sky: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    # Calls are made by several threads; here one after the other, to know which is answered.
    monkeypatch.setattr(table_module, "_PARALLEL", 1)
    stack = sky.stack()
    listener = Listener(stack.registry.table.client)
    registry = stack.registry
    settings = registry.settings()
    entities = [msgspec.json.decode(data)["id"] for data in registry.entities()]
    accounts = list(registry.accounts(entities))
    people, seen = list(registry.people()), list(registry.seen())
    assert (len(entities), len(people), len(accounts), len(seen)) == (20, 64, 48, 21)
    assert settings.policy
    partitions = [partition for partition, _, _ in listener.answers]
    assert len(set(partitions)) == len(partitions)
    one_item = 1.0
    assert (listener.units() + one_item) / listener.floor() <= 1.1


def test_a_large_partition_costs_what_its_bytes_do(table: DocumentTable) -> None:
    document = b'{"text":"' + b"x" * 300_000 + b'"}'
    for number in range(12):
        table.write([[put(NAME, "ENTITY#e", f"ACCOUNT#{number:02}", document)]])
    listener = Listener(table.client)
    found = list(table.documents(["ENTITY#none", "ENTITY#e", "ENTITY#other"]))
    assert found == [document] * 12
    assert len(listener.answers) > 5
    assert listener.units() / listener.floor() <= 1.1
    assert [row.key for row in islice(table.query("ENTITY#e", forward=False), 2)] == [
        "ACCOUNT#11",
        "ACCOUNT#10",
    ]
    between = table.query("ENTITY#e", ("ACCOUNT#03", "ACCOUNT#05"))
    assert [row.key for row in between] == ["ACCOUNT#03", "ACCOUNT#04", "ACCOUNT#05"]


@begins(with_diocese)
def test_the_plan_counts_what_it_took(sky: Cloud) -> None:
    meter = Meter()
    tables = DocumentTable(meter.on(client("dynamodb")), NAME)
    assert len(list(tables.documents(["ENTITIES#0", "ENTITIES#1"]))) > 0
    assert meter.units > 0
    plan(sky)


# -- trouble ---------------------------------------------------------------------------------------


def test_an_answer_that_was_cut_off_is_asked_for_again(table: DocumentTable) -> None:
    table.write([[put(NAME, "P", f"{number}", b'{"n":1}') for number in range(3)]])
    cut = [2]

    def shorten(response_dict: dict[str, Any], **_: Any) -> None:
        if cut[0]:
            cut[0] -= 1
            response_dict["body"] = response_dict["body"][:-20]

    table.client.meta.events.register_first("before-parse.dynamodb.Query", shorten)
    assert len(list(table.query("P"))) == 3
    cut[0] = 3
    with pytest.raises(StorageError, match="broken answers"):
        list(table.query("P"))


def test_versions_and_conditions(table: DocumentTable) -> None:
    table.write([[put(NAME, "P", "a", b"{}")]])
    with pytest.raises(VersionConflictError) as caught:
        table.write([[put(NAME, "P", "b", b"{}"), put(NAME, "P", "a", b"{}")]])
    assert caught.value.places == (1,)
    assert table.get("P", "b") is None
    table.write([[put(NAME, "P", "a", b'{"n":2}', version=1)]])
    row = table.get("P", "a")
    assert row is not None
    assert (row.version, row.data) == (2, '{"n":2}')
    with pytest.raises(VersionConflictError):
        table.write([[table_module.delete(NAME, "P", "a", version=1)]])
    table.write([[table_module.delete(NAME, "P", "a", version=2)]])
    assert table.get("P", "a") is None


def cancelled(*codes: str) -> ClientError:
    return ClientError(
        {
            "Error": {"Code": "TransactionCanceledException", "Message": ""},
            "CancellationReasons": [{"Code": code} for code in codes],
        },
        "TransactWriteItems",
    )


class Moody:
    """A client whose transactions fail as told."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.calls = 0

    def transact_write_items(self, **_: Any) -> None:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)


def test_a_transaction_that_met_another_is_made_again() -> None:
    moody = Moody(
        cancelled("None", "TransactionConflict"), cancelled("ProvisionedThroughputExceeded")
    )
    table_module.transact(moody, "a table", [{}])
    assert moody.calls == 3


def test_a_transaction_that_cannot_be_is_an_error_at_once() -> None:
    moody = Moody(cancelled("ValidationError"), cancelled("ValidationError"))
    with pytest.raises(StorageError, match="TransactionCanceledException"):
        table_module.transact(moody, "a table", [{}])
    assert moody.calls == 1


def test_a_transaction_that_always_meets_another_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_module, "pause", lambda _: None)
    moody = Moody(*[cancelled("TransactionConflict")] * 50)
    with pytest.raises(StorageError):
        table_module.transact(moody, "a table", [{}])
    assert moody.calls < 50


@given(st.lists(st.lists(st.integers(1, MOST_BYTES // 3), min_size=1, max_size=3), max_size=300))
def test_groups_are_packed_whole_in_order_and_within_the_limits(sizes: list[list[int]]) -> None:
    groups = [[Write(request={"n": n}, size=size) for n, size in enumerate(one)] for one in sizes]
    batches = list(packed(groups))
    assert [write for batch in batches for write in batch] == [w for g in groups for w in g]
    for batch in batches:
        assert len(batch) <= MOST_ITEMS
        assert sum(write.size for write in batch) <= MOST_BYTES
    starts = {id(batch[0]) for batch in batches}
    assert starts <= {id(group[0]) for group in groups}


def test_failures_of_aws_have_one_name_and_say_no_data() -> None:
    error = ClientError({"Error": {"Code": "Denied", "Message": "secret"}}, "GetItem")
    with pytest.raises(StorageError) as caught, storage("reading a table"):
        raise error
    assert str(caught.value) == "reading a table: AWS answered Denied"
    assert code_of(error) == "Denied"


def test_an_output_that_is_not_there_is_said_so(sky: Cloud) -> None:
    with pytest.raises(UsageError, match="no output Nothing"):
        sky.stack()["Nothing"]


def test_a_signing_key_of_another_kind_is_refused(sky: Cloud) -> None:
    del sky
    keys = boto3.client("kms")
    id_ = keys.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    with pytest.raises(KeyFormatError, match="not an Ed25519 key"):
        KmsSigner(keys, id_, "name")
