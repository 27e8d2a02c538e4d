"""How a deployed stack is brought along: one small step from a format of a table to the next."""
