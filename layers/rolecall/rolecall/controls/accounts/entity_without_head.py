"""An entity that nobody on the roster heads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, concerns_all, control
from rolecall.controls.populations import ENTITIES
from rolecall.model import Entity


@control(
    title="Every entity has a head who is an active person",
    severity="high",
    rationale=(
        "The head approves the accounts of an entity, keeps control of them and takes access "
        "back. Without a head nobody may do any of this."
    ),
    remediation=(
        "Settle who heads the entity today: pastor, principal or department head; while the post "
        "is vacant, whoever stands in. The accounts of the entity then want the approval of this "
        "person, who needs full control of them; and see whether who headed it before still needs "
        "access."
    ),
    record="Enter this person in entities.head_id.",
    detail={
        "empty": "No head is on record for {entity}.",
        "unknown": "The head on record for {entity}, {head_id}, is not on the roster.",
        "inactive": (
            "The head of {entity}, {head_id}, is not active ({status}{left_on:?, last day %|})."
        ),
    },
    references=References(nist=("AC-2",), soc2=("CC1.3",)),
    subjects=ENTITIES,
    needs=("entities.head_id",),
    partly={"people.id": concerns_all},
    without=(
        "An entity without a head has none, whoever there is; of one who is named nobody can tell "
        "without a roster."
    ),
)
def entity_without_head(entities: Sequence[Entity], context: Context, _: Params) -> Iterator[Fail]:
    """Fail an entity whose head is not an active person."""
    active, people, has_roster = context.active, context.people, context.has_roster
    for entity in entities:
        if (head := entity.head_id) in active:
            continue
        if head is None:
            yield Fail(entity, {"because": "empty", "head_id": None})
        elif not has_roster:
            continue
        elif (person := people.get(head)) is None:
            yield Fail(entity, {"because": "unknown", "head_id": head})
        else:
            facts = {"head_id": head, "status": person.status, "left_on": person.left_on}
            yield Fail(entity, {"because": "inactive", **facts})
