"""A key that others may use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rolecall.usecases.doctor.answers import Answer
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.policy_document import PolicyStatement
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["key_policy"]


_USES = ("kms:Decrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:GenerateMac", "kms:Sign")
_CLOSED = {"VaultKey": "kms:Decrypt", "FingerprintKey": "kms:GenerateMac"}


def _is_stranger(principal: str, account: str) -> bool:
    """Return whether somebody is of another account, or anybody."""
    if principal.isdecimal():
        # An account by its number.
        return principal != account
    named = principal.partition("::")[2].partition(":")[0]
    return principal == "*" or (named.isdecimal() and named != account)


def _asked(state: StackState) -> Mapping[str, Answer[Sequence[PolicyStatement]]]:
    return state.key_policies


@doctor_check(
    title=(
        "The keys of the vault are used by the credential function alone, and none by strangers"
    ),
    why="Whoever may use the vault's key opens secrets beside the vault, off the record.",
    remedy="Deploy again: the template has the policies. Then look in CloudTrail who changed it.",
    asks=("kms:GetKeyPolicy",),
    subjects=_asked,
)
def key_policy(
    name: str, found: Sequence[PolicyStatement], state: StackState
) -> Iterator[Complaint]:
    """Look at whom the policy of a key lets use it."""
    role = state.stack.outputs.get("CredentialRoleArn", "")
    account = role.split(":")[4] if role.count(":") >= 5 else ""
    users = [one for one in found if one.allows and any(map(one.covers, _USES))]
    who = {principal for one in users for principal in one.principals}
    gone = sorted(one for one in who if one.startswith(("AROA", "AIDA")))
    strangers = sorted(one for one in who if _is_stranger(one, account))
    others = sorted(who - {role} - set(gone) - set(strangers)) if name in _CLOSED else []
    for one in strangers:
        yield Complaint("critical", f"The policy of {name} lets {one} use it.")
    for one in others:
        yield Complaint("critical", f"The policy of {name} lets {one} use it beside the vault.")
    if name in _CLOSED and role not in who:
        deleted = f"; it names {gone[0]}, which was deleted" if gone else ""
        yield Complaint(
            "critical",
            f"The policy of {name} does not let the credential function use it{deleted}.",
            "Put the policy of the template on the key, with the role of this stack "
            "(aws kms put-key-policy; docs/vault.md, recovery).",
        )
