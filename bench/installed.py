"""`python -m bench.installed MODULE…`: run a module as where nothing is installed but what it needs.

Tools of development bring packages along that others take if they are there: structlog loads rich, some 3 MB of it.
"""

import runpy
import sys

NOT_INSTALLED = ("rich",)

if __name__ == "__main__":
    for name in NOT_INSTALLED:
        sys.modules[name] = None  # type: ignore[assignment]  # as Python itself notes what cannot be imported
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
