"""Audit one batch of a run."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

from rolecall.garbage import uncollected

with uncollected():
    import msgspec
    from aws_lambda_powertools import Metrics
    from aws_lambda_powertools.metrics import MetricUnit
    from msgspec import Struct

    from rolecall.aws.function_log import function_logger
    from rolecall.aws.stack import Stack
    from rolecall.aws.tracing import traced
    from rolecall.usecases.runs.nightly import audit_batch

    logger = function_logger()
    metrics = Metrics()
    metrics.set_default_dimensions(stack=os.environ["STACK_NAME"])
    stack = Stack.of_environment(os.environ, lambda: datetime.now(UTC))


class Event(Struct, frozen=True):
    """One item of the manifest."""

    prefix: str
    number: int


@logger.inject_lambda_context(clear_state=True)
@traced
@metrics.log_metrics
def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Audit a batch; what an earlier attempt did is found done."""
    asked = msgspec.convert(event, Event)
    logger.debug("begun", extra={"batch": asked.number, "prefix": asked.prefix})
    before = stack.meter.units
    # Other batches and other runs append to the same shards between two calls.
    stack.log.forget()
    audited = audit_batch(stack.files, stack.findings, asked.prefix, asked.number)
    metrics.add_metric("AccountsAudited", MetricUnit.Count, audited.accounts)
    metrics.add_metric("EventsAppended", MetricUnit.Count, audited.events)
    metrics.add_metric("RequestUnits", MetricUnit.Count, stack.meter.units - before)
    # What stands is a state of all, which the seal adds up; what is new is new whoever found it.
    for severity, count in audited.opened.items():
        metrics.add_metric(f"Opened{severity.title()}", MetricUnit.Count, count)
    logger.info("audited", extra={"batch": asked.number, "events": audited.events})
    return {"number": asked.number, "events": audited.events}
