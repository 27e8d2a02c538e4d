"""Brings the tables of a stack to the formats of this release, a step at a time.

Invariants:

- A step is on record in the audit log in the very transaction in which its table gets the next
  format. What it changes before that may be done again.
- So an upgrade that was interrupted, at any write, goes on where it was when it is started again;
  two at once do each step once.
- Nothing is done to a stack of which a table is in a later format than this release knows, nor to
  one that runs another release: its functions would find formats that they do not know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from botocore.exceptions import ClientError
from msgspec import Struct

from rolecall import __version__
from rolecall.aws.clients import client, code_of, storage
from rolecall.aws.formats import FORMATS, FormatItem, format_write, is_empty, read_format, refusal
from rolecall.aws.stack import Stack
from rolecall.aws.table import transact
from rolecall.aws.upgrades import format_2, format_3
from rolecall.aws.upgrades.step import UpgradeStep
from rolecall.errors import (
    LogConflictError,
    StorageError,
    UsageError,
    VersionConflictError,
)
from rolecall.finding import identity
from rolecall.ledger.event import Event
from rolecall.ledger.log import MOST_ATTEMPTS, append

__all__ = ["STEPS", "PlannedStep", "Upgrade", "check_deployed", "note_formats"]

STEPS: Sequence[UpgradeStep] = (*format_2.STEPS, *format_3.STEPS)
"""Every step that there ever was, in the order in which they are done."""


class PlannedStep(Struct, frozen=True):
    """A step that is to be done, and how many writes it takes as things are."""

    step: UpgradeStep
    writes: int


def check_deployed(stack: Stack) -> None:
    """Hold the release that a stack runs against this one, and see that no night is under way.

    :raises UsageError: it is another, or one is.
    """
    deployed = stack.release
    if deployed != __version__:
        raise UsageError(
            f"the stack runs release {deployed or '0.1.0'}, and this is {__version__}: deploy this "
            "release first, or use that one (docs/upgrade.md)"
        )
    with storage("looking for a night under way"):
        running = client("stepfunctions").list_executions(
            stateMachineArn=stack["StateMachineArn"], statusFilter="RUNNING", maxResults=1
        )["executions"]
    if running:
        raise UsageError("a night is under way: wait for its end (rolecall runs), and start again")


class Upgrade:
    """The upgrade of one stack."""

    def __init__(
        self,
        stack: Stack,
        steps: Sequence[UpgradeStep] = STEPS,
        formats: Mapping[str, int] = FORMATS,
    ) -> None:
        self._stack = stack
        self._steps = steps
        self._formats = formats
        self._client = client("dynamodb")

    def format_of(self, table: str) -> FormatItem:
        """Return the format of a table as it is now.

        :raises FormatError: this release does not know it.
        """
        found = read_format(self._client, table, self._stack[table])
        if found.number > self._formats[table]:
            raise refusal(table, found.number, self._formats[table])
        return found

    def planned(self) -> list[PlannedStep]:
        """Return the steps that are to be done, in order.

        Of a table that is more than one format behind, the writes of the later steps are counted as
        if those before were not to come.

        :raises FormatError: this release does not know the format of a table.
        """
        formats = {table: self.format_of(table).number for table in self._formats}
        return [
            PlannedStep(step, sum(len(group) for group in step.changes(self._stack)))
            for step in self._steps
            if step.to > formats[step.table]
        ]

    def run(self, at: datetime, via: str) -> Iterator[UpgradeStep]:
        """Do what is to be done; yield each step once it is on record.

        :param at: this instant, for the records.
        :param via: who does it.
        :raises FormatError: this release does not know the format of a table; nothing was done.
        :raises StorageError: AWS refused, or could not be reached; start again.
        """
        for planned in self.planned():
            step = planned.step
            for _ in range(MOST_ATTEMPTS):
                if self._done(step, at, via):
                    yield step
                    break
            else:
                raise StorageError(f"upgrading {step.table}: others kept changing it; start again")

    def _done(self, step: UpgradeStep, at: datetime, via: str) -> bool:
        """Do a step; return whether it is done, by this or by another upgrade."""
        name = self._stack[step.table]
        before = self.format_of(step.table)
        if before.number >= step.to:
            return True
        try:
            for group in step.changes(self._stack):
                transact(self._client, name, [write.request for write in group])
            write = format_write(name, before, step.to, __version__)
            event = _event(step, at, via)
            # Others may have appended to the shard since this process did.
            self._stack.log.forget()
            append(self._stack.log.carrying({event.id: [write.request]}), [event])
        except (VersionConflictError, LogConflictError):
            # Somebody works with the table: look at it again.
            return False
        return True


def _event(step: UpgradeStep, at: datetime, via: str) -> Event:
    return Event(
        id=identity("stack.upgraded", step.table, str(step.to), at.isoformat(), via),
        at=at,
        actor="upgrade",
        action="stack.upgraded",
        entity=None,
        subject=None,
        payload={
            "table": step.table,
            "from": step.to - 1,
            "to": step.to,
            "rolecall": __version__,
            "via": via,
        },
    )


def note_formats(stack: Stack, say: Callable[[str], object]) -> None:
    """Say in the empty tables of a stack that is new of which format they are.

    A table that has items and no format is one that an earlier release left: that stays to be
    upgraded. Who may not touch a table does not note its format; the upgrade will.

    :param say: is told which tables are to be upgraded.
    :raises StorageError: AWS refused otherwise, or could not be reached.
    """
    tables = client("dynamodb")
    left = []
    for output, number in FORMATS.items():
        name = stack[output]
        try:
            before = read_format(tables, output, name)
            if not before.is_noted and is_empty(tables, name):
                write = format_write(name, before, number, __version__)
                transact(tables, name, [write.request])
            elif before.number < number:
                left.append(output)
        except VersionConflictError:
            # Another import noted it.
            continue
        except StorageError as error:
            # It comes before what is imported: where it cannot be done now, nothing is.
            cause = error.__cause__
            if not isinstance(cause, ClientError) or code_of(cause) != "AccessDeniedException":
                raise
            left.append(output)
    if left:
        say(
            f"{', '.join(left)}: not of the format of this release, or not yours to see; rolecall "
            "upgrade brings a stack along (docs/upgrade.md)"
        )
