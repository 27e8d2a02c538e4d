"""What cells of a roster say of one person: the name, the unit, who supervises them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rolecall.adopt.mailboxes import is_mailbox, is_mailbox_name
from rolecall.adopt.name_titles import without_titles
from rolecall.keys.addresses import address_key, bare_address

__all__ = ["is_no_person", "is_of_personnel", "supervisor_in", "unit_in", "whole_name"]

_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]|\"[^\"]*\"|“[^”]*”")
_SERVICE = re.compile(
    r"\b(svc|service account|system|test|demo|room|meeting room|printer|scanner|noreply|no-reply"
    r"|shared mailbox|resource|conference)\b",
    re.IGNORECASE,
)
_OF_PERSONNEL = re.compile(
    r"employ|staff|person|payroll|mitarb|matric|emplead|dipend|funcion|pracown|worker"
)


def whole_name(first: str, last: str, full: str) -> str:
    """Return a name as people say it, without titles and remarks.

    :param full: the whole name as one column has it, "Kelly, Maureen" among others.
    """
    whole = f"{first} {last}" if first and last else ""
    text = whole or full or first or last
    if not whole and text.count(",") == 1:
        surname, given = text.split(",")
        text = f"{given.strip()} {surname.strip()}"
    return without_titles(" ".join(_BRACKETS.sub(" ", text).split()))


def unit_in(texts: Sequence[str]) -> str:
    """Return the unit that is said: in words, or else the last one of a path of a directory."""
    plain = [text for text in texts if text and not text.startswith("/") and "OU=" not in text]
    if plain:
        return plain[0]
    paths = (re.findall(r"OU=([^,]+)", text) or text.strip("/").split("/")[::-1] for text in texts)
    return next((path[0].strip() for path in paths if path[0].strip()), "")


def supervisor_in(text: str) -> str:
    """Return who supervises somebody, by an address, a number or a name."""
    if found := re.match(r"CN=([^,]+)", text):
        return found[1]
    address = bare_address(text)
    return address if address_key(address) is not None else text


def is_no_person(name: str, email: str) -> bool:
    """Tell whether an account of a directory is an office's, a room's or a program's."""
    if name:
        return is_mailbox_name(name) or bool(_SERVICE.search(name))
    return is_mailbox(email)


def is_of_personnel(heading: str) -> bool:
    """Tell whether a column of numbers is that of the personnel system, by its folded heading."""
    return bool(_OF_PERSONNEL.search(heading))
