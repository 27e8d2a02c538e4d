"""What a definition of the night says that nothing else looks at, as Step Functions has it.

``tests/states`` holds the definition to the Amazon States Language with a program that lets a
misspelled field of a retrier pass, and so does cfn-lint. Step Functions would refuse most of these,
on AWS and nowhere before.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from tests.cloud import ROOT, resources
from tests.rendered import Rendered

(NAME,) = resources("AWS::Serverless::StateMachine")
Definition = dict[str, Any]

# States Language, "Retrying after error", "Fallback states".
RETRIER = {
    "ErrorEquals": list,
    "IntervalSeconds": int,
    "MaxAttempts": int,
    "BackoffRate": (int, float),
    "MaxDelaySeconds": int,
    "JitterStrategy": str,
    "Comment": str,
}
CATCHER = {"ErrorEquals": list, "Next": str, "ResultPath": str, "Comment": str}
# Step Functions Developer Guide, "Using Map state in Distributed mode": what stands in an ARN.
LABEL = re.compile(r"[^\s?*<>{}\[\]:;,\\|^~$#%&`\"\x00-\x1f\x7f-\x9f]{1,40}")


def machine() -> Definition:
    """Return the definition as it is deployed."""
    found: Definition = json.loads(Rendered().definition(NAME))
    return found


def states(of: Mapping[str, Any]) -> Iterator[tuple[str, Definition]]:
    """Yield every state with its name, those of maps too."""
    for name, state in of["States"].items():
        yield name, state
        if "ItemProcessor" in state:
            yield from states(state["ItemProcessor"])


def faults(of: Mapping[str, Any]) -> list[str]:
    """Return what Step Functions would not take, or would take for something else."""
    found = [f"{name}: twice" for name in _twice(name for name, _ in states(of))]
    for name, state in states(of):
        if len(name) > 80:
            found.append(f"{name}: longer than 80 signs")
        if "Label" in state and not LABEL.fullmatch(state["Label"]):
            found.append(f"{name}: {state['Label']} is no label")
        for field, form in (("Retry", RETRIER), ("Catch", CATCHER)):
            found += [f"{name}, {field}: {one}" for one in _of_handlers(state.get(field, []), form)]
    return found


def _twice(names: Iterator[str]) -> set[str]:
    given = list(names)
    return {name for name in given if given.count(name) > 1}


def _of_handlers(handlers: list[Definition], form: Mapping[str, Any]) -> Iterator[str]:
    for place, one in enumerate(handlers):
        wrong = {
            name: value
            for name, value in one.items()
            if isinstance(value, bool) or not isinstance(value, form.get(name, ()))
        }
        yield from (f"{name} is {value!r}" for name, value in wrong.items())
        errors = one.get("ErrorEquals", [])
        if not errors:
            yield "ErrorEquals is not there"
        if "States.ALL" in errors and (len(errors) > 1 or place != len(handlers) - 1):
            yield "States.ALL stands alone, and last"
        if not wrong:
            yield from _of_times(one)


def _of_times(one: Definition) -> Iterator[str]:
    """Yield what is wrong with when it is tried again."""
    first, longest = one.get("IntervalSeconds", 1), one.get("MaxDelaySeconds", 31_622_400)
    if not 0 <= one.get("MaxAttempts", 3) <= 99_999_999:
        yield f"MaxAttempts is {one['MaxAttempts']}"
    if first < 1 or one.get("BackoffRate", 2) < 1:
        yield "it waits for no time, or for less each time"
    if not first < longest <= 31_622_400:
        yield "MaxDelaySeconds is more than IntervalSeconds, and a year at most"
    if one.get("JitterStrategy", "NONE") not in ("FULL", "NONE"):
        yield f"JitterStrategy is {one['JitterStrategy']}"


def test_step_functions_takes_all_of_it() -> None:
    assert faults(machine()) == []


def _retry(of: Definition) -> Definition:
    found: Definition = of["States"]["Plan"]["Retry"][1]
    return found


def _catch(of: Definition) -> Definition:
    found: Definition = of["States"]["Audit"]["Catch"][0]
    return found


@pytest.mark.parametrize(
    "how",
    [
        lambda one: _retry(one).update(IntervalSecond=1),
        lambda one: _retry(one).update(MaxAttempts="3"),
        lambda one: _retry(one).update(MaxAttempts=True),
        lambda one: _retry(one).update(MaxAttempts=-1),
        lambda one: _retry(one).update(IntervalSeconds=0),
        lambda one: _retry(one).update(BackoffRate=0.5),
        lambda one: _retry(one).update(MaxDelaySeconds=5),
        lambda one: _retry(one).update(JitterStrategy="SOME"),
        lambda one: _retry(one).update(ErrorEquals=[]),
        lambda one: _retry(one).update(ErrorEquals=["States.ALL", "PolicyError"]),
        lambda one: one["States"]["Plan"]["Retry"].reverse(),
        lambda one: _catch(one).update(Nxt="Failed"),
        lambda one: _catch(one).update(ErrorEquals="States.ALL"),
        lambda one: one["States"]["Audit"].update(Label="x" * 41),
        lambda one: one["States"]["Audit"].update(Label="all batches"),
        lambda one: one["States"].update(
            {"Audit batch": copy.deepcopy(one["States"]["Seal what there is"])}
        ),
        lambda one: one["States"].update({"x" * 81: one["States"].pop("Failed")}),
    ],
)
def test_what_it_would_not_take_is_found(how: Callable[[Definition], object]) -> None:
    one = machine()
    how(one)
    assert faults(one) != []


# -- what the template puts in ---------------------------------------------------------------------


def test_what_is_put_in_is_what_the_file_asks_for() -> None:
    text = (ROOT / "infra" / "nightly.asl.json").read_text(encoding="utf-8")
    properties = resources("AWS::Serverless::StateMachine")[NAME]["Properties"]
    assert set(re.findall(r"\$\{(\w+)\}", text)) == set(properties["DefinitionSubstitutions"])
    assert "${" not in Rendered().definition(NAME)


def test_what_the_file_asks_for_and_nobody_gives_is_seen() -> None:
    with pytest.raises(KeyError, match="Another"):
        Rendered().substituted('{"Bucket": "${Another}"}', {"WorkBucket": "work"})
