"""A stack of another release than the command."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.stack_state import DeployedStack, StackState

__all__ = ["release_deployed"]


def _numbers(release: str) -> tuple[int, ...]:
    return tuple(int(part) for part in release.split(".") if part.isdecimal())


def _asked(state: StackState) -> Mapping[str, Answer[DeployedStack]]:
    return only(state.stack)


@doctor_check(
    title="The stack runs the release of this command",
    why=(
        "A command knows the tables of its own release and of earlier ones; functions of an "
        "earlier release lack what was mended since."
    ),
    remedy=(
        "Deploy this release (make deploy), then rolecall upgrade; docs/upgrade.md has the order."
    ),
    asks=("cloudformation:DescribeStacks",),
    subjects=_asked,
)
def release_deployed(_: str, found: DeployedStack, state: StackState) -> Iterator[Complaint]:
    """Hold the release of the stack against this one."""
    if found.release == state.release:
        return
    if _numbers(found.release) > _numbers(state.release):
        yield Complaint(
            "warning",
            f"The stack runs release {found.release}, which is later than this command "
            f"({state.release}).",
            f"Use release {found.release} of the command: this one does not know all that it "
            "should look at.",
        )
    else:
        yield Complaint(
            "warning", f"The stack runs release {found.release}; this command is {state.release}."
        )
