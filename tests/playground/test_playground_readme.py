"""The README promises a test for each refusal."""

import re
import subprocess
import sys
from pathlib import Path

import playground


def test_every_test_the_readme_names_is_there():
    readme = Path(playground.__file__).with_name("README.md").read_text("utf-8")
    tests = "".join(path.read_text("utf-8") for path in Path(__file__).parent.rglob("test_*.py"))
    named = set(re.findall(r"`(test_\w+)`", readme))
    assert named
    assert {name for name in named if f"def {name}(" not in tests} == set()


def test_the_emulator_stands_alone():
    check = "import playground, sys; sys.exit(bool({'bot', 'workflows'} & set(sys.modules)))"
    home = Path(playground.__file__).parents[1]
    assert subprocess.run([sys.executable, "-c", check], cwd=home, check=False).returncode == 0
