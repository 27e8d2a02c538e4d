"""What people, accounts and entities are called in sentences for people.

A sentence names, a datum has ids. Findings are kept with ids alone, for they enter a log that
nobody can change; whoever puts one into words takes the names from a registry as it is, from what
a caller may see of it, or from what a report says that was made before. Where two are called alike
the id stands behind the name in brackets, and whoever has no name is called by the id.

Which keys of subjects and evidence hold ids, and whose, is said here once.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal, Protocol, TypeAlias

from rolecall.controls.audience import CONFIDENTIAL
from rolecall.controls.context import Context
from rolecall.keys.alikeness import alike_ids
from rolecall.keys.spelling import account_name, platform_name
from rolecall.model import Account, Entity, Person, Policy, Subject
from rolecall.printable import printable
from rolecall.texts import texts_of

__all__ = [
    "ID_KEYS",
    "NAMELESS_KEYS",
    "PLATFORM_KEYS",
    "Called",
    "GivenNames",
    "NamedTable",
    "Names",
    "RegistryNames",
    "Spoken",
    "account_called",
    "platform_said",
    "row_called",
    "website_word",
    "with_id",
]

NamedTable: TypeAlias = Literal["people", "accounts", "entities", "logins"]
"""The tables whose rows a sentence names. A login is called by its account."""
Called: TypeAlias = Mapping[str, Mapping[str, str]]
"""What everybody and everything is called, by table and id: ids of two tables may be the same."""

_PEOPLE = (
    *("person", "person_id", "person_ids", "attested_by", "approved_by", "requested_by"),
    *("supervisor_id", "head_id", "it_delegate_ids", "owner_id", "payment_holder_id"),
    *("recovery_person_id", "holder_ids", "post_approver_ids", "crisis_contact_ids"),
    *("administrators", "adults", "active", "active_contacts"),
)
_ACCOUNTS = ("account", "accounts", "account_id", "account_ids")
_ENTITIES = ("entity", "entity_id", "parent_id", "person_entity", "account_entity")
ID_KEYS: Mapping[str, NamedTable] = {
    **dict.fromkeys(_PEOPLE, "people"),
    **dict.fromkeys(_ACCOUNTS, "accounts"),
    **dict.fromkeys(_ENTITIES, "entities"),
    "other_logins": "logins",
}
"""The keys of subjects and evidence that hold ids, one or a list of them, and of which table."""
PLATFORM_KEYS = frozenset({"platform", "approved_platforms"})
"""The keys that hold platforms, which write themselves with capitals."""
NAMELESS_KEYS = frozenset({"login", "login_ids", "incident", "content"})
"""The keys whose ids have no name: a login or a post is told with its account beside it."""


class Names(Protocol):
    """Who is called what, as far as somebody knows."""

    def find(self, table: NamedTable, id_: str) -> str | None:
        """Return what somebody or something is called; ``None`` where no name is known."""
        ...


class GivenNames:
    """Names that were told: by a line of a report, or by the API to a caller."""

    def __init__(self, called: Called) -> None:
        self._called = called

    def find(self, table: NamedTable, id_: str) -> str | None:
        """Return what was told."""
        return self._called.get(table, {}).get(id_)


class RegistryNames:
    """The names of a registry: of a whole one, or of a part that was told of the rest.

    Each is looked up once: there are far more findings than people.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._website = website_word(context.policy)
        rest = context.snapshot.rest
        self._told: Called | None = None if rest is None else rest.called
        self._known: dict[str, dict[str, str | None]] = {
            name: {} for name in ("people", "accounts", "entities", "logins")
        }

    def find(self, table: NamedTable, id_: str) -> str | None:
        """Return the name in the registry, with the id where another is called alike."""
        known = self._known[table]
        if id_ not in known:
            known[id_] = self._look_up(table, id_)
        return known[id_]

    def _look_up(self, table: NamedTable, id_: str) -> str | None:
        if self._told is not None and (told := self._told.get(table, {}).get(id_)) is not None:
            return told
        if table == "logins":
            account = self._accounts_of_logins.get(id_)
            return account and self.find("accounts", account)
        rows: Mapping[str, Person | Account | Entity] = getattr(self._context, table)
        if (row := rows.get(id_)) is None:
            return None
        is_alike = self._told is None and id_ in self._alike[table]
        called = row_called(row, self._website)
        return with_id(called, id_) if is_alike else called

    @cached_property
    def _alike(self) -> Mapping[str, frozenset[str]]:
        """Ids of those in a whole registry of whom the name does not say who is meant."""
        snapshot = self._context.snapshot
        return {
            "people": alike_ids((one.id, one.name) for one in snapshot.people),
            "accounts": alike_ids(
                ((one.id, row_called(one, self._website)) for one in snapshot.accounts),
                exact=True,
            ),
            "entities": alike_ids((one.id, one.name) for one in snapshot.entities),
        }

    @cached_property
    def _accounts_of_logins(self) -> Mapping[str, str]:
        return {login.id: login.account_id for login in self._context.snapshot.logins}


def row_called(row: Person | Account | Entity, website: str) -> str:
    """Return what a row is called by itself, with no sign that nobody sees.

    :param website: what a website is called in the language of the sentence.
    """
    if isinstance(row, Account):
        return account_called(row.platform, row.handle, website)
    return printable(row.name)


def account_called(platform: str, handle: str, website: str) -> str:
    """Return what an account is called by itself, with no sign that nobody sees."""
    return printable(account_name(platform, handle, website))


def platform_said(platform: str, website: str) -> str:
    """Return a platform as it writes itself, with no sign that nobody sees."""
    return printable(platform_name(platform, website))


def website_word(policy: Policy) -> str:
    """Return what a website is called in the language of a policy."""
    return texts_of(policy.language).words("reports")["website"]


def with_id(name: str, id_: str) -> str:
    """Return a name that does not say by itself who is meant."""
    return f"{name} ({printable(id_)})"


class Spoken:
    """One finding as it is spoken of, and of whom: every name that is said is noted.

    What is about somebody's conduct speaks of nobody, whatever an earlier release wrote of them.

    :ivar keys: of the subject, with names in place of ids.
    :ivar called: whom it spoke of so far.
    """

    __slots__ = ("_is_told", "_names", "called", "keys")

    def __init__(self, subject: Subject, names: Names) -> None:
        self._names = names
        self._is_told = subject.kind not in CONFIDENTIAL
        self.called: dict[str, dict[str, str]] = {}
        # A stack of a later release may speak of kinds that are not known here.
        self.keys: dict[str, Any] = self.said(subject.keys() or {})

    def said(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return keys of a subject or of evidence with names in place of ids."""
        said = dict(values)
        if not self._is_told:
            return said
        for key, value in values.items():
            if not value or (table := ID_KEYS.get(key)) is None:
                continue
            if isinstance(value, str):
                said[key] = self.name(table, value)
            elif isinstance(value, list):
                listed = [self.name(table, one) for one in value]
                # A comma in a name must not make two people of one.
                said[key] = "; ".join(listed) if any("," in one for one in listed) else listed
        return said

    def name(self, table: NamedTable, id_: str) -> str:
        """Return what an id is called, and note it; who has no name is called by the id."""
        if (name := self._names.find(table, id_)) is None:
            return printable(id_)
        if table in self.called:
            self.called[table][id_] = name
        else:
            self.called[table] = {id_: name}
        return with_id(name, id_) if table == "logins" else name
