"""What tells the code of one build from that of another."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pytest

import ssg
from ssg.fingerprint import code
from ssg.fingerprint.code import PACKAGES, ROOMS_APART, code_files, code_fingerprint, installed
from tests.conftest import Built

REPOSITORY = Path(__file__).parents[2]
HOME = Path(ssg.__file__).parent

CHANGES_NO_BYTE = {
    "starlette",  # of the edge
    "tomli_w",  # of importers
    "liquid",  # of importers
    "griffe",  # of a build plugin: a site with one is built anew each time
    "pyinstrument",  # looks on
    "httpcore",  # asks sources of live pages, whose answers are not code
    "psycopg",  # the same
}


def test_each_package_is_told_with_its_version() -> None:
    wanted = {f"{name}-{version(name)}.dist-info" for name in PACKAGES.values()}
    assert sorted(map(code._normal, installed())) == sorted(map(code._normal, wanted))


def _file(module: str) -> Path:
    place = HOME.parent.joinpath(*module.split("."))
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


def _with_imports(module: str, seen: set[str]) -> set[str]:
    """Modules of ours that come in with one, wherever in it they are imported."""
    file = _file(module)
    if module not in seen and file.is_file():
        seen.add(module)
        for name in _imports(file):
            _with_imports(name, seen)
    return seen


@cache
def _imports(file: Path) -> tuple[str, ...]:
    return tuple(_imported(file))


def _imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def reached_modules() -> set[str]:
    return _with_imports("ssg.build.pipeline", set()) | _with_imports("ssg.content.scan", set())


def test_every_module_that_a_build_imports_is_covered() -> None:
    covered = {str(Path(file).relative_to(HOME.parent)) for file in code_files()}
    reached = {
        name.replace(".", "/")
        + ("/__init__.py" if (HOME.parent / name.replace(".", "/")).is_dir() else ".py")
        for name in reached_modules()
    }
    assert len(reached) > 150 and reached <= covered


def test_every_package_that_a_build_imports_is_covered() -> None:
    third_party = (
        {
            name.partition(".")[0]
            for module in reached_modules()
            for file in [HOME.parent.joinpath(*module.split("."))]
            for name in _imports(file / "__init__.py" if file.is_dir() else file.with_suffix(".py"))
        }
        - sys.stdlib_module_names
        - {"ssg"}
    )
    known = {name.partition(".")[0] for name in PACKAGES} | CHANGES_NO_BYTE
    assert third_party - known - {"compression"} == set()  # `compression` is Python's own from 3.14


def test_rooms_apart_are_those_that_a_build_cannot_import() -> None:
    linter = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["tool"][
        "importlinter"
    ]
    layers = [layer.split(" | ") for layer in linter["contracts"][0]["layers"]]
    above = next(index for index, layer in enumerate(layers) if "build" in layer)
    rooms = {room for layer in layers[: above + 1] for room in layer} - {"build"}
    assert rooms | {"edge"} == ROOMS_APART
    assert not {module.split(".")[1] for module in reached_modules() if "." in module} & ROOMS_APART


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_another_version_of_a_package_is_other_code(
    package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = code_fingerprint.__wrapped__()
    distribution = PACKAGES[package].lower().replace("-", "_").replace(".", "_")
    names = [name for name in installed() if not code._normal(name).startswith(distribution)]
    monkeypatch.setattr(code, "installed", lambda: [*names, f"{distribution}-0.0.1.dist-info"])
    assert code_fingerprint.__wrapped__() != before


def test_a_change_of_a_package_alone_reads_all_sources_again(
    site: Callable[..., Built], monkeypatch: pytest.MonkeyPatch
) -> None:
    """mistune makes titles of headings, for one. The cache of sources must not keep them."""
    files = {"content/a.md": "# A *title*\n"}
    built = site(files)
    assert built.page("/a/").title == "A title"
    monkeypatch.setattr("ssg.content.reading.chunk_reader.plain_title", str.upper)
    assert site(files).page("/a/").title == "A title"
    code_fingerprint.cache_clear()
    monkeypatch.setattr(code, "installed", lambda: ["mistune-99.dist-info"])
    try:
        assert site(files).page("/a/").title == "A *TITLE*"
    finally:
        code_fingerprint.cache_clear()
