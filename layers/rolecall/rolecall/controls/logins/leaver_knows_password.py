"""A password that somebody knows who no longer should."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, Undecided, control
from rolecall.controls.populations import LOGINS
from rolecall.model import Login, Severity


def _may_be_known(login: Login, context: Context, _: Params) -> bool:
    return any(_knows(holder, login, context) for holder in login.holder_ids)


def _unrecorded(logins: Sequence[Login], context: Context) -> Iterator[Undecided]:
    """Yield the logins of which no more is known than that a holder is on no roster."""
    if not context.has_roster:
        return
    for login in logins:
        strange = [one for one in login.holder_ids if _is_unrecorded(one, login, context)]
        if strange and not _knowing(login, context):
            yield login, "a holder is on no roster, and no day of a departure is on record"


def _is_held(login: Login, _context: Context, _: Params) -> bool:
    return bool(login.holder_ids)


@control(
    title="Every password was changed after the last person who knew it went",
    severity="critical",
    rationale=(
        "To take somebody's role away does not make them forget the password. While it stays the "
        "same, nobody can show who used it, and suspicion falls on people who did nothing."
    ),
    remediation="Change the password today, and sign all devices out on the platform.",
    record=(
        "Enter the day in logins.rotated_on, and then take those people out of logins.holder_ids."
    ),
    detail={
        "empty": (
            "{holder_ids} should no longer know the password of {account}, and no change of it is "
            "on record."
        ),
        "unchanged": (
            "{holder_ids} should no longer know the password of {account}, and nothing shows that "
            "it was changed after their service, or their access here, ended (last change: "
            "{rotated_on})."
        ),
    },
    references=References(
        nist=("AC-2", "IA-5", "PS-4"), cis=("6.2",), iso=("A.5.17", "A.6.5"), soc2=("CC6.2",)
    ),
    subjects=LOGINS,
    needs=("logins.holder_ids",),
    partly={
        "logins.rotated_on": _may_be_known,
        "people.id": _is_held,
        "grants.account_id": _is_held,
    },
    undecided=_unrecorded,
    without=(
        "Whoever left knows a password of which no change is on record, whether or not changes "
        "are tracked. Of somebody who serves and only lost a role that is not said. Whose role "
        "ended before the last change is so without a roster (high, as nobody knows who left), and "
        "who left before it without grants. Without the holders nobody knows who knew it."
    ),
)
def leaver_knows_password(logins: Sequence[Login], context: Context, _: Params) -> Iterator[Fail]:
    """Fail a login not changed since a holder went; high where each of them serves still."""
    for login in logins:
        if knowing := _knowing(login, context):
            because = "empty" if login.rotated_on is None else "unchanged"
            evidence = {"because": because, "holder_ids": sorted(knowing)}
            # Without a roster nobody knows that any of them left.
            is_sure = context.has_roster and not knowing <= context.active
            severity: Severity | None = None if is_sure else "high"
            yield Fail(login, {**evidence, "rotated_on": login.rotated_on}, severity)


def _knowing(login: Login, context: Context) -> set[str]:
    """Return the holders who went and know the password, as far as that is proven."""
    knowing = {holder for holder in login.holder_ids if _knows(holder, login, context)}
    if not context.tracks("logins.rotated_on", login.account_id, login.id):
        return knowing - context.active if context.has_roster else set()
    return knowing


def _is_unrecorded(holder: str, login: Login, context: Context) -> bool:
    """Tell whether nothing says that a holder on no roster ever went, and a change is on record.

    Of somebody whose row was deleted when it was time nobody knows the day any more.
    """
    account = login.account_id
    return (
        login.rotated_on is not None
        and holder not in context.people
        and (account, holder) not in context.last_revocations
        and (account, login.id) not in context.snapshot.vaulted
    )


def _knows(holder: str, login: Login, context: Context) -> bool:
    """Tell whether a holder went, and the password is not newer than that.

    A day on which somebody went is what somebody says. The platform's own list shows better who
    was there still; and of a secret in the vault its readers are on record, each of whom knows the
    password that is in force, whatever day is said.
    """
    account = login.account_id
    revoked = context.last_revocations.get((account, holder))
    days = [] if revoked is None else [revoked]
    if context.has_roster and holder not in context.active:
        person = context.people.get(holder)
        # A day that is still to come is not the day on which somebody left.
        if person and person.left_on is not None and person.left_on <= context.today:
            days.append(person.left_on)
    elif revoked is None or any(
        g.person_id == holder for g in context.live_grants.get(account, ())
    ):
        # Who serves and never had a role here, or has one still, may know the password; and who
        # may serve, where there is no roster, is nobody's suspect.
        return False
    if _is_read(login, context) and not _is_steward(holder, login, context):
        return True
    if login.rotated_on is None:
        return True
    if not days:
        # Without grants a day may be missing that is before the change.
        return context.has_grants and not _is_unrecorded(holder, login, context)
    if (listed := context.last_listed(account, holder)) is not None:
        days.append(listed)
    return login.rotated_on <= max(days)


def _is_read(login: Login, context: Context) -> bool:
    """Tell whether the vault knows who reads the secret, and a roster who of them serves."""
    return context.has_roster and (login.account_id, login.id) in context.snapshot.vaulted


def _is_steward(holder: str, login: Login, context: Context) -> bool:
    """Tell whether somebody serves who may read the secret without a role on the account."""
    account = context.accounts.get(login.account_id)
    stewards = context.line_stewards.get(account.entity_id, frozenset()) if account else ()
    return holder in context.active and holder in stewards
