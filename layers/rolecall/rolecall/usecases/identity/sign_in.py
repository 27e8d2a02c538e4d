"""Who somebody is: from the claims of a verified token to a person of the roster.

The first time, the token's e-mail address finds the person; from then on the issuer's subject is
that person, and no other subject is, whatever happens to addresses. Whoever is locked out by that
is told the mark of their sign-in, by which two officers can let them in
(:mod:`rolecall.usecases.governance.sign_in_requests`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from rolecall.errors import DeniedError
from rolecall.finding import identity
from rolecall.ledger.event import Event
from rolecall.model import Person, Subject
from rolecall.usecases.identity.offices import Offices, offices_of
from rolecall.usecases.identity.permissions import Caller

__all__ = ["MARK", "Roster", "SignIns", "is_mark", "mark_of", "sign_in"]

MARK = "[0-9a-f]{64}"
"""The pattern of a mark."""

_encode = msgspec.json.Encoder().encode


class Roster(Protocol):
    """The people."""

    def person(self, person: str) -> Person | None:
        """Return a person."""
        ...

    def by_email(self, email: str) -> Sequence[Person]:
        """Return everybody with an address."""
        ...


class SignIns(Protocol):
    """Which subject is which person."""

    def bound(self, issuer: str, subject: str) -> str | None:
        """Return the person whom a subject signed in as."""
        ...

    def bind(self, issuer: str, subject: str, person: Person, event: Event) -> None:
        """Bind a subject to a person, both for good.

        :raises DeniedError: the person signed in as another subject before.
        """
        ...


def mark_of(issuer: str, subject: str) -> str:
    """Return the mark of a sign-in: what names a subject of an issuer."""
    return hashlib.sha256(_encode([issuer, subject])).hexdigest()


def is_mark(text: str) -> bool:
    """Tell whether a text may be the mark of a sign-in."""
    return re.fullmatch(MARK, text) is not None


def sign_in(
    roster: Roster,
    sign_ins: SignIns,
    claims: Mapping[str, str],
    at: datetime,
    offices: Offices,
    *,
    header: str | None = None,
    kind: str | None = "id",
) -> Caller:
    """Return who calls.

    :param claims: of a token whose signature, issuer, audience and expiry were verified.
    :param offices: what gives an office.
    :param header: in which the token came.
    :param kind: what the claim ``token_use`` must be; ``None`` for issuers that have none.
    :raises DeniedError: it is not an ID token, its address is not verified, its groups can be read
        in two ways, or whoever it is does not serve at this moment.
    """
    if kind is not None and claims.get("token_use") != kind:
        raise DeniedError("this takes an ID token")
    issuer, subject = claims.get("iss", ""), claims.get("sub", "")
    if not issuer or not subject:
        raise DeniedError("the token names nobody")
    known = sign_ins.bound(issuer, subject)
    hint = f"two officers can let you in by the mark of your sign-in, {mark_of(issuer, subject)}"
    person = _by_email(roster, claims, at, hint) if known is None else roster.person(known)
    if person is None or not person.is_active(at.date()):
        raise DeniedError("you are not an active person of the roster")
    held = offices_of(offices, claims, header)
    via = f"oidc:{identity('subject', issuer, subject)}"
    if known is None:
        try:
            sign_ins.bind(issuer, subject, person, _event(person, via, at))
        except DeniedError as error:
            raise DeniedError(f"{error}; {hint}") from None
    return Caller(person.id, held, via, at.date())


def _by_email(roster: Roster, claims: Mapping[str, str], at: datetime, hint: str) -> Person | None:
    # The gateway hands every claim on as text.
    if claims.get("email_verified", "").lower() != "true" or not claims.get("email"):
        raise DeniedError(f"the token's e-mail address is not verified; {hint}")
    found = [one for one in roster.by_email(claims["email"]) if one.is_active(at.date())]
    return found[0] if len(found) == 1 else None


def _event(person: Person, via: str, at: datetime) -> Event:
    return Event(
        # A sign-in that was let go may be theirs once more.
        id=f"identity/{identity(person.id, via, at.isoformat())}",
        at=at,
        actor=person.id,
        action="identity.bound",
        entity=person.entity_id,
        subject=Subject("person", person=person.id),
        payload={"via": via},
    )
