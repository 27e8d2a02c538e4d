"""Regulation (EU) 2016/679: the articles that the catalogue names, with their titles, verbatim.

Source: the Official Journal, OJ L 119, 4.5.2016, p. 1, https://eur-lex.europa.eu/eli/reg/2016/679,
(c) European Union; reuse as Decision 2011/833/EU allows it. A paragraph or a point bears the title
of its article.
"""

from __future__ import annotations

from rolecall.frameworks.framework import Framework

__all__ = ["GDPR"]

_BREACH = "Notification of a personal data breach to the supervisory authority"
_TITLES = {
    "Art. 5(1)(e)": "Principles relating to processing of personal data",
    "Art. 6": "Lawfulness of processing",
    "Art. 7": "Conditions for consent",
    "Art. 13": (
        "Information to be provided where personal data are collected from the data subject"
    ),
    "Art. 26": "Joint controllers",
    "Art. 28": "Processor",
    "Art. 30": "Records of processing activities",
    "Art. 32": "Security of processing",
    "Art. 33": _BREACH,
    "Art. 33(5)": _BREACH,
    "Art. 34": "Communication of a personal data breach to the data subject",
}

GDPR = Framework(
    key="gdpr",
    name="GDPR",
    release="Regulation (EU) 2016/679 (GDPR)",
    notice="Titles are verbatim, (c) European Union, https://eur-lex.europa.eu; only the Official "
    "Journal is authentic.",
    titles=_TITLES,
    is_verbatim=True,
    ids=frozenset(_TITLES),
    note="By Art. 91 a church may have rules of its own in its place, such as the KDG in Germany. "
    "Who follows the page of a parish may show a belief by it, which Art. 9 protects.",
)
