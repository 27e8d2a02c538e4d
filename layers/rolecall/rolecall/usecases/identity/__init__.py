"""Who calls, and what they may: sign-in, roles, and the one table of permissions."""
