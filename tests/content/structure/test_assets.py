"""Files that are published as they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ssg.content.source.publication import IncludeOptions
from ssg.content.structure.assets import FileCopy
from tests.conftest import Built

MACHINES = {"404.html", "feed.xml", "index.html", "sitemap.xml"}


@pytest.mark.parametrize(
    ("source", "file"),
    [
        ("static/css/a.css", "css/a.css"),
        ("static/_headers", "_headers"),
        ("static/.well-known/x", ".well-known/x"),
        ("content/a.png", "a.png"),
        ("content/Some Folder/a.png", "Some Folder/a.png"),
        ("content/blog/a.png", "blog/a.png"),
        ("content/blog/2024/a.png", "blog/2024/a.png"),
        ("content/blog/Trip One/img/a b.png", "blog/trip-one/img/a b.png"),
        ("content/blog/moved/a.png", "elsewhere/a.png"),
        ("content/blog/text/a.png", "blog/a.png"),
    ],
)
def test_a_file_goes_with_its_owner(site: Callable[..., Built], source: str, file: str) -> None:
    built = site(
        {
            "content/blog/_index.md": "",
            "content/blog/Trip One/index.md": "",
            "content/blog/moved/index.md": "---\npath: /elsewhere/\n---\n",
            "content/blog/text/index.md": "---\npath: /blog/text.txt\n---\n",
            source: b"\x00data",
        }
    )
    assert (built.report.output / file).read_bytes() == b"\x00data"


def test_a_bundle_that_is_left_out_takes_its_files_along(site: Callable[..., Built]) -> None:
    files = {"content/trip/index.md": "---\ndraft: true\n---\n", "content/trip/secret.png": "x"}
    assert set(site(files).files) == MACHINES
    assert "trip/secret.png" in site(include=IncludeOptions(drafts=True)).files


def test_a_file_of_the_site_goes_before_that_of_its_theme(site: Callable[..., Built]) -> None:
    theme = {
        f"themes/t/templates/{name}.html": "" for name in ("page", "section", "term", "taxonomy")
    }
    files = {
        **theme,
        "ssg.toml": 'theme = "t"\n',
        "themes/t/static/a.css": "theme",
        "themes/t/static/b.css": "theme",
        "static/a.css": "site",
    }
    built = site(files)
    assert (built.read("a.css"), built.read("b.css")) == ("site", "theme")


def test_a_page_in_a_plain_folder_finds_the_file_beside_it(site: Callable[..., Built]) -> None:
    files = {"content/blog/2024/post.md": "![](a.png)", "content/blog/2024/a.png": "x"}
    built = site(files)
    assert 'src="/blog/2024/a.png"' in built.read("blog/2024/post/index.html")
    assert "blog/2024/a.png" in built.files


@pytest.mark.parametrize("name", ["readme.txt", "a.html"])
def test_what_is_no_markdown_file_is_published_as_it_is(
    site: Callable[..., Built], name: str
) -> None:
    assert name in site({f"content/{name}": "x"}).files


@pytest.mark.parametrize("destination", ["/etc/passwd", "../x", "a/../../x"])
def test_no_file_can_be_copied_elsewhere(destination: str) -> None:
    with pytest.raises(ValueError, match="outside of the publish folder"):
        FileCopy(Path("x"), destination)
