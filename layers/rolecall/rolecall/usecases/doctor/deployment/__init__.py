"""Checks of the stack itself, one a module."""
