"""What deeds about logins do to a world."""

from __future__ import annotations

from collections.abc import Callable

from rolecall.actions.deed import Deed, DeedKind
from rolecall.actions.effects_on_access import Effect, forget
from rolecall.actions.world import World
from rolecall.model import Login

__all__ = ["EFFECTS_ON_LOGINS"]

EFFECTS_ON_LOGINS: dict[DeedKind, Effect] = {}


def _effect(kind: DeedKind) -> Callable[[Effect], Effect]:
    def enter(effect: Effect) -> Effect:
        EFFECTS_ON_LOGINS[kind] = effect
        return effect

    return enter


def _login(world: World, deed: Deed) -> Login:
    rows = world.logins.get(deed.account, ())
    return next(one for one in rows if one.id == deed.login)


@_effect("change-password")
def _(world: World, deed: Deed) -> None:
    """Nobody enters an earlier day than there is; nothing else has the new password."""
    known = forget(world, _login(world, deed))
    cells = {
        "rotated_on": max(world.today, known.rotated_on or world.today),
        "fingerprint": None,
        "strength": None if known.strength is None else 4,
        "holder_ids": known.holder_ids,
    }
    world.set_login(deed.account, deed.login, **cells)


@_effect("keep-safe")
def _(world: World, deed: Deed) -> None:
    world.set_login(deed.account, deed.login, storage="vault")


@_effect("end-sharing")
def _(world: World, deed: Deed) -> None:
    keeper = (deed.person,) if deed.person else ()
    world.set_login(deed.account, deed.login, holder_ids=keeper, storage="vault")


@_effect("turn-on-two-factor")
def _(world: World, deed: Deed) -> None:
    world.set_login(deed.account, deed.login, mfa="key")


@_effect("record-login")
def _(world: World, deed: Deed) -> None:
    rows = world.grants.get(deed.account, ())
    holders = [one.person_id for one in rows if one.is_live and world.is_active(one.person_id)]
    made = Login(
        id=f"to-be-recorded-{deed.account}",
        account_id=deed.account,
        storage="vault",
        holder_ids=tuple(holders[:1]),
        rotated_on=world.today,
        mfa="key",
    )
    world.logins.setdefault(deed.account, []).append(made)
