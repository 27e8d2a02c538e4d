"""Measures checks per second against Cloud Custodian's filters.

Ten questions that both can ask, of the same 10,000 records, with the same failing records for an
answer (asserted before anything is timed). CPU time, medians of many rounds in which the sides take
turns. Exits with 1 when the ratios of all rounds are below what is promised.

Custodian is asked twice: of the records as JSON has them, dates as texts, which its filters parse
each time; and of the same records with their dates parsed before the clock starts, as ours were.
What is promised is about the first, which is what a user of it gets; the second is its best case,
and leaves the filters alone to compare.

Usage: python bench/engine.py [--rounds 15]
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import IO, Any, NamedTuple

from msgspec import Struct
from msgspec.structs import asdict, replace

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.custodian import interpreter
from bench.generate import AS_OF, generate
from bench.spread import paired
from rolecall.controls.catalogue import catalogue
from rolecall.controls.context import Context
from rolecall.controls.control import Control, Fail, Params, Undecided
from rolecall.controls.judgement import failures
from rolecall.controls.parameters import resolve
from rolecall.engine import _Tally
from rolecall.finding import Finding
from rolecall.model import ADMINISTRATIVE_ROLES, Policy, Snapshot
from rolecall.registry.reading import read_registry

__all__: list[str] = []

RECORDS = 10_000
PROMISED_ANSWER, PROMISED_FINDINGS = 40.0, 20.0

_NOW = datetime(AS_OF.year, AS_OF.month, AS_OF.day, tzinfo=UTC)
_APPROVED = ("facebook", "instagram", "linkedin", "website", "x", "youtube")
_POLICY = Policy(approved_platforms=frozenset(_APPROVED))


def _older(key: str, days: int) -> dict[str, Any]:
    limit = (_NOW - timedelta(days=days)).isoformat()
    return _value(key, {"date": limit}, op="gt", value_type="age")


def _value(key: str, value: object, **more: object) -> dict[str, Any]:
    return {"type": "value", "key": key, "value": value, **more}


QUESTIONS: dict[str, dict[str, Any]] = {
    "archive-off": {
        "and": [_value("record_class", "present"), _value("archive", True, op="ne")],
    },
    "unapproved-platform": _value("platform", list(_APPROVED), op="not-in"),
    "dormant-account": _older("last_post_on", 90),
    "account-review-overdue": {
        "or": [_value("reviewed_on", "absent"), _older("reviewed_on", 365)],
    },
    "unsecured-login": _value(
        "storage", ["vault", "encrypted_file", "password_manager", "safe"], op="not-in"
    ),
    "login-rotation-overdue": {
        "and": [
            _value("holder_ids", 1, op="gt", value_type="size"),
            {"or": [_value("rotated_on", "absent"), _older("rotated_on", 365)]},
        ],
    },
    "login-without-mfa": _value("mfa", ["none", "sms"], op="in"),
    "weak-password": _value("strength", 3, op="lt"),
    "expired-grant": _older("expires_on", 0),
    "unused-access": _older("last_used_on", 45),
}
"""Our controls, and the Custodian filter that asks the same."""


class _Question(NamedTuple):
    """One question over the records of one table."""

    control: Control[Any]
    context: Context
    params: Params
    subjects: Sequence[Any]


class _Custodian:
    """The other side, in a process of its own; ``form`` says how it gets dates."""

    def __init__(self, form: str, path: Path) -> None:
        script = str(Path(__file__).with_name("c7n_questions.py"))
        self.process = subprocess.Popen(
            [str(interpreter()), script, form, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.matched: dict[str, list[int]] = self._answer()

    def round(self) -> dict[str, float]:
        """Return the CPU seconds of each question, asked once more."""
        _pipe(self.process.stdin).write("again\n")
        _pipe(self.process.stdin).flush()
        answer: dict[str, float] = self._answer()
        return answer

    def close(self) -> None:
        _pipe(self.process.stdin).close()
        self.process.wait()

    def _answer(self) -> Any:
        line = _pipe(self.process.stdout).readline()
        if not line:
            raise SystemExit("Cloud Custodian's side ended early")
        return json.loads(line)


def _pipe(pipe: IO[str] | None) -> IO[str]:
    if pipe is None:
        raise TypeError
    return pipe


def _write(questions: Sequence[_Question], path: Path) -> None:
    document = {
        "questions": [{"id": name, "filter": filter_} for name, filter_ in QUESTIONS.items()],
        "records": {question.control.id: _plain(question.subjects) for question in questions},
    }
    path.write_text(json.dumps(document), encoding="utf-8")


def _plain(items: Sequence[Struct]) -> list[dict[str, Any]]:
    """Return records as JSON holds them; an empty cell is an attribute that is not there."""
    return [
        {"n": number}
        | {key: _said(value) for key, value in asdict(item).items() if value not in (None, ())}
        for number, item in enumerate(items)
    ]


def _said(value: Any) -> Any:
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return list(value) if isinstance(value, tuple) else value


def _questions(folder: Path) -> list[_Question]:
    """Return every question with its 10,000 records, all subjects of the control."""
    generate(RECORDS * 5 // 4, folder)
    whole = read_registry(folder, AS_OF).snapshot
    active = {account.id for account in whole.accounts if account.status == "active"}
    # A snapshot for each table: what evaluate() selects from it are those 10,000 records.
    accounts = (a for a in whole.accounts if a.id in active)
    logins = (login for login in whole.logins if login.account_id in active)
    grants = (
        g
        for g in whole.grants
        if g.account_id in active and g.is_live and g.role in ADMINISTRATIVE_ROLES
    )
    snapshots: dict[str, Snapshot] = {
        "accounts": replace(whole, accounts=_first(accounts), grants=(), logins=()),
        "logins": replace(whole, logins=_first(logins), grants=()),
        "grants": replace(whole, grants=_first(grants), logins=()),
    }
    contexts = {table: Context(snapshot, _POLICY, _NOW) for table, snapshot in snapshots.items()}
    questions = []
    for name in QUESTIONS:
        control = catalogue()[name]
        context = contexts[str(control.subjects.table)]
        subjects = list(control.subjects.select(context))
        params, _ = resolve(control, _POLICY, context)
        questions.append(_Question(control, context, params, subjects))
    return questions


def _first(records: Any) -> tuple[Any, ...]:
    return tuple(islice(records, RECORDS))


def _check_answers(questions: Sequence[_Question], custodian: _Custodian) -> None:
    """Both must say the same of every record, or there is nothing to compare."""
    for question in questions:
        numbers = {id(subject): number for number, subject in enumerate(question.subjects)}
        fails, undecided = _answer(question)
        ours = sorted(numbers[id(fail.subject)] for fail in fails)
        theirs = custodian.matched[question.control.id]
        if ours != theirs or len(_findings(question)) != len(ours) or undecided or not ours:
            raise SystemExit(f"{question.control.id}: {len(ours)} or {len(theirs)} records fail?")
        if len(numbers) != RECORDS:
            raise SystemExit(f"{question.control.id}: {len(numbers)} records")


def _answer(question: _Question) -> tuple[list[Fail], list[Undecided]]:
    """Answer a question: which records fail."""
    control, context, params, subjects = question
    return failures(control, subjects, context, params)


def _findings(question: _Question) -> Sequence[Finding]:
    """Answer a question completely, as an audit does: ids, evidence and digests, and counts."""
    tally = _Tally(question.control, question.context)
    tally.run(question.subjects)
    tally.coverage()
    return tally.findings


class _Times(NamedTuple):
    """Median CPU seconds of one question."""

    texts: float
    parsed: float
    answer: float
    findings: float


def _seconds(work: Callable[[_Question], object], question: _Question) -> float:
    start = time.process_time()
    work(question)
    return time.process_time() - start


def _measure(
    questions: Sequence[_Question], texts: _Custodian, parsed: _Custodian, rounds: int
) -> dict[str, list[_Times]]:
    taken: dict[str, list[_Times]] = {question.control.id: [] for question in questions}
    gc.collect()
    # All sides alike: none of them makes circles of objects.
    gc.disable()
    for _ in range(rounds):
        slow, fast = texts.round(), parsed.round()
        for question in questions:
            name = question.control.id
            answer, findings = _seconds(_answer, question), _seconds(_findings, question)
            taken[name].append(_Times(slow[name], fast[name], answer, findings))
        gc.collect()
    gc.enable()
    return taken


def _summed(times: Iterable[_Times]) -> _Times:
    return _Times(*(sum(column) for column in zip(*times, strict=True)))


def _median(times: Iterable[_Times]) -> _Times:
    return _Times(*(statistics.median(column) for column in zip(*times, strict=True)))


def _show(taken: Mapping[str, Sequence[_Times]], custodian: _Custodian) -> bool:
    print(
        f"{RECORDS:,} records a question, CPU milliseconds (medians); c7n: dates as texts, parsed"
    )
    print(f"{'':32}{'c7n':>16}{'answer':>8}{'ratios':>16}{'findings':>10}{'ratios':>16}")

    def row(name: str, failing: int, t: _Times) -> None:
        print(
            f"{name:24}{failing:>7,} {t.texts * 1e3:>8.1f}{t.parsed * 1e3:>8.1f}"
            f"{t.answer * 1e3:>8.2f}{t.texts / t.answer:>8.1f}{t.parsed / t.answer:>8.1f}"
            f"{t.findings * 1e3:>10.2f}{t.texts / t.findings:>8.1f}{t.parsed / t.findings:>8.1f}"
        )

    times = {name: _median(rounds) for name, rounds in taken.items()}
    for name, median in times.items():
        row(name, len(custodian.matched[name]), median)
    total = _summed(times.values())
    row("all ten", sum(map(len, custodian.matched.values())), total)
    checks = RECORDS * len(times)
    print(
        f"\nchecks per second: c7n {checks / total.texts:,.0f}, with dates parsed "
        f"{checks / total.parsed:,.0f}; ours {checks / total.answer:,.0f}, "
        f"with findings {checks / total.findings:,.0f}"
    )
    return _kept([_summed(questions) for questions in zip(*taken.values(), strict=True)])


def _kept(rounds: Sequence[_Times]) -> bool:
    """Hold all questions of each round against what is promised."""
    print(f"{'':27}{'dates as texts':>26}{'promised':>12}{'dates parsed':>26}")
    kept = True
    for label, field, promised in (
        ("the same answer", "answer", PROMISED_ANSWER),
        ("with complete findings", "findings", PROMISED_FINDINGS),
    ):
        ours = [getattr(one, field) for one in rounds]
        texts = paired([one.texts for one in rounds], ours)
        parsed = paired([one.parsed for one in rounds], ours)
        kept = kept and texts.at_least(promised)
        print(f"{label:27}{texts!s:>26}{promised:>11.0f}x{parsed!s:>26}")
    return kept


def main() -> None:
    """Measure and print; exit with 1 where a promise is not kept."""
    parser = argparse.ArgumentParser(description="Rolecall's engine beside Cloud Custodian's.")
    parser.add_argument("--rounds", type=int, default=15)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        questions = _questions(Path(name) / "registry")
        path = Path(name) / "questions.json"
        _write(questions, path)
        sides = [_Custodian(form, path) for form in ("texts", "parsed")]
    try:
        for custodian in sides:
            _check_answers(questions, custodian)
        times = _measure(questions, sides[0], sides[1], arguments.rounds)
        kept = _show(times, sides[1])
    finally:
        for custodian in sides:
            custodian.close()
    sys.exit(not kept)


if __name__ == "__main__":
    main()
