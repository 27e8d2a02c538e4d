"""``rolecall adopt``: from the spreadsheets that people have to a registry that can be audited."""

from __future__ import annotations

import secrets
import shlex
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rolecall.bounded_reading import content_of
from rolecall.cli.adoption_text import PlanFormat, show_adoption, show_sheets
from rolecall.cli.clock import now
from rolecall.cli.output import confirmed
from rolecall.cli.questions import answered
from rolecall.cli.returned import came_back
from rolecall.errors import AuditError, UsageError
from rolecall.garbage import uncollected

if TYPE_CHECKING:
    from rolecall.adopt.adoption import Adoption, RegistryThere
    from rolecall.adopt.sheets import Sheet
    from rolecall.registry.words_for_nothing import WordsForNothing

__all__ = ["FilesArgument", "IntoOption", "MappingOption", "adopt"]

_MOST_BYTES = 1 << 28
_SHOWN = 20


FilesArgument = Annotated[
    list[Path],
    typer.Argument(
        help="Spreadsheets and exports: .xlsx, .xls, .ods, .csv, .json.", metavar="FILE..."
    ),
]
IntoOption = Annotated[
    Path, typer.Option("--into", help="The registry: a new directory, or one to bring up to date.")
]
MappingOption = Annotated[
    Path | None, typer.Option(help="What was told before; by default mapping.toml in the registry.")
]
_YesOption = Annotated[
    bool, typer.Option("--yes", help="Ask nothing: take the safest answer to each question.")
]
_DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Show what would be written, and write nothing.")
]
_FormatOption = Annotated[PlanFormat, typer.Option("--format", help="How to write what follows.")]


def adopt(
    files: FilesArgument,
    into: IntoOption,
    mapping: MappingOption = None,
    yes: _YesOption = False,
    dry_run: _DryRunOption = False,
    format_: _FormatOption = PlanFormat.text,
) -> None:
    """Make a registry from the spreadsheets that there are, or bring it up to date.

    What cannot be decided is asked, one question at a time. What was assumed is written on a page
    beside the registry, ADOPTED.md, and what was told is kept in mapping.toml: nothing is asked
    twice. A workbook of rolecall collect that comes back is known as one: what was filled in
    changes the registry, and nothing else. What was written into the workbook of a report is
    shown, and changes nothing.
    """
    given, nothing = [(path.name, _content(path)) for path in files], _nothing(into)
    as_json = format_ is PlanFormat.json
    there_is = partial(_there, into, mapping)
    if came_back(given, nothing, into, there_is, yes=yes, dry_run=dry_run, as_json=as_json):
        return
    sheets, empties = _sheets(given, nothing)
    asks = not yes and not dry_run and format_ is PlanFormat.text and sys.stdin.isatty()
    before = _standing(into)
    there = _there(into, mapping)
    with uncollected():
        made = _made(sheets, there, empties, asks=asks)
    _refuse_without_accounts(sheets, there, made)
    show_adoption(sheets, made, format_, written=not dry_run, asked=asks)
    if dry_run:
        return
    if not yes and not _agreed(asks):
        typer.echo("nothing was written")
        raise typer.Exit(2)
    _end(into, _write(into, sheets, made, before), format_)


def _end(into: Path, changed: Sequence[str], format_: PlanFormat) -> None:
    if format_ is PlanFormat.text:
        typer.echo(f"wrote {into}: {', '.join(changed)}" if changed else f"{into}: nothing changed")
        typer.echo(f"\nnext: rolecall audit {shlex.quote(str(into))}")


def _sheets(
    given: Sequence[tuple[str, bytes]], nothing: WordsForNothing
) -> tuple[Sequence[Sheet], Mapping[str, int]]:
    from rolecall.adopt.reading.files import read_sheets

    return read_sheets(given, nothing)


def _refuse_without_accounts(sheets: Sequence[Sheet], there: RegistryThere, made: Adoption) -> None:
    """Refuse sheets that name no account where no account is known yet: there is nothing to audit.

    :raises UsageError: it is so; the message says what each sheet was taken for.
    """
    if "accounts" in made.tables or "accounts" in there.tables:
        return
    told = "; ".join(dict.fromkeys(made.proposal.warnings[:_SHOWN])) or "; ".join(
        sheet.place() for sheet in sheets
    )
    raise UsageError(
        f"no account is named in these sheets ({told}); a registry begins with a list of accounts: "
        "their addresses, or their platforms and names"
    )


def _agreed(asks: bool) -> bool:
    if not asks:
        raise UsageError("this needs answers; --yes takes the safest where nobody is there to ask")
    return confirmed("Write it?")


def _nothing(into: Path) -> WordsForNothing:
    from rolecall.registry.policy_toml import find_policy, read_policy
    from rolecall.registry.words_for_nothing import WordsForNothing

    rules = read_policy(find_policy(into))
    return WordsForNothing(rules.words_for_nothing, rules.words_for_something)


def _content(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise UsageError(
                f"{path}: is not a file" if path.exists() else f"{path}: does not exist"
            )
        data = content_of(path, _MOST_BYTES)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    if len(data) > _MOST_BYTES:
        raise UsageError(f"{path}: is larger than {_MOST_BYTES >> 20:,} MiB")
    return data


def _standing(into: Path) -> dict[str, bytes | None]:
    """Return what the files hold from which the registry that is to be is made."""
    from rolecall.adopt.adopted import ADOPTED_FILE
    from rolecall.adopt.memory import MEMORY_FILE
    from rolecall.model import TABLES
    from rolecall.staged_files import finish, standing

    try:
        finish(into)
        return standing(into, (*(f"{name}.csv" for name in TABLES), MEMORY_FILE, ADOPTED_FILE))
    except OSError as error:
        raise AuditError(f"{into}: cannot be read: {error.strerror}") from error


def _there(into: Path, mapping: Path | None) -> RegistryThere:
    """Return the registry as it is."""
    from rolecall.adopt.adopted import ADOPTED_FILE, Adopted, adopted_of
    from rolecall.adopt.adoption import RegistryThere
    from rolecall.adopt.memory import MEMORY_FILE, Memory, memory_of
    from rolecall.adopt.registry_tables import table_of
    from rolecall.model import TABLES, Snapshot
    from rolecall.registry.reading import read_registry
    from rolecall.staged_files import finish

    if into.suffix.casefold() in (".xlsx", ".json", ".csv") or into.is_file():
        raise UsageError(f"{into}: name a directory; rolecall convert makes one of a file")
    if into.is_dir():
        try:
            finish(into)
        except OSError as error:
            raise AuditError(f"{into}: cannot write: {error.strerror}") from error
    found = {name: path for name in TABLES if (path := into / f"{name}.csv").is_file()}
    kept, last = mapping or into / MEMORY_FILE, into / ADOPTED_FILE
    if mapping is not None and not mapping.is_file():
        raise UsageError(f"{mapping}: does not exist")
    return RegistryThere(
        snapshot=read_registry(into, now().date()).snapshot if found else Snapshot(),
        tables={name: table_of(name, path.name, _content(path)) for name, path in found.items()},
        memory=memory_of(kept.name, _content(kept)) if kept.is_file() else Memory(),
        adopted=adopted_of(last.name, _content(last)) if last.is_file() else Adopted(),
    )


def _made(
    sheets: Sequence[Sheet], there: RegistryThere, empties: Mapping[str, int], *, asks: bool
) -> Adoption:
    """Return what the sheets make, after every question was asked that there is to ask."""
    from msgspec.structs import replace

    from rolecall.adopt.adoption import adopt_sheets

    made = answered(
        lambda answers: adopt_sheets(sheets, there, answers, now().date(), secrets.token_bytes),
        there.memory.answers,
        asks=asks,
        # Whoever is asked sees first what was understood.
        first=lambda made: show_sheets(sheets, made),
    )
    return replace(made, proposal=replace(made.proposal, empties=empties))


def _write(
    into: Path, sheets: Sequence[Sheet], made: Adoption, before: Mapping[str, bytes | None]
) -> list[str]:
    """Write what changes, and return the names of the files."""
    from rolecall.adopt.adopted import ADOPTED_FILE, adopted_as_json
    from rolecall.adopt.memory import MEMORY_FILE, memory_as_toml
    from rolecall.adopt.page import PAGE_FILE, adopted_page
    from rolecall.adopt.registry_tables import table_as_csv
    from rolecall.staged_files import write_together

    wanted = {
        f"{name}.csv": table_as_csv(merged.table)
        for name, merged in made.tables.items()
        if merged.added or merged.changed
    }
    wanted[PAGE_FILE] = adopted_page(sheets, made)
    wanted[MEMORY_FILE] = memory_as_toml(made.memory)
    wanted[ADOPTED_FILE] = adopted_as_json(made.adopted)
    try:
        changed = {
            name: data
            for name, data in wanted.items()
            if not (path := into / name).is_file() or path.read_bytes() != data
        }
        if changed:
            write_together(into, changed, before)
    except OSError as error:
        raise AuditError(f"{into}: cannot write: {error.strerror}") from error
    return list(changed)
