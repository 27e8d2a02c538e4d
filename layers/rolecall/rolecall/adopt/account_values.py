"""What a row says of an account and of its login, as cells of the registry's columns.

What a cell says in words that nobody knows here is left out: an empty cell says that there is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from rolecall.adopt.columns import ColumnMeaning
from rolecall.adopt.dates import DateOrder, date_in
from rolecall.adopt.sheets import SheetCell
from rolecall.adopt.yes_no import yes_or_no

__all__ = ["ACCOUNT_VALUES", "DATE_FIELDS", "LOGIN_VALUES", "cell_text", "cell_value"]

DATE_FIELDS = frozenset(("last_post_on", "reviewed_on", "removal_tested_on", "rotated_on"))
"""The fields of accounts and logins that are days."""
LOGIN_VALUES = ("mfa", "storage", "rotated_on")
"""The fields that say something of a login, each of them its column too."""
ACCOUNT_VALUES = (
    *("status", "login_email", "last_post_on", "reviewed_on", "removal_path", "removal_tested_on"),
    *("privacy_record_ref", "lawful_basis", "privacy_notice_url", "record_class", "archive"),
    *("connected_apps", "notes", "language"),
)
"""The fields that say something of an account, each of them its column but the language."""

_STATUS: Mapping[str, str] = {
    **dict.fromkeys(("active", "yes", "in use", "live", "current", "open"), "active"),
    **dict.fromkeys(("inactive", "dormant", "no", "unused", "not in use", "abandoned"), "dormant"),
    **dict.fromkeys(("closed", "deleted", "deactivated", "removed", "archived"), "closed"),
}
_FACTORS: Mapping[str, str] = {
    **dict.fromkeys(("no", "none", "off", "false"), "none"),
    **dict.fromkeys(("sms", "text", "text message", "phone"), "sms"),
    **dict.fromkeys(("app", "authenticator", "totp"), "app"),
    **dict.fromkeys(("key", "yubikey", "security key"), "key"),
}


def cell_text(cell: SheetCell) -> str:
    """Return a cell as a text."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return cell.isoformat() if isinstance(cell, date) else cell


def cell_value(column: ColumnMeaning, cell: SheetCell, order: DateOrder) -> str:
    """Return what a cell says of its field as a registry writes it; empty where it says nothing."""
    text = cell_text(cell)
    if column.field in DATE_FIELDS:
        day = date_in(cell, order)
        return day.isoformat() if day else ""
    folded = " ".join(text.casefold().split())
    if column.field == "status":
        return _STATUS.get(folded, "")
    if column.field == "mfa":
        return "none" if yes_or_no(cell) is False else _FACTORS.get(folded, "")
    if column.field == "archive":
        answer = yes_or_no(cell)
        return "" if answer is None else cell_text(answer)
    return text
