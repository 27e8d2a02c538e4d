"""One audit: on this machine or in steps at night, and what the log says of those before."""
