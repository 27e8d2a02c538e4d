"""``rolecall validate``: what is wrong with a registry and its policy, and what may be."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import replace

from rolecall.cli.arguments import LanguageOption, ProblemFormat
from rolecall.cli.clock import now
from rolecall.cli.output import problems_as_json, say, show_problems, write
from rolecall.cli.pipeline import located, problems_in
from rolecall.errors import PolicyError, RegistryError
from rolecall.model import Policy, Snapshot
from rolecall.registry.policy_names import policy_with_ids
from rolecall.registry.policy_toml import find_policy, read_policy
from rolecall.registry.problems import Problems
from rolecall.registry.reading import RegistryInput, read_registry
from rolecall.registry.strangers import warn_of_strange_waivers
from rolecall.texts import texts_of
from rolecall.usecases.runs.local import check_entities
from rolecall.vocabulary import Language

__all__ = ["PolicyOption", "RegistryArgument", "read_with_policy", "rules_of", "validate"]

RegistryArgument = Annotated[
    Path, typer.Argument(help="A directory of CSV files, an .xlsx or a .json.", metavar="REGISTRY")
]
PolicyOption = Annotated[
    Path | None,
    typer.Option("--policy", help="The policy; by default policy.toml in or beside the registry."),
]


def validate(
    registry: RegistryArgument,
    policy: PolicyOption = None,
    format_: Annotated[
        ProblemFormat, typer.Option("--format", help="How to write what is wrong.")
    ] = ProblemFormat.text,
    language: LanguageOption = None,
) -> None:
    """Check a registry and its policy, and say everything that is wrong with them."""
    strangers = Problems()
    loaded, errors = _checked(registry, policy, strangers)
    problems = [problem for error in errors for problem in error.problems]
    count = sum(error.count for error in errors)
    spoken = language or (errors[0].language if loaded is None else loaded.language)
    # Who is a stranger nobody knows of a roster that could not be read.
    warnings = [*loaded.warnings, *strangers.kept] if loaded else []
    warning_count = loaded.warning_count + strangers.count if loaded else 0
    if format_ is ProblemFormat.json:
        write([problems_as_json(problems, count, warnings, warning_count, spoken)], None)
    else:
        # What a program reads is on standard output; people read these lines in the job's log.
        show_problems("warning", warnings, warning_count, spoken)
        show_problems("error", problems, count, spoken)
        if format_ is not ProblemFormat.text:
            locate, rest = located(registry, policy).of_problem, count - len(problems)
            # Somebody whom the roster lacks is a finding of the audit where it matters, and who
            # could be meant is a name, which a page of results need not show to everybody.
            doubts = loaded.warnings if loaded else ()
            write(problems_in(format_.value, problems, doubts, rest, locate, spoken), None)
        elif not errors and loaded is not None:
            typer.echo(_counted(loaded.snapshot, spoken))
    if errors:
        if format_ is not ProblemFormat.json:
            texts = texts_of(spoken)
            say(texts.filled(texts.words("validation")["errors"], count=count))
        raise typer.Exit(2)


def _checked(
    registry: Path, policy: Path | None, strangers: Problems
) -> tuple[RegistryInput | None, list[RegistryError | PolicyError]]:
    errors: list[RegistryError | PolicyError] = []
    loaded: RegistryInput | None = None
    try:
        loaded = read_registry(registry, now().date(), policy, strangers)
    except RegistryError as error:
        errors.append(error)
    try:
        rules = rules_of(registry, policy, loaded)
        if loaded is not None and (path := policy or find_policy(registry)) is not None:
            warn_of_strange_waivers(rules, loaded.snapshot, str(path), strangers)
    except PolicyError as error:
        errors.append(error)
    return loaded, errors


def _counted(snapshot: Snapshot, language: Language) -> str:
    tables = ("entities", "people", "accounts", "grants")
    counts = {table: len(getattr(snapshot, table)) for table in tables}
    texts = texts_of(language)
    return texts.filled(texts.words("validation")["valid"], **counts)


def read_with_policy(
    registry: Path, policy: Path | None, instant: datetime, language: Language | None
) -> tuple[RegistryInput, Policy]:
    """Return a registry as it is on the day of an audit, and its policy; what is odd is said.

    :raises RegistryError: the registry cannot be read.
    :raises PolicyError: see :func:`rules_of`.
    """
    loaded = read_registry(registry, instant.date(), policy)
    rules = rules_of(registry, policy, loaded, language)
    show_problems("warning", loaded.warnings, loaded.warning_count, rules.language)
    return loaded, rules


def rules_of(
    registry: Path,
    policy: Path | None,
    loaded: RegistryInput | None,
    language: Language | None = None,
) -> Policy:
    """Return the policy of a registry, which names entities that are there; in it names are ids.

    :param language: in which people are told, in place of the policy's.
    :raises PolicyError: it cannot be read, names others, or by a name that several rows have.
    """
    path = policy or find_policy(registry)
    rules = read_policy(path)
    if loaded is not None:
        name = "policy.toml" if path is None else path.name
        try:
            rules = policy_with_ids(rules, loaded.snapshot, name)
            check_entities(rules, {entity.id for entity in loaded.snapshot.entities})
        except PolicyError as error:
            error.language = rules.language
            raise
    return rules if language is None else replace(rules, language=language)
