"""Every exception that Rolecall raises on purpose.

::

    RolecallError
    ├── InputError               the caller's input is at fault; exit status 2
    │   ├── RegistryError        a registry that cannot be read or is not valid
    │   ├── PolicyError          a policy.toml that cannot be read or is not valid
    │   └── UsageError           arguments that do not fit together
    └── AuditError               the audit could not complete; exit status 3
        └── AuditLogError
            ├── LogBusyError     another process holds the log
            ├── LogCorruptError  a stored record is not what was appended
            └── LogConflictError an event id is taken by a different event
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rolecall.model import Problem

__all__ = [
    "AuditError",
    "AuditLogError",
    "InputError",
    "LogBusyError",
    "LogConflictError",
    "LogCorruptError",
    "PolicyError",
    "RegistryError",
    "RolecallError",
    "UsageError",
]


class RolecallError(Exception):
    """The root of the tree. Its message is fit to be shown to a person as it is."""


class InputError(RolecallError):
    """What came in is at fault; the message says where, and what to do."""


class UsageError(InputError):
    """Arguments that do not fit together, such as an entity that the registry does not have."""


class RegistryError(InputError):
    """A registry with errors. Nothing of it was imported.

    ``problems`` lists them in reading order, at most :data:`rolecall.registry.MOST_PROBLEMS`;
    ``count`` is the exact number, whatever the list holds.
    """

    def __init__(self, problems: Sequence[Problem], count: int | None = None) -> None:
        self.problems = tuple(problems)
        self.count = len(self.problems) if count is None else count
        noun = "error" if self.count == 1 else "errors"
        super().__init__(f"the registry has {self.count:,} {noun}")


class PolicyError(InputError):
    """A policy with errors; ``problems`` lists all of them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        self.count = len(self.problems)
        noun = "error" if self.count == 1 else "errors"
        super().__init__(f"the policy has {self.count:,} {noun}")


class AuditError(RolecallError):
    """The audit could not complete, through no fault of the registry or the policy."""


class AuditLogError(AuditError):
    """The audit log could not be read or written."""


class LogBusyError(AuditLogError):
    """Another process holds the log's lock."""


class LogCorruptError(AuditLogError):
    """A stored record cannot be parsed, or does not follow from the one before it."""


class LogConflictError(AuditLogError):
    """An event id is on record already, with a different content."""
