"""Run the command line as `python -m tamperlens`."""

from tamperlens.cli import main

if __name__ == "__main__":
    main()
