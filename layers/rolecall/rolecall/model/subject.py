"""What a finding is about."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

__all__ = ["Subject", "SubjectKind"]

SubjectKind: TypeAlias = Literal[
    "account",
    "grant",
    "login",
    "entity",
    "observation",
    "incident",
    "person",
    "policy",
    "content",
]


class Subject(Struct, frozen=True, gc=False, omit_defaults=True, order=True):
    """What a finding is about: a kind, and the keys that name one of that kind.

    Keys: account {account}; grant {account, person}; login {account, login}; entity {entity};
    observation {platform, handle[, email]}; incident {incident}; person {person}; policy {};
    content {account, content}.
    """

    kind: SubjectKind
    account: str = ""
    person: str = ""
    login: str = ""
    entity: str = ""
    platform: str = ""
    handle: str = ""
    email: str = ""
    incident: str = ""
    content: str = ""

    def values(self) -> tuple[str, ...]:
        """Return the values of the keys, in their order."""
        # The kinds that most findings are about go without a dict.
        match self.kind:
            case "grant":
                return self.account, self.person
            case "account":
                return (self.account,)
            case _:
                return tuple(self.keys().values())

    def keys(self) -> dict[str, str]:
        """Return the keys that name a subject of this kind."""
        # Every finding asks: no loop over names here.
        match self.kind:
            case "grant":
                return {"account": self.account, "person": self.person}
            case "account":
                return {"account": self.account}
            case "login":
                return {"account": self.account, "login": self.login}
            case "observation":
                seen = {"platform": self.platform, "handle": self.handle}
                return {**seen, "email": self.email} if self.email else seen
            case "entity":
                return {"entity": self.entity}
            case "incident":
                return {"incident": self.incident}
            case "person":
                return {"person": self.person}
            case "policy":
                return {}
            case "content":
                return {"account": self.account, "content": self.content}
