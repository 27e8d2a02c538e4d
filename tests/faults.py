"""Trouble, made: calls to AWS that fail, and processes that die at a write."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple
from unittest import mock

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError, ReadTimeoutError
from moto.core.models import botocore_stubber

import rolecall
from rolecall.errors import StorageError
from tests.cloud import new_session, resources

__all__ = ["Call", "Crash", "Sabotage", "Trouble", "dying", "sabotaged", "survive"]


class Call(NamedTuple):
    """One call to AWS.

    :ivar site: the operation, its tables and kind of partition, and the lines of the package that
        made it: calls of one site are one piece of code that runs again.
    """

    name: str
    site: tuple[str, ...]

    @property
    def writes(self) -> bool:
        """Whether it may leave something behind."""
        return self.name not in READS


READS = ("Query", "GetItem", "GetObject", "ListObjectsV2", "HeadObject")
TABLES = tuple(resources("AWS::DynamoDB::Table"))
PARTITION = re.compile(r'":pk": {"S": "([A-Z]+)')
PACKAGE = str(Path(rolecall.__file__).parent)


def _site(name: str, params: Mapping[str, Any]) -> tuple[str, ...]:
    lines = []
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        if frame.f_code.co_filename.startswith(PACKAGE):
            lines.append(f"{frame.f_code.co_qualname}:{frame.f_lineno}")
        frame = frame.f_back
    text = repr(params.get("body"))
    tables = [table for table in TABLES if f'"{table}"' in text]
    return (name, *tables, *PARTITION.findall(text), *lines)


class Sabotage:
    """Counts the calls to AWS of one process, and lets one of them fail.

    :ivar calls: what was called, in order.
    """

    def __init__(self, place: int | None = None, fault: str = "") -> None:
        self.place = place
        self.fault = fault
        self.calls: list[Call] = []
        self.hit = False

    def before_call(self, model: Any, params: Any, **_: Any) -> Any:
        """Fail before the service hears of it."""
        self.calls.append(Call(model.name, _site(model.name, params)))
        self.hit = len(self.calls) - 1 == self.place
        if not self.hit:
            return None
        if self.fault == "timeout":
            raise ReadTimeoutError(endpoint_url="https://example.invalid")
        codes = {"refused": (500, "InternalServerError"), "throttled": (400, "ThrottlingException")}
        if self.fault in codes:
            status, code = codes[self.fault]
            response = AWSResponse("https://example.invalid", status, {}, None)
            error = {"Error": {"Code": code, "Message": ""}, "ResponseMetadata": {}}
            return response, error
        return None

    def before_send(self, request: Any, event_name: str, **_: Any) -> Any:
        """Let the service hear of it twice, as when a reply is lost and botocore tries again."""
        if self.hit and self.fault == "sent twice":
            botocore_stubber(event_name=event_name, request=request)
        return None

    def after_call(self, **_: Any) -> None:
        """Fail after the service has done it."""
        if self.hit and self.fault == "reply lost":
            self.hit = False
            raise ReadTimeoutError(endpoint_url="https://example.invalid")


@contextmanager
def sabotaged(sabotage: Sabotage) -> Iterator[Sabotage]:
    """Have clients that are made inside of the block sabotaged."""
    session = new_session()
    session.register("before-call", sabotage.before_call)
    session.get_component("event_emitter").register_first("before-send", sabotage.before_send)
    session.register("after-call", sabotage.after_call)
    try:
        yield sabotage
    finally:
        new_session()


def survive(step: Callable[[], Any], sabotage: Sabotage) -> Any:
    """Take a step under sabotage, and again without if it failed; return what came of it."""
    with sabotaged(sabotage):
        try:
            return step()
        except (StorageError, ReadTimeoutError):
            pass
    return step()


class Trouble:
    """Fails calls of a client, by operation."""

    def __init__(self, client: Any) -> None:
        self.codes: dict[str, Any] = {}
        self.seen: list[str] = []
        client.meta.events.register("before-call", self._call)

    def _call(self, model: Any, **_: Any) -> None:
        self.seen.append(model.name)
        code = self.codes.get(model.name)
        if isinstance(code, BaseException):
            raise code
        if code is not None:
            raise ClientError({"Error": {"Code": code, "Message": "no"}}, model.name)


class Crash(BaseException):
    """The process dies."""


@contextmanager
def dying(at: int) -> Iterator[list[str]]:
    """Die at one of the calls that change a disk; give their names."""
    calls: list[str] = []

    def counted(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            calls.append(name)
            if len(calls) == at:
                raise Crash
            return real(*arguments, **named)

        return call

    with (
        mock.patch("os.fsync", counted("fsync", os.fsync)),
        mock.patch("os.write", counted("write", os.write)),
        mock.patch.object(Path, "replace", counted("replace", Path.replace)),
        mock.patch.object(Path, "unlink", counted("unlink", Path.unlink)),
    ):
        yield calls
