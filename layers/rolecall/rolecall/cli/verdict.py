"""What ``rolecall verify`` says of what it verified, to people and to programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from rolecall.ledger.note import encode_base64
from rolecall.ledger.verify import Verified

if TYPE_CHECKING:
    # It makes reports again, for which it loads what writes them.
    from rolecall.usecases.reporting.verification import Proven

__all__ = ["as_json", "as_text"]

_MOST_PARTS = 8


def _about_reports(proven: Proven | None, entity: str | None) -> Iterator[str]:
    if proven is None:
        return
    run = proven.run
    yield f"  reports     of run {run.number}, as of {run.as_of:%Y-%m-%d %H:%M} UTC"
    if proven.same:
        count = len(proven.same)
        yield f"              {count} are what is made of the records then, byte for byte"
    elif proven.is_told:
        yield "              findings.json says what the records say"
        others = ", ".join(["its texts", *proven.unmade])
        yield f"note: {others} were not made again: {proven.why}"
    else:
        yield f"note: {', '.join(proven.unmade)} were not compared: {proven.why}"
    yield (
        "note: names, who holds what, why findings were accepted and which could not be checked "
        "are what the registry said: no log holds them"
    )
    if entity is not None:
        yield (
            f"note: the number, the policy and the registry of the run are what the reports say: "
            f"the records of {entity} alone do not hold them"
        )


def as_json(verified: Verified, proven: Proven | None) -> dict[str, object]:
    """Return the verdict as data."""
    checkpoint, since = verified.checkpoint, verified.since
    return {
        "valid": True,
        "log": checkpoint.origin,
        "size": checkpoint.size,
        "root": encode_base64(checkpoint.root),
        "key": str(verified.key),
        "start": verified.start,
        "records": verified.records,
        "entity": verified.entity,
        "since": None if since is None else since.size,
        "unsealed": verified.tail,
        "unused_checkpoints": verified.strangers,
        "unknown_records": verified.unknown,
        "unknown_parts": dict(verified.parts),
        "run": None if proven is None else proven.run.id,
        "reports": [] if proven is None else list(proven.same),
        "reports_not_made_again": [] if proven is None else list(proven.unmade),
    }


def as_text(verified: Verified, proven: Proven | None) -> Iterator[str]:
    """Yield the verdict line by line.

    :param proven: what was shown of reports; ``None`` where there were none.
    """
    yield from _about_log(verified, proven)
    yield from _about_reports(proven, verified.entity)


def _about_log(verified: Verified, proven: Proven | None) -> Iterator[str]:
    checkpoint, since = verified.checkpoint, verified.since
    unmade = 0 if proven is None else len(proven.unmade)
    yield f"valid, {unmade:,} not compared" if unmade else "valid"
    yield f"  log         {checkpoint.origin}"
    yield f"  checkpoint  size {checkpoint.size:,}, root {encode_base64(checkpoint.root)}"
    yield f"  signed by   {verified.key}"
    whose = "" if verified.entity is None else f" of {verified.entity}"
    after = f" after size {verified.start:,}" if verified.start else ""
    yield f"  checked     {verified.records:,} records{whose}: all that the log has{after}"
    if since is not None:
        yield f"  since       continues your checkpoint of size {since.size:,}"
    if verified.tail:
        yield (
            f"note: {verified.tail:,} records after the checkpoint are well formed, but not sealed "
            "yet: nothing is proven of them"
        )
    if verified.unknown:
        yield (
            f"note: {verified.unknown:,} records of kinds that this release does not know "
            f"({_told(verified.parts)}): they are proven like the others, and what they say is not "
            "understood; a later release wrote them"
        )
    if verified.strangers:
        yield (
            f"note: {verified.strangers:,} earlier checkpoints are signed by other keys and were "
            "not used"
        )


def _told(parts: Mapping[str, int]) -> str:
    """Return what is not known, and of how many records; of very much the most frequent."""
    most = sorted(parts.items(), key=lambda part: (-part[1], part[0]))
    shown = [f"{part}: {count:,}" for part, count in most[:_MOST_PARTS]]
    return ", ".join([*shown, *(["..."] if len(most) > _MOST_PARTS else [])])
