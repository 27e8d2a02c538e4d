"""Actions as pages show them, to try pages with: short ones, and the longest that there may be."""

from __future__ import annotations

from msgspec.structs import replace

from rolecall.reports.action_rows import ActionPlace, ActionRow, ActionStep
from rolecall.reports.document import ReportDocument

__all__ = ["SAMPLE_ACTIONS", "with_actions"]

_INSTAGRAM = ActionPlace(
    "Instagram @stbrigidyouth",
    "https://www.instagram.com/stbrigidyouth/",
    (
        ActionStep(
            "Sign in as the account, and open Settings, Accounts Center, Password and security.",
            (
                "Choose Change password; let a password manager make the new one.",
                "Tick *Log out of other devices*.",
            ),
        ),
    ),
    ("logins.csv: rotated_on, and who knows it now.",),
)
_FACEBOOK = ActionPlace(
    "Facebook StBrigidParish",
    "https://www.facebook.com/StBrigidParish",
    (
        ActionStep(
            "Open the Page, Settings, Page access.", ("Beside the name choose Remove access.",)
        ),
    ),
    ("grants.csv: status removed, removed_on.",),
)
_WORDLESS = ActionPlace("website stbrigid.example")

SAMPLE_ACTIONS: tuple[ActionRow, ...] = (
    ActionRow(
        *("a1b2c3d4e5f60718", "critical"),
        "Take Mateus Winterbourne's access away on 2 accounts and change 1 password",
        {"critical": 3, "high": 6},
        "Fr. Anselm Oduya, head of St Brigid; or Ada Lindqvist, IT delegate",
        "St Brigid",
        (_INSTAGRAM, _FACEBOOK),
        tuple(f"{number:016x}" for number in range(9)),
        "Give Ada Lindqvist full control of Facebook StBrigidParish first.",
    ),
    ActionRow(
        *("b1b2c3d4e5f60718", "high"),
        "Turn two-factor sign-in on for website stbrigid.example",
        {"high": 1},
        "The IT office",
        "",
        (_WORDLESS,),
        ("f" * 16,),
    ),
    ActionRow(
        *("c1b2c3d4e5f60718", "low"),
        # Nothing breaks 200 signs, the next is read from right to left, the last is not to be run.
        f"Ask {'W' * 200}, \u05d0\u05d1\u05d2\u05d3 and <b>=1+1</b> for their consent",
        {"low": 300},
        "",
        "\u65e5\u672c\u8a9e\u5c0f\u6559\u533a " * 8,
        tuple(replace(_FACEBOOK, label=f"Facebook page {number}") for number in range(40)),
        tuple(f"{number:016x}" for number in range(300)),
    ),
)
"""Of each length: many places and one; an entity and none; somebody first and nobody."""


def with_actions(document: ReportDocument, more: int = 0) -> ReportDocument:
    """Return a document that says what to do first, with more than it shows."""
    return replace(document, actions=SAMPLE_ACTIONS, more_actions=more)
