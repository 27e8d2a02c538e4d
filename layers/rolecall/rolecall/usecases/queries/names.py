"""What the people are called of whom a finding speaks, for whoever may know it.

Findings are kept with ids alone, for they enter a log that nobody can change. Who reads them wants
names, and gets those of the people whom they may see; of all others the id stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from rolecall.controls.audience import CONFIDENTIAL
from rolecall.finding import Finding
from rolecall.naming import ID_KEYS
from rolecall.printable import printable
from rolecall.usecases.queries.reach import Reach
from rolecall.usecases.queries.read_store import ReadStore

__all__ = ["PeopleNames", "called"]

_MOST_NAMED = 200
"""People of a page whose names are looked up: who is on a list of hundreds stays an id."""


class PeopleNames:
    """The names of people, for one caller; each is looked up once."""

    def __init__(self, store: ReadStore, reach: Reach) -> None:
        self._store = store
        self._reach = reach
        self._looked_up: set[str] = set()
        self._known: dict[str, str] = {}

    def look_up(self, findings: Sequence[Finding]) -> None:
        """Read the names of everybody of whom some findings speak, as many as may be."""
        spoken_of = dict.fromkeys(id_ for finding in findings for id_ in _people_of(finding))
        room = _MOST_NAMED - len(self._looked_up)
        wanted = [id_ for id_ in spoken_of if id_ not in self._looked_up][:room]
        self._looked_up |= set(wanted)
        found = self._store.people(wanted)
        self._known |= {id_: one.name for id_, one in found.items() if self._reach.sees(one)}

    def of(self, finding: Finding) -> dict[str, str]:
        """Return the names of those of whom a finding speaks, by id; of others none."""
        spoken_of = dict.fromkeys(_people_of(finding))
        return {id_: self._known[id_] for id_ in spoken_of if id_ in self._known}


def called(names: Mapping[str, str]) -> dict[str, str]:
    """Return what to call each person: by name, and with the id where two are called alike."""
    seen: dict[str, list[str]] = {}
    for id_, name in names.items():
        seen.setdefault(" ".join(printable(name).casefold().split()), []).append(id_)
    alike = {id_ for ids in seen.values() if len(ids) > 1 for id_ in ids}
    return {id_: f"{name} ({id_})" if id_ in alike else name for id_, name in names.items()}


def _people_of(finding: Finding) -> Iterator[str]:
    if finding.subject.kind in CONFIDENTIAL:
        return
    if finding.subject.person:
        yield finding.subject.person
    evidence = msgspec.json.decode(finding.evidence)
    for key, value in evidence.items() if isinstance(evidence, dict) else ():
        if ID_KEYS.get(key) == "people":
            texts = value if isinstance(value, list) else [value]
            yield from (text for text in texts if isinstance(text, str))
