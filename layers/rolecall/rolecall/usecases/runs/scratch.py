"""The scratch database of a plan: what is read once, and the joins over it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from rolecall.keys.accounts import match_key
from rolecall.keys.addresses import mailbox_key
from rolecall.keys.alikeness import claim, id_look
from rolecall.keys.subjects import account_key
from rolecall.model import Observation, Person, Subject
from rolecall.naming import row_called
from rolecall.printable import printable
from rolecall.registry.documents import AccountDocument
from rolecall.ring import slot_of
from rolecall.usecases.runs.stored_names import login_place

__all__ = [
    "OWNED",
    "SCRIPTS",
    "account_row",
    "owned_rows",
    "person_row",
    "seen_rows",
]

_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA temp_store = FILE;
PRAGMA cache_size = -65536;
CREATE TABLE person (id TEXT, place INTEGER, doc BLOB, mailbox TEXT, serves_until TEXT,
  called TEXT, likeness TEXT, whole TEXT, bracketed TEXT, look TEXT);
CREATE TABLE account (place INTEGER, id TEXT, key TEXT, closed INTEGER, doc BLOB,
  called TEXT, likeness TEXT, whole TEXT, bracketed TEXT, look TEXT);
CREATE TABLE login (print TEXT, id TEXT, account TEXT, name_place INTEGER);
CREATE TABLE incident (place INTEGER, id TEXT, account TEXT);
CREATE TABLE content (id TEXT, account TEXT);
CREATE TABLE seen (place INTEGER, key TEXT, doc BLOB);
BEGIN;
"""
_INDEXES = """
CREATE INDEX person_id ON person (id);
CREATE INDEX person_place ON person (place);
CREATE INDEX person_mailbox ON person (mailbox, id);
CREATE INDEX person_likeness ON person (likeness);
CREATE INDEX person_look ON person (look, id);
CREATE INDEX account_likeness ON account (likeness);
CREATE INDEX account_look ON account (look, id);
CREATE INDEX account_place ON account (place, id);
CREATE INDEX account_id ON account (id);
CREATE INDEX account_key ON account (key, closed, id);
CREATE INDEX login_print ON login (print, id);
CREATE INDEX login_account ON login (account);
CREATE INDEX login_place ON login (name_place);
CREATE INDEX login_id ON login (id);
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
_LIKE = """
CREATE TABLE like_{0} AS
  SELECT id FROM {0} WHERE likeness = '' OR likeness IN
    (SELECT likeness FROM {0} GROUP BY likeness HAVING count(*) > 1)
  UNION SELECT one.id FROM {0} AS one JOIN {0} AS other
    ON other.look = one.whole AND other.id != one.id
  UNION SELECT one.id FROM {0} AS one JOIN {0} AS other
    ON other.look = one.bracketed AND other.id != one.id;
CREATE UNIQUE INDEX like_{0}_id ON like_{0} (id);
"""
"""Who is called alike, as :func:`rolecall.keys.alikeness.alike_ids` has it, without memory."""


class _Scripts(NamedTuple):
    """What makes the database, in this order: tables to fill, what finds rows, what rows share.

    Filling is one transaction: the next script ends it, as any script does. The others fill the
    tables whose rows are made here.
    """

    schema: str
    indexes: str
    groups: str
    person: str
    account: str
    seen: str


SCRIPTS = _Scripts(
    _SCHEMA,
    _INDEXES,
    _GROUPS + _LIKE.format("person") + _LIKE.format("account"),
    "INSERT INTO person VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "INSERT INTO account VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "INSERT INTO seen VALUES (?, ?, ?)",
)
OWNED = {"login": "logins", "incident": "incidents", "content": "contents"}
"""The tables here whose rows are an account's, and what the registry calls them."""


def owned_rows(document: AccountDocument) -> Iterator[tuple[str, Sequence[tuple[Any, ...]]]]:
    """Yield what is kept of an account's logins, incidents and contents: how, and the rows."""
    id_ = document.account.id
    logins = [
        (login.fingerprint, login.id, id_, login_place(login.id)) for login in document.logins
    ]
    yield "INSERT INTO login VALUES (?, ?, ?, ?)", logins
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
    called = _called(person.id, printable(person.name))
    if not has_mailbox or person.email is None:
        return person.id, place, data, None, None, *called
    last = "~" if person.left_on is None else person.left_on.isoformat()
    serves_until = last if person.status == "active" else ""
    return person.id, place, data, mailbox_key(person.email), serves_until, *called


def account_row(document: AccountDocument, data: bytes, website: str) -> tuple[Any, ...]:
    """Return what is kept of an account: by what it is found, and what it is called.

    :param website: what a website is called.
    """
    account = document.account
    key = "\n".join(match_key(account.platform, account.handle))
    place = slot_of(Subject("account", account=account.id))
    called = _called(account.id, row_called(account, website), exact=True)
    return place, account.id, key, account.status == "closed", data, *called


def _called(id_: str, name: str, *, exact: bool = False) -> tuple[str | None, ...]:
    """Return what somebody or something is called, and what that may be taken for."""
    key, whole, bracketed = claim(name, exact=exact)
    return name, key, whole, bracketed or None, id_look(id_)


def seen_rows(rows: Sequence[Observation], data: bytes) -> Iterator[tuple[int, str, bytes]]:
    """Yield what is kept of a document of observations: its place, and by what it is looked for.

    What names its account is one thing, by what the account is found another, or several.
    """
    platform, handle = account_key(rows[0].platform, rows[0].handle)
    own = slot_of(Subject("observation", platform=platform, handle=handle))
    for key in sorted({match_key(row.platform, row.handle) for row in rows}):
        yield own, "\n".join(key), data
