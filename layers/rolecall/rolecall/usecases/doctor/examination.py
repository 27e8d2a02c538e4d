"""Makes the checks of a catalogue; says what is wrong, worst first, and what was not checked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from rolecall.usecases.doctor.answers import Unanswered
from rolecall.usecases.doctor.check import GRAVITIES, DoctorCheck, Gravity

__all__ = ["Diagnosis", "Examination", "Unchecked", "examine"]


class Diagnosis(Struct, frozen=True):
    """What a check says of a subject; ``subject`` is empty where that is the stack itself."""

    check: str
    gravity: Gravity
    subject: str
    what: str
    remedy: str


class Unchecked(Struct, frozen=True):
    """A check that could not be made of a subject, and why."""

    check: str
    subject: str
    why: str


class Examination(Struct, frozen=True):
    """What came of all checks; ``made`` counts checks of subjects."""

    diagnoses: tuple[Diagnosis, ...]
    unchecked: tuple[Unchecked, ...]
    made: int

    def count(self, gravity: Gravity) -> int:
        """Return how many diagnoses are of a gravity."""
        return sum(1 for one in self.diagnoses if one.gravity == gravity)

    @property
    def is_wrong(self) -> bool:
        """Whether something is wrong, or will be; a note is neither."""
        return any(one.gravity != "note" for one in self.diagnoses)


def examine(
    checks: Iterable[DoctorCheck[Any, Any]], state: Any, *, emulated: bool = False
) -> Examination:
    """Make checks of a state.

    :param emulated: whether the state is that of an emulator, which lacks a part of AWS.
    """
    diagnoses: list[Diagnosis] = []
    unchecked: list[Unchecked] = []
    made = 0
    for check in checks:
        if emulated and not check.on_emulator:
            unchecked.append(Unchecked(check.id, "", "an emulator has none of it"))
            continue
        for subject, answer in check.subjects(state).items():
            if isinstance(answer, Unanswered):
                unchecked.append(Unchecked(check.id, subject, answer.why))
                continue
            made += 1
            diagnoses += (
                Diagnosis(check.id, one.gravity, subject, one.what, one.remedy or check.remedy)
                for one in check.judge(subject, answer, state)
            )
    diagnoses.sort(key=lambda one: GRAVITIES.index(one.gravity))
    return Examination(tuple(diagnoses), tuple(unchecked), made)
