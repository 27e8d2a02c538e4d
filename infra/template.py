"""Reads template.yaml, and says what its parameters take, each alone and together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

__all__ = ["TemplateLoader", "broken_rules", "condition_holds", "fault_of", "read_template"]


# What libyaml reads is the same, in an eighth of the time.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class TemplateLoader(_Loader):  # type: ignore[misc]
    """Reads CloudFormation's short forms as their long ones."""


def _intrinsic(loader: Any, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        if suffix == "GetAtt":
            value = value.split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)  # noqa: S101 - YAML has no other nodes.
        value = loader.construct_mapping(node, deep=True)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


TemplateLoader.add_multi_constructor("!", _intrinsic)


def read_template(path: Path) -> dict[str, Any]:
    """Return a template as data."""
    found: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), TemplateLoader)  # noqa: S506
    return found


def fault_of(parameter: Mapping[str, Any], value: str) -> str | None:
    """Return what is wrong with a value, as CloudFormation would find it; ``None`` for nothing."""
    told = parameter.get("ConstraintDescription")
    if parameter["Type"] == "Number":
        return _fault_of_number(parameter, value)
    allowed = parameter.get("AllowedValues")
    if allowed is not None and value not in [str(one) for one in allowed]:
        return f"one of {', '.join(map(str, allowed))}"
    if len(value) > parameter.get("MaxLength", len(value)):
        return told or f"at most {parameter['MaxLength']} signs"
    # Patterns are held against the whole, and against each part of a list.
    parts = value.split(",") if parameter["Type"] == "CommaDelimitedList" else [value]
    pattern = parameter.get("AllowedPattern", ".*")
    if not all(re.fullmatch(pattern, part) for part in parts):
        return told or f"what matches {pattern}"
    return None


def _fault_of_number(parameter: Mapping[str, Any], value: str) -> str | None:
    if not re.fullmatch("[0-9]+", value):
        return "a whole number"
    allowed = parameter.get("AllowedValues")
    if allowed is not None and int(value) not in allowed:
        return f"one of {', '.join(map(str, allowed))}"
    least, most = parameter.get("MinValue", 0), parameter.get("MaxValue")
    if int(value) < least or (most is not None and int(value) > most):
        return f"{least} to {most}"
    return None


def condition_holds(
    condition: Any, conditions: Mapping[str, Any], value: Callable[[Any], Any]
) -> bool:
    """Return whether a condition of a template holds.

    :param condition: its name, or what it says.
    :param value: returns what a part of the template comes to.
    :raises ValueError: it says what is not known here.
    """

    def holds(one: Any) -> bool:
        return condition_holds(one, conditions, value)

    if isinstance(condition, str):
        return holds(conditions[condition])
    ((name, said),) = condition.items()
    match name:
        case "Condition":
            return holds(said)
        case "Fn::Not":
            return not holds(said[0])
        case "Fn::And":
            return all(map(holds, said))
        case "Fn::Or":
            return any(map(holds, said))
        case "Fn::Equals":
            first, second = map(value, said)
            return str(first) == str(second)
        case _:
            raise ValueError(f"{name} is not known here")


def broken_rules(template: Mapping[str, Any], given: Mapping[str, str]) -> Iterator[str]:
    """Yield what the rules of a template say against parameters, as CloudFormation would.

    :param given: all parameters.
    """

    def value(node: Any) -> Any:
        return given[node["Ref"]] if isinstance(node, dict) else node

    conditions = template.get("Conditions", {})
    for rule in template.get("Rules", {}).values():
        if "RuleCondition" in rule and not condition_holds(
            rule["RuleCondition"], conditions, value
        ):
            continue
        for one in rule["Assertions"]:
            if not condition_holds(one["Assert"], conditions, value):
                yield str(one["AssertDescription"])
