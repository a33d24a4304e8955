"""How long a start takes, and how much memory: `python -m benchmarks.start`."""
