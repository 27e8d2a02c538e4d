"""The life of a secret: its versions, who has known each, and what that makes of the login.

The audit log is the only memory: :func:`follow` takes one event after another, and what they add
up to is the same wherever it is kept. Everything here is known without opening an envelope.

Rules (each has a test):

- To store or to rotate makes a version that its writer alone knows. To amend what is beside the
  password makes one that the same people know: the password is the same.
- To reveal makes the reader a holder of that version.
- Who opened the current password in an emergency, without a role on the account, counts from the
  first time until it is rotated; to look again does not put that off.
- A version that is dropped, and a secret that is destroyed, keep their history.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from rolecall.ledger.event import Event
from rolecall.ledger.reading import UnknownRecord
from rolecall.ledger.record import Record
from rolecall.model import Account, Login

__all__ = [
    "Life",
    "LoginKey",
    "Reader",
    "Step",
    "Version",
    "VersionHow",
    "follow",
    "lives",
    "row_of",
]

LoginKey: TypeAlias = tuple[str, str]
"""Account and login."""

Step: TypeAlias = Event | Record
"""What happened, with its place in the log or before it has one."""

VersionHow: TypeAlias = Literal["stored", "rotated", "amended"]


class Reader(Struct, frozen=True):
    """Somebody who has known a version: since when, and how often and when last it was shown."""

    person: str
    since: datetime
    shown: int = 0
    last_shown: datetime | None = None


class Version(Struct, frozen=True, kw_only=True):
    """One version of a secret, without the secret.

    :ivar number: from 1.
    :ivar since: when its password became what it is; of an amended one, that of the one before.
    :ivar fields: which parts of a secret it has.
    :ivar envelope: what identifies its ciphertext (:func:`rolecall.vault.envelope.content_digest`).
    :ivar kept: whether its ciphertext is still there.
    :ivar request: what binds it to the request that made it; early releases kept nothing of it.
    :ivar emergency_at: when it was first opened by a head or IT delegate without a role.
    """

    number: int
    how: VersionHow
    at: datetime
    by: str
    since: datetime
    fields: tuple[str, ...]
    envelope: str
    strength: int | None = None
    advice: tuple[str, ...] = ()
    fingerprint: str | None = None
    readers: tuple[Reader, ...] = ()
    kept: bool = True
    request: str = ""
    emergency_at: datetime | None = None

    def shown(self) -> Version:
        """Return it as it is shown to people: without what would link it to other passwords."""
        return replace(self, fingerprint=None, request="")


class Life(Struct, frozen=True):
    """All versions of the secret of one login, oldest first."""

    account: str
    login: str
    versions: tuple[Version, ...] = ()

    @property
    def current(self) -> Version | None:
        """The version that is in force; ``None`` before the first, and after a destruction."""
        return self.versions[-1] if self.versions and self.versions[-1].kept else None

    @property
    def next(self) -> int:
        """The number of the next version."""
        return len(self.versions) + 1

    def kept(self) -> list[Version]:
        """Return the versions whose ciphertext is still there."""
        return [version for version in self.versions if version.kept]

    def shown(self) -> Life:
        """Return it as it is shown to people."""
        return replace(self, versions=tuple(version.shown() for version in self.versions))


def lives(steps: Iterable[Step | UnknownRecord]) -> dict[LoginKey, Life]:
    """Return what the events of a log say of every secret; those that nobody knows say nothing."""
    found: dict[LoginKey, Life] = {}
    for step in steps:
        if isinstance(step, UnknownRecord):
            continue
        if step.action.startswith("secret.") and step.subject is not None:
            key = step.subject.account, step.subject.login
            found[key] = follow(found.get(key, Life(*key)), step)
    return {key: life for key, life in found.items() if life.versions}


def follow(life: Life, step: Step) -> Life:
    """Return a life after an event."""
    payload = step.payload
    match step.action:
        case "secret.stored" | "secret.rotated" | "secret.amended":
            dropped = set(payload["dropped"])
            older = [_dropped(one) if one.number in dropped else one for one in life.versions]
            return replace(life, versions=(*older, _written(life, step)))
        case "secret.revealed":
            changed = [
                _shown(one, step) if one.number == payload["version"] else one
                for one in life.versions
            ]
            return replace(life, versions=tuple(changed))
        case "secret.destroyed":
            return replace(life, versions=tuple(map(_dropped, life.versions)))
        case _:
            return life


def _dropped(version: Version) -> Version:
    return replace(version, kept=False)


def _written(life: Life, step: Step) -> Version:
    payload = step.payload
    how: VersionHow = step.action.removeprefix("secret.")  # type: ignore[assignment]
    before = life.current if how == "amended" else None
    return Version(
        number=payload["version"],
        how=how,
        at=step.at,
        by=step.actor,
        since=before.since if before else step.at,
        fields=tuple(payload["fields"]),
        envelope=payload["envelope"],
        strength=payload["strength"],
        advice=tuple(payload["advice"]),
        fingerprint=payload["fingerprint"],
        request=payload.get("request", ""),
        readers=before.readers if before else (Reader(step.actor, step.at),),
        emergency_at=before.emergency_at if before else None,
    )


def _shown(version: Version, step: Step) -> Version:
    known = {reader.person: reader for reader in version.readers}
    before = known.get(step.actor, Reader(step.actor, step.at))
    known[step.actor] = replace(before, shown=before.shown + 1, last_shown=step.at)
    emergency = version.emergency_at
    if emergency is None and step.payload["basis"] != "grant":
        emergency = step.at
    return replace(version, readers=tuple(known.values()), emergency_at=emergency)


# -- what it makes of the registry --------------------------------------------------------------


def row_of(life: Life, row: Login | None, account: Account) -> Login | None:
    """Return a login as a registry must have it, given what the vault knows.

    While a secret is in the vault, the vault's word wins. Of one that was destroyed it says only
    that it is there no more: a login that has no other place is kept nowhere, and that of a closed
    account is gone.

    :param row: the login as the registry has it, ``None`` where it has none.
    """
    if not life.versions:
        return row
    current = life.versions[-1]
    if not current.kept:
        known = row or _facts(Login(life.login, life.account), current)
        if known.storage != "vault":
            return known
        return None if account.status == "closed" else replace(known, storage=None)
    return _facts(row or Login(life.login, life.account), current)


def _facts(row: Login, version: Version) -> Login:
    has_code = "totp" in version.fields and row.mfa in (None, "none")
    return replace(
        row,
        storage="vault",
        holder_ids=tuple(sorted(reader.person for reader in version.readers)),
        rotated_on=version.since.date(),
        mfa="app" if has_code else row.mfa,
        strength=version.strength,
        fingerprint=version.fingerprint,
        emergency_revealed_on=_day(version.emergency_at),
    )


def _day(instant: datetime | None) -> date | None:
    return None if instant is None else instant.date()
