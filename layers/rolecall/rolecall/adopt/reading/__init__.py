"""Reads the files that people have, whatever they are: a file in bytes, its sheets out.

``files`` is the way in: it tells by its content what a file is. ``delimited``, ``workbooks``,
``opendocument`` and ``objects`` (JSON) each give grids, cells as they stand; ``tables`` makes a
sheet of a grid: where the headings are, and which rows say something. A file that cannot be read
says so in a sentence with its place, and what is a secret stops everything and is never shown.
"""
