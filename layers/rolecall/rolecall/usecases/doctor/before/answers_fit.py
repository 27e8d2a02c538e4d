"""Answers that the template does not take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.deployment_answers import DeploymentAnswers
from rolecall.usecases.doctor.deployment_state import DeploymentState

__all__ = ["RANGES", "WORDS", "answers_fit"]

RANGES = {
    "MaxConcurrency": (1, 1_000),
    "NightConcurrency": (0, 1_000),
    "RequestConcurrency": (0, 1_000),
    "BatchBytes": (1_000, 20_000_000),
    "LedgerShards": (1, 256),
    "CheckpointRetentionDays": (0, 36_500),
    "ReportRetentionDays": (0, 36_500),
    "KeptVersions": (1, 100),
    "PlanMemory": (512, 10_240),
}
"""The numbers that the template takes."""
WORDS = {
    "ScheduleState": ("ENABLED", "DISABLED"),
    "Mfa": ("ON", "OPTIONAL"),
    "LogLevel": ("DEBUG", "INFO", "WARNING", "ERROR"),
}
"""The words that it takes, but Local, which is for emulators."""


def _asked(state: DeploymentState) -> Mapping[str, Answer[DeploymentAnswers]]:
    return only(state.answers)


@doctor_check(
    title="The answers are of the kind that the template takes",
    why="CloudFormation refuses others only after everything is built.",
    remedy="Answer again (make deploy asks), or mend samconfig.toml.",
    asks=(),
    subjects=_asked,
)
def answers_fit(_: str, found: DeploymentAnswers, __: DeploymentState) -> Iterator[Complaint]:
    """Look at the answers that are numbers, and at those that are one of a few words."""
    for name, (least, most) in RANGES.items():
        text = found.get(name, str(least))
        if not (text.isdecimal() and least <= int(text) <= most):
            yield Complaint("critical", f"{name} is {text}, and not from {least:,} to {most:,}.")
    for name, words in WORDS.items():
        text = found.get(name, words[0])
        if text not in words:
            yield Complaint("critical", f"{name} is {text}, and not one of {', '.join(words)}.")
    if found.get("Local", "no") != "no":
        yield Complaint("critical", "Local is yes, which leaves out what protects a stack on AWS.")
