"""Which offices a token gives: exact names of groups, in the one claim of the issuer.

What a group is called is text of somebody else's, and offices are not read out of text: a group
gives an office if its name is the name that was configured, sign by sign, and none else does.

A gateway hands a list on as text, ``[a b]``, in which a group of two words and two groups are the
same. So the list is taken from the token that the gateway verified, and must be what the gateway
read in it. Without that token a claim that can be read in two ways is refused.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from rolecall.errors import DeniedError, UsageError
from rolecall.usecases.identity.permissions import CallerRole

__all__ = ["POOL_CLAIM", "OfficeName", "Offices", "offices_of"]

OfficeName: TypeAlias = Literal["compliance", "registrar"]
"""What an office is called here, whatever its group is called."""

POOL_CLAIM = "cognito:groups"
"""The claim of a user pool: always a list, of names that have no spaces."""

_TOKEN = re.compile(r"(?:[Bb]earer )?[\w-]+\.([\w-]+)\.[\w-]*", re.ASCII)
_NAME = re.compile(r"[^\s\[\],\"]{1,128}")


class Offices(Struct, frozen=True, kw_only=True):
    """What gives an office.

    :ivar claim: of the issuer: the one in which it says the groups of somebody.
    :ivar compliance: the name of the group whose members are officers of compliance.
    :ivar registrar: the name of that of the registrars.
    """

    claim: str
    compliance: str
    registrar: str

    def __post_init__(self) -> None:
        """Hold the names to what can be told apart in a claim.

        :raises UsageError: they cannot.
        """
        names = (self.compliance, self.registrar)
        if not self.claim or not all(map(_NAME.fullmatch, names)) or names[0] == names[1]:
            raise UsageError(
                "ComplianceGroupName and RegistrarGroupName: two different names, without spaces, "
                "brackets, commas and quotes; GroupsClaim: the name of a claim"
            )

    def given(self, groups: frozenset[str]) -> frozenset[CallerRole]:
        """Return the offices that groups give."""
        names: dict[str, CallerRole] = {
            self.compliance: "compliance",
            self.registrar: "registrar",
        }
        return frozenset(office for name, office in names.items() if name in groups)


def offices_of(
    offices: Offices, claims: Mapping[str, str], header: str | None
) -> frozenset[CallerRole]:
    """Return the offices that a token gives.

    :param claims: as the gateway hands them on: as texts.
    :param header: in which the token came; ``None`` where nobody knows it.
    :raises DeniedError: the claim can be read in two ways, or the token is another one.
    """
    text = claims.get(offices.claim, "")
    if not text:
        return frozenset()
    payload = _payload(header)
    if payload is None:
        return offices.given(_single_reading(offices.claim, text))
    groups = _listed(payload.get(offices.claim), text)
    is_same = all(payload.get(name) == claims.get(name) for name in ("iss", "sub"))
    if groups is None or not is_same:
        raise DeniedError("the groups of the token are not what the gateway read in it")
    return offices.given(groups)


def _payload(header: str | None) -> Mapping[str, Any] | None:
    """Return what a token says; nothing where there is not exactly one in a header.

    Its signature is not looked at: what is taken from it is what the gateway took.
    """
    found = _TOKEN.fullmatch(header or "")
    if found is None:
        return None
    try:
        read = json.loads(base64.urlsafe_b64decode(found[1] + "=" * (-len(found[1]) % 4)))
    except (binascii.Error, ValueError):
        return None
    return read if isinstance(read, dict) else None


def _listed(value: object, text: str) -> frozenset[str] | None:
    """Return the groups of a claim, if a gateway makes such a text of it."""
    if isinstance(value, str):
        return frozenset([value]) if text == value else None
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        return None
    texts = (f"[{' '.join(value)}]", json.dumps(value), json.dumps(value, separators=(",", ":")))
    return frozenset(value) if text in texts else None


def _single_reading(claim: str, text: str) -> frozenset[str]:
    """Return the groups that a text names, where it names them in one way alone.

    :raises DeniedError: it can be read in two.
    """
    if claim == POOL_CLAIM and re.fullmatch(r"\[[^ ]*(?: [^ ]+)*\]", text):
        return frozenset(text[1:-1].split(" "))
    if re.search(r"[\s\[\],\"]", text):
        raise DeniedError("the groups of the token can be read in two ways")
    return frozenset([text])
