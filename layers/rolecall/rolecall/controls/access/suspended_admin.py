"""Access of somebody who is suspended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import LIVE_GRANTS
from rolecall.model import Grant


def _suspects(context: Context, _: Params) -> Set[str]:
    return context.suspended


@control(
    title="Nobody with access is suspended",
    severity="high",
    rationale=(
        "A suspension takes somebody out of service while a matter is looked into. Somebody who "
        "keeps the keys meanwhile can act in anger, or destroy what the inquiry needs."
    ),
    remediation=(
        "Remove the access for as long as the suspension lasts, and fill in revoked_on. If the "
        "suspension is over, set the person's status to active. Then change the passwords that "
        "the person knew."
    ),
    detail="{person} is {status}, and the access to {account} is still live.",
    references=References(nist=("AC-2(13)",), iso=("A.5.18",)),
    subjects=LIVE_GRANTS,
    suspects=_suspects,
)
def suspended_admin(grants: Sequence[Grant], context: Context, _: Params) -> Iterator[Fail]:
    """Fail a live grant of a suspended person."""
    suspended = context.suspended
    for grant in grants:
        if grant.person_id in suspended:
            yield Fail(grant, {"status": "suspended"})
