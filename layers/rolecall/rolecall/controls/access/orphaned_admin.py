"""Access of somebody who left, or of whom the roster knows nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import LIVE_GRANTS
from rolecall.model import Grant


def _suspects(context: Context, _: Params) -> Set[str]:
    return context.strangers.union(
        [p.id for p in context.snapshot.people if p.status == "left" or p.left_on is not None]
    )


@control(
    title="Everybody with access is on the roster and has not left",
    severity="critical",
    rationale=(
        "Whoever has left can still post, delete and answer in the organisation's name, perhaps "
        "without knowing it, and so can anybody who gets at their telephone."
    ),
    remediation=(
        "If the person does serve here, tell whoever keeps the roster. If not, see that others "
        "keep full control, remove the access on the platform today, and change the passwords that "
        "the person knew."
    ),
    record=(
        "If the person serves here, correct the row in people. If not, enter the day in "
        "grants.revoked_on once the platform no longer lists the person, take them out of "
        "logins.holder_ids, and enter the day of the new passwords in logins.rotated_on."
    ),
    detail={
        "unknown": "{person} is not on the roster, and the access to {account} is still live.",
        "left": (
            "By the roster {person} left{left_on:? on %|}, and the access to {account} is still "
            "live."
        ),
    },
    references=References(
        nist=("AC-2(3)", "PS-4"),
        cis=("6.2",),
        iso=("A.5.18", "A.6.5"),
        soc2=("CC6.2",),
        gdpr=("Art. 32",),
    ),
    subjects=LIVE_GRANTS,
    needs=("people.id",),
    without="Nobody is missing on a roster that there is not.",
    suspects=_suspects,
)
def orphaned_admin(grants: Sequence[Grant], context: Context, _: Params) -> Iterator[Fail]:
    """Fail a live grant whose holder left or is not on the roster."""
    people, today = context.people, context.today
    for grant in grants:
        person = people.get(grant.person_id)
        if person is None:
            yield Fail(grant, {"because": "unknown"})
        elif person.status == "left" or ((left := person.left_on) and left <= today):
            gone = {"because": "left", "status": person.status, "left_on": person.left_on}
            yield Fail(grant, gone)
