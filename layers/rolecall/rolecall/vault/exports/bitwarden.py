"""The items of a Bitwarden export in JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rolecall.vault.exports.entry import (
    EntryDraft,
    EntryKind,
    EntryPart,
    as_list,
    as_mapping,
    as_text,
)

__all__ = ["bitwarden_items"]

_KINDS: dict[str, EntryKind] = {"1": "login", "2": "note", "3": "card", "4": "identity"}
_PARTS: tuple[EntryPart, ...] = ("username", "password", "totp")
_OWN = (
    *("id", "organizationId", "folderId", "type", "reprompt", "name", "notes", "favorite"),
    *("fields", "login", "collectionIds", "revisionDate", "creationDate", "deletedDate"),
    *("archivedDate", "secureNote", "card", "identity", "sshKey", "object", "edit", "key"),
    *("passwordHistory", "viewPassword", "organizationUseTotp", "permissions", "data"),
)
_LOGIN = (
    *("uris", "uri", "username", "password", "totp", "passwordRevisionDate"),
    *("fido2Credentials", "autofillOnPageLoad"),
)


def bitwarden_items(root: Mapping[str, Any]) -> Iterator[EntryDraft]:
    """Yield the items of a document."""
    for number, item in enumerate(map(as_mapping, as_list(root.get("items"))), 1):
        draft = EntryDraft(number, _KINDS.get(as_text(item.get("type")), "other"))
        draft.title = as_text(item.get("name"))
        login = as_mapping(item.get("login"))
        for part in _PARTS:
            draft.take(part, part, as_text(login.get(part)))
        for uri in as_list(login.get("uris")) or [{"uri": login.get("uri")}]:
            draft.take("address", "uri", as_text(as_mapping(uri).get("uri")))
        draft.take("notes", "notes", as_text(item.get("notes")))
        for field in map(as_mapping, as_list(item.get("fields"))):
            value = field.get("value")
            text = str(value).lower() if isinstance(value, bool) else as_text(value)
            draft.take("other", as_text(field.get("name")) or "field", text)
        if item.get("deletedDate"):
            draft.state = "in the bin"
        elif item.get("archivedDate"):
            draft.state = "archived"
        draft.leave("passkey", login.get("fido2Credentials"))
        draft.leave("earlier passwords", item.get("passwordHistory"))
        for name in ("card", "identity", "sshKey"):
            draft.leave(name, item.get(name))
        draft.leave_rest(login, _LOGIN)
        draft.leave_rest(item, _OWN)
        yield draft
