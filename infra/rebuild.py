"""Rebuilds what is known of every finding from the audit log, which is the truth about them.

Usage: python infra/rebuild.py STACK

Only states that are missing or behind the log are written. docs/runbooks.md says when.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

from rolecall.aws.remote import find_stack
from rolecall.aws.stack import Stack
from rolecall.errors import UsageError
from rolecall.ledger.log import records
from rolecall.usecases.runs.history import Runs


def rebuild(stack: Stack) -> tuple[int, int]:
    """Bring the findings of a stack up to its log; return how many there are, and were behind."""
    runs = Runs(records(stack.log))
    history = runs.history(records(stack.log))
    if history.unknown:
        raise UsageError(
            f"the log holds {history.unknown:,} records that may say something of findings, and "
            "that this release does not know: use the release that wrote them"
        )
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
