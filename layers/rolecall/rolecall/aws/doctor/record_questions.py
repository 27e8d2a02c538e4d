"""What is asked about the tables and buckets of a stack, and about the last seal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rolecall.aws.checkpoints import checkpoint_name
from rolecall.aws.doctor.probe import Probe, of_type
from rolecall.aws.formats import read_format
from rolecall.aws.stack import Stack
from rolecall.errors import LogForkError
from rolecall.ledger.checkpoint import read_checkpoint
from rolecall.ledger.note import VerifierKey
from rolecall.usecases.doctor.answers import Answer, Unanswered, both
from rolecall.usecases.doctor.night_facts import SealFacts
from rolecall.usecases.doctor.policy_document import PolicyStatement, policy_statements
from rolecall.usecases.doctor.resource_facts import (
    LockFacts,
    PublicAccess,
    RecoveryFacts,
    TableFacts,
)

__all__ = ["BUCKETS", "RecordQuestions"]

BUCKETS = ("ReportBucket", "WorkBucket")


class RecordQuestions:
    """Asks about tables, buckets and the log."""

    def __init__(self, probe: Probe, stack: Stack) -> None:
        self._probe = probe
        self._stack = stack

    def table(self, output: str) -> Answer[TableFacts]:
        """Ask what a table is like."""
        name = self._stack[output]
        read = of_type(TableFacts, "Table")
        return self._probe.ask("dynamodb", "DescribeTable", read, TableName=name)

    def recovery(self, output: str) -> Answer[RecoveryFacts]:
        """Ask how far back a table can be restored."""
        read = of_type(
            RecoveryFacts, "ContinuousBackupsDescription", "PointInTimeRecoveryDescription"
        )
        name = self._stack[output]
        return self._probe.ask("dynamodb", "DescribeContinuousBackups", read, TableName=name)

    def format(self, output: str) -> Answer[int]:
        """Ask in which format a table is."""
        client = self._probe.client("dynamodb")

        def read() -> int:
            return read_format(client, output, self._stack[output]).number

        return self._probe.look("the format of the table", read)

    def lock(self) -> Answer[LockFacts]:
        """Ask for the lock of the reports' bucket, and whether it keeps versions."""
        bucket = self._stack["ReportBucket"]
        locked = self._probe.ask(
            "s3",
            "GetObjectLockConfiguration",
            lambda answer: answer["ObjectLockConfiguration"].get("ObjectLockEnabled") == "Enabled",
            {"ObjectLockConfigurationNotFoundError": False},
            Bucket=bucket,
        )
        versioned = self._probe.ask(
            "s3",
            "GetBucketVersioning",
            lambda answer: answer.get("Status") == "Enabled",
            Bucket=bucket,
        )
        found = both(locked, versioned)
        return found if isinstance(found, Unanswered) else LockFacts(*found)

    def public_access(self, output: str) -> Answer[PublicAccess]:
        """Ask what of public access a bucket blocks."""
        return self._probe.ask(
            "s3",
            "GetPublicAccessBlock",
            of_type(PublicAccess, "PublicAccessBlockConfiguration"),
            {"NoSuchPublicAccessBlockConfiguration": PublicAccess()},
            Bucket=self._stack[output],
        )

    def bucket_key(self, output: str) -> Answer[str]:
        """Ask under which key a bucket encrypts; empty for none of ours."""

        def read(answer: Any) -> str:
            [rule, *_] = answer["ServerSideEncryptionConfiguration"]["Rules"]
            key: str = rule["ApplyServerSideEncryptionByDefault"].get("KMSMasterKeyID", "")
            return key

        return self._probe.ask("s3", "GetBucketEncryption", read, Bucket=self._stack[output])

    def bucket_policy(self, output: str) -> Answer[Sequence[PolicyStatement]]:
        """Ask for the policy of a bucket."""
        return self._probe.ask(
            "s3",
            "GetBucketPolicy",
            lambda answer: policy_statements(answer["Policy"]),
            {"NoSuchBucketPolicy": ()},
            Bucket=self._stack[output],
        )

    def work_expiry(self) -> Answer[int]:
        """Ask after how many days files of nights expire; 0 for never."""

        def read(answer: Any) -> int:
            rules = [one for one in answer.get("Rules", ()) if one.get("Status") == "Enabled"]
            return max((one.get("Expiration", {}).get("Days", 0) for one in rules), default=0)

        return self._probe.ask(
            "s3",
            "GetBucketLifecycleConfiguration",
            read,
            {"NoSuchLifecycleConfiguration": 0},
            Bucket=self._stack["WorkBucket"],
        )

    def oldest_work(self) -> Answer[datetime | None]:
        """Ask for the oldest file of nights, of the first thousand."""

        def read(answer: Any) -> datetime | None:
            return min((one["LastModified"] for one in answer.get("Contents", ())), default=None)

        bucket = self._stack["WorkBucket"]
        return self._probe.ask("s3", "ListObjectsV2", read, Bucket=bucket)

    def signing_key(self) -> Answer[VerifierKey]:
        """Ask for the key that verifies what is signed from now on."""
        return self._probe.look("the signing key", lambda: self._stack.signer.key)

    def seal(self) -> Answer[SealFacts | None]:
        """Ask for the last checkpoint, and how it is locked."""
        note = self._probe.look("the last checkpoint", self._highest)
        if note is None or isinstance(note, Unanswered | SealFacts):
            return note
        return self._probe.ask(
            "s3",
            "HeadObject",
            lambda answer: SealFacts(
                note=note,
                published=answer["LastModified"],
                mode=answer.get("ObjectLockMode"),
                until=answer.get("ObjectLockRetainUntilDate"),
            ),
            Bucket=self._stack["ReportBucket"],
            Key=checkpoint_name(read_checkpoint(note).size),
        )

    def _highest(self) -> bytes | SealFacts | None:
        try:
            return self._stack.log.highest()
        except LogForkError as error:
            # That is no missing answer: it is what is wrong.
            return SealFacts(fork=str(error))
