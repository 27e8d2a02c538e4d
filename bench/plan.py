"""Plans a night over a million accounts: memory, balance of the batches, time.

Usage: python bench/plan.py [--accounts 1000000]

The registry is made up while it is read, so that nothing but the plan takes memory: per account
three grants, one and a half people and a login, an entity for every twenty accounts, observations
of 30%. Exits with 1 when a promise is not kept.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from rolecall.model import TABLES
from rolecall.registry.documents import Settings
from rolecall.registry.schema import columns
from rolecall.usecases.governance.decisions import AcceptedWaivers
from rolecall.usecases.runs.plan import Plan

__all__: list[str] = []

MOST_BYTES = 512 * 2**20
MOST_UNEVEN = 0.10
_PER_ENTITY = 20
_PEOPLE = 30


class Made:
    """A registry that is made up as it is read."""

    def __init__(self, accounts: int) -> None:
        self.entities_ = max(1, accounts // _PER_ENTITY)

    def settings(self) -> Settings:
        """Return settings that track every column."""
        return Settings(tuple(f"{table}.{name}" for table in TABLES for name in columns(table)))

    def entities(self) -> Iterator[bytes]:
        """Yield the entities: a tree of eight children each."""
        for number in range(self.entities_):
            parent = f',"parent_id":"e{(number - 1) // 8}"' if number else ""
            yield (
                f'{{"id":"e{number}","name":"Entity {number}","head_id":"p{number * _PEOPLE}",'
                f'"it_delegate_ids":["p{number * _PEOPLE + 1}"]{parent}}}'
            ).encode()

    def people(self) -> Iterator[bytes]:
        """Yield the people."""
        for number in range(self.entities_ * _PEOPLE):
            status = "left" if number % 50 == 49 else "active"
            yield (
                f'{{"id":"p{number}","name":"Person {number}","status":"{status}",'
                f'"email":"p{number}@diocese.example","type":"volunteer",'
                f'"entity_id":"e{number // _PEOPLE}",'
                f'"supervisor_id":"p{number // _PEOPLE * _PEOPLE}",'
                '"clearance_level":"C","clearance_expires":"2027-01-31","trained_on":"2026-05-04",'
                '"policy_version":"2026-1","policy_acknowledged_on":"2026-05-05"}'
            ).encode()

    def accepted(self) -> AcceptedWaivers:
        """Return what was accepted: nothing."""
        return AcceptedWaivers()

    def accounts(self, entities: Sequence[str]) -> Iterator[bytes]:
        """Yield the accounts."""
        del entities
        for number in range(self.entities_ * _PER_ENTITY):
            entity = number // _PER_ENTITY
            people = [f"p{entity * _PEOPLE + (number * 7 + k * 3) % _PEOPLE}" for k in range(6)]
            grants = ",".join(
                f'{{"account_id":"a{number}","person_id":"{people[k]}","role":"{role}",'
                f'"granted_on":"2025-02-03","requested_by":"{people[4]}","approved_by":"{people[5]}",'
                '"last_used_on":"2026-10-30","attested_on":"2026-09-01"}'
                for k, role in enumerate(("owner", "admin", "manager"))
            )
            yield (
                f'{{"account":{{"id":"a{number}","entity_id":"e{entity}","platform":"facebook",'
                f'"handle":"page{number}","status":"active","owner_id":"{people[0]}",'
                f'"approved_by":["{people[3]}"],"login_email":"page{number}@diocese.example",'
                f'"recovery_person_id":"{people[1]}","removal_path":"head",'
                f'"removal_tested_on":"2026-06-01","last_post_on":"2026-10-30",'
                f'"post_approver_ids":["{people[0]}","{people[2]}"],'
                f'"crisis_contact_ids":["{people[3]}","{people[4]}"],"archive":true}},'
                f'"grants":[{grants}],"logins":[{{"id":"l{number}","account_id":"a{number}",'
                f'"storage":"vault","holder_ids":["{people[0]}"],"rotated_on":"2026-08-01",'
                f'"mfa":"app","strength":4,"fingerprint":"f{number % 990_000}"}}]}}'
            ).encode()

    def home_of(self, _: str) -> str | None:
        """Return nothing: no account is there twice."""
        return None

    def seen(self) -> Iterator[bytes]:
        """Yield the observations."""
        for number in range(0, self.entities_ * _PER_ENTITY, 3):
            yield (
                f'{{"rows":[{{"platform":"facebook","handle":"page{number}",'
                f'"observed_on":"2026-11-01","person_email":"p{number}@diocese.example"}}]}}'
            ).encode()


def main() -> int:
    """Plan, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=1_000_000)
    accounts = parser.parse_args().accounts
    began, cpu = time.perf_counter(), time.process_time()
    with tempfile.TemporaryDirectory() as scratch:
        plan = Plan(Made(accounts), Path(scratch))
        loaded = time.perf_counter()
        weights, size, largest = [], 0, 0
        for part, data in zip(plan.batches, plan.documents(), strict=True):
            weights.append(sum(plan.weights[part.start : part.stop]))
            size += len(data)
            largest = max(largest, len(data))
        disk = sum(path.stat().st_size for path in Path(scratch).iterdir())
        plan.close()
    msgspec.json.decode(data)
    ended = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    mean = sum(weights) / len(weights)
    uneven = max(abs(weight - mean) for weight in weights) / mean
    rows = ", ".join(f"{count:,} {table}" for table, count in plan.rows.items() if count)
    print(rows)
    print(f"{len(weights):,} batches of {mean / 1e6:.2f} MB, at most {uneven:.1%} off the mean")
    print(f"written   {size / 1e9:.2f} GB, the largest {largest / 1e6:.2f} MB")
    print(f"disk      {disk / 1e9:.2f} GB")
    print(f"time      {ended - began:.0f} s, {loaded - began:.0f} s of it reading")
    print(f"CPU       {time.process_time() - cpu:.0f} s")
    print(f"peak      {peak / 2**20:.0f} MiB")
    kept = peak < MOST_BYTES and uneven <= MOST_UNEVEN
    print("every promise is kept" if kept else "a promise is not kept")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
