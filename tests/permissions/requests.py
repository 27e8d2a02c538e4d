"""What a call to AWS is to IAM: actions on resources, with the keys that conditions look at.

A request names resources of template.yaml by their logical ids, and of values what a policy can
tell apart: of a partition ``S#17`` it is ``S#*``, of an object ``reports/1/report.pdf`` it is
``reports/*``. So a thousand nights make the same requests as one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

__all__ = ["Names", "Request", "requests_of"]

Names = Mapping[str, str]
"""The logical ids of what is deployed, by the names, ARNs and ids that calls have for it."""


class Request(NamedTuple):
    """What IAM is asked.

    :ivar action: such as ``dynamodb:GetItem``.
    :ivar resource: a logical id, and what is below it; ``*`` for an action that has none.
    :ivar context: the keys of conditions with their values, in order.
    """

    action: str
    resource: str
    context: tuple[tuple[str, str], ...] = ()


Found = Iterator[Request]
_LEADING = "dynamodb:LeadingKeys"
_ITEM = {"GetItem": "Key", "PutItem": "Item", "UpdateItem": "Key", "DeleteItem": "Key"}
_IN_TRANSACTION = {
    "Put": ("PutItem", "Item"),
    "Update": ("UpdateItem", "Key"),
    "Delete": ("DeleteItem", "Key"),
    "ConditionCheck": ("ConditionCheckItem", "Key"),
    "Get": ("GetItem", "Key"),
}
_IS = re.compile(r"([#\w]+)\s*=\s*(:\w+)")


def requests_of(service: str, operation: str, params: Mapping[str, Any], names: Names) -> Found:
    """Return what IAM is asked for a call.

    :raises LookupError: nobody has said what IAM is asked for such a call.
    """
    if service == "dynamodb":
        yield from _of_tables(operation, params, names)
    else:
        yield from _OTHERS[service](operation, params, names)


def _kind(value: Any) -> str:
    """Return of a partition's key what a policy can tell apart."""
    text = value["S"] if isinstance(value, Mapping) else str(value)
    word, mark, _ = text.partition("#")
    if re.fullmatch("[A-Z-]+", word):
        return f"{word}#*" if mark else word
    return "*"


def _tables(action: str, resource: str, keys: list[Any]) -> Found:
    """Ask once for each kind of key: a condition for all values holds where it does for each."""
    for kind in sorted({_kind(key) for key in keys}):
        yield Request(f"dynamodb:{action}", resource, ((_LEADING, kind),))


def _of_tables(operation: str, params: Mapping[str, Any], names: Names) -> Found:
    if operation in _ITEM:
        yield from _tables(operation, names[params["TableName"]], [params[_ITEM[operation]]["pk"]])
    elif operation == "Query":
        yield from _query(params, names)
    elif operation in ("TransactWriteItems", "TransactGetItems"):
        # Each part of a transaction is decided as if it came alone.
        for part in params["TransactItems"]:
            ((kind, one),) = part.items()
            action, key = _IN_TRANSACTION[kind]
            yield from _tables(action, names[one["TableName"]], [one[key]["pk"]])
    elif operation == "BatchGetItem":
        for table, asked in params["RequestItems"].items():
            yield from _tables(operation, names[table], [key["pk"] for key in asked["Keys"]])
    elif operation == "BatchWriteItem":
        for table, writes in params["RequestItems"].items():
            put = [one["PutRequest"]["Item"]["pk"] for one in writes if "PutRequest" in one]
            gone = [one["DeleteRequest"]["Key"]["pk"] for one in writes if "DeleteRequest" in one]
            yield from _tables(operation, names[table], put + gone)
    elif operation in ("Scan", "DescribeTable"):
        # Neither has keys: a condition on them for all values lets it pass.
        index = f"/index/{params['IndexName']}" if "IndexName" in params else ""
        yield Request(f"dynamodb:{operation}", names[params["TableName"]] + index)
    else:
        raise LookupError(f"dynamodb:{operation}")


def _query(params: Mapping[str, Any], names: Names) -> Found:
    """Read the key of the partition off the condition: the first that is equal to something."""
    index = params.get("IndexName")
    found = _IS.search(params["KeyConditionExpression"])
    assert found is not None, params["KeyConditionExpression"]
    resource = names[params["TableName"]] + (f"/index/{index}" if index else "")
    return _tables("Query", resource, [params["ExpressionAttributeValues"][found[2]]])


_OBJECTS = {
    "GetObject": "GetObject",
    "HeadObject": "GetObject",
    "PutObject": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "AbortMultipartUpload": "AbortMultipartUpload",
    "GetObjectRetention": "GetObjectRetention",
}
_BUCKETS = {"ListObjectsV2": "ListBucket", "HeadBucket": "ListBucket"}


def _of_objects(operation: str, params: Mapping[str, Any], names: Names) -> Found:
    bucket = names[params["Bucket"]]
    if operation in _BUCKETS:
        folder = params.get("Prefix", "").partition("/")[0]
        yield Request(f"s3:{_BUCKETS[operation]}", bucket, (("s3:prefix", f"{folder}/*"),))
        return
    if operation not in _OBJECTS:
        raise LookupError(f"s3:{operation}")
    folder, mark, _ = params["Key"].partition("/")
    resource = f"{bucket}/{folder}{'/*' if mark else ''}"
    action = _OBJECTS[operation]
    if "VersionId" in params and action == "GetObject":
        action = "GetObjectVersion"
    yield Request(f"s3:{action}", resource)
    if "ObjectLockMode" in params:
        yield Request("s3:PutObjectRetention", resource)


_KEYS = ("Sign", "GetPublicKey", "GenerateDataKey", "Encrypt", "Decrypt", "GenerateMac")


def _of_keys(operation: str, params: Mapping[str, Any], names: Names) -> Found:
    if operation == "ReEncrypt":
        yield _key("ReEncryptFrom", params, names, "Source")
        yield _key("ReEncryptTo", params, names, "Destination")
    elif operation in _KEYS:
        yield _key(operation, params, names)
    else:
        raise LookupError(f"kms:{operation}")


def _key(action: str, params: Mapping[str, Any], names: Names, which: str = "") -> Request:
    place = params.get(f"{which}EncryptionContext", {})
    context = tuple(
        (f"kms:EncryptionContext:{name}", names.get(value, "*"))
        for name, value in sorted(place.items())
    )
    # Which key wrapped something, KMS reads off it: here it is always the one that wraps it anew.
    key = params.get(f"{which}KeyId", params.get("DestinationKeyId"))
    return Request(f"kms:{action}", names[str(key)], context)


def _of_functions(operation: str, params: Mapping[str, Any], names: Names) -> Found:
    if operation != "Invoke":
        raise LookupError(f"lambda:{operation}")
    yield Request("lambda:InvokeFunction", names[params["FunctionName"]])


def _of_machines(operation: str, params: Mapping[str, Any], names: Names) -> Found:
    if "stateMachineArn" not in params:
        raise LookupError(f"states:{operation}")
    yield Request(f"states:{operation}", names[params["stateMachineArn"]])


def _of_users(operation: str, params: Mapping[str, Any], names: Names) -> Found:
    yield Request(f"cognito-idp:{operation}", names[params["UserPoolId"]])


def _of_stacks(operation: str, params: Mapping[str, Any], names: Names) -> Found:
    del params, names
    # It is asked for by its name: on which ARN IAM decides then is not said, so it must be both.
    yield Request(f"cloudformation:{operation}", "Stack/id")
    yield Request(f"cloudformation:{operation}", "Stack/*")


def _of_callers(operation: str, params: Mapping[str, Any], names: Names) -> Found:
    del params, names
    if operation != "GetCallerIdentity":
        raise LookupError(f"sts:{operation}")
    # It needs no permission, and no policy can refuse it.
    yield from ()


_OTHERS: Mapping[str, Callable[[str, Mapping[str, Any], Names], Found]] = {
    "s3": _of_objects,
    "kms": _of_keys,
    "lambda": _of_functions,
    "stepfunctions": _of_machines,
    "cloudformation": _of_stacks,
    "cognito-idp": _of_users,
    "sts": _of_callers,
}
