"""What a check of the doctor is: one question about a stack, judged from what AWS answered.

A check says what is wrong, or will be, and what to do. It is called with what was answered, and
never with what was not: the examination decides that before, as the engine does for controls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from msgspec import Struct

from rolecall.usecases.doctor.answers import Answer

__all__ = ["GRAVITIES", "Complaint", "DoctorCheck", "Gravity", "doctor_check"]

S = TypeVar("S")
T = TypeVar("T")

Gravity: TypeAlias = Literal["critical", "warning", "note"]
GRAVITIES: tuple[Gravity, ...] = ("critical", "warning", "note")
"""The worst first. ``critical``: records, secrets or the night are at risk now; ``warning``: it is
wrong, or will be; ``note``: it may be meant."""


class Complaint(Struct, frozen=True):
    """One thing that is wrong: a sentence what, and a sentence what to do.

    ``remedy`` is that of the check where it is empty.
    """

    gravity: Gravity
    what: str
    remedy: str = ""


class DoctorCheck(Struct, Generic[S, T], frozen=True, kw_only=True):
    """One check.

    ``title`` states what is true when nothing is wrong; ``asks`` names the permissions without
    which it cannot be made; ``on_emulator`` is whether an emulator has what it looks at.
    """

    id: str
    group: str
    title: str
    why: str
    remedy: str
    asks: tuple[str, ...]
    subjects: Callable[[S], Mapping[str, Answer[T]]]
    judge: Callable[[str, T, S], Iterator[Complaint]]
    on_emulator: bool


def doctor_check(
    *,
    title: str,
    why: str,
    remedy: str,
    asks: tuple[str, ...],
    subjects: Callable[[S], Mapping[str, Answer[T]]],
    on_emulator: bool = True,
) -> Callable[[Callable[[str, T, S], Iterator[Complaint]]], DoctorCheck[S, T]]:
    """Make a check of how it judges; its id and group are the names of its file and folder."""

    def decorate(judge: Callable[[str, T, S], Iterator[Complaint]]) -> DoctorCheck[S, T]:
        group, name = _home(judge)
        return DoctorCheck(
            id=name.replace("_", "-"),
            group=group,
            title=title,
            why=why,
            remedy=remedy,
            asks=asks,
            subjects=subjects,
            judge=judge,
            on_emulator=on_emulator,
        )

    return decorate


def _home(judge: Callable[..., Any]) -> tuple[str, str]:
    group, name = judge.__module__.split(".")[-2:]
    return group, name
