"""Checks of the accounts themselves: owner, head, removal path, approval, upkeep."""
