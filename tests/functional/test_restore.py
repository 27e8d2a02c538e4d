"""What a table lost comes back from a restored copy, and nothing else changes."""

from __future__ import annotations

import boto3
import pytest

from infra.rebuild import rebuild
from infra.restore import items, put_back
from rolecall.errors import LogConflictError, LogForkError
from rolecall.ledger.sealing import seal_all
from rolecall.ring import WHOLE
from tests.cloud import SIGNER, cloud
from tests.cloud_nights import after_a_night, night, verify
from tests.registries import AS_OF


def test_a_log_that_was_rolled_back_is_refused_and_mended() -> None:
    with cloud(after_a_night) as sky:
        tables = boto3.client("dynamodb")
        name = sky.outputs["AuditLogTable"]
        early = list(items(tables, name))
        night(sky, AS_OF.replace(hour=1))
        before = verify(sky)
        late = list(items(tables, name))
        described = tables.describe_table(TableName=name)["Table"]
        tables.create_table(
            TableName="copy",
            KeySchema=described["KeySchema"],
            AttributeDefinitions=described["AttributeDefinitions"],
            GlobalSecondaryIndexes=[
                {part: index[part] for part in ("IndexName", "KeySchema", "Projection")}
                for index in described["GlobalSecondaryIndexes"]
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        for item in late:
            tables.put_item(TableName="copy", Item=item)
        # Somebody restores yesterday's table in place of today's.
        kept = {(item["pk"]["S"], item["sk"]["S"]) for item in early}
        for item in late:
            key = {"pk": item["pk"], "sk": item["sk"]}
            if (item["pk"]["S"], item["sk"]["S"]) not in kept:
                tables.delete_item(TableName=name, Key=key)
        head = next(item for item in early if item["pk"]["S"] == "HEAD")
        tables.put_item(TableName=name, Item=head)
        with pytest.raises(LogForkError, match="rolled back"):
            seal_all(sky.stack().log, SIGNER)
        assert put_back(tables, "copy", name, dry_run=True) == (len(late), len(late) - len(early))
        assert put_back(tables, "copy", name, dry_run=False)[1] == len(late) - len(early)
        assert put_back(tables, "copy", name, dry_run=False)[1] == 0
        # The head is the one item that changes: it is put right by hand, as the runbook says.
        with pytest.raises(LogForkError):
            seal_all(sky.stack().log, SIGNER)
        right = next(item for item in items(tables, "copy") if item["pk"]["S"] == "HEAD")
        tables.put_item(TableName=name, Item=right)
        assert verify(sky) == before
        assert seal_all(sky.stack().log, SIGNER) is not None
        assert verify(sky) == before


def test_findings_that_were_lost_are_rebuilt_from_the_log() -> None:
    with cloud(after_a_night) as sky:
        first = sky.begun
        stack = sky.stack()
        before = {known.finding.id: known for known in stack.findings.known(WHOLE)}
        tables = boto3.client("dynamodb")
        name = sky.outputs["FindingsTable"]
        for item in items(tables, name):
            if item["pk"]["S"].startswith("PLACE#"):
                tables.delete_item(TableName=name, Key={"pk": item["pk"], "sk": item["sk"]})
        with pytest.raises(LogConflictError):
            night(sky, AS_OF.replace(hour=1))
        assert rebuild(sky.stack()) == (len(before), len(before))
        assert rebuild(sky.stack()) == (len(before), 0)
        after = {known.finding.id: known for known in sky.stack().findings.known(WHOLE)}
        assert after == before
        again = night(sky, AS_OF.replace(hour=2))
        assert [one["id"] for one in again["findings"]] == [one["id"] for one in first["findings"]]
        assert {one["status"] for one in again["findings"]} == {"open", "waived"}
        verify(sky)
