"""The closed vocabularies: the words that a cell, or a setting of the policy, may hold.

They are data of :mod:`rolecall.model`, whose columns have them as their types.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

__all__ = [
    "AccountStatus",
    "Audience",
    "Confidants",
    "Language",
    "PersonStatus",
    "PersonType",
    "PrivacyLaw",
    "RemovalPath",
    "Role",
    "Sanction",
    "SecondFactor",
    "Storage",
    "Strength",
]

PersonStatus = Literal["active", "suspended", "left"]
PersonType = Literal[
    "clergy", "employee", "contractor", "volunteer", "student", "agency", "partner"
]
AccountStatus = Literal["active", "dormant", "closed"]
Audience = Literal["minors", "mixed", "adults"]
RemovalPath = Literal["head", "it", "none"]
Role = Literal["owner", "admin", "manager", "editor", "analyst"]
Storage = Literal[
    "vault",
    "encrypted_file",
    "password_manager",
    "plaintext",
    "email",
    "spreadsheet",
    "paper",
    "chat",
    "browser",
    "safe",
]
SecondFactor = Literal["none", "sms", "app", "key"]
Strength = Annotated[int, Meta(ge=0, le=4)]
Sanction = Literal["reprimand", "written_warning", "termination"]
PrivacyLaw = Literal["gdpr", "kdg", "none"]
"""The law of data protection that an organisation is under."""
Confidants = Literal["officers", "heads"]
"""Who is told of findings about incidents: officers alone, or heads as well."""
Language = Literal["en", "es"]
"""The languages in which people are told things: each has its tables in :mod:`rolecall.texts`."""
