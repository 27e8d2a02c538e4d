"""The organisation's rules, and what it accepts for a while."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeAlias

from msgspec import Struct

from rolecall.frameworks.citations import Citations
from rolecall.model.registry_record import Ids
from rolecall.model.subject import Subject
from rolecall.vocabulary import Confidants, Language, PrivacyLaw, Sanction

__all__ = ["SEVERITIES", "Policy", "Severity", "Waiver"]

Severity: TypeAlias = Literal["critical", "high", "medium", "low"]
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low")
"""Worst first."""


class Waiver(Struct, frozen=True, kw_only=True):
    """A finding that is accepted for a while.

    ``evidence`` is a prefix of the evidence digest (lower-case hex), or ``None`` to bind the
    waiver to what the audit log sees first. The waiver holds while ``as_of <= expires``.
    ``accepted_on`` is the day when it was first accepted. It says nothing of what is accepted, so
    it is no part of the id: who enters it later changes no waiver.
    """

    id: str
    control: str
    subject: Subject
    reason: str
    approved_by: Ids
    expires: date
    evidence: str | None = None
    accepted_on: date | None = None


class Policy(Struct, frozen=True, kw_only=True):
    """The organisation's rules as data. ``None`` for a list means that the policy has none.

    ``legal_names`` are those under which its domains are registered, ``portfolios`` the business
    portfolios and managers that own its accounts on platforms, and ``payees`` who pays for its
    advertisements and gets its donations: all by their keys (:mod:`rolecall.keys.names`).
    ``privacy_law`` is the law of data protection that the organisation is under, and
    ``sanction_ladder`` the order of sanctions that it has bound itself to, mildest first.
    ``incidents_to`` says who is told of incidents (:mod:`rolecall.controls.audience`).
    A roster that would let more than ``roster_leavers_share`` of the people go at once, and
    ``roster_leavers_least`` or more, is taken for a mistake.
    ``controls`` and ``entities`` hold overrides as written; ``words_*`` tell what cells mean.
    ``language`` is that in which people are told what was found.
    """

    name: str = "Default policy"
    version: str | None = None
    next_review: date | None = None
    clearance_levels: Ids = ("A", "B", "C")
    approved_platforms: frozenset[str] | None = None
    approved_apps: frozenset[str] | None = None
    legal_names: frozenset[str] | None = None
    portfolios: frozenset[str] | None = None
    payees: frozenset[str] | None = None
    words_for_nothing: Ids = ()
    words_for_something: Ids = ()
    privacy_law: PrivacyLaw = "gdpr"
    sanction_ladder: tuple[Sanction, ...] | None = None
    incidents_to: Confidants = "officers"
    language: Language = "en"
    roster_leavers_share: float = 0.2
    roster_leavers_least: int = 3
    controls: dict[str, dict[str, object]] = {}
    entities: dict[str, dict[str, dict[str, object]]] = {}
    waivers: tuple[Waiver, ...] = ()
    citations: Citations = Citations()
    digest: str = ""
