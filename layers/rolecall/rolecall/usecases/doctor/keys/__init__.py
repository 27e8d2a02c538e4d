"""Checks of the keys, one a module."""
