"""What a seal tells of audits is read from leaves that anybody may have changed."""

from __future__ import annotations

import pytest

from rolecall.errors import LogCorruptError
from rolecall.ledger.sealed_runs import completed_runs, run_digest

LEAF = b'{"action":"run.completed","payload":{"run":"r-1","number":1},"at":"2026-11-02T00:00:00Z"}'


def test_the_digest_is_of_what_the_audit_was() -> None:
    found = completed_runs([LEAF, LEAF.replace(b"r-1", b"r-2").replace(b":1}", b":2}")])
    assert list(found) == ["r-1", "r-2"]
    assert len(set(found.values())) == 2


@pytest.mark.parametrize("leaf", [LEAF.replace(b"number", b"numb\xffr"), LEAF[:-1], b"[1]" + LEAF])
def test_what_cannot_be_parsed_is_corrupt(leaf: bytes) -> None:
    with pytest.raises(LogCorruptError, match="not a record"):
        completed_runs([leaf])


def test_the_catalogue_of_a_run_is_part_of_it() -> None:
    run = {"run": "r-1", "number": 2, "at": "2026-11-02T00:00:00Z"}
    one, two, three = (run_digest({**run, "catalogue": number}) for number in (1, 2, 3))
    assert len({one, two, three}) == 3
    # What is signed of audits that say none stays as it is.
    assert run_digest(run) == one


def test_how_many_incidents_there_are_cannot_be_tried_out() -> None:
    """Whoever has the records of an entity has its seals as well."""

    def digest(catalogue: int, **rows: int) -> str:
        registry = {"digest": "d", "rows": {"people": 3, **rows}}
        return run_digest({"run": "r", "registry": registry, "catalogue": catalogue, "at": "now"})

    assert digest(2, incidents=1) == digest(2, incidents=9) == digest(2)
    assert digest(2, accounts=1) != digest(2, accounts=9)
    # What release 0.1.0 sealed stays what it was.
    assert digest(1, incidents=1) != digest(1, incidents=9)
