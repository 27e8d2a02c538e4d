"""Access of which nobody has confirmed for long that it is still needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, concerns_all, control
from rolecall.controls.populations import LIVE_GRANTS
from rolecall.controls.remedy_words import MAY_BE_DUE, REMOVED, WITH_CARE
from rolecall.model import ADMINISTRATIVE_ROLES, Grant


@control(
    title="Somebody other than its holder confirmed lately that every access is needed",
    severity="medium",
    rationale=(
        "Access piles up: people take on new duties and keep the keys of the old ones. Only a "
        "regular look by somebody else brings it down again."
    ),
    remediation=(
        "Ask the head of the entity whether the person still needs the access; where it is the "
        f"head's own, somebody above them. If not, remove it on the platform. {WITH_CARE}"
    ),
    record=(
        "If it is needed, enter the day in grants.attested_on, and who confirmed it in "
        f"grants.attested_by. {REMOVED} {MAY_BE_DUE}"
    ),
    detail={
        "empty": "No confirmation is on record that {person} needs the access to {account}.",
        "self": "{person} alone confirmed their own need of the access to {account}.",
        "old": (
            "That {person} needs the access to {account} was last confirmed on {attested_on}; "
            "once in {days:day} is needed."
        ),
    },
    references=References(nist=("AC-6(7)",), cis=("5.1",), iso=("A.5.18",), soc2=("CC6.3",)),
    subjects=LIVE_GRANTS,
    partly={"grants.attested_on": concerns_all, "grants.attested_by": concerns_all},
    without=(
        "A confirmation that is missing or old is so whoever gave it, and the holder's own counts "
        "for nothing on any day."
    ),
    days=90,
    days_lesser=365,
)
def access_not_recertified(
    grants: Sequence[Grant], context: Context, params: Params
) -> Iterator[Fail]:
    """Fail a live grant never attested, attested by its holder, or too long ago for its role."""
    limits = params.days, params.days_lesser
    administrative, lesser = [(days, context.days_ago(days)) for days in limits]
    for grant in grants:
        attested = grant.attested_on
        days, oldest = administrative if grant.role in ADMINISTRATIVE_ROLES else lesser
        if grant.attested_by == grant.person_id and (attested or not _is_dated(grant, context)):
            yield Fail(grant, {"because": "self", "attested_by": grant.attested_by})
        elif attested is None:
            if _is_dated(grant, context):
                yield Fail(grant, {"because": "empty", "attested_on": None})
        elif attested < oldest:
            old = {"because": "old", "attested_on": attested, "days": days}
            yield Fail(grant, old)


def _is_dated(grant: Grant, context: Context) -> bool:
    """Tell whether anybody keeps track of the day of the grant's confirmation."""
    return context.tracks("grants.attested_on", grant.account_id, grant.person_id)
