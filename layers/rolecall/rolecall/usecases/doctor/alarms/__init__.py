"""Checks of the alarms, one a module."""
