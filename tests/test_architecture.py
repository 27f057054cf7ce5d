"""The house: who imports whom, what is shipped, how long a file may be."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.conftest import BARE, write

REPOSITORY = Path(__file__).parents[1]
FILES = sorted((REPOSITORY / "ssg").rglob("*.py"))

SHIPPED_ROOMS = ("ssg.model", "ssg.render", "ssg.runtime")
SHIPPED_PACKAGES = frozenset({"ssg", "jinja2", "markupsafe", "mistune", "pygments"})

PLACES: Mapping[str, tuple[str, ...]] = {
    "typer": ("cli/",),
    "rich": ("cli/",),
    "fastjsonschema": ("content/inputs/schemas.py",),
    "diskcache": ("edge/storage/disk_cache.py",),
    "redis": ("edge/storage/redis/",),
    "psycopg": ("sources/sql/postgres",),
    "yaml": ("content/", "importers/"),
    "frontmatter": ("content/",),
    "tomli_w": ("importers/", "targets/bundles/native/deploy_file.py"),
    "liquid": ("importers/jekyll/",),
    "starlette": ("edge/", "preview/", "server/"),
    "uvicorn": ("edge/http/",),
    "prometheus_client": ("server/metrics.py",),
    "h11": ("edge/http/",),
    "httpcore": ("sources/http/",),
    "botocore": ("targets/fronts/cloudfront.py",),
    "httptools": ("edge/http/",),
    "PIL": ("images/",),
    "griffe": ("plugins/python_reference/",),
    "pyinstrument": ("cli/flame_graph.py",),
    "jwt": ("redirects/matching/roles.py",),
    "watchfiles": ("preview/watch.py",),
    "jinja2": ("render/", "preview/dashboard/", "scaffold/", "importers/"),
    "mistune": ("render/",),
    "pygments": ("render/",),
    "markupsafe": ("render/", "targets/", "edge/", "preview/"),
    "backports": ("edge/http/encodings.py", "model/texts.py"),
    "brotli": ("edge/http/encodings.py",),
    "compression": ("edge/http/encodings.py", "model/texts.py"),
}
"""The door through which each third-party package enters."""


def _name(path: Path) -> str:
    return str(path.relative_to(REPOSITORY / "ssg"))


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def _nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(_tree(path)))


def _imports(path: Path) -> Iterator[str]:
    """Top-level packages that a file imports, wherever in it."""
    for node in _nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield (node.module or "").partition(".")[0]


def _sub_rooms(room: str) -> dict[str, set[str]]:
    """The sub-rooms of a room, each with those that its files import."""
    found: dict[str, set[str]] = {}
    top = REPOSITORY / "ssg" / room
    for path in top.glob("*/**/*.py"):
        sub_room = path.relative_to(top).parts[0]
        for node in _nodes(path):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"ssg.{room}."):
                other = (node.module or "").split(".")[2]
                if other != sub_room and (top / other).is_dir():
                    found.setdefault(sub_room, set()).add(other)
    return found


@pytest.mark.parametrize("room", ["content", "render", "build", "edge", "sources", "targets"])
def test_sub_rooms_of_a_room_form_no_circle(room: str) -> None:
    """Modules directly in the room may use all of them."""
    TopologicalSorter(_sub_rooms(room)).prepare()


def test_no_folder_of_tests_is_passed_over(pytestconfig: pytest.Config) -> None:
    """Pytest has names of folders that it does not look into, and `build` is one of its own."""
    patterns = pytestconfig.getini("norecursedirs")
    seen = set[str]()
    for folder, folders, files in os.walk(REPOSITORY / "tests"):
        folders[:] = [name for name in folders if name not in {"node_modules", "aws"}]
        if any(fnmatch(name, "test_*.py") for name in files):
            seen.update(Path(folder).relative_to(REPOSITORY).parts)
    assert {"tests", "build", "render"} <= seen
    assert [name for name in seen for one in patterns if fnmatch(name, one)] == []


def test_a_higher_room_imports_lower_ones_only() -> None:
    tool = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [tool, "--no-cache"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


PROBE = """
import importlib, pkgutil, sys
before = set(sys.modules)
for room in {rooms!r}:
    package = importlib.import_module(room)
    for module in pkgutil.walk_packages(package.__path__, room + "."):
        importlib.import_module(module.name)
loaded = {{name.partition(".")[0] for name in set(sys.modules) - before}}
print(*sorted(loaded - sys.stdlib_module_names))
"""


def test_what_is_shipped_needs_no_more_than_the_bundle_holds() -> None:
    code = PROBE.format(rooms=SHIPPED_ROOMS)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True,
        timeout=60,
    )  # fmt: skip
    in_the_standard_library = {"backports"} if sys.version_info < (3, 14) else set()
    assert set(done.stdout.split()) - in_the_standard_library == SHIPPED_PACKAGES


def test_a_third_party_package_enters_through_its_room() -> None:
    ours = {*sys.stdlib_module_names, "ssg", "__future__"}
    imported = {(_name(path), package) for path in FILES for package in _imports(path)}
    foreign = {(name, package) for name, package in imported if package not in ours}
    assert {one for one in foreign if not one[0].startswith(PLACES.get(one[1], ()))} == set()


HASHES: Mapping[str, str] = {
    "build/incremental/dependencies/asked_questions.py": "ids of questions",
    "build/publish/staging.py": "digests of published files",
    "build/publish/written_files.py": "digests of published files",
    "build/tag_table/": "values of tags, and names of their tables",
    "content/reading/chunk_reader.py": "digests of sources",
    "content/structure/assets.py": "digests of assets, which pages show as `integrity`",
    "edge/policy.py": "ETags",
    "edge/storage/process_lock.py": "places in a lock file",
    "edge/storage/disk_store.py": "names of folders",
    "model/images/card.py": "names of cards, which functions compute, too",
    "images/run_job.py": "digests of pictures, as the site database has them",
    "model/texts.py": "names of blocks of texts",
    "redirects/matching/roles.py": "signatures of tokens",
    "render/dependencies/tags.py": "names of tags, which JavaScript computes, too",
    "render/templates/bytecode.py": "names of bytecode in a function, which has no such room",
    "runtime/signed_purge.py": "signatures of requests",
    "scaffold/requirement.py": "hashes in the format of wheels",
    "search/index_files.py": "names of the files of an index",
    "sources/recorded.py": "names of recordings",
    "targets/": "files that functions share, on this machine and in a deploy",
}
"""Modules with hashes that are not fingerprints, and what those are."""


def test_a_fingerprint_is_computed_in_its_room() -> None:
    hashing = [_name(path) for path in FILES if "hashlib" in _imports(path)]
    assert [name for name in hashing if not name.startswith(("fingerprint/", *HASHES))] == []


def test_a_file_is_near_400_lines_at_most() -> None:
    lines = {_name(path): len(path.read_text("utf-8").splitlines()) for path in FILES}
    assert {name: count for name, count in lines.items() if count > 400} == {}


def test_a_file_says_what_it_is() -> None:
    assert [_name(path) for path in FILES if not ast.get_docstring(_tree(path))] == []
    vague = {"utils", "core", "helpers", "common"}
    assert [_name(path) for path in FILES if vague & {path.stem, path.parent.name}] == []


def test_only_the_command_line_prints() -> None:
    elsewhere = [path for path in FILES if not _name(path).startswith("cli/")]
    assert [f"{_name(path)}:{line}" for path in elsewhere for line in _printed(path)] == []


def _printed(path: Path) -> list[int]:
    """The lines of a file that call `print`."""
    calls = (node for node in _nodes(path) if isinstance(node, ast.Call))
    return [n.lineno for n in calls if isinstance(n.func, ast.Name) and n.func.id == "print"]


def _module(path: Path) -> str:
    parts = path.relative_to(REPOSITORY).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _named(node: ast.AST) -> set[str]:
    """Modules that a statement may import: `from a import b` is `a`, and `a.b` if there is one."""
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    if isinstance(node, ast.ImportFrom) and node.module:
        return {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return set()


MODULES = {_module(path): path for path in FILES}


def _with_all_it_imports(name: str, seen: set[str]) -> set[str]:
    """A module of ours, and those that come in with it."""
    if name in MODULES and name not in seen:
        seen.add(name)
        for node in _tree(MODULES[name]).body:
            for inner in _named(node):
                _with_all_it_imports(inner, seen)
    return seen


def _imports_inside(path: Path) -> Iterator[tuple[str, set[str]]]:
    """Lines of functions that import, each with what it may name."""
    lines = path.read_text("utf-8").splitlines()
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    functions = [node for node in _nodes(path) if isinstance(node, kinds)]
    for node in {inner for function in functions for inner in ast.walk(function)}:
        if isinstance(node, ast.Import | ast.ImportFrom) and _named(node):
            yield f"{_name(path)}: {lines[node.lineno - 1].strip()}", _named(node)


def test_an_import_inside_a_function_says_why_and_dodges_no_cycle() -> None:
    """It is for what few builds need and takes long to import. In `cli` all commands do so."""
    elsewhere = [path for path in FILES if not _name(path).startswith("cli/")]
    inside = [(path, line, names) for path in elsewhere for line, names in _imports_inside(path)]
    assert len(inside) > 20
    assert [line for _, line, _ in inside if not re.search(r"# noqa: PLC0415 \w{2}", line)] == []
    assert [line for path, line, names in inside if _dodges_a_cycle(path, names)] == []


def _dodges_a_cycle(path: Path, names: set[str]) -> bool:
    return any(_module(path) in _with_all_it_imports(name, set()) for name in names)


BUILD = """
import sys
before = set(sys.modules)
sys.argv = ["ssg", "build", "--quiet", "--target", sys.argv[1]]
from ssg.cli.app import main
try:
    main()
except SystemExit as end:
    assert not end.code
print(*sorted(set(sys.modules) - before))
"""

SELDOM = {
    "rich", "yaml", "frontmatter", "pygments", "importlib.metadata", "starlette", "uvicorn",
    "watchfiles", "diskcache", "redis", "jwt", "ssg.cli.console", "ssg.cli.commands.serve",
    "ssg.content.source.full_yaml", "ssg.render.markdown.highlighting",
    "ssg.build.render.search_index", "ssg.edge", "ssg.preview", "ssg.check", "ssg.importers",
    "ssg.scaffold", "ssg.plugins", "ssg.sources", "httpcore", "certifi", "psycopg", "ssg.images",
    "PIL",
}  # fmt: skip
"""What a quiet build of a plain site has no need of. Each of them would make every build slower."""

HOST = {"ssg.redirects", "ssg.targets.netlify", "ssg.targets.bundles", "tarfile", "zipfile"}
"""What is needed for a host with rules and functions."""


@pytest.mark.parametrize(
    ("target", "needless"),
    [
        pytest.param("netlify", SELDOM, marks=[pytest.mark.node, pytest.mark.xdist_group("node")]),
        ("static", SELDOM | HOST),
    ],
)
def test_a_quiet_build_imports_what_it_needs(
    tmp_path: Path, target: str, needless: set[str]
) -> None:
    write(tmp_path, {**BARE, "content/a.md": "---\ntitle: A\ndate: 2026-01-01\n---\nText.\n"})
    _loaded_by_a_build(tmp_path, target)  # on a new machine it makes what all functions share
    (tmp_path / "content/a.md").write_text("Another text.\n")
    for nothing_to_do in (False, True):
        loaded = _loaded_by_a_build(tmp_path, target)
        assert {"ssg.build.incremental.up_to_date", "ssg.config.load"} <= loaded
        assert ("ssg.build.pipeline" in loaded) != nothing_to_do
        assert loaded & needless == set()


def _loaded_by_a_build(site: Path, target: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", BUILD, target], cwd=site, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)}, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_a_server_starts_without_pillow() -> None:
    code = "import sys; sys.modules['PIL'] = None; import ssg.asgi, ssg.cli.preview"
    subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, check=True, timeout=60)
