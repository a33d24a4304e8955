"""What the benchmark gives a peer in its environment."""

import os
from pathlib import Path

BASE_URL = os.environ["BENCH_BASE_URL"]  # without /bot
TOKEN = os.environ["BENCH_TOKEN"]
DATA = Path(os.environ["BENCH_DATA"])  # an empty folder
CA = os.environ.get("BENCH_CA")  # whom to trust, only over TLS

if CA:
    os.environ["SSL_CERT_FILE"] = CA  # httpx looks here by itself
