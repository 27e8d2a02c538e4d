"""A function that knows another stack than its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.resource_facts import DeployedFunction
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["function_settings"]


_NEVER = ("LogName", "Organisation", "SigningKeyArn", "VaultKeyArn", "FingerprintKeyArn")


def _asked(state: StackState) -> Mapping[str, Answer[DeployedFunction]]:
    return state.functions


@doctor_check(
    title="Every function has the settings of the stack",
    why=(
        "A function under another LogName, organisation or key seals another log, or opens no "
        "secret; somebody who changes its variables can send what it writes elsewhere."
    ),
    remedy="Deploy again, and look in CloudTrail who changed the function.",
    asks=("lambda:GetFunctionConfiguration",),
    subjects=_asked,
)
def function_settings(name: str, found: DeployedFunction, state: StackState) -> Iterator[Complaint]:
    """Hold the variables of a function against the outputs of the stack."""
    for output, variable in state.settings.items():
        there, wanted = found.variables.get(variable), state.stack.outputs.get(output)
        if there is not None and wanted is not None and there != wanted:
            yield Complaint(
                "critical"
                if output in _NEVER or output.endswith(("Table", "Bucket"))
                else "warning",
                f"{name} works with {variable} {there}, and {output} is {wanted}.",
            )
