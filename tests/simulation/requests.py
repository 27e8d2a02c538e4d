"""Every request that writes, as somebody might send it: with luck, by whoever may, and to gain.

What is asked follows from a random number generator and from how things are. A request is named by
its route; what is no request has a name of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, TypeAlias

from msgspec.structs import replace

from rolecall.errors import UsageError
from rolecall.model import Account, Entity, Grant, Person, RegistryRecord
from rolecall.registry.documents import AccountDocument
from rolecall.usecases.governance.preconditions import etag
from rolecall.usecases.governance.record_validation import EditableTable
from rolecall.usecases.governance.registry_changes import (
    approve_change,
    put_record,
    refuse_change,
)
from rolecall.usecases.governance.run_control import RunControl
from rolecall.usecases.governance.sign_in_list_decisions import (
    WantedSignIn,
    approve_sign_in_list,
    ask_sign_ins,
    refuse_sign_in_list,
)
from rolecall.usecases.governance.sign_in_requests import (
    approve_sign_in,
    ask_sign_in,
    refuse_sign_in,
)
from rolecall.usecases.governance.sign_off import SignOff
from rolecall.usecases.governance.waivers import approve, propose, waiver_decisions, withdraw
from rolecall.usecases.identity.permissions import Caller
from rolecall.usecases.identity.sign_in import mark_of
from rolecall.usecases.revoking.confirmation import confirm
from rolecall.usecases.revoking.fulfilment import carry_out
from rolecall.usecases.revoking.offboarding import offboard
from rolecall.usecases.revoking.rate_limit import lift_brake
from rolecall.usecases.revoking.revocations import Revocation, request
from rolecall.usecases.revoking.taking_back import cancel
from rolecall.usecases.vault.admission import SecretRequest
from rolecall.usecases.vault.credentials import Credentials
from rolecall.vault.secret import Secret
from tests.simulation.authority import Human
from tests.simulation.cast import HUMANS, PLACES, SERVING, START
from tests.simulation.organisation import Organisation

__all__ = ["EDITS", "LISTS", "PEOPLE", "REQUESTS", "REVOCATIONS", "SIGN_INS", "WAIVERS", "WEIGHTS"]

Request: TypeAlias = Callable[[Organisation, Random], None]
_TODAY = START.date()
_WHY = "as was decided in the meeting"
_IDS = tuple(sorted({human.name for human in HUMANS} | {"i-top"}))
_DAYS = (None, _TODAY + timedelta(1), _TODAY + timedelta(20), _TODAY - timedelta(5))
_ROUTE = "{} /v1/{}"


# -- who ----------------------------------------------------------------------------------------


def anybody(random: Random, *groups: str) -> Human:
    """Return somebody: mostly of an office and of the roster, sometimes whoever."""
    fitting = [one for one in SERVING if not groups or set(groups) & set(one.groups)]
    return random.choice(fitting if random.random() < 0.9 else HUMANS)


# -- records ------------------------------------------------------------------------------------

_VALUES: dict[EditableTable, dict[str, Sequence[Any]]] = {
    "entities": {
        "name": ("New",),
        "parent_id": (None, "top", "mid", "leaf", "sib", "den"),
        "head_id": (None, *_IDS),
        "it_delegate_ids": ((), *((one,) for one in _IDS)),
    },
    "people": {
        "name": ("New",),
        "status": ("active", "suspended", "left"),
        "email": (None, *(f"{one}@example.org" for one in _IDS)),
        "left_on": _DAYS,
        "contract_ends": _DAYS,
        "entity_id": ("top", "mid", "leaf", "sib"),
        "clearance_level": (None, "A", "B", "C"),
        "clearance_expires": (*_DAYS, date(2030, 1, 1)),
    },
    "accounts": {
        "handle": ("new",),
        "owner_id": (None, *_IDS),
        "status": ("active", "closed"),
        "entity_id": ("mid", "leaf"),
    },
    "grants": {
        "role": ("owner", "admin", "manager", "editor", "analyst"),
        "expires_on": _DAYS,
        "granted_on": (_TODAY - timedelta(30), _TODAY - timedelta(5)),
        "attested_by": (None, *_IDS),
    },
}
_NEW: dict[EditableTable, tuple[str, ...]] = {
    "entities": ("annex",),
    "people": ("new", "ghost", "stranger"),
    "accounts": ("page-new",),
}


def _key(org: Organisation, table: EditableTable, random: Random) -> tuple[str, ...]:
    kinds = {"entities": "entity", "people": "person", "accounts": "account"}
    if table == "grants":
        return _key(org, "accounts", random)[0], random.choice(_IDS)
    there = [key[1] for key in sorted(org.house.items) if key[0] == kinds[table]]
    return (random.choice([*there, *_NEW[table]]),)


def _blank(table: EditableTable, key: tuple[str, ...], random: Random) -> RegistryRecord:
    match table:
        case "entities":
            return Entity(key[0], "New")
        case "people":
            return Person(key[0], "New", "active")
        case "accounts":
            return Account(key[0], random.choice(("mid", "leaf")), "x", "new", "active")
    return Grant(key[0], key[1], random.choice(("owner", "analyst")))


def _edit(table: EditableTable) -> Request:
    def ask(org: Organisation, random: Random) -> None:
        key = _key(org, table, random)
        held = org.changes.held(table, key).record
        record = held or _blank(table, key, random)
        names = random.sample(sorted(_VALUES[table]), random.choice((1, 1, 2)))
        record = replace(record, **{name: random.choice(_VALUES[table][name]) for name in names})
        human = anybody(random, "registrar")

        def work(caller: Caller) -> None:
            match, none = (None, "*") if held is None else (etag(held), None)
            made = put_record(
                org.changes,
                caller,
                org.at,
                table,
                key,
                record,
                match=match,
                none_match=none,
            )
            if made[1] is not None:
                org.askers[made[1].id] = human

        told = {name: getattr(record, name) for name in names}
        org.serve(f"PUT {table} {'/'.join(key)} {told}", human, work)

    return ask


def _some_change(org: Organisation, random: Random) -> str | None:
    known = [key[1] for key, kept in sorted(org.house.items.items()) if key[0] == "change"]
    return random.choice(known) if known else None


def approval_of_change(org: Organisation, random: Random) -> None:
    """Approve a change of a record."""
    id_ = _some_change(org, random)
    if id_ is None:
        return
    human = anybody(random, "registrar", "compliance")

    def work(caller: Caller) -> None:
        approve_change(org.changes, caller, org.at, id_)

    told = f"approval of {'/'.join(org.house.get('change', id_).value.key)}"
    org.serve(told, human, work, partner=org.askers.get(id_))


def refusal_of_change(org: Organisation, random: Random) -> None:
    """Refuse a change of a record."""
    id_ = _some_change(org, random)
    if id_ is not None:
        human = anybody(random, "registrar", "compliance")

        def work(caller: Caller) -> None:
            refuse_change(org.changes, caller, org.at, id_, _WHY)

        org.serve("refusal", human, work)


# -- sign-ins -----------------------------------------------------------------------------------


def asking_for_a_sign_in(org: Organisation, random: Random) -> None:
    """Ask for another sign-in of somebody: by the mark of whoever has a token, or of none."""
    person, whose = random.choice(_IDS), random.choice((None, *HUMANS))
    human = anybody(random, "registrar")
    token = None if whose is None else whose.claims()
    mark = None if token is None else mark_of(token["iss"], token["sub"])

    def work(caller: Caller) -> None:
        ask_sign_in(org.changes.sign_ins, caller, org.at, person, mark, _WHY)
        org.askers[f"sign-in of {person}"] = human

    told = "nobody" if whose is None else whose.name
    org.serve(f"sign-in of {person} by the token of {told}", human, work)


def _asked_for(org: Organisation, random: Random) -> str:
    known = [key[1] for key in sorted(org.house.items) if key[0] == "sign-in"]
    return random.choice(known or _IDS)


def approval_of_a_sign_in(org: Organisation, random: Random) -> None:
    """Approve another sign-in of somebody, as it is."""
    person, human = _asked_for(org, random), anybody(random, "registrar", "compliance")

    def work(caller: Caller) -> None:
        seen = etag(org.changes.sign_ins.sign_in_request(person))
        approve_sign_in(org.changes.sign_ins, caller, org.at, person, seen)

    partner = org.askers.get(f"sign-in of {person}")
    org.serve(f"approval of a sign-in of {person}", human, work, partner=partner)


def refusal_of_a_sign_in(org: Organisation, random: Random) -> None:
    """Refuse another sign-in of somebody."""
    person, human = _asked_for(org, random), anybody(random, "registrar", "compliance")

    def work(caller: Caller) -> None:
        refuse_sign_in(org.changes.sign_ins, caller, org.at, person, _WHY)

    org.serve(f"refusal of a sign-in of {person}", human, work)


def asking_for_sign_ins(org: Organisation, random: Random) -> None:
    """Ask for other sign-ins of a few at once."""
    people = random.sample(_IDS, random.randint(1, 3))
    marks = [None, *(mark_of(one.claims()["iss"], one.claims()["sub"]) for one in HUMANS)]
    wanted = [WantedSignIn(one, random.choice(marks)) for one in people]
    human = anybody(random, "registrar")

    def work(caller: Caller) -> None:
        made = ask_sign_ins(org.changes.sign_ins, caller, org.at, wanted, _WHY)
        org.askers[made.id] = human

    org.serve(f"sign-ins of {', '.join(people)}", human, work)


def _some_list(org: Organisation, random: Random) -> str | None:
    known = [key[1] for key in sorted(org.house.items) if key[0] == "sign-in list"]
    return random.choice(known) if known else None


def approval_of_sign_ins(org: Organisation, random: Random) -> None:
    """Approve a list of sign-ins, as it is, or go on with it."""
    id_, human = _some_list(org, random), anybody(random, "registrar", "compliance")
    if id_ is None:
        return

    def work(caller: Caller) -> None:
        seen = etag(org.changes.sign_ins.sign_in_list(id_))
        approve_sign_in_list(org.changes.sign_ins, caller, org.at, id_, seen)

    org.serve("approval of sign-ins", human, work, partner=org.askers.get(id_))


def refusal_of_sign_ins(org: Organisation, random: Random) -> None:
    """Refuse a list of sign-ins."""
    id_, human = _some_list(org, random), anybody(random, "registrar", "compliance")
    if id_ is None:
        return

    def work(caller: Caller) -> None:
        refuse_sign_in_list(org.changes.sign_ins, caller, org.at, id_, _WHY)

    org.serve("refusal of sign-ins", human, work)


# -- waivers ------------------------------------------------------------------------------------


def _some_finding(random: Random) -> tuple[int, str]:
    """Return where a finding is: as often as not the critical one that concerns nobody."""
    return random.choice((PLACES[0], random.choice(PLACES)))


def reading(org: Organisation, random: Random) -> None:
    """Read what was proposed; whoever approves goes by what they read last."""
    human = anybody(random, "compliance")

    def work(caller: Caller) -> None:
        for one in waiver_decisions(org.waivers, caller).readable:
            org.read[human.name, one.finding] = one

    org.serve("reading", human, work)


def proposal(org: Organisation, random: Random) -> None:
    """Propose to accept a finding."""
    human, place = anybody(random, "compliance"), _some_finding(random)
    expires = org.at.date() + timedelta(random.choice((2, 40, 366)))

    def work(caller: Caller) -> None:
        seen = org.waivers.findings[place].finding.tag
        made = propose(org.waivers, caller, org.at, *place, _WHY, expires, seen)
        org.read[human.name, made.finding] = made

    org.serve(f"proposal of {place[0]} until {expires}", human, work)


def approval_of_waiver(org: Organisation, random: Random) -> None:
    """Approve what somebody proposed, as it was read."""
    human, place = anybody(random, "compliance"), _some_finding(random)
    seen = org.read.get((human.name, place[1]))
    if seen is None:
        return

    def work(caller: Caller) -> None:
        approve(org.waivers, caller, org.at, *place, etag(seen))

    org.serve(f"approval of {place[0]} until {seen.expires}", human, work, seen=seen)


def withdrawal(org: Organisation, random: Random) -> None:
    """Withdraw a waiver."""
    human, place = anybody(random, "compliance"), _some_finding(random)

    def work(caller: Caller) -> None:
        withdraw(org.waivers, caller, org.at, *place, _WHY)

    org.serve(f"withdrawal of {place[0]}", human, work)


# -- revocations --------------------------------------------------------------------------------


def steward(org: Organisation, random: Random, account: str) -> Human:
    """Return somebody: mostly a steward of an account's entity or of one above."""
    document: AccountDocument = org.house.get("account", account).value
    line = list(org.house.lineage(document.account.entity_id))
    ids = {id_ for one in line for id_ in (one.head_id, *one.it_delegate_ids)}
    fitting = [one for one in HUMANS if one.name in ids]
    return random.choice(fitting if fitting and random.random() < 0.9 else HUMANS)


def _some_account(org: Organisation, random: Random) -> str:
    return random.choice([key[1] for key in sorted(org.house.items) if key[0] == "account"])


def revocation(org: Organisation, random: Random) -> None:
    """Ask that an access be removed."""
    account = _some_account(org, random)
    document: AccountDocument = org.house.get("account", account).value
    person = random.choice([*_IDS, *(one.person_id for one in document.grants)])
    override = random.choice((None, None, _WHY))

    def work(caller: Caller) -> None:
        store = org.revocations
        request(store, caller, org.at, account, person, _WHY, override=override)

    told = f"revocation of {person} on {account}, override {override}"
    org.serve(told, steward(org, random, account), work)


def _some_revocation(org: Organisation, random: Random) -> Revocation | None:
    known = [kept.value for key, kept in sorted(org.house.items.items()) if key[0] == "revocation"]
    return random.choice(known) if known else None


def confirmation(org: Organisation, random: Random) -> None:
    """Say that an access was removed."""
    known = _some_revocation(org, random)
    if known is None:
        return
    day = org.at.date() - timedelta(random.choice((0, 1, 400)))
    by = random.choice(_IDS)

    def work(caller: Caller) -> None:
        store, at = org.revocations, org.at
        confirm(store, caller, at, known.id, removed_by=by, removed_on=day, note="seen")

    told = f"confirmation of {known.person} on {known.account} by {by} on {day}"
    org.serve(told, steward(org, random, known.account), work)


def cancellation(org: Organisation, random: Random) -> None:
    """Take a revocation back."""
    known = _some_revocation(org, random)
    if known is None:
        return
    human = steward(org, random, known.account)

    def work(caller: Caller) -> None:
        cancel(org.revocations, caller, org.at, known.id, _WHY)

    told = f"cancellation of {known.person} on {known.account}, asked by {known.requested_by}"
    others = [one for one in HUMANS if one.name in set(known.objectors) - {human.name}]
    own = human.name == known.requested_by
    org.serve(told, human, work, own=own, partner=others[0] if others else None)


def offboarding(org: Organisation, random: Random) -> None:
    """Take all access of somebody away."""
    person = random.choice(_IDS)
    human = steward(org, random, _some_account(org, random))

    def work(caller: Caller) -> None:
        store, limit, accounts = org.revocations, org.limit, org.held(person)
        offboard(store, limit, accounts, caller, org.at, person, _WHY, dry_run=False)

    org.serve(f"offboarding of {person}", human, work)


def lifting(org: Organisation, random: Random) -> None:
    """Lift somebody's brake."""
    person = random.choice(_IDS)

    def work(caller: Caller) -> None:
        lift_brake(org.limit, org, caller, org.at, person)

    org.serve(f"brake-lift of {person}", anybody(random), work)


# -- the vault, runs and reports ----------------------------------------------------------------


def _secret(what: Callable[[Credentials, SecretRequest], object], name: str) -> Request:
    def ask(org: Organisation, random: Random) -> None:
        account = _some_account(org, random)
        number = str(random.random())

        def work(caller: Caller) -> None:
            asked = SecretRequest(
                id=number, at=org.at, account=account, person=caller.person, via=caller.via
            )
            what(org.credentials, asked)

        org.serve(f"{name} of {account}", steward(org, random, account), work)

    return ask


def _put(vault: Credentials, ask: SecretRequest) -> object:
    secret = Secret("user", f"plum-Anvil-{ask.id}")
    try:
        return vault.rotate(ask, secret)
    except UsageError:
        return vault.store(ask, secret)


def audit(org: Organisation, random: Random) -> None:
    """Ask for an audit."""
    entity = random.choice((None, "top", "leaf"))

    def work(caller: Caller) -> None:
        RunControl(org.archive, caller).audit(entity, org.at)

    org.serve(f"audit of {entity}", anybody(random, "compliance"), work)


def signature(org: Organisation, random: Random) -> None:
    """Sign a report, after a download."""
    name = next(iter(org.archive.files)).replace("/", "_")

    def work(caller: Caller) -> None:
        sign_off = SignOff(org.archive, caller)
        sign_off.download(name, org.at)
        sign_off.sign(name, org.at, sign_off.report(name).digest, "officer")

    org.serve("signature", anybody(random, "compliance"), work)


# -- what is no request -------------------------------------------------------------------------


def clock(org: Organisation, random: Random) -> None:
    """Let time go by, and what was asked be handed to people."""
    for one in list(org.house.under("revocation")):
        carry_out(org.revocations, one.id, org.at)
    org.at += random.choice((timedelta(hours=1), timedelta(1), timedelta(19)))
    org.told.append(f"it is {org.at}")


def signing_in(org: Organisation, random: Random) -> None:
    """Sign in, and ask nothing."""
    org.serve("sign in", anybody(random), lambda _: None)


def bringing_in(org: Organisation, random: Random) -> None:
    """Import the files once more, as they were or with another day of every grant."""
    org.bring_in(random.choice((None, _TODAY - timedelta(3))))


REQUESTS: dict[str, Request] = {
    "PUT /v1/entities/{id}": _edit("entities"),
    "PUT /v1/people/{id}": _edit("people"),
    "PUT /v1/accounts/{id}": _edit("accounts"),
    "PUT /v1/accounts/{id}/grants/{person}": _edit("grants"),
    "POST /v1/changes/{id}/approval": approval_of_change,
    "POST /v1/changes/{id}/refusal": refusal_of_change,
    "POST /v1/findings/{href}/waiver": proposal,
    "POST /v1/findings/{href}/waiver/approval": approval_of_waiver,
    "POST /v1/findings/{href}/waiver/withdrawal": withdrawal,
    "POST /v1/accounts/{id}/grants/{person}/revocation": revocation,
    "POST /v1/revocations/{id}/confirmation": confirmation,
    "POST /v1/revocations/{id}/cancellation": cancellation,
    "POST /v1/people/{id}/offboarding": offboarding,
    "POST /v1/people/{id}/brake-lift": lifting,
    "POST /v1/people/{id}/sign-in": asking_for_a_sign_in,
    "POST /v1/people/{id}/sign-in/approval": approval_of_a_sign_in,
    "POST /v1/people/{id}/sign-in/refusal": refusal_of_a_sign_in,
    "POST /v1/sign-ins": asking_for_sign_ins,
    "POST /v1/sign-ins/{id}/approval": approval_of_sign_ins,
    "POST /v1/sign-ins/{id}/refusal": refusal_of_sign_ins,
    "POST /v1/accounts/{id}/logins/{login}/reveal": _secret(
        lambda vault, ask: vault.reveal(ask, _WHY), "reveal"
    ),
    "POST /v1/accounts/{id}/logins/{login}/code": _secret(Credentials.code, "code"),
    "PUT /v1/accounts/{id}/logins/{login}/secret": _secret(_put, "secret"),
    "DELETE /v1/accounts/{id}/logins/{login}/secret": _secret(Credentials.destroy, "destruction"),
    "POST /v1/runs": audit,
    "POST /v1/reports/{id}/signature": signature,
    "clock": clock,
    "sign in": signing_in,
    "import": bringing_in,
    "reading": reading,
}
WEIGHTS = dict.fromkeys(REQUESTS, 2) | {
    "PUT /v1/entities/{id}": 9,
    "PUT /v1/people/{id}": 10,
    "PUT /v1/accounts/{id}": 2,
    "PUT /v1/accounts/{id}/grants/{person}": 7,
    "POST /v1/changes/{id}/approval": 16,
    "POST /v1/findings/{href}/waiver": 6,
    "POST /v1/findings/{href}/waiver/approval": 6,
    "POST /v1/findings/{href}/waiver/withdrawal": 4,
    "POST /v1/accounts/{id}/grants/{person}/revocation": 6,
    "POST /v1/accounts/{id}/logins/{login}/code": 1,
    "DELETE /v1/accounts/{id}/logins/{login}/secret": 1,
    "POST /v1/runs": 1,
    "POST /v1/reports/{id}/signature": 1,
    "clock": 4,
    "reading": 4,
}
"""How often each is asked: what gives power, and what could, more often than others."""
_AROUND = frozenset({"clock", "sign in"})
EDITS = _AROUND | {name for name in REQUESTS if "PUT" in name or "/changes/" in name}
REVOCATIONS = _AROUND | {name for name in REQUESTS if "/revocation" in name}
SIGN_INS = _AROUND | {name for name in REQUESTS if "/sign-in" in name and "-ins" not in name}
LISTS = _AROUND | {name for name in REQUESTS if "/sign-ins" in name}
PEOPLE = frozenset({"PUT /v1/people/{id}", "POST /v1/changes/{id}/approval"})
WAIVERS = _AROUND | {"reading"} | {name for name in REQUESTS if "/waiver" in name}
"""What is asked of one room, and what goes on around it."""
