"""Reads a registry: a directory of CSV files, one XLSX workbook or one JSON document.

The three sources (``csv_files``, ``xlsx_book``, ``json_document``) give the same raw tables;
``tables`` turns them into records column by column, ``references`` holds the records against each
other. Validation reads everything before it says anything, and nothing is imported from a registry
with errors. ``policy_toml`` reads the policy, ``writing`` is the way back out.
"""
