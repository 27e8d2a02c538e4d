"""What a person does who does what a remedy says: one pure function for each control.

A remedy is carried out in a world of a registry and its policy, on the platform too: who is removed
there is not on its next list. The functions do what the words of ``remediation`` say, enter what
``record`` says, and do no more; where they do something besides (take care that an account keeps
its head, change a password), the words say so, which tests/unit/test_obedience.py holds them to.

A function returns ``None`` where there is nobody who could do it, such as an organisation in which
nobody serves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from rolecall.actions.world import World as Model
from rolecall.controls.clearance import ClearanceLadder
from rolecall.controls.context import Context
from rolecall.finding import Finding
from rolecall.keys.accounts import match_key
from rolecall.keys.addresses import mailbox_key
from rolecall.keys.names import name_key
from rolecall.keys.subjects import account_key
from rolecall.model import (
    Account,
    Grant,
    Investigator,
    Login,
    Observation,
    Person,
    Policy,
    Snapshot,
    Waiver,
)
from rolecall.vocabulary import Role
from tests.registries import AS_OF

__all__ = ["REMEDIES", "Remedy", "World", "evidence_of"]

TODAY = AS_OF.date()
TOMORROW = TODAY + timedelta(days=1)
NEXT_YEAR = TODAY + timedelta(days=365)
_STAFF = ("employee", "clergy")
_OUTSIDE = ("agency", "partner", "contractor")


class World(NamedTuple):
    """A registry, and the rules that it is held against."""

    snapshot: Snapshot
    policy: Policy

    @property
    def context(self) -> Context:
        """Look-ups over the world as it is."""
        return Context(self.snapshot, self.policy, AS_OF)

    def having(self, **tables: Any) -> World:
        """Return the world with other rows in some tables."""
        return World(
            replace(self.snapshot, **{name: tuple(rows) for name, rows in tables.items()}),
            self.policy,
        )

    def with_row(self, table: str, match: Callable[[Any], bool], **cells: Any) -> World:
        """Return the world with other cells in the rows that match."""
        rows = getattr(self.snapshot, table)
        return self.having(
            **{table: [replace(row, **cells) if match(row) else row for row in rows]}
        )

    def account(self, finding: Finding, **cells: Any) -> World:
        """Return the world with other cells of the account of a finding."""
        return self.with_row("accounts", lambda one: one.id == finding.subject.account, **cells)

    def person(self, id_: str, **cells: Any) -> World:
        """Return the world with other cells of a person."""
        return self.with_row("people", lambda one: one.id == id_, **cells)

    def grant(self, finding: Finding, **cells: Any) -> World:
        """Return the world with other cells of the live grant of a finding."""
        pair = finding.subject.account, finding.subject.person
        return self.with_row("grants", lambda one: _is(one, *pair), **cells)

    def login(self, finding: Finding, **cells: Any) -> World:
        """Return the world with other cells of the login of a finding."""
        key = finding.subject.account, finding.subject.login
        return self.with_row("logins", lambda one: (one.account_id, one.id) == key, **cells)

    def incident(self, finding: Finding, **cells: Any) -> World:
        """Return the world with other cells of the incident of a finding."""
        return self.with_row("incidents", lambda one: one.id == finding.subject.incident, **cells)

    def content(self, finding: Finding, **cells: Any) -> World:
        """Return the world with other cells of the content of a finding."""
        key = finding.subject.account, finding.subject.content
        return self.with_row("contents", lambda one: (one.account_id, one.id) == key, **cells)

    def waiving(self, *waivers: Waiver) -> World:
        """Return the world with other waivers."""
        return World(self.snapshot, replace(self.policy, waivers=waivers))


Remedy = Callable[[World, Finding], World | None]
REMEDIES: dict[str, list[Remedy]] = {}
"""What the words of each control say; more than one where they leave a choice."""


def remedy(control: str) -> Callable[[Remedy], Remedy]:
    """Enter what the words of a control say."""

    def enter(function: Remedy) -> Remedy:
        REMEDIES.setdefault(control, []).append(function)
        return function

    return enter


def evidence_of(finding: Finding) -> Mapping[str, Any]:
    """Return what decided."""
    found: Mapping[str, Any] = msgspec.json.decode(finding.evidence)
    return found


def _is(grant: Grant, account: str, person: str) -> bool:
    return grant.is_live and (grant.account_id, grant.person_id) == (account, person)


# -- people ----------------------------------------------------------------------------------------


def _active(world: World) -> list[Person]:
    active = world.context.active
    return [person for person in world.snapshot.people if person.id in active]


def _somebody(world: World, *but: str | None) -> str | None:
    """Return an active person, other than some."""
    return next((one.id for one in _active(world) if one.id not in but), None)


def _of_the_staff(world: World, *but: str | None) -> str | None:
    """Return an active employee or member of the clergy, other than some.

    What somebody gets another approves: where only one person serves there is nobody.
    """
    active = _active(world)
    staff = (one.id for one in active if one.type in _STAFF and one.id not in but)
    return next(staff, None) if len(active) > 1 else None


def _prepared(world: World, person: str) -> World:
    """Give somebody the clearance and the training that it takes, and the policy to sign.

    Who is from outside gets a contract too.
    """
    return _in_model(world, lambda model: model.prepare(person))


def _is_steward(world: World, account: str, person: str) -> bool:
    """Tell whether somebody heads an entity in line, or may act for its head."""
    context = world.context
    return person in context.line_stewards[context.accounts[account].entity_id]


# -- access ----------------------------------------------------------------------------------------


def _in_model(world: World, change: Callable[[Model], None]) -> World:
    """Return the world after a change in the model by which plans are checked, too."""
    model = Model(world.snapshot, world.policy, AS_OF)
    change(model)
    return World(model.snapshot(), model.policy)


def _give(world: World, account: str, person: str, role: Role = "admin") -> World:
    """Give somebody a role on the platform, and record the grant."""
    return _in_model(world, lambda model: model.give(account, person, role))


def _take(world: World, account: str, person: str) -> World:
    """Remove somebody on the platform, enter the day, and change the passwords that they know."""
    world = _in_model(world, lambda model: model.take(account, person))
    return _forgotten(world, account, person)


def _forgotten(world: World, account: str, person: str) -> World:
    """Change the passwords of an account that somebody knows, and take them off the holders."""
    rows = [
        replace(
            one,
            rotated_on=max(TODAY, one.rotated_on or TODAY),
            holder_ids=tuple(id_ for id_ in one.holder_ids if id_ != person),
            fingerprint=None,
        )
        if one.account_id == account and person in one.holder_ids
        else one
        for one in world.snapshot.logins
    ]
    return world.having(logins=rows)


def _taken_with_care(world: World, account: str, person: str) -> World | None:
    """Remove somebody who is no steward, and see first that enough others are left.

    Who is given more on an account that stands in the registry twice has more there than by the
    other entry: first put the two together.
    """
    if _is_steward(world, account, person):
        return None
    context = world.context
    holders = set(context.full_control.get(account, ())) & context.active
    while person in holders and len(holders - {person}) < 2:
        spare = _of_the_staff(world, person, *holders)
        if spare is None or context.keys[account] in context.duplicates:
            return None
        world = _give(_prepared(world, spare), account, spare)
        holders.add(spare)
    adults = _adults(world, account)
    if context.accounts[account].audience == "minors" and person in adults:
        kept = _with_adults(world, account, adults - {person}, 2, person)
        if kept is None:
            return None
        world = kept
    return _take(world, account, person)


def _adults(world: World, account: str) -> set[str]:
    """Return who is active, has a clearance in force and reads what is written to an account."""
    context = world.context
    ladder = ClearanceLadder(world.policy.clearance_levels)
    readers = {
        one.person_id
        for one in context.live_grants.get(account, ())
        if one.role != "analyst" and one.person_id in context.active
    }
    return {
        id_
        for id_ in readers
        if ladder[context.people[id_].clearance_level] >= ladder.required("C")
        and (context.people[id_].clearance_expires or TODAY - timedelta(days=1)) >= TODAY
    }


def _with_adults(
    world: World, account: str, adults: set[str], minimum: int, *but: str
) -> World | None:
    """Let others of the staff read what is written to an account, until they are enough."""
    while len(adults) < minimum:
        another = _of_the_staff(world, *adults, *but)
        if another is None:
            return None
        world = _prepared(world, another)
        held = {one.role for one in world.snapshot.grants if _is(one, account, another)}
        if held <= {"analyst"}:
            world = _give(world, account, another, "editor")
        adults = adults | {another}
    return world


def _shown(world: World, account: str, person: str, role: Role | None) -> World:
    """Let the next list of the platform show somebody in a role, or not at all."""
    return _in_model(world, lambda model: model.show(account, person, role))


def _latest(world: World, account: Account) -> list[Observation]:
    key = match_key(account.platform, account.handle)
    return Model(world.snapshot, world.policy, AS_OF).latest(key)


def _listed(world: World, account: Account, rows: Sequence[Observation]) -> World:
    """Let a platform list an account once more, as late as a list counts."""
    key = match_key(account.platform, account.handle)
    return _in_model(world, lambda model: model.relist(key, rows))


def _closed(world: World, finding: Finding) -> World | None:
    """Archive and close an account: nobody has access to it any more, and no login is left.

    Of one that stands in the registry twice the entries are one account: first put them together.
    """
    account = finding.subject.account
    if world.context.keys[account] in world.context.duplicates:
        return None
    world = world.with_row(
        "grants", lambda one: one.account_id == account and one.is_live, revoked_on=TODAY
    )
    logins = [one for one in world.snapshot.logins if one.account_id != account]
    return world.having(logins=logins).account(finding, status="closed")


# -- accounts --------------------------------------------------------------------------------------


@remedy("account-review-overdue")
def _(world: World, finding: Finding) -> World:
    return world.account(finding, reviewed_on=TODAY)


@remedy("account-unapproved")
def _(world: World, finding: Finding) -> World:
    account = world.context.accounts[finding.subject.account]
    head = world.context.heads[account.entity_id]
    assert head is not None
    return world.account(finding, approved_by=(*account.approved_by, head))


REMEDIES["account-unapproved"].append(_closed)


@remedy("account-without-owner")
def _(world: World, finding: Finding) -> World | None:
    owner = _somebody(world)
    return world.account(finding, owner_id=owner) if owner else None


@remedy("archive-off")
def _(world: World, finding: Finding) -> World:
    return world.account(finding, archive=True)


@remedy("closed-account-live-access")
def _(world: World, finding: Finding) -> World | None:
    return _closed(world, finding)


@remedy("dormant-account")
def _(world: World, finding: Finding) -> World:
    return world.account(finding, last_post_on=TODAY)


@remedy("dormant-account")
def _(world: World, finding: Finding) -> World:
    return world.account(finding, status="dormant")


REMEDIES["dormant-account"].append(_closed)


@remedy("domain-expiring")
def _(world: World, finding: Finding) -> World | None:
    facts = evidence_of(finding)
    if "legal_names" in facts and not facts["legal_names"]:
        return None
    paid = {"domain_expires_on": NEXT_YEAR, "domain_auto_renew": True}
    ours = {"domain_registrant": facts["legal_names"][0]} if "legal_names" in facts else {}
    return world.account(finding, **(paid if "domain_expires_on" in facts else {}), **ours)


@remedy("duplicate-account")
def _(world: World, finding: Finding) -> World:
    kept = finding.subject.account
    context = world.context
    key = context.keys[kept]
    others = {one.id for one in context.open_by_key[key]} - {kept}
    live = {
        one.person_id for one in world.snapshot.grants if one.account_id == kept and one.is_live
    }
    grants = []
    for one in world.snapshot.grants:
        if one.account_id not in others:
            grants.append(one)
        elif not one.is_live or one.person_id not in live:
            grants.append(replace(one, account_id=kept))
            live |= {one.person_id} if one.is_live else set()
    moved = {
        table: [
            replace(one, account_id=kept) if one.account_id in others else one
            for one in getattr(world.snapshot, table)
        ]
        for table in ("logins", "incidents", "contents")
    }
    accounts = [one for one in world.snapshot.accounts if one.id not in others]
    return world.having(accounts=accounts, grants=grants, **moved)


@remedy("entity-without-head")
def _(world: World, finding: Finding) -> World | None:
    head = _of_the_staff(world)
    mine = finding.subject.entity
    return world.with_row("entities", lambda one: one.id == mine, head_id=head) if head else None


@remedy("head-without-access")
def _(world: World, finding: Finding) -> World:
    head = evidence_of(finding)["head_id"]
    return _give(_prepared(world, head), finding.subject.account, head)


@remedy("login-email-of-leaver")
def _(world: World, finding: Finding) -> World:
    account = world.context.accounts[finding.subject.account]
    domains = sorted(world.context.line_domains[account.entity_id])
    return world.account(finding, login_email=f"page@{(*domains, 'diocese.example')[0]}")


@remedy("money-to-unknown-payee")
def _(world: World, finding: Finding) -> World | None:
    """Stop what is not known, and let somebody who serves hold the card."""
    facts, holder = evidence_of(finding), _somebody(world)
    if "payment_holder_id" in facts and holder is None:
        return None
    held = {"payment_holder_id": holder} if "payment_holder_id" in facts else {}
    return world.account(finding, **dict.fromkeys(facts.get("columns", ())), **held)


@remedy("money-to-unknown-payee")
def _(world: World, finding: Finding) -> World | None:
    """The finance office knows them: they are added to payees."""
    facts, account = evidence_of(finding), world.context.accounts[finding.subject.account]
    if "payment_holder_id" in facts:
        return None
    ours = {name_key(getattr(account, column)) for column in facts["columns"]}
    payees = (world.policy.payees or frozenset()) | ours
    return World(world.snapshot, replace(world.policy, payees=payees))


@remedy("no-removal-path")
def _(world: World, finding: Finding) -> World | None:
    context = world.context
    account = context.accounts[finding.subject.account]
    head = context.heads[account.entity_id]
    if head not in context.active:
        return None
    world = _give(_prepared(world, head), account.id, head)
    return world.account(finding, removal_path="head", removal_tested_on=TODAY)


@remedy("no-removal-path")
def _(world: World, finding: Finding) -> World | None:
    context = world.context
    account = context.accounts[finding.subject.account]
    line = context.lines[account.entity_id]
    able = [
        one
        for entity in line
        for one in entity.it_delegate_ids
        if one in context.active and context.people[one].type in _STAFF
    ]
    if not able:
        return None
    world = _give(_prepared(world, able[0]), account.id, able[0])
    return world.account(finding, removal_path="it", removal_tested_on=TODAY)


@remedy("no-removal-path")
def _(world: World, finding: Finding) -> World | None:
    account = finding.subject.account
    if account not in world.context.logins:
        return None
    world = world.with_row("logins", lambda one: one.account_id == account, storage="vault")
    return world.account(finding, removal_path="it", removal_tested_on=TODAY)


@remedy("not-in-our-portfolio")
def _(world: World, finding: Finding) -> World | None:
    portfolios = evidence_of(finding)["portfolios"]
    return world.account(finding, owned_by=portfolios[0]) if portfolios else None


@remedy("observation-stale")
def _(world: World, finding: Finding) -> World:
    """The platform lists the same people as it did."""
    account = world.context.accounts[finding.subject.account]
    return _listed(world, account, _latest(world, account))


@remedy("personal-email-login")
def _(world: World, finding: Finding) -> World:
    domain = evidence_of(finding)["email_domains"][0]
    return world.account(finding, login_email=f"page@{domain}")


@remedy("privacy-record-missing")
def _(world: World, finding: Finding) -> World:
    notice = "https://diocese.example/privacy"
    papers = {"privacy_record_ref": "R", "lawful_basis": "consent", "privacy_notice_url": notice}
    return world.account(finding, **papers)


@remedy("removal-path-untested")
def _(world: World, finding: Finding) -> World:
    return world.account(finding, removal_tested_on=TODAY)


@remedy("sole-administrator")
def _(world: World, finding: Finding) -> World | None:
    facts, account = evidence_of(finding), finding.subject.account
    holders = set(facts["administrators"])
    while len(holders) < facts["minimum"]:
        spare = _of_the_staff(world, *holders)
        if spare is None:
            return None
        world = _give(_prepared(world, spare), account, spare)
        holders.add(spare)
    return world


@remedy("too-many-administrators")
def _(world: World, finding: Finding) -> World:
    facts, account = evidence_of(finding), finding.subject.account
    active = world.context.active
    # Who serves comes first, and of these the head and whoever of IT removes people.
    holders = sorted(
        facts["administrators"],
        key=lambda one: (one not in active, not _is_steward(world, account, one)),
    )
    for surplus in holders[facts["maximum"] :]:
        world = _give(world, account, surplus, "editor")
    return world


@remedy("unapproved-app")
def _(world: World, finding: Finding) -> World:
    return world.account(finding, connected_apps=())


@remedy("unapproved-platform")
def _(world: World, finding: Finding) -> World | None:
    return _closed(world, finding)


@remedy("unapproved-platform")
def _(world: World, finding: Finding) -> World:
    platform = world.context.accounts[finding.subject.account].platform.casefold()
    approved = (world.policy.approved_platforms or frozenset()) | {platform}
    return World(world.snapshot, replace(world.policy, approved_platforms=approved))


@remedy("unregistered-account")
def _(world: World, finding: Finding) -> World:
    """It is not ours: the platform took it down."""
    name = finding.subject.platform, finding.subject.handle
    rows = [
        one for one in world.snapshot.observations if account_key(one.platform, one.handle) != name
    ]
    return world.having(observations=rows)


@remedy("unregistered-account")
def _(world: World, finding: Finding) -> World:
    """It is not ours: it was reported, and that is entered."""
    name = finding.subject.platform, finding.subject.handle
    return world.with_row(
        "observations",
        lambda one: account_key(one.platform, one.handle) == name,
        reported_on=TODAY,
        reported_until=None,
    )


@remedy("youth-account-one-adult")
def _(world: World, finding: Finding) -> World | None:
    facts = evidence_of(finding)
    return _with_adults(world, finding.subject.account, set(facts["adults"]), facts["minimum"])


# -- access ----------------------------------------------------------------------------------------


def _removed(world: World, finding: Finding) -> World | None:
    return _taken_with_care(world, finding.subject.account, finding.subject.person)


def _removed_at_once(world: World, finding: Finding) -> World:
    return _take(world, finding.subject.account, finding.subject.person)


@remedy("access-not-recertified")
def _(world: World, finding: Finding) -> World | None:
    other = _somebody(world, finding.subject.person)
    return world.grant(finding, attested_on=TODAY, attested_by=other) if other else None


@remedy("clearance-expired")
def _(world: World, finding: Finding) -> World:
    return world.person(finding.subject.person, clearance_expires=NEXT_YEAR)


@remedy("expired-grant")
def _(world: World, finding: Finding) -> World | None:
    person = finding.subject.person
    other = _somebody(world, person)
    return (
        world.grant(finding, expires_on=NEXT_YEAR, approved_by=other, requested_by=None)
        if other
        else None
    )


@remedy("external-owner")
def _(world: World, finding: Finding) -> World | None:
    account, person = finding.subject.account, finding.subject.person
    own = _of_the_staff(world, person)
    if own is None:
        return None
    world = _give(_prepared(world, own), account, own, "owner")
    return _give(world, account, person, "admin")


@remedy("ghost-grant")
def _(world: World, finding: Finding) -> World | None:
    return _removed(world, finding)


@remedy("ineligible-manager")
def _(world: World, finding: Finding) -> World:
    return _prepared(world, finding.subject.person)


@remedy("mover-with-access")
def _(world: World, finding: Finding) -> World:
    return world.grant(finding, delegation_ref="DEL-9")


@remedy("orphaned-admin")
def _(world: World, finding: Finding) -> World:
    return _removed_at_once(world, finding)


@remedy("revocation-unconfirmed")
def _(world: World, finding: Finding) -> World | None:
    return _removed(world, finding)


def _seen_of(world: World) -> list[bytes]:
    """Return what platforms showed, in any order."""
    return sorted(map(msgspec.json.encode, world.snapshot.observations))


@remedy("role-drift")
def _(world: World, finding: Finding) -> World | None:
    role = evidence_of(finding)["role"]
    lowered = _shown(world, finding.subject.account, finding.subject.person, role)
    return None if _seen_of(lowered) == _seen_of(world) else lowered


@remedy("self-approved-access")
def _(world: World, finding: Finding) -> World | None:
    pair = finding.subject.account, finding.subject.person
    asked = next(one.requested_by for one in world.snapshot.grants if _is(one, *pair))
    other = _somebody(world, finding.subject.person, asked)
    return world.grant(finding, approved_by=other) if other else None


@remedy("suspended-admin")
def _(world: World, finding: Finding) -> World:
    return _removed_at_once(world, finding)


@remedy("third-party-without-contract")
def _(world: World, finding: Finding) -> World:
    papers = {"contract_ref": "K", "dpa_ref": "D", "contract_ends": NEXT_YEAR}
    return world.person(finding.subject.person, **papers)


@remedy("unregistered-admin")
def _(world: World, finding: Finding) -> World:
    """Remove the administrator on the platform: its next list does not have the address."""
    mailbox = mailbox_key(finding.subject.email)
    keys = set(evidence_of(finding)["accounts"])
    for account in [one for one in world.snapshot.accounts if one.id in keys]:
        rows = _latest(world, account)
        kept = [one for one in rows if mailbox_key(one.person_email or "") != mailbox]
        world = _listed(world, account, kept)
    return world


@remedy("unsupervised-volunteer")
def _(world: World, finding: Finding) -> World | None:
    other = _of_the_staff(world, finding.subject.person)
    return world.person(finding.subject.person, supervisor_id=other) if other else None


@remedy("unused-access")
def _(world: World, finding: Finding) -> World:
    return world.grant(finding, last_used_on=TODAY)


for _control in (
    "access-not-recertified",
    "clearance-expired",
    "expired-grant",
    "ineligible-manager",
    "mover-with-access",
    "self-approved-access",
    "third-party-without-contract",
    "unsupervised-volunteer",
    "untrained-manager",
    "unused-access",
):
    # The words leave the choice to remove the access.
    REMEDIES.setdefault(_control, []).append(_removed)


# -- logins ----------------------------------------------------------------------------------------


def _login_of(world: World, finding: Finding) -> Login:
    key = finding.subject.account, finding.subject.login
    return next(one for one in world.snapshot.logins if (one.account_id, one.id) == key)


def _fresh(world: World, finding: Finding, **cells: Any) -> World:
    """Give a login a password that nothing else has; nobody enters an earlier day than there is."""
    day = max(TODAY, _login_of(world, finding).rotated_on or TODAY)
    return world.login(finding, rotated_on=day, fingerprint=None, strength=4, **cells)


@remedy("account-without-login")
def _(world: World, finding: Finding) -> World | None:
    context = world.context
    holders = [
        one.person_id
        for one in context.live_grants.get(finding.subject.account, ())
        if one.person_id in context.active
    ]
    made = Login(
        id=f"new-{finding.subject.account}",
        account_id=finding.subject.account,
        storage="vault",
        holder_ids=tuple(holders[:1]),
        rotated_on=TODAY,
        mfa="key",
    )
    return world.having(logins=[*world.snapshot.logins, made])


@remedy("emergency-reveal-not-rotated")
def _(world: World, finding: Finding) -> World:
    return _fresh(world, finding)


@remedy("leaver-knows-password")
def _(world: World, finding: Finding) -> World:
    gone = set(evidence_of(finding)["holder_ids"])
    kept = tuple(one for one in _login_of(world, finding).holder_ids if one not in gone)
    return _fresh(world, finding, holder_ids=kept)


@remedy("login-rotation-overdue")
def _(world: World, finding: Finding) -> World:
    return _fresh(world, finding)


@remedy("login-without-mfa")
def _(world: World, finding: Finding) -> World:
    return world.login(finding, mfa="key")


@remedy("recovery-contact-leaver")
def _(world: World, finding: Finding) -> World | None:
    other = _somebody(world)
    return world.account(finding, recovery_person_id=other) if other else None


@remedy("reused-password")
def _(world: World, finding: Finding) -> World:
    return _fresh(world, finding)


@remedy("shared-login")
def _(world: World, finding: Finding) -> World:
    holders = _login_of(world, finding).holder_ids
    active = [one for one in holders if one in world.context.active]
    return _fresh(world, finding, holder_ids=(active or list(holders))[:1], storage="vault")


@remedy("unsecured-login")
def _(world: World, finding: Finding) -> World:
    return _fresh(world, finding, storage="password_manager")


@remedy("unsecured-login")
def _(world: World, finding: Finding) -> World:
    return _fresh(world, finding, storage="safe")


@remedy("weak-password")
def _(world: World, finding: Finding) -> World:
    return _fresh(world, finding)


# -- policy ----------------------------------------------------------------------------------------


@remedy("no-second-approver")
def _(world: World, finding: Finding) -> World | None:
    everybody = tuple(one.id for one in _active(world))
    if len(everybody) < evidence_of(finding)["minimum"] or not everybody:
        return None
    return world.account(finding, post_approver_ids=everybody)


@remedy("personal-data-past-retention")
def _(world: World, finding: Finding) -> World:
    gone = finding.subject.person
    logins = [
        replace(one, holder_ids=tuple(id_ for id_ in one.holder_ids if id_ != gone))
        for one in world.snapshot.logins
    ]
    people = [one for one in world.snapshot.people if one.id != gone]
    return world.having(logins=logins, people=people)


@remedy("personal-data-past-retention")
def _(world: World, finding: Finding) -> World:
    """Keep the bare id, to which old records refer."""
    gone = finding.subject.person
    taken = REMEDIES["personal-data-past-retention"][0](world, finding)
    assert taken is not None
    left = Person(id=gone, name=gone, status="left")
    return taken.having(people=[*taken.snapshot.people, left])


@remedy("minor-shown-without-consent")
def _(world: World, finding: Finding) -> World:
    return world.content(finding, removed_on=TODAY)


@remedy("minor-shown-without-consent")
def _(world: World, finding: Finding) -> World:
    return world.content(finding, shows_minors=False)


@remedy("minor-shown-without-consent")
def _(world: World, finding: Finding) -> World:
    return world.content(finding, consent_ref="Parish office no. 1", consent_ends=NEXT_YEAR)


@remedy("waiver-without-end")
def _(world: World, finding: Finding) -> World:
    return world.waiving(*(one for one in world.policy.waivers if not _is_in_force(one, finding)))


@remedy("waiver-without-end")
def _(world: World, finding: Finding) -> World:
    earlier = TODAY - timedelta(days=1)
    ended = [
        replace(one, expires=earlier) if _is_in_force(one, finding) else one
        for one in world.policy.waivers
    ]
    return world.waiving(*ended)


def _is_in_force(waiver: Waiver, finding: Finding) -> bool:
    return waiver.id in evidence_of(finding)["waivers"] and waiver.expires >= TODAY


@remedy("policy-review-overdue")
def _(world: World, _finding: Finding) -> World:
    return World(world.snapshot, replace(world.policy, next_review=NEXT_YEAR))


@remedy("policy-unacknowledged")
def _(world: World, finding: Finding) -> World:
    return world.person(finding.subject.person, policy_version=world.policy.version)


@remedy("training-refresher-overdue")
def _(world: World, finding: Finding) -> World:
    return world.person(finding.subject.person, trained_on=TODAY)


@remedy("untrained-manager")
def _(world: World, finding: Finding) -> World:
    return world.person(finding.subject.person, trained_on=TODAY)


# -- incidents -------------------------------------------------------------------------------------


@remedy("crisis-contacts-thin")
def _(world: World, finding: Finding) -> World | None:
    everybody = tuple(one.id for one in _active(world))
    if len(everybody) < evidence_of(finding).get("minimum", 1):
        return None
    return world.account(finding, crisis_contact_ids=everybody, crisis_contacts_verified_on=TODAY)


@remedy("incident-overdue")
def _(world: World, finding: Finding) -> World:
    incident = world.context.incidents[finding.subject.incident]
    decided = min(incident.notified_decision_at or AS_OF, AS_OF)
    late = {"notified_decision_at": decided, "delay_reason": "Nobody knew that it was asked for"}
    told = (
        {"subjects_told_at": min(incident.subjects_told_at or AS_OF, AS_OF)}
        if incident.high_risk
        else {}
    )
    return world.incident(finding, closed_on=TODAY, **late, **told)


@remedy("report-to-authorities-undecided")
def _(world: World, finding: Finding) -> World | None:
    approvers = [one.id for one in _active(world)][:2]
    if len(approvers) < 2:
        return None
    incident = world.context.incidents[finding.subject.incident]
    when = min(incident.authority_decided_at or AS_OF, AS_OF)
    decided = world.incident(finding, authority_decided_at=when)
    accepted = Waiver(
        id=finding.id,
        control=finding.control,
        subject=finding.subject,
        reason="The duty to report was not known; it is taught now",
        approved_by=tuple(approvers),
        accepted_on=TODAY,
        expires=NEXT_YEAR,
    )
    return decided.waiving(*world.policy.waivers, accepted)


@remedy("sanction-step-skipped")
def _(world: World, finding: Finding) -> World:
    return world.incident(finding, skip_reason="Human resources: grave misconduct")


@remedy("single-investigator")
def _(world: World, finding: Finding) -> World | None:
    subject = world.context.incidents[finding.subject.incident].subject_id
    able = list(_outside(world, subject))
    if len(able) < 2:
        return None
    named = Investigator(able[0], "communications"), Investigator(able[1], "hr")
    return world.incident(finding, investigators=named)


def _outside(world: World, subject: str | None) -> Iterator[str]:
    return (one.id for one in _active(world) if one.id != subject)
