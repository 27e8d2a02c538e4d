"""What an operator does with the users of a stack, each step on record before it is done.

A user is made for a person who serves, by the address that stands on the roster. A command that was
interrupted goes on where it was when it is given again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from msgspec.structs import replace

from rolecall.aws.office_administration import take_office
from rolecall.aws.user_directory import OFFICES, UserDirectory
from rolecall.errors import ConflictError
from rolecall.model import Person
from rolecall.usecases.identity.pool_users import StackUser, UserView
from rolecall.usecases.reasons import reason_of

__all__ = ["Added", "add_user", "remove_users", "reset_factor"]

Added: TypeAlias = Literal["invited", "invited again", "enabled", "there"]
_TOTP = "SOFTWARE_TOKEN_MFA"


def add_user(
    there: UserDirectory, person: Person, *, resend: bool = False
) -> tuple[Added, UserView]:
    """Have somebody of the roster invited, or let in again who was stopped.

    :param resend: an invitation that was not taken up.
    :raises ConflictError: they do not serve, or are nobody by their address.
    """
    address = there.address(person)
    user = there.pool.user(address)
    if user is None:
        there.record("user.added", person, address, how="invited")
        return "invited", there.view(there.pool.invite(address), ())
    if not user.is_enabled:
        _check_no_office(there, user)
        there.record("user.added", person, user.name, how="enabled")
        there.pool.enable(user)
        if user.is_invited:
            there.pool.invite(address, again=True)
        return "enabled", there.view(replace(user, is_enabled=True), ())
    if user.is_invited and resend:
        there.record("user.added", person, user.name, how="invited again")
        there.pool.invite(address, again=True)
        return "invited again", there.view(user, ())
    return "there", there.view(user, ())


def remove_users(
    there: UserDirectory,
    views: Sequence[UserView],
    reason: str,
    *,
    delete: bool,
    leave_nobody: bool = False,
) -> None:
    """Have users sign in no more: what they would get another token by ends, and offices do.

    :param leave_nobody: although no officer is left by it.
    :raises ConflictError: it would leave none.
    """
    said = reason_of(reason)
    if any(one.offices for one in views) and not leave_nobody:
        there.check_left(*(one.user.name for one in views))
    for one in views:
        view = one
        for office in one.offices:
            view = take_office(there, view, office, said, leave_nobody=leave_nobody)
        facts = {"reason": said, "deleted": delete}
        there.record("user.removed", view.person, view.user.name, **facts)
        there.pool.stop(view.user)
        if delete:
            there.pool.delete(view.user)


def reset_factor(there: UserDirectory, view: UserView, reason: str) -> None:
    """Have somebody set up a second factor anew when they sign in next; sessions end.

    :raises ConflictError: they have none.
    """
    said = reason_of(reason)
    user = there.pool.user(view.user.name)
    if user is None or _TOTP not in (user.factors or ()):
        raise ConflictError("factor", f"{view.user.email} has no second factor to reset")
    there.record("user.factor_reset", view.person, user.name, reason=said)
    there.pool.forget_factor(user)
    there.pool.end_sessions(user)


def _check_no_office(there: UserDirectory, user: StackUser) -> None:
    for office in OFFICES:
        if user.name in there.pool.members(office):
            raise ConflictError(
                "office",
                f"{user.email} was stopped with an office, and would have it again: "
                f"rolecall users groups {user.email} --take {office} first",
            )
