"""Makes the reports of a run: the same run gives the same bytes, in every format.

Which formats there are is the table of :mod:`rolecall.reports.formats`; the order in which they are
made stands here, for pages show the digest of the findings, which come first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from typing import NamedTuple

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from rolecall.controls.catalogue import catalogue
from rolecall.lifecycle import ReportedFinding
from rolecall.location import LocateSubject
from rolecall.reports.action_assembly import with_actions
from rolecall.reports.assembly import document_of
from rolecall.reports.facts import Facts
from rolecall.reports.formats import FACTS, FINDINGS, FORMATS, KEPT, ReportFormat, known
from rolecall.reports.material import Lines, Material
from rolecall.reports.named_action import ToldActions
from rolecall.reports.report import Report, lines
from rolecall.reports.typesetter import other_typesetter
from rolecall.reports.unit_names import unit_names
from rolecall.run import Heading
from rolecall.usecases.reporting.attempts import Attempt, Failed, attempted

__all__ = ["ReportFile", "files_of", "lines_of", "material_of"]

_encode = msgspec.json.Encoder().encode


class ReportFile(NamedTuple):
    """A report: its name, and its content in pieces, to be taken before the next report is."""

    name: str
    pieces: Iterable[bytes]


def files_of(
    heading: Heading,
    findings: Lines,
    facts: Facts,
    wanted: Collection[str] = KEPT,
    actions: ToldActions | None = None,
    failed: Failed | None = None,
) -> Iterator[ReportFile]:
    """Yield the reports of a run.

    One that cannot be made is left out, and those for people say so. Without the findings as JSON
    there are none.

    :param facts: what they say beside; the digest is made here, of the findings as JSON.
    :param wanted: names of files; the findings as JSON are always among them, and ``facts.json``
        where a page is: of the two, all the others are made.
    :param actions: what is to be done; ``None`` where nobody knows.
    :param failed: is told of each that cannot be made; without it what is raised goes on.
    :raises UsageError: there is no report of such a name.
    """
    asked = [one for name, one in FORMATS.items() if name in known(wanted)]
    material = Material(
        heading=heading,
        lines=findings,
        language=facts.language,
        holders=facts.holders,
        actions=actions,
    )
    hasher, unmade = hashlib.sha256(), set(facts.unmade)
    yield ReportFile(FINDINGS, _hashed(FORMATS[FINDINGS].make(material), hasher.update))
    for one in asked:
        if not one.is_page and one.name != FINDINGS:
            yield from _alone(one, material, unmade, failed)
    if pages := [one for one in asked if one.is_page]:
        complete = replace(facts, digest=hasher.hexdigest())
        yield from _paged(pages, material, complete, unmade, failed)


def _paged(
    pages: Sequence[ReportFormat],
    material: Material,
    facts: Facts,
    unmade: set[str],
    failed: Failed | None,
) -> Iterator[ReportFile]:
    """Yield the facts and the pages that are made of them."""
    setter = other_typesetter() if any("typst" in one.needs for one in pages) else None
    facts = replace(facts, typesetter=setter or UNSET)
    complete, attempts = _pages(pages, material, facts, unmade, failed)
    yield ReportFile(FACTS, [_encode(complete) + b"\n"])
    try:
        for attempt in attempts:
            yield ReportFile(attempt.name, attempt.pieces())
    finally:
        for attempt in attempts:
            attempt.close()


def _alone(
    one: ReportFormat, material: Material, unmade: set[str], failed: Failed | None
) -> Iterator[ReportFile]:
    """Yield a report that no other depends on, or note that it could not be made."""
    made = attempted(one, material, failed)
    if made is None:
        unmade.add(one.name)
        return
    with closing(made):
        yield ReportFile(made.name, made.pieces())


def _pages(
    pages: Sequence[ReportFormat],
    material: Material,
    facts: Facts,
    unmade: set[str],
    failed: Failed | None,
) -> tuple[Facts, Sequence[Attempt]]:
    """Return pages, and the facts of which they are made: which reports there are not is one.

    Where one fails the others are made again, for they say so.
    """
    rest = [one for one in pages if one.name not in unmade]
    while True:
        told = replace(facts, unmade=tuple(sorted(unmade)))
        document = document_of(material.heading, material.lines(), catalogue(), told)
        whole = replace(material, document=with_actions(document, material.actions, told))
        made, broken = [], set[str]()
        with ExitStack() as held:
            for one in rest:
                attempt = attempted(one, whole, failed)
                if attempt is None:
                    broken.add(one.name)
                    continue
                held.callback(attempt.close)
                made.append(attempt)
            if not broken:
                # Whoever takes them lets go of them.
                held.pop_all()
                return told, made
        unmade |= broken
        rest = [one for one in rest if one.name not in broken]


def material_of(
    report: Report, shown: Sequence[ReportedFinding], locate: LocateSubject | None
) -> Material:
    """Return what a format for programs is written from.

    :param shown: the findings that are meant.
    :param locate: finds the rows behind findings, where a format points at them.
    """
    policy, told = report.context.policy, lines(report)
    return Material(
        heading=report.heading(),
        lines=lambda: map(told, shown),
        locate=locate,
        citations=policy.citations,
        language=policy.language,
        holders=unit_names(report.context),
        actions=report.actions,
    )


def _hashed(pieces: Iterable[bytes], update: Callable[[bytes], object]) -> Iterator[bytes]:
    for piece in pieces:
        update(piece)
        yield piece


def lines_of(report: Report) -> Lines:
    """Return the findings of a report in words.

    Each format asks for them: what everybody is called is found out once for all of them.
    """
    told = lines(report)
    return lambda: map(told, report.findings)
