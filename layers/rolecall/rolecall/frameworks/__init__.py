"""Public frameworks: which requirements there are, and what they are called.

One module a framework, each a table with its source. Titles that may be printed are verbatim; of
the others the id stands beside a few words of ours, and reports say that they are ours.
"""
