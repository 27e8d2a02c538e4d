"""The stack of the tests is the one of moto, only quicker: the same answers, the same remains."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from jsonschema import Draft202012Validator
from moto import mock_aws

from tests import iri_grammar
from tests.backends import quick
from tests.cloud import Cloud, cloud

NAME = "things"


def key(number: int) -> dict[str, Any]:
    return {"pk": {"S": f"p{number % 2}"}, "sk": {"S": f"s{number:02}"}}


def item(number: int, text: str = "as it was") -> dict[str, Any]:
    return {**key(number), "v": {"N": "1"}, "doc": {"M": {"text": {"S": text}}}}


@contextmanager
def table(*, quickly: bool) -> Iterator[Any]:
    """Give a table with ten items."""
    with mock_aws(), quick() if quickly else nullcontext():
        client = boto3.client("dynamodb", region_name="eu-west-1")
        client.create_table(
            TableName=NAME,
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "by-key",
                    "KeySchema": [{"AttributeName": "sk", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "KEYS_ONLY"},
                }
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        for number in range(10):
            client.put_item(TableName=NAME, Item=item(number))
        yield client


def update(number: int, condition: str) -> dict[str, Any]:
    return {
        "Update": {
            "TableName": NAME,
            "Key": key(number),
            "UpdateExpression": "SET doc.#text = :new, v = v + :one",
            "ConditionExpression": condition,
            "ExpressionAttributeNames": {"#text": "text"},
            "ExpressionAttributeValues": {":new": {"S": "another"}, ":one": {"N": "1"}},
        }
    }


def put(number: int) -> dict[str, Any]:
    return {"Put": {"TableName": NAME, "Item": item(number, "another")}}


def delete(number: int) -> dict[str, Any]:
    return {"Delete": {"TableName": NAME, "Key": key(number)}}


THERE, NOT = "attribute_exists(pk)", "attribute_not_exists(pk)"
TRANSACTIONS = {
    "holds": [update(0, THERE), put(1), put(20), delete(2)],
    "an update before what fails": [update(0, THERE), put(1), put(20), delete(2), update(3, NOT)],
    "what fails before an update": [update(3, NOT), update(0, THERE), put(1), put(20), delete(2)],
    "a new item by an update": [update(30, NOT), update(3, NOT)],
    "twice the same": [put(1), put(20), put(1)],
}


def remains(client: Any, requests: list[dict[str, Any]]) -> Any:
    """Return what a transaction answers, and what a table holds after it."""
    answer: Any = None
    try:
        client.transact_write_items(TransactItems=requests)
    except ClientError as error:
        answer = (error.response["Error"], error.response.get("CancellationReasons"))
    found = client.scan(TableName=NAME)["Items"]
    # What lies in the index is what lies in the table.
    return answer, found, [queried(client, f"s{number:02}") for number in (0, 2, 20)]


def queried(client: Any, key: str) -> Any:
    return client.query(
        TableName=NAME,
        IndexName="by-key",
        KeyConditionExpression="sk = :key",
        ExpressionAttributeValues={":key": {"S": key}},
    )["Items"]


@pytest.mark.parametrize("requests", TRANSACTIONS.values(), ids=TRANSACTIONS)
def test_a_transaction_leaves_what_it_leaves_in_moto(requests: list[dict[str, Any]]) -> None:
    with table(quickly=False) as client:
        whole = remains(client, requests)
    with table(quickly=True) as client:
        assert remains(client, requests) == whole


@pytest.mark.parametrize("forward", [True, False])
@pytest.mark.parametrize("partition", ["p0", "p1", "none"])
def test_a_query_finds_what_it_finds_in_moto(partition: str, *, forward: bool) -> None:
    def pages(client: Any) -> list[Any]:
        found: list[Any] = []
        start: dict[str, Any] = {}
        while True:
            answer = client.query(
                TableName=NAME,
                KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
                ExpressionAttributeValues={
                    ":pk": {"S": partition},
                    ":first": {"S": "s01"},
                    ":last": {"S": "s08"},
                },
                ScanIndexForward=forward,
                Limit=2,
                **start,
            )
            found.append({name: answer.get(name) for name in ("Items", "LastEvaluatedKey")})
            if "LastEvaluatedKey" not in answer:
                return found
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    with table(quickly=False) as client:
        whole = pages(client)
    with table(quickly=True) as client:
        assert pages(client) == whole
    assert len(whole) > (0 if partition == "none" else 1)


# -- what is put back ------------------------------------------------------------------------------


def something(sky: Cloud) -> str:
    """Leave something of every kind."""
    boto3.client("dynamodb").put_item(TableName="RegistryTable", Item=item(1))
    boto3.client("s3").put_object(Bucket="workbucket", Key="kept", Body=b"as it was")
    del sky
    return "begun"


def held() -> list[Any]:
    """Return what is there now."""
    tables, objects, keys = (boto3.client(name) for name in ("dynamodb", "s3", "kms"))
    return [
        tables.list_tables()["TableNames"],
        tables.scan(TableName="RegistryTable")["Items"],
        {
            one["Key"]: objects.get_object(Bucket="workbucket", Key=one["Key"])["Body"].read()
            for one in objects.list_objects_v2(Bucket="workbucket").get("Contents", ())
        },
        [
            keys.describe_key(KeyId=one["KeyId"])["KeyMetadata"]["KeyState"]
            for one in keys.list_keys()["Keys"]
        ],
        boto3.client("sqs").list_queues().get("QueueUrls"),
    ]


def changed(sky: Cloud) -> None:
    """Change what can be changed."""
    tables, objects, keys = (boto3.client(name) for name in ("dynamodb", "s3", "kms"))
    tables.update_item(
        TableName="RegistryTable",
        Key=key(1),
        UpdateExpression="SET doc.#text = :new",
        ExpressionAttributeNames={"#text": "text"},
        ExpressionAttributeValues={":new": {"S": "another"}},
    )
    tables.put_item(TableName="RegistryTable", Item=item(2))
    tables.delete_table(TableName="VaultTable")
    objects.put_object(Bucket="workbucket", Key="kept", Body=b"another")
    objects.put_object(Bucket="workbucket", Key="new", Body=b"another")
    objects.create_bucket(Bucket="another")
    keys.create_key()
    keys.disable_key(KeyId=sky.outputs["VaultKeyArn"].rpartition("/")[2])
    boto3.client("sqs").create_queue(QueueName="another")
    sky.outputs["LedgerShards"] = "another"


@pytest.mark.parametrize("beginning", [None, something], ids=["empty", "something"])
def test_a_test_finds_nothing_of_another(beginning: Callable[[Cloud], str] | None) -> None:
    with cloud(something):
        pass
    with cloud(beginning) as sky:
        assert sky.begun == ("begun" if beginning else None)
        before = held()
        assert len(before[1]) == (1 if beginning else 0)
        if beginning:
            changed(sky)
            assert held() != before
    with cloud(beginning) as sky:
        assert held() == before
        assert sky.outputs["LedgerShards"] == "4"
    with cloud():
        assert held()[1:3] == [[], {}]


def test_iris_are_checked_by_the_grammar_when_one_is_asked_for() -> None:
    schema = {"type": "string", "format": "iri"}
    checked = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert checked.is_valid("https://bücher.example/ä?ö#ü")
    assert not checked.is_valid("no iri <at all>")
    assert hasattr(sys.modules[iri_grammar.NAME], "__file__")


def answers(*, quickly: bool) -> list[Any]:
    """Return what services answer to calls of every kind, good and bad."""
    found: list[Any] = []

    def ask(service: Any, operation: str, **asked: Any) -> Any:
        try:
            answer = getattr(service, operation)(**asked)
        except ClientError as error:
            answer = {**error.response, "operation": error.operation_name}
        if "Body" in answer:
            answer["Body"] = answer["Body"].read()
        headers = answer["ResponseMetadata"].pop("HTTPHeaders")
        number = answer["ResponseMetadata"].pop("RequestId", "")
        found.append((operation, answer, sorted(headers), len(number)))
        return answer

    with table(quickly=quickly) as tables:
        whole = {
            **key(50),
            "all": {
                "L": [
                    {"M": {"b": {"B": b"\0\xff"}, "n": {"N": "1.50"}, "S": {"S": ""}}},
                    {"NULL": True},
                    {"BOOL": False},
                    {"SS": ["x", "y"]},
                    {"NS": ["1", "2"]},
                    {"BS": [b"a"]},
                    {"L": []},
                    {"M": {}},
                ]
            },
        }
        ask(tables, "put_item", TableName=NAME, Item=whole, ReturnValues="ALL_OLD")
        ask(tables, "put_item", TableName=NAME, Item=item(50), ReturnValues="ALL_OLD")
        ask(tables, "put_item", TableName=NAME, Item=whole)
        for number in (0, 50, 51):
            ask(tables, "get_item", TableName=NAME, Key=key(number), ConsistentRead=True)
        ask(tables, "get_item", TableName="nowhere", Key=key(1))
        ask(tables, "get_item", TableName=NAME, Key={"pk": {"S": "p0"}})
        ask(tables, "scan", TableName=NAME, Limit=3, ReturnConsumedCapacity="TOTAL")
        asked = {NAME: {"Keys": [key(1), key(50)]}}
        ask(tables, "batch_get_item", RequestItems=asked)
        ask(
            tables,
            "transact_get_items",
            TransactItems=[{"Get": {"TableName": NAME, "Key": key(1)}}],
        )
        ask(tables, "update_item", **update(1, THERE)["Update"], ReturnValues="ALL_NEW")
        ask(tables, "update_item", **update(1, NOT)["Update"])
        ask(tables, "update_item", TableName=NAME, Key=key(1), UpdateExpression="no expression")
        ask(tables, "delete_item", TableName=NAME, Key=key(1), ReturnValues="ALL_OLD")
        ask(tables, "list_tables")
        assert ask(tables, "describe_table", TableName=NAME)["Table"].pop("CreationDateTime")
        objects, keys = (boto3.client(name, region_name="us-east-1") for name in ("s3", "kms"))
        ask(objects, "create_bucket", Bucket="things")
        ask(objects, "put_object", Bucket="things", Key="a/b", Body=b"body", IfNoneMatch="*")
        ask(objects, "put_object", Bucket="things", Key="a/b", Body=b"body", IfNoneMatch="*")
        ask(objects, "get_object", Bucket="things", Key="a/b", Range="bytes=1-2")
        ask(objects, "get_object", Bucket="things", Key="a/c")
        for one in ask(objects, "list_objects_v2", Bucket="things", Prefix="a/")["Contents"]:
            del one["LastModified"]
        ask(keys, "list_keys")
        ask(keys, "describe_key", KeyId="nothing")
    for _, answer, _, _ in found:
        answer.pop("LastModified", None)
    return found


def test_a_call_answers_what_it_answers_in_moto() -> None:
    whole = answers(quickly=False)
    assert answers(quickly=True) == whole
    assert {"Error" in answer for _, answer, _, _ in whole} == {True, False}
    assert whole[0][0] == "put_item"
    assert len(whole[0][2]) > 3


def test_a_client_hears_nothing_of_another() -> None:
    def heard(*, quickly: bool) -> list[str]:
        with table(quickly=quickly) as first:
            second, found = boto3.client("dynamodb", region_name="eu-west-1"), list[str]()

            def note(name: str) -> Callable[..., None]:
                return lambda event_name, **_: found.append(f"{name} {event_name}")

            notes = {name: note(name) for name in ("first", "second", "all")}
            first.meta.events.register("before-call.dynamodb", notes["first"])
            second.meta.events.register("before-call.dynamodb.*", notes["second"])
            boto3.DEFAULT_SESSION.events.register("after-call.dynamodb", notes["all"])
            third = boto3.client("dynamodb", region_name="eu-west-1")
            for one in (first, second, third):
                one.get_item(TableName=NAME, Key=key(1))
                found.append("-")
            first.meta.events.unregister("before-call.dynamodb", notes["first"])
            boto3.DEFAULT_SESSION.events.unregister("after-call.dynamodb", notes["all"])
            for one in (first, second, third, boto3.client("dynamodb", region_name="eu-west-1")):
                one.get_item(TableName=NAME, Key=key(1))
                found.append("-")
            return found

    whole = heard(quickly=False)
    assert heard(quickly=True) == whole
    assert whole[0] == "first before-call.dynamodb.GetItem"
    assert {one.split()[0] for one in whole} == {"first", "second", "all", "-"}


def test_each_client_tries_again_for_itself() -> None:
    with table(quickly=True) as first:
        second = boto3.client("dynamodb", region_name="eu-west-1")

        def limits(client: Any) -> set[int]:
            handlers = client.meta.events._emitter._handlers.prefix_search("needs-retry.dynamodb.x")
            return {id(one) for one in handlers}

        assert limits(first)
        assert limits(first).isdisjoint(limits(second))
        assert first._endpoint is not second._endpoint


def test_an_address_is_that_of_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was made for one region, address or caller is not given to another."""
    with table(quickly=True):
        made = [boto3.client("s3", region_name=one) for one in ("eu-west-1", "us-west-2")]
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
        made.append(boto3.client("s3", region_name="eu-west-1"))
        another = {f"aws_{one}": "another" for one in ("access_key_id", "secret_access_key")}
        made.append(boto3.client("s3", region_name="eu-west-1", **another))
    assert [one.meta.endpoint_url for one in made] == [
        "https://s3.eu-west-1.amazonaws.com",
        "https://s3.us-west-2.amazonaws.com",
        "http://127.0.0.1:9",
        "http://127.0.0.1:9",
    ]
    keys = [one._request_signer._credentials.access_key for one in made]
    assert keys[-2] != keys[-1] == "another"
