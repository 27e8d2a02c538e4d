"""The items of a Proton Pass export in JSON, in each of its vaults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rolecall.vault.exports.entry import EntryDraft, EntryKind, as_list, as_mapping, as_text

__all__ = ["proton_items"]

_KINDS: dict[str, EntryKind] = {
    "login": "login",
    "note": "note",
    "creditCard": "card",
    "identity": "identity",
    "alias": "identity",
}
_LOGIN = (*("username", "itemUsername", "itemEmail", "password", "urls", "totpUri", "passkeys"),)


def proton_items(root: Mapping[str, Any]) -> Iterator[EntryDraft]:
    """Yield the items of all vaults of a document."""
    vaults = map(as_mapping, as_mapping(root.get("vaults")).values())
    items = (as_mapping(item) for vault in vaults for item in as_list(vault.get("items")))
    for number, item in enumerate(items, 1):
        data = as_mapping(item.get("data"))
        content = as_mapping(data.get("content"))
        kind = _KINDS.get(as_text(data.get("type")), "other")
        draft = EntryDraft(number, kind)
        metadata = as_mapping(data.get("metadata"))
        draft.title = as_text(metadata.get("name"))
        draft.take("notes", "note", as_text(metadata.get("note")))
        if kind == "login":
            for key in ("itemUsername", "username", "itemEmail"):
                draft.take("username", "email", as_text(content.get(key)))
            draft.take("password", "password", as_text(content.get("password")))
            draft.take("totp", "totp", as_text(content.get("totpUri")))
            for url in as_list(content.get("urls")):
                draft.take("address", "url", as_text(url))
            draft.leave("passkey", content.get("passkeys"))
        draft.leave_rest(content, _LOGIN if kind == "login" else ())
        for field in map(as_mapping, as_list(data.get("extraFields"))):
            value = as_mapping(field.get("data"))
            text = as_text(value.get("content")) or as_text(value.get("totpUri"))
            draft.take("other", as_text(field.get("fieldName")) or "field", text)
        # 1 is in use, 2 is thrown away.
        draft.state = "in the bin" if item.get("state") == 2 else "current"
        draft.leave("file", item.get("files"))
        yield draft
