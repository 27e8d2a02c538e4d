"""What an import would change is told by name, of whatever kind it is."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from rolecall.cli.import_preview import check_emptied, described
from rolecall.errors import UsageError
from rolecall.model import Snapshot
from rolecall.registry.documents import DocumentKey, documents
from tests.registries import parish


def changes(**places: Any) -> Any:
    """Return changes, of which there are none but these."""
    return SimpleNamespace(**{"added": [], "changed": [], "removed": [], "moved": {}, **places})


def keys(snapshot: Snapshot) -> list[DocumentKey]:
    """Return where everything of a registry lies."""
    return list(documents(snapshot, None))


def test_every_kind_is_named() -> None:
    snapshot = parish().read()[0]
    told = "\n".join(described(changes(removed=keys(snapshot))))
    for table in ("entities", "people", "accounts"):
        ids = sorted(one.id for one in getattr(snapshot, table))
        assert ids
        assert f"    removed: {', '.join(ids[:20])}" in told, table


def test_settings_have_no_names() -> None:
    assert list(described(changes(changed=[DocumentKey("SETTINGS", "REGISTRY")]))) == [
        "  settings and policy  1 changed"
    ]


@pytest.mark.parametrize("table", ["people", "grants"])
def test_files_that_know_nobody_take_nobody_away(table: str) -> None:
    whole = parish().read()[0]
    bare = parish().drop(table).read()[0]
    gone = changes(removed=sorted(set(keys(whole)) - set(keys(bare))))
    with pytest.raises(UsageError, match=f"these files have no {table}, and the stack has some"):
        check_emptied(bare, gone)
    # One who is there takes the place of all others; and of nobody nobody goes.
    check_emptied(whole, gone)
    check_emptied(bare, changes(added=keys(bare)))
