"""A person who may do more on a platform than the registry grants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, Undecided, control
from rolecall.controls.observation_index import SeenPerson
from rolecall.controls.populations import LIVE_GRANTS
from rolecall.controls.seen_roles import ROLE_RANKS, SeenRole
from rolecall.keys.addresses import mailbox_key
from rolecall.model import Grant


def _unseen(grants: Sequence[Grant], context: Context) -> Iterator[Undecided]:
    people, observed = context.people, context.seen_on_account
    for grant in grants:
        seen = observed.get(grant.account_id)
        person = people.get(grant.person_id)
        if seen is None:
            yield grant, "the account was not observed"
        elif person is None:
            yield grant, "the holder is not on the roster"
        elif person.email is None:
            yield grant, "the holder's email is empty"
        elif (mailbox := mailbox_key(person.email)) is None:
            yield grant, "the holder's email hides a part of the address"
        elif mailbox not in seen:
            if None in seen:
                yield grant, "the platform gave no e-mail address for somebody"
        elif None in seen[mailbox].roles and not _is_higher(grant, _highest(mailbox, seen)):
            yield grant, "the platform gave no role that is known"


def _highest(mailbox: str, seen: Mapping[str | None, SeenPerson]) -> SeenRole | None:
    """Return the highest role that is shown of a person, of those that are known."""
    known = [role for role in seen[mailbox].roles if role] if mailbox in seen else []
    return max(known, key=ROLE_RANKS.__getitem__, default=None)


def _is_higher(grant: Grant, shown: SeenRole | None) -> bool:
    return shown is not None and ROLE_RANKS[shown] > ROLE_RANKS[grant.role]


@control(
    title="Nobody may do more on a platform than was granted",
    severity="high",
    rationale=(
        "Whoever was granted the role of an editor and has that of an administrator on the "
        "platform can remove all others, and every review still sees an editor. Often the "
        "platform changed its roles, or somebody meant well."
    ),
    remediation=(
        "Look on the platform. Lower the role there to the one that was granted, or have the "
        "higher one approved and enter it in grants."
    ),
    detail=(
        "{person} is {role} of {account} on record, and the latest look at the platform showed "
        "{shown_role}."
    ),
    references=References(nist=("AC-2", "AC-6"), cis=("5.4",), iso=("A.5.18",)),
    subjects=LIVE_GRANTS,
    needs=(
        "observations.platform",
        "observations.person_email",
        "observations.role",
        "people.email",
    ),
    without=(
        "That somebody may do more takes who it is, by the address on both sides, and what the "
        "platform shows; none of these follows from the others."
    ),
    undecided=_unseen,
)
def role_drift(grants: Sequence[Grant], context: Context, _: Params) -> Iterator[Fail]:
    """Fail a live grant whose holder the latest observation shows with a higher role."""
    people, observed = context.people, context.seen_on_account
    for grant in grants:
        mailbox = mailbox_key(people[grant.person_id].email or "")
        if mailbox is None:
            continue
        shown = _highest(mailbox, observed[grant.account_id])
        if _is_higher(grant, shown):
            yield Fail(grant, {"role": grant.role, "shown_role": shown})
