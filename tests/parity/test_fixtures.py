"""Every site of `sites/`, with pages deferred: the runtime gives the bytes that are expected.

A site that defers nothing of its own is built with all of its pages deferred.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ssg.build.layout import Layout
from ssg.build.options import BuildOptions
from ssg.build.pipeline import build
from ssg.config.load import load
from ssg.model.database import open_readonly
from ssg.model.media_types import page_content_type
from ssg.model.page import ALWAYS_CRITICAL_KINDS, Page
from ssg.model.queries.site import Site
from ssg.model.settings import TargetSettings
from ssg.model.urls import output_file, quote_path
from ssg.runtime.http import Request
from ssg.runtime.rounds import answered
from ssg.runtime.tagged_renderer import TaggedRenderer
from ssg.targets.bundles.pyodide import emit_function
from ssg.targets.bundles.pyodide.local_function import NodeFunction
from ssg.targets.netlify.function import function_folder, local_function, texts_folder
from tests.conftest import NOW, Silent

SITES = sorted(path for path in (Path(__file__).parents[1] / "sites").iterdir() if path.is_dir())
KINDS = ("section", "pager", "taxonomy", "term", "archive")
EVERYTHING: list[dict[str, Any]] = [{"match": "**"}, *({"kind": kind} for kind in KINDS)]


def _build(
    folder: Path, root: Path, *, package: bool = False, texts: str = "auto", kind: str = "builder"
) -> tuple[Path, Site]:
    """Built for a target that defers; the publish folder and the database."""
    shutil.copytree(folder, root, ignore=shutil.ignore_patterns("expected"))
    overrides: dict[tuple[str, ...], Any] = {
        ("target", "name"): "netlify",
        ("target", "kind"): kind,
        ("target", "texts"): texts,
    }
    if not load(root, environment={}).settings.deferred.rules:
        overrides["deferred", "rules"] = EVERYTHING
    project = load(root, overrides=overrides, environment={})
    report = build(project, Layout.of(project), BuildOptions(NOW, package=package), Silent())
    return report.output, Site.open(report.database)


def _differing(pages: Iterator[Page], site: Site, output: Path, expected: Path) -> list[str]:
    renderer = TaggedRenderer(site)
    wrong = []
    for page in pages:
        if page.deferred:
            answer = answered(renderer, Request("GET", quote_path(page.path)))
            good = answer.status == 200 and answer.headers["Content-Type"] == page_content_type(
                page.path
            )
            data = answer.body if good else b""
        else:
            data = (output / output_file(page.path)).read_bytes()
        if data != (expected / output_file(page.path)).read_bytes():
            wrong.append(page.path)
    return wrong


@pytest.mark.parametrize("folder", SITES, ids=lambda folder: folder.name)
def test_the_runtime_gives_the_bytes_of_a_full_build(folder: Path, tmp_path: Path) -> None:
    output, site = _build(folder, tmp_path / "site")
    deferred = [page.path for page in site.deferred_pages()]
    assert deferred
    assert not [path for path in deferred if (output / output_file(path)).exists()]
    assert _differing(site.all_pages(), site, output, folder / "expected") == []


@pytest.mark.node
@pytest.mark.xdist_group("parity")
@pytest.mark.parametrize("folder", SITES, ids=lambda folder: folder.name)
def test_the_emitted_function_gives_the_bytes_of_a_full_build(folder: Path, tmp_path: Path) -> None:
    """Every construct that has a fixture, in the Python of Pyodide, which is another version."""
    _, site = _build(folder, tmp_path / "site", package=True)
    with local_function(tmp_path / "site" / function_folder("ssg-pages")) as host:
        assert _wrong(host, site, folder / "expected") == []


@pytest.mark.node
@pytest.mark.xdist_group("parity")
@pytest.mark.parametrize("name", ["blog", "everything", "languages"])
@pytest.mark.parametrize("near", [emit_function.NEAR, 1.0], ids=["whole", "lean"])
def test_so_does_a_function_that_fetches_the_texts_from_its_deploy(
    name: str, near: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And one whose database is a lean copy, for which every site is large enough here."""
    monkeypatch.setattr(emit_function, "NEAR", near)
    folder = SITES[0].parent / name
    output, site = _build(folder, tmp_path / "site", package=True, texts="publish")
    function = tmp_path / "site" / function_folder("ssg-pages")
    assert not (function / "texts").exists()
    assert _is_lean(function) == (near == 1.0)
    with local_function(function, texts=texts_folder(output)) as host:
        assert _wrong(host, site, folder / "expected") == []


@pytest.mark.node
@pytest.mark.xdist_group("parity")
@pytest.mark.parametrize("texts", ["bundle", "publish"])
@pytest.mark.parametrize("name", ["everything", "languages"])
def test_so_does_a_function_of_the_other_kind(name: str, texts: str, tmp_path: Path) -> None:
    folder = SITES[0].parent / name
    output, site = _build(folder, tmp_path / "site", package=True, texts=texts, kind="function")
    function = tmp_path / "site" / function_folder("ssg-pages")
    settings = TargetSettings("netlify", "function")
    with local_function(function, settings, texts=texts_folder(output)) as host:
        assert _wrong(host, site, folder / "expected") == []


def _is_lean(function: Path) -> bool:
    with contextlib.closing(open_readonly(function / "site.db")) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master").fetchall()
    return ("offloaded",) in tables


def _wrong(host: NodeFunction, site: Site, expected: Path) -> list[str]:
    """Return the deferred pages for which a function differs from a full build."""
    return [
        page.path
        for page in site.deferred_pages()
        if host.answer(Request("GET", quote_path(page.path))).body
        != (expected / output_file(page.path)).read_bytes()
    ]


def test_half_of_everything_is_deferred(tmp_path: Path) -> None:
    """Each kind of page that can be deferred occurs deferred and critical, except pagers."""
    _, site = _build(SITES[0].parent / "everything", tmp_path / "site")
    kinds: dict[bool, set[str]] = {True: set(), False: set()}
    for page in site.all_pages():
        kinds[bool(page.deferred)].add(page.kind)
    assert kinds[True] == {"page", "section", "pager", "term", "archive", "markdown"}
    assert {"page", "section", "taxonomy", "archive", "markdown"} <= kinds[False]
    pages = [page for page in site.all_pages() if page.kind not in ALWAYS_CRITICAL_KINDS]
    assert 0.4 < sum(bool(page.deferred) for page in pages) / len(pages) < 0.7
