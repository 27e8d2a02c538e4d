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
        "A suspension is not a judgement. To rest the access meanwhile protects the person from "
        "suspicion as much as the account, and leaves everything as it was."
    ),
    remediation=(
        "If the suspension is over already, tell whoever keeps the roster. If not, see that others "
        "keep full control, rest the access on the platform for as long as it lasts, change the "
        "passwords that the person knew, and give the access back when the suspension ends. Where "
        "the platform only lets you lower the role, lower it; this stays open until then."
    ),
    record=(
        "If the suspension is over, enter active in people.status. If the access rests, enter the "
        "day in grants.revoked_on, take the person out of logins.holder_ids, and enter the day of "
        "the new passwords in logins.rotated_on. If the role was lowered, enter it in grants.role."
    ),
    detail="{person} is suspended, and the access to {account} is still live.",
    references=References(nist=("AC-2(13)",), iso=("A.5.18",)),
    subjects=LIVE_GRANTS,
    needs=("people.id",),
    suspects=_suspects,
)
def suspended_admin(grants: Sequence[Grant], context: Context, _: Params) -> Iterator[Fail]:
    """Fail a live grant of a suspended person."""
    suspended = context.suspended
    for grant in grants:
        if grant.person_id in suspended:
            yield Fail(grant, {"status": "suspended"})
