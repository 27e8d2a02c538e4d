"""Keys, one module a kind: by what two ways to write one thing are found to be one.

``subjects`` has the keys that findings are *named* by. They decide ids of findings, places on the
ring and what waivers name, and never change. The others only *match* what different people wrote
of one thing, are never shown or stored, and grow with the ways in which people write.
"""
