"""Arguments as values: what several commands read the same way."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime, time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from rolecall.bounded_reading import content_of
from rolecall.cli.clock import now
from rolecall.cli.output import say
from rolecall.errors import KeyFormatError, UnreadableError, UsageError
from rolecall.ledger.key_file import read_key_file, write_key_file
from rolecall.ledger.log_files import LogFiles
from rolecall.ledger.note import LocalSigner, VerifierKey
from rolecall.system import configuration_directory
from rolecall.usecases.runs.chronology import Chronology
from rolecall.vocabulary import Language

__all__ = [
    "AfterWrongClockOption",
    "AllOption",
    "AsOfOption",
    "FailOnOption",
    "KeptLogOption",
    "LanguageOption",
    "Level",
    "ProblemFormat",
    "SeverityOption",
    "TextFormat",
    "WhatIfOption",
    "WithIncidentsOption",
    "asked_instant",
    "chosen_chronology",
    "configured",
    "default_key_file",
    "new_signer",
    "parse_instant",
    "signing_key",
    "verifier_keys",
]

_MOST_KEYS = 1 << 20

AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of", help="The instant of the audit: a date (midnight UTC) or ISO 8601 instant."
    ),
]
WhatIfOption = Annotated[
    bool,
    typer.Option("--what-if", help="Evaluate, of any day, and write nothing into the log."),
]
WithIncidentsOption = Annotated[
    bool,
    typer.Option(
        "--with-incidents",
        help="Have reports for people end in an annex on incidents: for officers alone.",
    ),
]
AfterWrongClockOption = Annotated[
    bool,
    typer.Option(
        "--after-wrong-clock",
        help="Go on after an audit that a clock dated later than today; it resolves nothing.",
    ),
]


class Level(StrEnum):
    """Severities, worst first."""

    critical = "critical"
    high = "high"
    medium = "medium"
    low = "low"


class TextFormat(StrEnum):
    """Formats of verdicts and records."""

    text = "text"
    json = "json"


class ProblemFormat(StrEnum):
    """Formats of validation results."""

    text = "text"
    json = "json"
    junit = "junit"
    sarif = "sarif"


KeptLogOption = Annotated[
    Path | None,
    typer.Option(
        "--log", help="The audit log, a directory; made if there is none. Default: no log."
    ),
]
LanguageOption = Annotated[
    Language | None,
    typer.Option("--language", help="In which to say it; by default that of the policy."),
]
SeverityOption = Annotated[
    Level | None,
    typer.Option("--severity", help="List findings of this severity and worse only."),
]
AllOption = Annotated[
    bool,
    typer.Option("--all", help="As a table: list every finding, with what to do about it."),
]
FailOnOption = Annotated[
    Level | None,
    typer.Option("--fail-on", help="Exit with 1 if a finding of this severity or worse stands."),
]


def chosen_chronology(log: Path | None, *, what_if: bool, after_wrong_clock: bool) -> Chronology:
    """Return how an audit stands to those of a log.

    :raises UsageError: it cannot stand to them so.
    """
    if after_wrong_clock and (what_if or log is None):
        raise UsageError("--after-wrong-clock goes on with a log: give --log, and no --what-if")
    if what_if and log is not None and not (log / "records.jsonl").is_file():
        raise UnreadableError(f"{log}: not an audit log, and --what-if writes none")
    return "what-if" if what_if else "after-wrong-clock" if after_wrong_clock else "forward"


def asked_instant(as_of: str | None) -> datetime:
    """Return the instant that ``--as-of`` names, or this one.

    :raises UsageError: it names none.
    """
    return now() if as_of is None else parse_instant(as_of, "--as-of")


def parse_instant(text: str, option: str) -> datetime:
    """Return the instant that a text names: a date (midnight UTC) or an ISO 8601 instant.

    :raises UsageError: it names none.
    """
    try:
        if len(text) == 10:
            return datetime.combine(date.fromisoformat(text), time(), UTC)
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is not None:
            return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise UsageError(
        f"{option}: {text!r} is not a date (2026-11-02) nor an instant (2026-11-02T06:00:00Z)"
    )


def configured(name: str) -> Path:
    """Return where a file is kept in the user's own configuration directory."""
    return configuration_directory() / name


def default_key_file() -> Path:
    """Return where the signing key is kept."""
    return configured("signing-key")


def new_signer(name: str | None) -> LocalSigner:
    """Return a signer with a new key; without a name it gets one that no other has."""
    return LocalSigner(name or f"rolecall/{secrets.token_hex(4)}", secrets.token_bytes(32))


def signing_key(path: Path | None, log: Path) -> LocalSigner:
    """Return the key that seals a log; the first time, make one and say where.

    :param path: of the key file, ``None`` for the default.
    :raises KeyFormatError: it cannot be used, lies in the log, or is gone from where it was.
    """
    path = path or default_key_file()
    if path.resolve().is_relative_to(log.resolve()):
        raise KeyFormatError(
            f"{path}: a signing key inside of the log would vouch for nothing: whoever can change "
            "the log could sign it; choose another place with --signing-key"
        )
    signer = read_key_file(path)
    names = {
        line.partition("+")[0] for line in LogFiles(log).keys().decode(errors="replace").split()
    }
    if signer is not None:
        if names and signer.key.name not in names:
            raise KeyFormatError(
                f"{path}: the key is named {signer.key.name}, the log was sealed by "
                f"{', '.join(sorted(names))}; a new key for a log must have the name of the old one"
            )
        return signer
    if names:
        raise KeyFormatError(
            f"{path}: there is no signing key, but the log was sealed by {', '.join(sorted(names))}"
            "; restore it, or make a new one of the same name with rolecall key new --name NAME"
        )
    signer = new_signer(None)
    write_key_file(path, signer)
    say(f"made a signing key for the audit log: {path} (keep it, and keep it private)")
    say(f"whoever verifies the log needs its verifier key: {signer.key}")
    return signer


def verifier_keys(texts: list[str]) -> list[VerifierKey]:
    """Return verifier keys; each is given as it is, or as a file with one a line.

    :raises KeyFormatError: one is neither.
    """
    keys: list[VerifierKey] = []
    for text in texts:
        try:
            keys.append(VerifierKey.parse(text))
        except KeyFormatError as error:
            try:
                data = content_of(Path(text), _MOST_KEYS)
                lines = data.decode().split()
            except (OSError, ValueError):
                raise KeyFormatError(f"--key: {error}") from error
            if len(data) > _MOST_KEYS:
                raise UnreadableError(
                    f"--key: {text} is larger than {_MOST_KEYS:,} bytes"
                ) from error
            if not lines:
                raise UnreadableError(f"--key: {text} is empty") from error
            try:
                keys += map(VerifierKey.parse, lines)
            except KeyFormatError as broken:
                raise KeyFormatError(f"--key: {text}: {broken}") from broken
    return keys
