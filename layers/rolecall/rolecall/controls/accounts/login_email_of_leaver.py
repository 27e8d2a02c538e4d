"""An account that is registered with the mailbox of somebody who went."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, Undecided, control
from rolecall.controls.populations import OPEN_ACCOUNTS
from rolecall.keys.addresses import is_unread
from rolecall.model import Account


def _unreadable(accounts: Sequence[Account], context: Context) -> Iterator[Undecided]:
    mailboxes = context.login_mailboxes
    for account in accounts:
        if account.login_email is None:
            yield account, "login_email is empty"
        elif (mailbox := mailboxes[account.id]) is None:
            yield account, "login_email hides a part of the address"
        elif is_unread(mailbox) and mailbox not in context.mailboxes_on_roster:
            yield account, "login_email is not one address that can be read"


@control(
    title="No account is registered with the mailbox of somebody who does not serve",
    severity="critical",
    rationale=(
        "Password resets go to that mailbox. Once it is closed nobody gets in any more, and as "
        "long as somebody reads it the account is theirs, whatever was done about roles. It is a "
        "burden for whoever left as well."
    ),
    remediation=(
        "Change the login address on the platform to a mailbox of the organisation that two people "
        "can reach. Let the old mailbox be closed only after that, or resets get lost."
    ),
    record="Enter the new address in accounts.login_email.",
    detail={
        "left": (
            "The login address is the mailbox of {person_ids}, and of nobody who is active on the "
            "roster."
        ),
        "suspended": (
            "The login address is the mailbox of {person_ids}, whose service is suspended, and of "
            "nobody who is active. A suspension is not a judgement: somebody else should get the "
            "resets meanwhile."
        ),
    },
    references=References(
        nist=("AC-2", "PS-4"),
        cis=("6.2",),
        iso=("A.5.18", "A.6.5"),
        soc2=("CC6.2",),
        practice=(
            "CISA, Capacity Enhancement Guide on social media accounts, 2021: safeguard the "
            "mailboxes that are connected to them",
        ),
    ),
    subjects=OPEN_ACCOUNTS,
    needs=("accounts.login_email", "people.email"),
    without=(
        "A login address belongs to somebody only by the roster's addresses, and without it nobody "
        "knows where resets go."
    ),
    undecided=_unreadable,
)
def login_email_of_leaver(
    accounts: Sequence[Account], context: Context, _: Params
) -> Iterator[Fail]:
    """Fail an account whose login address is a mailbox of somebody inactive, and of no other."""
    theirs, mailboxes = context.logins_of_leavers, context.login_mailboxes
    for account in accounts if theirs else ():
        if (people := theirs.get(mailboxes[account.id] or "")) is not None:
            because = "suspended" if all(_is_suspended(one, context) for one in people) else "left"
            yield Fail(account, {"because": because, "person_ids": people})


def _is_suspended(id_: str, context: Context) -> bool:
    person = context.people[id_]
    has_left = person.left_on is not None and person.left_on <= context.today
    return person.status == "suspended" and not has_left
