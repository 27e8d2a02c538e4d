"""What the records of a finding say of it, beside what happened."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from rolecall.controls.versions import CATALOGUE_VERSION
from rolecall.finding import Finding
from rolecall.finding_state import FindingState
from rolecall.looks import Opening

__all__ = ["MOST_EVIDENCE", "differs", "facts_of", "moved", "open_by", "told_to"]

MOST_EVIDENCE = 32_768
"""Bytes of evidence that a record carries; of larger evidence it carries the digest alone."""


def differs(before: Finding, now: Finding) -> bool:
    """Tell whether something of a finding changed that its records say."""
    return (before.evidence_digest, before.severity, before.entity) != (
        now.evidence_digest,
        now.severity,
        now.entity,
    )


def told_to(known: FindingState, finding: Finding) -> dict[str, Any]:
    """Return what the entity that a finding comes to has not heard of it."""
    if finding.entity == known.finding.entity:
        return {}
    return {"first_seen": known.first_seen.isoformat(), "waiver": known.waiver}


def open_by(known: FindingState, opening: Opening | None) -> dict[str, Any]:
    """Note by which catalogue a finding comes, and why, and return what a record says of it."""
    known.catalogue, known.opening = CATALOGUE_VERSION, opening
    return {} if opening is None else {"opening": opening}


def moved(known: FindingState, to: str | None) -> dict[str, Any]:
    """Have another entity be told of a finding that was not looked at, and return what it hears.

    Of what officers alone are told from now on, only the digest of the evidence is said again: it
    is that of an early release, which may name people.
    """
    before = known.finding
    known.finding = replace(before, entity=to)
    if to is None:
        known.finding = replace(known.finding, evidence=b"null")
    return facts_of(known.finding) | {
        "evidence": None if to is None else facts_of(before)["evidence"],
        "catalogue": known.catalogue,
        "first_seen": known.first_seen.isoformat(),
        "waiver": known.waiver,
    }


def facts_of(finding: Finding) -> dict[str, Any]:
    """Return what every record says of a finding that fails."""
    large = len(finding.evidence) > MOST_EVIDENCE
    return {
        "control": finding.control,
        "severity": finding.severity,
        "evidence": None if large else msgspec.Raw(finding.evidence),
        "evidence_digest": finding.evidence_digest,
        "catalogue": CATALOGUE_VERSION,
    }
