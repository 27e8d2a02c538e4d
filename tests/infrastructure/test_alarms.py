"""Every alarm of the template rings when it should, and at no other time: in a simulation."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import cache

import pytest

from tests.infrastructure.cloudwatch import DAY, HOUR, MINUTE, Alarm, Metric, Told, World, states
from tests.rendered import Rendered

NIGHTS = range(0, 5 * DAY, DAY)
BEGUN = 3 * HOUR + 30 * MINUTE
"""When a night is started, in seconds of its day."""
TOOK = 10 * MINUTE
END = 9 * DAY
LATE = frozenset({"RunLate", "SealLate"})
"""The alarms of what does not come."""
BROKE = 4 * DAY + 12 * HOUR
"""When something goes wrong, where that takes a moment."""

WORLDS = [
    World(more, fills_nothing, hourly)
    for more in (2, 5)
    for fills_nothing in (True, False)
    for hourly in (True, False)
]

Points = dict[Metric, list[tuple[int, float]]]


@cache
def rendered() -> Rendered:
    return Rendered()


@cache
def alarms() -> dict[str, Alarm]:
    """Return the alarms of the template."""
    return {
        name.removesuffix("Alarm"): Alarm(one["Properties"])
        for name, one in rendered().resources.items()
        if one["Type"] == "AWS::CloudWatch::Alarm"
    }


# -- what is told ----------------------------------------------------------------------------------


def of_function(name: str, metric: str) -> Metric:
    """Return a metric that a function tells by itself, as its environment has it."""
    settings = rendered().resources[f"{name}Function"]["Properties"]["Environment"]["Variables"]
    service = settings.get("POWERTOOLS_SERVICE_NAME", "nightly")
    dimensions = {("stack", "rolecall"), ("service", service)}
    return Metric("Rolecall", metric, frozenset(dimensions))


def of_service(namespace: str, metric: str, dimension: str, value: str) -> Metric:
    return Metric(f"AWS/{namespace}", metric, frozenset({(dimension, value)}))


RUNS = ("Seal", "RunsCompleted")
SEALS = ("Seal", "Sealed")


def ordinary(nights: Iterable[int] = NIGHTS, took: int = TOOK) -> Points:
    """Return what is told while all is well: nights, and requests all day."""
    told: Points = {}
    for night in nights:
        at = night + BEGUN + took
        for function, metric in (RUNS, SEALS):
            told.setdefault(of_function(function, metric), []).append((at, 1.0))
        told.setdefault(of_function("Audit", "OpenedCritical"), []).append((at, 0.0))
        told.setdefault(machine("ExecutionsSucceeded"), []).append((at, 1.0))
        told.setdefault(machine("ExecutionsFailed"), []).append((at, 0.0))
        told.setdefault(machine("ExecutionsTimedOut"), []).append((at, 0.0))
    for at in range(0, END, 6 * HOUR):
        for metric, value in (("VaultRequests", 1.0), ("VaultDenied", 1.0)):
            told.setdefault(of_function("Credential", metric), []).append((at, value))
        for metric in ("VaultUnreadable", "VaultFailures"):
            told.setdefault(of_function("Credential", metric), []).append((at, 0.0))
        told.setdefault(of_function("Api", "ApiFailures"), []).append((at, 0.0))
        told.setdefault(gateway("5xx"), []).append((at, 0.0))
        # Somebody asks for what is not there, or may not: that is nobody's failure.
        told.setdefault(gateway("4xx"), []).append((at, 1.0))
        told.setdefault(queue(), []).append((at, 0.0))
        for function in ("Api", "Credential", "Revoke", "Audit"):
            for metric in ("Errors", "Throttles"):
                told.setdefault(of_lambda(function, metric), []).append((at, 0.0))
    return told


def machine(metric: str) -> Metric:
    return of_service("States", metric, "StateMachineArn", rendered().arn("StateMachine"))


def gateway(metric: str) -> Metric:
    return of_service("ApiGateway", metric, "ApiId", rendered().physical("Gateway"))


def of_lambda(function: str, metric: str) -> Metric:
    return of_service("Lambda", metric, "FunctionName", rendered().physical(f"{function}Function"))


def queue() -> Metric:
    metric = "ApproximateNumberOfMessagesVisible"
    name = rendered().value({"Fn::GetAtt": ["FailureQueue", "QueueName"]})
    return of_service("SQS", metric, "QueueName", name)


def once(metric: Metric) -> Callable[[], Points]:
    """Return a world in which all is well, and then something is told once."""

    def told() -> Points:
        points = ordinary(range(0, END, DAY))
        points[metric] = sorted([*points.get(metric, []), (BROKE, 1.0)])
        return points

    return told


INCIDENTS: dict[str, tuple[Callable[[], Points], set[str]]] = {
    "a night failed": (once(machine("ExecutionsFailed")), {"RunFailed"}),
    "a night took too long": (once(machine("ExecutionsTimedOut")), {"RunTimedOut"}),
    "a critical finding": (once(of_function("Audit", "OpenedCritical")), {"CriticalOpened"}),
    "a night could not be started": (once(queue()), {"QueueNotEmpty"}),
    "a secret was changed": (
        once(of_function("Credential", "VaultUnreadable")),
        {"VaultUnreadable"},
    ),
    "the vault failed": (once(of_function("Credential", "VaultFailures")), {"VaultFailed"}),
    "a report could not be made": (once(of_function("Report", "ReportsFailed")), {"ReportFailed"}),
    "the gateway had no answer": (once(gateway("5xx")), {"ApiFailed"}),
    "no night ran": (ordinary, set(LATE)),
    **{
        f"{function} {word}": (once(of_lambda(function, metric)), {f"{name}{ends}"})
        for function, name in (("Api", "Api"), ("Credential", "Vault"), ("Revoke", "Revoke"))
        for metric, word, ends in (
            ("Errors", "crashed or timed out", "Broken"),
            ("Throttles", "had no execution left", "Throttled"),
        )
    },
}
"""What goes wrong, and which alarms ring: these and no other."""


def ringing(told: Told, world: World, names: Collection[str] | None = None) -> dict[str, int]:
    """Return which alarms ring, and when first.

    :param names: of those that are asked about; all.
    """
    found = {}
    for name in names or alarms():
        changes = states(alarms()[name], told, DAY, END, world)
        rings = (at for at, state in changes if state == "ALARM")
        first = next(rings, None)
        if first is not None:
            found[name] = first
    return found


def test_every_alarm_has_an_incident_in_which_it_rings() -> None:
    assert set().union(*(ring for _, ring in INCIDENTS.values())) == set(alarms())


@pytest.mark.parametrize("what", INCIDENTS)
def test_an_incident_rings_its_alarms_and_no_other(what: str) -> None:
    told, expected = INCIDENTS[what]
    found = ringing(told(), WORLDS[0])
    assert set(found) == expected
    if not expected & LATE:
        assert all(BROKE <= at <= BROKE + 10 * MINUTE for at in found.values()), found


@pytest.mark.parametrize("world", WORLDS, ids=str)
def test_while_all_is_well_nothing_rings(world: World) -> None:
    assert ringing(ordinary(range(0, END, DAY)), world) == {}


# -- a night that did not run ----------------------------------------------------------------------


@pytest.mark.parametrize("world", WORLDS, ids=str)
def test_a_night_that_does_not_run_rings_within_26_hours(world: World) -> None:
    """Whenever the schedule stopped: of the last that was told, and sooner of what was missed."""
    for hour in range(24):
        stopped = 3 * DAY + hour * HOUR
        nights = [night for night in range(0, END, DAY) if night + BEGUN < stopped]
        found = ringing(ordinary(nights), world, LATE)
        assert set(found) == LATE, hour
        last, missed = nights[-1] + BEGUN + TOOK, nights[-1] + DAY + BEGUN
        for at in found.values():
            assert last + DAY < at <= last + 26 * HOUR
            assert missed < at <= missed + 3 * HOUR
            assert at <= stopped + 26 * HOUR


@pytest.mark.parametrize("world", WORLDS, ids=str)
def test_it_rings_at_whatever_minute_the_last_night_ended(world: World) -> None:
    for minute in range(0, 60, 7):
        found = ringing(ordinary(took=minute * MINUTE), world, LATE)
        last = NIGHTS[-1] + BEGUN + minute * MINUTE
        assert set(found) == LATE, minute
        for at in found.values():
            # The evaluation comes some minutes after its hour.
            assert last + DAY < at <= last + 26 * HOUR + 3 * MINUTE


@pytest.mark.parametrize("world", WORLDS, ids=str)
def test_a_night_may_take_50_minutes_longer_than_the_one_before(world: World) -> None:
    for took in range(0, 60, 7):
        told = ordinary(took=took * MINUTE)
        slow = ordinary(range(5 * DAY, END, DAY), took=(50 + took) * MINUTE)
        for metric, points in slow.items():
            told[metric] = sorted({*told.get(metric, []), *points})
        assert ringing(told, world, LATE) == {}, took


@pytest.mark.parametrize("world", WORLDS, ids=str)
def test_audits_of_one_entity_do_not_silence_it(world: World) -> None:
    told = ordinary()
    limited = of_function("Seal", "LimitedRunsCompleted")
    told[limited] = [(at, 1.0) for at in range(NIGHTS[-1], END, 2 * HOUR)]
    # Each of them is sealed, and so the log is not late.
    told[of_function(*SEALS)] += [(at, 1.0) for at in range(NIGHTS[-1] + DAY, END, 2 * HOUR)]
    assert set(ringing(told, world, LATE)) == {"RunLate"}


@pytest.mark.parametrize("world", WORLDS, ids=str)
def test_nights_that_are_not_sealed_ring(world: World) -> None:
    told = ordinary(range(0, END, DAY))
    told[of_function(*SEALS)] = [one for one in told[of_function(*SEALS)] if one[0] < 5 * DAY]
    assert set(ringing(told, world, LATE)) == {"SealLate"}


@pytest.mark.parametrize("world", WORLDS, ids=str)
def test_before_the_first_night_it_rings_and_after_it_no_more(world: World) -> None:
    """Whoever deploys sees the alarm once, and that it ends with the first night."""
    for name in LATE:
        told = ordinary(range(2 * DAY, END, DAY))
        changes = list(states(alarms()[name], told, DAY, END, world))
        assert [state for _, state in changes] == ["ALARM", "OK"]
        assert changes[0][0] <= DAY + HOUR
        first = 2 * DAY + BEGUN + TOOK
        assert first < changes[1][0] <= first + HOUR
