"""Checks of what is kept: tables and buckets, one a module."""
