"""Puts one control to subjects, in batches, and never raises.

Deliberately elsewhere: what a missing column takes out (:mod:`rolecall.controls.tracking`), and who
is asked and counted (:mod:`rolecall.engine`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence, Set
from typing import Any

from rolecall.controls.context import Context
from rolecall.controls.control import Control, Fail, Params, Undecided
from rolecall.controls.tracking import Unproven

__all__ = ["BATCH", "answered", "batches", "failures", "suspects"]

BATCH = 500
"""Subjects per call of a check: large enough to forget the call, small enough for the caches."""

_logger = logging.getLogger("rolecall.engine")


def failures(
    control: Control[Any],
    subjects: Sequence[Any],
    context: Context,
    params: Params,
    unproven: Unproven | None = None,
) -> tuple[list[Fail], list[Undecided]]:
    """Return which of the subjects fail a control and which it cannot decide; the rest pass.

    Never raises: a subject whose check raises is undecided, and the exception is logged by type.

    :param unproven: takes out, of those that do not fail, those that a missing column concerns.
    """

    def judge(batch: Sequence[Any]) -> tuple[list[Fail], list[Undecided]]:
        return _judge(control, batch, context, params, unproven)

    fails: list[Fail] = []
    undecided: list[Undecided] = []
    for batch in batches(subjects):
        try:
            failed, unknown = judge(batch)
        except Exception:  # noqa: BLE001 - a control that raises must never stop a run.
            failed, unknown = _judge_one_by_one(control, batch, judge)
        fails += failed
        undecided += unknown
    return fails, undecided


def _judge(
    control: Control[Any],
    batch: Sequence[Any],
    context: Context,
    params: Params,
    unproven: Unproven | None,
) -> tuple[list[Fail], list[Undecided]]:
    unknown: list[Undecided] = []
    if control.undecided is not None:
        unknown = list(control.undecided(batch, context))
        batch = _without([subject for subject, _ in unknown], batch)
    fails = list(control.check(batch, context, params))
    if control.unsettled is not None:
        batch = _without([fail.subject for fail in fails], batch)
        unknown += (unsettled := list(control.unsettled(batch, context, params)))
        batch = _without([subject for subject, _ in unsettled], batch)
    if unproven is not None:
        unknown += unproven(_without([fail.subject for fail in fails], batch), params)
    return fails, unknown


def _without(some: Sequence[Any], batch: Sequence[Any]) -> Sequence[Any]:
    """Return the subjects of a batch but for some."""
    if not some:
        return batch
    out = set(map(id, some))
    return [subject for subject in batch if id(subject) not in out]


def _judge_one_by_one(
    control: Control[Any],
    batch: Sequence[Any],
    judge: Callable[[Sequence[Any]], tuple[list[Fail], list[Undecided]]],
) -> tuple[list[Fail], list[Undecided]]:
    fails: list[Fail] = []
    undecided: list[Undecided] = []
    for subject in batch:
        try:
            failed, unknown = judge([subject])
        except Exception as error:  # noqa: BLE001 - see failures().
            kind = type(error).__name__
            name = control.subjects.subject(subject).keys()
            # The message of a foreign exception may quote a registry cell: only its type is told.
            _logger.error("control %s could not check %s: %s", control.id, name, kind)
            failed, unknown = [], [(subject, f"error: {kind}")]
        fails += failed
        undecided += unknown
    return fails, undecided


def suspects(control: Control[Any], context: Context, params: Params) -> Set[str] | None:
    """Return of whom alone a control looks at each grant, or ``None`` where it looks at all."""
    if control.suspects is None:
        return None
    try:
        return control.suspects(context, params)
    except Exception:  # noqa: BLE001 - what it is about is found and told grant by grant.
        return None


def answered(control: Control[Any], subjects: Sequence[Any], context: Context) -> int:
    """Return how many of some subjects pass because they were reported as not ours."""
    if control.answered is None:
        return 0
    try:
        return control.answered(subjects, context)
    except Exception:  # noqa: BLE001 - whose check raises for it as well is undecided.
        return 0


def batches(subjects: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Yield subjects so many at a time."""
    for start in range(0, len(subjects), BATCH):
        yield subjects[start : start + BATCH]
