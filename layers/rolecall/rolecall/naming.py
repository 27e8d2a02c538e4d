"""What people, accounts and entities are called in sentences for people.

A sentence names, a datum has ids. Findings are kept with ids alone, for they enter a log that
nobody can change; whoever puts one into words takes the names from a registry as it is, from what
a caller may see of it, or from what a report says that was made before. Where two are called alike
the id stands behind the name in brackets, and whoever has no name is called by the id.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal, Protocol, TypeAlias
from weakref import WeakKeyDictionary

from rolecall.controls.audience import CONFIDENTIAL
from rolecall.controls.context import Context
from rolecall.keys.alikeness import alike_ids
from rolecall.keys.spelling import account_name, platform_name
from rolecall.model import Account, Entity, Person, Policy, Subject
from rolecall.named_keys import ID_KEYS, NamedTable
from rolecall.printable import printable
from rolecall.texts import texts_of

__all__ = [
    "Called",
    "GivenNames",
    "Names",
    "RegistryNames",
    "Spoken",
    "account_called",
    "names_in",
    "platform_said",
    "row_called",
    "website_word",
    "with_id",
]

Called: TypeAlias = Mapping[str, Mapping[str, str]]
"""What everybody and everything is called, by table and id: ids of two tables may be the same."""


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
        self._known: Mapping[str, dict[str, str | None]] = {
            "people": _Known(context, "people"),
            "accounts": (accounts := _Known(context, "accounts")),
            "entities": _Known(context, "entities"),
            "logins": _Logins(context, accounts),
        }

    def find(self, table: NamedTable, id_: str) -> str | None:
        """Return the name in the registry, with the id where another is called alike."""
        return self._known[table][id_]


_in_contexts: WeakKeyDictionary[Context, RegistryNames] = WeakKeyDictionary()


def names_in(context: Context) -> RegistryNames:
    """Return the names of a registry, found out once for all who ask about the same look-ups.

    Who is called alike is asked of every row, and an audit puts findings, actions and holders into
    words.
    """
    if (names := _in_contexts.get(context)) is None:
        names = _in_contexts[context] = RegistryNames(context)
    return names


class _Known(dict[str, str | None]):
    """What the rows of a table are called, each looked up when it is first asked for."""

    def __init__(self, context: Context, table: Literal["people", "accounts", "entities"]) -> None:
        super().__init__()
        rest = context.snapshot.rest
        self._is_whole, self._is_told = rest is None, False
        self._rows: Mapping[str, Person | Account | Entity] = getattr(context, table)
        self._website, self._is_exact = website_word(context.policy), table == "accounts"
        if rest is not None:
            self.update(rest.called.get(table, {}))

    def __missing__(self, id_: str) -> str | None:
        if self._is_whole and not self._is_told:
            self._tell_all()
            return self[id_]
        row = None if self._is_whole else self._rows.get(id_)
        self[id_] = called = None if row is None else row_called(row, self._website)
        return called

    def _tell_all(self) -> None:
        """Note what every row of a whole registry is called: nearly all of them are asked for."""
        website = self._website
        called = {id_: row_called(row, website) for id_, row in self._rows.items()}
        self.update(called)
        # Of these the name does not say who is meant.
        for id_ in alike_ids([*called], [*called.values()], exact=self._is_exact):
            self[id_] = with_id(called[id_], id_)
        self._is_told = True


class _Logins(dict[str, str | None]):
    """The same of logins, which are called by their accounts."""

    def __init__(self, context: Context, accounts: _Known) -> None:
        rest = context.snapshot.rest
        super().__init__(rest.called.get("logins", {}) if rest else {})
        self._accounts, self._logins = accounts, context.snapshot.logins

    def __missing__(self, id_: str) -> str | None:
        account = self._homes.get(id_)
        self[id_] = called = account and self._accounts[account]
        return called

    @cached_property
    def _homes(self) -> Mapping[str, str]:
        return {login.id: login.account_id for login in self._logins}


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
        self.keys: dict[str, Any]
        # Most findings are about these: what the others do in steps is done at once.
        if subject.kind == "account" and (on := names.find("accounts", subject.account)):
            self.called = {"accounts": {subject.account: on}}
            self.keys = {"account": on}
            return
        if subject.kind == "grant":
            account, person = subject.account, subject.person
            on, who = names.find("accounts", account), names.find("people", person)
            if on is not None and who is not None:
                self.called = {"accounts": {account: on}, "people": {person: who}}
                self.keys = {"account": on, "person": who}
                return
        # A stack of a later release may speak of kinds that are not known here.
        self.keys = self.said(subject.keys() or {})

    def said(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return keys of a subject or of evidence with names in place of ids."""
        said: dict[str, Any] = {}
        for key, value in values.items():
            if not value or not self._is_told or (table := ID_KEYS.get(key)) is None:
                # An id without a name, an address, a word: with no sign in it that nobody sees.
                said[key] = printable(value) if isinstance(value, str) else value
            elif isinstance(value, str):
                said[key] = self.name(table, value)
            elif isinstance(value, list):
                listed = [self.name(table, one) for one in value]
                # A comma in a name must not make two people of one.
                said[key] = "; ".join(listed) if any("," in one for one in listed) else listed
            else:
                said[key] = value
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
