"""CIS Controls 8.1: the ids of all safeguards, and what those that the catalogue names are about.

The titles are licensed content of the Center for Internet Security, and are not here: only ids, and
a few words of ours. Source of the ids: CIS Controls version 8.1.2 (March 2025), in which each of
the eighteen controls numbers its safeguards from 1.
"""

from __future__ import annotations

from rolecall.frameworks.framework import Framework

__all__ = ["CIS_CONTROLS"]

_SAFEGUARDS = (5, 7, 14, 12, 6, 8, 7, 12, 7, 7, 5, 8, 11, 9, 7, 14, 9, 5)
"""How many safeguards each control has, from the first control to the last."""

_GISTS = {
    "2.3": "unapproved software",
    "3.4": "keeping data no longer",
    "3.11": "stored data encrypted",
    "5.1": "list of accounts",
    "5.2": "one password each, and long enough",
    "5.3": "unused accounts",
    "6.1": "giving access",
    "6.2": "taking access back",
    "6.3": "second factor outside",
    "6.5": "second factor for administrators",
    "6.8": "access that follows from the role",
    "14.1": "yearly awareness",
    "14.9": "training by role",
    "15.4": "provider contracts",
    "15.7": "ending with providers",
    "17.1": "who handles incidents",
    "17.2": "contacts for incidents",
    "17.7": "exercises",
}

CIS_CONTROLS = Framework(
    key="cis",
    name="CIS Controls 8.1",
    release="CIS Controls 8.1",
    notice="CIS and CIS Controls are trademarks of the Center for Internet Security, Inc.",
    titles=_GISTS,
    is_verbatim=False,
    ids=frozenset(
        f"{control}.{number}"
        for control, count in enumerate(_SAFEGUARDS, 1)
        for number in range(1, count + 1)
    ),
)
