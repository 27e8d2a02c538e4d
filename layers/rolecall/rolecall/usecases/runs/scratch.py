"""The scratch database of a plan: what is read once, and the joins over it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from rolecall.keys.accounts import match_key
from rolecall.keys.addresses import mailbox_key
from rolecall.keys.subjects import account_key
from rolecall.model import Observation, Person, Subject
from rolecall.registry.documents import AccountDocument
from rolecall.ring import slot_of

__all__ = ["OWNED", "SCRIPTS", "owned_rows", "person_row", "seen_rows"]

_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA temp_store = FILE;
PRAGMA cache_size = -65536;
CREATE TABLE person (id TEXT, place INTEGER, doc BLOB, mailbox TEXT, serves_until TEXT);
CREATE TABLE account (place INTEGER, id TEXT, key TEXT, closed INTEGER, doc BLOB);
CREATE TABLE login (print TEXT, id TEXT, account TEXT);
CREATE TABLE incident (place INTEGER, id TEXT, account TEXT);
CREATE TABLE content (id TEXT, account TEXT);
CREATE TABLE seen (place INTEGER, key TEXT, doc BLOB);
"""
_INDEXES = """
CREATE INDEX person_id ON person (id);
CREATE INDEX person_place ON person (place);
CREATE INDEX person_mailbox ON person (mailbox, id);
CREATE INDEX account_place ON account (place, id);
CREATE INDEX account_id ON account (id);
CREATE INDEX account_key ON account (key, closed, id);
CREATE INDEX login_print ON login (print, id);
CREATE INDEX login_account ON login (account);
CREATE INDEX incident_place ON incident (place);
CREATE INDEX seen_place ON seen (place);
CREATE INDEX seen_key ON seen (key);
"""
_GROUPS = """
CREATE TABLE twins AS
  SELECT key, count(*) AS size FROM account WHERE NOT closed GROUP BY key HAVING size > 1;
CREATE UNIQUE INDEX twins_key ON twins (key);
CREATE TABLE shared AS
  SELECT print, count(*) AS size FROM login WHERE print NOT NULL GROUP BY print HAVING size > 1;
CREATE UNIQUE INDEX shared_print ON shared (print);
"""


class _Scripts(NamedTuple):
    """What makes the database, in this order: tables to fill, what finds rows, what rows share."""

    schema: str
    indexes: str
    groups: str


SCRIPTS = _Scripts(_SCHEMA, _INDEXES, _GROUPS)
OWNED = {"login": "logins", "incident": "incidents", "content": "contents"}
"""The tables here whose rows are an account's, and what the registry calls them."""


def owned_rows(document: AccountDocument) -> Iterator[tuple[str, Sequence[tuple[Any, ...]]]]:
    """Yield what is kept of an account's logins, incidents and contents: how, and the rows."""
    id_ = document.account.id
    logins = [(login.fingerprint, login.id, id_) for login in document.logins]
    yield "INSERT INTO login VALUES (?, ?, ?)", logins
    incidents = [
        (slot_of(Subject("incident", incident=one.id)), one.id, id_) for one in document.incidents
    ]
    yield "INSERT INTO incident VALUES (?, ?, ?)", incidents
    # Contents have their account's place: of them the plan asks only which ids there are twice.
    yield "INSERT INTO content VALUES (?, ?)", [(one.id, id_) for one in document.contents]


def person_row(person: Person, data: bytes, *, has_mailbox: bool) -> tuple[Any, ...]:
    """Return what is kept of a person: by what their mailbox is looked for, and until when they
    serve; nothing for who does not, and what is later than any day for who does without an end.

    :param has_mailbox: whether anybody looks for mailboxes.
    """
    place = slot_of(Subject("person", person=person.id))
    if not has_mailbox or person.email is None:
        return person.id, place, data, None, None
    last = "~" if person.left_on is None else person.left_on.isoformat()
    serves_until = last if person.status == "active" else ""
    return person.id, place, data, mailbox_key(person.email), serves_until


def seen_rows(rows: Sequence[Observation], data: bytes) -> Iterator[tuple[int, str, bytes]]:
    """Yield what is kept of a document of observations: its place, and by what it is looked for.

    What names its account is one thing, by what the account is found another, or several.
    """
    platform, handle = account_key(rows[0].platform, rows[0].handle)
    own = slot_of(Subject("observation", platform=platform, handle=handle))
    for key in sorted({match_key(row.platform, row.handle) for row in rows}):
        yield own, "\n".join(key), data
