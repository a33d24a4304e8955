"""What is installed here, audited without asking anybody: `make check` (docs/security.md).

Each distribution is the version that constraints.txt pins, nothing else is there, its files are as
they were installed, its licence is one that may be passed on, and what is imported is asked for.
No database of vulnerabilities is looked into: that takes a service.
"""

import ast
import hashlib
import re
import sys
import tomllib
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from importlib.metadata import (
    Distribution,
    PackagePath,
    distribution,
    distributions,
    packages_distributions,
)
from pathlib import Path

ROOT = Path(__file__).parents[2]
OURS = ("bot", "workflows", "playground")
_OF_THE_ENVIRONMENT = {"haitang", "pip", "setuptools", "wheel"}
_ALLOWED = re.compile(r"MIT|BSD|Apache|PSF|Python Software Foundation|MPL|Mozilla|LGPL|ISC")
_REFUSED = re.compile(r"\bA?GPL|Affero|Proprietary|Commercial", re.I)


def named(name: str) -> str:
    """A distribution's name as all its spellings are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(text: str) -> dict[str, str]:
    """The versions of a constraints file. Raises ValueError for a line that pins nothing."""
    lines = [line.partition("#")[0].strip() for line in text.splitlines()]
    pairs = [line.split("==") for line in lines if line]
    if loose := [pair[0] for pair in pairs if len(pair) != 2]:
        raise ValueError(f"not pinned to one version: {', '.join(loose)}")
    return {named(name): version.strip() for name, version in pairs}


def strangers(installed: Mapping[str, str], known: Mapping[str, str]) -> Iterator[str]:
    """What is installed and not pinned, or not as pinned."""
    for name, version in sorted(installed.items()):
        if name in _OF_THE_ENVIRONMENT:
            continue
        if name not in known:
            yield f"{name} {version}: nobody pinned it"
        elif known[name] != version:
            yield f"{name} {version}: pinned is {known[name]}"


def changed(found: Distribution) -> Iterator[str]:
    """Files that are not what was installed, by the hashes that came with them."""
    for path in found.files or ():
        if path.hash and not _is_whole(path):
            yield f"{found.name}: {path} is not as it was installed"


def _is_whole(path: PackagePath) -> bool:
    file = Path(str(path.locate()))
    if path.hash is None or not file.is_file():
        return False
    digest = hashlib.new(path.hash.mode, file.read_bytes()).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=") == path.hash.value


def licence(found: Distribution) -> str:
    """All that a distribution says of its licence, in a line."""
    told = found.metadata
    classifiers = [c for c in told.get_all("Classifier") or [] if c.startswith("License")]
    first = str(told.get("License") or "").partition("\n")[0]
    return " ".join([str(told.get("License-Expression") or ""), first, *classifiers]).strip()


def is_free(told: str) -> bool:
    """Whether this is a licence under which the whole may be passed on with the MIT's."""
    return bool(_ALLOWED.search(told)) and not _REFUSED.search(told)


def undeclared(asked: set[str]) -> Iterator[str]:
    """What our packages import and pyproject.toml does not ask for: it is there by luck."""
    owners = packages_distributions()
    for path in (path for package in OURS for path in sorted((ROOT / package).rglob("*.py"))):
        for root in sorted(_imported(path) - {*OURS, *sys.stdlib_module_names}):
            names = {named(name) for name in owners.get(root, [root])}
            if not names & asked:
                yield f"{path.relative_to(ROOT)}: pyproject.toml does not ask for {root}"


def _imported(path: Path) -> set[str]:
    nodes = [*ast.walk(ast.parse(path.read_text("utf-8")))]
    names = [a.name for n in nodes if isinstance(n, ast.Import) for a in n.names]
    names += [n.module for n in nodes if isinstance(n, ast.ImportFrom) and n.module]
    return {name.partition(".")[0] for name in names}


def own() -> set[str]:
    """The distributions that pyproject.toml asks for to run the bot."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    told = [*project["dependencies"], *project["optional-dependencies"]["postgres"]]
    return {_name_in(text) for text in told}


def asked_for() -> set[str]:
    """Those, and the ones that each of them asks for itself."""
    theirs = (text for name in own() for text in distribution(name).requires or ())
    return own() | {_name_in(text) for text in theirs if "extra ==" not in text}


def _name_in(requirement: str) -> str:
    return named(re.split(r"[\[<>=!~ ;]", requirement)[0])


def faults() -> Iterator[str]:
    """All that is wrong with what is installed here."""
    there = {named(found.name): found for found in distributions()}
    known = pinned((ROOT / "constraints.txt").read_text("utf-8"))
    yield from strangers({name: found.version for name, found in there.items()}, known)
    for found in there.values():
        yield from changed(found)
        if not is_free(licence(found)):
            yield f"{found.name}: a licence to look at: {licence(found) or 'none named'}"
    yield from undeclared(asked_for())


def main() -> int:
    """Print every fault. Returns 1 if there is one."""
    found = [*faults()]
    print("\n".join(found) or "what is installed is what is pinned, whole, and free")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
