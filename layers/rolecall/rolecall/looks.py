"""What completed runs looked at, and by which version of the catalogue: why a finding comes.

Nothing is stored of what passes. So that a finding comes because its rule was changed follows from
the runs before: its rule is another than it was when a run last looked there. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from rolecall.controls.versions import has_changed

__all__ = ["Look", "Opening", "latest_looks", "look_of", "opening_of"]

Opening: TypeAlias = Literal["rule-changed"]
"""Why a finding is new, where the reason is known."""


class Look(Struct, frozen=True):
    """What a completed run looked at.

    :ivar catalogue: the version by which it judged.
    :ivar controls: to which it was limited; ``None`` for all.
    :ivar entities: ids of those to which it was limited; ``None`` for all.
    :ivar unmade: controls of which it could make no check, or that were turned off.
    """

    catalogue: int = 1
    controls: frozenset[str] | None = None
    entities: frozenset[str] | None = None
    unmade: frozenset[str] = frozenset()

    def is_at(self, control: str, entity: str | None) -> bool:
        """Tell whether it looked at an entity by a control."""
        if control in self.unmade or (self.controls is not None and control not in self.controls):
            return False
        return self.entities is None or entity in self.entities

    def covers(self, other: Look) -> bool:
        """Tell whether it looked wherever another did."""
        return (
            _is_within(other.controls, self.controls)
            and _is_within(other.entities, self.entities)
            and self.unmade <= other.unmade
        )


def _is_within(part: frozenset[str] | None, whole: frozenset[str] | None) -> bool:
    return whole is None or (part is not None and part <= whole)


def look_of(payload: Mapping[str, Any]) -> Look | None:
    """Return what a run looked at, as its record tells.

    ``None`` where that is not known: it was limited to more entities than a record has room for, or
    an early release did not say.

    :param payload: of ``run.completed``.
    """
    scope = payload.get("scope") or {}
    below, controls = scope.get("below"), scope.get("controls")
    if scope.get("entity") is not None and below is None:
        return None
    unmade = (
        one["control"]
        for one in payload.get("coverage", ())
        if not one["passed"] + one["failed"] and (one["not_evaluated"] or one.get("disabled"))
    )
    return Look(
        payload.get("catalogue", 1),
        None if controls is None else frozenset(controls),
        None if below is None else frozenset(below),
        frozenset(unmade),
    )


def latest_looks(looks: Iterable[Look | None]) -> tuple[Look, ...]:
    """Return the looks that still count, the oldest first: a later one covers most of the others.

    :param looks: of all completed runs, in order; ``None`` for what is not known.
    """
    kept: tuple[Look, ...] = ()
    for look in looks:
        if look is not None:
            kept = (*(one for one in kept if not look.covers(one)), look)
    return kept


def opening_of(control: str, entity: str | None, looks: Sequence[Look]) -> Opening | None:
    """Return why a finding is new that no run told of before.

    :param looks: of the runs before, the oldest first.
    """
    for look in reversed(looks):
        if look.is_at(control, entity):
            return "rule-changed" if has_changed(control, look.catalogue) else None
    return None
