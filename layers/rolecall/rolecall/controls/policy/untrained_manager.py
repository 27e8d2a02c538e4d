"""Somebody who manages an account without the training for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import MANAGERS
from rolecall.controls.remedy_words import REMOVED, WITH_CARE
from rolecall.model import Grant


def _suspects(context: Context, _: Params) -> Set[str]:
    return context.people_without("trained_on")


@control(
    title="Everybody who manages an account is trained",
    severity="high",
    rationale=(
        "Much harm on social media is done by accident: a child's picture, a private matter, a "
        "joke in the wrong voice. Whoever was told of it beforehand has a chance to think of it."
    ),
    remediation=(
        "Have the person take the social media training, or remove the access until they have. "
        f"{WITH_CARE}"
    ),
    record=f"Enter the day of the training in people.trained_on. {REMOVED}",
    detail="{person} manages {account}, and no training is on record.",
    references=References(nist=("AC-22", "AT-3"), cis=("14.9",), iso=("A.6.3",), soc2=("CC1.4",)),
    subjects=MANAGERS,
    needs=("people.trained_on",),
    suspects=_suspects,
)
def untrained_manager(grants: Sequence[Grant], context: Context, _: Params) -> Iterator[Fail]:
    """Fail an administrative grant of an active person without training."""
    people = context.people
    for grant in grants:
        if people[grant.person_id].trained_on is None:
            yield Fail(grant, {"trained_on": None})
