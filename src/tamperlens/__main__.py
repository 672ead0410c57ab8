"""Run the command line as `python -m tamperlens`."""

from tamperlens.cli import main

main()
