"""What is asked about the keys of a stack."""

from __future__ import annotations

from collections.abc import Sequence

from rolecall.aws.doctor.probe import Probe, of_type
from rolecall.aws.stack import Stack
from rolecall.usecases.doctor.answers import Answer
from rolecall.usecases.doctor.policy_document import PolicyStatement, policy_statements
from rolecall.usecases.doctor.resource_facts import KeyFacts

__all__ = ["KEYS", "ROTATED", "KeyQuestions"]

KEYS = ("DataKey", "SigningKey", "VaultKey", "FingerprintKey")
ROTATED = ("DataKey", "VaultKey")
"""Those that AWS can rotate."""


class KeyQuestions:
    """Asks about keys; the signing key is the one that signs from now on."""

    def __init__(self, probe: Probe, stack: Stack) -> None:
        self._probe = probe
        self._stack = stack

    def key(self, name: str) -> Answer[KeyFacts]:
        """Ask what a key is like."""
        read = of_type(KeyFacts, "KeyMetadata")
        return self._probe.ask("kms", "DescribeKey", read, KeyId=self._stack[f"{name}Arn"])

    def rotation(self, name: str) -> Answer[bool]:
        """Ask whether a key is rotated."""
        read = of_type(bool, "KeyRotationEnabled")
        return self._probe.ask("kms", "GetKeyRotationStatus", read, KeyId=self._stack[f"{name}Arn"])

    def policy(self, name: str) -> Answer[Sequence[PolicyStatement]]:
        """Ask for the policy of a key."""
        return self._probe.ask(
            "kms",
            "GetKeyPolicy",
            lambda answer: policy_statements(answer["Policy"]),
            KeyId=self._stack[f"{name}Arn"],
            PolicyName="default",
        )
