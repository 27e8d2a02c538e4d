"""What people write above their columns, one module a language: by field, with ``|`` between.

Beside the fields of :data:`rolecall.adopt.columns.FIELDS` there are three that only the sheet
decides: ``name`` (an account's, a unit's or a person's), ``address`` (of a page or a mailbox) and
``kind`` (of an account or a person). Behind a colon stands the role that a heading says.
"""
