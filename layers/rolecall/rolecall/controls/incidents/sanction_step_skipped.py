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
        "Whoever decides should be able to say why a step was left out. Employment law, church "
        "law and the contract decide which steps there are; this check only asks whether the "
        "reason is on record."
    ),
    remediation=(
        "If the earlier step was taken, enter it as it was recorded at the time. If it was not, "
        "do not add it: ask human resources, and enter their reason in skip_reason."
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
    references=References(nist=("PS-8",), iso=("A.6.4",)),
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
