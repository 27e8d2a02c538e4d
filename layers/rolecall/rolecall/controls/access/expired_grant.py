"""Temporary access that was not taken back when its time was over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import LIVE_GRANTS
from rolecall.controls.remedy_words import REMOVED, WITH_CARE
from rolecall.model import Grant


@control(
    title="Temporary access ends on its last day",
    severity="high",
    rationale=(
        "Access given for a campaign or a holiday is meant to end by itself. On most platforms it "
        "does not: somebody has to take it back."
    ),
    remediation=(
        "Ask the head of the entity whether the access is still needed. If so, have it approved "
        f"again, with a new last day; if not, remove it on the platform. {WITH_CARE}"
    ),
    record=(
        "If it was approved again, enter who did in grants.approved_by, and the new last day in "
        f"grants.expires_on. {REMOVED}"
    ),
    detail="The access of {person} to {account} was given until {expires_on}, and is still live.",
    references=References(nist=("AC-2(2)",), iso=("A.5.18",)),
    subjects=LIVE_GRANTS,
    needs=("grants.expires_on",),
)
def expired_grant(grants: Sequence[Grant], context: Context, _: Params) -> Iterator[Fail]:
    """Fail a live grant whose last day is before today."""
    today = context.today
    for grant in grants:
        if (expires := grant.expires_on) and expires < today:
            yield Fail(grant, {"expires_on": expires})
