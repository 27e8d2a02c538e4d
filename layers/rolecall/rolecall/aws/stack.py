"""A deployed stack: the names of its resources, and what they are to the use cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from rolecall.aws.clients import Meter, client
from rolecall.aws.findings import DynamoFindings
from rolecall.aws.formats import FORMATS, FormatGuard
from rolecall.aws.ledger import DynamoLog
from rolecall.aws.objects import LockedBucket, Retention, WorkBucket
from rolecall.aws.registry import StackRegistry
from rolecall.aws.settings import RELEASE, SETTINGS
from rolecall.aws.table import DocumentTable
from rolecall.errors import UsageError

if TYPE_CHECKING:
    from rolecall.aws.archive import StackArchive
    from rolecall.aws.idempotency import DynamoIdempotency
    from rolecall.aws.journal import Journal
    from rolecall.aws.rate_limit import DynamoRateLimit
    from rolecall.aws.reader import DynamoReader
    from rolecall.aws.registrar import DynamoRegistrar
    from rolecall.aws.revocations import DynamoRevocations
    from rolecall.aws.sign_ins import DynamoSignIns
    from rolecall.aws.vault import DynamoVault
    from rolecall.aws.vault_client import VaultClient
    from rolecall.aws.vault_keys import KmsWrapper
    from rolecall.aws.waivers import DynamoWaivers
    from rolecall.ledger.note import Signer
    from rolecall.usecases.vault.credentials import Credentials

__all__ = ["Stack"]


class Stack:
    """The resources of a stack. Clients are made when they are first needed."""

    def __init__(self, settings: Mapping[str, str], now: Callable[[], datetime]) -> None:
        """Use a stack.

        :param settings: values of :data:`SETTINGS`, by output; a function has those it needs.
        :param now: the clock; it says until when what is written is locked.
        """
        self._settings = settings
        self._now = now

    @classmethod
    def of_environment(cls, environment: Mapping[str, str], now: Callable[[], datetime]) -> Stack:
        """Return the stack that a function belongs to."""
        return cls(
            {
                output: environment[variable]
                for output, variable in SETTINGS.items()
                if variable in environment
            },
            now,
        )

    def __getitem__(self, output: str) -> str:
        try:
            return self._settings[output]
        except KeyError:
            raise UsageError(f"the stack has no output {output}: is it one of Rolecall?") from None

    @cached_property
    def meter(self) -> Meter:
        """What the calls of this process took from DynamoDB."""
        return Meter()

    @property
    def release(self) -> str | None:
        """The release that was deployed; ``None`` where it is the first, or nobody knows."""
        return self._settings.get(RELEASE)

    @cached_property
    def _guard(self) -> FormatGuard:
        tables = {one: self._settings[one] for one in FORMATS if one in self._settings}
        return FormatGuard(tables)

    @cached_property
    def _documents(self) -> Any:
        return self._guard.on(self.meter.on(client("dynamodb")))

    @cached_property
    def _objects(self) -> Any:
        return client("s3")

    @cached_property
    def registry(self) -> StackRegistry:
        """The registry."""
        return StackRegistry(DocumentTable(self._documents, self["RegistryTable"]))

    @cached_property
    def files(self) -> WorkBucket:
        """The files of runs."""
        return WorkBucket(self._objects, self["WorkBucket"])

    @cached_property
    def records(self) -> LockedBucket:
        """What is kept: seals and reports."""
        return LockedBucket(self._objects, self["ReportBucket"])

    @cached_property
    def log(self) -> DynamoLog:
        """The audit log."""
        return DynamoLog(
            self._guard.on(self.meter.on(client("dynamodb"))),
            self["AuditLogTable"],
            self.records,
            shards=int(self["LedgerShards"]),
            retention=lambda: self._retention("CheckpointRetentionDays", "COMPLIANCE"),
        )

    @cached_property
    def findings(self) -> DynamoFindings:
        """The findings, with the log behind them."""
        table = DocumentTable(self._documents, self["FindingsTable"])
        return DynamoFindings(table, self.log)

    @cached_property
    def signer(self) -> Signer:
        """What signs the checkpoints."""
        # The auditor's functions sign nothing, and start the faster for not loading this.
        from rolecall.aws.keys import KmsSigner

        return KmsSigner(client("kms"), self["SigningKeyArn"], self["LogName"])

    @cached_property
    def vault(self) -> DynamoVault:
        """The vault."""
        from rolecall.aws.vault import DynamoVault

        return DynamoVault(
            self._guard.on(client("dynamodb")),
            self["VaultTable"],
            self.registry,
            self.log,
            self["Organisation"],
        )

    @cached_property
    def wrapper(self) -> KmsWrapper:
        """What wraps the data keys of the vault."""
        from rolecall.aws.vault_keys import KmsWrapper

        return KmsWrapper(client("kms"), self["VaultKeyArn"])

    @cached_property
    def credentials(self) -> Credentials:
        """What people do with the secrets of the vault."""
        from rolecall.aws.vault_keys import KmsMac
        from rolecall.usecases.vault.credentials import Credentials

        mac = KmsMac(client("kms"), self["FingerprintKeyArn"])
        return Credentials(self.vault, self.wrapper, mac, keep=int(self["KeptVersions"]))

    @cached_property
    def _desk_table(self) -> DocumentTable:
        return DocumentTable(self._documents, self["DeskTable"])

    @cached_property
    def journal(self) -> Journal:
        """The log as stores commit to it."""
        from rolecall.aws.journal import Journal

        return Journal(self.log)

    @cached_property
    def rate_limit(self) -> DynamoRateLimit:
        """How much a caller revokes within an hour."""
        from rolecall.aws.rate_limit import DynamoRateLimit

        return DynamoRateLimit(self._desk_table, self.journal)

    @cached_property
    def sign_ins(self) -> DynamoSignIns:
        """Who signed in as whom."""
        from rolecall.aws.sign_ins import DynamoSignIns

        return DynamoSignIns(self._desk_table, self.journal, self.registry)

    @cached_property
    def revocations(self) -> DynamoRevocations:
        """Where revocations are kept."""
        from rolecall.aws.revocations import DynamoRevocations

        return DynamoRevocations(self._desk_table, self.registry, self.journal, self.rate_limit)

    @cached_property
    def reader(self) -> DynamoReader:
        """What the API reads."""
        from rolecall.aws.reader import DynamoReader

        findings = DocumentTable(self._documents, self["FindingsTable"])
        return DynamoReader(self.registry, findings, self.revocations, self.log, self._desk_table)

    @cached_property
    def idempotency(self) -> DynamoIdempotency:
        """Answers that are kept for a day."""
        from rolecall.aws.idempotency import DynamoIdempotency

        return DynamoIdempotency(self._guard.on(client("dynamodb")), self["AnswersTable"])

    @cached_property
    def registrar(self) -> DynamoRegistrar:
        """What registrars edit."""
        from rolecall.aws.registrar import DynamoRegistrar

        return DynamoRegistrar(self.registry, self._desk_table, self.journal, self.reader)

    @cached_property
    def waivers(self) -> DynamoWaivers:
        """What officers accept."""
        from rolecall.aws.waivers import DynamoWaivers

        return DynamoWaivers(self.registry, self.journal, self.reader)

    @cached_property
    def archive(self) -> StackArchive:
        """Runs, reports and checkpoints."""
        from rolecall.aws.archive import StackArchive

        return StackArchive(
            self.findings,
            self.records,
            self._objects,
            self._desk_table,
            self.reader,
            self.journal,
            self["StateMachineArn"],
        )

    @cached_property
    def vault_service(self) -> VaultClient:
        """The vault, for a function that may not open it itself."""
        from rolecall.aws.vault_client import VaultClient

        return VaultClient(self["StackName"], self["CredentialFunctionArn"])

    @property
    def report_retention(self) -> Retention | None:
        """Until when a report that is written now is locked."""
        return self._retention("ReportRetentionDays", "GOVERNANCE")

    def _retention(self, output: str, mode: str) -> Retention | None:
        days = int(self[output])
        if not days:
            return None
        until = self._now() + timedelta(days)
        return Retention("COMPLIANCE" if mode == "COMPLIANCE" else "GOVERNANCE", until)
