"""Count a run as completed, and seal the log; of a run that failed, seal what there is."""

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
    from rolecall.ledger.sealing import seal_all
    from rolecall.run import Heading
    from rolecall.usecases.runs.nightly import complete_run, keep_proof

    logger = function_logger()
    metrics = Metrics()
    metrics.set_default_dimensions(stack=os.environ["STACK_NAME"])
    stack = Stack.of_environment(os.environ, lambda: datetime.now(UTC))


class Event(Struct, frozen=True):
    """The run that is done; none where it failed and only what there is is sealed."""

    prefix: str | None = None


def count(heading: Heading) -> None:
    """Count a run of everything."""
    checked = sum(one.passed + one.failed for one in heading.coverage)
    unknown = sum(one.not_evaluated for one in heading.coverage)
    metrics.add_metric("RunsCompleted", MetricUnit.Count, 1)
    metrics.add_metric("ChecksEvaluated", MetricUnit.Count, checked)
    metrics.add_metric("Coverage", MetricUnit.Percent, 100 * checked / max(1, checked + unknown))
    elapsed = (datetime.now(UTC) - heading.run.as_of).total_seconds()
    metrics.add_metric("RunDuration", MetricUnit.Seconds, max(0.0, elapsed))
    for severity, standing in heading.summary.standing.items():
        metrics.add_metric(f"Standing{severity.title()}", MetricUnit.Count, standing)


@logger.inject_lambda_context(clear_state=True)
@traced
@metrics.log_metrics
def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Complete a run and seal; each is done once, however often this is called."""
    asked = msgspec.convert(event, Event)
    logger.debug("begun", extra={"prefix": asked.prefix})
    stack.log.forget()
    if asked.prefix is not None:
        heading = complete_run(stack.files, stack.findings, asked.prefix)
        if heading.run.scope.is_whole:
            count(heading)
        else:
            # It says nothing of all: neither that the night came, nor how much could be checked.
            metrics.add_metric("LimitedRunsCompleted", MetricUnit.Count, 1)
    sealed = seal_all(stack.log, stack.signer)
    if asked.prefix is not None:
        runs = ((one.run, one.summary) for one in stack.findings.run_records())
        keep_proof(stack.files, asked.prefix, runs, stack.log.highest())
    size = sealed.checkpoint.size if sealed is not None else 0
    metrics.add_metric("Sealed", MetricUnit.Count, 1)
    logger.info("sealed", extra={"size": size})
    return {"size": size}
