"""Who holds what, as reports take it from a registry: no log has it.

The audit of a batch needs this and nothing else of reports, so it stands by itself. Everybody is
in it who has a live role, whatever they may do with it, and whom the platform itself showed when
somebody last looked: of the two lists a reader sees where they differ.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from rolecall.controls.context import Context
from rolecall.controls.seen_roles import ROLE_RANKS
from rolecall.keys.accounts import match_key
from rolecall.keys.addresses import mailbox_key
from rolecall.model import Account, Observation, Waiver
from rolecall.named_keys import ID_KEYS, NamedTable
from rolecall.naming import Called, RegistryNames, names_in
from rolecall.reports.facts import MOST_HELD, HeldAccount, Holders, RoleHolder, ShownPerson
from rolecall.reports.unit_names import unit_names
from rolecall.run import WaiverOutcome

__all__ = ["held_of", "holders_of", "is_held", "organisation_of", "spoken_of"]

_MOST_TOPS = 3


def holders_of(context: Context, entities: Collection[str] | None = None) -> Holders:
    """Return what reports take from a registry.

    :param entities: ids of those that are meant; ``None`` for all.
    """
    held = sorted(held_of(context, entities), key=lambda one: (one.entity, one.id))
    called = names_in(context)
    units = {id_: called.find("entities", id_) or id_ for id_ in sorted(context.entities)}
    tops = [units[one.id] for one in context.entities.values() if one.parent_id is None]
    return Holders(
        organisation=organisation_of(tops),
        entities={id_: name for id_, name in units.items() if entities is None or id_ in entities},
        names=_in_waivers(context.policy.waivers, called),
        accounts=held[:MOST_HELD],
        more=len(held) - len(held[:MOST_HELD]),
        heads=unit_names(context, entities).heads,
    )


def organisation_of(tops: Iterable[str]) -> str:
    """Return whose registry it is, as it says itself: what stands on top of its tree.

    Several are named one after the other; of very many nobody could say whose it is.
    """
    names = sorted(set(tops))
    return ", ".join(names) if len(names) <= _MOST_TOPS else ""


def _in_waivers(waivers: Iterable[Waiver], called: RegistryNames) -> Called:
    """Return what those are called of whom waivers speak."""
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for table, id_ in sorted({one for waiver in waivers for one in _spoken(waiver)}):
        if (name := called.find(table, id_)) is not None:
            found[table][id_] = name
    return dict(found)


def _spoken(waiver: Waiver | WaiverOutcome) -> Iterator[tuple[NamedTable, str]]:
    """Yield whom and what a waiver speaks of, by table and id."""
    yield from (("people", one) for one in waiver.approved_by)
    for key, id_ in waiver.subject.keys().items():
        if (table := ID_KEYS.get(key)) is not None:
            yield table, id_


def spoken_of(names: Called, waivers: Iterable[WaiverOutcome]) -> Called:
    """Return of names those that waivers speak of: the others are nobody's business there."""
    spoken = {one for waiver in waivers for one in _spoken(waiver)}
    found = {
        table: {id_: name for id_, name in known.items() if (table, id_) in spoken}
        for table, known in names.items()
    }
    return {table: known for table, known in found.items() if known}


def held_of(context: Context, entities: Collection[str] | None = None) -> Iterator[HeldAccount]:
    """Yield the accounts that are not closed, with everybody who has a role on them.

    :param entities: ids of those whose accounts are meant; ``None`` for all.
    """
    shown, called = _shown(context), names_in(context)
    for account in context.accounts.values():
        if not is_held(account, entities):
            continue
        holders = sorted(
            (-ROLE_RANKS[grant.role], grant.person_id, grant.role)
            for grant in context.grants.get(account.id, ())
            if grant.is_live
        )
        rows = shown.get(account.id, ())
        yield HeldAccount(
            account.entity_id,
            account.id,
            called.find("accounts", account.id) or account.id,
            account.status,
            tuple(RoleHolder(id_, _name(called, id_), role) for _, id_, role in holders),
            _address(account.url),
            tuple(_people_on(rows, [id_ for _, id_, _ in holders], context, called)),
            max((row.observed_on for row in rows), default=None),
        )


def is_held(account: Account, entities: Collection[str] | None = None) -> bool:
    """Tell whether reports show who holds an account: it is not closed, and in their scope."""
    return account.status != "closed" and (entities is None or account.entity_id in entities)


def _shown(context: Context) -> Mapping[str, Sequence[Observation]]:
    """Return what platforms showed on the last day of each account that is not closed, by its id.

    What was seen of an account under any of its names is seen of it.
    """
    keys: dict[tuple[str, str], tuple[str, str]] = {}
    found: defaultdict[str, list[Observation]] = defaultdict(list)
    for row in context.snapshot.observations:
        named = row.platform, row.handle
        if named not in keys:
            keys[named] = match_key(*named)
        key = keys[named]
        if context.last_seen.get(key) == row.observed_on:
            for account in context.open_by_key.get(key, ()):
                found[account.id].append(row)
    return found


def _people_on(
    rows: Sequence[Observation], holders: Sequence[str], context: Context, called: RegistryNames
) -> Iterator[ShownPerson]:
    """Yield whom a platform shows; nobody stands behind an address but who holds a role there."""
    known = {context.mailboxes[id_]: _name(called, id_) for id_ in holders}
    people = set()
    for row in rows:
        mailbox = mailbox_key(row.person_email) if row.person_email else None
        name = None if mailbox is None else known.get(mailbox)
        told = " ".join(filter(None, (row.person_handle, row.person_email)))
        people.add((name or told, row.role or "", name is not None))
    for name, role, is_holder in sorted(people):
        yield ShownPerson(name, role, is_holder)


def _address(url: str | None) -> str:
    """Return an address that may be followed; of anything else, nothing."""
    return url if url and url.lower().startswith(("https://", "http://")) else ""


def _name(called: RegistryNames, person: str) -> str:
    return called.find("people", person) or person
