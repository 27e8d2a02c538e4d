"""The normalised parts of subjects: what findings, places on the ring and waivers are named by.

These never change: ids of findings are made of them, in logs that are years old.
"""

from __future__ import annotations

__all__ = ["account_key", "email_key"]


def account_key(platform: str, handle: str) -> tuple[str, str]:
    """Return the key of an account: platform and handle, case-folded, a leading @ dropped."""
    return platform.casefold(), handle.removeprefix("@").casefold()


def email_key(address: str) -> str:
    """Return how a subject names an e-mail address: case-folded."""
    return address.casefold()
