"""Carry out revocations as they come in by the stream; until connectors do it, tell people how."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

from rolecall.garbage import uncollected

with uncollected():
    from aws_lambda_powertools import Metrics
    from aws_lambda_powertools.metrics import MetricUnit
    from aws_lambda_powertools.utilities.batch import (
        BatchProcessor,
        EventType,
        process_partial_response,
    )
    from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord

    from rolecall.aws.function_log import function_logger
    from rolecall.aws.stack import Stack
    from rolecall.aws.tracing import traced
    from rolecall.usecases.revoking.fulfilment import carry_out

    logger = function_logger()
    metrics = Metrics()
    metrics.set_default_dimensions(stack=os.environ["STACK_NAME"])
    stack = Stack.of_environment(os.environ, lambda: datetime.now(UTC))
    processor = BatchProcessor(event_type=EventType.DynamoDBStreams)


def one(record: DynamoDBRecord) -> None:
    """Carry out one revocation, if that is what was written."""
    keys = record.dynamodb.keys if record.dynamodb else {}
    kind, _, id_ = str(keys.get("pk", "")).partition("#")
    if kind != "REVOCATION" or record.event_name is None:
        return
    now = datetime.now(UTC).replace(microsecond=0)
    if carry_out(stack.revocations, id_, now):
        metrics.add_metric("RevocationsHandedOver", MetricUnit.Count, 1)
        logger.info("handed over", extra={"revocation": id_})


@logger.inject_lambda_context(log_event=False, clear_state=True)
@traced
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Carry out what came in; what fails is tried again by itself."""
    logger.debug("begun", extra={"records": len(event["Records"])})
    answer: Any = process_partial_response(
        event=event, record_handler=one, processor=processor, context=context
    )
    found: dict[str, Any] = answer
    return found
