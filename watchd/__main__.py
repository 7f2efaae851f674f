"""`python -m watchd`."""

import sys

from watchd.cli import main

if __name__ == "__main__":
    sys.exit(main())
