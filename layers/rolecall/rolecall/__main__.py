"""``python -m rolecall``: the command, where it is not on the path."""

from rolecall.cli import main

__all__: list[str] = []

if __name__ == "__main__":
    main()
