"""The pages that ``make site`` makes of ``docs/``, looked at as they are: make test-site."""
