"""Stop early, in words, where this Python can't carry Fourfold."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  (that is the question)
    sys.exit(
        "Fourfold was not set up: this is Python {}.{}.\n"
        "It needs Python 3.11 or newer.\n"
        "Install one and name it: make run PYTHON=python3.12".format(*sys.version_info[:2])
    )
try:
    import ensurepip  # noqa: F401  (Debian packs it apart)
    import venv  # noqa: F401
except ImportError:
    sys.exit(
        "Fourfold was not set up: this Python can't make virtual environments.\n"
        "Debian and Ubuntu pack that apart.\n"
        "Run: sudo apt-get install python3-venv, then the same command again."
    )
