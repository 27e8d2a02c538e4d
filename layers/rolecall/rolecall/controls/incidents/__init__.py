"""Checks of incidents and of being ready for one."""
