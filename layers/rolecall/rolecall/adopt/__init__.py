"""A way in: from the spreadsheets that people have to a registry, with every assumption on paper.

Tables in, proposals out: nothing here knows files, a clock or a terminal. ``sheets`` is what was
read; ``columns`` what its columns mean; ``mentions`` what its rows say of accounts, people and
entities; ``proposal`` the registry that follows, with what was assumed and what is asked. Who
answers a question hands the answer in again: a proposal is made anew from all that is known.
"""
