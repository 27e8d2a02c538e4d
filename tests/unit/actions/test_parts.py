"""The parts of a registry, however it is cut up, come to the actions of the whole of it."""

from __future__ import annotations

import heapq
from operator import attrgetter
from pathlib import Path

import msgspec
import pytest

from rolecall.actions.action import Action
from rolecall.actions.drafts import Standing
from rolecall.actions.folding import fold
from rolecall.controls.catalogue import catalogue
from rolecall.controls.context import Context
from rolecall.engine import Scope, evaluate
from rolecall.reports.named_action import NamedAction, joined_named
from rolecall.usecases.runs.batch import Batch
from rolecall.usecases.runs.plan import Plan
from tests.nights import Documents
from tests.planned import plan_of
from tests.registries import AS_OF, RegistryFiles, crowded
from tests.tiers import cases

_batch = msgspec.json.Decoder(Batch).decode


def in_parts(files: RegistryFiles, scratch: Path, most: int) -> list[Action]:
    """Return the actions of a registry that is cut into batches of so many bytes, as at night."""
    snapshot, policy = files.read()
    scratch.mkdir(exist_ok=True)
    plan = Plan(Documents(snapshot, files.policy), scratch, most=most)
    frozen = plan.frozen(plan.run("night", AS_OF, 0), "run", None, 1)
    parts = []
    for data in plan.documents():
        batch = _batch(data)
        context = Context(batch.snapshot(frozen.tracked, frozen.partly), policy, AS_OF)
        found = evaluate(context, catalogue().values(), Scope(part=batch.part)).findings
        folded = fold([Standing(one, AS_OF) for one in found], context)
        assert not folded.without
        # As a night keeps them between its steps.
        data = msgspec.json.encode([NamedAction(one, {}, {}) for one in folded.actions])
        parts.append(msgspec.json.decode(data, type=list[NamedAction]))
    plan.close()
    together = heapq.merge(*parts, key=attrgetter("key"))
    return [one.action for one in joined_named(together)]


@pytest.mark.parametrize("most", [1, 2_500])
@pytest.mark.parametrize("seed", range(cases("crowded registries") // 2))
def test_parts_come_to_the_whole(seed: int, most: int, tmp_path: Path) -> None:
    files = crowded(seed, has_waivers=True)
    assert in_parts(files, tmp_path, most) == list(plan_of(files).actions)
