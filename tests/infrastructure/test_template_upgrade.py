"""What a deployed stack survives: no resource that holds state is renamed, replaced or let go of.

CloudFormation deletes what a template names no more, and makes anew what changes in a property that
cannot be changed in place; DynamoDB takes one new index in one update of a table. Each release is
held against the one before it, and today's template against the last.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import pytest

from tests.cloud import template
from tests.releases.stored import RELEASES

FIXED = {
    # What may never change, of each kind that holds state: CloudFormation would put another in its
    # place. (AttributeDefinitions follow the indexes.)
    "AWS::DynamoDB::Table": ("TableName", "KeySchema", "LocalSecondaryIndexes"),
    "AWS::S3::Bucket": ("BucketName", "ObjectLockEnabled"),
    "AWS::KMS::Key": ("KeySpec", "KeyUsage", "MultiRegion", "Origin"),
    "AWS::Cognito::UserPool": ("UserPoolName", "AliasAttributes", "UsernameAttributes", "Schema"),
    # Whoever is signed in has tokens of this client, and the command line its id.
    "AWS::Cognito::UserPoolClient": ("UserPoolId", "GenerateSecret"),
    "AWS::Cognito::UserPoolGroup": ("GroupName", "UserPoolId"),
    "AWS::Logs::LogGroup": ("LogGroupName",),
}
POLICIES = ("DeletionPolicy", "UpdateReplacePolicy", "Condition")
# Of a stack that stands, the two are one.
KEPT = ("Retain", "RetainExceptOnCreate")


def losses(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a stack would lose by an update, or could not take."""
    for name, old in before["Resources"].items():
        if old["Type"] not in FIXED:
            continue
        new = after["Resources"].get(name)
        if new is None or new["Type"] != old["Type"]:
            yield f"{name} is gone"
            continue
        # Some have no properties at all.
        was, now = old.get("Properties", {}), new.get("Properties", {})
        yield from (
            f"{name}: {one} is another"
            for one in POLICIES
            if old.get(one) != new.get(one) and not (old.get(one) in KEPT and new.get(one) in KEPT)
        )
        yield from (
            f"{name}: {one} is another"
            for one in FIXED[old["Type"]]
            if was.get(one) != now.get(one)
        )
        yield from (f"{name}: {what}" for what in _indexes(was, now))


def _indexes(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    old, new = (
        {one["IndexName"]: one for one in table.get("GlobalSecondaryIndexes", ())}
        for table in (was, now)
    )
    for name, index in old.items():
        if name not in new:
            yield f"the index {name} is gone"
        elif new[name] != index:
            yield f"the index {name} is another"
    if len(added := set(new) - set(old)) > 1:
        yield f"{len(added)} new indexes, and an update makes one"
    kinds, others = (
        {
            one["AttributeName"]: one["AttributeType"]
            for one in table.get("AttributeDefinitions", ())
        }
        for table in (was, now)
    )
    yield from (
        f"the attribute {name} is another" for name in kinds if kinds[name] != others.get(name)
    )


PAIRS = [
    *((f"{a} to {b}", a.template, b.template) for a, b in pairwise(RELEASES)),
    (f"{RELEASES[-1]} to this", RELEASES[-1].template, template()),
]


@pytest.mark.parametrize(("before", "after"), [p[1:] for p in PAIRS], ids=[p[0] for p in PAIRS])
def test_an_update_loses_nothing(before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    assert list(losses(before, after)) == []


def test_every_kind_that_holds_state_is_held() -> None:
    kept = {
        one["Type"]
        for release in RELEASES
        for one in release.template["Resources"].values()
        if one.get("DeletionPolicy") or one["Type"].startswith("AWS::Cognito::UserPool")
    }
    # A domain is a name; who signs in is sent to the new one.
    assert kept - {"AWS::Cognito::UserPoolDomain"} <= set(FIXED)


def _renamed(resources: dict[str, Any]) -> None:
    resources["RevocationTable"] = resources.pop("DeskTable")


def _let_go(resources: dict[str, Any]) -> None:
    resources["VaultKey"]["DeletionPolicy"] = "Delete"


def _keyed_otherwise(resources: dict[str, Any]) -> None:
    resources["RegistryTable"]["Properties"]["KeySchema"][0]["AttributeName"] = "id"


def _named(resources: dict[str, Any]) -> None:
    resources["ReportBucket"]["Properties"]["BucketName"] = "reports"


def _unlocked(resources: dict[str, Any]) -> None:
    del resources["ReportBucket"]["Properties"]["ObjectLockEnabled"]


def _of_one_table(count: int, resources: dict[str, Any]) -> None:
    table = resources["DeskTable"]["Properties"]
    for number in range(count):
        table["GlobalSecondaryIndexes"].append(
            {"IndexName": f"by-{number}", "KeySchema": [], "Projection": {}}
        )


def _two_indexes(resources: dict[str, Any]) -> None:
    _of_one_table(2, resources)


def _index_gone(resources: dict[str, Any]) -> None:
    del resources["FindingsTable"]["Properties"]["GlobalSecondaryIndexes"][0]


def _index_projects_less(resources: dict[str, Any]) -> None:
    index = resources["AuditLogTable"]["Properties"]["GlobalSecondaryIndexes"][0]
    index["Projection"] = {"ProjectionType": "KEYS_ONLY"}


def _pool_signs_in_otherwise(resources: dict[str, Any]) -> None:
    resources["UserPool"]["Properties"]["UsernameAttributes"] = ["phone_number"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_renamed, "DeskTable is gone"),
        (_let_go, "VaultKey: DeletionPolicy is another"),
        (_keyed_otherwise, "RegistryTable: KeySchema is another"),
        (_named, "ReportBucket: BucketName is another"),
        (_unlocked, "ReportBucket: ObjectLockEnabled is another"),
        (_two_indexes, "DeskTable: 2 new indexes, and an update makes one"),
        (_index_gone, "FindingsTable: the index by-entity is gone"),
        (_index_projects_less, "AuditLogTable: the index by-entity is another"),
        (_pool_signs_in_otherwise, "UserPool: UsernameAttributes is another"),
    ],
)
def test_what_would_be_lost_is_seen(change: Any, said: str) -> None:
    before = RELEASES[-1].template
    after = copy.deepcopy(dict(before))
    change(after["Resources"])
    assert list(losses(before, after)) == [said]


def test_one_new_index_is_no_loss() -> None:
    before = RELEASES[-1].template
    after = copy.deepcopy(dict(before))
    _of_one_table(1, after["Resources"])
    assert list(losses(before, after)) == []
