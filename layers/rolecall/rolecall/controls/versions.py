"""The versions of the catalogue, and which rules each of them changed, in words.

A rule is what decides whether a control fails on a subject, and how badly: its check, what it looks
at, the columns that it needs, its limits and its severity. Texts for people and references are no
part of it. Each version names every control whose rule is another than in the version before, a new
one and one that is dropped among them; what is not named decides as it did.

The number goes up with the first change after a release, once: what is changed until the next
release is added to the same version. ``tests/releases/definitions.py`` holds all this to the code.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

__all__ = ["CATALOGUE_VERSION", "CATALOGUE_VERSIONS", "CatalogueVersion", "has_changed"]

_ALONE = "Judges what it can where only some of its columns are kept."
_BARE = (
    "Not evaluated where no people or grants are on record, but for what is wrong whoever they are."
)
_NOT_TO_COME = "A list of a day that is yet to come is none."
_ALIKE = "Knows the names and addresses under which a platform is the same."


class CatalogueVersion(Struct, frozen=True):
    """A version of the catalogue.

    :ivar rolecall: the release that brought it.
    :ivar changes: what is otherwise than in the version before, in words, by the ids of controls.
    """

    number: int
    rolecall: str
    changes: Mapping[str, str] = {}


CATALOGUE_VERSIONS = (
    CatalogueVersion(1, "0.1.0"),
    CatalogueVersion(
        2,
        "0.2.0",
        {
            "access-not-recertified": (
                "Administrative access is confirmed every 90 days, not 180, any other every 365; "
                "judges what it can where only some of its columns are kept."
            ),
            "account-unapproved": (
                "Not evaluated where the entity's head is not an active person, nor where nobody "
                "is on record: nobody asks a head who left for an approval."
            ),
            "account-without-login": (
                "Passes where people sign in as themselves (`individual_roles`)."
            ),
            "archive-off": "Medium where nobody said whether the posts are archived.",
            "closed-account-live-access": (
                "Judges grants where no logins are kept, and logins where no grants are."
            ),
            "crisis-contacts-thin": f"{_ALONE} {_BARE}",
            "domain-expiring": "New.",
            "dormant-account": "Low, not medium.",
            "duplicate-account": _ALIKE,
            "emergency-reveal-not-rotated": (
                "Gives 2 days, not 7; fails where no change of passwords is tracked."
            ),
            "ghost-grant": (
                "Compares mailboxes, and goes by the roles that a platform shows; judges where it "
                f"shows no addresses. {_NOT_TO_COME}"
            ),
            "head-without-access": (
                "Not evaluated where the entity's head is not an active person: nobody makes a "
                f"head who left an owner again. {_BARE}"
            ),
            "incident-overdue": (
                "A decision about a breach that came late fails, closed or not, unless "
                "`delay_reason` says why; the clock runs from `aware_at`. No decision is asked for "
                "where no privacy law applies. Fails too where people at high risk were not told "
                "in time (`high_risk`, `subjects_told_at`). What is yet to come was neither known, "
                "decided nor told. Judges what it can where only some of its columns are kept."
            ),
            "leaver-knows-password": (
                "High, not critical, where only a role ended; not evaluated for a holder on no "
                "roster of whom no day of a departure is on record. Goes by who read a secret in "
                "the vault and by whom the platform listed last, and judges where no change of "
                f"passwords is tracked. {_BARE}"
            ),
            "login-email-of-leaver": "New.",
            "login-rotation-overdue": (
                "Low, not medium, and of logins with several holders alone: NIST forbids to ask one"
                " holder for a change by the calendar."
            ),
            "minor-shown-without-consent": "New.",
            "money-to-unknown-payee": "New.",
            "no-removal-path": (
                "Fails too where the head, or IT, who is to remove people cannot: no active person "
                f"with full control, and of IT no login in the vault. {_BARE}"
            ),
            "not-in-our-portfolio": "New.",
            "observation-stale": "New.",
            "personal-data-past-retention": f"Off unless the policy sets `days`. {_BARE}",
            "personal-email-login": (
                "Allows what is below a domain of the organisation; reads an address as mail does, "
                "with its name or without."
            ),
            "privacy-record-missing": (
                "Not evaluated where the policy's `privacy_law` is none; judges what it can where "
                "only some of its columns are kept."
            ),
            "recovery-contact-leaver": (
                "Critical, not high, where somebody is named who is gone; medium where nobody is. "
                f"{_BARE}"
            ),
            "report-to-authorities-undecided": "New.",
            "role-drift": "New.",
            "sanction-step-skipped": (
                "Low, not medium, and off unless the policy sets `sanction_ladder`, by which it "
                "goes."
            ),
            "self-approved-access": _ALONE,
            "shared-login": _ALIKE,
            "single-investigator": (
                "Of incidents with a subject or a sanction alone; its evidence names nobody. Judges"
                " what it can where only some of its columns are kept."
            ),
            "third-party-without-contract": _ALONE,
            "too-many-administrators": f"Allows 8, not 10. {_BARE}",
            "unapproved-platform": _ALIKE,
            "unregistered-account": (
                "Passes what was reported to the platform as not ours, for 90 days or as long as "
                "the entry says, a year at most. Knows the names and addresses under which a "
                "platform is the same."
            ),
            "unregistered-admin": (
                "Compares mailboxes, and goes by the roles that a platform shows; judges accounts "
                f"to which nobody on record has access. {_NOT_TO_COME} {_BARE}"
            ),
            "unsecured-login": "Passes `safe`; medium, not critical, on paper and in a browser.",
            "unsupervised-volunteer": "Not evaluated where nobody keeps what the supervisor is.",
            "unused-access": "Gives 45 days, not 90.",
            "waiver-without-end": "New.",
            "youth-account-one-adult": "New.",
        },
    ),
)
"""Every version, in order; the numbers count from 1."""

CATALOGUE_VERSION = CATALOGUE_VERSIONS[-1].number
"""The version at hand."""


def has_changed(control: str, since: int) -> bool:
    """Tell whether the rule of a control is another than it was in a version.

    What a version that is later than the one at hand has, nobody here knows: all of it may be.
    """
    if since > CATALOGUE_VERSION:
        return True
    return any(control in version.changes for version in CATALOGUE_VERSIONS[since:])
