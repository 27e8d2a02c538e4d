"""Reads the settings of a policy that are words of a list, levels, the privacy law, the ladder;
and the two numbers by which a roster is taken for a mistake.

Without a word of the policy the GDPR holds, as it did before there was a choice; and there is no
ladder of sanctions, for no law says in general that sanctions have an order.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

from rolecall.registry.problems import suggestion
from rolecall.vocabulary import PrivacyLaw, Sanction

__all__ = [
    "LADDER",
    "LAW",
    "LEVELS",
    "Report",
    "clearance_levels",
    "leavers_least",
    "leavers_share",
    "privacy_law",
    "sanction_ladder",
]

LEVELS = "policy.clearance_levels"
LAW, LADDER = "policy.privacy_law", "policy.sanction_ladder"
_SHARE, _LEAST = "policy.roster_leavers_share", "policy.roster_leavers_least"
_DEFAULT_SHARE, _DEFAULT_LEAST = 0.2, 3

Report = Callable[..., None]
"""Takes where something is wrong, what it is, and what stands there."""


def clearance_levels(texts: tuple[str, ...] | None, report: Report) -> tuple[str, ...]:
    """Return the levels of clearance of a policy, the lowest first."""
    if texts == ():
        report(LEVELS, "must name at least one level")
    if len({level.casefold() for level in texts or ()}) != len(texts or ()):
        report(LEVELS, "names a level twice")
    return texts or ("A", "B", "C")


def privacy_law(text: str | None, report: Report) -> PrivacyLaw:
    """Return the law of data protection that a policy says it is under."""
    laws: tuple[PrivacyLaw, ...] = get_args(PrivacyLaw)
    if text is None:
        return "gdpr"
    for law in laws:
        if law == text.casefold():
            return law
    report(LAW, f"must be one of {', '.join(laws)}{suggestion(text, laws)}", text)
    return "gdpr"


def sanction_ladder(texts: tuple[str, ...] | None, report: Report) -> tuple[Sanction, ...] | None:
    """Return the steps of a policy's ladder, in its order; ``None`` where it has none."""
    if texts is None:
        return None
    known: tuple[Sanction, ...] = get_args(Sanction)
    words: dict[str, Sanction] = {step: step for step in known}
    for text in texts:
        if text.casefold() not in known:
            near = suggestion(text.casefold(), known)
            report(LADDER, f"its steps are words of sanction: {', '.join(known)}{near}", text)
    steps = tuple(step for text in texts if (step := words.get(text.casefold())) is not None)
    if len(set(steps)) < len(steps):
        report(LADDER, "names a step twice")
    if len(texts) < 2:
        report(LADDER, "must name two steps or more, the first one first")
    return steps


def leavers_share(value: object, report: Report) -> float:
    """Return the share of the people who may leave at once by a roster, from 0 to 1."""
    if value is None:
        return _DEFAULT_SHARE
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 <= float(str(value)) <= 1:
        report(_SHARE, "must be a number from 0 to 1, such as 0.2 for a fifth", value)
        return _DEFAULT_SHARE
    return float(str(value))


def leavers_least(value: object, report: Report) -> int:
    """Return how many people must leave at once by a roster for it to be taken for a mistake."""
    if value is None:
        return _DEFAULT_LEAST
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        report(_LEAST, "must be a whole number from 1", value)
        return _DEFAULT_LEAST
    return value
