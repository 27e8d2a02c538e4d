"""What was asked about a deployment that is still to come: all that its checks look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from rolecall.usecases.doctor.answers import Answer
from rolecall.usecases.doctor.deployment_answers import DeploymentAnswers
from rolecall.usecases.doctor.resource_facts import AccountLimits
from rolecall.usecases.doctor.stack_state import DeployedStack

__all__ = ["DeploymentState"]


class DeploymentState(Struct, frozen=True, kw_only=True):
    """An account and the answers for it.

    :ivar answers: unanswered where there is no file of them; the name and region are then those
        that were given otherwise.
    :ivar caller: the ARN of whoever asks.
    :ivar deployed: the stack of that name, where there is one.
    :ivar spec: whether the region makes keys of Ed25519.
    :ivar leftovers: what lies there under names that a new stack wants, by kind.
    :ivar domain: the status of the domain of sign-in that a new stack wants.
    """

    name: str
    region: str
    now: datetime
    answers: Answer[DeploymentAnswers]
    caller: Answer[str]
    sts: Answer[str]
    clock: Answer[float]
    limits: Answer[AccountLimits]
    deployed: Answer[DeployedStack | None]
    spec: Answer[bool]
    leftovers: Mapping[str, Answer[Sequence[str]]]
    domain: Answer[str]

    @property
    def given(self) -> DeploymentAnswers:
        """What was answered; nothing where nothing was, which leaves the defaults."""
        return self.answers if isinstance(self.answers, DeploymentAnswers) else DeploymentAnswers()

    @property
    def parameters(self) -> Mapping[str, str]:
        """What was answered, by the names of parameters."""
        return self.given.parameters
