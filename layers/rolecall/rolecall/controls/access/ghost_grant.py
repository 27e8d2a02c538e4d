"""An administrator whom the registry has and the platform does not show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import (
    Fail,
    Params,
    References,
    Undecided,
    concerns_all,
    control,
)
from rolecall.controls.observation_index import SeenPerson
from rolecall.controls.observed_grants import of_observed, why_not_found
from rolecall.controls.populations import ADMINISTRATIVE_GRANTS
from rolecall.controls.remedy_words import MAY_BE_DUE, REMOVED, WITH_CARE
from rolecall.keys.subjects import account_key
from rolecall.model import Grant


def _unseen(grants: Sequence[Grant], context: Context) -> Iterator[Undecided]:
    mailboxes, observed = context.mailboxes, context.seen_on_account
    for grant in grants:
        seen, mailbox = observed[grant.account_id], mailboxes[grant.person_id]
        if mailbox is None:
            yield grant, why_not_found(grant, context)
        elif None in seen and seen[None].may_administer and not _is_seen(mailbox, seen):
            nameless = "the platform gave no e-mail address for an administrator"
            yield grant, context.lacks("observations.person_email") or nameless


def _is_seen(mailbox: str | None, seen: Mapping[str | None, SeenPerson]) -> bool:
    """Tell whether an address was seen as an administrator's, or as somebody's of unknown role."""
    return mailbox in seen and seen[mailbox].may_administer


@control(
    title="The platform shows every administrator who is on record",
    severity="medium",
    rationale=(
        "Access that exists on paper alone hides that an account has fewer administrators than "
        "everybody believes."
    ),
    remediation=(
        "Look at the account's list of people on the platform. If the person is there by another "
        "address, nothing is to be removed; if the person is gone, tell whoever keeps the "
        f"registry. {WITH_CARE}"
    ),
    record=(
        f"If the platform knows the person by another address, correct people.email. {REMOVED} "
        f"{MAY_BE_DUE}"
    ),
    detail=(
        "{person} is {role} of {account} on record, and the latest list of the platform does not "
        "show that person."
    ),
    references=References(nist=("AC-2",), cis=("5.1",)),
    subjects=ADMINISTRATIVE_GRANTS,
    needs=("observations.platform", "people.email"),
    partly={"observations.person_email": concerns_all},
    without=(
        "Where a platform shows nobody who may administer an account, it does not show whoever is "
        "an administrator on record, by whatever address. Who has no address on record may be "
        "anybody."
    ),
    undecided=of_observed(_unseen),
)
def ghost_grant(grants: Sequence[Grant], context: Context, _: Params) -> Iterator[Fail]:
    """Fail an administrative grant whose holder the latest observation does not show."""
    mailboxes, observed = context.mailboxes, context.seen_on_account
    for grant in grants:
        if not _is_seen(mailboxes[grant.person_id], observed[grant.account_id]):
            account = context.accounts[grant.account_id]
            platform, handle = account_key(account.platform, account.handle)
            yield Fail(grant, {"platform": platform, "handle": handle, "role": grant.role})
