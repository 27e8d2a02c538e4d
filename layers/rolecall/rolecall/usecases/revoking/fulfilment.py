"""Carries revocations out. Platforms without an API are left to people, with written steps."""

from __future__ import annotations

from datetime import datetime

from rolecall.keys.platforms import platform_key
from rolecall.usecases.retry import retried
from rolecall.usecases.revoking.revocations import Revocation, RevocationStore, hand_over

__all__ = ["STEPS", "carry_out", "steps_for"]

STEPS: dict[str, tuple[str, ...]] = {
    "facebook": (
        "Sign in to Facebook with an account that has full control of the page.",
        "Open the page, then Settings, Page setup, Page access.",
        "Beside the person choose Remove access, and confirm with your own password.",
    ),
    "instagram": (
        "Open the settings of the account on a device where it is signed in.",
        "In Accounts Center, Password and security, sign out every device that is not yours.",
        "Rotate the password in the vault, and set the new one on Instagram.",
    ),
    "website": (
        "Sign in to the website's administration as an administrator.",
        "Under users, delete the person, or take the role away.",
        "End the sessions of the person, and remove their keys and application passwords.",
    ),
}
_OTHERS = (
    "Sign in to the platform with an account that may manage roles.",
    "Open the list of people with access, and remove the person.",
    "Sign out other sessions where the platform offers it.",
)


def steps_for(platform: str, handle: str, person: str) -> tuple[str, ...]:
    """Return what people must do to remove somebody on a platform."""
    steps = STEPS.get(platform_key(platform), _OTHERS)
    last = f"Confirm here that {person} has no access to {platform}/{handle} any more."
    return (*steps, last)


def carry_out(store: RevocationStore, id_: str, at: datetime) -> bool:
    """Carry out a revocation that was asked for; return whether anything was done."""

    @retried
    def work() -> Revocation | None:
        known = store.revocation(id_)
        if known is None or known.state != "requested":
            return None
        state = store.account(known.account)
        if state is None:
            return None
        account = state.document.account
        return hand_over(
            store, known, at, steps_for(account.platform, account.handle, known.person)
        )

    return work() is not None
