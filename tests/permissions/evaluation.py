"""How IAM decides on a request, written from its documentation.

Within one account: an explicit refusal wins, then a grant of an identity's policy or of the
resource's, and without either the answer is no. A KMS key is the exception: its own policy must
let somebody in, by naming them or by naming the account, which leaves it to identities' policies.
(IAM User Guide, "Policy evaluation logic", "IAM JSON policy elements: Condition operators"; KMS
Developer Guide, "Key policies".)

Not here, as the template has none of them: boundaries, session policies, policies of an
organisation, other accounts, and variables other than of keys in the context.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from ipaddress import ip_address, ip_network
from types import MappingProxyType
from typing import Any, NamedTuple

__all__ = ["Asked", "Decision", "Statement", "conditions_hold", "decide", "matches"]

Statement = Mapping[str, Any]
Context = Mapping[str, Sequence[str]]


class Asked(NamedTuple):
    """A request, with everything in full.

    :ivar principal: the ARN of a role.
    :ivar context: the keys of conditions, each with all its values.
    """

    principal: str
    action: str
    resource: str
    context: Context = MappingProxyType({})


class Decision(NamedTuple):
    """What IAM answers, and by which statements.

    :ivar granting: identity's statements that let it pass, whatever others say.
    """

    allowed: bool
    granting: tuple[Statement, ...] = ()
    refusing: tuple[Statement, ...] = ()


def decide(
    asked: Asked,
    identity: Iterable[Statement],
    resource: Iterable[Statement] = (),
    *,
    is_key: bool = False,
) -> Decision:
    """Decide on a request.

    :param identity: the statements of the principal's policies.
    :param resource: those of the resource's own policy.
    :param is_key: whether that is a key of KMS.
    """
    own = [one for one in identity if _applies(one, asked)]
    there = [one for one in resource if _names(one, asked) and _applies(one, asked)]
    refusing = tuple(one for one in [*own, *there] if one["Effect"] == "Deny")
    granting = tuple(one for one in own if one["Effect"] == "Allow")
    open_to = [one for one in there if one["Effect"] == "Allow"]
    if is_key:
        by_name = any(not _is_account(one, asked) for one in open_to)
        allowed = by_name or bool(open_to and granting)
    else:
        allowed = bool(granting or any(not _is_account(one, asked) for one in open_to))
    return Decision(allowed and not refusing, granting, refusing)


# -- principals ------------------------------------------------------------------------------------


def _every(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _principals(statement: Statement) -> list[str]:
    named = statement["Principal"]
    return ["*"] if named == "*" else [str(one) for one in _every(named.get("AWS", []))]


def _root(asked: Asked) -> str:
    partition, account = asked.principal.split(":")[1], asked.principal.split(":")[4]
    return f"arn:{partition}:iam::{account}:root"


def _names(statement: Statement, asked: Asked) -> bool:
    """Whether a resource's statement is about who asks; a service is never a role."""
    return bool({"*", asked.principal, _root(asked)} & set(_principals(statement)))


def _is_account(statement: Statement, asked: Asked) -> bool:
    return not {"*", asked.principal} & set(_principals(statement))


# -- actions and resources -------------------------------------------------------------------------


@cache
def _pattern(text: str, *, ignoring_case: bool) -> re.Pattern[str]:
    parts = (".*" if one == "*" else "." if one == "?" else re.escape(one) for one in text)
    return re.compile("".join(parts), re.DOTALL | (re.IGNORECASE if ignoring_case else 0))


def matches(pattern: str, value: str, *, ignoring_case: bool = False) -> bool:
    """Whether a value is what a pattern of ``*`` and ``?`` describes."""
    return _pattern(pattern, ignoring_case=ignoring_case).fullmatch(value) is not None


_VARIABLE = re.compile(r"\$\{([^}]+)\}")


def _filled(text: str, context: Context) -> str | None:
    """Put the values of keys in for variables; None where one has none, and so matches nothing."""
    lacking = []

    def value(found: re.Match[str]) -> str:
        name, _, default = (part.strip() for part in found[1].partition(","))
        if name in ("*", "?", "$"):
            # Themselves, and no wildcards: no resource and no value of ours has one of them.
            return f"\0{name}"
        given = _values(context, name)
        if not given:
            lacking.append(not default)
            return default.strip("'")
        return given[0]

    filled = _VARIABLE.sub(value, text)
    return None if any(lacking) else filled


def _any(patterns: Any, value: str, context: Context, *, ignoring_case: bool = False) -> bool:
    filled = (_filled(str(one), context) for one in _every(patterns))
    return any(
        one is not None and matches(one, value, ignoring_case=ignoring_case) for one in filled
    )


def _applies(statement: Statement, asked: Asked) -> bool:
    if "Action" in statement:
        about = _any(statement["Action"], asked.action, {}, ignoring_case=True)
    else:
        about = not _any(statement["NotAction"], asked.action, {}, ignoring_case=True)
    if "Resource" in statement:
        upon = _any(statement["Resource"], asked.resource, asked.context)
    else:
        upon = not _any(statement["NotResource"], asked.resource, asked.context)
    return about and upon and conditions_hold(statement.get("Condition", {}), asked.context)


# -- conditions ------------------------------------------------------------------------------------

Test = Callable[[str, str], bool]
"""Whether a value of the context is what the policy says."""


def _arn(given: str, pattern: str) -> bool:
    """Each of the six parts by itself: no wildcard reaches over a colon."""
    theirs, ours = given.split(":", 5), pattern.split(":", 5)
    return len(theirs) == len(ours) and all(map(matches, ours, theirs))


def _instant(text: str) -> float:
    return float(text) if text.isdigit() else datetime.fromisoformat(text).timestamp()


def _of(read: Callable[[str], float], compare: Callable[[float, float], bool]) -> Test:
    return lambda given, said: compare(read(given), read(said))


_TESTS: Mapping[str, Test] = {
    "StringEquals": str.__eq__,
    "StringEqualsIgnoreCase": lambda given, said: given.lower() == said.lower(),
    "StringLike": lambda given, said: matches(said, given),
    "BinaryEquals": str.__eq__,
    "Bool": lambda given, said: given.lower() == said.lower(),
    "ArnEquals": _arn,
    "ArnLike": _arn,
    "IpAddress": lambda given, said: ip_address(given) in ip_network(said, strict=False),
    **{
        f"{kind}{name}": _of(read, compare)
        for kind, read in (("Numeric", float), ("Date", _instant))
        for name, compare in (
            ("Equals", float.__eq__),
            ("LessThan", float.__lt__),
            ("LessThanEquals", float.__le__),
            ("GreaterThan", float.__gt__),
            ("GreaterThanEquals", float.__ge__),
        )
    },
}
_OPPOSITES = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NotIpAddress": "IpAddress",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
}


def conditions_hold(block: Mapping[str, Mapping[str, Any]], context: Context) -> bool:
    """Whether all conditions of a statement hold: each operator, and each key below it.

    :raises ValueError: an operator is unknown, or a key has many values for one that takes one.
    """
    return all(
        _holds(operator, key, [str(one) for one in _every(said)], context)
        for operator, keys in block.items()
        for key, said in keys.items()
    )


def _values(context: Context, key: str) -> Sequence[str]:
    return next((values for name, values in context.items() if name.lower() == key.lower()), ())


def _holds(operator: str, key: str, said: list[str], context: Context) -> bool:
    given = _values(context, key)
    if operator == "Null":
        return any((one.lower() == "true") == (not given) for one in said)
    quantifier, mark, name = operator.rpartition(":")
    optional = name.endswith("IfExists")
    name = name.removesuffix("IfExists")
    negated = name in _OPPOSITES
    test = _TESTS.get(_OPPOSITES.get(name, name))
    if test is None or quantifier not in ("", "ForAllValues", "ForAnyValue"):
        raise ValueError(f"{operator} is no operator of conditions")
    if not given:
        # Nothing is not equal to anything; and of no values all are as they should be.
        return quantifier == "ForAllValues" or optional or (negated and not mark)
    one_by_one = (_one(test, value, said, context) != negated for value in given)
    if quantifier == "ForAllValues":
        return all(one_by_one)
    if not mark and len(given) > 1:
        raise ValueError(f"{key} has many values, and {operator} takes one")
    return any(one_by_one)


def _one(test: Test, value: str, said: list[str], context: Context) -> bool:
    filled: Iterator[str | None] = (_filled(one, context) for one in said)
    return any(one is not None and test(value, one) for one in filled)
