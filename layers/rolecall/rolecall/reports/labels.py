"""What subjects are called in reports, by what the registry says of them today."""

from __future__ import annotations

from collections.abc import Mapping

from rolecall.controls.context import Context
from rolecall.model import Subject
from rolecall.naming import account_called
from rolecall.printable import printable, shorten

__all__ = ["label"]

_TEMPLATES = {"grant": "label_grant", "login": "label_login", "incident": "label_incident"}


def label(
    subject: Subject, said: Mapping[str, str], context: Context, words: Mapping[str, str]
) -> str:
    """Return a subject as people call it; an id stands in for what the registry has no more.

    :param said: the keys of the subject, with names in place of ids as far as there are any.
    :param words: of reports, in their language.
    """
    if subject.account and said["account"] == subject.account:
        called = words["label_account"].format(account=printable(subject.account))
        said = {**said, "account": called}
    match subject.kind:
        case "account" | "entity" | "person":
            return said[subject.kind]
        case "grant" | "login" | "incident":
            return words[_TEMPLATES[subject.kind]].format_map(said)
        case "observation":
            where = account_called(subject.platform, subject.handle, words["website"])
            told = words["label_observed"].format(email=said.get("email"), account=where)
            return told if subject.email else where
        case "content":
            return f"{words['label_content'].format_map(said)}{_where(subject, context)}"
        case "policy":
            return context.policy.name


def _where(subject: Subject, context: Context) -> str:
    """Return where a post is: whoever is to take it down has to find it."""
    content = context.contents.get((subject.account, subject.content))
    return f" ({shorten(content.url, 120)})" if content is not None and content.url else ""
