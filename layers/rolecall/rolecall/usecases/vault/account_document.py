"""The document of an account, with what the vault knows of its logins."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from rolecall.provenance import Fill, fill_key, without_row
from rolecall.registry.documents import AccountDocument
from rolecall.vault.life import Life, row_of

__all__ = ["with_secret"]


def with_secret(document: AccountDocument, life: Life, at: datetime) -> AccountDocument:
    """Return a document after something happened to a secret.

    :param at: when it did.
    """
    rows = {login.id: login for login in document.logins}
    made = row_of(life, rows.pop(life.login, None), document.account)
    if made is not None:
        rows[made.id] = made
    vaulted = set(document.vaulted) - {life.login}
    filled = without_row(document.filled, "logins", life.login)
    if life.current is not None:
        vaulted.add(life.login)
    elif made is not None and life.versions:
        # That it is kept nowhere any more is the vault's word too.
        filled[fill_key("logins", life.login)] = Fill("vault", at)
    return replace(
        document,
        logins=tuple(rows[id_] for id_ in sorted(rows)),
        vaulted=tuple(sorted(vaulted)),
        filled=filled,
    )
