"""Actions: the fewest things to do that end what fails, in the order of the harm that they stop.

- A :class:`~rolecall.actions.deed.Deed` is one thing done in one place; it has an effect on the
  registry, and on what platforms show, in a model (:mod:`rolecall.actions.carrying_out`).
- An :class:`~rolecall.actions.action.Action` is what somebody does in one go: one person's
  departure on all accounts, one account's afternoon. It names the findings that it ends.
- :func:`~rolecall.actions.folding.fold` makes of findings and of who holds what the actions of a
  part of the registry; :func:`~rolecall.actions.merging.merged` joins those of all parts. What is
  decided about an account depends on what travels with it, so that any parts give the same.
- :func:`~rolecall.actions.checking.checked` carries all of them out and runs the engine again.

Nothing here speaks: kinds and ids come out, and sentences are made where reports are.
"""
