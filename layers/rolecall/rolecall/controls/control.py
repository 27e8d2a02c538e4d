"""What a control is: a description that a person can act on, and one pure check.

A check is a generator over a batch of subjects. It yields a :class:`Fail` for each subject that
fails; every other subject of the batch passes. It is never asked about a subject that it cannot
decide: the engine takes out, before the call, all that ``undecided`` names. Of a column in
``partly`` it asks whether it is tracked, and fails nobody by what is not; whom it does not fail
then, the engine takes out after the call.

The evidence of a :class:`Fail` holds the registry values and the parameters that decided, never an
age nor the instant of the audit, so that unchanged facts give unchanged evidence every night. It
names people and accounts by id. Lists in it are sorted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

from msgspec import Struct

from rolecall.controls.account_index import MOST_ALIKE
from rolecall.controls.context import Context
from rolecall.controls.populations import Population
from rolecall.frameworks.known import FRAMEWORKS
from rolecall.model import Alike, Severity

__all__ = [
    "Afterthought",
    "Answered",
    "Check",
    "Concern",
    "Control",
    "Evidence",
    "Fail",
    "Params",
    "References",
    "Sieve",
    "Suspects",
    "Undecided",
    "concerns_all",
    "control",
    "others",
]

S = TypeVar("S")

Evidence: TypeAlias = dict[str, Any]
"""Names of registry columns and parameters to values that JSON can hold, dates included."""


class Params(Struct, frozen=True, kw_only=True):
    """What a check is called with. A control reads only the parameters that it declares.

    ``days`` and ``hours`` are limits on an age, ``days_lesser`` one for what gives less power,
    ``minimum`` and ``maximum`` counts, ``level`` one of the policy's clearance levels,
    ``individual_roles`` platforms where everybody signs in as themselves, ``platforms`` those that
    a control is about, ``require_observation`` whether what was never seen fails. ``severity`` is
    ``None`` unless the policy sets it; then it is that of every finding of the control.
    """

    enabled: bool = True
    severity: Severity | None = None
    days: int = 0
    days_lesser: int = 0
    hours: int = 0
    minimum: int = 0
    maximum: int = 0
    level: str = ""
    individual_roles: frozenset[str] = frozenset()
    platforms: frozenset[str] = frozenset()
    require_observation: bool = False


class Fail(NamedTuple):
    """One subject that fails. ``severity`` only where it differs from the control's own."""

    subject: Any
    evidence: Evidence
    severity: Severity | None = None


Undecided: TypeAlias = tuple[Any, str]
"""One subject that the control cannot decide, and why, in words for a person.

A plain tuple: where an organisation does not observe its accounts there are as many as grants.
"""

Check: TypeAlias = Callable[[Sequence[S], Context, Params], Iterator[Fail]]
Sieve: TypeAlias = Callable[[Sequence[S], Context], Iterator[Undecided]]
Afterthought: TypeAlias = Callable[[Sequence[S], Context, Params], Iterator[Undecided]]
"""Yields, of subjects that do not fail, those of which nobody can say that they pass, and why."""
Concern: TypeAlias = Callable[[S, Context, Params], bool]
"""Whether a subject that does not fail by what is tracked may still fail by a certain column."""
Suspects: TypeAlias = Callable[[Context, Params], Set[str]]
"""Returns ids of people, among them every holder of a grant that a control does not pass."""
Answered: TypeAlias = Callable[[Sequence[S], Context], int]
"""Returns how many of some subjects pass because somebody said that they are not ours."""


class References(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The requirements of public frameworks of which a control gives evidence for a part.

    ``nist`` NIST SP 800-53 revision 5, ``cis`` CIS Controls 8.1, ``iso`` ISO/IEC 27001:2022
    annex A, ``soc2`` Trust Services Criteria 2017, ``gdpr`` articles of Regulation (EU) 2016/679;
    ``practice`` what others advise. A clause of an organisation's own policy stands in its
    policy, never here.

    :raises ValueError: the table of a framework has no such requirement, or they are not in their
        natural order.
    """

    nist: tuple[str, ...] = ()
    cis: tuple[str, ...] = ()
    iso: tuple[str, ...] = ()
    soc2: tuple[str, ...] = ()
    gdpr: tuple[str, ...] = ()
    practice: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what no framework has."""
        for key, framework in FRAMEWORKS.items():
            framework.check(getattr(self, key))


class Control(Struct, Generic[S], frozen=True, kw_only=True):
    """One check of the catalogue.

    ``title`` states what is true when it passes; ``detail`` is a template over the keys of the
    subject and the evidence, or one template for each value of the evidence's ``because``, with the
    empty text for evidence without one. ``remediation`` is for whoever can do it: what to do on the
    platform and with whom, in words of people. ``record`` is for whoever keeps the registry: what
    to write down once it is done, and it alone names tables and columns.
    ``needs`` names columns (``table.column``) and policy settings (``policy.setting``) without
    which the whole control is not evaluated, and ``needs_one`` sets of them of which it takes one.
    ``partly`` names columns without which the check still proves something: it fails whom it can by
    what is tracked, and of the others those whom such a column concerns are undecided.
    ``undecided`` takes out subjects before the check is called, ``unsettled`` after it some that it
    did not fail. ``without`` says in words what is proven without one of several columns, and why
    no more is. ``suspects`` are people of whom alone a control of grants has to look at each grant;
    without it, it looks at all. ``answered`` counts, for reports, those who pass because they were
    reported as not ours. ``parameters`` are the defaults that a policy may change, beside
    ``severity`` and ``enabled``. The control is off where one of them is ``None`` and the policy
    does not set it, and where the policy has no setting ``off_without``.
    """

    id: str
    group: str
    title: str
    severity: Severity
    rationale: str
    remediation: str
    record: str
    detail: str | Mapping[str, str]
    references: References
    subjects: Population[S]
    check: Check[S]
    needs: tuple[str, ...] = ()
    partly: Mapping[str, Concern[S]] = {}
    without: str = ""
    undecided: Sieve[S] | None = None
    suspects: Suspects | None = None
    off_without: str | None = None
    needs_one: tuple[tuple[str, ...], ...] = ()
    unsettled: Afterthought[S] | None = None
    answered: Answered[S] | None = None
    parameters: Mapping[str, Any] = {}


def control(
    *,
    title: str,
    severity: Severity,
    rationale: str,
    remediation: str,
    record: str,
    detail: str | Mapping[str, str],
    references: References,
    subjects: Population[S],
    needs: tuple[str, ...] = (),
    partly: Mapping[str, Concern[S]] | None = None,
    without: str = "",
    undecided: Sieve[S] | None = None,
    suspects: Suspects | None = None,
    off_without: str | None = None,
    needs_one: tuple[tuple[str, ...], ...] = (),
    unsettled: Afterthought[S] | None = None,
    answered: Answered[S] | None = None,
    **parameters: Any,
) -> Callable[[Check[S]], Control[S]]:
    """Make a control of a check; its id and group are the names of its file and folder."""
    # Each parameter is a field of the control, under the same name.
    fields = {**locals(), "partly": partly or {}}

    def decorate(check: Check[S]) -> Control[S]:
        return Control(**_home(check), check=check, **fields)

    return decorate


def _home(check: Check[Any]) -> dict[str, Any]:
    group, name = check.__module__.split(".")[-2:]
    return {"id": name.replace("_", "-"), "group": group}


def concerns_all(_subject: object, _context: Context, _params: Params) -> bool:
    """Say of a column that without it any subject that does not fail may still do so."""
    return True


def others(group: Alike, own: str) -> tuple[list[str], int]:
    """Return the first others of a group, at most twenty, and how many others there are.

    Of ten thousand alike each would otherwise name all others.
    """
    return [id_ for id_ in group.ids if id_ != own][: MOST_ALIKE - 1], group.size - 1
