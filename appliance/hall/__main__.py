"""``python -m hall``: the command, for processes that the demo and the tests start."""

from hall.cli import main

main()
