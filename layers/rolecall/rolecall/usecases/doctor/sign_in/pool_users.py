"""Users who cannot sign in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from rolecall.quantity import counted
from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.resource_facts import PoolUser
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["pool_users"]


_INVITATION = timedelta(days=7)


def _asked(state: StackState) -> Mapping[str, Answer[Sequence[PoolUser]]]:
    return only(state.users) if state.stack.uses_its_pool else {}


@doctor_check(
    title="Every user of the pool can sign in",
    why=(
        "A user is known by a verified address; one that is made without it signs in and is "
        "refused."
    ),
    remedy=(
        "rolecall users list shows whom. Once you know that the address is theirs: aws cognito-idp "
        "admin-update-user-attributes --user-attributes Name=email_verified,Value=true. Make users "
        "with rolecall users add, which verifies the address."
    ),
    asks=("cognito-idp:ListUsers",),
    subjects=_asked,
)
def pool_users(_: str, found: Sequence[PoolUser], state: StackState) -> Iterator[Complaint]:
    """Look at the state of every user."""
    # Whoever was removed stays, switched off, as the record of who they were.
    users = [one for one in found if one.enabled]
    unverified = sum(1 for one in users if not one.verified)
    if unverified:
        yield Complaint(
            "warning",
            f"Without a verified address: {unverified:,} of {counted(len(users), 'user')}.",
        )
    late = sum(
        1
        for one in users
        if one.status == "FORCE_CHANGE_PASSWORD" and state.now - one.created > _INVITATION
    )
    if late:
        yield Complaint(
            "note",
            f"Never came, with an invitation that has run out: {late:,} of "
            f"{counted(len(users), 'user')}.",
            "rolecall users add PERSON --resend, or rolecall users remove PERSON.",
        )
