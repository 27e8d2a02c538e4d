"""What is to be done first, as pages show it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from rolecall.model import Severity

__all__ = ["ActionPlace", "ActionRow", "ActionStep", "numbered_steps"]


class ActionStep(Struct, frozen=True):
    """One deed at a place: what is done, in a sentence, and how, in order; nothing where the deed
    says it all, or the next one says it for both."""

    told: str
    how: tuple[str, ...] = ()


class ActionPlace(Struct, frozen=True):
    """One place where an action is carried out.

    :ivar label: the place as people call it.
    :ivar url: where it is; empty where nobody said.
    :ivar steps: what to do there, in order.
    :ivar record: what whoever keeps the registry then writes down.
    """

    label: str
    url: str = ""
    steps: tuple[ActionStep, ...] = ()
    record: tuple[str, ...] = ()


class ActionRow(Struct, frozen=True):
    """One thing to do, which ends findings.

    :ivar severity: the worst that it ends.
    :ivar ends: how many findings it ends, by severity.
    :ivar who: who can do it, in words.
    :ivar entity: the name of who is responsible; empty for the whole organisation.
    :ivar findings: the ids of what it ends.
    :ivar first: what must be done before it, in words; empty for nothing.
    """

    id: str
    severity: Severity
    title: str
    ends: Mapping[Severity, int]
    who: str
    entity: str
    places: tuple[ActionPlace, ...]
    findings: tuple[str, ...]
    first: str = ""


def numbered_steps(steps: Iterable[ActionStep]) -> Iterator[tuple[str, str]]:
    """Yield each line of what to do with its number, such as ``2.`` and ``2.1``."""
    for number, step in enumerate(steps, 1):
        yield f"{number}.", step.told
        for part, how in enumerate(step.how, 1):
            yield f"{number}.{part}", how
