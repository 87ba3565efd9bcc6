"""`python -m ripeline`."""

from ripeline.entry.cli.app import main

if __name__ == "__main__":
    main()
