"""Access that stayed behind when its holder moved to another entity."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, Undecided, control
from rolecall.controls.populations import LIVE_GRANTS
from rolecall.controls.remedy_words import REMOVED, WITH_CARE
from rolecall.model import Grant


def _without_entity(grants: Sequence[Grant], context: Context) -> Iterator[Undecided]:
    # A holder who is not on the roster is the business of orphaned-admin.
    lacking = context.people_without("entity_id")
    for grant in grants:
        if grant.person_id in lacking:
            yield grant, "the holder's entity_id is empty"


@control(
    title="Everybody with access serves in the account's entity or above it",
    severity="high",
    rationale=(
        "People who move to another parish, school or department go on holding what they held in "
        "the old one, unless somebody thinks of it."
    ),
    remediation=(
        "Ask the head of the account's entity whether the person still helps out here. If so, "
        "have the head delegate it in writing; if not, remove the access on the platform. "
        f"{WITH_CARE}"
    ),
    record=(
        "If the person still helps out, enter where the delegation is kept in "
        f"grants.delegation_ref. {REMOVED}"
    ),
    detail="{person} serves in {person_entity}, and the account belongs to {account_entity}.",
    references=References(nist=("PS-5",), cis=("6.2",), iso=("A.5.18", "A.6.5"), soc2=("CC6.3",)),
    subjects=LIVE_GRANTS,
    needs=("people.entity_id", "entities.head_id"),
    without=(
        "Whoever serves elsewhere may be the head of an entity in line, and then has access "
        "by right: without the heads that is not known of anybody, nor without the entities "
        "where people serve."
    ),
    undecided=_without_entity,
)
def mover_with_access(grants: Sequence[Grant], context: Context, _: Params) -> Iterator[Fail]:
    """Fail a live grant of somebody from outside the line, unless delegated or a steward of it."""
    people, accounts, lines = context.people, context.accounts, context.line_ids
    for grant in grants:
        person = people.get(grant.person_id)
        if person is None:
            continue
        entity = accounts[grant.account_id].entity_id
        # Most people serve where the account belongs.
        if person.entity_id == entity or person.entity_id in lines[entity]:
            continue
        if grant.delegation_ref is None and person.id not in context.line_stewards[entity]:
            yield Fail(grant, {"person_entity": person.entity_id, "account_entity": entity})
