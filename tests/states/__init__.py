"""The night's state machine, read by a program that knows its language: make test-states."""
