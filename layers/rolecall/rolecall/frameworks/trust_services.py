"""Trust Services Criteria (SOC 2): the ids of all criteria, and what those named are about.

The criteria are copyright of the AICPA, and are not here: only ids, and a few words of ours. Source
of the ids: TSP section 100, 2017 Trust Services Criteria, with the points of focus as revised 2022.
"""

from __future__ import annotations

from rolecall.frameworks.framework import Framework

__all__ = ["TRUST_SERVICES"]

_COMMON = {"CC1": 5, "CC2": 3, "CC3": 4, "CC4": 2, "CC5": 3, "CC6": 8, "CC7": 5, "CC8": 1, "CC9": 2}
_FURTHER = {"A1": 3, "C1": 2, "PI1": 5}
_PRIVACY = {"P1": 1, "P2": 1, "P3": 2, "P4": 3, "P5": 2, "P6": 7, "P7": 1, "P8": 1}
"""How many criteria each series has."""

_GISTS = {
    "CC1.3": "who answers to whom",
    "CC1.4": "able people",
    "CC1.5": "people answer for their part",
    "CC2.2": "telling everybody inside",
    "CC5.3": "rules that are lived",
    "CC6.1": "protecting access",
    "CC6.2": "people let in and out",
    "CC6.3": "roles and least access",
    "CC7.4": "answering incidents",
    "CC7.5": "recovery, and its drill",
    "CC9.2": "vendors and partners",
    "P2.1": "asking for consent",
    "P4.2": "keeping data no longer than needed",
}

TRUST_SERVICES = Framework(
    key="soc2",
    name="SOC 2 (Trust Services Criteria)",
    release="SOC 2: Trust Services Criteria 2017 with 2022 points of focus",
    notice="SOC 2 and Trust Services Criteria are trademarks of the American Institute of "
    "Certified Public Accountants (AICPA).",
    titles=_GISTS,
    is_verbatim=False,
    ids=frozenset(
        f"{series}.{number}"
        for series, count in (_COMMON | _FURTHER | _PRIVACY).items()
        for number in range(1, count + 1)
    ),
)
