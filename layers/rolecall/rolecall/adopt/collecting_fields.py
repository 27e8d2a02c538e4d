"""The columns of a workbook for a head, the words in them, and what rows are called in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Literal, TypeAlias

from msgspec import Struct

from rolecall.adopt.value_words import value_key, word_for
from rolecall.adopt.yes_no import yes_or_no
from rolecall.keys.texts import look, visible
from rolecall.model import Snapshot
from rolecall.registry.nearness import Nearness
from rolecall.registry.row_names import RowNames
from rolecall.texts import texts_of

__all__ = [
    "ACCESS",
    "ACCOUNTS",
    "COLLECTED_FIELDS",
    "FILLED_BY",
    "FILLED_ON",
    "HIDDEN_SHEET",
    "LOGIN_FIELDS",
    "NOT_ASKED",
    "READ_ME",
    "CollectedField",
    "RowLabels",
    "from_plain_words",
    "in_plain_words",
    "plain_choices",
]

_ENGLISH = texts_of("en").words("collect")
READ_ME, ACCOUNTS, ACCESS = (_ENGLISH[f"sheet_{one}"] for one in ("about", "accounts", "access"))
HIDDEN_SHEET = "rolecall"
"""The sheets of a workbook, as they are called in English."""

FILLED_BY, FILLED_ON = _ENGLISH["filled_by"], _ENGLISH["filled_on"]
"""What stands before the cells in which somebody says who answered, and on which day."""

NOT_ASKED = _ENGLISH["not_asked"]
"""What stands in a row about a second sign-in where the account's own row is asked."""

_Kind: TypeAlias = Literal["label", "text", "choice", "person", "people", "date", "e-mail"]


class CollectedField(Struct, frozen=True):
    """One column of a sheet.

    :ivar name: the column of a registry, or a name of ours.
    :ivar kind: what a cell holds; of a ``label`` nothing is read back but which row it is.
    :ivar is_due: whether an empty cell is one to fill in.
    :ivar is_private: whether a secret may be written there by mistake: what is not understood is
        not shown.
    """

    name: str
    heading: str
    kind: _Kind
    is_due: bool = True
    is_private: bool = False


def _field(
    name: str, kind: _Kind, *, is_due: bool = True, is_private: bool = False
) -> CollectedField:
    return CollectedField(name, _ENGLISH[f"heading_{name}"], kind, is_due, is_private)


COLLECTED_FIELDS: Mapping[str, Sequence[CollectedField]] = {
    ACCOUNTS: (
        _field("unit", "label"),
        _field("account", "label"),
        _field("url", "text"),
        _field("status", "choice"),
        _field("owner_id", "person"),
        _field("login_email", "e-mail", is_private=True),
        _field("mfa", "choice", is_private=True),
        _field("storage", "choice", is_private=True),
        _field("holder_ids", "people", is_private=True),
        _field("reviewed_on", "date"),
    ),
    ACCESS: (
        _field("unit", "label"),
        _field("account", "label"),
        _field("person", "label"),
        _field("role", "label"),
        _field("confirmed", "label"),
        _field("needed", "choice"),
        _field("revoked_on", "date", is_due=False),
    ),
}
"""The columns of each sheet, in their order."""

LOGIN_FIELDS = frozenset({"mfa", "storage", "holder_ids"})
"""Those of an account's row that are about the login."""

_WORDS: Mapping[str, Mapping[str, str]] = texts_of("en").groups("collected_values")
_PLATFORMS = {
    "linkedin": "LinkedIn",
    "youtube": "YouTube",
    "tiktok": "TikTok",
    "whatsapp": "WhatsApp",
}


def in_plain_words(field: str, word: str) -> str:
    """Return a word of the registry as people say it."""
    return _WORDS[field].get(word, word)


def plain_choices(field: str) -> list[str]:
    """Return the words that a cell of a column may hold, as people say them."""
    return list(_WORDS[field].values())


def from_plain_words(field: str, text: str) -> str:
    """Return the word of the registry that a cell says; empty where it says none."""
    key = value_key(text)
    for word, plain in _WORDS[field].items():
        if key in (value_key(plain), value_key(word)):
            return word
    if field == "needed":
        answer = yes_or_no(text)
        return "" if answer is None else ("yes" if answer else "no")
    # "No" says that it is not used, and not whether it is there still.
    return "" if field == "status" and yes_or_no(text) is False else word_for(text, field)


class RowLabels:
    """What the rows of a registry are called; of those that are called alike, with the id."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._people = _labels((one.id, one.name or "") for one in snapshot.people)
        self._units = _labels((one.id, one.name or "") for one in snapshot.entities)
        self._accounts = _labels(
            (one.id, _handle(one.platform, one.handle)) for one in snapshot.accounts
        )
        self._plain = {one.id: _handle(one.platform, one.handle) for one in snapshot.accounts}
        self._named = RowNames("people", snapshot.people)
        self._by_label = {label: id_ for id_, label in self._people.items()}
        self._emails: dict[str, list[str]] = {}
        for one in snapshot.people:
            if one.email:
                self._emails.setdefault(one.email.casefold(), []).append(one.id)

    def person(self, id_: str) -> str:
        """Return somebody's name; the id itself of whom the registry does not know."""
        return self._people.get(id_, id_)

    def unit(self, id_: str) -> str:
        """Return a unit's name."""
        return self._units.get(id_, id_)

    def account(self, id_: str) -> str:
        """Return an account as ``@handle on Platform``."""
        return self._accounts.get(id_, id_)

    def shown(self, field: CollectedField, said: str) -> str:
        """Return what a cell of the registry says, as a workbook shows it."""
        if field.kind == "choice":
            return in_plain_words(field.name, said)
        if field.kind in ("person", "people"):
            return "; ".join(map(self.person, filter(None, said.split("|"))))
        return said

    def is_account(self, id_: str, text: str) -> bool:
        """Tell whether an account is still the one that was called so, whoever else is by now."""
        plain = " ".join(self._plain.get(id_, "").split())
        return bool(plain) and (text == plain or text.startswith((f"{plain} (", f"{plain}, ")))

    def people_called(self, text: str) -> Sequence[str]:
        """Return the ids of whom a text names: by label, id, whole name or e-mail address."""
        if text in self._by_label:
            return (self._by_label[text],)
        return self._named.ids_of(text) or self._emails.get(text.casefold(), ())

    def like(self, text: str) -> str:
        """Return ``"; did you mean ...?"`` where somebody is called nearly so, else nothing."""
        near = self._near.nearest(text)
        return f"; did you mean {self._folded[near]}?" if near is not None else ""

    @cached_property
    def _folded(self) -> Mapping[str, str]:
        return {label.casefold(): label for label in self._by_label}

    @cached_property
    def _near(self) -> Nearness:
        return Nearness(self._folded)


def _labels(named: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return what rows are called, each by a text that is no other's."""
    names = {id_: " ".join(name.split()) or id_ for id_, name in named}
    looks = Counter(look(visible(name)) for name in names.values())
    return {
        id_: name if looks[look(visible(name))] == 1 else f"{name} ({id_})"
        for id_, name in names.items()
    }


def _handle(platform: str, handle: str) -> str:
    if platform == "website":
        return f"{handle}{_ENGLISH['a_website']}"
    shown = _PLATFORMS.get(platform, platform[:1].upper() + platform[1:])
    return f"@{handle.removeprefix('@')}{_ENGLISH['on_platform']}{shown}"
