"""What reports for people say of counts and reasons, in the language of a report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import asdict

from rolecall.engine import Coverage
from rolecall.model import SEVERITIES, Severity
from rolecall.presence import ROWS, lacking
from rolecall.run import RegistryProblems, Summary
from rolecall.texts import Texts, Words

__all__ = [
    "about_subjects",
    "by_change",
    "incomplete",
    "reason_in_words",
    "reasons_in_words",
    "reported_in_words",
    "severities_in_words",
    "status_in_words",
    "unmade_controls",
    "words_for",
]

_PART = "reports"
_MOST_NAMED = 5


def words_for(texts: Texts, rows: Mapping[str, int]) -> Words:
    """Return the texts of a page about a registry of so many rows.

    Where nobody is on record nobody is shown to be eligible, nor an account to be nobody's.
    """
    words = texts.words(_PART)
    found = {}
    if rows.get("people") == 0:
        found["eligible"] = words["unlisted"]
    if rows.get("grants") == 0:
        found["nobody"] = words["unrecorded"]
    return words.with_others(found)


def reason_in_words(texts: Texts, reason: str | None) -> str:
    """Return why a finding is resolved or new; of what is not known, nothing.

    A reason that a later release put on record has no words yet: it is said as it is.
    """
    if reason is None:
        return ""
    words, key = texts.words(_PART), f"reason_{reason.replace('-', '_')}"
    return words[key] if key in words else reason.replace("-", " ")


def status_in_words(texts: Texts, status: str, reason: str | None) -> str:
    """Return the status of a finding with its reason, such as ``Resolved: rule changed``."""
    word, told = texts.words(_PART)[status], reason_in_words(texts, reason)
    return f"{word}: {told}" if told else word


def reasons_in_words(texts: Texts, status: str, summary: Summary) -> str:
    """Return why findings of a status are new or resolved, with counts, or nothing."""
    reasons = {"resolved": summary.by_resolution, "new": summary.by_opening}.get(status, {})
    told = ", ".join(
        f"{texts.number(count)} {reason_in_words(texts, name)}" for name, count in reasons.items()
    )
    return f" ({told})" if told else ""


def reported_in_words(texts: Texts, count: int) -> str:
    """Return how many observed accounts pass because they were reported, or nothing."""
    return texts.filled(texts.words(_PART)["reported"], count=count) if count else ""


def unmade_controls(coverage: Iterable[Coverage]) -> Mapping[str, Sequence[str]]:
    """Return which controls could not be checked at all, by the reason: whole tables come first."""
    nobody = tuple(map(lacking, ROWS))
    found: defaultdict[str, list[str]] = defaultdict(list)
    for one in coverage:
        if one.reasons and not one.passed and not one.failed:
            # Where a whole table is missing it is of no use to hear of its columns.
            whole = [reason for reason in nobody if reason in one.reasons]
            found[", ".join(whole or one.reasons)].append(one.control)
    ordered = sorted(found, key=lambda reason: (not reason.startswith(nobody), reason))
    return {reason: found[reason] for reason in ordered}


def by_change(texts: Texts, summary: Summary) -> str:
    """Return how many findings came and went by nobody's work, or nothing."""
    came, went = summary.came_by_change, summary.went_by_change
    if not came and not went:
        return ""
    return texts.filled(texts.words(_PART)["by_change"], came=came, went=went)


def severities_in_words(texts: Texts, of: Mapping[str, int] | Mapping[Severity, int]) -> str:
    """Return how many there are of each severity, without those of which there is none."""
    words = texts.words("reports")
    told = (
        texts.filled(words[f"counted_{one}"], count=of[one]) for one in SEVERITIES if of.get(one)
    )
    return ", ".join(told)


def about_subjects(texts: Texts, summary: Summary) -> str:
    """Return how many subjects the standing findings are about, where they were counted."""
    count = summary.standing_subjects
    return texts.filled(texts.words(_PART)["about_subjects"], count=count) if count else ""


def incomplete(
    texts: Texts,
    unknown: int,
    problems: RegistryProblems | None = None,
    rows: Mapping[str, int] | None = None,
) -> str:
    """Return what a report says where it may not say everything, or nothing.

    :param unknown: how many records of the log nobody here knows.
    :param problems: what is wrong with the registry.
    :param rows: how many rows each of its tables has.
    """
    words = texts.words(_PART)
    said = [texts.filled(words["incomplete"], count=unknown)] if unknown else []
    said += [words[f"no_{table}"] for table in ROWS if (rows or {}).get(table) == 0]
    if problems is not None:
        named = [
            words["problem"].format_map({**asdict(one), "message": texts.said(one.message)})
            for one in problems.first[:_MOST_NAMED]
        ]
        first = "; ".join([*named, *(["..."] if problems.count > len(named) else [])])
        said.append(texts.filled(words["problems"], count=problems.count, first=first))
    return " ".join(said)
