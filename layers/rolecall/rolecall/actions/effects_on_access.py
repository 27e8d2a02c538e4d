"""What deeds about people and their access do to a world."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from rolecall.actions.deed import Deed, DeedKind
from rolecall.actions.world import World
from rolecall.controls.account_index import MatchKey
from rolecall.controls.seen_roles import ROLE_RANKS
from rolecall.keys.addresses import mailbox_key
from rolecall.keys.subjects import account_key
from rolecall.model import FULL_CONTROL_ROLES, Login
from rolecall.vocabulary import Role

__all__ = ["EFFECTS_ON_ACCESS", "Effect", "forget", "wanted"]

Effect = Callable[[World, Deed], None]
EFFECTS_ON_ACCESS: dict[DeedKind, Effect] = {}


def _effect(kind: DeedKind) -> Callable[[Effect], Effect]:
    def enter(effect: Effect) -> Effect:
        EFFECTS_ON_ACCESS[kind] = effect
        return effect

    return enter


# -- what people have ------------------------------------------------------------------------------


@_effect("clear-person")
def _(world: World, deed: Deed) -> None:
    level = world.policy.clearance_levels[-1]
    world.set_person(deed.person, clearance_level=level, clearance_expires=world.next_year)


@_effect("train-person")
def _(world: World, deed: Deed) -> None:
    world.set_person(deed.person, trained_on=world.today)


@_effect("sign-policy")
def _(world: World, deed: Deed) -> None:
    world.set_person(deed.person, policy_version=world.policy.version)


@_effect("record-contract")
def _(world: World, deed: Deed) -> None:
    papers = {"contract_ref": "K", "dpa_ref": "D", "contract_ends": world.next_year}
    world.set_person(deed.person, **papers)


@_effect("name-supervisor")
def _(world: World, deed: Deed) -> None:
    world.set_person(deed.person, supervisor_id=world.somebody(deed.person))


@_effect("forget-person")
def _(world: World, deed: Deed) -> None:
    for rows in world.logins.values():
        rows[:] = [_without(one, {deed.person}) for one in rows]
    world.people.pop(deed.person, None)


@_effect("name-head")
def _(world: World, deed: Deed) -> None:
    head = deed.person or world.somebody(entity=deed.entity)
    world.entities[deed.entity] = replace(world.entities[deed.entity], head_id=head)


# -- who is let in and let go ----------------------------------------------------------------------


@_effect("give-control")
def _(world: World, deed: Deed) -> None:
    for _ in range(wanted(deed)):
        _give_control(world, deed)


def wanted(deed: Deed) -> int:
    """Return for how many people a deed is; nobody finds more than a hundred."""
    return min(int(deed.role), 100) if not deed.person and deed.role.isdecimal() else 1


def _give_control(world: World, deed: Deed) -> None:
    person = deed.person
    if not person:
        rows = world.grants.get(deed.account, ())
        holders = [one.person_id for one in rows if one.is_live]
        person = world.somebody(*holders, entity=deed.entity)
        world.prepare(person)
    if deed.role == "it":
        entity = world.entities[deed.entity]
        delegates = (*entity.it_delegate_ids, person)
        world.entities[deed.entity] = replace(entity, it_delegate_ids=delegates)
    grant = world.live_grant(deed.account, person)
    is_owner = grant is not None and grant.role == "owner"
    world.give(deed.account, person, "owner" if is_owner else "admin")


@_effect("make-owner")
def _(world: World, deed: Deed) -> None:
    person = deed.person
    if not person:
        rows = world.grants.get(deed.account, ())
        able = (
            one.person_id
            for one in rows
            if one.is_live and one.role in FULL_CONTROL_ROLES and _is_own(world, one.person_id)
        )
        person = next(able, "") or world.somebody(entity=deed.entity)
        world.prepare(person)
    world.give(deed.account, person, "owner")


def _is_own(world: World, person: str) -> bool:
    return world.is_active(person) and world.people[person].type in ("employee", "clergy")


@_effect("give-reading")
def _(world: World, deed: Deed) -> None:
    for _ in range(wanted(deed)):
        _give_reading(world, deed)


def _give_reading(world: World, deed: Deed) -> None:
    person = deed.person
    if not person:
        rows = world.grants.get(deed.account, ())
        holders = [one.person_id for one in rows if one.is_live and one.role != "analyst"]
        person = world.somebody(*holders, entity=deed.entity)
        world.prepare(person)
    grant = world.live_grant(deed.account, person)
    if grant is None or grant.role == "analyst":
        world.give(deed.account, person, "editor")


@_effect("take-access")
def _(world: World, deed: Deed) -> None:
    world.take(deed.account, deed.person)


@_effect("finish-closing")
def _(world: World, deed: Deed) -> None:
    for grant in [one for one in world.grants.get(deed.account, ()) if one.is_live]:
        world.set_grant(deed.account, grant.person_id, revoked_on=world.today)
    world.logins.pop(deed.account, None)


@_effect("keep-access")
def _(world: World, deed: Deed) -> None:
    world.set_grant(deed.account, deed.person, revoke_requested_at=None)


@_effect("lower-role")
def _(world: World, deed: Deed) -> None:
    grant = world.live_grant(deed.account, deed.person)
    lower: Role = "admin" if deed.role == "admin" else "editor"
    if grant is not None and ROLE_RANKS[grant.role] > ROLE_RANKS[lower]:
        world.give(deed.account, deed.person, lower)


@_effect("match-role")
def _(world: World, deed: Deed) -> None:
    grant = world.live_grant(deed.account, deed.person)
    if grant is not None:
        world.show(deed.account, deed.person, grant.role)


@_effect("settle-absence")
def _(world: World, deed: Deed) -> None:
    """Let somebody in again whom the platform did not show; their address is put right first."""
    person, grant = world.people[deed.person], world.live_grant(deed.account, deed.person)
    if person.email is None or mailbox_key(person.email) is None:
        world.set_person(deed.person, email=f"{deed.person}@diocese.example")
    if grant is not None:
        world.show(deed.account, deed.person, grant.role)


@_effect("confirm-access")
def _(world: World, deed: Deed) -> None:
    """The head looks at it: it is needed, and approved anew."""
    grant = world.live_grant(deed.account, deed.person)
    if grant is None:
        return
    other = world.somebody(deed.person, grant.requested_by)
    over = grant.expires_on is not None and grant.expires_on < world.today
    world.set_grant(
        deed.account,
        deed.person,
        attested_on=world.today,
        attested_by=other,
        approved_by=other,
        last_used_on=world.today if grant.last_used_on is not None else None,
        expires_on=world.next_year if over else grant.expires_on,
        delegation_ref=grant.delegation_ref or "to-be-delegated",
    )


@_effect("remove-stranger")
def _(world: World, deed: Deed) -> None:
    """Remove the administrator on the platform: its next list does not have the address.

    Unless it is the address of somebody who was let in meanwhile, and so is a stranger no more.
    """
    mailbox, seen = mailbox_key(deed.email), (deed.platform, deed.handle)
    for key, rows in world.observations.items():
        named = {account_key(one.platform, one.handle) for one in rows}
        if seen in named and mailbox not in _holders(world, key):
            shown = world.latest(key)
            kept = [one for one in shown if mailbox_key(one.person_email or "") != mailbox]
            if len(kept) < len(shown):
                world.relist(key, kept)


def _holders(world: World, key: MatchKey) -> set[str | None]:
    """Return the mailboxes of those who hold something on the accounts of a key."""
    return {
        mailbox_key(world.people[grant.person_id].email or "")
        for account in world.before.open_by_key.get(key, ())
        for grant in world.grants.get(account.id, ())
        if grant.is_live and grant.person_id in world.people
    }


# -- what they know --------------------------------------------------------------------------------


def forget(world: World, login: Login) -> Login:
    """Return a login that those do not know any more who should not."""
    rows = world.grants.get(login.account_id, ())
    live = {one.person_id for one in rows if one.is_live}
    ended = {one.person_id for one in rows if not one.is_live} - live
    gone = {one for one in login.holder_ids if not world.is_active(one)}
    return _without(login, gone | ended)


def _without(login: Login, people: set[str]) -> Login:
    if people.isdisjoint(login.holder_ids):
        return login
    holders = tuple(one for one in login.holder_ids if one not in people)
    return replace(login, holder_ids=holders)
