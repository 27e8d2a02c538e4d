"""The byte format of a record: what was stored once must be readable by every later release."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecall.errors import AuditLogError, LogCorruptError
from rolecall.ledger.event import ACTIONS, Event, EventAction
from rolecall.ledger.reading import decode
from rolecall.ledger.record import MOST_BYTES, Record, encode, record_hash
from rolecall.model import Subject
from tests.records import known

AT = datetime(2026, 11, 2, tzinfo=UTC)
EVENT = Event(
    id="0123456789abcdef",
    at=AT,
    actor="audit",
    action="finding.opened",
    entity="e1",
    subject=Subject("grant", account="a1", person="p1"),
    payload={
        "finding": "f",
        "version": 1,
        "evidence": msgspec.Raw(b'{"left_on":"2026-01-01","status":"left"}'),
        "expires": date(2026, 12, 31),
        "none": None,
        "umlaut": "ü\n",
    },
)
VECTOR = (
    b'{"v":1,"id":"0123456789abcdef","seq":7,"shard":0,"at":"2026-11-02T00:00:00Z",'
    b'"actor":"audit","action":"finding.opened","entity":"e1",'
    b'"subject":{"kind":"grant","account":"a1","person":"p1"},'
    b'"payload":{"finding":"f","version":1,"evidence":{"left_on":"2026-01-01","status":"left"},'
    b'"expires":"2026-12-31","none":null,"umlaut":"\xc3\xbc\\n"},"prev":"abc"}'
)


def event(**changes: Any) -> Event:
    """Return the event with other fields."""
    return msgspec.structs.replace(EVENT, **changes)


def test_a_record_to_the_byte() -> None:
    assert encode(EVENT, seq=7, shard=0, prev="abc") == VECTOR
    assert record_hash(VECTOR) == hashlib.sha256(b"\0" + VECTOR).hexdigest()


def test_the_first_record_follows_none() -> None:
    data = encode(event(entity=None, subject=None, payload={}), seq=0, shard=0, prev=None)
    assert data.endswith(b'"entity":null,"subject":null,"payload":{},"prev":null}')


def test_the_order_of_fields() -> None:
    names = [
        "v",
        "id",
        "seq",
        "shard",
        "at",
        "actor",
        "action",
        "entity",
        "subject",
        "payload",
        "prev",
    ]
    assert list(json.loads(VECTOR)) == names
    assert [field.name for field in msgspec.structs.fields(Record)] == names


def test_reading_back_and_writing_again_gives_the_same_bytes() -> None:
    record = known(VECTOR)
    assert (record.v, record.seq, record.shard, record.prev) == (1, 7, 0, "abc")
    assert record.at == AT
    assert record.subject == EVENT.subject
    assert encode(record.event(), seq=7, shard=0, prev="abc") == VECTOR


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
PAYLOADS = st.dictionaries(
    TEXT,
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
        max_leaves=5,
    ),
    max_size=4,
)


@given(TEXT, TEXT, PAYLOADS, st.datetimes(timezones=st.just(UTC)))
def test_any_event_comes_back(id_: str, actor: str, payload: Any, at: datetime) -> None:
    one = event(id=id_, actor=actor, payload=payload, at=at)
    data = encode(one, seq=0, shard=0, prev=None)
    assert b"\n" not in data
    assert b"\r" not in data
    assert known(data).event() == one


def test_an_instant_in_another_zone_is_the_same_instant() -> None:
    there = event(at=AT.astimezone(timezone(timedelta(hours=2))))
    assert decode(encode(there, seq=0, shard=0, prev=None)).at == AT


def test_the_largest_record() -> None:
    empty = len(encode(event(payload={"x": ""}), seq=0, shard=0, prev=None))
    fits = event(payload={"x": "a" * (MOST_BYTES - empty)})
    assert len(encode(fits, seq=0, shard=0, prev=None)) == MOST_BYTES == 65_535
    over = event(payload={"x": "a" * (MOST_BYTES - empty + 1)})
    with pytest.raises(AuditLogError, match="65,536 bytes"):
        encode(over, seq=0, shard=0, prev=None)
    # Bytes count, not characters.
    with pytest.raises(AuditLogError):
        encode(event(payload={"x": "ü" * 40_000}), seq=0, shard=0, prev=None)


BAD = {
    "nothing": b"",
    "not JSON": b"{",
    "not an object": b"[]",
    "not UTF-8": VECTOR.replace(b"\xc3\xbc", b"\xff\xfe"),
    "another version": VECTOR.replace(b'"v":1', b'"v":2'),
    "no version": VECTOR.replace(b'"v":1,', b""),
    "no action": VECTOR.replace(b"finding.opened", b"finding opened"),
    "a number as text": VECTOR.replace(b'"seq":7', b'"seq":"7"'),
    "no kind": VECTOR.replace(b'"kind":"grant"', b'"kind":7'),
    "no date": VECTOR.replace(b"2026-11-02T00:00:00Z", b"yesterday"),
    "something after it": VECTOR + b"x",
    "NUL": b"\0" * 100,
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_not_a_record(name: str) -> None:
    assert BAD[name] != VECTOR
    with pytest.raises(LogCorruptError, match="not a record"):
        decode(BAD[name])


@pytest.mark.parametrize("cut", range(0, len(VECTOR), 13))
def test_no_part_of_a_record_is_one(cut: int) -> None:
    with pytest.raises(LogCorruptError):
        decode(VECTOR[:cut])


@given(st.binary(max_size=60))
def test_any_bytes_are_a_record_or_an_error_of_ours(data: bytes) -> None:
    with pytest.raises(LogCorruptError):
        decode(data)


def test_the_list_of_actions_is_closed_and_told() -> None:
    assert set(get_args(EventAction)) == ACTIONS.keys()
    assert all(len(meaning) > 10 for meaning in ACTIONS.values())
