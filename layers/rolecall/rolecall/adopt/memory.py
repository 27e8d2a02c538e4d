"""What is kept from one month to the next: ``mapping.toml`` in the registry.

People may read and change it: what headings mean, what was answered, and under which id somebody or
something goes. Ids of people are opaque, as a log that is locked for years holds them: nothing of a
name or an address is in one, and so this file is what tells that it is the same person again.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from rolecall.errors import Problem, RegistryError
from rolecall.printable import printable

__all__ = ["MEMORY_FILE", "KnownPerson", "Memory", "memory_as_toml", "memory_of", "new_person_id"]

MEMORY_FILE = "mapping.toml"

_VERSION = 1
_HEADER = """\
# What "rolecall adopt" was told and found out, so that it asks nothing twice: keep this file.
# It holds names and addresses, and never a secret.
# Change what is wrong, or delete a line: it is asked again.
"""
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class KnownPerson(Struct, frozen=True, omit_defaults=True):
    """By what somebody is known: in sheets by names and addresses, in a roster by a number too.

    :ivar on_roster: a roster had them; of others a sheet alone speaks.
    """

    names: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    on_roster: bool = False


class Memory(Struct, frozen=True, omit_defaults=True):
    """What earlier adoptions decided.

    :ivar headings: what columns mean, by :func:`rolecall.adopt.columns.heading_key`.
    :ivar answers: the answers to questions, by their ids.
    :ivar people: by ids.
    :ivar entities: the names under which sheets know an entity, by ids.
    :ivar accounts: the keys of accounts, platform and handle, by ids.
    """

    headings: Mapping[str, str] = {}
    answers: Mapping[str, str] = {}
    people: Mapping[str, KnownPerson] = {}
    entities: Mapping[str, tuple[str, ...]] = {}
    accounts: Mapping[str, tuple[str, str]] = {}


class _Document(Memory, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    version: int = 0


def memory_of(file: str, data: bytes) -> Memory:
    """Return what a file keeps.

    :raises RegistryError: it is not such a file, or of a later version.
    """
    try:
        said = tomllib.loads(data.decode("utf-8-sig"))
        document = msgspec.convert(said, _Document, strict=False)
    except (ValueError, RecursionError) as error:
        raise _refused(file, f"cannot be read: {error}; put it right, or delete it") from error
    if document.version != _VERSION:
        raise _refused(file, f"is of version {document.version}; version {_VERSION} is known here")
    return Memory(**{name: getattr(document, name) for name in Memory.__struct_fields__})


def memory_as_toml(memory: Memory) -> bytes:
    """Return what is kept as a file: the same for the same, whatever the order in which it came."""
    import tomli_w

    kept = msgspec.to_builtins(memory)
    document = {"version": _VERSION, **{name: _sorted(kept[name]) for name in sorted(kept)}}
    return (_HEADER + tomli_w.dumps(document)).encode()


def new_person_id(taken: Callable[[str], bool], random_bytes: Callable[[int], bytes]) -> str:
    """Return an id for a person that tells nothing of them.

    :param taken: whether an id is another's.
    :param random_bytes: gives so many bytes at random.
    """
    while True:
        made = "p-" + "".join(_LETTERS[byte % len(_LETTERS)] for byte in random_bytes(8))
        if not taken(made):
            return made


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return value


def _refused(file: str, message: str) -> RegistryError:
    return RegistryError([Problem(printable(file), printable(message))])
