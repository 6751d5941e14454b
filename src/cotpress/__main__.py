"""`python -m cotpress` is the `cotpress` command."""

from cotpress.cli import main

main()
