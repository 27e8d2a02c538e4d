"""Write the reports of a completed run to the locked bucket."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
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
    from rolecall.reports.formats import known
    from rolecall.run import Run
    from rolecall.usecases.reporting.from_night import write_reports

    logger = function_logger()
    metrics = Metrics()
    metrics.set_default_dimensions(stack=os.environ["STACK_NAME"])
    stack = Stack.of_environment(os.environ, lambda: datetime.now(UTC))


class Event(Struct, frozen=True):
    """The run that is done."""

    prefix: str


@logger.inject_lambda_context(clear_state=True)
@traced
@metrics.log_metrics
def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Write each report, unless an earlier attempt did.

    One that cannot be made is an alarm, and no reason to go without the others.
    """
    asked = msgspec.convert(event, Event)
    logger.debug("begun", extra={"prefix": asked.prefix})
    written: list[str] = []
    lost: list[str] = []

    def publish(run: Run, name: str, kind: str, pieces: Iterable[bytes]) -> None:
        path = f"reports/{run.as_of.date().isoformat()}/{run.id}/{name}"
        stack.records.add(path, pieces, stack.report_retention, kind)
        written.append(path)

    def failed(name: str, error: Exception) -> None:
        logger.error("a report could not be made", extra={"report": name}, exc_info=error)
        lost.append(name)

    with tempfile.TemporaryDirectory() as scratch:
        wanted = known(os.environ["REPORTS"].split(","))
        each = known(filter(None, os.environ["ENTITY_REPORTS"].split(",")))
        asked_for = Path(scratch), publish, wanted, each, failed
        without = write_reports(stack.files, asked.prefix, *asked_for)
    if without:
        logger.warning("entities without a report of their own", extra={"count": without})
    metrics.add_metric("ReportsWritten", MetricUnit.Count, len(written))
    metrics.add_metric("ReportsFailed", MetricUnit.Count, len(lost))
    logger.info("reported", extra={"reports": written, "failed": lost})
    return {"reports": written, "failed": lost}
