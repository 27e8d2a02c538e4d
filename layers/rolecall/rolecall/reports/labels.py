"""What subjects are called in reports, by what the registry says of them today."""

from __future__ import annotations

from collections.abc import Mapping

from rolecall.controls.context import Context
from rolecall.model import Subject
from rolecall.naming import ID_KEYS, account_called
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
    shown = {key: value if key in ID_KEYS else printable(value) for key, value in said.items()}
    if subject.account and said["account"] == subject.account:
        shown["account"] = words["label_account"].format(account=printable(subject.account))
    match subject.kind:
        case "account" | "entity" | "person":
            return shown[subject.kind]
        case "grant" | "login" | "incident":
            return words[_TEMPLATES[subject.kind]].format_map(shown)
        case "observation":
            where = account_called(subject.platform, subject.handle, words["website"])
            told = words["label_observed"].format(email=shown.get("email"), account=where)
            return told if subject.email else where
        case "content":
            return f"{words['label_content'].format_map(shown)}{_where(subject, context)}"
        case "policy":
            return context.policy.name


def _where(subject: Subject, context: Context) -> str:
    """Return where a post is: whoever is to take it down has to find it."""
    content = context.contents.get((subject.account, subject.content))
    return f" ({shorten(content.url, 120)})" if content is not None and content.url else ""
