"""An account that exists on a platform and not in the registry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import OBSERVED_ACCOUNTS, Observed


def _answered(observed: Sequence[Observed], context: Context) -> int:
    """Count the observed accounts that pass because they were reported as not ours."""
    return sum(_is_answered(seen, context) for seen in observed if context.reported)


def _is_answered(seen: Observed, context: Context) -> bool:
    # A difference of sets would go through the keys of all accounts.
    registered = context.entity_by_key
    unknown = [key for key in context.observed_keys[seen.named] if key not in registered]
    return bool(unknown) and context.reported.issuperset(unknown)


@control(
    title="Every account seen on a platform is registered",
    severity="high",
    rationale=(
        "Nobody can look after an account that nobody knows. It speaks in the organisation's name, "
        "and no other control looks at it."
    ),
    remediation=(
        "Find out who runs it. If it is ours, tell whoever keeps the registry who has access. If "
        "it is not, and passes for ours, report it to the platform. If it is somebody else's in "
        "their own name, leave it alone."
    ),
    record=(
        "If it is ours, add it to accounts, and everybody's access to grants. If it was reported, "
        "enter the day in observations.reported_on: that is an answer for 90 days, or until "
        "observations.reported_until, a year at most. If it is somebody else's, take it out of "
        "observations."
    ),
    detail="The account {handle} was seen on {platform}, and the registry does not have it.",
    references=References(nist=("CM-8", "PM-5"), iso=("A.5.9",)),
    subjects=OBSERVED_ACCOUNTS,
    needs=("observations.platform",),
    answered=_answered,
)
def unregistered_account(
    observed: Sequence[Observed], context: Context, _: Params
) -> Iterator[Fail]:
    """Fail an observed account whose key no account has, closed ones included.

    Unless somebody reported it as not ours, and that answer holds.
    """
    # This index has the key of every account, whatever its status.
    registered, keys = context.entity_by_key, context.observed_keys
    for seen in observed:
        if not all(key in registered for key in keys[seen.named]):
            if _is_answered(seen, context):
                continue
            yield Fail(seen, {"account_id": None})
