"""Every field of the reports in a bundle is changed, and all that follows from it made again.

Whoever can hand on a bundle has our own program: digests and pages of a lie are as easily made as
those of the truth. So of each field the verdict is *invalid*, or names what was not compared, or it
is one of those that ``docs/ledger.md`` says no log holds; that list is exact.
"""

from __future__ import annotations

import copy
import hashlib
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from rolecall.reports.facts import Facts
from rolecall.run import Heading
from rolecall.usecases.reporting.files import files_of
from rolecall.usecases.reporting.findings_document import FindingsDocument
from tests.cloud import ROOT
from tests.functional.command import EXAMPLE, rolecall

PARISH = "gate-of-heaven-cemetery"
MADE = ("findings.json", "facts.json", "findings.csv", "report.md")
"""Reports that are quickly made; of the others one is like the other."""
OTHERS: dict[str, list[Any]] = {
    "severity": ["low", "medium"],
    "status": ["open", "new"],
    "control": ["no-backup-administrator", "orphaned-admin"],
    "kind": ["entity", "person"],
    "language": ["es", "en"],
    "standing": ["lapsed", "applied"],
    "evaluated": [False, True],
}
Place = tuple[str | int, ...]


class World:
    """A log of two audits, and the bundles of it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        key = directory / "signing-key"
        named = ("--name", "a.example", "--signing-key", key)
        self.key = rolecall("key", "new", *named).text.strip()
        log = directory / "log"
        for day in (2, 3):
            ended = rolecall(
                *("audit", EXAMPLE, "--as-of", f"2026-11-0{day}", "--log", log),
                *("--signing-key", key, "--output", directory / "findings.txt"),
            )
            assert ended.status == 0, ended.stderr
        self.bundles = {
            "whole": self._bundle("whole"),
            "entity": self._bundle("entity", "--entity", PARISH),
        }
        # The reports of the first audit, beside the records up to the second: the seal that says
        # which audit that was is not among them.
        first = self._bundle("first", "--entity", PARISH, "--run", 1)
        reports = {one: data for one, data in first.items() if one.startswith("reports/")}
        self.bundles["earlier"] = self.bundles["entity"] | reports

    def _bundle(self, name: str, *more: object) -> dict[str, bytes]:
        path = self.directory / f"{name}.zip"
        made = ("report", self.directory / "log", "--registry", EXAMPLE, "--format", "proof")
        ended = rolecall(*made, *more, "--output", path)
        assert ended.status == 0, ended.stderr
        with zipfile.ZipFile(path) as archive:
            members = {one: archive.read(one) for one in archive.namelist()}
        kept = {f"reports/{one}" for one in MADE}
        return {
            one: data
            for one, data in members.items()
            if not one.startswith("reports/") or one in kept
        }

    def verdict(self, members: dict[str, bytes]) -> tuple[int, str]:
        """Return what is said of a bundle: the exit status, and the text."""
        path = self.directory / "changed.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in members.items():
                archive.writestr(name, data)
        ended = rolecall("verify", path, "--key", self.key)
        assert ended.status in (0, 1, 4), ended.stderr
        return ended.status, ended.text


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return it."""
    return World(tmp_path_factory.mktemp("fields"))


def places(document: Any, path: Place = ()) -> Iterator[Place]:
    """Yield the places of a document: of like ones in a list one alone, that speaks of somebody."""
    if path:
        yield path
    if isinstance(document, dict):
        for name in document:
            yield from places(document[name], (*path, name))
    elif document and isinstance(document, list):
        speaking = (at for at, one in enumerate(document) if _speaks(one))
        at = next(speaking, 0)
        yield from places(document[at], (*path, at))


def _speaks(item: Any) -> bool:
    return isinstance(item, dict) and bool(item.get("names"))


def field(path: Place) -> str:
    """Return a place as the documentation names it: of what has an id for a name, the whole."""
    # Of these the last is left out.
    path = ("holders", "heads") if path == ("holders",) else path
    shown = tuple("[]" if isinstance(one, int) else one for one in path)
    for whole in (
        *(("holders", "entities"), ("holders", "accounts"), ("holders", "names")),
        ("holders", "heads"),
        *(("run", "registry", "rows"), ("citations",), ("findings", "[]", "names")),
        *(("actions", "[]", "names"), ("actions", "[]", "sites")),
        *(("actions", "[]", "deeds"), ("actions", "[]", "doers")),
    ):
        if shown[: len(whole)] == whole:
            shown = whole
    return re.sub(r"\.\[\]", "[]", ".".join(shown))


def other(name: str | int, value: Any) -> Any:
    """Return another value of the same kind."""
    if isinstance(name, str) and name in OTHERS:
        return next(one for one in OTHERS[name] if one != value)
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case None:
            return ["orphaned-admin"] if name == "controls" else "x"
        case str() if re.fullmatch(r"\d{4}-\d\d-\d\d.*", value):
            return f"{value[:3]}{'4' if value[3] != '4' else '5'}{value[4:]}"
        case str() if re.fullmatch("[0-9a-f]{32,64}", value):
            return value[::-1] if value != value[::-1] else f"{value[1:]}0"
        case str():
            return f"{value}x"
        case list():
            return value[:-1] if value else ["x"]
        case dict():
            added = {"x": {"url": "x"} if name == "sites" else "x"}
            return dict([*value.items()][:-1]) if value else added
    raise AssertionError(value)


def changed(document: Any, path: Place) -> Any:
    """Return a document with another value at a place."""
    made = copy.deepcopy(document)
    here = made
    for one in path[:-1]:
        here = here[one]
    old = here[path[-1]]
    here[path[-1]] = new = other(path[-1], old)
    if "names" in path and isinstance(old, str) and path[0] == "findings":
        # A sentence says the name.
        line = made["findings"][path[1]]
        line["label"], line["detail"] = (line[it].replace(old, new) for it in ("label", "detail"))
    for line in made.get("findings", ()):
        if "evidence" in path:
            evidence = msgspec.json.encode(line["evidence"])
            line["evidence_digest"] = hashlib.sha256(evidence).hexdigest()
    return made


def forged(members: dict[str, bytes], name: str, document: Any) -> dict[str, bytes]:
    """Return a bundle in which one of the two files says something else, and the rest follows."""
    data = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    made = {**members, f"reports/{name}": data}
    try:
        told = msgspec.json.decode(made["reports/findings.json"], type=FindingsDocument)
        facts = msgspec.json.decode(made["reports/facts.json"], type=Facts)
        heading = Heading(**{one: getattr(told, one) for one in Heading.__struct_fields__})
        made_of = heading, lambda: iter(told.findings), facts, MADE, told.told
        for one, pieces in files_of(*made_of):
            made[f"reports/{one}"] = b"".join(pieces)
    except (msgspec.MsgspecError, LookupError, ValueError, TypeError, AttributeError):
        # Nobody can make a report of it; then it stands there as it is.
        return made
    return made if made != members else {**members, f"reports/{name}": data}


def unproven(kind: str) -> set[str]:
    """Return the fields that the documentation says can be changed in a kind of bundle."""
    page = (ROOT / "docs" / "ledger.md").read_text(encoding="utf-8")
    _, _, listed = page.partition("| field | in a bundle of |")
    rows = [line.split("|") for line in listed.split("\n\n")[0].splitlines()[2:]]
    return {
        name
        for _, fields, where, *_ in rows
        if kind in where
        for name in re.findall("`([^`]+)`", fields)
    }


@pytest.mark.parametrize("kind", ["whole", "entity", "earlier"])
def test_what_can_be_changed_unseen_is_what_the_documentation_lists(
    world: World, kind: str
) -> None:
    members = world.bundles[kind]
    assert world.verdict(members)[0] == 0
    unseen, tried = set(), 0
    for name in ("findings.json", "facts.json"):
        document = json.loads(members[f"reports/{name}"])
        for path in places(document):
            made = forged(members, name, changed(document, path))
            assert made != members, path
            status, text = world.verdict(made)
            tried += 1
            where = f"{name.removesuffix('.json')}: {field(path)}"
            if status == 0:
                unseen.add(where)
            elif status == 4:
                assert "note: not compared: " in text
    assert tried > 60
    assert sorted(unseen) == sorted(unproven(kind))


def swapped(told: Any) -> None:
    told["actions"][:2] = told["actions"][1::-1]


def another_doer(told: Any) -> None:
    told["actions"][0]["doers"][0]["person"] = "p-001"


def another_deed(told: Any) -> None:
    told["actions"][0]["deeds"][-1]["account"] = "acc-001"


def another_title(told: Any) -> None:
    told["actions"][0]["title"] = "Do nothing"


def hidden(told: Any) -> None:
    del told["actions"][0]


def counted_as_more(told: Any) -> None:
    told["more_actions"] += len(told["actions"])
    told["actions"] = []


def one_more(told: Any) -> None:
    told["actions"].append(told["actions"][0])


def said_nothing_of(told: Any) -> None:
    del told["actions"], told["more_actions"]


FORGERIES = (
    *(swapped, another_doer, another_deed, another_title),
    *(hidden, counted_as_more, one_more, said_nothing_of),
)


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda forge: forge.__name__)
def test_what_is_to_be_done_is_proven(world: World, forge: Callable[[Any], None]) -> None:
    members = world.bundles["whole"]
    told = json.loads(members["reports/findings.json"])
    assert len(told["actions"]) > 50
    forge(told)
    status, text = world.verdict(forged(members, "findings.json", told))
    assert status == 1, text
    assert "reports/findings.json" in text


@pytest.mark.parametrize("forge", [hidden, counted_as_more, one_more, another_title])
def test_what_is_to_be_done_in_one_entity_follows_from_its_findings(
    world: World, forge: Callable[[Any], None]
) -> None:
    members = world.bundles["entity"]
    told = json.loads(members["reports/findings.json"])
    assert told["actions"]
    forge(told)
    assert world.verdict(forged(members, "findings.json", told))[0] == 1


# -- what is not a report --------------------------------------------------------------------------


Change = Callable[[dict[str, bytes]], object]


@pytest.mark.parametrize("kind", ["whole", "entity"])
def test_every_field_of_the_proofs_is_compared(world: World, kind: str) -> None:
    members = world.bundles[kind]
    document = json.loads(members["proofs.json"])
    for path in places(document):
        data = json.dumps(changed(document, path), separators=(",", ":")).encode()
        status, text = world.verdict({**members, "proofs.json": data})
        # Without the proof for an earlier checkpoint, whoever kept that one is told that it lacks.
        is_less = path == ("consistency",) and document["consistency"]
        assert (status, text[:8]) == ((0, "valid\n  ") if is_less else (1, "invalid:")), path


@pytest.mark.parametrize("kind", ["whole", "entity"])
def test_every_field_of_every_kind_of_record_is_compared(world: World, kind: str) -> None:
    members = world.bundles[kind]
    lines = members["records.jsonl"].splitlines()
    seen = set()
    for number, line in enumerate(lines):
        record = json.loads(line)
        if record["action"] in seen:
            continue
        seen.add(record["action"])
        for path in places(record):
            data = json.dumps(changed(record, path), separators=(",", ":")).encode()
            changed_lines = [*lines[:number], data, *lines[number + 1 :]]
            made = {**members, "records.jsonl": b"".join(one + b"\n" for one in changed_lines)}
            assert world.verdict(made)[0] == 1, path
    assert "log.sealed" in seen


@pytest.mark.parametrize("kind", ["whole", "entity"])
def test_every_line_of_the_checkpoint_is_compared_and_the_keys_are_named(
    world: World, kind: str
) -> None:
    members = world.bundles[kind]
    lines = members["checkpoint"].decode().splitlines(keepends=True)
    for number, line in enumerate(lines):
        middle = len(line) // 2
        sign = "A" if line[middle : middle + 1] != "A" else "B"
        other_line = f"{line[:middle]}{sign}{line[middle + 1 :]}"
        made = "".join([*lines[:number], other_line, *lines[number + 1 :]]).encode()
        assert world.verdict({**members, "checkpoint": made})[0] == 1, line
    for keys in (b"", b"nonsense\n", members["key.pub"][:-1], members["key.pub"] + b"x"):
        status, text = world.verdict({**members, "key.pub": keys})
        assert (status, "note: key.pub was not compared" in text) == (0, True)
