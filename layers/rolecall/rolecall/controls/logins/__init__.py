"""Checks of logins: where a credential is kept, who knows it, how strong it is."""
