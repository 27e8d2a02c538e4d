"""What subjects are called in reports, by what the registry says of them today."""

from __future__ import annotations

from collections.abc import Mapping

from rolecall.controls.context import Context
from rolecall.model import Subject
from rolecall.naming import account_called
from rolecall.printable import printable, shorten

__all__ = ["label"]


def label(subject: Subject, said: Mapping[str, str], context: Context) -> str:
    """Return a subject as people call it; an id stands in for what the registry has no more.

    :param said: the keys of the subject, with names in place of ids as far as there are any.
    """
    match subject.kind:
        case "account":
            return _account(subject, said)
        case "grant":
            return f"{said['person']} on {_account(subject, said)}"
        case "login":
            return f"login {printable(subject.login)} of {_account(subject, said)}"
        case "entity":
            return said["entity"]
        case "observation":
            where = account_called(subject.platform, subject.handle)
            return f"{printable(subject.email)} on {where}" if subject.email else where
        case "incident":
            return f"incident {printable(subject.incident)}"
        case "content":
            return _content(subject, said, context)
        case "person":
            return said["person"]
        case "policy":
            return context.policy.name


def _content(subject: Subject, said: Mapping[str, str], context: Context) -> str:
    content = context.contents.get((subject.account, subject.content))
    # Whoever is to take it down has to find it.
    where = f" ({shorten(content.url, 120)})" if content is not None and content.url else ""
    return f"content {printable(subject.content)} of {_account(subject, said)}{where}"


def _account(subject: Subject, said: Mapping[str, str]) -> str:
    called = said["account"]
    return f"account {called}" if called == subject.account else called
