"""Objects in buckets of S3: files that may be written again, and locked ones that may not."""

from __future__ import annotations

import base64
import hashlib
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from itertools import islice
from typing import Any, Literal

from botocore.exceptions import ClientError
from msgspec import Struct

from rolecall.aws.clients import code_of, pause, storage
from rolecall.errors import StorageError

__all__ = ["LockedBucket", "Retention", "WorkBucket"]

_PARALLEL = 16
_WRITERS = 4
_CONFLICTS = 6
_IN_MEMORY = 8_000_000


class Retention(Struct, frozen=True):
    """Until when nobody may delete an object.

    ``COMPLIANCE`` binds everybody, ``GOVERNANCE`` whoever has no permission to bypass it.
    """

    mode: Literal["COMPLIANCE", "GOVERNANCE"]
    until: datetime


class WorkBucket:
    """The files of runs. They expire by themselves."""

    def __init__(self, client: Any, name: str) -> None:
        self.client = client
        self.name = name

    def put(self, name: str, data: bytes) -> None:
        """Write a file, in place of another of that name."""
        with storage(f"writing {self.name}"):
            self.client.put_object(Bucket=self.name, Key=name, Body=data)

    def put_all(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Write many files, while the next ones are made."""
        with ThreadPoolExecutor(_WRITERS) as pool:
            waiting: deque[Future[None]] = deque()
            for name, data in files:
                waiting.append(pool.submit(self.put, name, data))
                # Each waits in memory: no more than are being written.
                while len(waiting) > _WRITERS:
                    waiting.popleft().result()
            for future in waiting:
                future.result()

    def get(self, name: str) -> bytes:
        """Return a file."""
        return _get(self.client, self.name, name)

    def get_all(self, names: Sequence[str]) -> Iterator[bytes]:
        """Yield files in the order of their names, some of them read ahead."""
        with ThreadPoolExecutor(_PARALLEL) as pool:
            waiting = iter(names)
            while batch := list(islice(waiting, 2 * _PARALLEL)):
                yield from pool.map(self.get, batch)

    def put_stream(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a file that need not fit into memory."""
        with _spooled(pieces) as file, storage(f"writing {self.name}"):
            self.client.upload_fileobj(file, self.name, name)

    def count(self, prefix: str) -> int:
        """Return how many files have names that begin so."""
        return sum(1 for _ in _entries(self.client, self.name, prefix))

    def names(self, prefix: str, suffix: str) -> list[str]:
        """Return the names that begin and end so, the latest written last."""
        found = [
            entry
            for entry in _entries(self.client, self.name, prefix)
            if entry["Key"].endswith(suffix)
        ]
        return [entry["Key"] for entry in sorted(found, key=lambda entry: entry["LastModified"])]


class LockedBucket:
    """Objects that are written once."""

    def __init__(self, client: Any, name: str) -> None:
        self.client = client
        self.name = name

    def add(
        self,
        name: str,
        pieces: Iterable[bytes],
        retention: Retention | None,
        kind: str = "application/octet-stream",
    ) -> bool:
        """Write an object, unless there is one of that name; return whether it was done.

        :param kind: its content type.
        """
        lock: dict[str, Any] = {"ContentType": kind}
        if retention is not None:
            lock |= {
                "ObjectLockMode": retention.mode,
                "ObjectLockRetainUntilDate": retention.until,
            }
        with _spooled(pieces) as file:
            digest = hashlib.file_digest(file, "sha256")
            # S3 refuses what did not arrive as it was sent; the digest stays with the object.
            lock["ChecksumAlgorithm"] = "SHA256"
            lock["ChecksumSHA256"] = base64.b64encode(digest.digest()).decode()
            lock["Metadata"] = {"sha256": digest.hexdigest()}
            for attempt in range(_CONFLICTS):
                file.seek(0)
                try:
                    with storage(f"writing {self.name}"):
                        self.client.put_object(
                            Bucket=self.name, Key=name, Body=file, IfNoneMatch="*", **lock
                        )
                except StorageError as error:
                    if _code(error) == "PreconditionFailed":
                        return False
                    if _code(error) != "ConditionalRequestConflict" or attempt + 1 == _CONFLICTS:
                        raise
                    # Another writes the same name at this moment.
                    pause(attempt)
                else:
                    return True
        raise AssertionError

    def digest(self, name: str) -> str:
        """Return the SHA-256 (hex) of an object, as it was when it was written."""
        with storage(f"reading {self.name}"):
            head = self.client.head_object(Bucket=self.name, Key=name)
        if (known := head["Metadata"].get("sha256")) is not None:
            return str(known)
        # An earlier release wrote it.
        return hashlib.sha256(_get(self.client, self.name, name)).hexdigest()

    def get(self, name: str, most: int | None = None) -> bytes | None:
        """Return an object, or its first bytes; ``None`` where there is none."""
        part = {} if most is None else {"Range": f"bytes=0-{most - 1}"}
        try:
            return _get(self.client, self.name, name, **part)
        except StorageError as error:
            if _code(error) == "NoSuchKey":
                return None
            raise

    def names(self, prefix: str, after: str = "") -> Iterator[str]:
        """Yield the names that begin so, in order, from the one after ``after``."""
        return (entry["Key"] for entry in _entries(self.client, self.name, prefix, after))


def _get(client: Any, bucket: str, name: str, **part: str) -> bytes:
    with storage(f"reading {bucket}"):
        data: bytes = client.get_object(Bucket=bucket, Key=name, **part)["Body"].read()
    return data


def _entries(client: Any, bucket: str, prefix: str, after: str = "") -> Iterator[dict[str, Any]]:
    with storage(f"listing {bucket}"):
        start = {"StartAfter": after} if after else {}
        pages = client.get_paginator("list_objects_v2").paginate(
            Bucket=bucket, Prefix=prefix, **start
        )
        for page in pages:
            yield from page.get("Contents", ())


def _spooled(pieces: Iterable[bytes]) -> tempfile.SpooledTemporaryFile[bytes]:
    file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the caller closes it.
    for piece in pieces:
        file.write(piece)
    file.seek(0)
    return file


def _code(error: StorageError) -> str:
    return code_of(error.__cause__) if isinstance(error.__cause__, ClientError) else ""
