"""Asks AWS one question, and takes a refusal for what it is: no answer.

Invariants:

- Only what reads is asked: operations whose names begin as :data:`READING` says.
- A question that is refused, that a service does not know, or whose answer is not as AWS gives it,
  is :class:`~rolecall.usecases.doctor.answers.Unanswered`, and says why.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import msgspec
from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError

from rolecall.aws.clients import client, code_of
from rolecall.errors import RolecallError, UsageError
from rolecall.usecases.doctor.answers import Answer, Unanswered

__all__ = ["READING", "Probe", "of_type"]

T = TypeVar("T")

READING = ("Describe", "Get", "List", "Head")
"""How the names of operations begin that change nothing."""

# Its threads start when they are first needed, and stay: a survey asks in many turns.
_pool = ThreadPoolExecutor(8)
# msgspec looks a type over when it first reads one, and two threads at that end the process.
_reading = threading.Lock()
_SERVICES = {"stepfunctions": "states"}
_PERMISSIONS = {
    "HeadObject": "s3:GetObject",
    "ListObjectsV2": "s3:ListBucket",
    "GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
    "GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "GetLayerVersionByArn": "lambda:GetLayerVersion",
}
"""The permissions whose names are not those of a service and its operation."""
_DAMAGE = (KeyError, IndexError, TypeError, ValueError)
"""What an answer brings about that lacks a part, or has one of another type; msgspec's too."""
_REFUSALS = ("AccessDenied", "Forbidden", "Unauthorized", "NotAuthorized", "AuthorizationError")


def of_type(kind: type[T], *path: str) -> Callable[[Any], T]:
    """Return what reads a part of an answer as a type.

    :param path: leads to the part.
    """

    def read(answer: Any) -> T:
        for name in path:
            answer = answer[name]
        with _reading:
            return msgspec.convert(answer, kind, strict=False)

    return read


class Probe:
    """Asks questions."""

    def __init__(self) -> None:
        self._clients: dict[str, Any] = {}
        # boto3 makes clients in one thread at a time.
        self._lock = threading.Lock()

    def client(self, service: str) -> Any:
        """Return a client of a service."""
        with self._lock:
            if service not in self._clients:
                self._clients[service] = client(service)
            return self._clients[service]

    def ask(
        self,
        service: str,
        operation: str,
        read: Callable[[Any], T],
        absent: Mapping[str, T] | None = None,
        **arguments: Any,
    ) -> Answer[T]:
        """Ask a question.

        :param read: takes what is looked for from the answer.
        :param absent: what there is instead where an error says that there is none, by its code.
        """

        def asked() -> T:
            return read(getattr(self.client(service), xform_name(operation))(**arguments))

        return _answered(service, operation, asked, absent or {})

    def pages(
        self, service: str, operation: str, part: str, read: Callable[[Any], T], **arguments: Any
    ) -> Answer[list[T]]:
        """Ask for a list of which each answer has a page.

        :param part: of an answer, that holds the page.
        """

        def asked() -> list[T]:
            pages = self.client(service).get_paginator(xform_name(operation)).paginate(**arguments)
            return [read(one) for page in pages for one in page.get(part, ())]

        return _answered(service, operation, asked, {})

    def look(self, what: str, read: Callable[[], T]) -> Answer[T]:
        """Have one of the stores look, which has its own names for what goes wrong.

        :param what: is looked at, for the reason.
        """
        try:
            return read()
        except RolecallError as error:
            return Unanswered(f"{what}: {error}")
        except _DAMAGE:
            return Unanswered(f"{what}: what lies there is not as Rolecall writes it")

    def each(
        self, names: Iterable[str], question: Callable[[str], Answer[T]]
    ) -> dict[str, Answer[T]]:
        """Ask a question of many subjects, several at once."""
        asked = list(names)
        answers = _pool.map(lambda one: self.only(question, one), asked)
        return dict(zip(asked, answers, strict=True))

    def only(self, question: Callable[..., Answer[T]], *subject: str) -> Answer[T]:
        """Ask a question; a stack that does not name what it is about has no answer."""
        try:
            return question(*subject)
        except UsageError as error:
            return Unanswered(str(error))


def _answered(
    service: str, operation: str, asked: Callable[[], T], absent: Mapping[str, T]
) -> Answer[T]:
    if not operation.startswith(READING):
        raise ValueError(f"{operation} may write")
    try:
        return asked()
    except ClientError as error:
        code = code_of(error)
        if code in absent:
            return absent[code]
        if code.startswith(_REFUSALS):
            return Unanswered(f"AWS refused {_permission(service, operation)}")
        return Unanswered(f"{operation}: AWS answered {code or 'an error'}")
    except BotoCoreError as error:
        # Some of its messages have several lines.
        return Unanswered(f"{operation}: {' '.join(str(error).split())}")
    except _DAMAGE:
        return Unanswered(f"the answer to {operation} is not as AWS gives it")


def _permission(service: str, operation: str) -> str:
    if service == "apigatewayv2":
        return "apigateway:GET"
    return _PERMISSIONS.get(operation, f"{_SERVICES.get(service, service)}:{operation}")
