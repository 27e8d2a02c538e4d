"""Taking all access of a person away, as far as the caller reaches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from rolecall.errors import ConflictError, NotFoundError
from rolecall.usecases.identity.permissions import Caller
from rolecall.usecases.retry import retried
from rolecall.usecases.revoking.access import Effects
from rolecall.usecases.revoking.rate_limit import RateLimiter
from rolecall.usecases.revoking.revocations import Revocation, RevocationStore, request

__all__ = ["Offboarded", "Outcome", "Refusal", "offboard"]


class Outcome(Struct, frozen=True):
    """A revocation that was asked for, and its effects; of a dry run the effects alone."""

    revocation: Revocation | None
    effects: Effects


class Refusal(Struct, frozen=True):
    """An account on which a guard is against it."""

    account: str
    type: str
    detail: str


class Offboarded(Struct, frozen=True):
    """What became of each access of a person."""

    revocations: list[Outcome]
    refused: list[Refusal]


def offboard(
    store: RevocationStore,
    limiter: RateLimiter,
    accounts: Sequence[str],
    caller: Caller,
    at: datetime,
    person: str,
    reason: str,
    dry_run: bool,
) -> Offboarded:
    """Ask that all access of a person be removed, as far as the caller reaches.

    It counts once for the brake. A guard on one account stops none of the others.

    :param accounts: on which the person has a grant, live or not.
    :raises NotFoundError: there is none that the caller could take away.
    :raises BrakeError: the caller revoked too much within an hour.
    """

    def each(account: str, *, dry: bool) -> Outcome | Refusal | None:
        try:
            asked = request(store, caller, at, account, person, reason, dry_run=dry, counts=False)
        except NotFoundError:
            # Not theirs to take away, or gone already.
            return None
        except ConflictError as error:
            return Refusal(account, error.kind, str(error))
        return Outcome(*asked)

    found = [(account, each(account, dry=True)) for account in accounts]
    reached = [account for account, what in found if what is not None]
    if not reached:
        raise NotFoundError(f"there is no access of {person} that you could take away")
    if not dry_run:
        retried(limiter.count)(caller.person, at)
        found = [(account, each(account, dry=False)) for account in reached]
    results = [what for _, what in found]
    return Offboarded(
        [one for one in results if isinstance(one, Outcome)],
        [one for one in results if isinstance(one, Refusal)],
    )
