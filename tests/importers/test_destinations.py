"""An import writes into its own folders only, whatever the imported site says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssg.importers.destinations import destination_problem, page_problem
from ssg.importers.imported_page import ImportedPage
from ssg.importers.imported_site import CopiedFile, ImportedSite, TextFile
from ssg.importers.registry import GENERATORS, import_site
from ssg.importers.report import report
from ssg.importers.source_tree import SourceTree
from ssg.importers.write_site import write_site
from ssg.model.errors import OldSiteError
from tests.conftest import write
from tests.examples import examples
from tests.importers.old import BARE, Imported

Old = Callable[..., Imported]

OWN = {"ssg.toml", "IMPORT.md", "content", "static", "data", "i18n", "templates"}
HOSTILE = [
    "../hooks.py", "../../hooks.py", "../build_hooks.py", "/etc/x", "//x/y", "C:\\x", "C:/x",
    "..\\hooks.py", "a/../../../hooks.py", "../.git/hooks/post-checkout", ".github/workflows/x.yml",
    ".git/hooks/pre-commit", "../netlify.toml", "../requirements.txt", "../ssg.toml",
    "../templates/base.html", "../hooks/a.py", "a\0b", "a\nb", "\ud800", "x" * 300, "..", ".", "/",
    "a//b", "./a", "~/x", "$HOME/x", "%2e%2e/x", "../new/../hooks.py", "..%2fhooks.py", "a/.ssg/b",
]  # fmt: skip


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=True)


def _hugo(bad: str) -> Mapping[str, str]:
    config = {
        "title": "Old", "publishDir": bad, "staticDir": ["static", bad], "dataDir": bad,
        "permalinks": {"posts": bad}, "taxonomies": {"tag": bad},
        "languages": {"en": {}, bad: {"contentDir": "french"}, "de": {"contentDir": bad}},
    }  # fmt: skip
    page = f"---\ntitle: {_quoted(bad)}\nslug: {_quoted(bad)}\naliases: [{_quoted(bad)}]\n---\n"
    return {
        "hugo.toml": "", "hugo.json": json.dumps(config), "content/posts/a.md": page, "x.txt": "x",
        "content/b.md": f"---\nurl: {_quoted(bad)}\n---\n", "french/a.txt": "a", "french/c.md": "c",
        "i18n/x.toml": "a = 'b'\n", "static/s.txt": "s",
    }  # fmt: skip


def _jekyll(bad: str) -> Mapping[str, str]:
    config = {"title": "Old", "permalink": bad, "destination": bad, "data_dir": bad,
              "collections": {bad: {"output": True, "permalink": bad}}}  # fmt: skip
    header = f"---\npermalink: {_quoted(bad)}\nslug: {_quoted(bad)}\n---\n"
    return {
        "_config.yml": json.dumps(config), "_posts/2024-01-02-a.md": header, "a.md": header,
        "b.txt": header, "c.md": f"---\nredirect_to: [{_quoted('http://x/' + bad)}]\n---\n",
    }  # fmt: skip


def _zola(bad: str) -> Mapping[str, str]:
    config = f"""title = "Old"
base_url = "https://old.example.com"
output_dir = {_quoted(bad)}
feed_filenames = [{_quoted(bad)}]
generate_feeds = true
taxonomies = [{{name = {_quoted(bad)}}}]
[slugify]
paths = "off"
[languages.{_quoted(bad)}.translations]
a = "b"
[languages.fr]
"""
    page = f"+++\nslug = {_quoted(bad)}\n+++\n"
    return {"config.toml": config, "content/a.md": page, "content/b/index.md": page,
            "content/c.md": f"+++\npath = {_quoted(bad)}\n+++\n"}  # fmt: skip


def _pelican(bad: str) -> Mapping[str, str]:
    settings = f"""SITENAME = "Old"
ARTICLE_URL = ARTICLE_SAVE_AS = CATEGORY_URL = TAG_SAVE_AS = OUTPUT_PATH = {bad!r}
EXTRA_PATH_METADATA = {{"extra/x.py": {{"path": {bad!r}}}, "images/y": {{"path": {bad!r}}}}}
STATIC_PATHS = ["extra", "images"]
THEME = {bad!r}
"""
    clean = bad.replace("\n", " ")
    return {
        "pelicanconf.py": settings, "content/extra/x.py": "x", "content/images/y": "y",
        "content/a.md": f"Title: A\nSlug: {clean}\nCategory: {clean}\n\nA\n",
        "content/b.md": f"Title: B\nurl: {clean}\nsave_as: {clean}\n\nB\n",
    }  # fmt: skip


def _mkdocs(bad: str) -> Mapping[str, str]:
    languages = [{"locale": "en", "default": True}, {"locale": bad}]
    config = {
        "site_name": "Old", "site_dir": bad, "nav": [{bad: bad}, "a.md"],
        "plugins": [{"i18n": {"docs_structure": "folder", "languages": languages}},
                    {"redirects": {"redirect_maps": {bad: "a.md"}}}],
    }  # fmt: skip
    return {"mkdocs.yml": json.dumps(config), "docs/en/a.md": "A", "docs/en/b/c.txt": "c"}


SITES: Mapping[str, Callable[[str], Mapping[str, str]]] = {
    "hugo": _hugo, "jekyll": _jekyll, "zola": _zola, "pelican": _pelican, "mkdocs": _mkdocs,
}  # fmt: skip


def _import(root: Path, name: str, files: Mapping[str, str]) -> Path:
    """Import a site into a folder of its own, and return that."""
    old, new = root / "old", root / "new"
    for path, text in files.items():
        place = old / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode("utf-8", "surrogatepass"))
    tree = SourceTree(old)
    site = import_site(name, tree)
    write_site(site, tree, new, [report(site, GENERATORS[name])])
    return new


def _written(new: Path) -> Iterator[str]:
    return (path.relative_to(new).as_posix() for path in new.rglob("*"))


def _check(root: Path, name: str, bad: str) -> None:
    try:
        new = _import(root, name, SITES[name](bad))
    except OldSiteError:
        assert {path.name for path in root.iterdir()} == {"old"}
        return
    assert {path.name for path in root.iterdir()} == {"old", "new"}
    assert {path.name for path in new.iterdir()} <= OWN
    assert not [path for path in _written(new) if "/." in f"/{path}"]
    rest = [path for path in _written(new) if not path.startswith(("content", "static"))]
    assert all(Path(path).suffix in {"", ".toml", ".md", ".html", ".json", ".yml"} for path in rest)


@pytest.mark.parametrize("name", SITES)
@pytest.mark.parametrize("bad", HOSTILE)
def test_hostile_names_stay_in_the_folders_of_an_import(
    tmp_path: Path, name: str, bad: str
) -> None:
    _check(tmp_path, name, bad)


PARTS = st.sampled_from(
    ["..", ".", "/", "\\", "hooks.py", "build_hooks.py", ".git", "C:", "\0", "\n", "a", "é", " ",
     "%2e", ":slug", "{slug}", "~", "static", "content", "\u202e", "#", "?", "en", "*"]
)  # fmt: skip


@pytest.mark.parametrize("name", SITES)
@settings(max_examples=examples(20), deadline=None)
@given(bad=st.lists(PARTS, min_size=1, max_size=6).map("".join) | st.text(min_size=1, max_size=9))
def test_any_name_stays_in_the_folders_of_an_import(
    tmp_path_factory: pytest.TempPathFactory, name: str, bad: str
) -> None:
    _check(tmp_path_factory.mktemp("site"), name, bad)


def test_a_file_that_is_refused_is_told(old: Old) -> None:
    settings = 'EXTRA_PATH_METADATA = {"extra/x.py": {"path": "../hooks.py"}}\n'
    found = old("pelican", {
        "pelicanconf.py": BARE["pelican"]["pelicanconf.py"] + settings,  # type: ignore[operator]
        "content/extra/x.py": "import os\n", "content/a.md": "Title: A\n\nA\n",
    })  # fmt: skip
    assert "static/../hooks.py" not in found.paths
    assert (
        "content/extra/x.py: left out, the path leaves its folder: static/../hooks.py"
        in found.findings
    )


@pytest.mark.parametrize(
    "file",
    [
        TextFile("hooks.py", ""), TextFile("build_hooks.py", ""), TextFile("hooks/a.py", ""),
        TextFile("netlify.toml", ""), TextFile("ssg.toml", ""), TextFile("templates/base.html", ""),
        TextFile("templates/shortcodes/a/b.html", ""), TextFile("i18n/a/b.toml", ""),
        TextFile("data/a.toml", ""), TextFile("static/a\\b", ""), TextFile("Static/a", ""),
        TextFile("static/../hooks.py", ""), TextFile("/static/a", ""), TextFile("static/", ""),
        CopiedFile("i18n/a.toml", "a"), CopiedFile("templates/shortcodes/a.html", "a"),
        CopiedFile("data/a.py", "a"), CopiedFile("static/.git/config", "a"),
    ],
)  # fmt: skip
def test_paths_by_their_kind(file: TextFile | CopiedFile, tmp_path: Path) -> None:
    assert destination_problem(file)
    (tmp_path / "old").mkdir()
    with pytest.raises(OldSiteError, match="cannot be written"):
        write_site(ImportedSite({}, (file,)), SourceTree(tmp_path / "old"), tmp_path / "new")
    assert [path.name for path in tmp_path.iterdir()] == ["old"]


@pytest.mark.parametrize(
    "file",
    [
        TextFile("static/_redirects", ""), TextFile("content/a/b.md", ""),
        TextFile("i18n/pt-BR.toml", ""), TextFile("templates/shortcodes/new_in.html", ""),
        CopiedFile("data/a/b.yaml", "a"), CopiedFile("static/.well-known/x", "a"),
        CopiedFile("content/a b.png", "a"), CopiedFile("static/.nojekyll", "a"),
    ],
)  # fmt: skip
def test_usual_paths_are_written(file: TextFile | CopiedFile) -> None:
    assert not destination_problem(file)
    assert not page_problem(ImportedPage("", "a/_index.md", {}))


def test_a_file_where_others_need_a_folder_is_left_out(old: Old) -> None:
    found = old("jekyll", {
        "a.txt": "---\npermalink: /x\n---\nA\n", "b.txt": "---\npermalink: /x/b.txt\n---\nB\n",
    })  # fmt: skip
    assert "static/x/b.txt" in found.paths
    assert "static/x: left out, other files need a folder of this name" in found.findings


def test_no_link_in_the_new_folder_is_followed(tmp_path: Path) -> None:
    write(tmp_path, {"old/static/a": "a", "old/config.toml": 'title = "A"\n'})
    (tmp_path / "new").mkdir()
    (tmp_path / "victim").mkdir()
    (tmp_path / "new" / "static").symlink_to(tmp_path / "victim")
    tree = SourceTree(tmp_path / "old")
    with pytest.raises(OldSiteError, match="static: leads through a symbolic link"):
        write_site(import_site("zola", tree), tree, tmp_path / "new")
    assert not list((tmp_path / "victim").iterdir())


def test_a_redirect_is_one_line(old: Old) -> None:
    found = old("jekyll", {"a.md": '---\nredirect_to: "http://x\\n/* https://evil 200!"\n---\n'})
    assert "static/_redirects" not in found.paths
    assert any("the redirect from '/a.html'" in one for one in found.findings)


@pytest.mark.parametrize("url", ['https://x/"\n[build]\ncommand="x"', "https://x y/", "file:///x"])
def test_a_url_that_is_none_is_dropped(old: Old, url: str) -> None:
    config = json.dumps({"site_name": "Old", "site_url": url})
    assert "base_url" not in old("mkdocs", {"mkdocs.yml": config}).config
