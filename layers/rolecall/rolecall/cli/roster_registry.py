"""The registry into which a roster is brought, and the file of the roster."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from rolecall.adopt.adopted import ADOPTED_FILE, Adopted, adopted_as_json, adopted_of
from rolecall.adopt.column_meanings import meaning_of
from rolecall.adopt.memory import MEMORY_FILE, Memory, memory_as_toml, memory_of
from rolecall.adopt.questions import Answers
from rolecall.adopt.reading.files import read_sheets
from rolecall.adopt.registry_tables import table_as_csv, table_of
from rolecall.adopt.roster import roster_of
from rolecall.adopt.roster_plan import RosterPlan, RosterRegistry, plan_roster
from rolecall.adopt.roster_writing import (
    document_with_people,
    is_rewritable,
    people_table,
    with_people,
)
from rolecall.bounded_reading import content_of
from rolecall.durable import replace as replace_file
from rolecall.errors import AuditError, UsageError
from rolecall.model import Policy
from rolecall.registry.policy_toml import find_policy, read_policy
from rolecall.registry.reading import read_registry
from rolecall.registry.words_for_nothing import WordsForNothing
from rolecall.registry.writing import registry_as_workbook
from rolecall.staged_files import finish, write_together

__all__ = ["RegistryWithRoster", "opened", "roster_in", "rules_of_roster"]

_MOST_BYTES = 1 << 28
_PEOPLE = "people.csv"


def rules_of_roster(registry: Path, policy: Path | None) -> Policy:
    """Return the policy that a roster is held against."""
    return read_policy(policy or find_policy(registry))


class RegistryWithRoster(Struct, frozen=True):
    """A registry, and where it lies.

    :ivar file: the name of the file of the people in a directory.
    :ivar data: the bytes of a registry that is one file.
    """

    path: Path
    registry: RosterRegistry
    nothing: WordsForNothing
    file: str = _PEOPLE
    data: bytes = b""

    def write(self, plan: RosterPlan) -> bool:
        """Write what changes, all of it or none, and tell whether anything did.

        :raises UsageError: the registry is in a form that would lose something.
        """
        try:
            files = self._files(plan)
            if self.path.is_dir():
                changed = {
                    name: data for name, data in files.items() if self._content(name) != data
                }
                if changed:
                    write_together(self.path, changed)
                return bool(changed)
            for data in files.values():
                replace_file(self.path, data)
            return bool(files)
        except OSError as error:
            raise AuditError(f"{self.path}: cannot write: {error.strerror}") from error

    def _content(self, name: str) -> bytes | None:
        path = self.path / name
        return path.read_bytes() if path.is_file() else None

    def _files(self, plan: RosterPlan) -> Mapping[str, bytes]:
        """Return the files that a plan makes, by their names."""
        merged = plan.merged
        is_new = bool(merged.added or merged.changed)
        # What is written can be read: that is seen before anything is.
        made = with_people(self.registry.snapshot, merged.table, self.nothing) if is_new else None
        if self.path.is_dir():
            return {
                **({self.file: table_as_csv(merged.table)} if made else {}),
                MEMORY_FILE: memory_as_toml(plan.memory),
                ADOPTED_FILE: adopted_as_json(plan.adopted),
            }
        if made is None:
            return {}
        if self.path.suffix.casefold() == ".json":
            return {self.path.name: document_with_people(self.data, made)}
        if not is_rewritable(self.data, self.registry.snapshot):
            raise UsageError(
                f"{self.path}: a workbook in which somebody worked is not written back: its "
                "formats, lists and other sheets would be lost; rolecall convert makes a directory "
                "of it, and --dry-run shows what would change"
            )
        return {self.path.name: registry_as_workbook(made)}


def opened(path: Path, today: date, rules: Policy) -> RegistryWithRoster:
    """Return a registry as it is.

    :raises RegistryError: it cannot be read.
    """
    nothing = WordsForNothing(rules.words_for_nothing, rules.words_for_something)
    if path.is_dir():
        try:
            finish(path)
        except OSError as error:
            raise AuditError(f"{path}: cannot write: {error.strerror}") from error
    snapshot = read_registry(path, today).snapshot
    if not path.is_dir():
        people = people_table(snapshot)
        return RegistryWithRoster(
            path, RosterRegistry(snapshot, people), nothing, data=_content(path)
        )
    file = next((one.name for one in path.iterdir() if one.name.casefold() == _PEOPLE), _PEOPLE)
    table = (
        table_of("people", file, _content(path / file))
        if (path / file).is_file()
        else people_table(snapshot)
    )
    kept, last = path / MEMORY_FILE, path / ADOPTED_FILE
    there = RosterRegistry(
        snapshot,
        table,
        memory_of(kept.name, _content(kept)) if kept.is_file() else Memory(),
        adopted_of(last.name, _content(last)) if last.is_file() else Adopted(),
    )
    return RegistryWithRoster(path, there, nothing, file)


def roster_in(
    file: Path,
    there: RegistryWithRoster,
    today: date,
    answers: Answers,
    random_bytes: Callable[[int], bytes],
    *,
    missing_left: bool,
) -> RosterPlan:
    """Return what the rosters of a file make of a registry.

    :raises UsageError: there is none in it.
    """
    sheets, _ = read_sheets([(file.name, _content(file))], there.nothing)
    memory = there.registry.memory.headings
    meanings = [(sheet, meaning_of(sheet, memory, answers)) for sheet in sheets]
    rosters = [
        (meaning.questions, roster_of(sheet, meaning, answers, today))
        for sheet, meaning in meanings
        if meaning.kind == "roster"
    ]
    entries = [entry for _, one in rosters for entry in one.entries]
    if not entries:
        raise UsageError(
            f"{file.name}: is no roster: no sheet of it has people in rows, with columns such as"
            " First name, Surname, E-mail and Status"
        )
    fields = frozenset(field for _, one in rosters for field in one.fields)
    plan = plan_roster(
        entries, fields, there.registry, answers, today, random_bytes, missing_left=missing_left
    )
    asked = (one for questions, roster in rosters for one in (*questions, *roster.questions))
    unanswered = {one.id: one for one in (*asked, *plan.questions) if one.id not in answers}
    return replace(
        plan,
        questions=tuple(unanswered.values()),
        assumptions=(*(said for _, one in rosters for said in one.assumptions), *plan.assumptions),
        warnings=(*(said for _, one in rosters for said in one.warnings), *plan.warnings),
    )


def _content(path: Path) -> bytes:
    """Return what a file holds.

    :raises UsageError: it is none, or too large.
    """
    try:
        if not path.is_file():
            what = "is not a file" if path.exists() else "does not exist"
            raise UsageError(f"{path}: {what}")
        data = content_of(path, _MOST_BYTES)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    if len(data) > _MOST_BYTES:
        raise UsageError(f"{path}: is larger than {_MOST_BYTES >> 20:,} MiB")
    return data
