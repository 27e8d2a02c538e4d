"""A level of logging that loses lines, or changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.resource_facts import DeployedFunction
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["log_level"]


_ORDER = ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL")


def _asked(state: StackState) -> Mapping[str, Answer[DeployedFunction]]:
    return state.functions


@doctor_check(
    title="What a function logs, and counts, arrives",
    why=(
        "Lambda drops lines below its own level before they are stored, whatever the function "
        "logs; at WARN and above it drops the metrics that alarms look at."
    ),
    remedy="Deploy this release with LogLevel as you want it: it sets both.",
    asks=("lambda:GetFunctionConfiguration",),
    subjects=_asked,
)
def log_level(name: str, found: DeployedFunction, __: StackState) -> Iterator[Complaint]:
    """Hold the two levels of a function against each other."""
    if found.logging_config.log_format != "JSON":
        return
    passes = found.logging_config.application_log_level or "INFO"
    logs = found.variables.get("POWERTOOLS_LOG_LEVEL", "INFO")
    if _ORDER.index(passes) > _ORDER.index("INFO"):
        yield Complaint(
            "critical", f"Lambda drops what {name} counts: it passes on {passes} and worse alone."
        )
    elif logs == "DEBUG" and passes == "INFO":
        yield Complaint("warning", f"{name} logs DEBUG, and Lambda passes on INFO and worse alone.")
    elif logs == "DEBUG":
        yield Complaint(
            "note", f"{name} logs at DEBUG.", "Deploy with LogLevel=INFO when you have seen enough."
        )
