"""Access of an outside party that no contract covers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from datetime import date

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import LIVE_GRANTS
from rolecall.controls.remedy_words import REMOVED, WITH_CARE
from rolecall.controls.sieves import person_empty
from rolecall.model import Grant, Person

_THIRD_PARTIES = frozenset({"agency", "partner", "contractor"})
_REQUIRED = ("contract_ref", "dpa_ref", "contract_ends")


def _concerns(grant: Grant, context: Context, _: Params) -> bool:
    return _is_third_party(grant, context)


def _is_third_party(grant: Grant, context: Context) -> bool:
    return context.people[grant.person_id].type in _THIRD_PARTIES


def _is_over(person: Person, today: date) -> bool:
    return person.contract_ends is not None and person.contract_ends < today


def _missing(person: Person, context: Context) -> list[str]:
    return [
        name
        for name in _REQUIRED
        if getattr(person, name) is None and context.tracks(f"people.{name}", person.id)
    ]


def _suspects(context: Context, _: Params) -> Set[str]:
    return context.strangers.union(
        [p.id for p in context.snapshot.people if p.type is None or p.type in _THIRD_PARTIES]
    )


@control(
    title="Every outside party with access works under a contract",
    severity="high",
    rationale=(
        "Without a contract and a data processing agreement nothing on record binds an outside "
        "party to secrecy, to give access back, or to answer for a breach. After the contract ends "
        "there is seldom a reason left for the access."
    ),
    remediation=(
        "Ask whoever ordered the work for the contract, the data processing agreement and the day "
        "on which the contract ends. If there is none, remove the access until there is. "
        f"{WITH_CARE}"
    ),
    record=(
        "Enter them as they stand there in people.contract_ref, people.dpa_ref and "
        f"people.contract_ends. {REMOVED}"
    ),
    detail={
        "ended": "The contract of {person} ended on {contract_ends}, and the access is still live.",
        "incomplete": "On record for {person} these are missing: {missing}.",
    },
    references=References(
        nist=("PS-7",), cis=("15.4", "15.7"), iso=("A.5.20",), soc2=("CC9.2",), gdpr=("Art. 28",)
    ),
    subjects=LIVE_GRANTS,
    needs=("people.type",),
    partly={f"people.{name}": _concerns for name in _REQUIRED},
    without=(
        "A contract that is over, or a paper that is missing, is so whatever else is not tracked. "
        "Without the type nobody knows who is an outside party."
    ),
    undecided=person_empty("type"),
    suspects=_suspects,
)
def third_party_without_contract(
    grants: Sequence[Grant], context: Context, _: Params
) -> Iterator[Fail]:
    """Fail a third party's grant without contract papers; critical once the contract ended."""
    people, today = context.people, context.today
    for grant in grants:
        if not _is_third_party(grant, context):
            continue
        person = people[grant.person_id]
        if _is_over(person, today):
            ended = {"because": "ended", "contract_ends": person.contract_ends}
            yield Fail(grant, ended, "critical")
        elif missing := _missing(person, context):
            yield Fail(grant, {"because": "incomplete", "missing": missing})
