"""How a program of the playground was called."""

import sys
from pathlib import Path


def called(otherwise: str) -> str:
    """The name of the script, or `otherwise` where Python ran the module."""
    name = Path(sys.argv[0]).name
    return otherwise if name == "__main__.py" else name
