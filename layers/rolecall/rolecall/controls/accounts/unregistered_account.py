"""An account that exists on a platform and not in the registry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import OBSERVED_ACCOUNTS, Observed


@control(
    title="Every account seen on a platform is registered",
    severity="high",
    rationale=(
        "Nobody can look after an account that nobody knows. It speaks in the organisation's name, "
        "and no other control looks at it."
    ),
    remediation=(
        "Find out who runs it. If it is ours, add it to accounts with its grants; if it is not, "
        "and passes for ours, report it to the platform."
    ),
    detail="The account {handle} was seen on {platform}, and the registry does not have it.",
    references=References(nist=("CM-8", "PM-5"), iso=("A.5.9",)),
    subjects=OBSERVED_ACCOUNTS,
    needs=("observations.platform",),
)
def unregistered_account(
    observed: Sequence[Observed], context: Context, _: Params
) -> Iterator[Fail]:
    """Fail an observed account whose key no account has, closed ones included."""
    # This index has the key of every account, whatever its status.
    registered, keys = context.entity_by_key, context.observed_keys
    for seen in observed:
        if not all(key in registered for key in keys[seen.named]):
            yield Fail(seen, {"account_id": None})
