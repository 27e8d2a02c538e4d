"""Versions of the catalogue that there are not: rules that change between two nights of a test."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pytest
from msgspec.structs import replace

from rolecall import finding_facts, lifecycle
from rolecall.controls import versions
from rolecall.controls.catalogue import catalogue
from rolecall.controls.control import Check, Control, Fail
from rolecall.controls.versions import CatalogueVersion
from rolecall.usecases.runs import local, nightly, plan

__all__ = ["Catalogues", "everybody", "nobody", "only"]

_TOLD = (versions, finding_facts, lifecycle, local, nightly, plan)
_ASKED = (local, nightly)


def nobody(subjects: Sequence[Any], _: Any, __: Any) -> Iterator[Fail]:
    """Fail nobody."""
    del subjects
    return iter(())


def everybody(subjects: Sequence[Any], _: Any, __: Any) -> Iterator[Fail]:
    """Fail everybody."""
    return (Fail(one, {"removal_path": "none"}) for one in subjects)


def only(*ids: str) -> Check[Any]:
    """Return a check that fails subjects of some ids."""

    def check(subjects: Sequence[Any], _: Any, __: Any) -> Iterator[Fail]:
        return (Fail(one, {"removal_path": "none"}) for one in subjects if one.id in ids)

    return check


class Catalogues:
    """Brings later versions of the catalogue, and takes them back with the test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self._controls: dict[str, Control[Any]] = dict(catalogue())
        self._versions: tuple[CatalogueVersion, ...] = versions.CATALOGUE_VERSIONS

    def change(
        self,
        checks: Mapping[str, Check[Any]] = MappingProxyType({}),
        *,
        declared: Iterable[str] | None = None,
        dropped: Iterable[str] = (),
        added: Iterable[str] = (),
        **fields: Any,
    ) -> int:
        """Bring a version with other rules; return its number.

        :param declared: the controls that it names; by default those that it changes.
        :param added: controls of this release that an earlier version dropped.
        :param fields: more that is otherwise of every control that it changes.
        """
        number = self._versions[-1].number + 1
        gone, more = set(dropped), set(added)
        names = {*checks, *gone, *more} if declared is None else set(declared)
        changes = dict.fromkeys(names, "Changed.")
        self._versions = (*self._versions, CatalogueVersion(number, f"0.{number}.0", changes))
        for id_, check in checks.items():
            self._controls[id_] = replace(self._controls[id_], check=check, **fields)
        self._controls |= {id_: catalogue()[id_] for id_ in more}
        for id_ in gone:
            del self._controls[id_]
        self._set(self._versions, self._controls)
        return number

    def go_back(self, number: int) -> None:
        """Work as the release of an earlier version, with the rules of today's."""
        self._set(self._versions[:number], dict(catalogue()))

    def _set(
        self, known: tuple[CatalogueVersion, ...], controls: Mapping[str, Control[Any]]
    ) -> None:
        patch = self._monkeypatch.setattr
        for module in _TOLD:
            patch(module, "CATALOGUE_VERSION", known[-1].number)
        patch(versions, "CATALOGUE_VERSIONS", known)

        def kept() -> Mapping[str, Control[Any]]:
            return MappingProxyType(dict(controls))

        for asked in _ASKED:
            patch(asked, "catalogue", kept)
