"""People who can sign in to the stack on this machine: one of each role, with new passwords."""

from __future__ import annotations

import csv
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["DEMO_USERS", "make_users"]

DEMO_USERS: tuple[tuple[str, str, str], ...] = (
    # Two heads of sibling entities come first; neither is above the other.
    ("p-040", "head", "st-brigid-parish"),
    ("p-048", "head", "our-lady-of-the-lake-parish"),
    ("p-004", "it", "diocese-of-ellerwick"),
    ("p-041", "manager", "st-brigid-parish"),
    ("p-005", "compliance", "diocese-of-ellerwick"),
    ("p-002", "registrar", "diocese-of-ellerwick"),
)
"""Person, role and entity."""


def make_users(cognito: Any, outputs: Mapping[str, str], registry: Path) -> list[dict[str, str]]:
    """Make the users, or give those there are new passwords; return what signs them in.

    :param outputs: of the stack: its user pool, and the names of its groups.
    """
    pool = outputs["UserPoolId"]
    groups = {
        "compliance": outputs["ComplianceGroupName"],
        "registrar": outputs["RegistrarGroupName"],
    }
    with (registry / "people.csv").open(encoding="utf-8", newline="") as file:
        emails = {row["id"]: row["email"] for row in csv.DictReader(file)}
    users = []
    for person, role, entity in DEMO_USERS:
        email, password = emails[person], secrets.token_urlsafe(18)
        _make(cognito, pool, email, password)
        cognito.admin_set_user_password(
            UserPoolId=pool, Username=email, Password=password, Permanent=True
        )
        if role in groups:
            cognito.admin_add_user_to_group(UserPoolId=pool, Username=email, GroupName=groups[role])
        users.append({"email": email, "password": password, "role": role, "entity": entity})
    return users


def _make(cognito: Any, pool: str, email: str, password: str) -> None:
    try:
        cognito.admin_create_user(
            UserPoolId=pool,
            Username=email,
            UserAttributes=[
                {"Name": "email", "Value": email},
                {"Name": "email_verified", "Value": "true"},
            ],
            TemporaryPassword=password,
            MessageAction="SUPPRESS",
        )
    except cognito.exceptions.UsernameExistsException:
        return
