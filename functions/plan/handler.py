"""Plan a run: freeze the registry, cut it into batches, and write their manifest."""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
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
    from rolecall.usecases.runs.nightly import plan_run

    logger = function_logger()
    metrics = Metrics()
    metrics.set_default_dimensions(stack=os.environ["STACK_NAME"])


class Request(Struct, frozen=True):
    """The instant at which to audit, if it is not that of the start, and the entity, if not all."""

    as_of: msgspec.UnsetType | datetime = msgspec.UNSET
    entity: str | None = None
    after_wrong_clock: bool = False


class Event(Struct, frozen=True):
    """What the state machine says: the execution, when it was started, and with what."""

    execution: str
    started: datetime
    input: Request = Request()


@logger.inject_lambda_context(clear_state=True)
@traced
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Plan the run of an execution. Every attempt writes under a name of its own."""
    asked = msgspec.convert(event, Event)
    logger.debug("begun", extra={"execution": asked.execution})
    as_of = asked.started if asked.input.as_of is msgspec.UNSET else asked.input.as_of
    if as_of.tzinfo is None:
        raise ValueError("as_of needs a time zone")
    stack = Stack.of_environment(os.environ, lambda: datetime.now(UTC))
    with tempfile.TemporaryDirectory() as scratch:
        planned = plan_run(
            stack.registry,
            stack.findings,
            stack.files,
            asked.execution,
            as_of.astimezone(UTC).replace(microsecond=0),
            f"runs/{asked.execution}/{context.aws_request_id}",
            Path(scratch),
            shards=int(stack["LedgerShards"]),
            most=int(os.environ["BATCH_BYTES"]),
            entity=asked.input.entity,
            chronology="after-wrong-clock" if asked.input.after_wrong_clock else "forward",
        )
    metrics.add_metric("BatchesPlanned", MetricUnit.Count, planned.batches)
    metrics.add_metric("RegistryProblems", MetricUnit.Count, planned.problems)
    metrics.add_metric("RequestUnits", MetricUnit.Count, stack.meter.units)
    logger.info("planned", extra={"run": planned.run, "problems": planned.problems})
    answer: dict[str, Any] = msgspec.to_builtins(planned)
    return {**answer, "concurrency": int(os.environ["MAX_CONCURRENCY"])}
