"""The account of AWS that a deployment goes to, and the stacks that stand there."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from infra.deployment_guard import Deployed
from infra.parameter_overrides import UnreadableAnswersError
from rolecall.aws.clients import is_aws

__all__ = ["Account", "DeploymentError", "status_of"]


class DeploymentError(Exception):
    """Something that whoever deploys has to see to; the message says what."""


class Account:
    """An account in a region, as the environment says (``AWS_PROFILE``, ``AWS_ENDPOINT_URL``).

    :ivar number: of the account.
    :ivar is_aws: whether it is AWS itself, and no emulator.
    """

    def __init__(self, region: str) -> None:
        self.region = region
        try:
            sts = self.client("sts")
            self.number: str = sts.get_caller_identity()["Account"]
        except (BotoCoreError, ClientError) as error:
            raise DeploymentError(
                f"AWS did not say who asks: {error}. AWS_PROFILE says as whom to ask"
            ) from error
        self.is_aws = is_aws(sts.meta.endpoint_url)

    def client(self, service: str) -> Any:
        """Return a client of a service."""
        return boto3.client(
            service, region_name=self.region, config=Config(retries={"mode": "standard"})
        )

    def stack(self, name: str) -> Deployed | None:
        """Return a stack, by its name or id; ``None`` where there is none."""
        formation = self.client("cloudformation")
        try:
            found = formation.describe_stacks(StackName=name)["Stacks"][0]
        except ClientError as error:
            if error.response["Error"]["Code"] == "ValidationError":
                return None
            raise
        pages = formation.get_paginator("list_stack_resources")
        parts = [
            one
            for page in pages.paginate(StackName=found["StackId"])
            for one in page["StackResourceSummaries"]
        ]
        return Deployed(
            name=found["StackName"],
            id=found["StackId"],
            status=found["StackStatus"],
            parameters={
                one["ParameterKey"]: one["ParameterValue"] for one in found.get("Parameters", ())
            },
            outputs={one["OutputKey"]: one["OutputValue"] for one in found.get("Outputs", ())},
            resources={
                one["LogicalResourceId"]: one["PhysicalResourceId"]
                for one in parts
                if one.get("PhysicalResourceId")
            },
        )


def status_of(steps: Callable[[], None], program: str) -> int:
    """Take steps that go on where they were, and return how their program ends by them.

    What ends them early is a sentence, which says what to do.
    """
    try:
        steps()
    except (DeploymentError, UnreadableAnswersError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    except (BotoCoreError, ClientError) as error:
        sys.stderr.write(f"error: {error}\n{program} goes on where it was\n")
        return 1
    except (EOFError, KeyboardInterrupt):
        sys.stderr.write(f"\nstopped; {program} goes on where it was\n")
        return 130
    return 0
