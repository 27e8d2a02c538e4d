"""What was asked of AWS about a deployed stack, and what it answered: all that checks look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from rolecall.ledger.note import VerifierKey
from rolecall.usecases.doctor.answers import Answer
from rolecall.usecases.doctor.night_facts import (
    AlarmFacts,
    EndedExecution,
    RunFacts,
    ScheduleFacts,
    SealFacts,
    SubscriptionFacts,
)
from rolecall.usecases.doctor.policy_document import PolicyStatement
from rolecall.usecases.doctor.resource_facts import (
    AccountLimits,
    ApiFacts,
    DeployedFunction,
    KeyFacts,
    LockFacts,
    OperatedPool,
    PoolUser,
    PublicAccess,
    RecoveryFacts,
    StreamMapping,
    TableFacts,
)

__all__ = ["DeployedStack", "StackState"]


class DeployedStack(Struct, frozen=True, kw_only=True):
    """The stack itself. ``release`` is the one that was deployed, the first where it says none."""

    name: str
    status: str
    reason: str
    release: str
    parameters: Mapping[str, str]
    outputs: Mapping[str, str]

    def parameter(self, name: str, otherwise: str) -> str:
        """Return a parameter, or what an earlier release did that had none of the name."""
        return self.parameters.get(name, otherwise)

    def number(self, name: str, otherwise: int) -> int:
        """Return a parameter that is a number."""
        return int(self.parameters.get(name, otherwise))

    @property
    def uses_its_pool(self) -> bool:
        """Whether people sign in to the stack's own user pool, and to no other issuer."""
        return not self.parameters.get("OidcIssuer")

    @property
    def is_local(self) -> bool:
        """Whether it was deployed as one of an emulator."""
        return self.parameters.get("Local") == "yes"


class StackState(Struct, frozen=True, kw_only=True):
    """A stack as AWS describes it. Mappings go by logical ids, or by what their names say.

    :ivar release: that of the command.
    :ivar now: this instant; ``clock`` is by how many seconds AWS is ahead of it.
    :ivar formats: of each table, the one that this release knows.
    :ivar settings: the variable by which functions know an output, by output.
    :ivar emulated: whether an emulator answered.
    :ivar sts: the address that proofs of callers are signed for.
    """

    stack: DeployedStack
    region: str
    release: str
    now: datetime
    formats: Mapping[str, int]
    settings: Mapping[str, str]
    emulated: bool
    sts: Answer[str]
    clock: Answer[float]
    tables: Mapping[str, Answer[TableFacts]]
    recoveries: Mapping[str, Answer[RecoveryFacts]]
    table_formats: Mapping[str, Answer[int]]
    locks: Answer[LockFacts]
    public_access: Mapping[str, Answer[PublicAccess]]
    bucket_keys: Mapping[str, Answer[str]]
    bucket_policies: Mapping[str, Answer[Sequence[PolicyStatement]]]
    work_expiry: Answer[int]
    oldest_work: Answer[datetime | None]
    keys: Mapping[str, Answer[KeyFacts]]
    rotations: Mapping[str, Answer[bool]]
    key_policies: Mapping[str, Answer[Sequence[PolicyStatement]]]
    signing_key: Answer[VerifierKey]
    seal: Answer[SealFacts | None]
    schedule: Answer[ScheduleFacts]
    executions: Answer[Sequence[EndedExecution]]
    runs: Answer[Sequence[RunFacts]]
    failures: Answer[int]
    machine: Answer[str]
    functions: Mapping[str, Answer[DeployedFunction]]
    reserved: Mapping[str, Answer[int | None]]
    limits: Answer[AccountLimits]
    layers: Mapping[str, Answer[datetime]]
    stream: Answer[StreamMapping]
    log_groups: Mapping[str, Answer[int | None]]
    alarms: Answer[Sequence[AlarmFacts]]
    subscriptions: Answer[Sequence[SubscriptionFacts]]
    dashboard: Answer[str]
    pool: Answer[OperatedPool]
    domain: Answer[str]
    users: Answer[Sequence[PoolUser]]
    offices: Mapping[str, Answer[int]]
    api: Answer[ApiFacts]
    operator: Answer[Sequence[PolicyStatement]]
