"""What subjects are called in reports, by what the registry says of them today."""

from __future__ import annotations

from rolecall.controls.context import Context
from rolecall.model import Subject
from rolecall.printable import shorten

__all__ = ["label"]


def label(subject: Subject, context: Context) -> str:
    """Return a subject as people call it; an id stands in for what the registry has no more."""
    match subject.kind:
        case "account":
            return _account(subject.account, context)
        case "grant":
            return f"{_person(subject.person, context)} on {_account(subject.account, context)}"
        case "login":
            return f"login {subject.login} of {_account(subject.account, context)}"
        case "entity":
            entity = context.entities.get(subject.entity)
            return entity.name if entity else subject.entity
        case "observation":
            where = f"{subject.platform} {subject.handle}"
            return f"{subject.email} on {where}" if subject.email else where
        case "incident":
            return f"incident {subject.incident}"
        case "content":
            return _content(subject, context)
        case "person":
            return _person(subject.person, context)
        case "policy":
            return context.policy.name


def _content(subject: Subject, context: Context) -> str:
    content = context.contents.get((subject.account, subject.content))
    # Whoever is to take it down has to find it.
    where = f" ({shorten(content.url, 120)})" if content is not None and content.url else ""
    return f"content {subject.content} of {_account(subject.account, context)}{where}"


def _account(id_: str, context: Context) -> str:
    account = context.accounts.get(id_)
    return f"{account.platform} {account.handle}" if account else f"account {id_}"


def _person(id_: str, context: Context) -> str:
    person = context.people.get(id_)
    return person.name if person else id_
