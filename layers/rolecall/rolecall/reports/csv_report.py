"""The findings as CSV for a spreadsheet: one row a finding, RFC 4180, formulas guarded.

It begins with a byte order mark: a spreadsheet takes a file without one for that of an old code
page, and names of people for rubbish. Beside the id of an entity stands what it is called, and who
heads it.

The bytes are those of :class:`csv.writer`, which looks at every character by itself: with it a row
took 11.7 us to put together and write, with one look for what needs quotes it takes 5 to 6.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import islice

from rolecall.lifecycle import ReportedFinding
from rolecall.reports.facts import Holders
from rolecall.reports.report import FindingLine, Report, lines
from rolecall.reports.unit_names import unit_names
from rolecall.spreadsheet import guarded

__all__ = ["BYTE_ORDER_MARK", "COLUMNS", "csv_document", "csv_report"]

_KEYS = ("account", "person", "login", "platform", "handle", "email", "incident")
COLUMNS = (
    *("severity", "status", "control", "entity", "entity_name", "head"),
    *("label", "detail", "remediation", "title"),
    *("subject", *_KEYS, "first_seen", "resolution", "waiver", "evaluated"),
    *("evidence", "evidence_digest", "id", "opening", "catalogue", "content", "record"),
)


BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_QUOTE, _DOUBLED = '"', '""'
_SPECIAL = re.compile(r'[",\r\n]')


def csv_report(report: Report, findings: Iterable[ReportedFinding]) -> Iterator[bytes]:
    """Yield the table in pieces, the header first."""
    holders = unit_names(report.context)
    return csv_document(map(lines(report), findings), report.run.catalogue, holders)


def csv_document(
    findings: Iterable[FindingLine], catalogue: int, holders: Holders
) -> Iterator[bytes]:
    """Yield the table in pieces, the header first.

    :param catalogue: the version by which the run judged.
    :param holders: the names of entities and of their heads.
    """
    yield BYTE_ORDER_MARK + f"{','.join(COLUMNS)}\r\n".encode()
    rows = map(_writer(catalogue, holders), findings)
    while chunk := "".join(islice(rows, 1_000)):
        yield chunk.encode()


def _writer(catalogue: int, holders: Holders) -> Callable[[FindingLine], str]:
    """Return the function that writes a finding as one row."""
    # What a control and a run say recurs in row after row: it is looked at once a report.
    version = str(catalogue)
    recurring: Callable[[str], str] = cache(_quoted)

    @cache
    def unit(entity: str) -> str:
        names = entity, holders.entities.get(entity, ""), holders.heads.get(entity, "")
        return ",".join(map(_cell, names))

    def row(line: FindingLine) -> str:
        subject = line.subject
        cells = (
            recurring(line.severity),
            recurring(line.status),
            recurring(line.control),
            unit(line.entity or ""),
            _cell(line.label),
            _cell(line.detail),
            recurring(line.remediation),
            recurring(line.title),
            recurring(subject.kind),
            *[_cell(getattr(subject, key)) for key in _KEYS],
            line.first_seen.isoformat(),
            recurring(line.resolution or ""),
            recurring(line.waiver or ""),
            "yes" if line.evaluated else "no",
            _cell(bytes(line.evidence).decode()),
            _quoted(line.evidence_digest),
            _quoted(line.id),
            recurring(line.opening or ""),
            version,
            _cell(subject.content),
            recurring(line.record),
        )
        return f"{','.join(cells)}\r\n"

    return row


def _cell(text: str) -> str:
    return _quoted(guarded(text)) if text else ""


def _quoted(text: str) -> str:
    return f'"{text.replace(_QUOTE, _DOUBLED)}"' if _SPECIAL.search(text) else text
