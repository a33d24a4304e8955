"""The house's own rules: which way imports run, what belongs in which room, how long things are."""

import ast
import re
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from statistics import median

import pytest

from docs import generate
from workflows.registry import WORKFLOWS

ROOT = Path(__file__).parents[2]
OURS = ("bot", "workflows", "playground")
KNOWS_THE_BOT = {"stage", "replay", "torture", "demo"}  # rooms of the playground
CHINESE = re.compile("[\u4e00-\u9fff]")
# Reading what people write needs their words; these are patterns, nobody is shown them.
READS_CHINESE = {
    *(f"workflows/core/placing/{name}.py"
      for name in ("numerals", "buildings", "flats", "public", "finding", "bare")),
    *(f"workflows/core/timing/{name}.py" for name in ("dates", "hours", "moments", "spoken")),
    "workflows/council/doors.py",
    "workflows/core/places.py",
}  # fmt: skip


def _files(*packages: str) -> list[Path]:
    return [path for name in packages for path in sorted((ROOT / name).rglob("*.py"))]


def _module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def in_each(files: list[Path]) -> Callable[[Callable[[Path], None]], Callable[[], None]]:
    """One test of all these files, which names each that fails and why."""

    def made(rule: Callable[[Path], None]) -> Callable[[], None]:
        def test() -> None:
            assert (failed := [*_failing(rule, files)]) == [], "\n".join(failed)

        test.__doc__ = rule.__doc__
        return test

    return made


def _failing(rule: Callable[[Path], None], files: list[Path]) -> Iterator[str]:
    for path in files:
        try:
            rule(path)
        except AssertionError as error:
            yield f"{_module(path)}: {error}"


def _imports(path: Path, *, deferred: bool = True) -> set[str]:
    """The modules a file imports; those under TYPE_CHECKING cost nothing and are left out."""
    tree = ast.parse(path.read_text("utf-8"))
    skipped = {id(n) for guard in ast.walk(tree) if _is_typing_only(guard) for n in ast.walk(guard)}
    nodes = [n for n in (ast.walk(tree) if deferred else tree.body) if id(n) not in skipped]
    named = {a.name for n in nodes if isinstance(n, ast.Import) for a in n.names}
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{a.name}" for a in node.names}
            modules = {name for name in inner if _is_module(name)}
            named |= modules if modules == inner else modules | {node.module}
    return named


def _is_module(name: str) -> bool:
    path = ROOT / name.replace(".", "/")
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def _is_typing_only(node: ast.AST) -> bool:
    is_guard = isinstance(node, ast.If) and isinstance(node.test, ast.Name)
    return is_guard and node.test.id == "TYPE_CHECKING"


MODULES = {_module(path): path for path in _files(*OURS)}


@in_each(_files("workflows"))
def test_the_domain_never_sees_telegram_or_the_bot(path: Path):
    roots = {name.split(".")[0] for name in _imports(path)}
    assert not roots & {"telegram", "bot", "playground", "jinja2", "httpx"}


@in_each(_files("bot", "workflows", "playground"))
def test_sql_is_in_the_store_alone(path: Path):
    own = (f"workflows/{name}/store/" for name in PACKAGES)
    rooms = ("workflows/store/", *own, "playground/demo/ledger.py")
    if not str(path.relative_to(ROOT)).startswith(rooms):
        assert not {n for n in _imports(path) if n.split(".")[0] in {"sqlalchemy", "alembic"}}


def _calls(name: str) -> list[tuple[str, ast.Call]]:
    """Every call of a function or method of that name, with the room that it is in."""
    trees = ((path.stem, ast.parse(path.read_text("utf-8"))) for path in _files(*OURS))
    nodes = ((room, node) for room, tree in trees for node in ast.walk(tree))
    calls = ((room, node) for room, node in nodes if isinstance(node, ast.Call))
    return [(room, node) for room, node in calls if _called(node) == name]


def _called(call: ast.Call) -> str:
    return getattr(call.func, "attr", "") or getattr(call.func, "id", "")


def test_a_subject_is_written_in_one_place_with_its_event():
    """Whatever begins or changes one goes through it: nobody else does."""
    puts = [room for room, call in _calls("put") if ast.unparse(call.func).endswith("tx.put")]
    assert {*puts} == {"performing"}


_TICKETS = {"own.tickets", "kept.table", "TICKETS.table"}


def test_no_sql_changes_tickets_but_the_flush_and_the_erasure_of_words():
    changes = [(room, call) for name in ("update", "delete") for room, call in _calls(name)]
    rooms = [room for room, call in changes if _TICKETS & {*map(ast.unparse, call.args)}]
    assert sorted(rooms) == ["erasure", "erasure"]
    kept = [room for room, call in _calls("_change") if "kept.table" in ast.unparse(call)]
    assert kept == ["subjects"]
    for path in (p for p in _files(*OURS) if "versions" not in p.parts):
        assert not re.search("(UPDATE|DELETE FROM) tickets", path.read_text("utf-8")), path


@in_each(_files("bot", "workflows"))
def test_which_roles_may_do_what_is_in_one_table(path: Path):
    """Beside it are only the roles themselves, with whom a person's own methods ask for."""
    if path.name not in {"permissions.py", "people.py"}:
        tree = ast.parse(path.read_text("utf-8"))
        sets = (node for node in ast.walk(tree) if isinstance(node, ast.Set | ast.Tuple | ast.List))
        assert [ast.unparse(s) for s in sets if sum(map(_is_role, s.elts)) > 1] == []
        maps = (node for node in ast.walk(tree) if isinstance(node, ast.Dict))
        assert [ast.unparse(m) for m in maps if sum(map(_is_role, [*m.keys, *m.values])) > 1] == []


def _is_role(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Attribute) and ast.unparse(node.value) == "Role"


@in_each(_files("workflows"))
def test_the_domains_values_are_cheap(path: Path):
    """Structs all of them, so there is one `replace`."""
    assert "dataclasses" not in _imports(path)


@in_each(_files(*OURS))
def test_pydantic_reads_the_configuration_alone(path: Path):
    if ROOT / "bot" / "config" not in path.parents:
        assert not {n for n in _imports(path) if n.startswith("pydantic")}


@in_each(_files("bot"))
def test_the_bot_stands_without_the_playground(path: Path):
    assert not {name for name in _imports(path) if name.split(".")[0] == "playground"}


@in_each(_files("playground"))
def test_the_playground_stands_without_the_bot(path: Path):
    if path.parent.name not in KNOWS_THE_BOT:
        roots = {name.split(".")[0] for name in _imports(path)}
        assert not roots & {"bot", "workflows"}


def test_the_decisions_are_below_the_desk_and_the_store():
    rooms = ("lifecycle", "stages", "engine", "needs", "forms", "model", "rules/conditions",
             "rules/effects", "rules/plans", "rules/relations", "rules/routing", "rules/agenda",
             "rules/escalation", "rules/timing", "lists/scoring", "lists/weekly_report",
             "hearing/hearing", "hearing/free", "intake/similarity", "intake/draft",
             "intake/conversation", "intake/view", "intake/suggestion")  # fmt: skip
    for path in (ROOT / "workflows/petition" / f"{room}.py" for room in rooms):
        imported = _imports(path)
        assert not {n for n in imported if n.startswith(("workflows.desk", "workflows.store"))}


# What each floor may stand on; danger, hearing and masking are rules of language that know nothing
# of it.
FLOORS = {
    "core": {"core", "danger", "hearing", "masking"},
    "store": {"core", "store"},
    "desk": {"core", "store", "desk", "danger"},
}
WORKFLOWS_DO = {"core", "store", "desk", "danger", "hearing", "masking"}
BOT_KNOWS = {f"workflows.{name}" for name in (*WORKFLOWS_DO, "registry")}
KINDS = [workflow.kind for workflow in WORKFLOWS]
PACKAGES = [*dict.fromkeys(one.package.rpartition(".")[2] for one in WORKFLOWS)]


@pytest.mark.parametrize("floor", [*FLOORS, *PACKAGES])
def test_a_floor_knows_no_workflow_and_no_workflow_another(floor: str):
    allowed = {f"workflows.{name}" for name in FLOORS.get(floor, {floor, *WORKFLOWS_DO})}
    for path in _files(f"workflows/{floor}"):
        ours = {".".join(n.split(".")[:2]) for n in _imports(path) if n.split(".")[0] in OURS}
        assert ours <= allowed, path


@in_each(_files("bot"))
def test_the_bot_knows_workflows_by_the_registry_alone(path: Path):
    ours = {".".join(n.split(".")[:2]) for n in _imports(path) if n.startswith("workflows.")}
    assert ours <= BOT_KNOWS


@in_each(_files(*(f"workflows/{floor}" for floor in FLOORS)))
def test_below_the_workflows_nobody_speaks_of_tickets(path: Path):
    """The columns and the hash spell the key of whatever has a number `ticket_id`, and go on so."""
    assert not re.search(r"\bTickets?\b", path.read_text("utf-8")), path


def _circle(graph: dict[str, set[str]]) -> list[str]:
    """What is left when those that need nothing of the rest are taken away, again and again."""
    while leaves := {name for name, needs in graph.items() if not needs & graph.keys()}:
        graph = {name: needs for name, needs in graph.items() if name not in leaves}
    return sorted(graph)


def test_no_module_imports_itself_in_a_circle():
    graph = {
        name: {m for m in _imports(path, deferred=False) if m in MODULES and m != name}
        for name, path in MODULES.items()
    }
    assert _circle(graph) == []


def _package(module: str) -> str:
    """The folder two levels down at most, so that a package is one thing with all in it."""
    top, *rest = module.split(".")
    return f"{top}.{rest[0]}" if rest and (ROOT / top / rest[0]).is_dir() else top


def _arrows() -> set[tuple[str, str]]:
    """Which package imports which, also inside a function."""
    found = ((a, b) for a, path in MODULES.items() for b in _imports(path) if b in MODULES)
    return {(_package(a), _package(b)) for a, b in found if _package(a) != _package(b)}


def test_no_package_imports_itself_in_a_circle():
    graph: dict[str, set[str]] = {_package(name): set() for name in MODULES}
    for one, other in _arrows():
        graph[one].add(other)
    assert _circle(graph) == []


@in_each(_files("bot", "workflows"))
def test_what_people_read_is_in_the_templates(path: Path):
    if str(path.relative_to(ROOT)) in READS_CHINESE:
        return
    tree = ast.parse(path.read_text("utf-8"))
    told = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and _is_text(n.value)]
    documented = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)
    docs = {ast.get_docstring(n, clean=False) for n in ast.walk(tree) if isinstance(n, documented)}
    assert [text for text in told if text not in docs and not _is_example(text)] == []


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(CHINESE.search(value))


def _is_example(text: str) -> bool:
    """The command line's help shows how a place is written; 其他 is a setting's default."""
    return text.startswith("as in ") or "a Chinese character is 3" in text or text == "其他"


def _functions() -> list[int]:
    found = []
    for path in (p for p in _files(*OURS) if "versions" not in p.parts):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                found.append(body[-1].end_lineno - body[0].lineno + 1 if body else 1)
    return found


def test_functions_are_short():
    lengths = _functions()
    assert median(lengths) <= 8
    assert max(lengths) <= 25


@in_each(_files(*OURS))
def test_no_room_is_overgrown(path: Path):
    limit = 470 if path.name == "lifecycle.py" else 360  # the lifecycle is one page, whole
    if "versions" not in path.parts:
        assert len(path.read_text("utf-8").splitlines()) <= limit


@pytest.mark.parametrize("name", generate.PAGES)
def test_the_generated_pages_are_current(name: str):
    page = ROOT / "docs" / name
    written = page.read_text("utf-8") if page.exists() else ""
    assert written == generate.PAGES[name](), "run: make docs"


def test_there_is_a_page_for_each_workflow_and_no_other():
    pages = {path.stem for path in (ROOT / "docs/workflows").iterdir()}
    assert pages == {*KINDS}


_LINK = re.compile(r"\]\(([^)#:]+)(?:#([^)]+))?\)")
_GLOBS = ("*.md", "docs/**/*.md", "tests/**/*.md", "playground/**/*.md")
_MARKDOWN = [path for glob in _GLOBS for path in sorted(ROOT.glob(glob))]


@pytest.mark.parametrize("page", _MARKDOWN, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_links_of_a_page_lead_somewhere(page: Path):
    for to, anchor in _LINK.findall(page.read_text("utf-8")):
        there = page.parent / to
        assert there.exists(), to
        assert not anchor or anchor in _anchors(there), f"{to}#{anchor}"


def _anchors(page: Path) -> set[str]:
    """A page's headings as links spell them."""
    heads = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_the_tree_holds_no_addresses_of_registries_or_machines():
    tracked = chain(_files(*OURS), ROOT.glob("*.toml"), ROOT.glob("*.txt"), [ROOT / "Makefile"])
    for path in tracked:
        assert not re.search(r"pypi\.org|pythonhosted|index-url|/work/", path.read_text("utf-8"))
