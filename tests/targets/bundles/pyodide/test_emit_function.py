"""The emitted folder."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ssg.model.errors import TargetError
from ssg.targets.bundles.pyodide import bundle
from ssg.targets.bundles.pyodide.emit_function import (
    FunctionInputs,
    emit_function,
)
from ssg.targets.bundles.pyodide.path_index import by_prefix
from ssg.targets.bundles.pyodide.template_bytecode import compiled_templates
from ssg.targets.netlify.function import LIMITS, host_parts
from tests.damage import DAMAGES, empty, half, noise
from tests.targets.conftest import ERRORS, NOT_FOUND, EmittedFunction

pytestmark = pytest.mark.node


def test_the_folder_holds_a_known_list_of_files(function: EmittedFunction) -> None:
    folder = function.folder
    found = {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}
    texts = {name for name in found if name.startswith("texts/")}
    blocks = (function.database.parent / "texts").iterdir()
    assert texts == {f"texts/{block.name}" for block in blocks}
    assert found - texts == {
        "404.html",
        "bundle.json",
        "code.zip",
        "errors.json",
        "host.json",
        "headers.json",
        "lib/answer_cache.js",
        "lib/headers.js",
        "lib/pages.js",
        "lib/paths.js",
        "lib/load_python.js",
        "lib/redaction.js",
        "lib/runtime.js",
        "lib/source_url.js",
        "lib/sources.js",
        "lib/texts.js",
        "node_modules/@netlify/functions/LICENSE",
        "node_modules/@netlify/functions/dist/main.cjs",
        "node_modules/@netlify/functions/package.json",
        "node_modules/pyodide/package.json",
        "node_modules/pyodide/pyodide-lock.json",
        "node_modules/pyodide/pyodide.asm.mjs",
        "node_modules/pyodide/pyodide.asm.wasm",
        "node_modules/pyodide/pyodide.js",
        "node_modules/pyodide/python_stdlib.zip",
        "paths.bin",
        "site.db",
        "snapshot.bin",
        "ssg-pages.js",
        "ssg-pages.json",
        "templates.bin",
    }


def test_the_sites_own_files_are_in_it(function: EmittedFunction) -> None:
    folder = function.folder
    assert (folder / "404.html").read_text() == NOT_FOUND
    assert json.loads((folder / "errors.json").read_text("utf-8")) == ERRORS
    assert (folder / "paths.bin").read_bytes() == b"".join(
        by_prefix((path, None) for path in function.paths)
    )
    assert (folder / "site.db").read_bytes() == function.database.read_bytes()


def test_the_report_adds_up_the_files(function: EmittedFunction) -> None:
    files = [file for file in function.folder.rglob("*") if file.is_file()]
    assert function.report.unzipped_bytes == sum(file.stat().st_size for file in files)
    assert not function.report.zipped_is_estimate
    assert 10_000_000 < function.report.zipped_bytes < 20_000_000
    assert function.report.heaviest[0].name == "snapshot.bin"


def test_the_bundle_is_made_once(function: EmittedFunction, tmp_path: Path) -> None:
    report = emit_function(tmp_path, FunctionInputs(function.database), host_parts())
    assert report.snapshot_reused
    assert report.seconds < 5


def test_the_same_site_gives_the_same_bytes(function: EmittedFunction, tmp_path: Path) -> None:
    emit_function(
        tmp_path, FunctionInputs(function.database, NOT_FOUND.encode(), errors=ERRORS), host_parts()
    )
    for file in function.folder.rglob("*"):
        if file.is_file():
            twin = tmp_path / file.relative_to(function.folder)
            assert twin.read_bytes() == file.read_bytes(), file.name


def test_writing_to_a_function_changes_neither_the_cache_nor_the_database(
    function: EmittedFunction, tmp_path: Path
) -> None:
    for file in function.folder.rglob("*"):
        assert file.is_dir() or file.stat().st_nlink == 1
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    emit_function(first, FunctionInputs(function.database), host_parts())
    for name in ("lib/paths.js", "snapshot.bin", "site.db"):
        with (first / name).open("r+b") as stream:
            stream.write(b"spoiled")
    emit_function(second, FunctionInputs(function.database), host_parts())
    for name in ("lib/paths.js", "snapshot.bin", "site.db"):
        assert (second / name).read_bytes() == (function.folder / name).read_bytes()


@pytest.fixture
def own_cache(
    function: EmittedFunction, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> bundle.Bundle:
    """The bundle in a cache that a test may damage."""
    kept = bundle.bundle().folder
    own = tmp_path / "cache"
    shutil.copytree(kept.parents[2] / "npm", own / "npm")
    shutil.copytree(kept.parent, own / "bundles" / kept.parent.name)
    monkeypatch.setenv("SSG_CACHE_DIR", str(own))
    return bundle.bundle()


@pytest.mark.parametrize(
    ("name", "damage"), [("snapshot.bin", empty), ("snapshot.bin", noise), ("code.zip", half)]
)
def test_a_damaged_bundle_in_the_cache_is_not_used(
    own_cache: bundle.Bundle, name: str, damage: Callable[[Path], None]
) -> None:
    """A crash of the machine can leave files without their content."""
    assert bundle.kept() == own_cache
    damage(own_cache.folder / name)
    assert bundle.kept() is None


def test_a_damaged_bundle_in_the_cache_is_made_again_with_the_same_bytes(
    own_cache: bundle.Bundle,
) -> None:
    names = ("code.zip", "snapshot.bin", "bundle.json")
    made = {name: (own_cache.folder / name).read_bytes() for name in names}
    half(own_cache.folder / "snapshot.bin")
    again = bundle.bundle()
    assert not again.reused
    assert {name: (again.folder / name).read_bytes() for name in names} == made


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_bytecode_in_the_cache_is_made_again(
    function: EmittedFunction,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    damage: Callable[[Path], None],
) -> None:
    shared = bundle.bundle()
    monkeypatch.setenv("SSG_CACHE_DIR", str(tmp_path))
    first = compiled_templates(function.database, shared)
    whole = first.read_bytes()
    damage(first)
    assert compiled_templates(function.database, shared).read_bytes() == whole


@pytest.mark.parametrize("memo", ["", "../..", "0" * 20])
def test_a_damaged_note_of_the_bundles_key_does_no_harm(
    function: EmittedFunction, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, memo: str
) -> None:
    kept = bundle.bundle().folder.parent
    shutil.copytree(kept, tmp_path / "bundles" / kept.name)
    monkeypatch.setenv("SSG_CACHE_DIR", str(tmp_path))
    bundle._installed.cache_clear()
    assert bundle.kept()
    (note,) = (tmp_path / "keys").iterdir()
    note.write_text(memo)
    bundle._installed.cache_clear()
    assert bundle.bundle().folder.parent == tmp_path / "bundles" / kept.name
    assert bundle.bundle().reused
    bundle._installed.cache_clear()


def test_a_function_too_large_for_the_host_is_not_emitted_in_silence(
    function: EmittedFunction, tmp_path: Path
) -> None:
    small = replace(host_parts(), limits=replace(LIMITS, zipped_bytes=10_000_000))
    with pytest.raises(TargetError, match=r"zipped, but Netlify takes 9\.5 MB.*snapshot\.bin"):
        emit_function(tmp_path, FunctionInputs(function.database), small)
