"""Pages of sign-in that there are not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer, both, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.resource_facts import OperatedPool
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["pool_domain"]


def _asked(state: StackState) -> Mapping[str, Answer[tuple[OperatedPool, str]]]:
    return only(both(state.pool, state.domain)) if state.stack.uses_its_pool else {}


@doctor_check(
    title="The pages on which people sign in are there",
    why="Without them nobody signs in from the command line.",
    remedy=(
        "Deploy again; a LoginDomain that changes takes two deployments, as a pool has one domain."
    ),
    asks=("cognito-idp:DescribeUserPool", "cognito-idp:DescribeUserPoolDomain"),
    subjects=_asked,
)
def pool_domain(_: str, found: tuple[OperatedPool, str], __: StackState) -> Iterator[Complaint]:
    """Look at the domain of the pool."""
    pool, status = found
    if not pool.domain:
        yield Complaint("critical", "The user pool has no domain: nobody can sign in by browser.")
    elif status not in ("ACTIVE", "UPDATING"):
        yield Complaint("critical", f"The domain of the user pool is {status or 'not there'}.")
