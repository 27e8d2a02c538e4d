"""The catalogue of checks: one control, one file, in a folder named after what it looks at.

``control`` says what a control is, ``populations`` over what it runs, ``context`` what it may look
up, ``parameters`` how a policy adjusts it, ``catalogue`` finds them all. Everything here is pure.
"""
