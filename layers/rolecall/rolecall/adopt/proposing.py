"""Makes a proposal: what sheets mean, what they mention, who is who, and the tables that follow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from rolecall.adopt.account_rows import SheetMentions, mentions_of
from rolecall.adopt.column_meanings import meaning_of
from rolecall.adopt.columns import FIELDS, SheetMeaning, column_kept
from rolecall.adopt.default_units import unit_question
from rolecall.adopt.entities import Entities, entities_of
from rolecall.adopt.memory import Memory
from rolecall.adopt.mentions import EntityMention
from rolecall.adopt.people_found import Party, People
from rolecall.adopt.persons import who_is_who
from rolecall.adopt.proposal import Proposal, TakenColumn
from rolecall.adopt.proposed_accounts import (
    AccountMentions,
    SheetAccount,
    account_ids,
    proposed_accounts,
)
from rolecall.adopt.proposed_tables import Parts, proposed_tables
from rolecall.adopt.questions import Answers, Question, answer_to
from rolecall.adopt.roster import StaffRoster, roster_of
from rolecall.adopt.sheets import Sheet
from rolecall.keys.accounts import match_key
from rolecall.model import Snapshot

__all__ = ["propose"]


class _Said(Struct, frozen=True):
    """What one sheet says; of a unit that it does not name, who it is was asked."""

    sheet: Sheet
    meaning: SheetMeaning
    rows: SheetMentions
    roster: StaffRoster
    unit: str = ""
    asked: Question | None = None


class _Found(Struct, frozen=True):
    """What all sheets say together."""

    said: Sequence[_Said]
    units: Entities
    accounts: AccountMentions
    ids: Mapping[tuple[str, str], str]
    people: People


def propose(
    sheets: Sequence[Sheet],
    memory: Memory,
    known: Snapshot,
    answers: Answers,
    today: date,
    random_bytes: Callable[[int], bytes],
) -> tuple[Proposal, Memory]:
    """Return the registry that sheets propose, and what is to be remembered.

    :param known: the registry that is there, empty where there is none.
    """
    said = [_said(sheet, memory, answers, today) for sheet in sheets]
    said = list(_with_units(said, known, answers))
    units = entities_of(_units(said), _known_units(memory, known), answers)
    names = {unit.id: unit.name for unit in units.units}
    accounts = proposed_accounts(_accounts(said, units), names, answers)
    entries = [entry for one in said for entry in one.roster.entries]
    parties = list(_parties(said, units, names))
    people = who_is_who(parties, entries, known.people, memory.people, answers, random_bytes)
    ids = account_ids([one.key for one in accounts.accounts], _known_accounts(memory, known))
    found = _Found(said, units, accounts, ids, people)
    return _proposal(found, answers), _remembered(found, memory)


def _proposal(found: _Found, answers: Answers) -> Proposal:
    sheets = [one.sheet for one in found.said]
    parts = Parts(
        [one.meaning for one in found.said],
        [sheet.place() for sheet in sheets],
        _unit_ids(found.said, found.units),
        found.units,
        found.accounts.accounts,
        found.ids,
        found.people,
        {unit.id: unit.name for unit in found.units.units},
        frozenset(name for one in found.said for name in one.roster.fields),
        any(unit.parent_id for unit in found.units.units),
    )
    return Proposal(
        tables=proposed_tables(parts),
        assumptions=tuple(dict.fromkeys(_assumptions(found))),
        warnings=tuple(dict.fromkeys((*_warnings(found.said), *found.people.warnings))),
        questions=tuple(one for one in _questions(found) if one.id not in answers),
        columns=tuple(_columns(found.said)),
    )


def _remembered(found: _Found, memory: Memory) -> Memory:
    """Return what memory keeps from now on; the answers are added by who has them all."""
    return replace(
        memory,
        headings={**memory.headings, **_headings([one.meaning for one in found.said])},
        people={**memory.people, **found.people.known},
        entities={**memory.entities, **found.units.kept},
        accounts={**memory.accounts, **{id_: key for key, id_ in found.ids.items()}},
    )


def _known_accounts(memory: Memory, known: Snapshot) -> dict[tuple[str, str], str]:
    """Return the ids of accounts by their keys."""
    before = {key: id_ for id_, key in memory.accounts.items()}
    return before | {match_key(one.platform, one.handle): one.id for one in known.accounts}


def _said(sheet: Sheet, memory: Memory, answers: Answers, today: date) -> _Said:
    meaning = meaning_of(sheet, memory.headings, answers)
    is_roster = meaning.kind == "roster"
    return _Said(
        sheet,
        meaning,
        SheetMentions() if is_roster else mentions_of(sheet, meaning, answers),
        roster_of(sheet, meaning, answers, today) if is_roster else StaffRoster(()),
    )


def _with_units(said: Sequence[_Said], known: Snapshot, answers: Answers) -> Iterator[_Said]:
    """Yield what sheets say with the unit that each of them is about, where its rows name none."""
    named = {mention.name: None for one in said for mention in one.rows.entities}
    units = list(dict.fromkeys((*(one.name for one in known.entities), *named)))
    departments = {entry.entity: None for one in said for entry in one.roster.entries}
    for one in said:
        if all(mention.entity for mention in one.rows.accounts):
            yield one
            continue
        question = unit_question(one.sheet, units, [name for name in departments if name])
        yield replace(one, unit=answer_to(question, answers), asked=question)


def _units(said: Sequence[_Said]) -> Iterator[EntityMention]:
    for one in said:
        yield from one.rows.entities
        if one.unit:
            yield EntityMention(one.unit, one.sheet.place())


def _known_units(memory: Memory, known: Snapshot) -> Mapping[str, Sequence[str]]:
    """Return by what each unit is known: by what memory keeps, and by its name."""
    found = {id_: tuple(names) for id_, names in memory.entities.items()}
    for entity in known.entities:
        found[entity.id] = tuple(dict.fromkeys((*found.get(entity.id, ()), entity.name)))
    return found


def _accounts(said: Sequence[_Said], units: Entities) -> Iterator[SheetAccount]:
    for index, one in enumerate(said):
        for mention in one.rows.accounts:
            is_named = bool(mention.entity)
            name, above = (mention.entity, mention.above) if is_named else (one.unit, ())
            yield SheetAccount(mention, index, units.id_of(name, above), is_named=is_named)


def _parties(said: Sequence[_Said], units: Entities, names: Mapping[str, str]) -> Iterator[Party]:
    for account in _accounts(said, units):
        yield Party(names.get(account.entity_id, ""), account.mention.people)
    for unit in units.units:
        yield Party(unit.name, unit.people)


def _unit_ids(said: Sequence[_Said], units: Entities) -> list[set[str]]:
    """Return the units that each sheet names, and those above them."""
    parents = {unit.id: unit.parent_id for unit in units.units}
    found = []
    for one in said:
        ids = {units.id_of(mention.name, mention.above) for mention in one.rows.entities}
        ids |= {units.id_of(one.unit)} if one.unit else set()
        for id_ in list(ids):
            while id_ := parents.get(id_, ""):
                ids.add(id_)
        found.append(ids - {""})
    return found


def _headings(meanings: Sequence[SheetMeaning]) -> dict[str, str]:
    return {
        column.key: column_kept(column)
        for meaning in meanings
        for column in meaning.columns
        if column.key
        and not column.is_doubtful
        and column.source in ("heading", "answer", "memory")
    }


def _questions(found: _Found) -> Iterator[Question]:
    for one in found.said:
        yield from one.meaning.questions
        yield from one.rows.questions
        yield from one.roster.questions
        if one.asked is not None:
            yield one.asked
    yield from found.units.questions
    yield from found.accounts.questions
    yield from found.people.questions


def _assumptions(found: _Found) -> Iterator[str]:
    for one in found.said:
        yield from one.meaning.assumptions
        yield from one.rows.assumptions
        yield from one.roster.assumptions
    yield from found.units.assumptions
    yield from found.accounts.assumptions
    yield from found.people.assumptions


def _columns(said: Sequence[_Said]) -> Iterator[TakenColumn]:
    for one in said:
        for column in one.meaning.columns:
            meaning = FIELDS[column.field]
            if column.platform:
                meaning += f", of {column.platform}"
            if column.role:
                meaning += f", as {column.role}"
            sample = next(iter(column.samples), "")
            yield TakenColumn(one.sheet.place(), column.heading, meaning, sample)


def _warnings(said: Sequence[_Said]) -> Iterator[str]:
    for one in said:
        yield from one.rows.skipped
        yield from one.roster.warnings
        if one.meaning.kind == "none":
            yield f"{one.sheet.place()}: was left out: it names neither accounts nor people"
