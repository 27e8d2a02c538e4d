"""Exports of password managers, and which account each of their entries belongs to.

What is read, by the names in the first line (case does not matter):

| program | title | user name | password | address | seed | notes |
|---|---|---|---|---|---|---|
| KeePass (CSV, 1.x) | Account | Login Name | Password | Web Site | | Comments |
| KeePassXC | Title | Username | Password | URL | TOTP | Notes |
| Bitwarden | name | login_username | login_password | login_uri | login_totp | notes |
| 1Password | Title | Username | Password | Url | OTPAuth | Notes |

An entry belongs to the account whose id is its title (or the id, a slash and the id of a login), or
else to the one that has its address.
Nothing of an entry but its line and title is ever in a message.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal
from urllib.parse import urlsplit

from msgspec import Struct

from rolecall.errors import UnreadableError
from rolecall.model import Account
from rolecall.vault.secret import Secret

__all__ = ["Entry", "EntryMatch", "match_entries", "read_export"]

_LAYOUTS: dict[str, dict[str, str]] = {
    "KeePass": {
        "account": "title",
        "login name": "username",
        "password": "password",
        "web site": "address",
        "comments": "notes",
    },
    "Bitwarden": {
        "name": "title",
        "login_username": "username",
        "login_password": "password",
        "login_uri": "address",
        "login_totp": "totp",
        "notes": "notes",
        "type": "type",
    },
    "KeePassXC or 1Password": {
        "title": "title",
        "username": "username",
        "password": "password",
        "url": "address",
        "totp": "totp",
        "otpauth": "totp",
        "notes": "notes",
    },
}
_NEEDED = {"title", "username", "password", "address"}


class Entry(Struct, frozen=True):
    """One entry of an export. ``row`` counts as a spreadsheet does: the header is row 1."""

    row: int
    title: str
    addresses: tuple[str, ...]
    secret: Secret

    def __repr__(self) -> str:
        return f"Entry({self.row}, {self.title!r}, [secure])"


class EntryMatch(Struct, frozen=True):
    """Which account an entry belongs to, and how that is known; or why it is not."""

    entry: Entry
    account: str | None
    login: str | None
    how: Literal["id", "address", "unknown", "several accounts", "several entries"]


def read_export(data: bytes, name: str) -> list[Entry]:
    """Return the logins of an export.

    :param name: of the file, for messages.
    :raises UnreadableError: it is not an export that is known.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableError(f"{name}: not text in UTF-8") from None
    # The names of columns need no quotes.
    first, _, _ = text.partition("\n")
    names = [cell.strip().strip('"').strip().casefold() for cell in first.split(",")]
    layout = _layout(names)
    if layout is None:
        raise UnreadableError(
            f"{name}: not an export that is known; the first line must be that of a CSV export of "
            "KeePass, KeePassXC, Bitwarden or 1Password"
        )
    program, columns = layout
    # KeePass puts a backslash before a quote; the others write it twice.
    escape = "\\" if program == "KeePass" else None
    lines = (f"{line}\n" for line in text.removesuffix("\n").split("\n"))
    rows = csv.reader(lines, strict=True, doublequote=not escape, escapechar=escape)
    try:
        next(rows)
        return list(_entries(rows, [columns.get(column) for column in names]))
    except csv.Error:
        raise UnreadableError(f"{name}:{rows.line_num}: the quotes do not fit together") from None


def _layout(names: Sequence[str]) -> tuple[str, Mapping[str, str]] | None:
    for program, columns in _LAYOUTS.items():
        if {columns.get(name) for name in names} >= _NEEDED:
            return program, columns
    return None


def _entries(rows: Iterable[list[str]], fields: Sequence[str | None]) -> Iterator[Entry]:
    for number, row in enumerate(rows, 2):
        given = {field: cell for field, cell in zip(fields, row, strict=False) if field}
        secret = Secret(
            given.get("username", ""),
            given.get("password", ""),
            given.get("totp", ""),
            (),
            given.get("notes", ""),
        )
        is_login = given.get("type", "login") == "login"
        if is_login and (secret.password or secret.totp):
            # Bitwarden puts several addresses of an entry into one cell.
            addresses = tuple(part for part in given.get("address", "").split(",") if part.strip())
            yield Entry(number, given.get("title", "").strip(), addresses, secret)


def match_entries(entries: Sequence[Entry], accounts: Sequence[Account]) -> list[EntryMatch]:
    """Return for each entry which account it belongs to."""
    ids = {account.id for account in accounts}
    by_address: defaultdict[str, set[str]] = defaultdict(set)
    for account in accounts:
        if account.url:
            by_address[_address(account.url)].add(account.id)
        if account.platform.casefold() == "website":
            by_address[_address(account.handle)].add(account.id)
    found = [_match(entry, ids, by_address) for entry in entries]
    taken = Counter((match.account, match.login) for match in found)
    return [
        EntryMatch(match.entry, None, None, "several entries")
        if match.account is not None and taken[match.account, match.login] > 1
        else match
        for match in found
    ]


def _match(entry: Entry, ids: set[str], by_address: Mapping[str, set[str]]) -> EntryMatch:
    account, _, login = entry.title.partition("/")
    if account in ids:
        return EntryMatch(entry, account, login or None, "id")
    found: set[str] = set()
    for address in entry.addresses:
        found |= by_address.get(_address(address), set())
    if len(found) > 1:
        return EntryMatch(entry, None, None, "several accounts")
    return EntryMatch(entry, next(iter(found), None), None, "address" if found else "unknown")


def _address(text: str) -> str:
    """Return the form in which two addresses are compared: without scheme, www and last slash."""
    plain = text.strip().casefold()
    try:
        url = urlsplit(plain if "://" in plain else f"https://{plain}")
        host = (url.hostname or "").removeprefix("www.")
    except ValueError:
        return plain
    return f"{host}{url.path.rstrip('/')}{'?' + url.query if url.query else ''}"
