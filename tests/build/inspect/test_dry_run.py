"""Looking without building."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssg.build.inspect.dry_run import Explanation, dry_run, explain
from ssg.build.options import BuildOptions
from ssg.config.load import load
from ssg.model.errors import ContentError
from tests.conftest import BARE, NOW, write

FILES = {
    **BARE,
    "ssg.toml": 'theme = ""\nbase_url = "https://example.org/sub/"\n[target]\nname = "netlify"\n'
    '[[deferred.rules]]\nmatch = "blog/**"\nttl = 60\n',
    "templates/page.html": "{% include 'part.html' %}",
    "templates/part.html": "äx",
    "content/blog/über uns.md": "",
    "content/about.md": "",
}


@pytest.fixture
def ask(tmp_path: Path):  # type: ignore[no-untyped-def]
    def run(name: str) -> Explanation:
        write(tmp_path, FILES)
        with dry_run(load(tmp_path, environment={}), BuildOptions(NOW, package=False)) as compiled:
            return explain(compiled, name)

    return run


@pytest.mark.parametrize(
    "name",
    [
        "/blog/über-uns/", "/blog/über-uns", "blog/über-uns", "/blog/%C3%BCber-uns/",
        "https://example.org/sub/blog/%C3%BCber-uns/?x=1#y", "/sub/blog/über-uns/",
        "blog/über uns.md", "content/blog/über uns.md", "./content/blog/über uns.md",
    ],
)  # fmt: skip
def test_a_page_is_found_by_any_of_its_names(ask, name: str) -> None:  # type: ignore[no-untyped-def]
    found = ask(name)
    assert found.page.path == "/blog/über-uns/"
    assert found.permalink == "https://example.org/sub/blog/%C3%BCber-uns/"


def test_everything_is_told_of_a_page(ask) -> None:  # type: ignore[no-untyped-def]
    found = ask("blog/über uns.md")
    assert found.templates == ("templates/page.html", "templates/part.html")
    assert found.size == len("äx".encode())
    assert (found.page.ttl_seconds, found.page.reason) == (60, 'rule 1 (match "blog/**")')
    assert found.rule is not None
    assert "/.netlify/builders/ssg-pages" in str(found.rule)


def test_a_file_has_no_rule(ask) -> None:  # type: ignore[no-untyped-def]
    assert ask("/about/").rule is None
    assert ask("/feed.xml").page.kind == "feed"
    assert ask("/").page.path == ask("https://example.org/sub/").page.path == "/"


def test_an_unknown_page_is_told_with_a_near_one(ask) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ContentError, match=r'there is no page /abot. Did you mean "/about/"\?'):
        ask("/abot")
    with pytest.raises(ContentError, match=r"there is no page /%ff"):
        ask("/%ff")
