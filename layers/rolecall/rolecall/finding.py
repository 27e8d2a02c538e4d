"""A finding: one control failing on one subject, with an identity that outlives the run.

The id of a finding depends on the control and the subject alone, so that every run, every shell
and every retry speaks of the same thing. Its evidence is kept as the exact JSON bytes that the
digest was made of: keys sorted, dates as ISO 8601, no spaces.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec
from msgspec import Struct

from rolecall.model import SEVERITIES, Severity, Subject

__all__ = ["Finding", "canonical", "digest", "finding_id", "identity", "rank", "waiver_id"]

_encode = msgspec.json.Encoder(order="sorted").encode
_RANKS = {severity: rank for rank, severity in enumerate(SEVERITIES)}


class Finding(Struct, frozen=True, gc=False):
    """One control failing on one subject.

    ``entity`` is the id of the entity it is counted under, or ``None`` for the policy;
    ``evidence`` canonical JSON and ``evidence_digest`` its SHA-256 in hex.
    """

    id: str
    control: str
    severity: Severity
    entity: str | None
    subject: Subject
    evidence: bytes
    evidence_digest: str

    @property
    def tag(self) -> str:
        """What names the finding as it stands: another severity or evidence has another."""
        return f'"{identity(self.id, self.severity, self.evidence_digest)}"'


def identity(*parts: str) -> str:
    """Return 128 bits of SHA-256, in hex, over parts that cannot run into each other.

    Half of a digest keeps ids short in tables and addresses; two different subjects with one id
    would take about 2^64 deliberate tries.
    """
    return hashlib.sha256(_encode(parts)).hexdigest()[:32]


def finding_id(control: str, subject: Subject) -> str:
    """Return the id of the finding of a control on a subject."""
    return identity(control, subject.kind, *subject.values())


def waiver_id(
    control: str,
    subject: Subject,
    reason: str,
    approved_by: Iterable[str],
    expires: date,
    evidence: str | None,
) -> str:
    """Return the id of a waiver, by all that it says: edited in any way it is another one."""
    terms = (reason, *sorted(approved_by), str(expires), evidence or "")
    return identity(control, subject.kind, *subject.keys().values(), *terms)


def digest(evidence: bytes) -> str:
    """Return the SHA-256 of canonical evidence, in hex."""
    return hashlib.sha256(evidence).hexdigest()


def canonical(evidence: dict[str, Any]) -> bytes:
    """Return evidence as canonical JSON bytes."""
    return _encode(evidence)


def rank(severity: Severity) -> int:
    """Return 0 for critical, up to 3 for low."""
    return _RANKS[severity]
