"""A vault whose key is bound to another organisation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.policy_document import PolicyStatement
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["organisation"]


_CONTEXT = "kms:EncryptionContext:organisation"


def _asked(state: StackState) -> Mapping[str, Answer[Sequence[PolicyStatement]]]:
    return only(state.key_policies["VaultKey"])


@doctor_check(
    title="The vault's key is bound to the organisation of the stack",
    why=("The organisation is a part of every secret's place: under another one no secret opens."),
    remedy="Deploy with Organisation as it was; it never changes.",
    asks=("kms:GetKeyPolicy",),
    subjects=_asked,
    on_emulator=False,
)
def organisation(
    _: str, found: Sequence[PolicyStatement], state: StackState
) -> Iterator[Complaint]:
    """Hold the condition on the vault's key against the parameter."""
    organisation = state.stack.outputs.get("Organisation", "")
    uses = [one for one in found if one.allows and one.covers("kms:Decrypt")]
    bound = {str(one.condition.get("StringEquals", {}).get(_CONTEXT, "nothing")) for one in uses}
    if bound != {organisation}:
        named = " and ".join(sorted(bound)) or "nothing"
        yield Complaint(
            "critical",
            f"The vault's key is bound to {named}, and the organisation is {organisation}.",
        )
