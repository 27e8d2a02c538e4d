"""A sanction that came before the step that should precede it.

No law says in general that sanctions have an order, and grave misconduct needs no earlier step. So
the control is off but for an organisation that has bound itself to a ladder.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import INCIDENTS
from rolecall.model import Incident


@control(
    title="Every sanction follows the step before it, or says why not",
    severity="low",
    rationale=(
        "Whoever decides should be able to say why a step was left out. Employment law, church law "
        "and the contract decide which steps there are; this check only asks whether the reason is "
        "on record."
    ),
    remediation=(
        "If the earlier step was taken, find where that is on record. If it was not, do not add "
        "it: ask human resources for the reason."
    ),
    record=(
        "Enter the earlier step in incidents.previous_sanction, as it was recorded at the time; or "
        "the reason in incidents.skip_reason."
    ),
    detail=(
        "By the policy's ladder the step before {sanction} is {required}; on record before it is "
        "{previous_sanction:?%|nothing}."
    ),
    references=References(nist=("PS-8",), iso=("A.6.4",), soc2=("CC1.5",)),
    subjects=INCIDENTS,
    needs=("incidents.sanction", "incidents.previous_sanction"),
    without=(
        "The step before may be on record nowhere else, and without the sanction there is no "
        "step to follow."
    ),
    off_without="sanction_ladder",
)
def sanction_step_skipped(
    incidents: Sequence[Incident], context: Context, _: Params
) -> Iterator[Fail]:
    """Fail a step of the policy's ladder without the one before it, nor a reason."""
    ladder = context.policy.sanction_ladder or ()
    step_before = dict(zip(ladder[1:], ladder, strict=False))
    for incident in incidents:
        if (sanction := incident.sanction) is None or incident.skip_reason is not None:
            continue
        required, previous = step_before.get(sanction), incident.previous_sanction
        if required is not None and previous != required:
            facts = {"sanction": sanction, "previous_sanction": previous}
            yield Fail(incident, {**facts, "required": required})
