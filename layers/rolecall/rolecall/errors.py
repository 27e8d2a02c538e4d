"""Every exception that Rolecall raises on purpose.

::

    RolecallError
    ├── InputError               the caller's input is at fault; exit status 2
    │   ├── RegistryError        a registry that cannot be read or is not valid
    │   ├── PolicyError          a policy.toml that cannot be read or is not valid
    │   ├── KeyFormatError       a key that cannot be read, or must not be used
    │   ├── SecretFormatError    a secret that cannot be kept
    │   ├── UnreadableError      a log or a bundle that cannot be read at all
    │   ├── OverLimitError       an input that is larger, fuller or deeper than is read
    │   ├── DeniedError          who asks may not do this
    │   ├── NotFoundError        there is no such thing, or not for who asks
    │   ├── ConflictError        it cannot be done as things are
    │   ├── PreconditionError    it is not as who asks saw it
    │   ├── InvalidRecordError   a record that cannot be, field by field
    │   ├── BrakeError           too much was done in too short a time
    │   └── UsageError           arguments that do not fit together
    ├── ProofError               something does not prove what it should; exit status 1
    │   └── UnknownSignerError   nobody signed it whose key was given
    ├── SecretUnreadableError    an envelope that does not open, for whatever reason
    └── AuditError               the audit could not complete; exit status 3
        ├── FormatError          a table is in a format of a later release
        └── AuditLogError
            ├── LogBusyError     another process holds the log
            ├── LogCorruptError  a stored record is not what was appended
            ├── LogConflictError an event id is taken by a different event
            ├── LogForkError     the log is not the one that was signed before
            └── StorageError     AWS or a disk refused, or could not be reached
                └── VersionConflictError  an item was changed by somebody else first
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from rolecall.vocabulary import Language

__all__ = [
    "AuditError",
    "AuditLogError",
    "BrakeError",
    "ConflictError",
    "DeniedError",
    "FormatError",
    "InputError",
    "InvalidRecordError",
    "KeyFormatError",
    "LogBusyError",
    "LogConflictError",
    "LogCorruptError",
    "LogForkError",
    "NotFoundError",
    "OverLimitError",
    "PolicyError",
    "PreconditionError",
    "Problem",
    "ProofError",
    "RegistryError",
    "RolecallError",
    "SecretFormatError",
    "SecretUnreadableError",
    "StorageError",
    "UnknownSignerError",
    "UnreadableError",
    "UsageError",
    "VersionConflictError",
]


class Problem(Struct, frozen=True, omit_defaults=True):
    """One thing wrong with an input, and where.

    ``row`` is the row as a spreadsheet counts it: the header is row 1. ``value`` is the offending
    cell, shortened and made printable; it is absent where it must not be shown.
    """

    file: str
    message: str
    row: int | None = None
    column: str | None = None
    value: str | None = None

    def __str__(self) -> str:
        where = [self.file, *(str(part) for part in (self.row, self.column) if part is not None)]
        shown = "" if self.value is None else f" ({self.value})"
        return f"{':'.join(where)}: {self.message}{shown}"


class RolecallError(Exception):
    """The root of the tree. Its message is fit to be shown to a person as it is."""


class InputError(RolecallError):
    """What came in is at fault; the message says where, and what to do."""


class UsageError(InputError):
    """Arguments that do not fit together, such as an entity that the registry does not have."""


class DeniedError(InputError):
    """Somebody may not do what they ask for; the message says what it would take."""


class NotFoundError(InputError):
    """There is no such thing; whoever may not see it gets the same answer."""


class ConflictError(InputError):
    """It cannot be done as things are. ``kind`` names the reason for programs, and never changes;
    ``details`` say what would help."""

    def __init__(self, kind: str, message: str, **details: object) -> None:
        self.kind = kind
        self.details = details
        super().__init__(message)


class PreconditionError(InputError):
    """A record is not as who asks saw it, or they do not say how they saw it.

    ``kind`` names which, for programs: ``precondition-failed`` or ``precondition-required``.
    """

    def __init__(self, kind: str, message: str) -> None:
        self.kind = kind
        super().__init__(message)


class InvalidRecordError(InputError):
    """A record that cannot be; ``fields`` says of each field what is wrong with it."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = dict(fields)
        told = "; ".join(f"{name}: {problem}" for name, problem in self.fields.items())
        super().__init__(told)


class BrakeError(InputError):
    """Somebody does too much in too short a time; the message says who can let them go on."""


class KeyFormatError(InputError):
    """A key that cannot be read, or that must not be used as it is. The message never shows it."""


class SecretFormatError(InputError):
    """A secret that is empty, too large, or none. The message never shows any of it."""


class UnreadableError(InputError):
    """A log or a proof bundle that is not there, or cannot be read at all."""


class OverLimitError(InputError):
    """An input is larger, fuller or deeper than what is read; the message goes after its name."""


class _FaultyError(InputError):
    """An input with errors, of which nothing was imported: ``problems`` lists the first of them in
    reading order, ``count`` is their exact number, ``language`` that of who is to read them."""

    def __init__(
        self, problems: Sequence[Problem], count: int | None = None, language: Language = "en"
    ) -> None:
        self.problems, self.language = tuple(problems), language
        self.count = len(self.problems) if count is None else count
        what = type(self).__name__.removesuffix("Error").lower()
        super().__init__(f"the {what} has {self.count:,} error{'s' * (self.count != 1)}")


class RegistryError(_FaultyError):
    """A registry with errors; at most :data:`rolecall.registry.MOST_PROBLEMS` are listed."""


class PolicyError(_FaultyError):
    """A policy with errors, all of them listed."""


class ProofError(RolecallError):
    """A record, a proof or a checkpoint does not prove what it should; the message says where."""


class UnknownSignerError(ProofError):
    """A note is well formed, but none of the keys that were given signed it."""


class SecretUnreadableError(RolecallError):
    """An envelope does not open. There is one message, which does not say why."""

    def __init__(self) -> None:
        super().__init__(
            "the secret cannot be opened: it was changed, it belongs elsewhere, or the key is "
            "another one"
        )


class AuditError(RolecallError):
    """The audit could not complete, through no fault of the registry or the policy."""


class FormatError(AuditError):
    """A table is in a format that this release does not know: it writes nothing there."""


class AuditLogError(AuditError):
    """The audit log could not be read or written."""


class LogBusyError(AuditLogError):
    """Another process holds the log's lock."""


class LogCorruptError(AuditLogError):
    """A stored record cannot be parsed, or does not follow from the one before it.

    ``leaf`` is its index in the log, from 0, where it is known.
    """

    def __init__(self, message: str, *, leaf: int | None = None) -> None:
        self.leaf = leaf
        self.message = message
        super().__init__(message if leaf is None else f"record {leaf + 1:,}: {message}")


class LogConflictError(AuditLogError):
    """An event id is on record already, with a different content."""


class LogForkError(AuditLogError):
    """The log is not a continuation of what was signed before; to sign it would be a fork."""


class StorageError(AuditLogError):
    """AWS or a disk refused, or could not be reached. The message names no data."""


class VersionConflictError(StorageError):
    """An item is not as it was read: somebody else changed it first.

    ``places`` says which writes of the transaction found that, by their index.
    """

    def __init__(self, message: str, places: Sequence[int] = ()) -> None:
        self.places = tuple(places)
        super().__init__(message)
