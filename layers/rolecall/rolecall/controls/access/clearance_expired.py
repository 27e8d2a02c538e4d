"""Somebody who manages an account on a clearance that ran out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import MANAGERS
from rolecall.controls.remedy_words import REMOVED, WITH_CARE
from rolecall.controls.sieves import person_empty
from rolecall.model import Grant


def _suspects(context: Context, _: Params) -> Set[str]:
    today = context.today
    return context.strangers.union(
        [
            p.id
            for p in context.snapshot.people
            if p.clearance_expires is None or p.clearance_expires < today
        ]
    )


@control(
    title="The clearance of everybody who manages an account is in date",
    severity="high",
    rationale=(
        "A clearance has a last day because people and circumstances change; an old one says "
        "nothing about today."
    ),
    remediation=(
        "Ask the office that gives clearances to renew it, or remove the access until it is "
        f"renewed. {WITH_CARE}"
    ),
    record=f"If it is renewed, enter its last day in people.clearance_expires. {REMOVED}",
    detail=(
        "The clearance of {person} was good until {clearance_expires}, and no later one is on "
        "record."
    ),
    references=References(nist=("PS-3",), iso=("A.6.1",)),
    subjects=MANAGERS,
    needs=("people.clearance_expires",),
    undecided=person_empty("clearance_expires"),
    suspects=_suspects,
)
def clearance_expired(grants: Sequence[Grant], context: Context, _: Params) -> Iterator[Fail]:
    """Fail an administrative grant of an active person whose clearance ended before today."""
    people, today = context.people, context.today
    for grant in grants:
        expires = people[grant.person_id].clearance_expires
        if expires is not None and expires < today:
            yield Fail(grant, {"clearance_expires": expires})
