"""The policy of a run where the one that was imported cannot be read: that of the last run.

Without its policy a registry would be judged by another, with other limits and other findings, and
nobody would know by which. But an audit that ends for one broken document tells nobody what is
open, every night, which is what somebody with something to hide would want. So each completed run
leaves the settings that it went by. The next one takes them where it must, says so before anything
else, and holds them against the digest of the policy that is on record of that run; what is not the
same ends the run, as before.

An acceptance that cannot be read accepts nothing. What else was decided of its finding is not known
either: it may say that a waiver of the policy's text was withdrawn, so none of these holds.
"""

from __future__ import annotations

from typing import Protocol

import msgspec
from msgspec import Struct

from rolecall.errors import PolicyError, UsageError
from rolecall.model import Policy
from rolecall.registry.documents import Settings
from rolecall.usecases.governance.decisions import AcceptedWaivers
from rolecall.usecases.runs.batch import Frozen, RegistrySource, policy_of
from rolecall.usecases.runs.integrity import Integrity

__all__ = ["KeptPolicies", "KeptPolicy", "kept_policy", "standing_policy", "told_waivers"]

_UNREADABLE = (msgspec.MsgspecError, UnicodeError, RecursionError, PolicyError, UsageError)
_Standing = tuple[Settings, Policy]


class KeptPolicy(Struct, frozen=True, kw_only=True):
    """The settings by which a run was completed.

    :ivar number: of the run.
    :ivar digest: of its policy, with what was accepted beside it, as it is on record.
    """

    number: int
    digest: str
    settings: Settings
    accepted: AcceptedWaivers = AcceptedWaivers()


class KeptPolicies(Protocol):
    """What keeps the policy of the last run."""

    def last_policy(self) -> KeptPolicy | None:
        """Return the policy of the last completed run, if it is the one that is on record."""
        ...


def kept_policy(frozen: Frozen) -> KeptPolicy:
    """Return what a run leaves of its policy."""
    return KeptPolicy(
        number=frozen.run.number,
        digest=frozen.run.policy.digest,
        settings=Settings(frozen.tracked, frozen.policy, titles=frozen.titles),
        accepted=frozen.accepted,
    )


def told_waivers(registry: RegistrySource, integrity: Integrity) -> AcceptedWaivers:
    """Return what was accepted beside the policy, and report what of it cannot be read."""
    accepted = registry.accepted()
    for finding in accepted.unreadable:
        integrity.add("waivers", finding, "cannot be read, and accepts nothing")
    return accepted


def standing_policy(
    registry: RegistrySource,
    accepted: AcceptedWaivers,
    kept: KeptPolicies | None,
    integrity: Integrity,
) -> _Standing:
    """Return the settings by which a run goes, with its policy.

    :param kept: what keeps the policy of the last run; ``None`` for nothing.
    :raises PolicyError: the policy cannot be read, and none is kept that is on record.
    :raises UsageError: nothing was imported yet.
    """
    try:
        settings = registry.settings()
        return settings, policy_of(settings.policy, accepted, settings.titles)
    except _UNREADABLE as error:
        last = None if kept is None else kept.last_policy()
        if last is None:
            raise
        known = policy_of(last.settings.policy, last.accepted).digest
        if known != last.digest:
            raise UsageError(
                "the policy cannot be read, and the one that was kept is not that of the last run: "
                "import the registry"
            ) from error
    told = f"cannot be read; the policy of run {last.number} counts until it is imported again"
    # Which columns are tracked stands there as well.
    integrity.add("settings", "policy", told, leaves_out=True)
    return last.settings, policy_of(last.settings.policy, accepted, last.settings.titles)
