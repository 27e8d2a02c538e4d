"""What actions say, in the words of a language: what to do, who can do it, what comes first.

An action is told by its deeds, of one kind after another: one deed with its names, many by how
many they are. What lets others in, or makes them fit to be, is told apart where somebody is let
go: that comes first, or nobody is left.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from rolecall.actions.action import Doer
from rolecall.actions.deed import Deed, DeedKind
from rolecall.named_keys import NamedTable
from rolecall.naming import GivenNames, account_called, platform_said
from rolecall.printable import printable
from rolecall.reports.named_action import ActionSite, NamedAction
from rolecall.texts import Texts

__all__ = ["ActionWords"]

_MOST_CLAUSES = 3
_MOST_WHO = 2
_TAKES: frozenset[DeedKind] = frozenset(("take-access", "lower-role", "remove-stranger"))
_COMES_FIRST: frozenset[DeedKind] = frozenset(
    (
        *("name-supervisor", "record-contract", "clear-person", "train-person", "sign-policy"),
        *("name-head", "recover-account", "give-control", "make-owner", "give-reading"),
    )
)
_NAMES_SEVERAL: frozenset[DeedKind] = frozenset(
    ("give-control", "clear-person", "train-person", "record-contract", "name-supervisor")
)
"""Of these a clause is right with the names of several people, too."""
_MOST_NAMES = 3
_ROLES = frozenset(("head", "it", "owner", "admin", "manager", "editor", "analyst"))


class ActionWords:
    """Puts actions into words."""

    def __init__(self, texts: Texts) -> None:
        """Take the language."""
        self.texts = texts
        self.words: Mapping[str, str] = texts.words("actions")

    def title(self, named: NamedAction) -> str:
        """Return what is to be done, in a sentence without its full stop."""
        _, deeds = _parted(named.action.deeds)
        clauses = self._clauses(deeds, _Told(named, self.texts))
        return _capital(self._joined(clauses))

    def first(self, named: NamedAction) -> str:
        """Return what must be done before, in a sentence, or nothing."""
        before, _ = _parted(named.action.deeds)
        if not before:
            return ""
        deeds = self._joined(self._clauses(before, _Told(named, self.texts)))
        return self.words["first"].format(deeds=deeds)

    def who(self, named: NamedAction) -> str:
        """Return who can do it."""
        action = named.action
        if action.for_officers or not action.doers:
            return _capital(self.words["officers"])
        told = _Told(named, self.texts)
        said = list(dict.fromkeys(self._doer(one, told) for one in action.doers))
        if len(said) > _MOST_WHO:
            said = [*said[:_MOST_WHO], *self._others(action.doers, told)]
        found = said[0]
        for one in said[1:]:
            found = self.words["or"].format(first=found, then=one)
        return found

    def _others(self, doers: Sequence[Doer], told: _Told) -> Iterator[str]:
        """Yield whose head or IT can do it, too: of entities that are not named before."""
        named = {one.entity for one in doers[:_MOST_WHO]}
        others = list(dict.fromkeys(one.entity for one in doers if one.entity not in named))
        if len(others) > _MOST_NAMES:
            yield self.texts.filled(self.words["more_who"], count=len(others))
        elif others:
            entities = self._joined([told.called("entities", one) for one in others])
            yield self.words["more_who_named"].format(entities=entities)

    def deed(self, deed: Deed, named: NamedAction) -> str:
        """Return one deed, in a sentence without its full stop."""
        return _capital(self._clause(deed.kind, [deed], _Told(named, self.texts)))

    def _doer(self, doer: Doer, told: _Told) -> str:
        names = {
            "person": told.called("people", doer.person),
            "entity": told.called("entities", doer.entity),
        }
        return self.words[f"who_{doer.office}"].format_map(names)

    def _clauses(self, deeds: Sequence[Deed], told: _Told) -> list[str]:
        """Return a clause for each kind of deeds; one account is named once."""
        found: list[str] = []
        before: set[str] | None = None
        for kind, group in groupby(deeds, key=lambda deed: deed.kind):
            same = list(group)
            accounts = {deed.account for deed in same}
            is_named = accounts == before and "" not in accounts
            account = self.words["the_account"] if is_named else None
            found.append(self._clause(kind, same, told, account))
            before = accounts if len(accounts) == 1 else None
        return found

    def _clause(
        self, kind: DeedKind, deeds: Sequence[Deed], told: _Told, account: str | None = None
    ) -> str:
        people = {deed.person for deed in deeds}
        accounts = {(deed.account, deed.platform, deed.handle) for deed in deeds}
        key: str = kind
        values = told.values(deeds[0])
        if account is not None:
            values["account"] = account
        is_told_by_names = (
            kind in _NAMES_SEVERAL and len(accounts) == 1 and 1 < len(people) <= _MOST_NAMES
        )
        if is_told_by_names and "" not in people:
            values["person"] = self._joined([told.called("people", one.person) for one in deeds])
        elif len(deeds) > 1:
            of_one = f"{kind}_person"
            key = of_one if of_one in self.words and len(people) == 1 else f"{kind}_many"
        if len(people) == 1 and f"{kind}_unnamed" in self.words and told.is_unnamed(deeds[0]):
            key = f"{kind}_unnamed"
        counts: dict[str, object] = {"count": len(deeds), "people": len(people)}
        counts["accounts"] = len(accounts) if len(accounts) > 1 else _One(values["account"])
        return self.texts.filled(self.words[key], **values, **counts)

    def _joined(self, clauses: Sequence[str]) -> str:
        shown = list(clauses)
        if len(shown) > _MOST_CLAUSES + 1:
            rest = len(shown) - _MOST_CLAUSES
            more = self.texts.filled(self.words["more"], count=rest)
            shown = [*shown[:_MOST_CLAUSES], more]
        found = shown[0]
        for clause in shown[1:-1]:
            found = self.words["also"].format(first=found, then=clause)
        if len(shown) == 1:
            return found
        return self.words["and"].format(first=found, then=shown[-1])


class _One(str):
    """The name of the one thing that would be counted."""

    __slots__ = ()

    def __format__(self, _: str) -> str:
        return str(self)


class _Told:
    """What the deeds of one action speak of, by name."""

    def __init__(self, named: NamedAction, texts: Texts) -> None:
        self._website = texts.words("reports")["website"]
        self._names = GivenNames(named.called)
        self._sites = named.sites
        self._words = texts.words("actions")

    def called(self, table: NamedTable, id_: str) -> str:
        """Return a name, or the id where nobody is called so."""
        if (name := self._names.find(table, id_)) is None and table == "people" and id_:
            return self._words["unnamed"].format(id=printable(id_))
        return name or printable(id_)

    def is_unnamed(self, deed: Deed) -> bool:
        """Tell whether a deed is about somebody of whom no name is on record."""
        return bool(deed.person) and self._names.find("people", deed.person) is None

    def values(self, deed: Deed) -> dict[str, str]:
        """Return what the clause of one deed says."""
        words = self._words
        account = self.called("accounts", deed.account)
        if not deed.account and deed.platform:
            account = (
                account_called(deed.platform, deed.handle, self._website)
                if deed.handle
                else deed.platform
            )
        post = self._sites.get(deed.content, ActionSite()).url
        entity = self.called("entities", deed.entity)
        return {
            "person": self.called("people", deed.person) if deed.person else words["somebody"],
            "account": account,
            "entity": entity or words["organisation"],
            "platform": platform_said(deed.platform, self._website),
            "who": printable(deed.email or deed.handle),
            "incident": printable(deed.incident),
            "role": words[f"role_{deed.role}"] if deed.role in _ROLES else printable(deed.role),
            "post": words["post"].format(url=printable(post)) if post else words["a_post"],
        }


def _parted(deeds: Sequence[Deed]) -> tuple[list[Deed], list[Deed]]:
    """Return what comes first where somebody is let go, and the rest; both in order."""
    if not any(deed.kind in _TAKES for deed in deeds):
        return [], list(deeds)
    before = [deed for deed in deeds if deed.kind in _COMES_FIRST]
    return before, [deed for deed in deeds if deed.kind not in _COMES_FIRST]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
