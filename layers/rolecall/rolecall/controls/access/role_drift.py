"""A person who may do more on a platform than the registry grants."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from rolecall.controls.context import Context
from rolecall.controls.control import (
    Fail,
    Params,
    References,
    Undecided,
    control,
)
from rolecall.controls.observed_grants import of_observed, why_not_found
from rolecall.controls.populations import LIVE_GRANTS
from rolecall.controls.seen_roles import ROLE_RANKS, SeenRole
from rolecall.model import Grant


def _unseen(grants: Sequence[Grant], context: Context) -> Iterator[Undecided]:
    mailboxes, observed = context.mailboxes, context.seen_on_account
    for grant in grants:
        seen, mailbox = observed[grant.account_id], mailboxes[grant.person_id]
        if mailbox is None:
            yield grant, why_not_found(grant, context)
        elif mailbox not in seen:
            if None in seen:
                yield grant, "the platform gave no e-mail address for somebody"
        elif None in (roles := seen[mailbox].roles) and not _is_higher(grant, _highest(roles)):
            yield grant, "the platform gave no role that is known"


@lru_cache(maxsize=1 << 10)
def _highest(roles: frozenset[SeenRole | None]) -> SeenRole | None:
    """Return the highest of roles that are known: a few sets of them come again and again."""
    known = [role for role in roles if role]
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
        "Look on the platform. Lower the role there to the one that was granted, or have the head "
        "of the entity approve the higher one."
    ),
    record=(
        "If the higher role was approved, enter it in grants.role, and who approved it in "
        "grants.approved_by."
    ),
    detail=(
        "{person} is {role} of {account} on record, and the latest look at the platform showed "
        "{shown_role}."
    ),
    references=References(nist=("AC-2", "AC-6"), cis=("6.8",), iso=("A.5.18",)),
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
    undecided=of_observed(_unseen),
)
def role_drift(grants: Sequence[Grant], context: Context, _: Params) -> Iterator[Fail]:
    """Fail a live grant whose holder the latest observation shows with a higher role."""
    mailboxes, observed = context.mailboxes, context.seen_on_account
    for grant in grants:
        mailbox = mailboxes[grant.person_id]
        seen = observed[grant.account_id].get(mailbox) if mailbox is not None else None
        shown = _highest(seen.roles) if seen is not None else None
        if _is_higher(grant, shown):
            yield Fail(grant, {"role": grant.role, "shown_role": shown})
