"""An administrator whom the platform shows and the registry does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, Undecided, control
from rolecall.controls.populations import OBSERVED_ADMINISTRATORS, Observed


def _without_email(observed: Sequence[Observed], _: Context) -> Iterator[Undecided]:
    for item in observed:
        if item.email is None:
            yield item, "the platform gave no e-mail address"


def _is_strange(item: Observed, context: Context, _: Params) -> bool:
    """Tell whether nobody with access is known by an address."""
    shown = context.seen_people[item.named][item.email].shown
    return any(mailbox not in context.holder_mailboxes[key] for key, mailbox in shown)


@control(
    title="Every administrator whom a platform shows is on record",
    severity="critical",
    rationale=(
        "The registry is not the truth, the platform is. An administrator who is not on record is "
        "reviewed by nobody and removed by nobody. It may be a helper nobody wrote down, or "
        "somebody who should not be there."
    ),
    remediation=(
        "Find out who this is: ask whoever has control of the account. If they should be there, "
        "have the head of the entity approve the access. If not, or if nobody knows them, remove "
        "the administrator on the platform."
    ),
    record=(
        "If somebody of yours is there by another address, correct people.email. If the access was "
        "approved, add it to grants."
    ),
    detail=(
        "The platform shows {email} as an administrator of {accounts}, and nobody on record with "
        "access there has that address."
    ),
    references=References(nist=("AC-2",), cis=("5.1",), iso=("A.5.18",), soc2=("CC6.2",)),
    subjects=OBSERVED_ADMINISTRATORS,
    needs=("observations.platform", "observations.person_email", "grants.account_id"),
    partly={"people.email": _is_strange},
    without=(
        "On an account to which nobody of the roster has access, whoever administers it is not on "
        "record, whatever addresses people have; without a roster, where nobody at all has access. "
        "Without an address nobody is named whom anybody could look for, and without grants nobody "
        "knows who has access."
    ),
    undecided=_without_email,
)
def unregistered_admin(observed: Sequence[Observed], context: Context, _: Params) -> Iterator[Fail]:
    """Fail an observed administrator's address that no holder of a live grant there has."""
    seen, holders = context.seen_people, context.holder_mailboxes
    unaddressed = context.unaddressed_keys
    for item in observed:
        shown = seen[item.named][item.email].shown
        if strange := {key for key, box in shown if box not in holders[key]} - unaddressed:
            accounts = sorted(one.id for key in strange for one in context.open_by_key[key])
            yield Fail(item, {"accounts": accounts})
