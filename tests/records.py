"""Records of a log, as tests of this release's own have them: each of a kind that it knows."""

from __future__ import annotations

from collections.abc import Iterator

from rolecall.ledger.log import ReadableLog, records
from rolecall.ledger.reading import decode
from rolecall.ledger.record import Record

__all__ = ["known", "known_records"]


def known(data: bytes) -> Record:
    """Return the record that was stored."""
    found = decode(data)
    assert isinstance(found, Record)
    return found


def known_records(log: ReadableLog) -> Iterator[Record]:
    """Yield the records of a log."""
    for record in records(log):
        assert isinstance(record, Record)
        yield record
