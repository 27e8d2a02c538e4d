"""``rolecall collect``: a workbook for each head, with what is known of their accounts."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rolecall.cli.arguments import LanguageOption
from rolecall.cli.clock import now
from rolecall.cli.output import say, show_problems
from rolecall.cli.row_choice import chosen_entity
from rolecall.cli.validation import RegistryArgument
from rolecall.errors import AuditError, NotFoundError, UsageError
from rolecall.model import Entity, Snapshot
from rolecall.printable import printable
from rolecall.quantity import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rolecall.adopt.collecting import CollectionBook

__all__ = ["collect"]


def collect(
    registry: RegistryArgument,
    output: Annotated[
        Path, typer.Option(help="The directory for the workbooks; nothing in it is overwritten.")
    ],
    entity: Annotated[
        str | None, typer.Option(help="Ask this entity, by id or name, and all below it.")
    ] = None,
    language: LanguageOption = None,
) -> None:
    """Write a workbook for each head, to be filled in and given back to rolecall adopt.

    It holds what is known of the accounts of their units, with the empty cells marked, and asks
    of everybody who has access whether it is still needed; in the language of the head, where
    people.language says which.
    """
    from rolecall.adopt.collecting import collection_books
    from rolecall.adopt.collecting_workbook import collection_workbook
    from rolecall.registry.reading import read_registry

    loaded = read_registry(registry, now().date())
    show_problems("warning", loaded.warnings, loaded.warning_count, loaded.language)
    snapshot = loaded.snapshot
    books = collection_books(
        snapshot, _scope(entity, snapshot.entities), language or loaded.language
    )
    if not books:
        raise UsageError(f"{registry}: there is no account to ask about")
    files = {output / book.file: collection_workbook(book) for book in books}
    _write(output, files)
    _tell(output, books)
    asked = {id_ for book in books for id_, _ in book.units}
    _say_who_cannot_answer([one for one in snapshot.entities if one.id in asked], snapshot)
    typer.echo(
        f"\nwhen they come back: rolecall adopt FILE --into {shlex.quote(str(registry))} --dry-run"
    )


def _tell(output: Path, books: Sequence[CollectionBook]) -> None:
    """Say which workbook is for whom."""
    for book in books:
        accounts = len({row.keys[0] for row in book.rows})
        whom = book.head or f"{book.units[0][1]}, which has no head on record"
        typer.echo(
            printable(f"wrote {output / book.file}: {counted(accounts, 'account')}, for {whom}")
        )


def _scope(text: str | None, entities: tuple[Entity, ...]) -> frozenset[str] | None:
    """Return an entity and all below it."""
    from rolecall.lineage import children_of, descendants

    chosen = chosen_entity(text, entities)
    if chosen is None:
        return None
    if all(one.id != chosen for one in entities):
        raise NotFoundError(f"no entity {chosen} in the registry")
    levels = descendants([chosen], children_of(entities))
    return frozenset(id_ for level in levels for id_ in level)


def _write(output: Path, files: dict[Path, bytes]) -> None:
    from rolecall.durable import create, make_directory

    if output.exists() and not output.is_dir():
        raise UsageError(f"{output}: is not a directory")
    if there := [path for path in files if path.exists()]:
        raise UsageError(
            f"{there[0]}: exists already, and somebody may have filled it in; nothing was written"
        )
    try:
        make_directory(output)
        for path, data in files.items():
            if not create(path, data):
                raise UsageError(f"{path}: exists already; it was left as it is")
    except OSError as error:
        raise AuditError(f"{output}: cannot write: {error.strerror}") from error


def _say_who_cannot_answer(units: list[Entity], snapshot: Snapshot) -> None:
    """Say whose heads cannot answer: a workbook that nobody gets is no answer."""
    today = now().date()
    people = {person.id: person for person in snapshot.people}
    for unit in units:
        head = people.get(unit.head_id or "")
        if unit.head_id and people and (head is None or not head.is_active(today)):
            who = "nobody of the registry" if head is None else f"{head.name}, who serves no longer"
            say(f"warning: {unit.name}: its head is {who}; say who answers for it (head_id)")
