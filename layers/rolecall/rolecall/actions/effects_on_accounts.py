"""What deeds about accounts, their papers and platforms do to a world."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec.structs import replace

from rolecall.actions.deed import Deed, DeedKind
from rolecall.actions.effects_on_access import Effect, wanted
from rolecall.actions.world import World
from rolecall.controls.seen_roles import ROLE_RANKS
from rolecall.keys.accounts import match_key
from rolecall.keys.names import name_key
from rolecall.keys.subjects import account_key
from rolecall.model import Observation

__all__ = ["EFFECTS_ON_ACCOUNTS"]

EFFECTS_ON_ACCOUNTS: dict[DeedKind, Effect] = {}
_NOTICE = "https://diocese.example/privacy"


def _effect(kind: DeedKind) -> Callable[[Effect], Effect]:
    def enter(effect: Effect) -> Effect:
        EFFECTS_ON_ACCOUNTS[kind] = effect
        return effect

    return enter


# -- accounts --------------------------------------------------------------------------------------


@_effect("recover-account")
def _(_world: World, _deed: Deed) -> None:
    """Nothing on record changes yet: whoever is in again does what comes next."""


@_effect("set-recovery")
def _(world: World, deed: Deed) -> None:
    person = deed.person or world.somebody(entity=deed.entity)
    world.set_account(deed.account, recovery_person_id=person)


@_effect("change-login-address")
def _(world: World, deed: Deed) -> None:
    domains = sorted(world.before.line_domains[world.accounts[deed.account].entity_id])
    address = f"to-be-made@{(*domains, 'diocese.example')[0]}"
    world.set_account(deed.account, login_email=address)


@_effect("disconnect-apps")
def _(world: World, deed: Deed) -> None:
    approved = {app.casefold() for app in world.policy.approved_apps or ()}
    apps = world.accounts[deed.account].connected_apps
    kept = tuple(app for app in apps if app.casefold() in approved)
    world.set_account(deed.account, connected_apps=kept)


def _plainly(kind: DeedKind, cells: Callable[[World, Deed], dict[str, Any]]) -> None:
    """Enter a deed that writes cells of the account."""
    EFFECTS_ON_ACCOUNTS[kind] = lambda world, deed: world.set_account(
        deed.account, **cells(world, deed)
    )


def _with(named: Iterable[str], deed: Deed, world: World) -> tuple[str, ...]:
    """Return the people named for a duty, with as many more as are wanted."""
    serving = [one for one in named if world.is_active(one)]
    for _ in range(wanted(deed)):
        serving.append(deed.person or world.somebody(*serving, entity=deed.entity))
    return tuple(serving)


_plainly("review-account", lambda world, _: {"reviewed_on": world.today})
_plainly("test-removal", lambda world, _: {"removal_tested_on": world.today})
_plainly("decide-dormant", lambda _, __: {"status": "dormant"})
_plainly("archive-posts", lambda _, __: {"archive": True})
_plainly("stop-payments", lambda _, __: {"ads_payer": None, "donations_payee": None})
_plainly("confirm-crisis-contacts", lambda world, _: {"crisis_contacts_verified_on": world.today})
_plainly(
    "set-removal-path",
    lambda world, deed: {"removal_path": deed.role, "removal_tested_on": world.today},
)
_plainly(
    "record-privacy",
    lambda _, __: {
        "privacy_record_ref": "R",
        "lawful_basis": "consent",
        "privacy_notice_url": _NOTICE,
    },
)
_plainly(
    "approve-account",
    lambda world, deed: {
        "approved_by": (*world.accounts[deed.account].approved_by, deed.person),
    },
)
_plainly(
    "name-owner",
    lambda world, deed: {"owner_id": deed.person or world.somebody(entity=deed.entity)},
)
_plainly(
    "hold-payments",
    lambda world, deed: {"payment_holder_id": deed.person or world.somebody(entity=deed.entity)},
)
_plainly(
    "name-approver",
    lambda world, deed: {
        "post_approver_ids": _with(world.accounts[deed.account].post_approver_ids, deed, world)
    },
)
_plainly(
    "name-crisis-contact",
    lambda world, deed: {
        "crisis_contact_ids": _with(world.accounts[deed.account].crisis_contact_ids, deed, world)
    },
)


@_effect("renew-domain")
def _(world: World, deed: Deed) -> None:
    account, names = world.accounts[deed.account], world.policy.legal_names
    cells: dict[str, Any] = {}
    if account.domain_expires_on is not None:
        later = max(world.next_year, account.domain_expires_on)
        cells = {"domain_expires_on": later, "domain_auto_renew": True}
    name = account.domain_registrant
    if names is not None and name is not None and name_key(name) not in names:
        ours = min(names, default="to-be-named")
        world.policy = replace(world.policy, legal_names=names | {ours})
        cells["domain_registrant"] = ours
    world.set_account(deed.account, **cells)


@_effect("move-to-portfolio")
def _(world: World, deed: Deed) -> None:
    names = world.policy.portfolios or frozenset()
    ours = min(names, default="to-be-named")
    world.policy = replace(world.policy, portfolios=names | {ours})
    world.set_account(deed.account, owned_by=ours)


@_effect("look-up-people")
def _(world: World, deed: Deed) -> None:
    """The platform lists the same people as it did, or whoever is on record."""
    key = world.before.keys[deed.account]
    world.relist(key, world.latest(key) or list(_on_record(world, deed.account)))


def _on_record(world: World, id_: str) -> Iterator[Observation]:
    """Yield the rows of a first list: it shows who is on record, or that nobody is there."""
    account = world.accounts[id_]
    row = Observation(account.platform, account.handle, world.today, role="analyst")
    live = [one for one in world.grants.get(id_, ()) if one.is_live]
    for grant in live:
        person = world.people.get(grant.person_id)
        email = person.email if person is not None else None
        yield replace(row, person_email=email, role=grant.role)
    if not live:
        yield row


@_effect("take-down")
def _(world: World, deed: Deed) -> None:
    key = deed.account, deed.content
    world.contents[key] = replace(world.contents[key], removed_on=world.today)


@_effect("settle-unknown-account")
def _(world: World, deed: Deed) -> None:
    """It is not ours, and the platform took it down."""
    seen = deed.platform, deed.handle
    for key, rows in world.observations.items():
        world.observations[key] = [
            one for one in rows if account_key(one.platform, one.handle) != seen
        ]


@_effect("decide-platform")
def _(world: World, deed: Deed) -> None:
    approved = (world.policy.approved_platforms or frozenset()) | {deed.platform}
    world.policy = replace(world.policy, approved_platforms=approved)


@_effect("merge-entries")
def _(world: World, deed: Deed) -> None:
    """Keep one entry with the grants, logins, incidents and contents of the others."""
    key = deed.platform, deed.handle
    same = [
        id_
        for id_, one in world.accounts.items()
        if one.status != "closed" and match_key(one.platform, one.handle) == key
    ]
    for other in same:
        if other != deed.account:
            _join(world, deed.account, other)


def _join(world: World, kept: str, other: str) -> None:
    rows = world.grants.setdefault(kept, [])
    live = {one.person_id: one for one in rows if one.is_live}
    for grant in world.grants.pop(other, ()):
        mine = live.get(grant.person_id) if grant.is_live else None
        if mine is None:
            rows.append(replace(grant, account_id=kept))
        elif ROLE_RANKS[grant.role] > ROLE_RANKS[mine.role]:
            world.set_grant(kept, grant.person_id, role=grant.role)
    logins = [replace(one, account_id=kept) for one in world.logins.pop(other, ())]
    world.logins.setdefault(kept, []).extend(logins)
    for id_, incident in world.incidents.items():
        if incident.account_id == other:
            world.incidents[id_] = replace(incident, account_id=kept)
    for name, content in [*world.contents.items()]:
        if content.account_id == other:
            del world.contents[name]
            world.contents[kept, content.id] = replace(content, account_id=kept)
    del world.accounts[other]
