"""What stays of the logins of an account: what the vault knows, and knew, of them."""

from __future__ import annotations

from collections.abc import Container, Iterator

from msgspec.structs import replace

from rolecall.model import Login
from rolecall.provenance import (
    REVOCATION_COLUMNS,
    VAULT_FIELDS,
    Fill,
    fill_key,
    fills_of,
    split_key,
)
from rolecall.registry.documents import AccountDocument

__all__ = ["kept_logins", "without_echoes"]


def kept_logins(old: AccountDocument, new: AccountDocument) -> AccountDocument:
    """Return a new document with the logins of the old one of which the vault has a word."""
    return _keep_destroyed(old, _keep_vaulted(old, new))


def without_echoes(document: AccountDocument) -> AccountDocument:
    """Return a document without marks of files where the vault and revocations say it themselves.

    What was exported and is imported again comes back as the word of a file.
    """
    logins = {*document.vaulted, *_destroyed(document)}
    filled = {
        key: fill
        for key, fill in document.filled.items()
        if not (fill.by == "file" and _is_said(key, logins, document.revoking))
    }
    return replace(document, filled=filled)


def _destroyed(document: AccountDocument) -> Iterator[str]:
    for key, fill in document.filled.items():
        table, row, name = split_key(key)
        if fill.by == "vault" and (table, name) == ("logins", ""):
            yield row


def _is_said(key: str, logins: Container[str], revoking: Container[str]) -> bool:
    table, row, name = split_key(key)
    if table == "logins":
        return row in logins
    return f"{table}.{name}" in REVOCATION_COLUMNS and row in revoking


def _keep_vaulted(old: AccountDocument, new: AccountDocument) -> AccountDocument:
    rows = {login.id: login for login in new.logins}
    for login in old.logins:
        if login.id in old.vaulted:
            known = {name: getattr(login, name) for name in VAULT_FIELDS}
            row = rows.get(login.id, login)
            if row.mfa not in (None, "none"):
                # The second factor is what the registry says, unless it says that there is none.
                known["mfa"] = row.mfa
            rows[login.id] = replace(row, **known)
    return replace(new, logins=tuple(rows[id_] for id_ in sorted(rows)), vaulted=old.vaulted)


def _keep_destroyed(old: AccountDocument, new: AccountDocument) -> AccountDocument:
    """Keep that secrets are not in the vault any more, of which no file may say that they are."""
    rows: dict[str, Login] = {login.id: login for login in new.logins}
    filled = new.filled
    for login in old.logins:
        own = {
            name: fill
            for name, fill in fills_of(old.filled, "logins", login.id).items()
            if fill.by == "vault"
        }
        if not own or login.id in old.vaulted:
            continue
        row = rows.get(login.id)
        if row is None and new.account.status != "closed":
            rows[login.id] = login
            marks = own
        elif row == login:
            # It comes back from an export.
            marks = own
        elif row is not None:
            at = next(iter(own.values())).at
            if row.storage == "vault":
                rows[login.id] = replace(row, storage=None)
            marks = {"storage": Fill("vault", at)}
        else:
            continue
        filled = filled | {fill_key("logins", login.id, name): fill for name, fill in marks.items()}
    return replace(new, logins=tuple(rows[id_] for id_ in sorted(rows)), filled=filled)
