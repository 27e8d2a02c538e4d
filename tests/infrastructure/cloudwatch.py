"""How CloudWatch evaluates alarms, written from its documentation.

An alarm looks back over a *range* that is longer than its periods ("Configuring how CloudWatch
alarms treat missing data", how alarm state is evaluated when data is missing): where enough real
data points are in it, the latest of them decide and it does not matter what is missing; else what
is missing counts as the alarm says. ``FILL`` puts a value where a series has none ("Using metric
math"). What the documentation leaves open is a :class:`World`: who simulates tries several.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

__all__ = ["DAY", "HOUR", "MINUTE", "Alarm", "Metric", "Told", "World", "evaluate", "states"]

MINUTE, HOUR, DAY = 60, 3_600, 86_400


class Metric(NamedTuple):
    """What is told of: two that differ in any dimension have nothing to do with each other."""

    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str]]


Told = Mapping[Metric, Sequence[tuple[int, float]]]
"""What was told of each metric, and when: seconds and values, in order."""


class World(NamedTuple):
    """What the documentation leaves open.

    :ivar more: how many periods the range is longer than those of the alarm.
    :ivar fills_nothing: whether FILL makes a series of one without any value in the range.
    :ivar hourly: whether an alarm whose periods are more than a day together is evaluated once an
        hour and up to that hour ("Evaluating an alarm", multi-day alarms), or every minute with
        periods that end then, as others are ("Alarm evaluation window", sliding windows).
    :ivar delay: seconds until something that was told is seen.
    """

    more: int
    fills_nothing: bool = True
    hourly: bool = True
    delay: int = 2 * MINUTE


class _Series(NamedTuple):
    metric: Metric
    statistic: str


_COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
_STATISTICS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "Sum": sum,
    "Maximum": max,
    "Minimum": min,
    "SampleCount": len,
    "Average": lambda values: sum(values) / len(values),
}
_FILL = re.compile(r"FILL\((\w+),\s*(-?\d+(?:\.\d+)?)\)")
Points = list[float | None]


class Alarm:
    """An alarm as the template has it, without intrinsics."""

    def __init__(self, properties: Mapping[str, Any]) -> None:
        if "Metrics" in properties:
            queries = properties["Metrics"]
            (shown,) = [one for one in queries if one.get("ReturnData", True)]
            self._expression: str | None = shown["Expression"]
            self._series = {
                one["Id"]: _series(one["MetricStat"]["Metric"], one["MetricStat"]["Stat"])
                for one in queries
                if "MetricStat" in one
            }
            (self.period,) = {one["MetricStat"]["Period"] for one in queries if "MetricStat" in one}
        else:
            self._expression = None
            self._series = {"": _series(properties, properties["Statistic"])}
            self.period = properties["Period"]
        self.periods = int(properties["EvaluationPeriods"])
        self.needed = int(properties.get("DatapointsToAlarm", self.periods))
        self._compare = _COMPARISONS[properties["ComparisonOperator"]]
        self._threshold = float(properties["Threshold"])
        self.missing = properties.get("TreatMissingData", "missing")
        longest = 7 * DAY if self.period >= HOUR else DAY
        assert self.period * self.periods <= longest, "CloudWatch refuses such an alarm"

    @property
    def metrics(self) -> set[Metric]:
        """What it looks at."""
        return {one.metric for one in self._series.values()}

    def step(self, world: World) -> int:
        """Return the seconds from one evaluation to the next."""
        return HOUR if world.hourly and self.period * self.periods > DAY else MINUTE

    def is_breaching(self, value: float) -> bool:
        """Whether a value is beyond the threshold."""
        return self._compare(value, self._threshold)

    def points(self, told: Told, now: int, world: World) -> Points:
        """Return the data points of the range that ends now, the oldest first."""
        end = now - now % self.step(world)
        count = self.periods + world.more
        begin = end - self.period * count
        series = {
            name: self._of_periods(told, one, begin, count, now - world.delay)
            for name, one in self._series.items()
        }
        if self._expression is None:
            return series[""]
        return _calculated(self._expression, series, world)

    def _of_periods(self, told: Told, series: _Series, begin: int, count: int, seen: int) -> Points:
        """Return the data points of so many periods, of what was told until it was last seen."""
        values: list[list[float]] = [[] for _ in range(count)]
        for at, value in told.get(series.metric, ()):
            period = (at - begin) // self.period
            if 0 <= period < count and at <= seen:
                values[period].append(value)
        statistic = _STATISTICS[series.statistic]
        return [statistic(one) if one else None for one in values]


def _series(metric: Mapping[str, Any], statistic: str) -> _Series:
    dimensions = frozenset((one["Name"], one["Value"]) for one in metric["Dimensions"])
    return _Series(Metric(metric["Namespace"], metric["MetricName"], dimensions), statistic)


def _calculated(expression: str, series: Mapping[str, Points], world: World) -> Points:
    """Calculate an expression of metric math, as far as the template has it."""
    found = _FILL.fullmatch(expression)
    if found is None:
        raise ValueError(f"{expression} is not known here")
    points = series[found[1]]
    if not world.fills_nothing and not any(one is not None for one in points):
        return points
    return [float(found[2]) if one is None else one for one in points]


def evaluate(alarm: Alarm, points: Points, state: str) -> str:
    """Return the state that follows of the data points of a range.

    :param state: which the alarm was in.
    """
    real = [one for one in points if one is not None]
    breaching = [alarm.is_breaching(one) for one in real]
    lacking = alarm.periods - len(real)
    if lacking <= 0:
        return _state(sum(breaching[-alarm.periods :]) >= alarm.needed)
    if alarm.missing == "breaching":
        return _state(sum(breaching) + lacking >= alarm.needed)
    if alarm.missing == "notBreaching":
        return _state(sum(breaching) >= alarm.needed)
    if not real:
        return state if alarm.missing == "ignore" else "INSUFFICIENT_DATA"
    if all(breaching):
        # Nothing in it is well: the documentation calls it avoiding premature transitions.
        return state if alarm.missing == "ignore" else "ALARM"
    return _state(sum(breaching) >= alarm.needed)


def _state(alarming: bool) -> str:
    return "ALARM" if alarming else "OK"


def states(
    alarm: Alarm, told: Told, begin: int, end: int, world: World
) -> Iterator[tuple[int, str]]:
    """Yield every change of state from an alarm's creation on, and when it came."""
    state = "INSUFFICIENT_DATA"
    for now in _instants(alarm, told, begin, end, world):
        after = evaluate(alarm, alarm.points(told, now, world), state)
        if after != state:
            state = after
            yield now, state


def _instants(alarm: Alarm, told: Told, begin: int, end: int, world: World) -> list[int]:
    """Return when the alarm is evaluated, as far as that can find anything new.

    That is when something told is seen, and when it goes on into another period of the range.
    """
    step = alarm.step(world)
    # Some minutes after the hour, as the documentation's own example has it.
    first = begin + (3 * MINUTE if step == HOUR else 0)
    news = {first}
    for metric in alarm.metrics:
        for at, _ in told.get(metric, ()):
            news.add(at + world.delay)
            news |= {at + alarm.period * by for by in range(alarm.periods + world.more + 1)}
    nexts = {first + max(0, -(-(one - first) // step)) * step for one in news}
    return sorted(one for one in nexts | {one + step for one in nexts} if one < end)
