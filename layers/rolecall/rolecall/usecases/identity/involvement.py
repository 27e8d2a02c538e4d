"""Whom something that is decided is about, and who gains by it: one answer for all who decide.

Nobody decides what is about them, and nobody asks for what lets them do more. It is asked here for
changes of the registry and of sign-ins, for findings that are accepted, and for reports that are
signed off.

- A *change* is about the person of a record and, of an entity, the stewards of the line that it had
  and of the one that it gets. Who gains is computed (:mod:`rolecall.usecases.identity.power`).
- A *sign-in* is its person's, who gains it.
- A *finding* is about whoever its subject or its evidence names, by id or by address; about the
  stewards of its entity and of those above; and about who owns, holds, can recover or knows a
  password of its account.
- The *report of an entity* is about its stewards, those above, and who owns or holds its accounts.
  That of the whole organisation is about everybody, and so about nobody in particular.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

from rolecall.errors import ConflictError
from rolecall.finding import Finding
from rolecall.keys.addresses import bare_address
from rolecall.keys.subjects import account_key, email_key
from rolecall.model import Entity, Grant, Person, RegistryRecord, Subject
from rolecall.registry.documents import AccountDocument
from rolecall.usecases.identity.power import Power, Surroundings, gained, stewards_of
from rolecall.usecases.identity.registry_view import RegistryView

__all__ = [
    "EntityReport",
    "Involvement",
    "Matter",
    "RecordChange",
    "SignInChange",
    "involvement",
]

_AT_ONCE = 200
"""Accounts of an entity that are read at once."""


class RecordChange(Struct, frozen=True):
    """That a record is put in place of another, or of none."""

    before: RegistryRecord | None
    after: RegistryRecord


class SignInChange(Struct, frozen=True):
    """That a person signs in by another sign-in, or by whichever comes next.

    :ivar former: whose that sign-in was before. Whoever signs in by it is the same human being,
        whatever person they are on record by now.
    """

    person: str
    mark: str | None
    former: frozenset[str] = frozenset()


class EntityReport(Struct, frozen=True):
    """The report of an entity; ``None`` for that of the whole organisation."""

    entity: str | None


Matter: TypeAlias = RecordChange | SignInChange | Finding | EntityReport
"""What somebody decides."""


class Involvement(Struct, frozen=True):
    """Whom a matter is about, and who gains by it.

    :ivar about: ids of people, and whatever else it names: an id or an address of somebody makes
        it about them.
    :ivar gains: what people may do by it that they could not before.
    """

    about: frozenset[str] = frozenset()
    gains: frozenset[Power] = frozenset()

    @property
    def gainers(self) -> frozenset[str]:
        """Who gains."""
        return frozenset(one.person for one in self.gains)

    def concerns(self, person: Person) -> bool:
        """Tell whether it is about somebody, or they gain."""
        names = {person.id} if person.email is None else {person.id, email_key(person.email)}
        return not names.isdisjoint(self.about | self.gainers)


def involvement(matter: Matter, known: RegistryView, today: date) -> Involvement:
    """Return whom a matter is about, and who gains by it.

    :param known: the registry as it is, before a change.
    :raises ConflictError: of an incident nothing is known but its id.
    """
    match matter:
        case RecordChange():
            return _of_change(matter, known, today)
        case SignInChange(person, mark, former):
            gains = frozenset([Power(person, "sign in", mark or "")])
            return Involvement(former | {person}, gains)
        case Finding():
            return Involvement(frozenset(_of_finding(matter, known)))
        case EntityReport(entity):
            return Involvement(frozenset(() if entity is None else _of_report(entity, known)))


# -- changes ------------------------------------------------------------------------------------


def _of_change(change: RecordChange, known: RegistryView, today: date) -> Involvement:
    before, after = change.before, change.after
    about: frozenset[str] = frozenset()
    old, new = Surroundings(), Surroundings()
    match after:
        case Entity():
            is_named = before is not None or known.is_named("entity", after.id)
            above = () if after.parent_id is None else known.lineage(after.parent_id)
            old = Surroundings(() if before is None else known.lineage(after.id))
            new = Surroundings((after, *above), is_named=is_named)
            about = stewards_of(old.line) | stewards_of(new.line)
        case Person():
            about = frozenset([after.id])
            if isinstance(before, Person):
                if before.entity_id != after.entity_id:
                    old = Surroundings(readers=_readers(before, known))
                    new = Surroundings(readers=_readers(after, known))
            else:
                new = Surroundings(is_named=known.is_named("person", after.id))
        case Grant():
            about = frozenset([after.person_id])
            holder = known.person(after.person_id)
            if before is None and holder is not None:
                others = _stewards_on(after.account_id, known) - _readers(holder, known)
                new = Surroundings(readers=others)
    return Involvement(about, gained(before, after, old, new, today))


def _readers(person: Person, known: RegistryView) -> frozenset[str]:
    """Return who may read a person as a steward: of where they serve, or of what they hold."""
    found = stewards_of(() if person.entity_id is None else known.lineage(person.entity_id))
    for account in known.held(person.id):
        found |= _stewards_on(account, known)
    return found


def _stewards_on(account: str, known: RegistryView) -> frozenset[str]:
    document = known.account(account)
    return stewards_of(() if document is None else known.lineage(document.account.entity_id))


# -- findings and reports -----------------------------------------------------------------------


def _of_finding(finding: Finding, known: RegistryView) -> Iterator[str]:
    for value in (*finding.subject.values(), *_texts(msgspec.json.decode(finding.evidence))):
        yield from _names(value)
    if finding.entity is not None:
        yield from stewards_of(known.lineage(finding.entity))
    for document in _documents(finding, known):
        yield from stewards_of(known.lineage(document.account.entity_id))
        yield from _people_of(document)
        for incident in document.incidents:
            if incident.id == finding.subject.incident:
                yield from (one.person_id for one in incident.investigators)
                yield incident.subject_id or ""


def _documents(finding: Finding, known: RegistryView) -> Iterator[AccountDocument]:
    """Yield the accounts that a finding is about."""
    subject = finding.subject
    if subject.account:
        document = known.account(subject.account)
        yield from () if document is None else (document,)
    elif subject.kind == "incident" and (found := known.incident_accounts(subject.incident)):
        yield from found
    elif subject.kind == "incident" and finding.entity is None:
        what = (
            f"the registry does not say whose incident {subject.incident} is, and it may be yours"
        )
        raise ConflictError("incident-unknown", f"{what}; import it, or upgrade the stack")
    elif subject.kind in ("incident", "observation") and finding.entity is not None:
        for one in _every_account(finding.entity, known):
            if _is_about(one, subject):
                yield one


def _is_about(document: AccountDocument, subject: Subject) -> bool:
    if subject.kind == "incident":
        return any(one.id == subject.incident for one in document.incidents)
    key = account_key(document.account.platform, document.account.handle)
    return key == account_key(subject.platform, subject.handle)


def _of_report(entity: str, known: RegistryView) -> Iterator[str]:
    yield from stewards_of(known.lineage(entity))
    for document in _every_account(entity, known):
        yield from _people_of(document)


def _every_account(entity: str, known: RegistryView) -> Iterator[AccountDocument]:
    after: str | None = None
    while True:
        page, after = known.accounts(entity, after, _AT_ONCE)
        yield from page
        if after is None:
            return


def _people_of(document: AccountDocument) -> Iterator[str]:
    """Yield who owns an account, can recover it, by mailbox too, pays, holds it or knows it."""
    account = document.account
    mailbox = email_key(bare_address(account.login_email or ""))
    named = (account.owner_id, account.recovery_person_id, account.payment_holder_id, mailbox)
    yield from filter(None, named)
    yield from (grant.person_id for grant in document.grants if grant.is_live)
    for login in document.logins:
        yield from login.holder_ids


def _texts(value: Any) -> Iterator[str]:
    """Yield every text in a piece of evidence, wherever it stands."""
    match value:
        case str():
            yield value
        case dict():
            yield from _texts([*value.keys(), *value.values()])
        case list():
            for one in value:
                yield from _texts(one)


def _names(text: str) -> Iterable[str]:
    """Return what a text may name: itself, an address, and what stands before or after a colon."""
    # Investigators stand as a person and a role, and an id may have a colon of its own.
    parts = text.split(":")
    ends = (":".join(parts[:number]) for number in range(1, len(parts)))
    begins = (":".join(parts[number:]) for number in range(1, len(parts)))
    return {text, email_key(text), *ends, *begins}
