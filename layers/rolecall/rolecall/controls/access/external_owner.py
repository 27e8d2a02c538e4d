"""An account that an outside party owns on the platform."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import OWNER_GRANTS
from rolecall.controls.sieves import person_empty
from rolecall.model import Grant

_THIRD_PARTIES = frozenset({"agency", "partner", "contractor"})


def _suspects(context: Context, _: Params) -> Set[str]:
    return context.strangers.union(
        [p.id for p in context.snapshot.people if p.type is None or p.type in _THIRD_PARTIES]
    )


@control(
    title="No outside party owns an account",
    severity="high",
    rationale=(
        "An owner can remove everybody else. When the owner is an agency, a partner or a "
        "contractor, the end of a contract or a change of staff there is enough to lose the "
        "account."
    ),
    remediation=(
        "Make somebody of your own, who has the clearance and the training, the owner on the "
        "platform, and give the outside party a lesser role: administrator where the account would "
        "otherwise lose its head or have too few administrators, else editor."
    ),
    record="Enter both roles as they are now in grants.role.",
    detail="{person} is owner of {account} on record, and an outside party ({type}).",
    references=References(nist=("AC-6", "PS-7"), iso=("A.5.19", "A.8.2"), soc2=("CC6.3",)),
    subjects=OWNER_GRANTS,
    needs=("people.type",),
    undecided=person_empty("type"),
    suspects=_suspects,
)
def external_owner(grants: Sequence[Grant], context: Context, _: Params) -> Iterator[Fail]:
    """Fail an owner grant of an agency, partner or contractor."""
    people = context.people
    for grant in grants:
        person = people[grant.person_id]
        if person.type in _THIRD_PARTIES:
            yield Fail(grant, {"role": grant.role, "type": person.type})
