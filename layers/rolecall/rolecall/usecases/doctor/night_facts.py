"""What AWS says of the night: its schedule, its runs, its seals and the alarms over it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct, field

__all__ = [
    "AlarmFacts",
    "EndedExecution",
    "RunFacts",
    "ScheduleFacts",
    "SealFacts",
    "SubscriptionFacts",
]


class ScheduleFacts(Struct, frozen=True, rename="pascal"):
    """The schedule of EventBridge Scheduler."""

    state: str
    schedule_expression: str
    schedule_expression_timezone: str = "UTC"
    target: Mapping[str, Any] = {}


class EndedExecution(Struct, frozen=True, rename="camel"):
    """An execution of the state machine, which may be under way.

    :ivar whole: whether it was asked for everything; of an audit of one entity nothing follows.
    """

    status: str
    start_date: datetime
    stop_date: datetime | None = None
    whole: bool = False


class RunFacts(Struct, frozen=True):
    """A run as the findings table lists it."""

    number: int
    as_of: datetime
    completed: bool


class SealFacts(Struct, frozen=True):
    """The last checkpoint that was published; ``fork`` says what is wrong with what lies there.

    :ivar note: the signed note.
    :ivar until: until when it is locked, in ``mode``.
    """

    note: bytes = b""
    published: datetime | None = None
    mode: str | None = None
    until: datetime | None = None
    fork: str = ""


class AlarmFacts(Struct, frozen=True, rename="pascal"):
    """An alarm of CloudWatch."""

    alarm_name: str
    state_value: str
    alarm_description: str = ""
    actions_enabled: bool = True
    alarm_actions: Sequence[str] = ()
    ok_actions: Sequence[str] = field(default=(), name="OKActions")
    namespace: str = ""
    metric_name: str = ""
    period: int = 0
    evaluation_periods: int = 0
    dimensions: Sequence[Mapping[str, str]] = ()
    metrics: Sequence[Mapping[str, Any]] = ()

    def watched(self) -> set[tuple[str, str, str]]:
        """Return the metrics that it looks at: namespace, name, and the values of dimensions."""
        found = {(self.namespace, self.metric_name, _values(self.dimensions))}
        for one in self.metrics:
            metric = one.get("MetricStat", {}).get("Metric", {})
            name = metric.get("MetricName", "")
            found.add((metric.get("Namespace", ""), name, _values(metric.get("Dimensions", ()))))
        return {one for one in found if one[1]}


class SubscriptionFacts(Struct, frozen=True, rename="pascal"):
    """Who is told of alarms."""

    subscription_arn: str
    protocol: str = ""

    @property
    def is_confirmed(self) -> bool:
        """Whether whoever is to be told has agreed."""
        return self.subscription_arn.startswith("arn:")


def _values(dimensions: Sequence[Mapping[str, str]]) -> str:
    return " ".join(sorted(one.get("Value", "") for one in dimensions))
