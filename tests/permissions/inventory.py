"""The list of what each role asks of AWS, as the suites saw it: ``calls.json``, by ``make calls``.

It is held from both sides: a test that makes a call which is not in it fails at once, and ``make
test`` fails in the end where all passed and nobody made one that is in it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.permissions.requests import Request

__all__ = ["ANEW", "FILE", "KNOWN", "Noted", "gather", "note_down", "read", "write"]

Noted = tuple[str, Request]
"""Who asked, and what."""

FILE = Path(__file__).parent / "calls.json"
_gathering: list[Path] = []
ANEW = os.environ.get("ROLECALL_CALLS_ANEW", "") == "1"
"""Whether the list is made anew, and so what is not in it is no fault."""


def read() -> Iterator[Noted]:
    """Yield what is in the list."""
    for role, actions in json.loads(FILE.read_text(encoding="utf-8")).items():
        for action, resources in actions.items():
            for resource, contexts in resources.items():
                for context in contexts:
                    yield role, Request(action, resource, tuple(context.items()))


def write(noted: Iterable[Noted]) -> None:
    """Make the list anew."""
    listed: dict[str, dict[str, dict[str, list[dict[str, str]]]]] = {}
    for role, (action, resource, context) in sorted(noted):
        below = listed.setdefault(role, {}).setdefault(action, {})
        below.setdefault(resource, []).append(dict(context))
    FILE.write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")


KNOWN = frozenset(read())
"""What is in the list."""


def gather() -> None:
    """Have this process note down what it sees, in the file of ``ROLECALL_CALLS``.

    Only processes that run tests do: there a test fails by a call that nobody knows. What a test
    starts beside them provokes calls that are refused, and nobody would hear of them.
    """
    if file := os.environ.get("ROLECALL_CALLS", ""):
        _gathering.append(Path(file))


def note_down(noted: Noted) -> None:
    """Add a line where the processes of a run gather what they noted."""
    for place in _gathering:
        with place.open("a", encoding="utf-8") as file:
            file.write(json.dumps(noted) + "\n")


def _gathered(file: Path) -> Iterator[Noted]:
    for line in file.read_text(encoding="utf-8").splitlines():
        role, (action, resource, context) = json.loads(line)
        yield role, Request(action, resource, tuple((key, value) for key, value in context))


def _hold(noted: frozenset[Noted]) -> None:
    """Say what is in the list and was not seen, or the other way round."""
    wrong = [f"nobody makes this call any more: {one[0]} {one[1]}" for one in KNOWN - noted]
    wrong += [f"this call is not in the list: {one[0]} {one[1]}" for one in noted - KNOWN]
    if wrong:
        sys.exit("\n".join([*sorted(wrong), f"make calls makes {FILE.name} anew"]))


if __name__ == "__main__":
    what, file = sys.argv[1:]
    {"write": write, "hold": _hold}[what](frozenset(_gathered(Path(file))))
