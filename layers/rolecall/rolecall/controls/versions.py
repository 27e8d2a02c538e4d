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
            "access-not-recertified": _ALONE,
            "closed-account-live-access": "Judges grants where no logins are kept.",
            "crisis-contacts-thin": _ALONE,
            "duplicate-account": _ALIKE,
            "emergency-reveal-not-rotated": "Fails where no change of passwords is tracked.",
            "ghost-grant": (
                "Compares mailboxes, and goes by the roles that a platform shows; judges where it "
                "shows no addresses."
            ),
            "incident-overdue": _ALONE,
            "leaver-knows-password": (
                "Goes by who read a secret in the vault and by whom the platform listed last, and "
                "judges where no change of passwords is tracked."
            ),
            "personal-email-login": "Reads an address as mail does, with its name or without.",
            "privacy-record-missing": _ALONE,
            "role-drift": "New.",
            "self-approved-access": _ALONE,
            "shared-login": _ALIKE,
            "single-investigator": _ALONE,
            "third-party-without-contract": _ALONE,
            "unapproved-platform": _ALIKE,
            "unregistered-account": _ALIKE,
            "unregistered-admin": (
                "Compares mailboxes, and goes by the roles that a platform shows; judges accounts "
                "to which nobody on record has access."
            ),
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
