"""Requests about secrets: who asks, by what right, and how what they did gets on record.

A request has an id: the same request again is recorded once. A refusal is recorded too.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NoReturn, Protocol

from msgspec import Struct

from rolecall.controls.context import Context
from rolecall.errors import DeniedError, UsageError
from rolecall.finding import identity
from rolecall.ledger.event import Event, EventAction
from rolecall.model import Account, Policy, Snapshot, Subject
from rolecall.usecases.vault.eligibility import Basis, right_of
from rolecall.vault.life import Life, Version, follow

__all__ = [
    "AdmittedRequest",
    "RegistryExtract",
    "SecretRequest",
    "VaultStore",
    "admit",
    "new_login",
    "record",
    "rewrapped",
]


class SecretRequest(Struct, frozen=True, kw_only=True):
    """Who asks for what is kept of which login.

    :ivar id: of this request, the same when it is sent again.
    :ivar login: ``None`` for the only one of the account.
    :ivar person: who acts, a person of the roster.
    :ivar via: who that is to the machine: ``os:`` and a user, or the ARN of an identity.
    """

    id: str
    at: datetime
    account: str
    person: str
    via: str
    login: str | None = None


class RegistryExtract(Struct, frozen=True):
    """What a registry says of an account and of who asks: enough to tell their rights.

    :ivar token: the storage's own: what it was read from.
    """

    snapshot: Snapshot
    policy: Policy
    token: Any = None


class VaultStore(Protocol):
    """Where ciphertexts are kept, with the registry and the audit log that go with them.

    All methods may raise :class:`~rolecall.errors.AuditLogError` when the storage fails.

    :ivar organisation: part of every secret's place; never changes.
    """

    organisation: str

    def standing(self, account: str, person: str) -> RegistryExtract:
        """Return what the registry says now.

        :raises UsageError: there is no such account.
        """
        ...

    def life(self, account: str, login: str) -> Life:
        """Return what is known of a secret now."""
        ...

    def logins(self, account: str) -> Collection[str]:
        """Return the ids of the account's logins that have, or had, a secret here."""
        ...

    def envelope(self, life: Life, version: Version) -> bytes | None:
        """Return the envelope of a version; ``None`` where it is gone."""
        ...

    def recorded(self, event: str) -> bool:
        """Tell whether an event is on record."""
        ...

    def commit(
        self,
        standing: RegistryExtract,
        before: Life,
        after: Life,
        event: Event,
        envelope: bytes | None,
    ) -> None:
        """Record an event with all that it changes, or nothing at all.

        :param after: what the event makes of ``before``; ciphertexts of versions that it does not
            keep are deleted.
        :param envelope: of the last version of ``after``, where it is new.
        :raises LogConflictError: something is not as it was read; look again.
        """
        ...


class AdmittedRequest(Struct, frozen=True):
    """One request, as far as it was looked into."""

    ask: SecretRequest
    attempt: str
    standing: RegistryExtract
    account: Account
    life: Life
    basis: Basis

    def event_id(self, *bound: str) -> str:
        """Return the id of the request's event.

        :param bound: what the request gives away; the same id for something else is another event.
        """
        return _event_id(self.ask, self.attempt, self.life.login, *bound)

    def current(self) -> Version:
        """Return the version in force.

        :raises UsageError: there is none.
        """
        if self.life.current is None:
            raise UsageError(
                f"the vault has nothing of login {self.life.login} of {self.ask.account}; put "
                "stores it"
            )
        return self.life.current


def admit(vault: VaultStore, ask: SecretRequest, attempt: str) -> AdmittedRequest:
    """Look into a request.

    :raises DeniedError: who asks may not do this; that is on record.
    :raises UsageError: there is no such account or login.
    """
    standing = vault.standing(ask.account, ask.person)
    context = Context(standing.snapshot, standing.policy, ask.at)
    right = right_of(context, ask.account, ask.person)
    account = context.accounts[ask.account]
    if right.basis is None:
        _refuse(vault, ask, attempt, standing, account, right.refusal)
    life = vault.life(ask.account, _login(vault, ask, context))
    return AdmittedRequest(ask, attempt, standing, account, life, right.need())


def _refuse(
    vault: VaultStore,
    ask: SecretRequest,
    attempt: str,
    standing: RegistryExtract,
    account: Account,
    why: str,
) -> NoReturn:
    subject = Subject("account", account=account.id)
    payload = {"attempt": attempt, "why": why, "via": ask.via}
    id_ = _event_id(ask, attempt, "refused", ask.at.isoformat())
    nothing = Life(account.id, "")
    event = _event(ask, id_, "secret.refused", account, subject, payload)
    vault.commit(standing, nothing, nothing, event, None)
    raise DeniedError(why)


def _login(vault: VaultStore, ask: SecretRequest, context: Context) -> str:
    rows = {login.id for login in context.logins.get(ask.account, ())}
    known = sorted(rows | set(vault.logins(ask.account)))
    own = new_login(ask.account)
    if ask.login is None:
        if len(known) > 1:
            raise UsageError(
                f"account {ask.account} has several logins; say which: {', '.join(known)}"
            )
        return known[0] if known else own
    if ask.login not in (*known, own):
        there = f"it has {', '.join(known)}" if known else f"its first one is called {own}"
        raise UsageError(f"account {ask.account} has no login {ask.login}; {there}")
    return ask.login


def record(
    vault: VaultStore,
    case: AdmittedRequest,
    action: EventAction,
    payload: dict[str, Any],
    envelope: bytes | None = None,
    *,
    bound: tuple[str, ...] = (),
) -> Life:
    """Commit an event and return the life after it; a request that is on record is done."""
    payload = {**payload, "basis": case.basis, "via": case.ask.via}
    subject = Subject("login", account=case.account.id, login=case.life.login)
    event = _event(case.ask, case.event_id(*bound), action, case.account, subject, payload)
    if vault.recorded(event.id):
        return case.life
    after = follow(case.life, event)
    vault.commit(case.standing, case.life, after, event, envelope)
    return after


def rewrapped(at: datetime, via: str, count: int) -> Event:
    """Return the event of a rewrapping that was done.

    :param count: of secrets.
    """
    return Event(
        id=f"vault/{identity('rewrap', via, at.isoformat())}",
        at=at,
        actor="operator",
        action="vault.rewrapped",
        entity=None,
        subject=None,
        payload={"count": count, "via": via},
    )


def new_login(account: str) -> str:
    """Return the id of the login of an account that has none on record."""
    return f"{account}-login"


def _event_id(ask: SecretRequest, attempt: str, *bound: str) -> str:
    return f"secret/{identity(ask.id, attempt, ask.account, ask.person, *bound)}"


def _event(
    ask: SecretRequest,
    id_: str,
    action: EventAction,
    account: Account,
    subject: Subject,
    payload: dict[str, Any],
) -> Event:
    return Event(
        id=id_,
        at=ask.at,
        actor=ask.person,
        action=action,
        entity=account.entity_id,
        subject=subject,
        payload=payload,
    )
