"""The items of an Enpass export in JSON: each is a list of fields, which have kinds."""

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

__all__ = ["enpass_items"]

_PARTS: dict[str, EntryPart] = {
    "username": "username",
    "email": "username",
    "password": "password",
    "totp": "totp",
    "url": "address",
}
_KINDS: dict[str, EntryKind] = {
    "login": "login",
    "password": "login",
    "computer": "login",
    "note": "note",
    "creditcard": "card",
    "identity": "identity",
}


def enpass_items(root: Mapping[str, Any]) -> Iterator[EntryDraft]:
    """Yield the items of a document."""
    for number, item in enumerate(map(as_mapping, as_list(root.get("items"))), 1):
        draft = EntryDraft(number, _KINDS.get(as_text(item.get("category")), "other"))
        draft.title = as_text(item.get("title"))
        fields = list(map(as_mapping, as_list(item.get("fields"))))
        fields = [field for field in fields if not field.get("deleted")]
        # An e-mail address is the user name where nothing else is: it comes last.
        for field in sorted(fields, key=lambda one: one.get("type") == "email"):
            kind = as_text(field.get("type"))
            label = as_text(field.get("label")) or kind
            draft.take(_PARTS.get(kind, "other"), label, as_text(field.get("value")))
            draft.leave("earlier passwords", field.get("history"))
        draft.take("notes", "note", as_text(item.get("note")))
        if item.get("trashed"):
            draft.state = "in the bin"
        elif item.get("archived"):
            draft.state = "archived"
        draft.leave("file", item.get("attachments"))
        yield draft
