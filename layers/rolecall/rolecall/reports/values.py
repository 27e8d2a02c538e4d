"""Values of evidence as a sentence says them: in words for people, and in none where there is none.

Evidence holds what a registry holds: ``password_manager``, ``contract_ref``, or nothing. A template
says what stands around a value that may be missing, and what stands there without it:
``{left_on:? on %|}`` is `` on 2026-10-01``, or nothing at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rolecall.quantity import counted

__all__ = ["VALUE_WORDS", "Counted", "Told", "told"]

_ROLES = {
    "owner": "owner",
    "admin": "administrator",
    "manager": "manager",
    "editor": "editor",
    "analyst": "analyst",
}
_SANCTIONS = {
    "reprimand": "a reprimand",
    "written_warning": "a written warning",
    "termination": "a termination",
}

VALUE_WORDS: Mapping[str, Mapping[str, str]] = {
    "status": {
        "active": "active",
        "suspended": "suspended",
        "left": "has left",
        "dormant": "dormant",
        "closed": "closed",
    },
    "type": {
        "clergy": "a member of the clergy",
        "employee": "an employee",
        "contractor": "a contractor",
        "volunteer": "a volunteer",
        "student": "a student",
        "agency": "an agency",
        "partner": "a partner",
    },
    "role": _ROLES,
    "shown_role": _ROLES,
    "sanction": _SANCTIONS,
    "previous_sanction": _SANCTIONS,
    "required": _SANCTIONS,
    "removal_path": {"head": "the head", "it": "IT", "none": "nobody"},
    "storage": {
        "vault": "in the vault",
        "encrypted_file": "in an encrypted file",
        "password_manager": "in a password manager",
        "safe": "in a safe",
        "plaintext": "in plain text",
        "email": "in an e-mail",
        "spreadsheet": "in a spreadsheet",
        "paper": "on paper",
        "chat": "in a chat",
        "browser": "in a browser",
    },
    "missing": {
        "contract_ref": "the contract",
        "dpa_ref": "the data processing agreement",
        "contract_ends": "the day on which the contract ends",
        "lawful_basis": "the lawful basis",
        "privacy_notice_url": "the privacy notice",
        "privacy_record_ref": "the record of processing",
    },
    "columns": {
        "ads_payer": "the payer of advertisements",
        "donations_payee": "the payee of donations",
    },
}
"""What words of the registry, and names of its columns, are called, by the key of the evidence."""


class Told(str):
    """A value that a template says something around, or says something else without."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        """Return it alone, or by ``?WITH|WITHOUT``, in which ``%`` is the value."""
        if not spec.startswith("?"):
            return str(self)
        there, _, missing = spec[1:].partition("|")
        return there.replace("%", self) if self else missing


class _Untold(Told):
    """A value that is not there."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return super().__format__(spec) if spec else "nothing"


class Counted(int):
    """A limit in the evidence: a template gives it its words, ``{days:day}`` or ``{n:is|are}``."""

    def __format__(self, words: str) -> str:
        """Return it with the word that fits, or alone."""
        return counted(int(self), *words.split("|", 1)) if words else str(self)


_NOTHING = _Untold("")


def told(key: str, value: Any) -> Any:
    """Return a value of evidence as a template may say it."""
    if type(value) is int:
        return Counted(value)
    words = VALUE_WORDS.get(key, {})
    if isinstance(value, list):
        return Told(", ".join(_said(one, words) for one in value)) if value else _NOTHING
    return _NOTHING if value is None else Told(_said(value, words))


def _said(value: Any, words: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return words.get(value, value) if isinstance(value, str) else str(value)
