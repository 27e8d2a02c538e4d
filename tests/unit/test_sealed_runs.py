"""What a seal tells of audits is read from leaves that anybody may have changed."""

from __future__ import annotations

import pytest

from rolecall.errors import LogCorruptError
from rolecall.ledger.sealed_runs import completed_runs

LEAF = b'{"action":"run.completed","payload":{"run":"r-1","number":1},"at":"2026-11-02T00:00:00Z"}'


def test_the_digest_is_of_what_the_audit_was() -> None:
    found = completed_runs([LEAF, LEAF.replace(b"r-1", b"r-2").replace(b":1}", b":2}")])
    assert list(found) == ["r-1", "r-2"]
    assert len(set(found.values())) == 2


@pytest.mark.parametrize("leaf", [LEAF.replace(b"number", b"numb\xffr"), LEAF[:-1], b"[1]" + LEAF])
def test_what_cannot_be_parsed_is_corrupt(leaf: bytes) -> None:
    with pytest.raises(LogCorruptError, match="not a record"):
        completed_runs([leaf])
