"""An account of which nobody has looked up lately who is on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, Undecided, control
from rolecall.controls.populations import OPEN_ACCOUNTS
from rolecall.model import Account


def _never_seen(accounts: Sequence[Account], context: Context, _: Params) -> Iterator[Undecided]:
    seen, keys = context.last_seen, context.keys
    for account in accounts:
        if keys[account.id] not in seen:
            yield account, "the account was not observed"


@control(
    title="Who is on each account was looked up on the platform lately",
    severity="high",
    rationale=(
        "Whoever was let in since the last look, or is still there after they went, stands on the "
        "platform's own list and nowhere else. What other controls say of an account is as old as "
        "that list."
    ),
    remediation=(
        "Open the account's list of people and roles on the platform, and give all whom it shows, "
        "with their roles, to whoever keeps the registry. Where it shows somebody you do not know, "
        "ask who they are before anything is taken away."
    ),
    record=(
        "Enter everybody whom the platform shows in observations, a row each, with the day in "
        "observations.observed_on."
    ),
    detail={
        "stale": (
            "The latest list of who is on it is of {observed_on}; such a list counts for "
            "{days:day}."
        ),
        "never": "No list of who is on it is on record; one is wanted every {days:day}.",
    },
    references=References(nist=("CA-7",), cis=("5.1",), iso=("A.5.18",)),
    subjects=OPEN_ACCOUNTS,
    needs=("observations.platform",),
    unsettled=_never_seen,
    days=45,
    require_observation=False,
)
def observation_stale(
    accounts: Sequence[Account], context: Context, params: Params
) -> Iterator[Fail]:
    """Fail an account seen last longer ago than ``days``; by ``require_observation`` never."""
    seen, keys, oldest = context.last_seen, context.keys, context.days_ago(params.days)
    for account in accounts:
        day = seen.get(keys[account.id])
        if day is not None and day < oldest:
            yield Fail(account, {"because": "stale", "observed_on": day, "days": params.days})
        elif day is None and params.require_observation:
            yield Fail(account, {"because": "never", "observed_on": None, "days": params.days})
