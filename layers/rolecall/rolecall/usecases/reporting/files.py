"""Makes the reports of a run: the same run gives the same bytes, in every format.

Which formats there are is the table of :mod:`rolecall.reports.formats`; the order in which they are
made stands here, for pages show the digest of the findings, which come first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
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
from rolecall.reports.formats import FACTS, FINDINGS, FORMATS, KEPT, known
from rolecall.reports.material import Lines, Material
from rolecall.reports.named_action import ToldActions
from rolecall.reports.report import Report, lines
from rolecall.reports.typesetter import other_typesetter
from rolecall.reports.unit_names import unit_names
from rolecall.run import Heading

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
) -> Iterator[ReportFile]:
    """Yield the reports of a run.

    :param facts: what they say beside; the digest is made here, of the findings as JSON.
    :param wanted: names of files; the findings as JSON are always among them, and ``facts.json``
        where a page is: of the two, all the others are made.
    :param actions: what is to be done; ``None`` where nobody knows.
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
    hasher = hashlib.sha256()
    yield ReportFile(FINDINGS, _hashed(FORMATS[FINDINGS].make(material), hasher.update))
    for one in asked:
        if not one.is_page and one.name != FINDINGS:
            yield ReportFile(one.name, one.make(material))
    pages = [one for one in asked if one.is_page]
    if not pages:
        return
    setter = other_typesetter() if any("typst" in one.needs for one in pages) else None
    complete = replace(facts, digest=hasher.hexdigest(), typesetter=setter or UNSET)
    yield ReportFile(FACTS, [_encode(complete) + b"\n"])
    document = with_actions(
        document_of(heading, findings(), catalogue(), complete), actions, complete
    )
    for one in pages:
        yield ReportFile(one.name, one.make(replace(material, document=document)))


def material_of(
    report: Report, shown: Sequence[ReportedFinding], locate: LocateSubject | None
) -> Material:
    """Return what a format for programs is written from.

    :param shown: the findings that are meant.
    :param locate: finds the rows behind findings, where a format points at them.
    """
    policy = report.context.policy
    return Material(
        heading=report.heading(),
        lines=lambda: map(lines(report), shown),
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
    """Return the findings of a report in words."""
    return lambda: map(lines(report), report.findings)
