"""A policy that names people, entities and accounts as people do: read with the ids that are meant.

The text of a policy is what goes into a stack and what a digest is of, so a name that was taken for
an id is written as the id where a policy goes anywhere else. What it was rewritten to is read again
and must say the same; of a form that is too unusual for that somebody writes the ids by hand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from rolecall.errors import PolicyError, Problem, UsageError
from rolecall.finding import waiver_id
from rolecall.model import Policy, Snapshot, Subject, Waiver
from rolecall.printable import printable
from rolecall.registry.policy_toml import parse_policy
from rolecall.registry.row_names import NAMED_TABLES, RowNames, shown_choice

__all__ = ["policy_text_with_ids", "policy_with_ids"]

_KEYS = {"account": "accounts", "person": "people", "entity": "entities"}
_TEXT = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|'[^']*')""")
_KEY = re.compile(r"(account|person|entity|approved_by)\s*=")


class _Meant:
    """Reads names of a policy as ids, and collects what is not clear."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.names = {table: RowNames(table, getattr(snapshot, table)) for table in NAMED_TABLES}
        self.taken: dict[tuple[str, str], str] = {}
        self.problems: list[tuple[str, str, str]] = []

    def id_of(self, table: str, text: str, where: str) -> str:
        ids = self.names[table].ids_of(text) if text else ()
        if len(ids) > 1:
            message = f"could be {shown_choice(ids)}, which are called alike; write the id"
            self.problems.append((where, message, text))
        if len(ids) != 1 or ids[0] == text:
            return text
        self.taken[table, text] = ids[0]
        return ids[0]


def policy_with_ids(policy: Policy, snapshot: Snapshot, file: str = "policy.toml") -> Policy:
    """Return a policy in which names of rows are their ids.

    :raises PolicyError: a name could mean several rows, or two sections are about one entity.
    """
    meant = _Meant(snapshot)
    entities: dict[str, dict[str, dict[str, object]]] = {}
    for key, controls in policy.entities.items():
        id_ = meant.id_of("entities", key, where := f"entities.{key}")
        if id_ != key and (id_ in entities or id_ in policy.entities):
            meant.problems.append((where, f"is about {id_}, as another section is", key))
        entities[id_] = controls
    waivers = {one.id: one for one in (_waiver(waiver, meant) for waiver in policy.waivers)}
    if meant.problems:
        raise PolicyError(
            [
                Problem(printable(file), printable(message), column=printable(where), value=text)
                for where, message, text in meant.problems
            ]
        )
    if not meant.taken:
        return policy
    return replace(policy, entities=entities, waivers=tuple(waivers.values()))


def _waiver(waiver: Waiver, meant: _Meant) -> Waiver:
    where = f"waivers[{waiver.control}]"
    changes = {
        key: meant.id_of(table, getattr(waiver.subject, key), f"{where}.{key}")
        for key, table in _KEYS.items()
    }
    subject: Subject = replace(waiver.subject, **changes)
    approvers = [meant.id_of("people", one, f"{where}.approved_by") for one in waiver.approved_by]
    # One person under two names is one.
    approved_by = tuple(dict.fromkeys(approvers))
    if (subject, approved_by) == (waiver.subject, waiver.approved_by):
        return waiver
    terms = (waiver.reason, approved_by, waiver.expires, waiver.evidence)
    id_ = waiver_id(waiver.control, subject, *terms)
    return replace(waiver, id=id_, subject=subject, approved_by=approved_by)


def policy_text_with_ids(text: str, snapshot: Snapshot) -> str:
    """Return the text of a policy with ids in place of names; the same where it has none.

    :raises PolicyError: it is none, or a name is not clear.
    :raises UsageError: it is written so that names in it cannot be replaced.
    """
    given = parse_policy("policy.toml", text.encode())
    wanted = policy_with_ids(given, snapshot)
    if wanted == given:
        return text
    meant = _Meant(snapshot)
    made = "".join(_rewritten(text.splitlines(keepends=True), meant))
    found = parse_policy("policy.toml", made.encode())
    if _said(found) != _said(wanted):
        names = ", ".join(sorted({printable(text) for _, text in meant.taken}))
        raise UsageError(f"policy.toml names rows by name ({names}); write their ids there")
    return made


def _said(policy: Policy) -> Policy:
    return replace(policy, digest="")


def _rewritten(lines: Sequence[str], meant: _Meant) -> Iterator[str]:
    """Yield the lines of a policy with names replaced where it is usual to write them."""
    table: str | None = None
    is_list = False
    for line in lines:
        bare = line.strip()
        if bare.startswith("["):
            table, is_list = None, False
            if bare.startswith("[entities."):
                yield _replaced(line, "entities", meant)
                continue
        elif not is_list and (key := _KEY.match(bare)):
            table = _KEYS.get(key[1], "people")
            is_list = bare.partition("=")[2].strip().startswith("[") and "]" not in bare
        elif is_list:
            is_list = "]" not in bare
        else:
            table = None
        yield _replaced(line, table, meant) if table else line


def _replaced(line: str, table: str, meant: _Meant) -> str:
    def told(found: re.Match[str]) -> str:
        quoted = found[0]
        text: Any = quoted[1:-1] if quoted[0] == "'" else json.loads(quoted)
        id_ = meant.id_of(table, text, "")
        return quoted if id_ == text else json.dumps(id_, ensure_ascii=False)

    return _TEXT.sub(told, line)
