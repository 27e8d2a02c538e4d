"""Reads records back: those that this release knows, and those that a later one wrote.

A later release may know more actions, more kinds of subjects and more fields. Such a record is well
formed all the same, and its stored bytes are what is hashed: it is proven like any other. What this
release does not know of it is named, so that whoever reads can count it. An action or a kind that
it does not know makes an :class:`UnknownRecord`, which nobody can take for one that it does know:
the types keep them apart. A field that it does not know is left out.

What an action says in its payload is the action's own, and grows: it is not looked at here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias, get_args, get_type_hints

import msgspec
from msgspec import Meta, Struct, ValidationError

from rolecall.errors import LogCorruptError
from rolecall.ledger.event import ACTIONS, SEAL, EventAction
from rolecall.ledger.record import Instant, Record, digest, record_hash
from rolecall.model import Subject

__all__ = [
    "AnyRecord",
    "LeafCounter",
    "UnknownRecord",
    "WholeLeaf",
    "decode",
    "event_digest",
    "unknown_parts",
]


class UnknownRecord(Struct, frozen=True, kw_only=True):
    """A record of an action, or about a kind of subject, that this release does not know.

    :ivar subject: as it stands there.
    :ivar unknown: what is not known of it, such as ``action page.moved``.
    """

    id: str
    seq: int
    shard: int | None
    at: Instant
    actor: str
    action: str
    entity: str | None
    subject: Mapping[str, Any] | None
    payload: dict[str, Any]
    prev: str | None
    unknown: tuple[str, ...]

    @property
    def may_concern_findings(self) -> bool:
        """Whether what nobody here understands may say something of a finding.

        It may where a record that is understood would: of findings, waivers and runs, and of
        secrets, from which an audit knows who knows which password.
        """
        return self.action.startswith(_TOLD) or "finding" in self.payload


AnyRecord: TypeAlias = Record | UnknownRecord
"""What a log can hold."""


class _WholeSubject(Subject, frozen=True, gc=False, forbid_unknown_fields=True):
    """A subject of which every field is known."""


class _Object(Struct, gc=False):
    """Any JSON object; nothing of it is kept."""


class WholeLeaf(Struct, gc=False, forbid_unknown_fields=True):
    """A leaf of which every field is known, each held to its type."""

    v: Literal[1]
    id: str
    seq: int
    shard: int | None
    at: Instant
    actor: str
    action: EventAction
    entity: str | None
    subject: _WholeSubject | None
    payload: _Object
    prev: str | None


class _OpenSubject(Struct):
    kind: Annotated[str, Meta(pattern=r"^[a-z][a-z_]*$")]


class _Open(Struct):
    """What a record is held to, whatever a later release has put into it."""

    v: Literal[1]
    id: str
    seq: int
    shard: int | None
    at: Instant
    actor: str
    action: Annotated[str, Meta(pattern=r"^[a-z][a-z_]*(\.[a-z][a-z_]*)+$")]
    entity: str | None
    subject: _OpenSubject | None
    payload: dict[str, Any]
    prev: str | None


_TOLD = ("finding.", "waiver.", "run.", "secret.")
_KINDS = frozenset(get_args(get_type_hints(Subject)["kind"]))
_FIELDS = frozenset(Record.__struct_fields__)
_SUBJECT_FIELDS = frozenset(Subject.__struct_fields__)
_decoder = msgspec.json.Decoder(Record)
_whole_decoder = msgspec.json.Decoder(WholeLeaf)
_open_decoder = msgspec.json.Decoder(_Open)


def decode(data: bytes) -> AnyRecord:
    """Return the record that was stored as ``data``; fields that nobody here knows are left out.

    :raises LogCorruptError: the bytes are not a record.
    """
    try:
        try:
            return _decoder.decode(data)
        except ValidationError as error:
            return _unknown(data, error)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise LogCorruptError(f"not a record: {error}") from error


def _unknown(data: bytes, why: ValidationError) -> UnknownRecord:
    """Return a record that is none of those that this release knows.

    :param why: what hindered it from being one.
    """
    opened = _open_decoder.decode(data)
    unknown = _unknown_of(opened, data)
    if all(part.startswith("field ") for part in unknown):
        raise why
    told = msgspec.json.decode(data)
    fields = {name: getattr(opened, name) for name in _Open.__struct_fields__ if name != "v"}
    return UnknownRecord(**{**fields, "subject": told["subject"]}, unknown=unknown)


def unknown_parts(data: bytes) -> tuple[str, ...]:
    """Return what this release does not know of a record, such as ``action page.moved``.

    :raises msgspec.DecodeError: the bytes are not a record.
    """
    try:
        _whole_decoder.decode(data)
    except ValidationError:
        parts = _unknown_of(_open_decoder.decode(data), data)
        if not parts:
            raise
        return parts
    return ()


def _unknown_of(opened: _Open, data: bytes) -> tuple[str, ...]:
    fields: dict[str, Any] = msgspec.json.decode(data)
    parts = [f"field {name}" for name in sorted(fields.keys() - _FIELDS)]
    if opened.action not in ACTIONS:
        parts.append(f"action {opened.action}")
    if opened.subject is not None:
        more = fields["subject"].keys() - _SUBJECT_FIELDS
        parts += [f"field subject.{name}" for name in sorted(more)]
        if opened.subject.kind not in _KINDS:
            parts.append(f"kind {opened.subject.kind}")
    return tuple(parts)


def event_digest(data: bytes) -> str:
    """Return the digest of the event that a stored record was made of.

    What this release does not know is no event of its own: no event of it has the same digest.

    :raises LogCorruptError: it is not a record.
    """
    record = decode(data)
    return digest(record.event()) if isinstance(record, Record) else record_hash(data)


class LeafCounter:
    """Reads leaves, and counts them and what nobody here knows of them.

    :ivar records: that are no seals.
    :ivar unknown: those with something that this release does not know; ``parts`` says of what.
    """

    def __init__(self) -> None:
        self.records = 0
        self.unknown = 0
        self.parts: Counter[str] = Counter()

    def add(self, leaf: bytes) -> AnyRecord:
        """Return a leaf as a record.

        :raises LogCorruptError: it is none.
        """
        record, parts = decode(leaf), unknown_parts(leaf)
        self.records += record.action != SEAL
        self.unknown += bool(parts)
        self.parts.update(parts)
        return record
