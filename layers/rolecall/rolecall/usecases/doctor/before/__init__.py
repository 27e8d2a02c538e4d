"""Checks of what is not deployed yet, one a module."""
