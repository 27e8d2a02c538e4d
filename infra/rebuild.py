"""Rebuilds what is known of every finding from the audit log, which is the truth about them.

Usage: python infra/rebuild.py STACK

Only states that are missing or behind the log are written. docs/runbooks.md says when.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from rolecall.aws.deployed import find_stack
from rolecall.aws.stack import Stack
from rolecall.ledger.log import records
from rolecall.ledger.record import SEAL, Record
from rolecall.lifecycle import fold


def in_order(stored: Iterable[Record]) -> Iterator[Record]:
    """Yield records with the end of a run after all that it appended.

    A segment holds one shard after the other, and runs end in the first.
    """
    ends: list[Record] = []
    for record in stored:
        if record.action == "run.completed":
            ends.append(record)
            continue
        if record.action == SEAL:
            yield from ends
            ends.clear()
        yield record
    yield from ends


def rebuild(stack: Stack) -> tuple[int, int]:
    """Bring the findings of a stack up to its log; return how many there are, and were behind."""
    history = fold(in_order(records(stack.log)))
    return len(history.findings), stack.findings.rebuild(history.findings.values())


def main() -> int:
    """Rebuild, and say what was behind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stack", help="the name of the stack")
    name = parser.parse_args().stack
    known, behind = rebuild(find_stack(name, lambda: datetime.now(UTC)))
    sys.stdout.write(f"{known:,} findings in the log, {behind:,} of them were missing or behind\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
