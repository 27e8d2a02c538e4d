"""Exports that are JSON: Bitwarden, Proton Pass, Enpass, Keeper and Dashlane.

Which program wrote a document follows from what it has at its root. Whatever an entry has that is
not known here is named as left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

import msgspec

from rolecall.errors import OverLimitError, UnreadableError
from rolecall.limits import check_json
from rolecall.vault.exports.bitwarden import bitwarden_items
from rolecall.vault.exports.enpass import enpass_items
from rolecall.vault.exports.entry import (
    MOST_ENTRIES,
    Entry,
    EntryDraft,
    EntryKind,
    EntryPart,
    as_list,
    as_mapping,
    as_text,
)
from rolecall.vault.exports.one_password import one_password_items
from rolecall.vault.exports.proton_pass import proton_items

__all__ = ["read_json_export"]

_MOST_BYTES = 20_000_000
_MOST_VALUES = 2_000_000

_Fields: TypeAlias = Mapping[str, Any]
_Reader: TypeAlias = Callable[[_Fields], Iterator[EntryDraft]]


def read_json_export(data: bytes, name: str) -> tuple[str, list[Entry]]:
    """Return the program that wrote a JSON document, and its entries.

    :raises UnreadableError: it is no export that is known, or is encrypted.
    :raises OverLimitError: it is larger than what is read.
    """
    try:
        check_json(data, size=_MOST_BYTES, values=_MOST_VALUES)
        document = msgspec.json.decode(data)
    except OverLimitError as error:
        raise OverLimitError(f"{name}: {error}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise UnreadableError(f"{name}: not JSON, or damaged") from None
    root = as_mapping(document)
    if root.get("encrypted") or "passwordProtected" in root:
        raise UnreadableError(f"{name}: is encrypted; export it without a password")
    for program, key, reader in _PROGRAMS:
        if key in root:
            return program, _whole(reader(root), name)
    if "items" in root:
        # Enpass and Bitwarden call their list the same.
        first = as_mapping(next(iter(as_list(root["items"])), None))
        if "category" in first or "template_type" in first:
            return "Enpass", _whole(enpass_items(root), name)
        return "Bitwarden", _whole(bitwarden_items(root), name)
    raise UnreadableError(
        f"{name}: not an export that is known: JSON of Bitwarden, Proton Pass, Enpass, Keeper or "
        "Dashlane"
    )


def _whole(drafts: Iterator[EntryDraft], name: str) -> list[Entry]:
    found = []
    for draft in drafts:
        if draft.row > MOST_ENTRIES:
            raise OverLimitError(f"{name}: has more than {MOST_ENTRIES:,} entries")
        if (made := draft.whole()) is not None:
            found.append(made)
    return found


def _keeper(root: _Fields) -> Iterator[EntryDraft]:
    for number, item in enumerate(map(as_mapping, as_list(root.get("records"))), 1):
        draft = EntryDraft(number)
        draft.title = as_text(item.get("title"))
        draft.take("username", "login", as_text(item.get("login")))
        draft.take("password", "password", as_text(item.get("password")))
        draft.take("address", "login_url", as_text(item.get("login_url")))
        draft.take("notes", "notes", as_text(item.get("notes")))
        for name, value in as_mapping(item.get("custom_fields")).items():
            draft.take("other", name.strip("$") or "field", as_text(value))
            draft.leave(name, isinstance(value, dict | list) and value)
        draft.leave("file", item.get("attachments"))
        yield draft


_DASHLANE_PARTS: dict[str, EntryPart] = {
    "login": "username",
    "email": "username",
    "secondaryLogin": "username",
    "password": "password",
    "otpSecret": "totp",
    "domain": "address",
    "url": "address",
    "note": "notes",
}
_DASHLANE_LISTS: dict[str, EntryKind] = {
    "AUTHENTIFIANT": "login",
    "SECURENOTE": "note",
    "PAYMENTMEANS_CREDITCARD": "card",
}


def _dashlane(root: _Fields) -> Iterator[EntryDraft]:
    number = 0
    for name, items in root.items():
        for item in map(as_mapping, as_list(items)):
            number += 1
            draft = EntryDraft(number, _DASHLANE_LISTS.get(name, "other"))
            draft.title = as_text(item.get("title"))
            for key in sorted(item.keys() - {"title"}, key=lambda key: (key != "login", key)):
                draft.take(_DASHLANE_PARTS.get(key, "other"), key, as_text(item[key]))
            yield draft


_PROGRAMS: tuple[tuple[str, str, _Reader], ...] = (
    ("1Password", "accounts", one_password_items),
    ("Proton Pass", "vaults", proton_items),
    ("Keeper", "records", _keeper),
    ("Dashlane", "AUTHENTIFIANT", _dashlane),
)
