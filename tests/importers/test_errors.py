"""Folders that are not sites, and files that cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ssg.importers.registry import GENERATORS, import_site
from ssg.importers.source_tree import SourceTree
from ssg.model.errors import OldSiteError
from tests.conftest import write
from tests.importers.old import Imported

Old = Callable[..., Imported]

NONE = {
    "hugo": "There is none of hugo.toml, hugo.yaml, hugo.yml or config/_default/",
    "jekyll": "There is neither _config.yml nor _posts/",
    "zola": "There is no config.toml",
    "pelican": "There is no pelicanconf.py",
    "mkdocs": "There is no mkdocs.yml",
}


@pytest.mark.parametrize("name", GENERATORS)
def test_a_folder_that_is_not_a_site(name: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(OldSiteError) as caught:
        import_site(name, SourceTree(tmp_path / "empty"))
    assert str(caught.value) == f"empty/ is not a site of {GENERATORS[name]}. {NONE[name]}"


@pytest.mark.parametrize(
    ("name", "file", "text", "message"),
    [
        ("hugo", "hugo.toml", "a = \n", "hugo.toml:1:5: TOML: Invalid value"),
        ("hugo", "hugo.json", '{"a": }', "hugo.json:1:7: JSON: Expecting value"),
        ("hugo", "hugo.yaml", "- a\n", "hugo.yaml: the file is not a table of keys and values"),
        ("jekyll", "_config.yml", "a: b: c\n",
         "_config.yml:1:5: YAML: mapping values are not allowed here. "
         'Put quotes around a text with a colon: title: "One: two"'),
        ("zola", "config.toml", "x", "config.toml: TOML: Expected '=' after a key"),
        ("pelican", "pelicanconf.py", "a = (\n", "pelicanconf.py:1: Python: '(' was never closed"),
        ("mkdocs", "mkdocs.yml", "a: [\n",
         "mkdocs.yml:2:1: YAML: expected the node content, but found '<stream end>'"),
    ],
)  # fmt: skip
def test_a_configuration_that_cannot_be_read(
    tmp_path: Path, name: str, file: str, text: str, message: str
) -> None:
    write(tmp_path, {file: text})
    with pytest.raises(OldSiteError) as caught:
        import_site(name, SourceTree(tmp_path))
    assert str(caught.value).startswith(message)


def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(OldSiteError, match="there is no folder"):
        SourceTree(tmp_path / "none")


@pytest.mark.parametrize(
    ("name", "place"),
    [("hugo", "content/a.md"), ("jekyll", "a.md"), ("zola", "content/a.md"),
     ("pelican", "content/a.md"), ("mkdocs", "docs/a.md")],
)  # fmt: skip
@pytest.mark.parametrize(
    "text",
    [
        b"---\ntitle: [\n---\n", b"---\ntitle: \xff\n---\n", b"---\nunclosed: 1\n",
        b"+++\na = \n+++\n", b'{"title": }\n', b"---\n- a\n---\n", b"", b"\n", b"{", b"---\n---",
    ],
)  # fmt: skip
def test_a_page_that_cannot_be_read_is_left_out_with_a_finding(
    old: Old, name: str, place: str, text: bytes
) -> None:
    found = old(name, {place: text})
    is_there = any(path.endswith("/a.md") for path in found.paths)
    told = any(line.startswith(place) for line in found.findings)
    is_static = name == "jekyll" and not text.startswith(b"---")
    assert is_there or told or is_static
