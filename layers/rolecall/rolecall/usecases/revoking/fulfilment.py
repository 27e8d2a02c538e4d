"""Carries revocations out. Platforms without an API are left to people, with written steps."""

from __future__ import annotations

from datetime import datetime

from rolecall.reports.action_steps import steps_of
from rolecall.texts import texts_of
from rolecall.usecases.retry import retried
from rolecall.usecases.revoking.revocations import Revocation, RevocationStore, hand_over

__all__ = ["carry_out", "steps_for"]


def steps_for(platform: str, handle: str, person: str) -> tuple[str, ...]:
    """Return what people must do to remove somebody on a platform."""
    texts = texts_of("en")
    last = texts.words("steps")["confirm-removal"]
    return (
        *steps_of("take-access", platform, texts),
        last.format(person=person, account=f"{platform}/{handle}"),
    )


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
