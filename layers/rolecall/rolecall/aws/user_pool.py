"""The user pool of a stack: who may sign in, by what, and the groups that give an office.

Users are called by their addresses in the form in which a person is found by them, so that nobody
is there twice. Nothing here decides: what may be done to whom is decided before, and is on record.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError
from msgspec.structs import replace

from rolecall.aws.clients import client, code_of, storage
from rolecall.aws.stack import Stack
from rolecall.errors import ConflictError, StorageError, UsageError
from rolecall.usecases.identity.offices import POOL_CLAIM, OfficeName
from rolecall.usecases.identity.pool_users import StackUser

__all__ = ["CognitoPool", "pool_of"]

_GROUPS: dict[OfficeName, str] = {
    "compliance": "ComplianceGroupName",
    "registrar": "RegistrarGroupName",
}
_PASSWORD_BYTES = 18
_THREAT_PROTECTION = ("AUDIT", "ENFORCED")


def pool_of(stack: Stack) -> CognitoPool:
    """Return the user pool of a stack.

    :raises UsageError: people sign in elsewhere.
    """
    if stack["GroupsClaim"] != POOL_CLAIM:
        raise UsageError(
            f"people sign in to this stack at {stack['Issuer']}: users, groups and second factors "
            "are looked after there (docs/users.md says what its tokens must hold)"
        )
    return CognitoPool(stack)


class CognitoPool:
    """The users of a pool, and its two groups."""

    def __init__(self, stack: Stack) -> None:
        self.id = stack["UserPoolId"]
        # Tokens name the pool so wherever it is asked; a stack behind an emulator does as well.
        self.issuer = stack["Issuer"]
        self._groups = {office: stack[output] for office, output in _GROUPS.items()}
        self._client = client("cognito-idp")

    # -- what is there --------------------------------------------------------------------------

    def users(self) -> Iterator[StackUser]:
        """Yield everybody, without their factors."""
        for one in self._pages("list_users", "Users"):
            yield _user(one, one.get("Attributes", ()))

    def user(self, name: str) -> StackUser | None:
        """Return a user by their address or name, with their factors."""
        try:
            with storage("looking for a user"):
                found = self._client.admin_get_user(UserPoolId=self.id, Username=name)
        except StorageError as error:
            if _code(error) == "UserNotFoundException":
                return None
            raise
        factors = tuple(found.get("UserMFASettingList", ()))
        return replace(_user(found, found.get("UserAttributes", ())), factors=factors)

    def members(self, office: OfficeName) -> frozenset[str]:
        """Return the names of the users whose group gives them an office."""
        try:
            pages = self._pages("list_users_in_group", "Users", GroupName=self._groups[office])
            return frozenset(one["Username"] for one in pages)
        except StorageError as error:
            if _code(error) == "ResourceNotFoundException":
                raise UsageError(
                    f"the user pool has no group {self._groups[office]}: deploy the stack"
                ) from error
            raise

    def keeps_events(self) -> bool:
        """Tell whether the pool keeps when somebody signed in; it does with threat protection."""
        with storage("looking at the user pool"):
            found = self._client.describe_user_pool(UserPoolId=self.id)["UserPool"]
        mode = found.get("UserPoolAddOns", {}).get("AdvancedSecurityMode", "OFF")
        return mode in _THREAT_PROTECTION

    def seen(self, user: StackUser) -> StackUser:
        """Return a user with when they signed in last, of a pool that keeps it."""
        with storage("asking when a user signed in"):
            found = self._client.admin_list_user_auth_events(
                UserPoolId=self.id, Username=user.name, MaxResults=10
            )
        dates = (
            one["CreationDate"]
            for one in found.get("AuthEvents", ())
            if one.get("EventType") == "SignIn" and one.get("EventResponse") == "Pass"
        )
        return replace(user, seen=next(iter(dates), None))

    # -- what is done ---------------------------------------------------------------------------

    def invite(self, address: str, *, again: bool = False) -> StackUser:
        """Have the pool write to somebody, with a password to begin with; return the user.

        :param again: to one who was invited before; the old invitation opens nothing then.
        :raises UsageError: the pool's own sender has written its mails of the day.
        """
        asked: dict[str, Any] = {
            "UserPoolId": self.id,
            "Username": address,
            # It is in their mail and nowhere else, and of the length that the pool asks for.
            "TemporaryPassword": secrets.token_urlsafe(_PASSWORD_BYTES),
        }
        if again:
            asked["MessageAction"] = "RESEND"
        else:
            asked["UserAttributes"] = [
                {"Name": "email", "Value": address},
                {"Name": "email_verified", "Value": "true"},
            ]
        try:
            with storage("inviting a user"):
                answer = self._client.admin_create_user(**asked, DesiredDeliveryMediums=["EMAIL"])[
                    "User"
                ]
        except StorageError as error:
            if _code(error) == "CodeDeliveryFailureException" or "LimitExceeded" in _code(error):
                raise UsageError(
                    f"the user pool could not write to {address}: its own sender writes 50 mails "
                    "a day (docs/users.md); rolecall users add --resend writes again"
                ) from error
            raise
        return _user(answer, answer.get("Attributes", ()))

    def enable(self, user: StackUser) -> None:
        """Let a user sign in again."""
        self._call("admin_enable_user", user)

    def stop(self, user: StackUser) -> None:
        """Let a user sign in no more, and have none of their sessions go on."""
        self._call("admin_disable_user", user)
        self.end_sessions(user)

    def end_sessions(self, user: StackUser) -> None:
        """Take from a user by what they would get another token; the last one ends by itself."""
        self._call("admin_user_global_sign_out", user)

    def delete(self, user: StackUser) -> None:
        """Delete a user; one who is made anew is another subject."""
        self._call("admin_delete_user", user)

    def forget_factor(self, user: StackUser) -> None:
        """Have a user set up their second factor anew.

        It is the token that is deleted: to turn the factor off changes nothing where all need one.

        :raises ConflictError: the pool has no second factor.
        """
        try:
            self._call("admin_delete_software_token", user)
        except StorageError as error:
            if _code(error) in ("OperationNotEnabledException", "InvalidParameterException"):
                raise ConflictError(
                    "factor", "the user pool has no second factor, or this user has none"
                ) from error
            raise

    def give(self, user: StackUser, office: OfficeName) -> None:
        """Put a user into the group that gives an office."""
        self._call("admin_add_user_to_group", user, GroupName=self._groups[office])

    def take(self, user: StackUser, office: OfficeName) -> None:
        """Take a user out of the group that gives an office."""
        self._call("admin_remove_user_from_group", user, GroupName=self._groups[office])

    def _call(self, operation: str, user: StackUser, **more: str) -> None:
        with storage(operation.replace("_", " ")):
            getattr(self._client, operation)(UserPoolId=self.id, Username=user.name, **more)

    def _pages(self, operation: str, of: str, **asked: str) -> Iterator[Any]:
        with storage("reading the user pool"):
            for page in self._client.get_paginator(operation).paginate(UserPoolId=self.id, **asked):
                yield from page[of]


def _user(found: Any, attributes: Any) -> StackUser:
    told = {one["Name"]: one["Value"] for one in attributes}
    return StackUser(
        name=found["Username"],
        subject=told.get("sub", ""),
        email=told.get("email", ""),
        is_verified=told.get("email_verified", "").lower() == "true",
        is_enabled=found["Enabled"],
        status=found["UserStatus"],
    )


def _code(error: StorageError) -> str:
    cause = error.__cause__
    return code_of(cause) if isinstance(cause, ClientError) else ""
