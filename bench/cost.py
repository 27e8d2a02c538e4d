"""Works out what a night costs, from documents and records as they are and public list prices.

Usage: python bench/cost.py [--accounts 100 10000] [--nights 30]

A registry of each size is made, imported into memory as documents, and audited in batches; bytes
are counted as DynamoDB counts them (4 KB a read unit, halved for eventual reads; 1 KB a write unit,
doubled in transactions; one more for each index that an item is in). The largest size is worked out
from the one before it, as everything grows with the number of accounts.
"""

from __future__ import annotations

import argparse
import math
import re
import sys
import tempfile
import time
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from msgspec import Struct

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from bench.generate import AS_OF, generate
from rolecall.finding_state import FindingState
from rolecall.ledger.event import SEAL
from rolecall.ledger.reading import decode
from rolecall.model import SEVERITIES
from rolecall.registry.policy_toml import find_policy
from rolecall.registry.reading import read_registry
from rolecall.ring import SLOTS, slot_of
from rolecall.usecases.reporting.from_night import MOST_EACH
from tests.cloud import ROOT, resources
from tests.nights import Documents, MemoryFiles, MemoryFindings, night

__all__: list[str] = []

# US East (N. Virginia), on demand, as published in November 2026 and before; US dollars.
READ_UNIT, WRITE_UNIT = 0.125e-6, 0.625e-6
TABLE_GB, RESTORE_GB, OBJECT_GB = 0.25, 0.20, 0.023
GB_SECOND, INVOCATION = 0.0000133334, 0.20e-6
TRANSITION, PUT, GET = 25e-6, 5e-6, 0.4e-6
KEY, ALARM, METRIC = 1.00, 0.10, 0.30
"""A month of a key, an alarm and a metric: what a stack costs that does nothing."""
CPU_OF_A_GB = 1 / 1.769
"""Processors that Lambda gives for a GB of memory."""
AUDIT_GB, PLAN_GB, PLAN_FIXED = 1.0, 1.73, 2.0
ENTITY_SECONDS = 0.14
"""What the PDF of an entity takes (bench/report.py)."""
CHANGE = 0.01
"""The share of findings that change in a night that is not quiet."""


class Cost(Struct):
    """What was counted at one size."""

    accounts: int
    findings: int
    batches: int
    entities: int
    registry_units: float
    findings_units: float
    change_units: float
    table_bytes: float
    work_bytes: float
    cpu: float

    def scaled(self, accounts: int) -> Cost:
        """Return the same at another size, everything in proportion."""
        factor = accounts / self.accounts
        whole = {"accounts": accounts}
        for name in ("findings", "batches", "entities"):
            whole[name] = math.ceil(getattr(self, name) * factor)
        names = set(self.__struct_fields__) - whole.keys()
        return Cost(**whole, **{name: getattr(self, name) * factor for name in names})

    def nightly(self) -> dict[str, float]:
        """Return the dollars of one quiet night."""
        seconds = PLAN_FIXED + self.cpu / 2 / (PLAN_GB * CPU_OF_A_GB)
        plan = seconds * PLAN_GB
        audit = self.batches * 1.0 + self.cpu / 2 / (AUDIT_GB * CPU_OF_A_GB) * AUDIT_GB
        return {
            "reading the registry": self.registry_units * READ_UNIT,
            "reading the findings": self.findings_units * READ_UNIT,
            "writing (6 items)": 56 * WRITE_UNIT,
            "Lambda": (plan + audit) * GB_SECOND + (self.batches + 3) * INVOCATION,
            "Step Functions": (self.batches * 2 + 8) * TRANSITION,
            "S3 requests": self.batches * (4 * PUT + 7 * GET) + 30 * PUT,
            "reports of entities": min(MOST_EACH, self.entities)
            * (3 * PUT + ENTITY_SECONDS * PLAN_GB * GB_SECOND),
        }

    def monthly(self, nights: int) -> dict[str, float]:
        """Return the dollars of a month in which a hundredth of the findings changes each night."""
        changes = self.findings * CHANGE * self.change_units / max(1, self.findings) * nights
        return {
            "nights": sum(self.nightly().values()) * nights,
            "changes": changes * WRITE_UNIT,
            "storage": self.table_bytes / 1e9 * (TABLE_GB + RESTORE_GB)
            + 7 * self.work_bytes / 1e9 * OBJECT_GB,
            "keys, alarms, metrics": standing_costs(),
        }


def standing_costs() -> float:
    """Return the dollars of a month of what the template has: keys, alarms, and metrics sent."""
    keys, alarms = (len(resources(f"AWS::{kind}")) for kind in ("KMS::Key", "CloudWatch::Alarm"))
    sent = set()
    for path in sorted((ROOT / "functions").glob("*/handler.py")):
        text = path.read_text(encoding="utf-8")
        sent |= set(re.findall(r'add_metric\(\s*"(\w+)"', text))
        for stem in re.findall(r'add_metric\(\s*f"(\w+)\{', text):
            sent |= {f"{stem}{severity}" for severity in SEVERITIES}
    return keys * KEY + alarms * ALARM + len(sent) * METRIC


def measured(accounts: int) -> Cost:
    """Count everything at one size."""
    with tempfile.TemporaryDirectory() as name:
        generate(accounts, Path(name))
        registry = read_registry(Path(name), AS_OF)
        path = find_policy(Path(name))
        policy = path.read_text(encoding="utf-8") if path else None
    documents = Documents(registry.snapshot, policy)
    findings, files = MemoryFindings(), MemoryFiles()
    as_of = datetime.fromisoformat(f"{AS_OF.isoformat()}T02:00:00+00:00")
    night(documents, findings, files, as_of)
    began = time.process_time()
    night(documents, findings, MemoryFiles(), as_of + timedelta(hours=1))
    cpu = time.process_time() - began
    sizes: defaultdict[str, int] = defaultdict(int)
    for where, data in documents.documents.items():
        sizes[where.partition] += len(data) + len(where.partition) + len(where.key) + 20
    states: defaultdict[int, int] = defaultdict(int)
    units = 0.0
    for state in findings.states.values():
        known = msgspec.json.decode(state, type=FindingState)
        states[slot_of(known.finding.subject) * 16 // SLOTS] += len(state) + 200
        # The state and its two indexes, in a transaction.
        units += 2 * math.ceil((len(state) + 200) / 1_024) * 3
    records = [leaf for leaf in findings.log.leaves() if decode(leaf).action != SEAL]
    # The record, what makes it idempotent, and the record again in the index by entity.
    units += sum(3 * math.ceil((len(leaf) + 150) / 1_024) + 2 for leaf in records)
    batches = sum(1 for one in files.files if "/batches/" in one)
    tracked = (msgspec.json.decode(state, type=FindingState) for state in findings.states.values())
    return Cost(
        accounts=accounts,
        findings=len(findings.states),
        batches=batches,
        entities=len({one.finding.entity for one in tracked}),
        # Who holds what is for the API; no night reads it.
        registry_units=sum(
            math.ceil(size / 4_096) / 2
            for partition, size in sizes.items()
            if not partition.startswith("HOLDERS#")
        ),
        findings_units=float(sum(math.ceil(size / 4_096) for size in states.values())),
        change_units=units,
        table_bytes=sum(sizes.values()) + 3 * sum(states.values()) + 2 * sum(map(len, records)),
        work_bytes=sum(map(len, files.files.values())),
        cpu=cpu,
    )


def show(cost: Cost, nights: int) -> None:
    """Print one size."""
    units = cost.change_units
    print(f"\n{cost.accounts:,} accounts, {cost.findings:,} findings, {cost.batches:,} batches")
    print(f"  first night   {units:,.0f} write units, ${units * WRITE_UNIT:,.4f}")
    for name, dollars in cost.nightly().items():
        print(f"  {name:<22}${dollars:,.6f}")
    print(f"  a quiet night         ${sum(cost.nightly().values()):,.6f}")
    monthly = cost.monthly(nights)
    for name, dollars in monthly.items():
        print(f"  a month: {name:<22}${dollars:,.2f}")
    print(f"  a month                        ${sum(monthly.values()):,.2f}")
    print(
        f"  read units    registry {cost.registry_units:,.0f}, findings {cost.findings_units:,.0f}"
    )
    print(
        f"  GB            tables {cost.table_bytes / 1e9:.3f}, a night {cost.work_bytes / 1e9:.3f}"
    )


def main() -> None:
    """Print every size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, nargs="+", default=[100, 10_000])
    parser.add_argument("--nights", type=int, default=30)
    arguments = parser.parse_args()
    costs = [measured(count) for count in arguments.accounts]
    for cost in (*costs, costs[-1].scaled(1_000_000)):
        show(cost, arguments.nights)


if __name__ == "__main__":
    main()
