"""The simulation of alarms does what CloudWatch's documentation says of missing data."""

from __future__ import annotations

from typing import Any

import pytest

from tests.infrastructure.cloudwatch import DAY, HOUR, MINUTE, Alarm, World, evaluate, states

METRIC = {"Namespace": "N", "MetricName": "M", "Dimensions": [{"Name": "d", "Value": "v"}]}


def alarm(**changes: Any) -> Alarm:
    return Alarm(
        {
            **METRIC,
            "Statistic": "Sum",
            "Period": 60,
            "EvaluationPeriods": 3,
            "ComparisonOperator": "GreaterThanThreshold",
            "Threshold": 0,
            **changes,
        }
    )


POINTS = {"0": 0.0, "X": 1.0, "-": None}
TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")
KEPT = "retained"
OK, ALARM, NONE = "OK", "ALARM", "INSUFFICIENT_DATA"


@pytest.mark.parametrize(
    ("needed", "points", "expected"),
    [
        # The tables of the documentation: three periods, a range of five.
        (3, "0-X-X", (OK, OK, OK, OK)),
        (3, "----0", (OK, OK, OK, OK)),
        (3, "-----", (NONE, KEPT, ALARM, OK)),
        (3, "0XX-X", (ALARM, ALARM, ALARM, ALARM)),
        (3, "--X--", (ALARM, KEPT, ALARM, OK)),
        (2, "0-X-X", (ALARM, ALARM, ALARM, ALARM)),
        (2, "00X0X", (ALARM, ALARM, ALARM, ALARM)),
        (2, "0-X--", (OK, OK, ALARM, OK)),
        (2, "----0", (OK, OK, ALARM, OK)),
        (2, "----X", (ALARM, KEPT, ALARM, OK)),
        # What is older than the periods decides nothing where there are enough points.
        (3, "XX000", (OK, OK, OK, OK)),
        (3, "0XX0X", (OK, OK, OK, OK)),
    ],
)
def test_states_of_the_documentation(needed: int, points: str, expected: tuple[str, ...]) -> None:
    given = [POINTS[one] for one in points]
    found = tuple(
        evaluate(alarm(DatapointsToAlarm=needed, TreatMissingData=how), given, KEPT)
        for how in TREATMENTS
    )
    assert found == expected


def late(**changes: Any) -> Alarm:
    """Return the alarm that is meant when somebody says: nothing for a day."""
    given = {"Period": DAY, "EvaluationPeriods": 1, "Threshold": 1}
    compared = {"ComparisonOperator": "LessThanThreshold", "TreatMissingData": "breaching"}
    return alarm(**{**given, **compared, **changes})


@pytest.mark.parametrize("more", [2, 3])
def test_a_period_of_a_day_takes_days(more: int) -> None:
    """What was told last stays in the range, and what is missing does not matter until it left."""
    (metric,) = late().metrics
    found = states(late(), {metric: [(0, 1.0)]}, 0, 9 * DAY, World(more))
    changes = {state: at for at, state in found}
    assert changes["ALARM"] == pytest.approx((more + 1) * DAY, abs=2 * MINUTE)


def filled(periods: int) -> Alarm:
    query = {"MetricStat": {"Stat": "Sum", "Period": HOUR, "Metric": METRIC}}
    return Alarm(
        {
            "Metrics": [
                {"Id": "all", "Expression": "FILL(told, 0)", "ReturnData": True},
                {"Id": "told", "ReturnData": False, **query},
            ],
            "EvaluationPeriods": periods,
            "ComparisonOperator": "LessThanThreshold",
            "Threshold": 1,
            "TreatMissingData": "breaching",
        }
    )


@pytest.mark.parametrize("more", [0, 2, 5])
@pytest.mark.parametrize("fills_nothing", [True, False])
def test_what_is_filled_is_not_missing(more: int, fills_nothing: bool) -> None:
    watched = filled(30)
    (metric,) = watched.metrics
    told = {metric: [(10 * HOUR + 40 * MINUTE, 1.0)]}
    world = World(more, fills_nothing)
    found = list(states(watched, told, 10 * HOUR, 99 * HOUR, world))
    # The point stands in an hour of its own, and thirty whole ones follow.
    assert found[-1] == ((11 + 30) * HOUR + 3 * MINUTE, "ALARM")


def test_hours_that_slide() -> None:
    watched = filled(30)
    (metric,) = watched.metrics
    told = {metric: [(10 * HOUR + 40 * MINUTE, 1.0)]}
    *_, last = states(watched, told, 10 * HOUR, 99 * HOUR, World(2, hourly=False))
    assert last == (40 * HOUR + 41 * MINUTE, "ALARM")


def test_another_dimension_is_another_metric() -> None:
    watched = alarm(EvaluationPeriods=1, TreatMissingData="notBreaching")
    (metric,) = watched.metrics
    other = metric._replace(dimensions=frozenset({("d", "w")}))
    assert [state for _, state in states(watched, {other: [(0, 1.0)]}, 0, HOUR, World(2))] == ["OK"]
    heard = [state for _, state in states(watched, {metric: [(0, 1.0)]}, 0, HOUR, World(2))]
    assert heard == ["OK", "ALARM", "OK"]


def test_what_is_not_known_is_refused() -> None:
    unknown = filled(2)
    unknown._expression = "ANOMALY_DETECTION_BAND(told)"
    with pytest.raises(ValueError, match="not known"):
        list(states(unknown, {}, 0, HOUR, World(2)))
    with pytest.raises(AssertionError, match="refuses"):
        filled(8 * 24)


@pytest.mark.parametrize("world", [World(2), World(3, False), World(2, hourly=False)], ids=str)
def test_no_instant_is_passed_over_at_which_the_state_changes(world: World) -> None:
    for watched in (filled(25), late(), alarm(DatapointsToAlarm=2, TreatMissingData="missing")):
        (metric,) = watched.metrics
        told = {metric: [(at * 7 * HOUR + at * 77, float(at % 2)) for at in range(6)]}
        step, state, expected = watched.step(world), "INSUFFICIENT_DATA", []
        for now in range(3 * MINUTE if step == HOUR else 0, 4 * DAY, step):
            after = evaluate(watched, watched.points(told, now, world), state)
            if after != state:
                expected.append((now, after))
                state = after
        assert list(states(watched, told, 0, 4 * DAY, world)) == expected
