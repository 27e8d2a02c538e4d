"""A user pool in this process, behind a client of boto3 that holds requests to AWS's description.

It keeps to what AWS documents of these operations: a user who signs in by an address has a name of
the pool's own, addresses are told apart by the case of their letters, a user who was invited has no
password of their own, and whoever is made anew is another subject.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from unittest import mock

from rolecall.aws.clients import client
from tests.api import OFFICES

__all__ = ["Pool"]


class Pool:
    """A user pool as the template makes it.

    :ivar users: by their names.
    :ivar groups: the names of the users in each.
    :ivar asked: the operations, in their order.
    :ivar mails: how many more the pool's own sender writes today.
    :ivar events: when who signed in, of a pool that keeps it.
    """

    def __init__(self) -> None:
        self.id = "us-east-1_Pool"
        self.issuer = f"https://cognito-idp.us-east-1.amazonaws.com/{self.id}"
        self.users: dict[str, dict[str, Any]] = {}
        self.groups: dict[str, set[str]] = {OFFICES.compliance: set(), OFFICES.registrar: set()}
        self.asked: list[str] = []
        self.mails = 50
        self.events: list[tuple[str, str, datetime]] | None = None

    def client(self, service: str) -> Any:
        """Return a client of this pool."""
        made = client(service)
        made.meta.events.register("before-call.cognito-identity-provider", self._answer)
        return made

    # -- what somebody does past the command ----------------------------------------------------

    def make(self, address: str, *, is_verified: bool = True, has_signed_in: bool = True) -> str:
        """Make a user, and return their name."""
        name = str(uuid.uuid4())
        self.users[name] = {
            "email": address,
            "email_verified": str(is_verified).lower(),
            "enabled": True,
            "status": "CONFIRMED" if has_signed_in else "FORCE_CHANGE_PASSWORD",
            "factors": [],
        }
        return name

    def named(self, address: str) -> dict[str, Any]:
        """Return the user of an address."""
        return next(one for one in self.users.values() if one["email"] == address)

    def subject(self, address: str) -> str:
        """Return the subject of the tokens of a user."""
        return next(name for name, one in self.users.items() if one["email"] == address)

    def officers(self) -> dict[str, set[str]]:
        """Return the addresses of who has which office."""
        return {
            office: {self.users[name]["email"] for name in self.groups[getattr(OFFICES, office)]}
            for office in ("compliance", "registrar")
        }

    def put_into(self, address: str, office: str) -> None:
        """Put a user into a group."""
        self.groups[getattr(OFFICES, office)].add(self.subject(address))

    # -- what AWS answers -----------------------------------------------------------------------

    def _answer(self, model: Any, params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
        asked = json.loads(params["body"])
        assert asked["UserPoolId"] == self.id
        self.asked.append(model.name)
        operations: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "ListUsers": lambda _: {"Users": [self._listed(name) for name in self.users]},
            "ListUsersInGroup": self._members,
            "DescribeUserPool": lambda _: {"UserPool": self._described()},
            "AdminCreateUser": self._create,
        }
        try:
            if model.name in operations:
                return mock.Mock(status_code=200), operations[model.name](asked)
            return mock.Mock(status_code=200), self._of_user(model.name, asked)
        except LookupError as error:
            code = {"Error": {"Code": str(error.args[0]), "Message": "as AWS says"}}
            return mock.Mock(status_code=400), code

    def _find(self, name: str) -> str:
        for known, user in self.users.items():
            if name in (known, user["email"]):
                return known
        raise LookupError("UserNotFoundException")

    def _listed(self, name: str, attributes: str = "Attributes") -> dict[str, Any]:
        user = self.users[name]
        told = {"sub": name, "email": user["email"], "email_verified": user["email_verified"]}
        return {
            "Username": name,
            "Enabled": user["enabled"],
            "UserStatus": user["status"],
            attributes: [{"Name": key, "Value": value} for key, value in told.items()],
        }

    def _members(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["GroupName"] not in self.groups:
            raise LookupError("ResourceNotFoundException")
        # A page at a time.
        names = sorted(self.groups[asked["GroupName"]])
        start = int(asked.get("NextToken", 0))
        more = {"NextToken": str(start + 1)} if start + 1 < len(names) else {}
        return {"Users": [self._listed(one) for one in names[start : start + 1]], **more}

    def _described(self) -> dict[str, Any]:
        mode = "OFF" if self.events is None else "AUDIT"
        return {"Id": self.id, "UserPoolAddOns": {"AdvancedSecurityMode": mode}}

    def _create(self, asked: dict[str, Any]) -> dict[str, Any]:
        if not self.mails:
            raise LookupError("CodeDeliveryFailureException")
        assert len(asked["TemporaryPassword"]) >= 14
        known = [one for one, user in self.users.items() if user["email"] == asked["Username"]]
        if asked.get("MessageAction") == "RESEND":
            name = self._find(asked["Username"])
            if self.users[name]["status"] != "FORCE_CHANGE_PASSWORD":
                raise LookupError("UnsupportedUserStateException")
        elif known:
            raise LookupError("UsernameExistsException")
        else:
            told = {one["Name"]: one["Value"] for one in asked["UserAttributes"]}
            is_verified = told["email_verified"] == "true"
            name = self.make(told["email"], is_verified=is_verified, has_signed_in=False)
        self.mails -= 1
        return {"User": self._listed(name)}

    def _of_user(self, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
        name = self._find(asked["Username"])
        user = self.users[name]
        match operation:
            case "AdminGetUser":
                factors = {"UserMFASettingList": user["factors"]} if user["factors"] else {}
                return {**self._listed(name, "UserAttributes"), **factors}
            case "AdminListUserAuthEvents":
                assert self.events is not None
                kinds = ("EventType", "EventResponse", "CreationDate")
                return {"AuthEvents": [dict(zip(kinds, one, strict=True)) for one in self.events]}
            case "AdminDisableUser" | "AdminEnableUser":
                user["enabled"] = operation == "AdminEnableUser"
            case "AdminDeleteUser":
                del self.users[name]
                for members in self.groups.values():
                    members.discard(name)
            case "AdminUserGlobalSignOut":
                pass
            case "AdminDeleteSoftwareToken":
                user["factors"] = []
            case "AdminAddUserToGroup":
                self.groups[asked["GroupName"]].add(name)
            case "AdminRemoveUserFromGroup":
                self.groups[asked["GroupName"]].discard(name)
            case _:
                raise AssertionError(operation)
        return {}
