"""Access that no second person approved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, concerns_all, control
from rolecall.controls.populations import LIVE_GRANTS
from rolecall.controls.remedy_words import REMOVED, WITH_CARE
from rolecall.model import Grant


@control(
    title="Somebody other than its holder and its requester approved every access",
    severity="high",
    rationale=(
        "An approval by oneself, or by whoever asked, is one pair of eyes only. A second pair is "
        "the whole point of an approval, and protects who gave it too."
    ),
    remediation=(
        "Have the head of the entity look at the access; where the head holds it, or asked for "
        f"it, somebody above them. If it is not right, remove it on the platform. {WITH_CARE}"
    ),
    record=f"If it is right, enter who decided in grants.approved_by. {REMOVED}",
    detail={
        "unapproved": "Nobody is on record as having approved the access of {person} to {account}.",
        "self": "{person} approved their own access to {account}.",
        "requester": (
            "{approved_by} asked for the access of {person} to {account}, and approved it too."
        ),
    },
    references=References(nist=("AC-2", "AC-5"), cis=("6.1",), iso=("A.5.3",)),
    subjects=LIVE_GRANTS,
    needs=("grants.approved_by",),
    partly={"grants.requested_by": concerns_all},
    without=(
        "Access that nobody or its holder approved is so whoever asked for it. Who asked and who "
        "holds it do not tell who approved."
    ),
)
def self_approved_access(grants: Sequence[Grant], _context: Context, _: Params) -> Iterator[Fail]:
    """Fail a live grant that nobody, its holder or its requester approved."""
    for grant in grants:
        approver = grant.approved_by
        if approver is None:
            yield Fail(grant, {"because": "unapproved", "approved_by": None})
        elif approver == grant.person_id:
            yield Fail(grant, {"because": "self", "approved_by": approver})
        elif approver == grant.requested_by:
            both = {"because": "requester", "approved_by": approver, "requested_by": approver}
            yield Fail(grant, both)
