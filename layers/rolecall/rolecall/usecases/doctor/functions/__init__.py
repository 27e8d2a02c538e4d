"""Checks of the functions and their logs, one a module."""
