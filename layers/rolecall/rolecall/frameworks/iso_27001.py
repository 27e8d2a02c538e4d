"""ISO/IEC 27001:2022 annex A: the ids of all controls, and what those that are named are about.

The titles are copyright of ISO and IEC, and are not here: only ids, and a few words of ours.
Source of the ids: annex A of ISO/IEC 27001:2022, whose four themes number their controls from 1.
"""

from __future__ import annotations

from rolecall.frameworks.framework import Framework

__all__ = ["ISO_27001"]

_CONTROLS = {"A.5": 37, "A.6": 8, "A.7": 14, "A.8": 34}
"""How many controls each theme has."""

_GISTS = {
    "A.5.1": "policy in place",
    "A.5.2": "who is responsible",
    "A.5.3": "duties kept apart",
    "A.5.4": "managers see to it",
    "A.5.5": "reaching the authorities",
    "A.5.9": "list of what we have",
    "A.5.10": "rules of use",
    "A.5.16": "identities",
    "A.5.17": "secrets kept well",
    "A.5.18": "access given and taken",
    "A.5.19": "suppliers",
    "A.5.20": "supplier contracts",
    "A.5.23": "cloud services",
    "A.5.24": "ready for incidents",
    "A.5.26": "answering incidents",
    "A.5.29": "during disruption",
    "A.5.33": "records kept",
    "A.5.34": "personal data",
    "A.6.1": "screening",
    "A.6.3": "training",
    "A.6.4": "discipline",
    "A.6.5": "when people leave",
    "A.8.2": "powerful access",
    "A.8.5": "sign-in",
    "A.8.10": "deletion",
}

ISO_27001 = Framework(
    key="iso",
    name="ISO/IEC 27001:2022 Annex A",
    release="ISO/IEC 27001:2022, Annex A",
    notice="ISO is a registered trademark of the International Organization for Standardization, "
    "IEC one of the International Electrotechnical Commission.",
    titles=_GISTS,
    is_verbatim=False,
    ids=frozenset(
        f"{theme}.{number}" for theme, count in _CONTROLS.items() for number in range(1, count + 1)
    ),
)
