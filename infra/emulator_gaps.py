"""What the emulator's CloudFormation leaves out of the template, set by calls of its API.

On AWS nothing here is called: there the template alone says what is deployed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["fill_gaps"]

_TABLES = ("RegistryTable", "FindingsTable", "AuditLogTable", "VaultTable", "DeskTable")


def fill_gaps(client: Callable[[str], Any], outputs: Mapping[str, str]) -> None:
    """Lock the bucket, and have tables restored to any point in time.

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
