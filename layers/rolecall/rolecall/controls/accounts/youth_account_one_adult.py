"""An account for minors whose messages too few cleared adults can read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.clearance import ClearanceLadder
from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import OPEN_ACCOUNTS
from rolecall.controls.sieves import empty
from rolecall.model import Account

_READERS = frozenset({"owner", "admin", "manager", "editor"})
"""Roles that read what is written to an account."""


def _is_for_minors(account: Account, _: Context, __: Params) -> bool:
    return account.audience == "minors"


@control(
    title="Enough cleared adults can read what is written to every account for minors",
    severity="critical",
    rationale=(
        "Young people write to such an account. Where several cleared adults can read what is "
        "written, no adult is alone with a child there: that protects the young, and it protects "
        "the adult."
    ),
    remediation=(
        "Ask another adult who has the clearance and the training to look after the account too, "
        "and give them a role on the platform that reads messages. Until then let private messages "
        "there rest, and tell the safe environment office."
    ),
    record=(
        "Add the access to grants, with its role in grants.role, the day in grants.granted_on and "
        "who approved it in grants.approved_by."
    ),
    detail={
        "none": (
            "It is for minors, and nobody who is active with a clearance of level {level} in "
            "force can read its messages; the minimum is {minimum}."
        ),
        "few": (
            "It is for minors, and of those who are active with a clearance of level {level} in "
            "force only {adults} can read its messages; the minimum is {minimum}."
        ),
        "granted": (
            "It is for minors, and only {adults}, as far as is known, can read its messages with a "
            "clearance of level {level} in force; the minimum is {minimum}."
        ),
    },
    references=References(
        nist=("PS-3",),
        iso=("A.6.1",),
        practice=(
            "Archdiocese of New York: no private direct communication with a minor",
            "Policies of parishes: at least two adults with administrative rights",
        ),
    ),
    subjects=OPEN_ACCOUNTS,
    needs=("accounts.audience", "grants.account_id"),
    partly={
        "people.id": _is_for_minors,
        "people.clearance_level": _is_for_minors,
        "people.clearance_expires": _is_for_minors,
    },
    without=(
        "Where too few can read the messages, or too few of these may do so by what is tracked, "
        "nothing makes them enough. Without the audience nobody knows for whom an account is, nor "
        "without any access on record who reads it."
    ),
    undecided=empty("audience"),
    minimum=2,
    level="C",
)
def youth_account_one_adult(
    accounts: Sequence[Account], context: Context, params: Params
) -> Iterator[Fail]:
    """Fail an account for minors that fewer than ``minimum`` adults of ``level`` can read."""
    ladder = ClearanceLadder(context.policy.clearance_levels)
    required, people = ladder.required(params.level), context.people

    def is_known(id_: str) -> bool:
        """Tell whether somebody's clearance is tracked."""
        return all(context.tracks(f"people.clearance_{one}", id_) for one in ("level", "expires"))

    def is_cleared(id_: str) -> bool:
        """Tell whether somebody has the clearance, as far as it is tracked."""
        by_level = context.tracks("people.clearance_level", id_)
        if by_level and ladder[people[id_].clearance_level] < required:
            return False
        by_day = context.tracks("people.clearance_expires", id_)
        ends = people[id_].clearance_expires if by_day else context.today
        return ends is not None and ends >= context.today

    for account in [one for one in accounts if one.audience == "minors"]:
        grants = context.live_grants.get(account.id, ())
        readers = context.among_active([one.person_id for one in grants if one.role in _READERS])
        adults = sorted(filter(is_cleared, readers))
        if len(adults) < params.minimum:
            some = "few" if all(map(is_known, readers)) else "granted"
            because = some if adults else "none"
            facts = {"adults": adults, "level": params.level, "minimum": params.minimum}
            yield Fail(account, {"because": because, **facts})
