"""Access of an outside party that no contract covers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control, person_empty
from rolecall.controls.populations import LIVE_GRANTS
from rolecall.model import Grant

_THIRD_PARTIES = frozenset({"agency", "partner", "contractor"})
_REQUIRED = ("contract_ref", "dpa_ref", "contract_ends")


@control(
    title="Every outside party with access works under a contract",
    severity="high",
    rationale=(
        "Without a contract and a data processing agreement nobody outside is bound to secrecy, "
        "to give access back, or to answer for a breach. After the contract ends there is no "
        "reason left for the access."
    ),
    remediation=(
        "Remove the access, or record the contract, the data processing agreement and the day on "
        "which the contract ends."
    ),
    detail={
        "ended": "The contract of {person} ended on {contract_ends}, and the access is still live.",
        "incomplete": "On record for {person} there is no {missing}.",
    },
    references=References(nist=("PS-7",), cis=("15.4",), iso=("A.5.20",), gdpr=("Art. 28",)),
    subjects=LIVE_GRANTS,
    needs=("people.type", "people.contract_ref", "people.dpa_ref", "people.contract_ends"),
    undecided=person_empty("type"),
)
def third_party_without_contract(
    grants: Sequence[Grant], context: Context, _: Params
) -> Iterator[Fail]:
    """Fail a third party's grant without contract papers; critical once the contract ended."""
    people, today = context.people, context.today
    for grant in grants:
        person = people[grant.person_id]
        if person.type not in _THIRD_PARTIES:
            continue
        if person.contract_ends is not None and person.contract_ends < today:
            ended = {"because": "ended", "contract_ends": person.contract_ends}
            yield Fail(grant, ended, "critical")
        elif missing := [column for column in _REQUIRED if getattr(person, column) is None]:
            yield Fail(grant, {"because": "incomplete", "missing": missing})
