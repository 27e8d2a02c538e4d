"""Notes every call to AWS that a function or a role of the template makes while the suites run.

Every session of the tests has :func:`watch`; whoever acts says so (:func:`acting`). What nobody
does who has a role, such as what a test sets up, is not noted.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from typing import Any, ParamSpec, TypeVar

from tests.permissions.inventory import ANEW, KNOWN, Noted, note_down
from tests.permissions.regions import Shape, Trial, refusals
from tests.permissions.requests import requests_of

__all__ = ["ADMINISTRATOR", "NOTED", "As", "acting", "as_role", "know", "role", "trouble", "watch"]

_Arguments = ParamSpec("_Arguments")
_Answer = TypeVar("_Answer")

NOTED: set[Noted] = set()
"""What was asked of IAM in this process, by whom."""
ADMINISTRATOR = "Administrator"
"""Who works from the command line with permissions of their own: no role of the template."""
_TROUBLE: list[str] = []
_NAMES: dict[str, str] = {}
_TRIALS: dict[Shape, Trial | None] = {}
_ROLE: ContextVar[str | None] = ContextVar("role", default=None)

_submit: Callable[..., Future[Any]] = ThreadPoolExecutor.submit


def _submit_as_role(
    self: ThreadPoolExecutor, function: Callable[..., Any], /, *arguments: Any, **named: Any
) -> Future[Any]:
    """Let a thread act for whom it was asked."""
    return _submit(self, copy_context().run, function, *arguments, **named)


setattr(ThreadPoolExecutor, "submit", _submit_as_role)  # noqa: B010 - not to be checked as a method.


@contextmanager
def acting(role: str | None) -> Iterator[None]:
    """Let somebody act for as long as the block lasts.

    :param role: the logical id of a role of the template; None for who has none of them.
    """
    before = _ROLE.set(role)
    try:
        yield
    finally:
        _ROLE.reset(before)


def as_role(role: str, function: Callable[_Arguments, _Answer]) -> Callable[_Arguments, _Answer]:
    """Return a function that acts as a role."""

    @functools.wraps(function)
    def called(*arguments: _Arguments.args, **named: _Arguments.kwargs) -> _Answer:
        with acting(role):
            return function(*arguments, **named)

    return called


class As:
    """Something whose methods act as a role, whoever calls them."""

    def __init__(self, role: str, thing: Any) -> None:
        self._role = role
        self._thing = thing

    def __getattr__(self, name: str) -> Any:
        return as_role(self._role, getattr(self._thing, name))


def role() -> str | None:
    """Return who acts."""
    return _ROLE.get()


def know(outputs: Mapping[str, str]) -> None:
    """Remember what is deployed, by the outputs of the stack."""
    for output, value in outputs.items():
        if output.endswith(("Table", "Bucket", "Arn", "PoolId")):
            _NAMES[value] = output.removesuffix("Arn").removesuffix("Id")
    _NAMES[outputs["Organisation"]] = "Organisation"


def watch(session: Any) -> None:
    """Note what the clients of a session call."""
    session.register("before-parameter-build", _note)


def trouble() -> list[str]:
    """Return what is wrong with the calls since the last time, for the test that made them.

    Kinds of requests that are new in this process are made in other regions here, and not in the
    midst of the code that asks.
    """
    found = [*_TROUBLE]
    _TROUBLE.clear()
    for shape, trial in list(_TRIALS.items()):
        if trial is not None:
            found += refusals(trial)
            _TRIALS[shape] = None
    return found


def _note(params: Mapping[str, Any], model: Any, context: Mapping[str, Any], **_: Any) -> None:
    """Note a call; nothing is raised here, where the code under test would catch it."""
    who = _ROLE.get()
    if who is None:
        return
    service, operation = str(model.service_model.service_name), str(model.name)
    # A file is closed by the time that the request is made elsewhere.
    kept = {name: b"" if hasattr(one, "read") else one for name, one in params.items()}
    trial = Trial(service, operation, kept, bool(context.get("is_presign_request")))
    _TRIALS.setdefault(trial.shape, trial)
    if who == ADMINISTRATOR:
        return
    try:
        asked = [(who, one) for one in requests_of(service, operation, params, _NAMES)]
    except (LookupError, AssertionError) as error:
        _TROUBLE.append(f"{who} calls {service}:{operation}, and this is unknown: {error!r}")
        return
    for noted in asked:
        if noted not in NOTED:
            NOTED.add(noted)
            note_down(noted)
            if noted not in KNOWN and not ANEW:
                _TROUBLE.append(f"{who} asks what is not in calls.json (make calls): {noted[1]}")
