"""Which accounts go by a name, wherever they belong: items by which a twin is found.

An account lies with its entity, so whoever enters one more finds those of its line alone. A *page
of names* says the rest: of each open account of the organisation what it is found by
(:func:`rolecall.keys.accounts.match_key`) and its id, a 256th of all names a page.

| partition | key | document |
|---|---|---|
| ``CLAIMS#<digit>`` | ``names#<two digits>`` | ``<hash of the name>#<account>``, sorted |

Nobody has a name to themselves: files may have an account twice, which is a finding. So a line too
many costs a reading, as the account decides, and an import makes the pages anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from rolecall.aws.table import DocumentTable, put
from rolecall.finding import identity
from rolecall.keys.accounts import match_key
from rolecall.model import Account
from rolecall.registry.documents import DocumentKey

__all__ = ["accounts_named", "name_pages", "name_write"]

_lines = msgspec.json.Decoder(list[str]).decode
_encode = msgspec.json.Encoder().encode


class _Named(Struct, frozen=True):
    id: str
    platform: str
    handle: str
    status: str


class _Document(Struct, frozen=True):
    account: _Named


_document = msgspec.json.Decoder(_Document).decode


def _page(name: str) -> DocumentKey:
    return DocumentKey(f"CLAIMS#{name[0]}", f"names#{name[:2]}")


def name_pages(documents: Mapping[DocumentKey, bytes]) -> dict[DocumentKey, bytes]:
    """Return the pages of names of a registry. What cannot be read has no name."""
    found: defaultdict[DocumentKey, set[str]] = defaultdict(set)
    for where, data in documents.items():
        if where.partition.startswith("ENTITY#"):
            try:
                account = _document(data).account
            except (msgspec.MsgspecError, UnicodeError, RecursionError):
                continue
            if account.status != "closed":
                name = identity(*match_key(account.platform, account.handle))
                found[_page(name)].add(f"{name}#{account.id}")
    return {where: _encode(sorted(lines)) for where, lines in found.items()}


def accounts_named(table: DocumentTable, platform: str, handle: str) -> list[str]:
    """Return the ids of accounts that go by a name, or did when it was looked at last."""
    name = identity(*match_key(platform, handle))
    page = table.get(*_page(name))
    lines = () if page is None else _lines(page.data)
    return [line.partition("#")[2] for line in lines if line.startswith(f"{name}#")]


def name_write(table: DocumentTable, record: Account) -> Iterator[Mapping[str, Any]]:
    """Yield the write by which an open account is found by its name, if it is not yet."""
    name = identity(*match_key(record.platform, record.handle))
    page, line = table.get(*_page(name)), f"{name}#{record.id}"
    lines = [] if page is None else _lines(page.data)
    if record.status != "closed" and line not in lines:
        data, version = _encode(sorted([*lines, line])), 0 if page is None else page.version
        yield put(table.name, *_page(name), data, version=version).request
