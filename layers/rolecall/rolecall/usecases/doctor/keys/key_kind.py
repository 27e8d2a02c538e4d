"""A key of another kind than the template's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.resource_facts import KeyFacts
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["key_kind"]


_KINDS = {
    "DataKey": ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"),
    "SigningKey": ("ECC_NIST_EDWARDS25519", "SIGN_VERIFY"),
    "VaultKey": ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"),
    "FingerprintKey": ("HMAC_256", "GENERATE_VERIFY_MAC"),
}


def _asked(state: StackState) -> Mapping[str, Answer[KeyFacts]]:
    return state.keys


@doctor_check(
    title="Every key is of the kind that it is used as",
    why="Checkpoints are Ed25519 signatures; a key of another kind cannot make them.",
    remedy="Make a key of that kind and deploy with it (docs/runbooks.md, key rotation).",
    asks=("kms:DescribeKey",),
    subjects=_asked,
)
def key_kind(name: str, found: KeyFacts, __: StackState) -> Iterator[Complaint]:
    """Look at the kind of a key."""
    if (found.spec, found.usage) != _KINDS[name]:
        wanted = " for ".join(_KINDS[name])
        yield Complaint("critical", f"{name} is {found.spec} for {found.usage}, and not {wanted}.")
