"""The names that reports take from a registry that was planned, from the database of its plan."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

import msgspec

from rolecall.model import Account, Person, Waiver
from rolecall.registry.documents import AccountDocument, PersonDocument
from rolecall.reports.facts import Holders
from rolecall.usecases.runs.batch import entity_of
from rolecall.usecases.runs.batch_writer import PlannedUnit
from rolecall.usecases.runs.role_holders import named_holders

__all__ = ["planned_names"]

_person = msgspec.json.Decoder(PersonDocument).decode
_account = msgspec.json.Decoder(AccountDocument).decode


def planned_names(
    waivers: Iterable[Waiver], units: Mapping[str, PlannedUnit], database: sqlite3.Connection
) -> Holders:
    """Return the names alone, as they are offline (:func:`..role_holders.named_holders`)."""

    def found(query: str, id_: str) -> bytes | None:
        row = database.execute(query, (id_,)).fetchone()
        return None if row is None else bytes(row[0])

    def person(id_: str) -> Person | None:
        data = found("SELECT doc FROM person WHERE id = ?", id_)
        return None if data is None else _person(data)

    def account(id_: str) -> Account | None:
        data = found("SELECT doc FROM account WHERE id = ?", id_)
        return None if data is None else _account(data).account

    entities = {id_: entity_of(unit.data) for id_, unit in units.items()}
    return named_holders(waivers, entities, person, account)
