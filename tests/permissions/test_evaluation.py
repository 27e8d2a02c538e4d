"""The evaluation of policies does what IAM's documentation says, case by case."""

from __future__ import annotations

from typing import Any

import pytest

from tests.permissions.evaluation import Asked, conditions_hold, decide, matches

ROLE = "arn:aws:iam::123456789012:role/one"
OTHER = "arn:aws:iam::123456789012:role/other"
ROOT = "arn:aws:iam::123456789012:root"
TABLE = "arn:aws:dynamodb:eu-central-1:123456789012:table/t"
ASKED = Asked(ROLE, "dynamodb:GetItem", TABLE)


def allow(**more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": TABLE} | more


def deny(**more: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": "*", "Resource": "*"} | more


# -- statements ------------------------------------------------------------------------------------


def test_without_a_grant_the_answer_is_no() -> None:
    assert not decide(ASKED, []).allowed
    assert decide(ASKED, [allow()]).allowed


@pytest.mark.parametrize("own", [[allow(), deny()], [deny(), allow()]])
def test_a_refusal_wins_wherever_it_stands(own: list[dict[str, Any]]) -> None:
    assert not decide(ASKED, own).allowed
    assert not decide(ASKED, [allow()], [deny(Principal="*")]).allowed


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("dynamodb:GetItem", True),
        ("DynamoDB:getitem", True),
        ("dynamodb:Get*", True),
        ("dynamodb:Get?tem", True),
        ("*", True),
        ("dynamodb:Get?", False),
        ("dynamodb:Put*", False),
        ("s3:GetItem", False),
        (["s3:GetObject", "dynamodb:*"], True),
    ],
)
def test_actions(action: Any, expected: bool) -> None:
    assert decide(ASKED, [allow(Action=action)]).allowed is expected


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (TABLE, True),
        (TABLE.upper(), False),
        ("*", True),
        (f"{TABLE}*", True),
        (f"{TABLE}/index/*", False),
        ("arn:aws:dynamodb:*:123456789012:table/?", True),
        (["arn:aws:s3:::b", TABLE], True),
    ],
)
def test_resources(resource: Any, expected: bool) -> None:
    assert decide(ASKED, [allow(Resource=resource)]).allowed is expected


def test_all_but_what_is_named() -> None:
    others = {"Effect": "Allow", "NotAction": "dynamodb:Get*", "Resource": "*"}
    assert not decide(ASKED, [others]).allowed
    assert decide(ASKED._replace(action="dynamodb:Query"), [others]).allowed
    elsewhere = {"Effect": "Allow", "Action": "*", "NotResource": TABLE}
    assert not decide(ASKED, [elsewhere]).allowed
    assert decide(ASKED._replace(resource=f"{TABLE}2"), [elsewhere]).allowed


def test_variables_are_values_of_keys() -> None:
    mine = allow(Resource="arn:aws:s3:::b/${aws:username}/*", Action="s3:GetObject")
    asked = Asked(ROLE, "s3:GetObject", "arn:aws:s3:::b/jo/x", {"aws:username": ("jo",)})
    assert decide(asked, [mine]).allowed
    assert not decide(asked._replace(context={"aws:username": ("al",)}), [mine]).allowed
    # Who has no name is nobody, and not everybody.
    assert not decide(asked._replace(context={}), [mine]).allowed
    default = allow(Resource="arn:aws:s3:::b/${aws:username, 'jo'}/*", Action="s3:GetObject")
    assert decide(asked._replace(context={}), [default]).allowed


# -- policies of resources -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        ("*", True),
        ({"AWS": "*"}, True),
        ({"AWS": ROLE}, True),
        ({"AWS": [OTHER, ROLE]}, True),
        ({"AWS": OTHER}, False),
        ({"Service": "lambda.amazonaws.com"}, False),
        # To the account: it leaves it to the policies of those in it.
        ({"AWS": ROOT}, False),
    ],
)
def test_a_resource_lets_in_whom_it_names(principal: Any, expected: bool) -> None:
    assert decide(ASKED, [], [allow(Principal=principal)]).allowed is expected


def test_a_bucket_needs_no_policy_and_a_key_has_one() -> None:
    assert decide(ASKED, [allow()], []).allowed
    assert not decide(ASKED, [allow()], [], is_key=True).allowed


def test_a_key_decides_itself_whom_it_serves() -> None:
    by_account, by_name = allow(Principal={"AWS": ROOT}), allow(Principal={"AWS": ROLE})
    assert decide(ASKED, [allow()], [by_account], is_key=True).allowed
    assert not decide(ASKED, [], [by_account], is_key=True).allowed
    assert decide(ASKED, [], [by_name], is_key=True).allowed
    # What the account is let do says nothing of what it is not let do.
    care = allow(Principal={"AWS": ROOT}, Action="kms:DescribeKey")
    assert not decide(ASKED, [allow()], [care], is_key=True).allowed
    # The right to say who may use it is no right to use it.
    assert not decide(ASKED, [allow()], [allow(Principal={"AWS": OTHER})], is_key=True).allowed


# -- conditions ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operator", "said", "given", "expected"),
    [
        ("StringEquals", "a", "a", True),
        ("StringEquals", "a", "A", False),
        ("StringEquals", "a*", "ab", False),
        ("StringEquals", ["b", "a"], "a", True),
        ("StringNotEquals", ["b", "a"], "a", False),
        ("StringNotEquals", ["b", "c"], "a", True),
        ("StringEqualsIgnoreCase", "a", "A", True),
        ("StringNotEqualsIgnoreCase", "a", "A", False),
        ("StringLike", "S#*", "S#17", True),
        ("StringLike", "S#*", "SEEN#17", False),
        ("StringLike", "S?", "S#", True),
        ("StringNotLike", "S#*", "S#17", False),
        ("NumericEquals", "7", "7.0", True),
        ("NumericNotEquals", "7", "7", False),
        ("NumericLessThan", "7", "7", False),
        ("NumericLessThanEquals", "7", "7", True),
        ("NumericGreaterThan", "7", "10", True),
        ("NumericGreaterThanEquals", "7", "6", False),
        ("DateLessThan", "2026-11-02T00:00:00+00:00", "2026-11-01T23:59:59+00:00", True),
        ("DateGreaterThan", "2026-11-02T00:00:00+00:00", "1000", False),
        ("Bool", "false", "False", True),
        ("Bool", "true", "false", False),
        ("IpAddress", "10.0.0.0/8", "10.9.8.7", True),
        ("NotIpAddress", "10.0.0.0/8", "10.9.8.7", False),
        ("ArnLike", "arn:aws:iam::*:role/*", ROLE, True),
        # A wildcard stays in its part.
        ("ArnLike", "arn:aws:*:role/one", ROLE, False),
        ("ArnNotEquals", ROLE, ROLE, False),
        ("ArnNotEquals", OTHER, ROLE, True),
    ],
)
def test_operators(operator: str, said: Any, given: str, expected: bool) -> None:
    assert conditions_hold({operator: {"k": said}}, {"K": (given,)}) is expected


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("StringEquals", False),
        ("StringLike", False),
        ("Bool", False),
        ("StringNotEquals", True),
        ("ArnNotEquals", True),
        ("StringEqualsIfExists", True),
        ("ForAllValues:StringEquals", True),
        ("ForAnyValue:StringEquals", False),
        ("ForAnyValue:StringNotEquals", False),
    ],
)
def test_a_key_that_is_not_there(operator: str, expected: bool) -> None:
    assert conditions_hold({operator: {"k": "a"}}, {"other": ("a",)}) is expected


@pytest.mark.parametrize(
    ("operator", "given", "expected"),
    [
        ("ForAllValues:StringLike", ("S#1", "S#2"), True),
        ("ForAllValues:StringLike", ("S#1", "HEAD"), False),
        ("ForAllValues:StringLike", (), True),
        ("ForAnyValue:StringLike", ("HEAD", "S#1"), True),
        ("ForAnyValue:StringLike", ("HEAD",), False),
        ("ForAllValues:StringNotLike", ("S#1", "HEAD"), False),
        ("ForAllValues:StringNotLike", ("HEAD",), True),
        ("ForAnyValue:StringNotLike", ("S#1", "HEAD"), True),
    ],
)
def test_many_values(operator: str, given: tuple[str, ...], expected: bool) -> None:
    context = {"k": given} if given else {}
    assert conditions_hold({operator: {"k": "S#*"}}, context) is expected


def test_whether_a_key_is_there() -> None:
    there, not_there = {"Null": {"k": "false"}}, {"Null": {"k": "true"}}
    assert conditions_hold(there, {"k": ("",)})
    assert not conditions_hold(there, {})
    assert conditions_hold(not_there, {})
    assert not conditions_hold(not_there, {"k": ("",)})


def test_every_operator_and_every_key_must_hold() -> None:
    block = {"StringEquals": {"a": "1", "b": "2"}, "Bool": {"c": "true"}}
    context = {"a": ("1",), "b": ("2",), "c": ("true",)}
    assert conditions_hold(block, context)
    for key in context:
        assert not conditions_hold(block, context | {key: ("other",)})


def test_what_is_not_understood_is_not_passed_over() -> None:
    with pytest.raises(ValueError, match="no operator"):
        conditions_hold({"StringResembles": {"k": "a"}}, {"k": ("a",)})
    with pytest.raises(ValueError, match="no operator"):
        conditions_hold({"ForSomeValues:StringEquals": {"k": "a"}}, {"k": ("a",)})
    with pytest.raises(ValueError, match="takes one"):
        conditions_hold({"StringEquals": {"k": "a"}}, {"k": ("a", "b")})


def test_patterns() -> None:
    assert matches("a.c*", "a.cd\ne")
    assert not matches("a.c", "abc")
    assert not matches("[a]", "a")
