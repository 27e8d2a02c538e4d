"""An administrator whom the registry has and the platform does not show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, Undecided, control
from rolecall.controls.populations import ADMINISTRATIVE_GRANTS
from rolecall.keys.subjects import account_key, email_key
from rolecall.model import Grant


def _unseen(grants: Sequence[Grant], context: Context) -> Iterator[Undecided]:
    people, observed = context.people, context.observed_on_account
    for grant in grants:
        emails = observed.get(grant.account_id)
        if emails is None:
            yield grant, "the account was not observed"
            continue
        person = people.get(grant.person_id)
        if person is None:
            yield grant, "the holder is not on the roster"
        elif person.email is None:
            yield grant, "the holder's email is empty"
        elif None in emails and email_key(person.email) not in emails:
            yield grant, "the platform gave no e-mail address for an administrator"


@control(
    title="The platform shows every administrator who is on record",
    severity="medium",
    rationale=(
        "Access that exists on paper alone hides that an account has fewer administrators than "
        "everybody believes."
    ),
    remediation=(
        "Look on the platform. If the person is gone, fill in revoked_on; if the platform knows "
        "the person by another address, correct email on the roster."
    ),
    detail=(
        "{person} is {role} of {account} on record, and the latest look at {handle} on "
        "{platform} did not show that person."
    ),
    references=References(nist=("AC-2",), cis=("5.1",)),
    subjects=ADMINISTRATIVE_GRANTS,
    needs=("observations.platform", "observations.person_email", "people.email"),
    undecided=_unseen,
)
def ghost_grant(grants: Sequence[Grant], context: Context, _: Params) -> Iterator[Fail]:
    """Fail an administrative grant whose holder the latest observation does not show."""
    people, observed = context.people, context.observed_on_account
    for grant in grants:
        email = people[grant.person_id].email
        if email and email_key(email) not in observed[grant.account_id]:
            account = context.accounts[grant.account_id]
            platform, handle = account_key(account.platform, account.handle)
            yield Fail(grant, {"platform": platform, "handle": handle, "role": grant.role})
