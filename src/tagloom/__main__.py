"""`python -m tagloom`."""

from tagloom.cli.main import main

main()
