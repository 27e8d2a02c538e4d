"""A sanction that came before the step that should precede it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import INCIDENTS
from rolecall.model import Incident

_STEP_BEFORE = {"written_warning": "reprimand", "termination": "written_warning"}


@control(
    title="Every sanction follows the step before it, or says why not",
    severity="medium",
    rationale=(
        "Sanctions that skip a step without a reason look arbitrary, and do not stand when they "
        "are disputed."
    ),
    remediation=(
        "Enter the earlier step in previous_sanction. If it was skipped on purpose, enter the "
        "reason in skip_reason."
    ),
    detail={
        "written_warning": (
            "A written warning must follow a reprimand; the previous sanction on record: "
            "{previous_sanction}."
        ),
        "termination": (
            "A termination must follow a written warning; the previous sanction on record: "
            "{previous_sanction}."
        ),
    },
    references=References(nist=("PS-8",), iso=("A.6.4",), soc2=("CC1.5",)),
    subjects=INCIDENTS,
    needs=("incidents.sanction", "incidents.previous_sanction"),
    without=(
        "The step before may be on record nowhere else, and without the sanction there is no "
        "step to follow."
    ),
)
def sanction_step_skipped(incidents: Sequence[Incident], _: Context, __: Params) -> Iterator[Fail]:
    """Fail a written warning or a termination without the step before it, nor a reason."""
    for incident in incidents:
        if (sanction := incident.sanction) is None or incident.skip_reason is not None:
            continue
        required, previous = _STEP_BEFORE.get(sanction), incident.previous_sanction
        if required is not None and previous != required:
            facts = {"sanction": sanction, "previous_sanction": previous}
            yield Fail(incident, {"because": sanction, **facts})
