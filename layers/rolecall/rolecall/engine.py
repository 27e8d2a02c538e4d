"""Runs controls over a snapshot and counts three verdicts: PASS, FAIL and NOT_EVALUATED.

"We could not check" is never a pass and never a fail. It is decided here, before a check is
called: a column that the registry does not track or a setting that the policy does not have takes
the whole control out, a column that is tracked for some rows alone takes out the others, an empty
cell that a control cannot do without takes out one subject, and so does an exception: the batch is
then run again one subject at a time, so that one bad subject cannot hide others and never stops a
run. A column without which a check still proves something takes out, after the call, whom it
concerns of those that did not fail.

The engine is pure. It knows nothing of earlier runs (:mod:`rolecall.lifecycle`) nor of waivers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import Any

from msgspec import Struct

from rolecall.controls.audience import audience
from rolecall.controls.context import Context
from rolecall.controls.control import Control, Fail, Params
from rolecall.controls.judgement import answered, batches, failures, suspects
from rolecall.controls.parameters import resolve
from rolecall.controls.populations import Population
from rolecall.controls.tracking import unmet, unproven
from rolecall.finding import Finding, canonical, digest, finding_id
from rolecall.ring import Slice

__all__ = ["Coverage", "Evaluation", "Scope", "evaluate"]


class Scope(Struct, frozen=True):
    """What a run is limited to; ``None`` for no limit.

    :param controls: ids of the controls to run.
    :param entities: ids of the entities whose subjects are checked.
    :param part: the slice of the ring whose subjects are checked; the others are there because
        these refer to them.
    """

    controls: frozenset[str] | None = None
    entities: frozenset[str] | None = None
    part: Slice | None = None

    def covers(self, control: str, entity: str | None) -> bool:
        """Tell whether a control's subject in an entity is part of the run."""
        return (self.controls is None or control in self.controls) and (
            self.entities is None or entity in self.entities
        )


class Coverage(Struct, frozen=True):
    """What became of the subjects of one control.

    ``reasons`` says why subjects were not evaluated and how many; a reason may count 0 where a
    whole table is missing and nobody knows how many there would have been. ``disabled`` counts
    the subjects for which the policy turned the control off. ``reported`` counts those of
    ``passed`` that pass because somebody reported to the platform that they are not ours.
    """

    control: str
    passed: int
    failed: int
    not_evaluated: int
    reasons: Mapping[str, int]
    disabled: int = 0
    reported: int = 0


class Evaluation(Struct, frozen=True):
    """Everything that one pass of the engine found, in no particular order.

    ``missing`` holds the controls that were not evaluated at all, ``undecided`` the ids of the
    findings on which no verdict was possible, ``parameters`` what each control was run with.
    """

    findings: Sequence[Finding]
    coverage: Mapping[str, Coverage]
    missing: frozenset[str]
    undecided: Mapping[str, Sequence[Any]]
    parameters: Mapping[str, tuple[Params, Mapping[str, Params]]]


def evaluate(
    context: Context,
    controls: Iterable[Control[Any]],
    scope: Scope | None = None,
    advance: Callable[[int], object] | None = None,
) -> Evaluation:
    """Run controls over every subject in scope.

    :param advance: called with the number of subjects after each batch, for a progress bar.
    """
    scope = scope or Scope()
    tallies = [
        _Tally(control, context)
        for control in controls
        if scope.controls is None or control.id in scope.controls
    ]
    for groups in _by_source(tallies):
        watched = [_watched(group) for group in groups]
        # Every control looks at a batch while its subjects are still in the processor's caches.
        for items in batches(_in_scope(groups[0][0].control.subjects, context, scope)):
            for group, people in zip(groups, watched, strict=True):
                batch = group[0].control.subjects.among(items, context)
                # Most holders are in order in every way: these are left out once for all controls.
                few = [grant for grant in batch if grant.person_id in people] if people else ()
                for tally in group:
                    tally.run(batch, few)
                if advance is not None:
                    advance(len(batch) * len(group))
    return Evaluation(
        findings=[finding for tally in tallies for finding in tally.findings],
        coverage={tally.control.id: tally.coverage() for tally in tallies},
        missing=frozenset(tally.control.id for tally in tallies if tally.missing),
        undecided={tally.control.id: tally.undecided for tally in tallies if tally.undecided},
        parameters={tally.control.id: (tally.base, tally.differing) for tally in tallies},
    )


def _by_source(tallies: Iterable[_Tally]) -> Iterable[Sequence[Sequence[_Tally]]]:
    """Group controls by what their subjects are chosen from, and those by their population."""
    sources: dict[Any, dict[str, list[_Tally]]] = {}
    for tally in tallies:
        group = sources.setdefault(tally.control.subjects.source, {})
        group.setdefault(tally.control.subjects.name, []).append(tally)
    return [list(groups.values()) for groups in sources.values()]


def _watched(group: Iterable[_Tally]) -> Set[str]:
    """Return the people of whom some control of a group looks at each grant."""
    suspects = [tally.suspects for tally in group if tally.suspects is not None]
    return frozenset().union(*suspects)


def _in_scope(population: Population[Any], context: Context, scope: Scope) -> Sequence[Any]:
    items = population.source(context)
    if scope.part is not None:
        items = [item for item in items if scope.part.holds(population.subject(item))]
    if scope.entities is None:
        return items
    entity_of = audience(population, context.policy)
    return [item for item in items if entity_of(item, context) in scope.entities]


class _Tally:
    """One control's run: its findings and counts as they come in."""

    def __init__(self, control: Control[Any], context: Context) -> None:
        self.control = control
        self.context = context
        self.base, self.differing = resolve(control, context.policy, context)
        self.missing, self.sieve = unmet(control, context)
        self.unproven = unproven(control, context)
        is_plain = not (self.differing or self.missing or self.sieve or self.unproven)
        self.suspects = suspects(control, context, self.base) if is_plain else None
        self.findings: list[Finding] = []
        self.digested: dict[bytes, tuple[bytes, str]] = {}
        self.undecided: list[Any] = []
        self.reasons: Counter[str] = Counter()
        self.passed = self.disabled = self.not_evaluated = self.reported = 0

    def run(self, batch: Sequence[Any], few: Sequence[Any] | None = None) -> None:
        """Check a batch.

        :param few: of a batch of grants those of suspects, of this control or of another.
        """
        if self.suspects is not None and self.base.enabled:
            people = self.suspects
            looked_at = [one for one in (batch if few is None else few) if one.person_id in people]
            self.passed += len(batch) - len(looked_at)
            batch = looked_at
        for params, group in self._groups(batch):
            if not params.enabled:
                self.disabled += len(group)
            elif self.missing:
                self.not_evaluated += len(group)
            else:
                self._check(group, params)

    def _groups(self, subjects: Sequence[Any]) -> Iterable[tuple[Params, Sequence[Any]]]:
        """Group subjects by the parameters that their entities get."""
        if not self.differing:
            return [(self.base, subjects)]
        groups: dict[int, tuple[Params, list[Any]]] = {}
        entity = self.control.subjects.entity
        for subject in subjects:
            params = self.differing.get(entity(subject, self.context) or "", self.base)
            groups.setdefault(id(params), (params, []))[1].append(subject)
        return groups.values()

    def _check(self, batch: Sequence[Any], params: Params) -> None:
        tracked, undecided = (batch, []) if self.sieve is None else self.sieve(batch)
        fails, unknown = failures(self.control, tracked, self.context, params, self.unproven)
        if undecided := [*undecided, *unknown]:
            self.undecided += [subject for subject, _ in undecided]
            self.reasons.update([reason for _, reason in undecided])
        if fails:
            self._note(fails, params)
        self.not_evaluated += len(undecided)
        self.reported += answered(self.control, batch, self.context)
        self.passed += len(batch) - len(fails) - len(undecided)

    def _note(self, fails: Sequence[Fail], params: Params) -> None:
        """Make the findings of a batch; look-ups stand outside the loop, which runs for each."""
        control, context, add = self.control, self.context, self.findings.append
        id_, own, policy = control.id, control.severity, params.severity
        subject_of = control.subjects.subject
        entity_of = audience(control.subjects, context.policy)
        same = self.digested
        for item, facts, severity in fails:
            subject = subject_of(item)
            evidence = canonical(facts)
            # Many subjects fail for the same facts: these are kept, and digested, once.
            if (known := same.get(evidence)) is None:
                known = same[evidence] = evidence, digest(evidence)
            add(
                Finding(
                    finding_id(id_, subject),
                    id_,
                    policy or severity or own,
                    entity_of(item, context),
                    subject,
                    *known,
                )
            )

    def coverage(self) -> Coverage:
        reasons = dict(sorted(self.reasons.items()))
        # Every missing column is named; the subjects are counted once, under the first.
        for number, reason in enumerate(self.missing):
            reasons[reason] = 0 if number else self.not_evaluated
        return Coverage(
            control=self.control.id,
            passed=self.passed,
            failed=len(self.findings),
            not_evaluated=self.not_evaluated,
            reasons=reasons,
            disabled=self.disabled,
            reported=self.reported,
        )
