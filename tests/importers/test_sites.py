"""Whole sites, byte by byte: `sites/<generator>/old/` becomes `sites/<generator>/new/`.

UPDATE_EXPECTED=1 writes what it becomes.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from ssg.importers.imported_site import ImportedSite
from ssg.importers.registry import GENERATORS, import_site
from ssg.importers.report import group_findings, report
from ssg.importers.source_tree import SourceTree
from ssg.importers.write_site import write_site
from tests.conftest import Built, build_site

SITES = Path(__file__).parent / "sites"


def _import(name: str, folder: Path) -> ImportedSite:
    tree = SourceTree(SITES / name / "old")
    site = import_site(name, tree)
    write_site(site, tree, folder, [report(site, GENERATORS[name])])
    return site


def _tree(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.mark.parametrize("name", GENERATORS)
def test_a_site_becomes_what_is_expected(name: str, tmp_path: Path) -> None:
    root, expected = tmp_path / "new", SITES / name / "new"
    _import(name, root)
    if os.environ.get("UPDATE_EXPECTED"):
        shutil.rmtree(expected, ignore_errors=True)
        shutil.copytree(root, expected)
    found = _tree(root)
    assert sorted(found) == sorted(_tree(expected))
    for path, data in _tree(expected).items():
        assert found[path].decode() == data.decode(), path


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Built]:
    """Each imported site as it is built, with the default theme: links are checked on the way."""
    found = {}
    for name in GENERATORS:
        root = tmp_path_factory.mktemp("built") / name
        _import(name, root)
        found[name] = build_site(root)
    return found


ADDRESSES = {
    "hugo": {
        "/": "Home", "/about-the-paper.html": "About us", "/2024/03/first-issue/": "First issue",
        "/2024/03/pier/": "The pier", "/news/": "All the news", "/boats/ana/": "The Ana",
    },
    "jekyll": {
        "/": "The Log", "/about/": "About", "/fleet/ana/": "The Ana",
        "/weather/harbour/2024/02/03/the-storm.html": "The storm: a report",
        "/archive.html": "Archive",
    },
    "zola": {
        "/": "Sea", "/fr/": "Mer", "/blog/storm/": "The storm", "/blog/calm/": "Calm",
        "/fr/le-calme/": "Calme", "/grosse-zwei/": "Sizes",
    },
    "pelican": {
        "/": "The Buoy", "/posts/2024/first-float/": "First float",
        "/posts/2024/third-last/": "Third & last", "/pages/about.html": "About",
    },
    "mkdocs": {
        "/": "Rig", "/guide/": "The guide", "/guide/knots/": "Knots & more",
        "/guide/sails/": "Sails",
    },
}  # fmt: skip
"""Addresses of the old sites, as their generators make them, with the titles of their pages."""

REDIRECTS = {
    "hugo": {"who/index.html": "/paper/about-the-paper.html",
             "2024/03/old-pier/index.html": "/paper/2024/03/pier/"},
    "jekyll": {"me/index.html": "/log/about/"},
    "zola": {"log/index.html": "/blog/"},
    "mkdocs": {"old/knots/index.html": "/docs/guide/knots/"},
}  # fmt: skip


@pytest.mark.parametrize("name", REDIRECTS)
def test_old_addresses_redirect(name: str, built: dict[str, Built]) -> None:
    for file, target in REDIRECTS[name].items():
        assert f'{target}"' in built[name].read(file)


LEFT_OVER = re.compile(
    r"\{\{[<%]|\{:|\{%|\{(?:filename|static|tag|index)\}|!!! |\?\?\? |=== \"|8<--"
)


@pytest.mark.parametrize("name", GENERATORS)
def test_no_page_shows_what_only_the_old_generator_knows(
    name: str, built: dict[str, Built]
) -> None:
    for page in built[name].site.all_pages():
        html = built[name].render(page.path) if page.source else ""
        shown = re.sub(r"<(pre|code)\b.*?</\1>|<!--.*?-->", "", html, flags=re.S)
        found = LEFT_OVER.search(shown)
        known = name == "hugo" and "Write {{" in shown  # quoted there: a text about shortcodes
        known |= name == "jekyll" and page.source == "broken.md"  # reported
        known |= name in {"zola", "jekyll"} and "{{ " in shown
        assert found is None or known, (page.path, found)


@pytest.mark.parametrize("name", GENERATORS)
def test_a_finding_names_a_line_of_the_old_site(name: str, tmp_path: Path) -> None:
    site = _import(name, tmp_path / "new")
    tree = SourceTree(SITES / name / "old")
    for finding in site.findings:
        if finding.where and finding.where.line:
            lines = tree.text(finding.where.path).count("\n") + 1
            assert 1 <= finding.where.line <= lines, finding
    assert group_findings(site.findings)
