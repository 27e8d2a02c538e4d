"""Reads the settings of a policy that are words of a list, levels, the privacy law, the ladder;
and the two numbers by which a roster is taken for a mistake.

Without a word of the policy the GDPR holds, as it did before there was a choice; there is no ladder
of sanctions, for no law says in general that sanctions have an order; and officers alone are told
of incidents.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar, get_args

from rolecall.controls.catalogue import catalogue
from rolecall.registry.problems import suggestion
from rolecall.vocabulary import Confidants, Language, PrivacyLaw, Sanction

__all__ = [
    "CONFIDANTS",
    "LADDER",
    "LANGUAGE",
    "LAW",
    "LEVELS",
    "Report",
    "check_default_level",
    "clearance_levels",
    "confidants",
    "language",
    "leavers_least",
    "leavers_share",
    "privacy_law",
    "sanction_ladder",
    "settled_levels",
]

LEVELS = "policy.clearance_levels"
_MANAGERS = "ineligible-manager"
LAW, LADDER = "policy.privacy_law", "policy.sanction_ladder"
CONFIDANTS, LANGUAGE = "policy.incidents_to", "policy.language"
_SHARE, _LEAST = "policy.roster_leavers_share", "policy.roster_leavers_least"
_DEFAULT_SHARE, _DEFAULT_LEAST = 0.2, 3

Report = Callable[..., None]
"""Takes where something is wrong, what it is, and what stands there."""
_W = TypeVar("_W", bound=str)


def clearance_levels(texts: tuple[str, ...] | None, report: Report) -> tuple[str, ...]:
    """Return the levels of clearance of a policy, the lowest first."""
    if texts == ():
        report(LEVELS, "must name at least one level")
    if len({level.casefold() for level in texts or ()}) != len(texts or ()):
        report(LEVELS, "names a level twice")
    return texts or ("A", "B", "C")


def settled_levels(
    levels: Sequence[str], controls: Mapping[str, Mapping[str, object]]
) -> dict[str, dict[str, object]]:
    """Return the settings of controls whose own level the policy does not have.

    A policy with words of its own for its levels says once, of managers, which of them it takes.
    """
    known = {level.casefold() for level in levels}
    required = controls.get(_MANAGERS, {}).get("level")
    found: dict[str, dict[str, object]] = {}
    for id_, control in catalogue().items() if required is not None else ():
        level = control.parameters.get("level")
        if level and level.casefold() not in known:
            found[id_] = {"level": required, **controls.get(id_, {})}
    return found


def check_default_level(
    levels: Sequence[str], controls: Mapping[str, Mapping[str, object]], report: Report
) -> None:
    """Refuse levels without the one that managers take: everybody would fall short."""
    level = catalogue()[_MANAGERS].parameters["level"]
    known = {one.casefold() for one in levels}
    if "level" not in controls.get(_MANAGERS, {}) and level.casefold() not in known:
        wish = f"set controls.{_MANAGERS}.level to one of the levels"
        report(LEVELS, f"does not have {level}, which {_MANAGERS} requires; {wish}")


def privacy_law(text: str | None, report: Report) -> PrivacyLaw:
    """Return the law of data protection that a policy says it is under."""
    return _word(LAW, text, get_args(PrivacyLaw), "gdpr", report)


def confidants(text: str | None, report: Report) -> Confidants:
    """Return who is told of incidents: officers alone, unless a policy asks for more."""
    return _word(CONFIDANTS, text, get_args(Confidants), "officers", report)


def language(text: str | None, report: Report) -> Language:
    """Return the language in which people are told: English, unless a policy says another."""
    return _word(LANGUAGE, text, get_args(Language), "en", report)


def _word(where: str, text: str | None, known: tuple[_W, ...], default: _W, report: Report) -> _W:
    if text is None:
        return default
    for word in known:
        if word == text.casefold():
            return word
    report(where, f"must be one of {', '.join(known)}{suggestion(text, known)}", text)
    return default


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
