"""Who holds what, as reports take it from a registry: no log has it.

The audit of a batch needs this and nothing else of reports, so it stands by itself. Everybody is
in it who has a live role, whatever they may do with it, and whom the platform itself showed when
somebody last looked: of the two lists a reader sees where they differ.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from rolecall.controls.context import Context
from rolecall.controls.seen_roles import ROLE_RANKS
from rolecall.keys.accounts import match_key
from rolecall.keys.addresses import mailbox_key
from rolecall.model import Account, Entity, Observation, Person, Waiver
from rolecall.reports.facts import MOST_HELD, HeldAccount, Holders, RoleHolder, ShownPerson
from rolecall.run import WaiverOutcome

__all__ = ["held_of", "holders_of", "is_held", "named_holders", "spoken_of"]

_MOST_TOPS = 3


def holders_of(context: Context, entities: Collection[str] | None = None) -> Holders:
    """Return what reports take from a registry.

    :param entities: ids of those that are meant; ``None`` for all.
    """
    held = sorted(held_of(context, entities), key=lambda one: (one.entity, one.id))
    named = named_holders(
        context.policy.waivers, context.entities, context.people.get, context.accounts.get
    )
    return replace(
        named,
        entities={
            id_: name for id_, name in named.entities.items() if entities is None or id_ in entities
        },
        accounts=held[:MOST_HELD],
        more=len(held) - len(held[:MOST_HELD]),
    )


def named_holders(
    waivers: Iterable[Waiver],
    entities: Mapping[str, Entity],
    person: Callable[[str], Person | None],
    account: Callable[[str], Account | None],
) -> Holders:
    """Return the names alone: of the organisation, of entities, of what waivers speak of.

    :param person: finds somebody by id, and ``account`` an account.
    """
    names: dict[str, str] = {}
    for waiver in waivers:
        subject = waiver.subject
        for id_ in (*waiver.approved_by, subject.person):
            if id_ and (one := person(id_)) is not None:
                names[id_] = one.name
        if subject.entity in entities:
            names[subject.entity] = entities[subject.entity].name
        if subject.account and (place := account(subject.account)) is not None:
            names[subject.account] = _label(place)
    return Holders(
        entities={id_: one.name for id_, one in sorted(entities.items())},
        organisation=_organisation(entities.values()),
        names=dict(sorted(names.items())),
    )


def spoken_of(names: Mapping[str, str], waivers: Iterable[WaiverOutcome]) -> Mapping[str, str]:
    """Return of names those that waivers speak of: the others are nobody's business there."""
    ids = {id_ for one in waivers for id_ in (*one.approved_by, *one.subject.values())}
    return {id_: name for id_, name in names.items() if id_ in ids}


def _organisation(entities: Iterable[Entity]) -> str:
    """Return whose registry it is, as it says itself: what stands on top of its tree.

    Several are named one after the other; of very many nobody could say whose it is.
    """
    tops = sorted({one.name for one in entities if one.parent_id is None})
    return ", ".join(tops) if len(tops) <= _MOST_TOPS else ""


def held_of(context: Context, entities: Collection[str] | None = None) -> Iterator[HeldAccount]:
    """Yield the accounts that are not closed, with everybody who has a role on them.

    :param entities: ids of those whose accounts are meant; ``None`` for all.
    """
    shown = _shown(context)
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
            _label(account),
            account.status,
            tuple(RoleHolder(id_, _name(context, id_), role) for _, id_, role in holders),
            _address(account.url),
            tuple(_people_on(rows, [id_ for _, id_, _ in holders], context)),
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
    rows: Sequence[Observation], holders: Sequence[str], context: Context
) -> Iterator[ShownPerson]:
    """Yield whom a platform shows; nobody stands behind an address but who holds a role there."""
    known = {context.mailboxes[id_]: _name(context, id_) for id_ in holders}
    people = set()
    for row in rows:
        mailbox = mailbox_key(row.person_email) if row.person_email else None
        name = None if mailbox is None else known.get(mailbox)
        told = " ".join(filter(None, (row.person_handle, row.person_email)))
        people.add((name or told, row.role or "", name is not None))
    for name, role, is_holder in sorted(people):
        yield ShownPerson(name, role, is_holder)


def _label(account: Account) -> str:
    return f"{account.platform} {account.handle}"


def _address(url: str | None) -> str:
    """Return an address that may be followed; of anything else, nothing."""
    return url if url and url.lower().startswith(("https://", "http://")) else ""


def _name(context: Context, person: str) -> str:
    known = context.people.get(person)
    return known.name if known else person
