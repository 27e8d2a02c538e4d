"""Somebody who manages an account and has not accepted the policy as it is now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import MANAGERS
from rolecall.model import Grant


def _suspects(context: Context, _: Params) -> Set[str]:
    version = context.policy.version
    return context.strangers.union(
        [p.id for p in context.snapshot.people if p.policy_version != version]
    )


@control(
    title="Everybody who manages an account has acknowledged the current policy",
    severity="medium",
    rationale=(
        "People can keep only rules that they know; the signature shows that the organisation "
        "told them."
    ),
    remediation="Give the person the current policy to read and sign.",
    record=(
        "Once they have signed, enter its version in people.policy_version, and the day in "
        "people.policy_acknowledged_on."
    ),
    detail={
        "empty": (
            "{person} manages {account}, and no acknowledgement of the policy is on record; the "
            "current version is {version}."
        ),
        "other": (
            "{person} manages {account}, and acknowledged version {policy_version} of the policy; "
            "the current version is {version}."
        ),
    },
    references=References(nist=("PL-4", "PL-4(1)"), iso=("A.5.1", "A.5.10"), soc2=("CC2.2",)),
    subjects=MANAGERS,
    needs=("people.policy_version", "policy.version"),
    without="A policy without a version is none that anybody could acknowledge.",
    suspects=_suspects,
)
def policy_unacknowledged(grants: Sequence[Grant], context: Context, _: Params) -> Iterator[Fail]:
    """Fail an administrative grant of an active person who acknowledged no or another version."""
    people, version = context.people, context.policy.version
    for grant in grants:
        acknowledged = people[grant.person_id].policy_version
        if acknowledged != version:
            because = "empty" if acknowledged is None else "other"
            evidence = {"because": because, "policy_version": acknowledged, "version": version}
            yield Fail(grant, evidence)
