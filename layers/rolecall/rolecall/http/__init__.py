"""The API: routes, what goes in and out of them, and what errors become."""
