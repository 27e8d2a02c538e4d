"""What was decided of findings, committed with the log.

It stands in the registry's table, beside the policy that it adds to.
"""

from __future__ import annotations

import msgspec

from rolecall.aws.journal import Journal
from rolecall.aws.reader import DynamoReader
from rolecall.aws.registry import WAIVERS, StackRegistry
from rolecall.aws.table import put
from rolecall.finding_state import FindingState
from rolecall.ledger.event import Event
from rolecall.usecases.governance.decisions import WaiverDecision
from rolecall.usecases.governance.stored_decisions import StoredDecisions, stored_decision

__all__ = ["DynamoWaivers"]

_encode = msgspec.json.Encoder().encode


class DynamoWaivers:
    """What officers accept."""

    def __init__(self, registry: StackRegistry, journal: Journal, reader: DynamoReader) -> None:
        self._registry = registry
        self._journal = journal
        self.view = reader

    def finding(self, where: int, id_: str) -> FindingState | None:
        """Return a finding by its place and id."""
        return self.view.finding(where, id_)

    def waiver_decision(self, finding: str) -> WaiverDecision | None:
        """Return what was decided of a finding.

        :raises ConflictError: it cannot be read.
        """
        row = self._registry.table.get(WAIVERS, finding)
        return None if row is None else stored_decision(finding, row.data, WaiverDecision)

    def waiver_decisions(self) -> StoredDecisions[WaiverDecision]:
        """Return every acceptance, and of which findings one cannot be read."""
        return self._registry.waiver_decisions()

    def keep_waiver_decision(self, waiver_decision: WaiverDecision, event: Event) -> None:
        """Record an event with the acceptance that it makes, or nothing at all.

        :raises LogConflictError: the acceptance is not as it was read.
        """
        write = put(
            self._registry.table.name,
            WAIVERS,
            waiver_decision.finding,
            _encode(waiver_decision),
            version=waiver_decision.version - 1,
        )
        made, writes = waiver_decision, [write.request]
        if made.state == "approved" and len(made.approved_by) > 1:
            writes += self.view.asked(made.approved_by[0], made.proposed_at)
        self._journal.commit([event], writes)
