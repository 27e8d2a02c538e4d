"""NIST SP 800-53 revision 5: the controls that the catalogue names, with their titles, verbatim.

Source: the OSCAL catalogue of SP 800-53 revision 5 by NIST, release 5.1.1, which is in the public
domain (CC0): https://github.com/usnistgov/oscal-content, nist.gov/SP800-53/rev5. Release 5.2.0
(August 2025) leaves these ids and titles as they are.
"""

from __future__ import annotations

from rolecall.frameworks.framework import Framework

__all__ = ["NIST_800_53"]

_TITLES = {
    "AC-2": "Account Management",
    "AC-2(2)": "Automated Temporary and Emergency Account Management",
    "AC-2(3)": "Disable Accounts",
    "AC-2(9)": "Restrictions on Use of Shared and Group Accounts",
    "AC-2(13)": "Disable Accounts for High-risk Individuals",
    "AC-5": "Separation of Duties",
    "AC-6": "Least Privilege",
    "AC-6(5)": "Privileged Accounts",
    "AC-6(7)": "Review of User Privileges",
    "AC-20": "Use of External Systems",
    "AC-22": "Publicly Accessible Content",
    "AT-3": "Role-based Training",
    "CA-5": "Plan of Action and Milestones",
    "CA-7": "Continuous Monitoring",
    "CM-7(5)": "Authorized Software \u2014 Allow-by-exception",
    "CM-8": "System Component Inventory",
    "CP-2": "Contingency Plan",
    "CP-4": "Contingency Plan Testing",
    "IA-2": "Identification and Authentication (Organizational Users)",
    "IA-2(1)": "Multi-factor Authentication to Privileged Accounts",
    "IA-2(2)": "Multi-factor Authentication to Non-privileged Accounts",
    "IA-2(5)": "Individual Authentication with Group Authentication",
    "IA-5": "Authenticator Management",
    "IA-5(1)": "Password-based Authentication",
    "IA-5(8)": "Multiple System Accounts",
    "IR-3": "Incident Response Testing",
    "IR-4": "Incident Handling",
    "IR-6": "Incident Reporting",
    "IR-8": "Incident Response Plan",
    "PL-4": "Rules of Behavior",
    "PL-4(1)": "Social Media and External Site/Application Usage Restrictions",
    "PM-5": "System Inventory",
    "PS-3": "Personnel Screening",
    "PS-4": "Personnel Termination",
    "PS-5": "Personnel Transfer",
    "PS-7": "External Personnel Security",
    "PS-8": "Personnel Sanctions",
    "PT-2": "Authority to Process Personally Identifiable Information",
    "PT-4": "Consent",
    "PT-5": "Privacy Notice",
    "RA-7": "Risk Response",
    "SC-28": "Protection of Information at Rest",
    "SI-12": "Information Management and Retention",
    "SI-12(3)": "Information Disposal",
}

NIST_800_53 = Framework(
    key="nist",
    name="NIST SP 800-53 Rev. 5",
    release="NIST SP 800-53 Rev. 5, release 5.1.1",
    notice="Titles are verbatim, of the OSCAL catalogue of NIST (public domain, CC0).",
    titles=_TITLES,
    is_verbatim=True,
    ids=frozenset(_TITLES),
)
