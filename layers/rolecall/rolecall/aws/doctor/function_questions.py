"""What is asked about the functions of a stack, and about their logs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from rolecall.aws.doctor.probe import Probe, of_type
from rolecall.aws.stack import Stack
from rolecall.usecases.doctor.answers import Answer, Unanswered
from rolecall.usecases.doctor.resource_facts import (
    AccountLimits,
    DeployedFunction,
    StreamMapping,
)

__all__ = ["FUNCTIONS", "FunctionQuestions", "account_limits"]

FUNCTIONS = (
    *("PlanFunction", "AuditFunction", "SealFunction", "ReportFunction"),
    *("CredentialFunction", "ApiFunction", "RevokeFunction"),
)


class FunctionQuestions:
    """Asks about functions."""

    def __init__(
        self, probe: Probe, stack: Stack, resources: Answer[Mapping[str, tuple[str, str]]]
    ) -> None:
        """Ask about a stack.

        :param resources: its physical ids with their types, by logical ids.
        """
        self._probe = probe
        self._stack = stack
        self._resources = resources

    def function(self, name: str) -> Answer[DeployedFunction]:
        """Ask what a function is like."""
        arn, read = self._stack[f"{name}Arn"], of_type(DeployedFunction)
        return self._probe.ask("lambda", "GetFunctionConfiguration", read, FunctionName=arn)

    def reserved(self, name: str) -> Answer[int | None]:
        """Ask how many executions are kept for a function."""
        return self._probe.ask(
            "lambda",
            "GetFunctionConcurrency",
            lambda answer: answer.get("ReservedConcurrentExecutions"),
            FunctionName=self._stack[f"{name}Arn"],
        )

    def layer(self, arn: str) -> Answer[datetime]:
        """Ask when a layer was made."""
        read = of_type(datetime, "CreatedDate")
        return self._probe.ask("lambda", "GetLayerVersionByArn", read, Arn=arn)

    def stream(self) -> Answer[StreamMapping]:
        """Ask whether the stream of revocations is handed on."""
        if isinstance(self._resources, Unanswered):
            return self._resources
        if "RevokeSource" not in self._resources:
            return Unanswered("the stack has no RevokeSource")
        mapping, read = self._resources["RevokeSource"][0], of_type(StreamMapping)
        return self._probe.ask("lambda", "GetEventSourceMapping", read, UUID=mapping)

    def log_groups(self) -> Mapping[str, Answer[int | None]]:
        """Ask for how long logs are kept, by the names of their groups; 0 for one that is gone."""
        if isinstance(self._resources, Unanswered):
            return {"": self._resources}
        names = [one for one, kind in self._resources.values() if kind.endswith("::LogGroup")]
        return self._probe.each(names, self._group)

    def _group(self, name: str) -> Answer[int | None]:
        found = self._probe.pages(
            "logs",
            "DescribeLogGroups",
            "logGroups",
            lambda one: (one["logGroupName"], one.get("retentionInDays")),
            logGroupNamePrefix=name,
        )
        return found if isinstance(found, Unanswered) else dict(found).get(name, 0)


def account_limits(probe: Probe) -> Answer[AccountLimits]:
    """Ask how many executions the account may have at once."""
    return probe.ask("lambda", "GetAccountSettings", of_type(AccountLimits, "AccountLimit"))
