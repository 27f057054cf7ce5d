"""Fetching pinned npm packages, with tools that misbehave."""

from __future__ import annotations

import base64
import hashlib
import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ssg.model.errors import TargetError
from ssg.targets.bundles.pyodide import npm
from ssg.targets.bundles.pyodide.npm import NpmPackage
from ssg.targets.bundles.pyodide.user_cache import cache_root
from ssg.targets.netlify.function import NETLIFY_FUNCTIONS
from tests.damage import DAMAGES


def tarball(**files: str) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, text in files.items():
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
    return buffer.getvalue()


def pinned(content: bytes, *files: str) -> NpmPackage:
    digest = base64.b64encode(hashlib.sha512(content).digest()).decode()
    return NpmPackage("@scope/thing", "1.2.3", f"sha512-{digest}", files)


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the whole PATH, and an empty cache."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("SSG_CACHE_DIR", str(tmp_path / "cache"))
    return folder


def script(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{text}\n")
    (folder / name).chmod(0o755)


def npm_that_packs(folder: Path, content: bytes) -> None:
    (folder / "thing.tgz").write_bytes(content)
    script(folder, "npm", f'/bin/cp {folder}/thing.tgz "$4"; echo "$@" >> {folder}/calls')


def test_a_package_is_fetched_once_and_then_kept(tools: Path) -> None:
    content = tarball(**{"main.js": "1", "notes.md": "x"})
    script(tools, "node", "echo v22.1.0")
    npm_that_packs(tools, content)
    first = npm.package_folder(pinned(content, "main.js"))
    assert npm.package_folder(pinned(content, "main.js")) == first
    assert [file.name for file in first.iterdir()] == ["main.js"]
    (call,) = (tools / "calls").read_text().splitlines()
    assert call.startswith("pack @scope/thing@1.2.3 --pack-destination ")


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_package_that_is_damaged_in_the_cache_is_fetched_again(
    tools: Path, damage: Callable[[Path], None]
) -> None:
    content = tarball(**{"main.js": "some code"})
    script(tools, "node", "echo v22.1.0")
    npm_that_packs(tools, content)
    damage(npm.package_folder(pinned(content, "main.js")) / "main.js")
    assert not npm.are_fetched([pinned(content, "main.js")])
    again = npm.package_folder(pinned(content, "main.js"))
    assert (again / "main.js").read_text() == "some code"


def test_a_package_with_another_digest_is_refused(tools: Path) -> None:
    script(tools, "node", "echo v22.1.0")
    npm_that_packs(tools, tarball(**{"main.js": "evil"}))
    with pytest.raises(TargetError) as caught:
        npm.package_folder(pinned(tarball(**{"main.js": "good"}), "main.js"))
    assert "@scope/thing@1.2.3 is not the expected package" in str(caught.value)
    assert list((cache_root() / "npm").iterdir()) == []


def test_a_failed_fetch_says_what_npm_said(tools: Path) -> None:
    script(tools, "node", "echo v22.1.0")
    script(tools, "npm", "echo 'npm error code E404' >&2; echo 'npm error not there' >&2; exit 1")
    with pytest.raises(TargetError, match=r"could not fetch @scope/thing@1\.2\.3: code E404; not"):
        npm.package_folder(pinned(b"", "main.js"))


def test_a_link_in_a_package_is_not_followed(tmp_path: Path) -> None:
    file = tmp_path / "thing.tgz"
    with tarfile.open(file, "w:gz") as archive:
        entry = tarfile.TarInfo("package/main.js")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(entry)
    with pytest.raises(TargetError, match=r"main\.js is not a file"):
        npm.unpack(file, ["main.js"], tmp_path)


def test_missing_tools_are_all_named_with_what_to_do(tools: Path) -> None:
    problems = npm.missing_tools()
    assert [problem.message for problem in problems] == [
        "the function of deferred pages needs Node, which is not installed",
        "the function of deferred pages needs npm, which is not installed",
    ]
    assert all("--target static" in (problem.hint or "") for problem in problems)
    with pytest.raises(TargetError, match="needs Node"):
        npm.node()


def test_an_old_node_is_named_with_its_version(tools: Path) -> None:
    script(tools, "node", "echo v18.20.4")
    script(tools, "npm", "true")
    (problem,) = npm.missing_tools()
    assert (
        problem.message == "the function of deferred pages needs Node 20 or newer; found v18.20.4"
    )


def test_a_node_that_is_new_enough_is_no_problem(tools: Path) -> None:
    script(tools, "node", "echo v20.0.0")
    script(tools, "npm", "true")
    assert npm.missing_tools() == []
    assert npm.node() == str(tools / "node")


@pytest.mark.node
def test_the_pinned_packages_are_what_the_registry_has() -> None:
    for package in (npm.PYODIDE, NETLIFY_FUNCTIONS):
        folder = npm.package_folder(package)
        found = {file.relative_to(folder).as_posix() for file in folder.rglob("*.*")}
        assert set(package.files) <= found | {"LICENSE"}


def test_a_pattern_stands_for_all_files_that_it_matches(tools: Path) -> None:
    files = {"lib/a.js": "a", "lib/b.js": "b", "lib/deep/c.js": "c", "lib/d.md": "d", "LICENSE": ""}
    content = tarball(**files)
    script(tools, "node", "echo v22.1.0")
    npm_that_packs(tools, content)
    package = pinned(content, "LICENSE", "lib/*.js")
    assert npm.package_files(package) == ["LICENSE", "lib/a.js", "lib/b.js"]
    assert (npm.package_folder(package) / "lib/b.js").read_text() == "b"


def test_a_pattern_that_matches_nothing_fails_and_names_it(tools: Path) -> None:
    content = tarball(**{"main.js": "1"})
    script(tools, "node", "echo v22.1.0")
    npm_that_packs(tools, content)
    with pytest.raises(TargetError, match=r"lib/\*\.js"):
        npm.package_folder(pinned(content, "lib/*.js"))


def test_a_pattern_never_leads_out_of_the_folder(tools: Path) -> None:
    content = tarball(**{"../x.js": "1", "y.js": "2", "..\\z.js": "3"})
    script(tools, "node", "echo v22.1.0")
    npm_that_packs(tools, content)
    assert npm.package_files(pinned(content, "*.js", "**/y.js")) == ["y.js"]
