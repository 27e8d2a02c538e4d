"""What is asked about the nights of a stack, and about the alarms over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

import msgspec
from msgspec.structs import replace

from rolecall.aws.doctor.probe import Probe, of_type
from rolecall.aws.stack import Stack
from rolecall.usecases.doctor.answers import Answer, Unanswered
from rolecall.usecases.doctor.night_facts import (
    AlarmFacts,
    EndedExecution,
    RunFacts,
    ScheduleFacts,
    SubscriptionFacts,
)

__all__ = ["NightQuestions"]

_LAST = 50
_MOST_ALARMS = 100


class NightQuestions:
    """Asks about nights and alarms."""

    def __init__(
        self, probe: Probe, stack: Stack, resources: Answer[Mapping[str, tuple[str, str]]]
    ) -> None:
        """Ask about a stack.

        :param resources: its physical ids with their types, by logical ids.
        """
        self._probe = probe
        self._stack = stack
        self._resources = resources

    def schedule(self) -> Answer[ScheduleFacts]:
        """Ask for the schedule."""
        if isinstance(self._resources, Unanswered):
            return self._resources
        if "NightlySchedule" not in self._resources:
            return Unanswered("the stack has no NightlySchedule")
        # Its physical id is its name, or group/name.
        name = self._resources["NightlySchedule"][0].rpartition("/")[2]
        return self._probe.ask("scheduler", "GetSchedule", of_type(ScheduleFacts), Name=name)

    def executions(self) -> Answer[Sequence[EndedExecution]]:
        """Ask for the last executions, the latest first, down to the last night that ended well."""
        listed = self._probe.ask(
            "stepfunctions",
            "ListExecutions",
            lambda answer: [
                (one["executionArn"], msgspec.convert(one, EndedExecution))
                for one in answer["executions"]
            ],
            stateMachineArn=self._stack["StateMachineArn"],
            maxResults=_LAST,
        )
        if isinstance(listed, Unanswered):
            return listed
        found: list[EndedExecution] = []
        for arn, execution in listed:
            whole: Answer[bool] = False
            if execution.status == "SUCCEEDED":
                whole = self._is_whole(arn)
            if isinstance(whole, Unanswered):
                return whole
            found.append(replace(execution, whole=whole))
            if whole:
                break
        return found

    def _is_whole(self, arn: str) -> Answer[bool]:
        return self._probe.ask(
            "stepfunctions",
            "DescribeExecution",
            # An audit of one entity says which; so may the heads of entities ask.
            lambda answer: msgspec.json.decode(answer["input"]).get("entity") is None,
            executionArn=arn,
        )

    def runs(self) -> Answer[Sequence[RunFacts]]:
        """Ask for the last runs, the latest first."""

        def read() -> Sequence[RunFacts]:
            return [
                RunFacts(one.run.number, one.run.as_of, one.state == "completed")
                for one in islice(self._stack.findings.run_records(), _LAST)
            ]

        return self._probe.look("the last runs", read)

    def failures(self) -> Answer[int]:
        """Ask how much waits in the failure queue."""
        return self._probe.ask(
            "sqs",
            "GetQueueAttributes",
            of_type(int, "Attributes", "ApproximateNumberOfMessages"),
            QueueUrl=self._stack["FailureQueueUrl"],
            AttributeNames=["ApproximateNumberOfMessages"],
        )

    def machine(self) -> Answer[str]:
        """Ask for the definition of the state machine."""
        return self._probe.ask(
            "stepfunctions",
            "DescribeStateMachine",
            of_type(str, "definition"),
            stateMachineArn=self._stack["StateMachineArn"],
        )

    def alarms(self) -> Answer[Sequence[AlarmFacts]]:
        """Ask for the alarms of the stack."""
        if isinstance(self._resources, Unanswered):
            return self._resources
        names = [
            physical for physical, kind in self._resources.values() if kind.endswith("::Alarm")
        ]
        if not names:
            # Asked for none, CloudWatch would tell of all that the account has.
            return ()
        return self._probe.ask(
            "cloudwatch",
            "DescribeAlarms",
            of_type(list[AlarmFacts], "MetricAlarms"),
            AlarmNames=names[:_MOST_ALARMS],
            MaxRecords=_MOST_ALARMS,
        )

    def subscriptions(self) -> Answer[Sequence[SubscriptionFacts]]:
        """Ask who is told of alarms."""
        return self._probe.pages(
            "sns",
            "ListSubscriptionsByTopic",
            "Subscriptions",
            of_type(SubscriptionFacts),
            TopicArn=self._stack["AlarmTopicArn"],
        )

    def dashboard(self) -> Answer[str]:
        """Ask for the dashboard."""
        read = of_type(str, "DashboardBody")
        name = self._stack["StackName"]
        return self._probe.ask("cloudwatch", "GetDashboard", read, DashboardName=name)
