"""Administrative access that nobody uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import ADMINISTRATIVE_GRANTS
from rolecall.controls.remedy_words import MAY_BE_DUE, REMOVED, WITH_CARE
from rolecall.controls.sieves import empty
from rolecall.model import Grant


@control(
    title="Administrative access is in use",
    severity="medium",
    rationale=(
        "Access that nobody uses is one more way in, and nobody would notice it being used. People "
        "whose help comes with the seasons may need it all the same: allow them more time."
    ),
    remediation=(
        "Ask the person whether the access is still needed. If not, remove it on the platform. "
        f"{WITH_CARE}"
    ),
    record=(
        "If it is needed, enter in grants.last_used_on the day on which it was last used, and no "
        f"other: what is needed once a year wants a longer time in the policy. {REMOVED} "
        f"{MAY_BE_DUE}"
    ),
    detail=(
        "{person} last used the access to {account} on {last_used_on}; more than {days:day} "
        "without use is too long."
    ),
    references=References(nist=("AC-2(3)",), cis=("5.3",)),
    subjects=ADMINISTRATIVE_GRANTS,
    needs=("grants.last_used_on",),
    undecided=empty("last_used_on"),
    days=45,
)
def unused_access(grants: Sequence[Grant], context: Context, params: Params) -> Iterator[Fail]:
    """Fail an administrative grant whose last use is older than ``days``."""
    oldest = context.days_ago(params.days)
    for grant in grants:
        if (last := grant.last_used_on) is not None and last < oldest:
            yield Fail(grant, {"last_used_on": last, "days": params.days})
