"""A picture or a post in which somebody under age is shown, and nobody has consented.

A reference may be written as a name: the evidence goes into a log that is kept for years, so it has
no reference in it, only that there is none, or the last day of the consent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Evidence, Fail, Params, References, control
from rolecall.controls.shown_contents import CONTENTS
from rolecall.controls.sieves import empty
from rolecall.model import Content


def _lack(content: Content, context: Context) -> Evidence | None:
    """Return what shows that there is no consent today, if something does."""
    ends = content.consent_ends
    is_told = context.tracks("contents.consent_ref", content.account_id, content.id)
    if is_told and content.consent_ref is None:
        return {"because": "none", "consent_ref": None}
    if ends is not None and ends < context.today:
        return {"because": "ended", "consent_ends": ends}
    return None


def _concerns(content: Content, _context: Context, _params: Params) -> bool:
    return bool(content.shows_minors)


@control(
    title="No minor is shown without a consent that holds",
    severity="critical",
    rationale=(
        "A picture of a child that is out cannot be called back. It is for the parents, and as "
        "they grow for the young people too, to say whether they are shown and for how long; and "
        "some children must not be found by somebody who looks for them."
    ),
    remediation=(
        "Take it down now, or make whoever is under age unrecognisable. If a written consent was "
        "given, find out where it is kept and until when it holds. If there is none, or it has "
        "ended, ask for one before it is shown again; a consent that nobody gave is never written "
        "down."
    ),
    record=(
        "Enter the day on which it was taken down in contents.removed_on; or write no in "
        "contents.shows_minors, once nobody under age can be recognised. If a written consent was "
        "given, enter in contents.consent_ref where it is kept, without a name, and its last day "
        "in contents.consent_ends."
    ),
    detail={
        "none": (
            "A post on {account} shows somebody under age, and no consent to that is on record."
        ),
        "ended": (
            "A post on {account} shows somebody under age, and the consent to that ended on "
            "{consent_ends}."
        ),
    },
    references=References(
        nist=("AC-22", "PT-4"),
        iso=("A.5.34",),
        soc2=("P2.1",),
        gdpr=("Art. 6", "Art. 7"),
        practice=("USCCB social media guidelines: written permission of the parents",),
    ),
    subjects=CONTENTS,
    needs=("contents.shows_minors",),
    partly={"contents.consent_ref": _concerns, "contents.consent_ends": _concerns},
    without=(
        "That no consent is on record, and that it has ended, are proven each without the column "
        "of the other. Where nobody records what was taken down, everything is shown still."
    ),
    undecided=empty("shows_minors"),
)
def minor_shown_without_consent(
    contents: Sequence[Content], context: Context, _: Params
) -> Iterator[Fail]:
    """Fail what is shown with a minor in it, without a consent or after its last day."""
    for content in contents:
        if content.shows_minors and (lack := _lack(content, context)) is not None:
            yield Fail(content, {"shows_minors": True, **lack})
