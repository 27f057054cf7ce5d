"""The house: who imports whom, what is shipped, how long a file may be."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
FILES = sorted((REPOSITORY / "ssg").rglob("*.py"))

SHIPPED_ROOMS = ("ssg.model", "ssg.render", "ssg.runtime")
SHIPPED_PACKAGES = frozenset({"ssg", "jinja2", "markupsafe", "mistune", "pygments"})

PLACES: Mapping[str, tuple[str, ...]] = {
    "typer": ("cli/",),
    "rich": ("cli/",),
    "diskcache": ("edge/store.py",),
    "yaml": ("content/", "importers/"),
    "frontmatter": ("content/",),
    "tomli_w": ("importers/",),
    "liquid": ("importers/jekyll/",),
    "starlette": ("edge/",),
    "uvicorn": ("edge/",),
    "pyinstrument": ("cli/flame.py",),
    "watchfiles": ("edge/",),
    "jinja2": ("render/", "edge/", "scaffold/", "importers/zola/"),
    "mistune": ("render/",),
    "pygments": ("render/",),
    "markupsafe": ("render/", "targets/", "edge/"),
    "backports": ("model/texts.py",),
    "compression": ("model/texts.py",),
}
"""The door through which each third-party package enters."""


def _name(path: Path) -> str:
    return str(path.relative_to(REPOSITORY / "ssg"))


def _imports(path: Path) -> Iterator[str]:
    """Top-level packages that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield (node.module or "").partition(".")[0]


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


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_a_third_party_package_enters_through_its_room(path: Path) -> None:
    for package in _imports(path):
        if package not in sys.stdlib_module_names and package not in {"ssg", "__future__"}:
            assert package in PLACES, f"{_name(path)} imports {package}"
            assert _name(path).startswith(PLACES[package]), f"{_name(path)} imports {package}"


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_a_file_is_near_400_lines_at_most(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_a_file_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), _name(path)
    assert not {"utils", "core", "helpers", "common"} & {path.stem, path.parent.name}


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_only_the_command_line_prints(path: Path) -> None:
    calls = (n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Call))
    printed = [n.lineno for n in calls if isinstance(n.func, ast.Name) and n.func.id == "print"]
    assert _name(path).startswith("cli/") or printed == []


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_no_cycle_is_dodged_by_an_import_inside_a_function(path: Path) -> None:
    """In `cli` such imports keep `ssg --help` quick."""
    if _name(path).startswith("cli/"):
        return
    tree = ast.parse(path.read_text("utf-8"))
    functions = (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
    inside = [
        node.lineno
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inside == []
