"""One entry of an export, as the vault would keep it, and what of it the vault cannot keep.

A secret has a place for a user name, a password, a seed of one-time codes, recovery codes, and
notes for all else: a field that has no place of its own becomes a line of the notes, with its name.
What is no text (a file, a passkey) and what is of the past (earlier passwords) has none; its name
is kept in ``left``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from rolecall.errors import SecretFormatError
from rolecall.vault.one_time import check_seed
from rolecall.vault.secret import Secret

__all__ = [
    "BINS",
    "MOST_ENTRIES",
    "Entry",
    "EntryDraft",
    "EntryKind",
    "EntryPart",
    "EntryState",
    "as_list",
    "as_mapping",
    "as_text",
]

EntryKind: TypeAlias = Literal["login", "note", "card", "identity", "file", "other"]
EntryPart: TypeAlias = Literal["username", "password", "totp", "address", "notes", "other"]
EntryState: TypeAlias = Literal["current", "archived", "in the bin"]

MOST_ENTRIES = 20_000
"""Entries that an export may have."""

BINS = frozenset(
    {
        *("recycle bin", "trash", "deleted", "bin", "papierkorb", "corbeille", "papelera"),
        *("papelera de reciclaje", "cestino", "prullenbak", "lixeira", "reciclagem", "kosz"),
    }
)
"""What programs call the place of what was deleted, in the languages that they speak."""

_CODES = re.compile(
    r"\b(recovery|backup|back-up|emergency|scratch|rescue|2fa|single-use|one-time)\s*"
    r"(codes?|keys?)\b",
    re.IGNORECASE,
)


class Entry(Struct, frozen=True):
    """One entry of an export.

    :ivar row: its place: of a CSV file the row, as a spreadsheet counts (the header is row 1), of
        other files the number of the entry.
    :ivar left: the names of what is in it and not in ``secret``.
    """

    row: int
    title: str
    addresses: tuple[str, ...]
    secret: Secret
    kind: EntryKind = "login"
    state: EntryState = "current"
    left: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Entry({self.row}, {self.title!r}, [secure])"


class EntryDraft:
    """What is found of an entry, field by field, until it is whole."""

    def __init__(self, row: int, kind: EntryKind = "login") -> None:
        """Begin an entry."""
        self.row = row
        self.title = ""
        self.kind: EntryKind = kind
        self.state: EntryState = "current"
        self._one: dict[str, str] = {}
        self._addresses: list[str] = []
        self._codes: list[str] = []
        self._notes: list[str] = []
        self._left: dict[str, None] = {}

    def take(self, part: EntryPart, name: str, value: str) -> None:
        """Take a field; what has no place of its own becomes a line of the notes."""
        if not (value if part == "password" else value.strip()):
            return
        text = value if part in ("username", "password") else value.strip()
        if part == "other" and text.lower().startswith("otpauth://totp/"):
            part = "totp"
        if part == "address":
            self._addresses.append(text)
        elif part == "notes":
            self._notes.append(text)
        elif part == "other" and _CODES.search(name):
            self._codes += [code for line in re.split(r"[\n,;]+", text) if (code := line.strip())]
        elif part == "other" or part in self._one or (part == "totp" and not _is_seed(text)):
            if self._one.get(part) != text:
                self._notes.append(f"{name}: {text}")
        else:
            self._one[part] = text

    def leave(self, name: str, value: object = True) -> None:
        """Note that something is there for which the vault has no place."""
        if value:
            self._left[name] = None

    def leave_rest(self, fields: Mapping[str, Any], known: Iterable[str]) -> None:
        """Note the names of all fields that are filled and that nobody took."""
        for name in fields.keys() - set(known):
            # A mark or a number is no secret, and no text of anybody.
            self.leave(name, isinstance(fields[name], str | list | dict) and fields[name])

    def whole(self) -> Entry | None:
        """Return the entry, or ``None`` where nothing is in it that could be lost."""
        secret = Secret(
            self._one.get("username", ""),
            self._one.get("password", ""),
            self._one.get("totp", ""),
            tuple(dict.fromkeys(self._codes)),
            "\n".join(self._notes),
        )
        if secret == Secret() and not self._left:
            return None
        addresses = tuple(dict.fromkeys(self._addresses))
        title = self.title.strip() or next(iter(addresses), "")
        return Entry(
            self.row, title, addresses, secret, self.kind, self.state, tuple(sorted(self._left))
        )


def as_text(value: object) -> str:
    """Return a value of a JSON document as text; what is no value of its own is empty."""
    if isinstance(value, bool) or value is None:
        return ""
    return str(value) if isinstance(value, str | int | float) else ""


def as_list(value: object) -> list[Any]:
    """Return a value of a JSON document if it is a list, or else none."""
    return value if isinstance(value, list) else []


def as_mapping(value: object) -> Mapping[str, Any]:
    """Return a value of a JSON document if it is an object, or else an empty one."""
    return value if isinstance(value, dict) else {}


def _is_seed(text: str) -> bool:
    try:
        check_seed(text)
    except SecretFormatError:
        return False
    return True
