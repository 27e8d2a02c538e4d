"""A password that somebody knows who no longer should."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import LOGINS
from rolecall.model import Login


def _may_be_known(login: Login, context: Context) -> bool:
    return any(_knows(holder, login, context) for holder in login.holder_ids)


@control(
    title="Every password was changed after the last person who knew it went",
    severity="critical",
    rationale=(
        "To take somebody's role away does not make them forget the password. While it stays the "
        "same, nobody can show who used it, and suspicion falls on people who did nothing."
    ),
    remediation=(
        "Change the password today, sign all devices out on the platform, and fill in rotated_on. "
        "Then take those people out of holder_ids."
    ),
    detail={
        "empty": (
            "{holder_ids} should no longer know login {login} of {account}, and no change of its "
            "password is on record."
        ),
        "unchanged": (
            "{holder_ids} should no longer know login {login} of {account}, and nothing shows that "
            "its password was changed after they went (last change: {rotated_on})."
        ),
    },
    references=References(nist=("IA-5", "PS-4")),
    subjects=LOGINS,
    needs=("logins.holder_ids",),
    partly={"logins.rotated_on": _may_be_known},
    without=(
        "Whoever left knows a password of which no change is on record, whether or not changes "
        "are tracked. Of somebody who serves and only lost a role that is not said. Without the "
        "holders nobody knows who knew it."
    ),
)
def leaver_knows_password(logins: Sequence[Login], context: Context, _: Params) -> Iterator[Fail]:
    """Fail a login that was not changed since one of its holders went."""
    for login in logins:
        knowing = {holder for holder in login.holder_ids if _knows(holder, login, context)}
        if not context.tracks("logins.rotated_on", login.account_id, login.id):
            knowing -= context.active
        if knowing:
            because = "empty" if login.rotated_on is None else "unchanged"
            evidence = {"because": because, "holder_ids": sorted(knowing)}
            yield Fail(login, {**evidence, "rotated_on": login.rotated_on})


def _knows(holder: str, login: Login, context: Context) -> bool:
    """Tell whether a holder went, and the password is not newer than that.

    A day on which somebody went is what somebody says. The platform's own list shows better who
    was there still; and of a secret in the vault its readers are on record, each of whom knows the
    password that is in force, whatever day is said.
    """
    account = login.account_id
    revoked = context.last_revocations.get((account, holder))
    days = [] if revoked is None else [revoked]
    if holder not in context.active:
        person = context.people.get(holder)
        # A day that is still to come is not the day on which somebody left.
        if person and person.left_on is not None and person.left_on <= context.today:
            days.append(person.left_on)
    elif revoked is None or any(
        g.person_id == holder for g in context.live_grants.get(account, ())
    ):
        # Who serves and never had a role here, or has one still, may know the password.
        return False
    if (account, login.id) in context.snapshot.vaulted and not _is_steward(holder, login, context):
        return True
    if login.rotated_on is None or not days:
        return True
    if (listed := context.last_listed(account, holder)) is not None:
        days.append(listed)
    return login.rotated_on <= max(days)


def _is_steward(holder: str, login: Login, context: Context) -> bool:
    """Tell whether somebody serves who may read the secret without a role on the account."""
    account = context.accounts.get(login.account_id)
    stewards = context.line_stewards.get(account.entity_id, frozenset()) if account else ()
    return holder in context.active and holder in stewards
