"""Exports of password managers: what each program writes, and where its entries belong.

``reading`` tells the programs apart and reads one file; ``matching`` finds the account of each
entry. An entry says of itself what the vault has no place for, so that no file is destroyed of
which something was not stored. Nothing of an entry but its place, title and the names of its fields
is ever in a message.
"""
