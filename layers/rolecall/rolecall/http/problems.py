"""Errors as RFC 9457 problem details: a stable type, what was wrong, and what to do."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

from rolecall.errors import (
    BrakeError,
    ConflictError,
    DeniedError,
    FormatError,
    InputError,
    InvalidRecordError,
    LogBusyError,
    NotFoundError,
    PreconditionError,
    RolecallError,
    StorageError,
)

__all__ = [
    "STATUSES",
    "add_problems",
    "answer",
    "archive_answer",
    "invalid",
    "problem",
    "problem_of",
]

STATUSES: tuple[tuple[type[RolecallError], int, str, str], ...] = (
    (NotFoundError, 404, "not-found", "There is no such thing, or it is not yours to see"),
    (DeniedError, 403, "denied", "You may not do this"),
    (ConflictError, 409, "conflict", "It cannot be done as things are"),
    (PreconditionError, 412, "precondition", "It is not as you saw it, or you do not say how"),
    (BrakeError, 429, "brake", "Too much at once"),
    (InputError, 422, "invalid", "The request is not valid"),
    (LogBusyError, 503, "busy", "Others are at it; try again"),
    (StorageError, 503, "unavailable", "AWS could not be reached; try again"),
    (FormatError, 503, "upgraded", "A later release upgraded what this one serves"),
    (RolecallError, 500, "failed", "It failed"),
)
"""What each error becomes: the first that fits. :class:`ConflictError` names its own type."""

_TYPE = "urn:rolecall:problem:"
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Strict-Transport-Security": "max-age=63072000",
    "X-Content-Type-Options": "nosniff",
}
"""On every answer."""
_RETRY_SECONDS = "2"


def answer(
    data: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response[Any]:
    """Return an answer of JSON."""
    return Response(
        status_code=status,
        content_type="application/json",
        headers={**_HEADERS, **(headers or {})},
        body=msgspec.json.encode(data).decode(),
    )


def archive_answer(data: bytes, name: str) -> Response[Any]:
    """Return an answer of a zip file."""
    shown = {**_HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    text = base64.b64encode(data).decode()
    made = Response(status_code=200, content_type="application/zip", headers=shown, body=text)
    # The gateway decodes it. (Bytes would be taken for text by the validation of answers.)
    made.base64_encoded = True
    return made


def problem(status: int, kind: str, title: str, detail: str, **more: object) -> Response[Any]:
    """Return a problem; of what passes by itself, with when to try again."""
    body = {"type": f"{_TYPE}{kind}", "title": title, "status": status, "detail": detail, **more}
    passes = {"Retry-After": _RETRY_SECONDS} if kind in ("busy", "unavailable") else {}
    return Response(
        status_code=status,
        content_type="application/problem+json",
        headers={**_HEADERS, **passes},
        body=msgspec.json.encode(body).decode(),
    )


def problem_of(error: RolecallError) -> Response[Any]:
    """Return the problem that an error is."""
    for kind_of, status, kind, title in STATUSES:
        if isinstance(error, kind_of):
            if isinstance(error, ConflictError):
                return problem(status, error.kind, title, str(error), **error.details)
            if isinstance(error, PreconditionError):
                status = 428 if error.kind == "precondition-required" else status
                return problem(status, error.kind, title, str(error))
            if isinstance(error, InvalidRecordError):
                fields = [
                    {"field": f"body.{name}", "problem": what}
                    for name, what in error.fields.items()
                ]
                return problem(status, kind, title, str(error), fields=fields)
            return problem(status, kind, title, str(error))
    raise AssertionError


def add_problems(app: Any) -> None:
    """Have an API answer its errors so."""

    @app.exception_handler(RolecallError)  # type: ignore[untyped-decorator]
    def failed(error: RolecallError) -> Response[Any]:
        """Answer with a problem."""
        return problem_of(error)

    @app.exception_handler(RequestValidationError)  # type: ignore[untyped-decorator]
    def not_valid(error: RequestValidationError) -> Response[Any]:
        """Answer with what is wrong, field by field."""
        return invalid(error.errors())

    @app.not_found  # type: ignore[untyped-decorator]
    def nowhere(_: Exception) -> Response[Any]:
        """Answer that there is no such route."""
        return problem_of(NotFoundError("there is no such route"))


def invalid(errors: Sequence[Any]) -> Response[Any]:
    """Return the problem of a request that is not what the description says, field by field."""
    fields = [{"field": ".".join(map(str, one["loc"])), "problem": one["msg"]} for one in errors]
    what = ", ".join(one["field"] for one in fields)
    return problem(422, "invalid", "The request is not valid", f"see {what}", fields=fields)
