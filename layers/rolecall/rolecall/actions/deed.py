"""A deed: one thing done in one place, such as taking one person's access to one account away."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from msgspec import Struct

__all__ = ["DEED_KINDS", "Deed", "DeedKind", "deed_order"]

DeedKind: TypeAlias = Literal[
    # What people must have before they are let in.
    "name-supervisor",
    "record-contract",
    "clear-person",
    "train-person",
    "sign-policy",
    "name-head",
    # Who is let in, and who is let go: others have control before somebody loses it.
    "recover-account",
    "give-control",
    "make-owner",
    "give-reading",
    "take-down",
    "take-access",
    "remove-stranger",
    "finish-closing",
    "settle-absence",
    "keep-access",
    "lower-role",
    "match-role",
    # What opens the account, after those who should not know it are gone.
    "set-recovery",
    "change-login-address",
    "record-login",
    "end-sharing",
    "change-password",
    "keep-safe",
    "turn-on-two-factor",
    "disconnect-apps",
    # What the account must not be lost by.
    "renew-domain",
    "set-removal-path",
    "move-to-portfolio",
    "stop-payments",
    "hold-payments",
    # The afternoon of an account.
    "confirm-access",
    "approve-account",
    "name-owner",
    "name-approver",
    "name-crisis-contact",
    "confirm-crisis-contacts",
    "test-removal",
    "look-up-people",
    "review-account",
    "decide-dormant",
    "archive-posts",
    "record-privacy",
    "settle-unknown-account",
    "merge-entries",
    "decide-platform",
    # What officers see to.
    "review-policy",
    "end-waivers",
    "settle-incident",
    "decide-report",
    "give-sanction-reason",
    "name-investigators",
    "forget-person",
]
"""What can be done, in the order in which the deeds of one action are done."""
DEED_KINDS: tuple[DeedKind, ...] = get_args(DeedKind)
_STEPS = {kind: step for step, kind in enumerate(DEED_KINDS)}


class Deed(Struct, frozen=True, gc=False, omit_defaults=True):
    """One thing to do: a kind, and the ids of what it is done to.

    ``person`` is whose access or papers it is, or who is proposed for what is to be given: empty
    where nobody on record here is fit, so that somebody must be found first; ``role`` says how many
    then. Else ``role`` is the one that somebody gets, or the way of a removal.
    """

    kind: DeedKind
    account: str = ""
    person: str = ""
    login: str = ""
    content: str = ""
    incident: str = ""
    entity: str = ""
    platform: str = ""
    handle: str = ""
    email: str = ""
    role: str = ""


def deed_order(deed: Deed) -> tuple[int | str, ...]:
    """Return by what the deeds of an action are sorted: what must come first, then ids.

    Of one kind those come first that name a person: whoever is still to be found is another.
    """
    named = deed.entity, deed.account, deed.login, deed.person, deed.content, deed.incident
    return (
        _STEPS[deed.kind],
        not deed.person,
        *named,
        deed.platform,
        deed.handle,
        deed.email,
        deed.role,
    )
