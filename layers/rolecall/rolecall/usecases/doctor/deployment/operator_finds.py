"""A role of the stack that may not find the stack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.policy_document import PolicyStatement
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["operator_finds"]


def _asked(state: StackState) -> Mapping[str, Answer[Sequence[PolicyStatement]]]:
    return only(state.operator)


@doctor_check(
    title="The operator's role may ask for the stack by its name",
    why=(
        "The command line asks by the name of the stack; AWS may hold that against the name "
        "and not against the whole id, and a policy with the id alone then refuses."
    ),
    remedy="Deploy this release: its role names the stack with whatever id it has.",
    asks=("iam:GetRolePolicy",),
    subjects=_asked,
)
def operator_finds(_: str, found: Sequence[PolicyStatement], __: StackState) -> Iterator[Complaint]:
    """Look at what the operator's role may describe."""
    grants = [one for one in found if one.allows and one.covers("cloudformation:DescribeStacks")]
    if not grants:
        yield Complaint("warning", "The operator's role may not describe the stack at all.")
    elif not any(resource.endswith("*") for one in grants for resource in one.resources):
        yield Complaint(
            "warning",
            "The operator's role may describe the stack by its whole id, and the command line asks "
            "by its name: rolecall vault may be refused.",
        )
