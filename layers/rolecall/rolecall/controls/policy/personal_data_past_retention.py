"""The record of somebody who left long ago.

How long is long depends on the law, the office and what happened: no number is right for everybody,
so there is none but what the policy sets.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import LEAVERS
from rolecall.controls.sieves import empty
from rolecall.model import Person


@control(
    title="The records of people who left are gone in time",
    severity="medium",
    rationale=(
        "Personal data may be kept only as long as they are needed. What is not kept cannot leak."
    ),
    remediation=(
        "Ask human resources and the safe environment office whether the record must be kept. If "
        "not, tell whoever keeps the roster that it can go."
    ),
    record=(
        "If it need not be kept, first take the person out of logins.holder_ids and the other "
        "lists; then delete the row in people, or leave nothing there but people.id: the id in "
        "place of the name, and no e-mail and no dates."
    ),
    detail=(
        "{person} left on {left_on} and has no access any more; the record is kept longer than "
        "{days:day}."
    ),
    references=References(
        nist=("SI-12(3)",), cis=("3.4",), iso=("A.8.10",), soc2=("P4.2",), gdpr=("Art. 5(1)(e)",)
    ),
    subjects=LEAVERS,
    needs=("grants.account_id",),
    undecided=empty("left_on"),
    days=None,
)
def personal_data_past_retention(
    people: Sequence[Person], context: Context, params: Params
) -> Iterator[Fail]:
    """Fail somebody who left longer than ``days`` ago and holds no live grant anywhere."""
    oldest, holders = context.days_ago(params.days), context.holders_of_live_grants
    for person in people:
        # Who still has access stays on the roster until orphaned-admin is mended.
        if (left := person.left_on) and left < oldest and person.id not in holders:
            yield Fail(person, {"left_on": left, "days": params.days})
