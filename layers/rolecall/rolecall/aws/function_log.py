"""The log of a function, at the level that the stack's parameter ``LogLevel`` names.

Lambda has a level of its own, below which it drops lines (``AWS_LAMBDA_LOG_LEVEL``). The template
never sets it above INFO, as metrics are lines too; and where it is set, Powertools takes it for its
own, so that WARNING and ERROR would be no more than INFO. Here the parameter decides.
"""

from __future__ import annotations

import logging
import os

from aws_lambda_powertools import Logger

__all__ = ["function_logger"]


def function_logger() -> Logger:
    """Return the logger of the function that this process is."""
    made = Logger()
    if level := os.environ.get("POWERTOOLS_LOG_LEVEL"):
        # By Powertools' own method Lambda's level would win again.
        logging.getLogger(made.service).setLevel(level)
    return made
