"""Take each defence of defences.toml out, one at a time, and see its test fail: `make defences`.

It works on a copy of the tree, never on the tree itself. A test counts only if it passes with the
defence in place and, without it, fails for what happens then: a slip in writing proves nothing.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).parents[2]
TABLE = Path(__file__).with_suffix(".toml")
_PATIENCE = 300  # seconds for one test
_SLIPS = {"SyntaxError", "IndentationError", "ImportError", "ModuleNotFoundError", "NameError",
          "UnboundLocalError", "AttributeError", "TypeError"}  # fmt: skip
_ENDS = re.compile(r":\d+: (\w+)$")  # the last line of a traceback
_Failures = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Defence:
    """One thing that keeps a fault from doing harm, and how the code reads without it."""

    fault: str
    what: str
    file: str
    old: str
    new: str
    test: str

    def taken_out(self, text: str) -> str:
        """The file's text without it. Raises ValueError when it does not stand there just once."""
        if text.count(self.old) != 1:
            raise ValueError(f"{self.file} has {text.count(self.old)} times: {self.old.strip()}")
        return text.replace(self.old, self.new)


def read() -> list[Defence]:
    """The table, in order."""
    return [Defence(**row) for row in tomllib.loads(TABLE.read_text("utf-8"))["defence"]]


def copy_to(folder: Path) -> None:
    """Whatever git knows of or would add, as it is now."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    for name in {*listed.stdout.split("\0")} - {""}:
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


class Copy:
    """A copy of the tree in which tests can be run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._environment = {**os.environ, "PYTHONPATH": str(folder)}
        self._check_imports()

    def _check_imports(self) -> None:
        """The environment has the tree itself installed: what is tried must be the copy."""
        source = "import bot, playground, workflows as w; print(bot.__file__, w.__file__)"
        found = self._python("-c", source).stdout.split()
        strange = [path for path in found if not Path(path).is_relative_to(self.folder)]
        if strange or not found:
            raise RuntimeError(f"imported from elsewhere: {strange}")

    def _python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments], cwd=self.folder, env=self._environment,
            capture_output=True, text=True, timeout=_PATIENCE, check=False,
        )  # fmt: skip

    def run(self, *tests: str) -> tuple[int, _Failures]:
        """How many ran, and of each that did not pass how it ended, by its name."""
        report = self.folder / "report.xml"
        report.unlink(missing_ok=True)
        self._python("-m", "pytest", "-p", "no:cacheprovider", f"--junitxml={report}", *tests)
        cases = [*ET.parse(report).iter("testcase")] if report.exists() else []
        ended = {c.attrib["name"]: _told(c) for c in cases}
        return len(cases), {name: told for name, told in ended.items() if told}

    def without(self, defence: Defence) -> str:
        """The error by which its test notices. Raises ValueError when it does not."""
        path = self.folder / defence.file
        kept = path.with_suffix(".kept")
        text = defence.taken_out(path.read_text("utf-8"))
        path.rename(kept)
        path.write_text(text, "utf-8")
        try:
            return _noticed(*self.run(defence.test))
        except subprocess.TimeoutExpired:
            raise ValueError(f"still runs after {_PATIENCE} s") from None
        finally:
            kept.replace(path)


def _told(case: ET.Element) -> str:
    """How a test ended, if not well; a skipped one has shown nothing."""
    ends = [case.find(name) for name in ("error", "failure", "skipped")]
    found = next((end for end in ends if end is not None), None)
    return "" if found is None else f"{found.tag}: {found.text or found.attrib.get('message', '')}"


def _noticed(count: int, failures: _Failures) -> str:
    """The error that a test ended with. Raises ValueError for none, and for a slip."""
    if not count:
        raise ValueError("the test could not be run")
    if not failures:
        raise ValueError("the test still passes")
    told = next(iter(failures.values())).strip()
    found = _ENDS.search(told)
    if not told.startswith("failure") or not found or found[1] in _SLIPS:
        raise ValueError(f"the test did not fail by itself: {told.splitlines()[-1]}")
    return found[1]


def _unnoticed(copy: Copy, defences: list[Defence]) -> Iterator[Defence]:
    """Those whose test does not notice; the table, as it goes."""
    for defence in defences:
        try:
            told = copy.without(defence)
        except ValueError as error:
            told = f"NOT NOTICED: {error}"
            yield defence
        test = defence.test.split("::")[1]
        print(f"{defence.fault:<5}{defence.what:<64}{test}: {told}", flush=True)


def main(*wanted: str) -> int:
    """All, or those of the rows named (F17 F33). Returns 0 when every test did as it should."""
    defences = [one for one in read() if not wanted or one.fault in wanted]
    with tempfile.TemporaryDirectory(prefix="haitang-defences-") as name:
        folder = Path(name).resolve()
        copy_to(folder)
        copy = Copy(folder)
        _, failures = copy.run(*dict.fromkeys(one.test for one in defences))
        for test, told in failures.items():
            print(f"with every defence in place, {test} is no good: {told}")
        if failures:
            return 1
        missed = [*_unnoticed(copy, defences)]
    print(f"{len(defences)} defences taken out, {len(defences) - len(missed)} noticed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
