"""Users who cannot sign in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.resource_facts import PoolUser
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["pool_users"]


_INVITATION = timedelta(days=7)


def _asked(state: StackState) -> Mapping[str, Answer[Sequence[PoolUser]]]:
    return only(state.users)


@doctor_check(
    title="Every user of the pool can sign in",
    why=(
        "A user is known by a verified address; one that is made without it signs in and is "
        "refused."
    ),
    remedy=(
        "aws cognito-idp admin-update-user-attributes --user-attributes "
        "Name=email_verified,Value=true, once you know that the address is theirs."
    ),
    asks=("cognito-idp:ListUsers",),
    subjects=_asked,
)
def pool_users(_: str, found: Sequence[PoolUser], state: StackState) -> Iterator[Complaint]:
    """Look at the state of every user."""
    unverified = sum(1 for one in found if not one.verified)
    if unverified:
        yield Complaint(
            "warning", f"{unverified:,} of {len(found):,} users have no verified address."
        )
    late = sum(
        1
        for one in found
        if one.status == "FORCE_CHANGE_PASSWORD" and state.now - one.created > _INVITATION
    )
    if late:
        yield Complaint(
            "note",
            f"{late:,} of {len(found):,} users never came, and their invitation has run out.",
            "aws cognito-idp admin-create-user --message-action RESEND, or take the user away.",
        )
