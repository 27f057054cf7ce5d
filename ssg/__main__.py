"""`python -m ssg`."""

from ssg.cli.app import main

if __name__ == "__main__":
    main()
