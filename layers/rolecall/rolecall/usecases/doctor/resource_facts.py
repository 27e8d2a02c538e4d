"""What AWS says of resources, as far as the doctor looks; fields have the names of its answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct, field

__all__ = [
    "AccountLimits",
    "ApiFacts",
    "DeployedFunction",
    "EncryptionFacts",
    "KeyFacts",
    "LockFacts",
    "LoggingFacts",
    "OperatedPool",
    "PoolUser",
    "PublicAccess",
    "RecoveryFacts",
    "StreamMapping",
    "TableFacts",
]


class EncryptionFacts(Struct, frozen=True):
    """How a table is encrypted."""

    key: str | None = field(default=None, name="KMSMasterKeyArn")
    inaccessible: datetime | None = field(default=None, name="InaccessibleEncryptionDateTime")


class TableFacts(Struct, frozen=True):
    """A table of DynamoDB."""

    status: str = field(name="TableStatus")
    protected: bool = field(default=False, name="DeletionProtectionEnabled")
    encryption: EncryptionFacts | None = field(default=None, name="SSEDescription")


class RecoveryFacts(Struct, frozen=True):
    """How far back a table can be restored."""

    status: str = field(name="PointInTimeRecoveryStatus")
    days: int | None = field(default=None, name="RecoveryPeriodInDays")


class KeyFacts(Struct, frozen=True):
    """A key of KMS."""

    state: str = field(name="KeyState")
    usage: str = field(name="KeyUsage")
    spec: str = field(name="KeySpec")
    deletion: datetime | None = field(default=None, name="DeletionDate")


class LockFacts(Struct, frozen=True):
    """The lock and the versions of a bucket."""

    locked: bool
    versioned: bool


class PublicAccess(Struct, frozen=True, rename="pascal"):
    """What of public access a bucket blocks."""

    block_public_acls: bool = False
    ignore_public_acls: bool = False
    block_public_policy: bool = False
    restrict_public_buckets: bool = False

    @property
    def is_blocked(self) -> bool:
        """Whether all of it is."""
        return all(getattr(self, name) for name in self.__struct_fields__)


class LoggingFacts(Struct, frozen=True, rename="pascal"):
    """How a function logs."""

    log_format: str = "Text"
    application_log_level: str | None = None
    log_group: str = ""


class DeployedFunction(Struct, frozen=True, rename="pascal"):
    """A function of Lambda; ``layers`` are ARNs, ``variables`` its environment."""

    runtime: str = ""
    timeout: int = 0
    memory_size: int = 0
    state: str = "Active"
    state_reason: str = ""
    last_update_status: str = "Successful"
    last_update_status_reason: str = ""
    logging_config: LoggingFacts = LoggingFacts()
    environment: Mapping[str, Any] = {}
    layers: tuple[Mapping[str, Any], ...] = ()

    @property
    def variables(self) -> Mapping[str, str]:
        """Return the variables of its environment."""
        found: Mapping[str, str] = self.environment.get("Variables", {})
        return found


class AccountLimits(Struct, frozen=True, rename="pascal"):
    """How many executions the account may have at once in the region, and may share."""

    concurrent_executions: int
    unreserved_concurrent_executions: int


class StreamMapping(Struct, frozen=True, rename="pascal"):
    """What hands a stream on to a function."""

    state: str
    last_processing_result: str = ""


class OperatedPool(Struct, frozen=True, rename="pascal"):
    """A user pool of Cognito."""

    mfa_configuration: str = "OFF"
    deletion_protection: str = "INACTIVE"
    domain: str = ""
    admin_create_user_config: Mapping[str, Any] = {}

    @property
    def is_closed(self) -> bool:
        """Whether nobody can make a user of themselves."""
        return bool(self.admin_create_user_config.get("AllowAdminCreateUserOnly", False))


class PoolUser(Struct, frozen=True):
    """A user of the pool, without who it is."""

    status: str
    verified: bool
    created: datetime
    enabled: bool


class ApiFacts(Struct, frozen=True):
    """The gateway: whether pages of other origins may ask, its routes with who may pass, and whose
    tokens it takes."""

    cors: bool
    routes: Mapping[str, str]
    issuers: tuple[str, ...]
    audiences: tuple[str, ...]
