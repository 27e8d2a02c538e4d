"""What programs call the columns of their CSV exports.

A file is known by its header: it names a password and an address. Which program wrote it follows
from the columns that no other program has; their order, their case and the newer columns of later
versions do not matter. A column that is none of these is a field that somebody made: it goes to
the notes.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from rolecall.vault.exports.entry import EntryPart

__all__ = ["BOOKKEEPING", "PARTS", "TITLES", "CsvLayout", "column_key", "layout_of"]

PARTS: dict[str, EntryPart] = {
    **dict.fromkeys(
        ("username", "login", "login name", "login username", "user name", "user"), "username"
    ),
    **dict.fromkeys(("password", "login password", "pwd"), "password"),
    **dict.fromkeys(
        (
            *("url", "urls", "login uri", "uri", "web site", "website", "website address"),
            *("hostname", "additional urls", "autofillurls", "matchurl", "origin url"),
        ),
        "address",
    ),
    **dict.fromkeys(
        (
            *("totp", "otpauth", "otpsecret", "otpurl", "login totp", "otp", "2fa"),
            *("one-time password", "one time password", "totp secret"),
        ),
        "totp",
    ),
    **dict.fromkeys(("notes", "note", "comments", "extra", "comment"), "notes"),
}
"""Which part of a secret a column is, by its key."""

TITLES = ("title", "name", "account")

BOOKKEEPING = frozenset(
    {
        *("folder", "group", "grouping", "collections", "vault", "category", "tags", "tag"),
        *("favorite", "favourite", "fav", "reprompt", "icon", "guid", "uuid", "shared folder"),
        *("created", "last modified", "createtime", "modifytime", "timecreated", "timelastused"),
        *("timepasswordchanged", "httprealm", "formactionorigin", "archived", "type"),
        *(
            "archiveddate",
            "revisiondate",
            "created at",
            "updated at",
            "ainfo",
            "autosubmit",
            "scope",
        ),
    }
)
"""What a program notes for itself: where it shows an entry, and when that was changed."""

_SIGNATURES: tuple[tuple[str, frozenset[str]], ...] = (
    ("KeePass", frozenset({"account", "login name", "web site"})),
    ("Bitwarden", frozenset({"login uri", "login username", "login password"})),
    ("LastPass", frozenset({"extra", "grouping"})),
    ("Dashlane", frozenset({"username2", "title"})),
    ("Proton Pass", frozenset({"type", "vault", "modifytime"})),
    ("Proton Pass", frozenset({"type", "vault", "totp"})),
    ("NordPass", frozenset({"cardholdername"})),
    ("Keeper", frozenset({"website address", "login"})),
    ("RoboForm", frozenset({"rffieldsv2"})),
    ("KeePassXC", frozenset({"group", "title"})),
    ("1Password", frozenset({"archived", "title"})),
    ("1Password", frozenset({"uuid", "title"})),
    ("1Password or Safari", frozenset({"otpauth", "title"})),
    ("Firefox", frozenset({"formactionorigin"})),
    ("Firefox", frozenset({"hostname"})),
    ("Chrome", frozenset({"name", "url"})),
)


class CsvLayout(Struct, frozen=True):
    """Which program wrote a file, and the keys of its columns."""

    program: str
    keys: tuple[str, ...]

    @property
    def titles(self) -> tuple[str, ...]:
        """The keys of the columns that may hold the title, the best first."""
        return tuple(key for key in TITLES if key in self.keys)


def column_key(name: str) -> str:
    """Return the form in which names of columns are compared."""
    return " ".join(name.strip().strip('"').replace("_", " ").casefold().split())


def layout_of(header: Sequence[str]) -> CsvLayout | None:
    """Return the layout that a header has, or ``None`` where it is that of no export."""
    keys = tuple(map(column_key, header))
    parts = {PARTS.get(key) for key in keys}
    if not parts >= {"password", "address", "username"}:
        return None
    found = (name for name, signature in _SIGNATURES if signature <= set(keys))
    return CsvLayout(next(found, "another program"), keys)
