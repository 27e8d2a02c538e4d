"""A volunteer or student who manages an account with nobody to answer to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from rolecall.controls.context import Context
from rolecall.controls.control import Evidence, Fail, Params, References, Undecided, control
from rolecall.controls.populations import ADMINISTRATIVE_GRANTS
from rolecall.controls.remedy_words import REMOVED, WITH_CARE
from rolecall.controls.sieves import person_empty
from rolecall.model import Grant

_SUPERVISED = frozenset({"volunteer", "student"})
_SUPERVISORS = frozenset({"employee", "clergy"})


_typeless = person_empty("type")


def _unproven(grants: Sequence[Grant], context: Context) -> Iterator[Undecided]:
    yield from _typeless(grants, context)
    for grant in grants if "people.type" not in context.tracked else ():
        person = context.people.get(grant.person_id)
        if person is None or person.type not in _SUPERVISED:
            continue
        supervisor = person.supervisor_id or ""
        if supervisor in context.active and not context.tracks("people.type", supervisor):
            yield grant, "the supervisor's type is not tracked"


def _suspects(context: Context, _: Params) -> Set[str]:
    return context.strangers.union(
        [p.id for p in context.snapshot.people if p.type is None or p.type in _SUPERVISED]
    )


@control(
    title="Every volunteer or student who manages an account has an active supervisor on the staff",
    severity="high",
    rationale=(
        "Volunteers and students give their time; somebody on the staff owes them help, and has "
        "to know when they stop."
    ),
    remediation=(
        "Ask an employee or a member of the clergy who serves here to look after the person. If "
        f"nobody can, remove the access until somebody does. {WITH_CARE}"
    ),
    record=f"Enter who looks after the person in people.supervisor_id. {REMOVED}",
    detail={
        "empty": "{person} manages {account} and is {type}; no supervisor is on record.",
        "inactive": (
            "{person} manages {account} and is {type}; the supervisor on record, {supervisor_id}, "
            "is not an active person of the roster."
        ),
        "outside": (
            "{person} manages {account} and is {type}; the supervisor on record, {supervisor_id}, "
            "is not on record as an employee or clergy."
        ),
    },
    references=References(nist=("AC-2",), iso=("A.5.4",)),
    subjects=ADMINISTRATIVE_GRANTS,
    needs=("people.type", "people.supervisor_id"),
    without=(
        "Of a supervisor who is not on record nobody can say that there is none, and without "
        "the types nobody knows who must have one, nor who may be one."
    ),
    undecided=_unproven,
    suspects=_suspects,
)
def unsupervised_volunteer(grants: Sequence[Grant], context: Context, _: Params) -> Iterator[Fail]:
    """Fail a volunteer's or student's grant without an active employee or clergy above it."""
    people = context.people
    for grant in grants:
        person = people[grant.person_id]
        if person.type in _SUPERVISED and (flaw := _flaw(person.supervisor_id, context)):
            yield Fail(grant, {"type": person.type, "supervisor_id": person.supervisor_id, **flaw})


def _flaw(supervisor: str | None, context: Context) -> Evidence | None:
    """Return what is wrong with a supervisor, or ``None`` for a good one."""
    if supervisor is None:
        return {"because": "empty"}
    if supervisor not in context.active:
        return {"because": "inactive"}
    type_ = context.people[supervisor].type
    return None if type_ in _SUPERVISORS else {"because": "outside", "supervisor_type": type_}
