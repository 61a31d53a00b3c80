"""`python -m bot` is `onward`."""

from bot.cli import main

main()
