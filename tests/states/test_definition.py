"""Step Functions would take the definition of the night, and what is broken in one is found.

The program is asl-validator, which knows the Amazon States Language by its specification. It is
started once, as that takes seconds: the definition as it is deployed goes in beside those that are
broken on purpose. Without these nobody would know what it looks at.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.cloud import ROOT, resources
from tests.permissions.regions import PLACES
from tests.rendered import Rendered

PROGRAM = ROOT / ".local" / "states" / "node_modules" / "asl-validator"
ASK = """
const validate = require(process.argv[1]);
const given = JSON.parse(require("fs").readFileSync(0, "utf8"));
const found = Object.entries(given).map(([name, one]) => [
  name, validate(one, { checkArn: true, checkPaths: true }).errors.map((error) => error.Message),
]);
process.stdout.write(JSON.stringify(Object.fromEntries(found)));
"""
"""For Node: what is said of each definition that comes in."""
MACHINES = tuple(resources("AWS::Serverless::StateMachine"))

Definition = dict[str, Any]


def _batch(machine: Definition) -> Definition:
    found: Definition = machine["States"]["Audit"]["ItemProcessor"]["States"]["Audit batch"]
    return found


BROKEN: Mapping[str, Callable[[Definition], object]] = {
    "it begins nowhere": lambda one: one.update(StartAt="Begin"),
    "a field that there is not": lambda one: one.update(Timeout=1),
    "a step leads nowhere": lambda one: one["States"]["Plan"].update(Next="Audits"),
    "a step ends and does not say so": lambda one: one["States"]["Report"].pop("End"),
    "a step that nobody comes to": lambda one: one["States"]["Plan"].update(Next="Seal"),
    "a catch leads nowhere": lambda one: one["States"]["Plan"]["Catch"][0].update(Next="Sealed"),
    "a type that there is not": lambda one: one["States"]["Seal"].update(Type="Tsk"),
    "a field of a step that there is not": lambda one: _batch(one).update(TimeoutSecond=900),
    "a step without a resource": lambda one: _batch(one).pop("Resource"),
    "a resource that is none": lambda one: one["States"]["Seal"].update(Resource="lambda:invoke"),
    "no time at all": lambda one: one["States"]["Seal"].update(TimeoutSeconds=0),
    "a path that is none": lambda one: one["States"]["Plan"].update(OutputPath="$.[Payload"),
    "a path without its sign": lambda one: one["States"]["Audit"].update(
        MaxConcurrencyPath="concurrency"
    ),
    "a parameter that is no path": lambda one: one["States"]["Report"]["Parameters"][
        "Payload"
    ].update({"prefix.$": "prefix"}),
    "a map without a reader's resource": lambda one: one["States"]["Audit"]["ItemReader"].pop(
        "Resource"
    ),
    "a map that is distributed otherwise": lambda one: one["States"]["Audit"]["ItemProcessor"][
        "ProcessorConfig"
    ].update(Mode="SPREAD"),
    "two limits of a map": lambda one: one["States"]["Audit"].update(MaxConcurrency=3),
    "more failures than all": lambda one: one["States"]["Audit"].update(
        ToleratedFailurePercentage=101
    ),
    "a batch leads out of its map": lambda one: _batch(one).update(Next="Seal"),
}


@pytest.fixture(scope="module")
def said() -> dict[str, list[str]]:
    """Return what the program says of each definition."""
    (name,) = MACHINES
    given = {place.region: json.loads(Rendered(place=place).definition(name)) for place in PLACES}
    for case, how in BROKEN.items():
        given[case] = json.loads(Rendered().definition(name))
        how(given[case])
    # Nothing is put into its place here: whoever reads the file alone reads no machine.
    given["as in the file"] = json.loads((ROOT / "infra" / "nightly.asl.json").read_bytes())
    assert PROGRAM.is_dir(), "make test-states installs the program"
    done = subprocess.run(
        ["node", "-e", ASK, str(PROGRAM)],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    found: dict[str, list[str]] = json.loads(done.stdout)
    assert found.keys() == given.keys()
    return found


@pytest.mark.parametrize("region", [place.region for place in PLACES])
def test_the_night_is_in_its_language_in_each_partition(
    said: dict[str, list[str]], region: str
) -> None:
    assert said[region] == []


@pytest.mark.parametrize("case", [*BROKEN, "as in the file"])
def test_what_is_broken_is_found(said: dict[str, list[str]], case: str) -> None:
    assert said[case] != []
