"""Which keys of subjects and evidence hold ids, and whose: said here once.

A sentence has names in their place (:mod:`rolecall.naming`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

__all__ = ["ID_KEYS", "NAMELESS_KEYS", "PLATFORM_KEYS", "NamedTable"]

NamedTable: TypeAlias = Literal["people", "accounts", "entities", "logins"]
"""The tables whose rows a sentence names. A login is called by its account."""

_PEOPLE = (
    *("person", "person_id", "person_ids", "attested_by", "approved_by", "requested_by"),
    *("supervisor_id", "head_id", "it_delegate_ids", "owner_id", "payment_holder_id"),
    *("recovery_person_id", "holder_ids", "post_approver_ids", "crisis_contact_ids"),
    *("administrators", "adults", "active", "active_contacts"),
)
_ACCOUNTS = ("account", "accounts", "account_id", "account_ids")
_ENTITIES = ("entity", "entity_id", "parent_id", "person_entity", "account_entity")
ID_KEYS: Mapping[str, NamedTable] = {
    **dict.fromkeys(_PEOPLE, "people"),
    **dict.fromkeys(_ACCOUNTS, "accounts"),
    **dict.fromkeys(_ENTITIES, "entities"),
    "other_logins": "logins",
}
"""The keys of subjects and evidence that hold ids, one or a list of them, and of which table."""
PLATFORM_KEYS = frozenset({"platform", "approved_platforms"})
"""The keys that hold platforms, which write themselves with capitals."""
NAMELESS_KEYS = frozenset({"login", "login_ids", "incident", "content"})
"""The keys whose ids have no name: a login or a post is told with its account beside it."""
