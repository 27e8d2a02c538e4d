"""What ``rolecall verify`` says of what it verified, to people and to programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from rolecall.ledger.note import encode_base64
from rolecall.ledger.verify import Verified
from rolecall.quantity import counted
from rolecall.reports.formats import FORMER, KEPT

if TYPE_CHECKING:
    # It makes reports again, for which it loads what writes them.
    from rolecall.usecases.reporting.verification import Proven, Uncompared

__all__ = ["Verdict"]

_MOST_PARTS = 8


class Verdict(Struct, frozen=True, kw_only=True):
    """What was shown, of a log or a bundle and of the reports with it.

    :ivar proven: what was shown of reports: of those in a bundle, of those in a directory.
    :ivar beside: what lies beside them and was not compared.
    :ivar notes: what else is to be said.
    """

    verified: Verified
    proven: Sequence[Proven] = ()
    beside: Sequence[Uncompared] = ()
    notes: Sequence[str] = ()

    @property
    def uncompared(self) -> list[Uncompared]:
        """All that was not compared, each once."""
        every = [*(one for proven in self.proven for one in proven.uncompared), *self.beside]
        return list(dict.fromkeys(every))

    def as_json(self) -> dict[str, object]:
        """Return the verdict as data."""
        checkpoint, since = self.verified.checkpoint, self.verified.since
        last = self.proven[-1] if self.proven else None
        reports = {*KEPT, *FORMER}
        return {
            "valid": True,
            "log": checkpoint.origin,
            "size": checkpoint.size,
            "root": encode_base64(checkpoint.root),
            "key": str(self.verified.key),
            "start": self.verified.start,
            "records": self.verified.records,
            "entity": self.verified.entity,
            "since": None if since is None else since.size,
            "unsealed": self.verified.tail,
            "unused_checkpoints": self.verified.strangers,
            "unknown_records": self.verified.unknown,
            "unknown_parts": dict(self.verified.parts),
            "run": None if last is None else last.run.id,
            "seal": None if last is None else last.size,
            "reports": list(dict.fromkeys(name for one in self.proven for name in one.same)),
            "reports_not_made_again": [one.what for one in self.uncompared if one.what in reports],
            "not_compared": {one.what: one.why for one in self.uncompared},
        }

    def as_text(self) -> Iterator[str]:
        """Yield the verdict line by line."""
        count = len(self.uncompared)
        yield f"valid, {count:,} not compared" if count else "valid"
        yield from _about_log(self.verified)
        for proven in self.proven:
            yield from _about_reports(proven, self.verified)
        by_reason: dict[str, list[str]] = {}
        for one in self.uncompared:
            by_reason.setdefault(one.why, []).append(one.what)
        for why, names in by_reason.items():
            yield f"note: not compared: {', '.join(names)}: {why}"
        yield from (f"note: {note}" for note in self.notes)


def _about_reports(proven: Proven, verified: Verified) -> Iterator[str]:
    run, latest = proven.run, verified.checkpoint.size
    yield f"  reports     of run {run.number}, as of {run.as_of:%Y-%m-%d %H:%M} UTC"
    which = "the latest" if proven.size == latest else f"{latest:,} is the latest"
    yield f"              as of the seal of size {proven.size:,}; {which}"
    if proven.same:
        count = len(proven.same)
        yield f"              {count} are what is made of the records then, byte for byte"
    elif proven.is_told:
        yield "              findings.json says what the records say"
        yield "note: its texts were not made again"
    yield (
        "note: names, who holds what, why findings were accepted and which could not be checked "
        "are what the registry said: no log holds them"
    )
    if not proven.is_sealed:
        yield (
            "note: the number, the policy and the registry of the run are what the reports say, "
            "and so are its controls and its release: "
            f"the records of {verified.entity} alone do not hold them"
        )


def _about_log(verified: Verified) -> Iterator[str]:
    checkpoint, since = verified.checkpoint, verified.since
    yield f"  log         {checkpoint.origin}"
    yield f"  checkpoint  size {checkpoint.size:,}, root {encode_base64(checkpoint.root)}"
    yield f"  signed by   {verified.key}"
    whose = "" if verified.entity is None else f" of {verified.entity}"
    after = f" after size {verified.start:,}" if verified.start else ""
    yield f"  checked     {counted(verified.records, 'record')}{whose}: all that the log has{after}"
    if since is not None:
        yield f"  since       continues your checkpoint of size {since.size:,}"
    if verified.tail:
        yield (
            f"note: {counted(verified.tail, 'record')} after the checkpoint: well formed, but not "
            "sealed yet, so nothing is proven"
        )
    if verified.unknown:
        yield (
            f"note: {counted(verified.unknown, 'record')} of kinds that this release does not know "
            f"({_told(verified.parts)}): proven like the others, and what is said there is not "
            "understood; a later release wrote that"
        )
    if verified.strangers:
        yield (
            f"note: {counted(verified.strangers, 'earlier checkpoint')} signed by other keys, and "
            "not used"
        )


def _told(parts: Mapping[str, int]) -> str:
    """Return what is not known, and of how many records; of very much the most frequent."""
    most = sorted(parts.items(), key=lambda part: (-part[1], part[0]))
    shown = [f"{part}: {count:,}" for part, count in most[:_MOST_PARTS]]
    return ", ".join([*shown, *(["..."] if len(most) > _MOST_PARTS else [])])
