"""The items of a 1Password archive (1PUX): accounts, their vaults, and the items of those."""

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

__all__ = ["one_password_items"]

_KINDS: dict[str, EntryKind] = {
    "001": "login",
    "002": "card",
    "003": "note",
    "004": "identity",
    "005": "login",
    "006": "file",
    "110": "login",
    "112": "login",
}
"""What the numbers of 1Password's categories say: logins, passwords, servers and the like."""

_DESIGNATED: dict[str, EntryPart] = {"username": "username", "password": "password"}
_KNOWN = (
    *("loginFields", "notesPlain", "password", "sections", "passwordHistory", "passkey"),
    *("documentAttributes", "htmlForm"),
)


def one_password_items(root: Mapping[str, Any]) -> Iterator[EntryDraft]:
    """Yield the items of the document ``export.data``."""
    number = 0
    for account in map(as_mapping, as_list(root.get("accounts"))):
        for vault in map(as_mapping, as_list(account.get("vaults"))):
            for item in map(as_mapping, as_list(vault.get("items"))):
                number += 1
                # The first archives had each item within another object.
                yield _item(number, as_mapping(item.get("item")) or item)


def _item(number: int, item: Mapping[str, Any]) -> EntryDraft:
    overview = as_mapping(item.get("overview"))
    details = as_mapping(item.get("details"))
    draft = EntryDraft(number, _KINDS.get(as_text(item.get("categoryUuid")), "other"))
    draft.title = as_text(overview.get("title"))
    for field in map(as_mapping, as_list(details.get("loginFields"))):
        name = as_text(field.get("designation"))
        if name in _DESIGNATED:
            draft.take(_DESIGNATED[name], name, as_text(field.get("value")))
        elif field.get("fieldType") in ("T", "P", "E"):
            draft.take("other", as_text(field.get("name")) or "field", as_text(field.get("value")))
    draft.take("password", "password", as_text(details.get("password")))
    draft.take("address", "url", as_text(overview.get("url")))
    for url in map(as_mapping, as_list(overview.get("urls"))):
        draft.take("address", "url", as_text(url.get("url")))
    draft.take("notes", "notes", as_text(details.get("notesPlain")))
    for section in map(as_mapping, as_list(details.get("sections"))):
        for field in map(as_mapping, as_list(section.get("fields"))):
            _field(draft, field)
    draft.leave("earlier passwords", details.get("passwordHistory"))
    draft.leave("passkey", details.get("passkey"))
    draft.leave("file", details.get("documentAttributes"))
    draft.leave_rest(details, _KNOWN)
    if item.get("trashed") in ("Y", True):
        draft.state = "in the bin"
    elif item.get("state", "active") != "active":
        draft.state = "archived"
    return draft


def _field(draft: EntryDraft, field: Mapping[str, Any]) -> None:
    """Take a field of a section: its value is text, or an object that says of what kind it is."""
    name = as_text(field.get("title")) or as_text(field.get("id")) or "field"
    value = field.get("value")
    if not isinstance(value, dict):
        draft.take("other", name, as_text(value))
        return
    for kind, held in value.items():
        inner = as_mapping(held)
        text = as_text(held) or as_text(inner.get("email_address"))
        if kind == "totp":
            draft.take("totp", name, text)
        elif text:
            draft.take("other", name, text)
        elif any(inner.values()) or as_list(held):
            draft.leave(name)
