"""Make reports again of the records, and of what stands in them that no log holds.

Each must be the same, byte for byte. One that cannot be made here keeps no other from being
compared: a missing typesetter says nothing of the page.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from rolecall.controls.catalogue import catalogue
from rolecall.controls.context import Context
from rolecall.errors import ProofError
from rolecall.lifecycle import ReportedFinding
from rolecall.model import Policy, Snapshot
from rolecall.naming import GivenNames
from rolecall.reports.facts import Facts
from rolecall.reports.formats import FACTS, FINDINGS, FORMATS, missing
from rolecall.reports.report import FindingLine, wording
from rolecall.reports.typesetter import installed_typesetter
from rolecall.usecases.reporting.files import files_of
from rolecall.usecases.reporting.findings_document import FindingsDocument
from rolecall.usecases.reporting.from_log import Recounted

__all__ = ["Remaking"]


class Remaking:
    """Reports, made again of the records and of what stands in the reports beside."""

    def __init__(
        self,
        told: FindingsDocument,
        counted: Recounted,
        facts: Facts,
        read: Callable[[str], bytes],
    ) -> None:
        reasons = {one.id: one.reason for one in told.waivers}
        self._heading = replace(
            counted.heading,
            waivers=[replace(one, reason=reasons[one.id]) for one in counted.heading.waivers],
            unknown_records=told.unknown_records,
        )
        self._lines = list(_lines(told, counted.findings, facts))
        self._typesetter = counted.typesetter
        self._told = told.told
        self._facts = facts
        self._read = read

    def compare(self, names: Sequence[str]) -> dict[str, str]:
        """Hold reports against those that are made again; return why each of the others is not.

        One that cannot be made keeps no other from being compared. What another release of the
        typesetter set need not be the same bytes: which one it was, the record of the run says.

        :raises ProofError: one is another than is made of the records.
        """
        unmade = {name: _absent(needed[0]) for name in names if (needed := missing([name]))}
        rest = [name for name in names if name not in unmade and name != FACTS]
        try:
            unmade |= self._compare(rest)
        except ModuleNotFoundError:
            for name in rest:
                try:
                    unmade |= self._compare([name])
                except ModuleNotFoundError as error:
                    unmade[name] = _absent(error.name or str(error))
        facts = replace(self._facts, digest=hashlib.sha256(self._read(FINDINGS)).hexdigest())
        if msgspec.json.encode(facts) + b"\n" != self._read(FACTS):
            raise _another(FACTS)
        return unmade

    def _compare(self, names: Sequence[str]) -> dict[str, str]:
        others = {}
        made = self._heading, lambda: iter(self._lines), self._facts, names, self._told
        for name, pieces in files_of(*made):
            digest = _digest(pieces)
            if name in names and hashlib.sha256(self._read(name)).digest() != digest:
                why = self._other_typesetter() if "typst" in FORMATS[name].needs else None
                if why is None:
                    raise _another(name)
                others[name] = why
        return others

    def _other_typesetter(self) -> str | None:
        """Return by which release a PDF was set that is not the one here, if it was.

        The record says by which those of the run were; one that was made later, by another, says
        so itself. Whoever forges one can say that too, and gets no more by it than this.
        """
        here, told = installed_typesetter(), self._facts.typesetter
        if here != self._typesetter:
            return f"Typst {self._typesetter} set it, this is {here}"
        if told not in (UNSET, here):
            return f"by what it says itself Typst {told} set it, this is {here}"
        return None


def _absent(module: str) -> str:
    return f"{module} is not installed"


def _another(name: str) -> ProofError:
    return ProofError(f"reports/{name}: not the report that is made of the records")


def _lines(
    told: FindingsDocument, findings: Sequence[ReportedFinding], facts: Facts
) -> Iterator[FindingLine]:
    """Yield the findings in words, with the names that the reports give to their subjects."""
    policy = Policy(name=told.run.policy.name, citations=facts.citations, language=facts.language)
    context = Context(Snapshot(), policy, told.run.as_of)
    line = wording(catalogue(), context)
    for given, tracked in zip(told.findings, findings, strict=True):
        # A record holds large evidence by its digest alone; that it is this was compared.
        finding = replace(tracked.finding, evidence=bytes(given.evidence))
        made = line(replace(tracked, finding=finding), GivenNames(given.names))
        # Where a post is to be found stands behind its name, and nowhere else.
        is_post = given.subject.kind == "content" and given.label.startswith(made.label)
        label = given.label if is_post else made.label
        yield replace(made, label=label, evaluated=given.evaluated)


def _digest(pieces: Iterable[bytes]) -> bytes:
    hasher = hashlib.sha256()
    for piece in pieces:
        hasher.update(piece)
    return hasher.digest()
