"""The demo where nobody watches a terminal: it tells the stories and ends by itself."""

import subprocess
import sys
from pathlib import Path


def test_into_a_pipe_it_tells_the_stories_and_ends(tmp_path: Path):
    """Every promise kept is a ✓ and the exit code 0; nothing is left behind."""
    line = [sys.executable, "-m", "bot", "demo", "--state", str(tmp_path / "state")]
    root = Path(__file__).parents[2]
    told = subprocess.run(line, cwd=root, capture_output=True, text=True, check=False, timeout=300)
    assert told.returncode == 0, told.stderr
    assert told.stdout.count("✓") == 9
    assert "✗" not in told.stdout
    assert list(tmp_path.iterdir()) == []
