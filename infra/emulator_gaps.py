"""What the emulator's CloudFormation leaves out of the template, set by calls of its API.

On AWS nothing here is called: there the template alone says what is deployed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["fill_gaps"]

_TABLES = ("RegistryTable", "FindingsTable", "AuditLogTable", "VaultTable", "DeskTable")


def fill_gaps(client: Callable[[str], Any], outputs: Mapping[str, str]) -> None:
    """Lock the bucket, have tables restored to any point in time, and read the stream anew.

    :param client: makes a client of a service of the emulator.
    :param outputs: of the stack.
    """
    s3 = client("s3")
    s3.put_bucket_versioning(
        Bucket=outputs["ReportBucket"], VersioningConfiguration={"Status": "Enabled"}
    )
    s3.put_object_lock_configuration(
        Bucket=outputs["ReportBucket"],
        ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"},
    )
    tables = client("dynamodb")
    for name in _TABLES:
        tables.update_continuous_backups(
            TableName=outputs[name],
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
        )
    _renew_stream(client("lambda"), outputs["RevokeFunctionArn"])


def _renew_stream(functions: Any, function: str) -> None:
    """Read the stream of revocations from its start.

    The emulator numbers a stream anew when it starts, and remembers how far it had read of the one
    before. What is carried out already is passed over.
    """
    for known in functions.list_event_source_mappings(FunctionName=function)["EventSourceMappings"]:
        functions.delete_event_source_mapping(UUID=known["UUID"])
        functions.create_event_source_mapping(
            EventSourceArn=known["EventSourceArn"],
            FunctionName=function,
            StartingPosition="TRIM_HORIZON",
            BatchSize=10,
            FunctionResponseTypes=["ReportBatchItemFailures"],
        )
