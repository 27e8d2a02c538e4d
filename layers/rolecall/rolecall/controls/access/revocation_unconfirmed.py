"""A removal that was asked for and never confirmed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import LIVE_GRANTS
from rolecall.controls.remedy_words import REMOVED, WITH_CARE
from rolecall.model import Grant


@control(
    title="Every removal of access is confirmed soon after it was asked for",
    severity="critical",
    rationale=(
        "To ask for a removal is not to have it done. Until somebody has looked on the platform, "
        "nobody knows whether the access has ended."
    ),
    remediation=(
        "Look on the platform whether the person is gone, and remove the access if not. "
        f"{WITH_CARE}"
    ),
    record=f"{REMOVED}",
    detail=(
        "The removal of {person} from {account} was asked for at {revoke_requested_at}; it must "
        "be confirmed within {hours:hour}, and is not."
    ),
    references=References(nist=("PS-4",), cis=("6.2",), iso=("A.5.18",)),
    subjects=LIVE_GRANTS,
    needs=("grants.revoke_requested_at",),
    without=(
        "Nothing else shows that a removal was asked for. A person who left, or access whose "
        "time is over, is said by orphaned-admin and expired-grant."
    ),
    hours=24,
)
def revocation_unconfirmed(
    grants: Sequence[Grant], context: Context, params: Params
) -> Iterator[Fail]:
    """Fail a live grant whose removal was asked for more than ``hours`` ago."""
    as_of, limit = context.as_of, timedelta(hours=params.hours)
    for grant in grants:
        if (asked := grant.revoke_requested_at) and as_of - asked > limit:
            yield Fail(grant, {"revoke_requested_at": asked, "hours": params.hours})
