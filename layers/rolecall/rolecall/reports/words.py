"""Every text of the reports for people, in one place: a translation is another file like this."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import asdict

from rolecall.engine import Coverage
from rolecall.frameworks.known import EVIDENCE, NOT_AFFILIATED
from rolecall.presence import ROWS, lacking
from rolecall.run import RegistryProblems, Summary

__all__ = [
    "WORDS",
    "about_subjects",
    "by_change",
    "incomplete",
    "reason_in_words",
    "reasons_in_words",
    "reported_in_words",
    "status_in_words",
    "unmade_controls",
    "words_for",
]

_MOST_NAMED = 5

WORDS = {
    "title": "Who holds the keys",
    "subtitle": "Audit of social accounts and websites",
    "as_of": "As of",
    "zone": "All times are UTC.",
    "scope": "Limited to {name} and what is below it",
    "scope_alone": "Limited to {name} itself, without what is below it",
    "incomplete": "This report may be incomplete: the audit log holds records of kinds that this "
    "release does not know ({count}).",
    "problems": "The registry is not in order; problems: {count} ({first}). What they concern "
    "may be missing here: correct the registry, and import it again.",
    "no_people": "Nobody is on record: what needs a roster could not be checked. Fill the table "
    "people.",
    "no_grants": "No access is on record: who has any could not be checked. Fill the table grants.",
    "problem": "{table} {id} {message}",
    "policy": "Policy",
    "catalogue": "Catalogue of controls",
    "catalogue_version": "version {number}",
    "catalogue_short": "Catalogue",
    "run": "Run",
    "summary": "At a glance",
    "summary_means": "Findings are about records, not about guilt.",
    "standing": "Findings that stand",
    "standing_subjects": "Subjects that they are about",
    "severity": "Severity",
    "critical": "Critical",
    "high": "High",
    "medium": "Medium",
    "low": "Low",
    "new": "New",
    "open": "Open",
    "regressed": "Came back",
    "resolved": "Resolved",
    "waived": "Accepted",
    "status": "Status",
    "organisation": "Audit of",
    "headline_critical": "Critical findings: {count}. Begin with them today.",
    "headline_high": "Nothing critical stands. Findings of high severity: {count}.",
    "headline_other": "Nothing critical or of high severity stands. Other findings: {count}.",
    "headline_none": "Nothing stands.",
    "headline_unmade": "Checks that could not be made: {count}.",
    "accounts_critical": "Accounts with a critical finding",
    "accounts_clear": "Accounts against which nothing stands",
    "accounts_of": "{count} of {every}",
    "accounts_means": "Each account is counted once, by the worst that stands against it: "
    "{counts}.",
    "share": "Checks that passed",
    "share_means": "Of {made} checks that could be made, each one control on one subject, {passed} "
    "passed. A check that passed weighs no less than one that failed: this says how much was "
    "looked at, not how safe anything is.",
    "coverage": "Checks that could be made",
    "reported": "Accounts seen on platforms that pass because they were reported there as not "
    "ours: {count}.",
    "coverage_means": "{unmade} checks could not be made; what could not be checked says why.",
    "not_counted": "Checks are counted for whole runs; the report of the run has them.",
    "trend": "Over the last runs",
    "trend_means": "Findings that stood at the end of each run.",
    "trend_differs": "The catalogue of controls changed between these runs: what stood is not "
    "judged by the same rules in all of them.",
    "by_change": "Of these, {came} came and {went} went because a rule or a limit was changed: "
    "that is nobody's work, and nobody's fault.",
    "about_subjects": "about {count} subjects",
    "about_subject": "about 1 subject",
    "changes": "Since the last run",
    "worst": "The ten worst",
    "worst_means": "By severity; of one severity first what came back, then what has stood the "
    "longest.",
    "worst_more": "What to do about each stands by its entity.",
    "nothing": "Nothing stands. Every check that could be made has passed.",
    "by_entity": "By entity",
    "no_entity": "Of no entity: for officers",
    "annex": "Annex: incidents",
    "annex_means": "What concerns the conduct of people. For officers alone: take these pages out "
    "before the report is handed on.",
    "annex_none": "Nothing about incidents stands.",
    "left_out": "Findings about incidents that this report leaves out: {count}. They are in "
    "findings.csv and findings.json; with the option --with-incidents the report has an annex of "
    "them.",
    "of_no_account": "The entity itself, and its people",
    "more": "{count} more are in findings.csv.",
    "more_entities": "{count} more findings, in {entities} more entities, are in findings.csv.",
    "what": "What is wrong",
    "do": "What to do",
    "record": "For whoever keeps the registry",
    "since": "First seen",
    "where": "Where",
    "by_control": "By control",
    "control": "Control",
    "why": "Why it is asked",
    "stand": "Stand",
    "passed": "Passed",
    "failed": "Failed",
    "unmade": "Could not be checked",
    "unmade_short": "Not made",
    "by_framework": "By framework",
    "evidence": f"{EVIDENCE} {NOT_AFFILIATED}",
    "requirement": "Requirement",
    "requirement_ours": "Requirement, in our words",
    "in_our_words": "{title} (in our words)",
    "titles_given": "Titles are those that the organisation gave.",
    "clause": "Clause",
    "failing": "Controls that fail",
    "findings": "Findings",
    "none": "none",
    "waivers": "Accepted findings",
    "waiver_applied": "holds",
    "waiver_expired": "is over",
    "waiver_refused": "does not hold",
    "waiver_evidence-changed": "does not hold: something changed",
    "waiver_severity-raised": "does not hold: it is more severe now",
    "waiver_unused": "is not needed",
    "waiver_withdrawn": "was withdrawn",
    "no_waivers": "No finding is accepted.",
    "reason": "Reason",
    "approved_by": "Approved by",
    "expires": "Until",
    "holds": "Holds",
    "holders": "Who holds what",
    "holders_means": "Everybody with a role on each account that is not closed, and whom the "
    "platform itself showed when somebody last looked. Against whom a control fails is not "
    "eligible as things are.",
    "shown_on": "The platform, on {day}",
    "shown_never": "Nobody has looked on the platform.",
    "shown_nobody": "no name",
    "shown_stranger": "has no role on record",
    "no_holders": "This report was made from the audit log, which does not hold the registry.",
    "more_accounts": "{count} more accounts are not shown; the registry has them.",
    "account": "Account",
    "entity": "Entity",
    "administrators": "Who has a role",
    "eligible": "eligible",
    "nobody": "nobody",
    "unlisted": "not on any roster, and so not checked",
    "unrecorded": "not on record",
    "unchecked": "What could not be checked",
    "unchecked_means": "A check that could not be made is neither passed nor failed.",
    "all_checked": "Everything was checked.",
    "count": "How many",
    "proof": "How to verify this report",
    "proof_means": "The audit log that these findings come from is sealed by the checkpoint below. "
    "With proof.zip and the verifier key, which must come to you by another way than this "
    "report, rolecall verify proof.zip --key KEY says whether anything was changed since.",
    "no_checkpoint": "This run has no audit log, so nothing proves it.",
    "digest": "SHA-256 of findings.json",
    "signature": "Signature",
    "signed_is": "Who signs has read this report, and no other: the audit of {organisation} as of "
    "{as_of}, run {number} under the policy {policy}. Findings that stand: {standing}; accepted: "
    "{waived}; resolved: {resolved}. That nothing of it was changed since, the digest shows, which "
    "is below in small type.",
    "signed_is_not": "To sign accepts no finding: they are accepted in the policy or by officers, "
    "each for itself.",
    "this_organisation": "this organisation",
    "glossary": "Words",
    "actions": "Do these first",
    "actions_means": "What ends most harm with least work, in this order. Who is named can do it; "
    "each step says where.",
    "actions_more": "{count} more things to do are in findings.json.",
    "actions_first": "Before that: {what}",
    "ends": "Ends",
    "who": "Who",
    "to_record": "Then write down",
    "name": "Name",
    "role": "Role",
    "date": "Date",
    "signed": "Signature",
    "page": "Page {number} of {of}",
    "filter": "Filter",
    "filter_hint": "Part of any text",
    "all": "All",
    "shown": "shown",
    "contents": "Contents",
    "not_checked": "not checked in this run",
    "note": "Note",
}


_REASONS = {
    "fixed": "fixed",
    "gone": "gone",
    "closed": "account closed",
    "control-disabled": "control turned off",
    "rule-changed": "rule changed",
    "policy-changed": "policy changed",
}


def words_for(rows: Mapping[str, int]) -> Mapping[str, str]:
    """Return the texts of a page about a registry of so many rows.

    Where nobody is on record nobody is shown to be eligible, nor an account to be nobody's.
    """
    found = dict(WORDS)
    if rows.get("people") == 0:
        found["eligible"] = WORDS["unlisted"]
    if rows.get("grants") == 0:
        found["nobody"] = WORDS["unrecorded"]
    return found


def reason_in_words(reason: str | None) -> str:
    """Return why a finding is resolved or new; of what is not known, nothing."""
    return "" if reason is None else _REASONS.get(reason, reason.replace("-", " "))


def status_in_words(status: str, reason: str | None) -> str:
    """Return the status of a finding with its reason, such as ``Resolved: rule changed``."""
    told = reason_in_words(reason)
    return f"{WORDS[status]}: {told}" if told else WORDS[status]


def reasons_in_words(status: str, summary: Summary) -> str:
    """Return why findings of a status are new or resolved, with counts, or nothing."""
    reasons = {"resolved": summary.by_resolution, "new": summary.by_opening}.get(status, {})
    told = ", ".join(f"{count:,} {reason_in_words(name)}" for name, count in reasons.items())
    return f" ({told})" if told else ""


def reported_in_words(count: int) -> str:
    """Return how many observed accounts pass because they were reported, or nothing."""
    return WORDS["reported"].format(count=f"{count:,}") if count else ""


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


def by_change(summary: Summary) -> str:
    """Return how many findings came and went by nobody's work, or nothing."""
    came, went = summary.came_by_change, summary.went_by_change
    return WORDS["by_change"].format(came=f"{came:,}", went=f"{went:,}") if came or went else ""


def about_subjects(summary: Summary) -> str:
    """Return how many subjects the standing findings are about, where they were counted."""
    count = summary.standing_subjects
    if not count:
        return ""
    return WORDS["about_subject" if count == 1 else "about_subjects"].format(count=f"{count:,}")


def incomplete(
    unknown: int, problems: RegistryProblems | None = None, rows: Mapping[str, int] | None = None
) -> str:
    """Return what a report says where it may not say everything, or nothing.

    :param unknown: how many records of the log nobody here knows.
    :param problems: what is wrong with the registry.
    :param rows: how many rows each of its tables has.
    """
    said = [WORDS["incomplete"].format(count=f"{unknown:,}")] if unknown else []
    said += [WORDS[f"no_{table}"] for table in ROWS if (rows or {}).get(table) == 0]
    if problems is not None:
        named = [WORDS["problem"].format(**asdict(one)) for one in problems.first[:_MOST_NAMED]]
        first = "; ".join([*named, *(["..."] if problems.count > len(named) else [])])
        said.append(WORDS["problems"].format(count=f"{problems.count:,}", first=first))
    return " ".join(said)
