"""Rolecall: who holds the keys of an organisation's social accounts, and should they?

The core of the package is pure: :mod:`rolecall.model`, :mod:`rolecall.controls`,
:mod:`rolecall.engine` and :mod:`rolecall.lifecycle` take every input as an argument, the instant
of the audit included, and neither read a clock nor touch a file. The folders are the architecture:
``registry`` reads, ``controls`` judge, ``ledger`` remembers, ``reports`` write, ``usecases``
connect them and ``cli`` speaks to a person.
"""

__all__ = ["__version__"]

__version__ = "0.2.0"
"""The one place where the version stands. What changes the bytes of a report raises it."""
