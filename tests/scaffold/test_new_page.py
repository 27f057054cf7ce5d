"""The file and the text of a new page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from ssg.config.load import load
from ssg.model.errors import ScaffoldError
from ssg.scaffold.new_page import NewPageRequest, locate, new_page
from tests.conftest import NOW, write

ALL = "{{ title }}|{{ date }}|{{ slug }}|{{ section }}|{{ deferred }}|{{ is_section }}"
Make = Callable[..., str]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Make a page in a site of some files, and return its text."""

    def run(wanted: NewPageRequest, files: dict[str, str] | None = None) -> str:
        write(tmp_path, {"ssg.toml": 'theme = ""\n', **(files or {})})
        return new_page(load(tmp_path, environment={}), wanted, NOW).read_text("utf-8")

    return run


@pytest.mark.parametrize(
    ("path", "name", "section"),
    [
        ("blog/my-post", "blog/my-post.md", "blog"),
        ("blog/my-post.md", "blog/my-post.md", "blog"),
        ("content/blog/my-post", "blog/my-post.md", "blog"),
        ("./content/about", "about.md", ""),
        ("blog/My post!", "blog/my-post.md", "blog"),
        ("blog/2026-02-03-Über uns", "blog/2026-02-03-über-uns.md", "blog"),
        ("blog/trip/", "blog/trip/index.md", "blog"),
        ("blog/trip/index.md", "blog/trip/index.md", "blog"),
        ("docs/guide/_index.md", "docs/guide/_index.md", "docs"),
        ("docs/Old Folder/x", "docs/Old Folder/x.md", "docs/Old Folder"),
    ],
)
def test_the_file_of_a_path(path: str, name: str, section: str) -> None:
    place = locate(NewPageRequest(path))
    assert (place.name, place.section) == (name, section)


def test_a_section_has_a_folder() -> None:
    assert locate(NewPageRequest("docs/guide", is_section=True)).name == "docs/guide/_index.md"


@pytest.mark.parametrize("path", ["../x", "a/../../x", "/etc/x", "", "/", "blog/!!!", "a|b/c"])
def test_an_invalid_path_is_refused(path: str) -> None:
    with pytest.raises(ScaffoldError, match="Write a path below content/"):
        locate(NewPageRequest(path))


def test_a_date_in_the_name_is_the_date(make: Make) -> None:
    files = {"archetypes/default.md": ALL}
    text = make(NewPageRequest("blog/2020-03-04-old"), files)
    assert text == "Old|2020-03-04|old|blog|False|False"
    assert make(NewPageRequest("blog/2020-02-31-odd")).split("|")[:2] == ["Odd", "2026-01-31"]


def test_the_nearest_archetype_is_used(make: Make) -> None:
    files = {
        "archetypes/default.md": "default",
        "archetypes/blog.md": "blog",
        "archetypes/blog/2026.md": "2026",
        "archetypes/recipe.md": "recipe",
    }
    assert make(NewPageRequest("x"), files) == "default"
    assert make(NewPageRequest("docs/x")) == "default"
    assert make(NewPageRequest("blog/x")) == "blog"
    assert make(NewPageRequest("blog/2026/x")) == "2026"
    assert make(NewPageRequest("blog/2026/may/x")) == "2026"
    assert make(NewPageRequest("blog/2026/soup", kind="recipe")) == "recipe"


def test_a_theme_may_contain_archetypes(make: Make) -> None:
    theme = {"themes/t/theme.toml": "", "themes/t/archetypes/blog.md": "of the theme"}
    assert make(NewPageRequest("blog/a"), {**theme, "ssg.toml": 'theme = "t"\n'}) == "of the theme"
    assert make(NewPageRequest("blog/b"), {"archetypes/blog.md": "own"}) != "of the theme"


def test_an_unknown_archetype_is_an_error(make: Make) -> None:
    with pytest.raises(ScaffoldError, match=r'no archetype "blgo"\. Did you mean "blog"\?'):
        make(NewPageRequest("x", kind="blgo"), {"archetypes/blog.md": ""})
    with pytest.raises(ScaffoldError, match="There are: blog, default"):
        make(NewPageRequest("x", kind="../../secret"), {"secret.md": "secret"})


def test_the_built_in_archetype(make: Make) -> None:
    assert make(NewPageRequest("a-b")) == '---\ntitle: "A b"\ndate: 2026-01-31\n---\n\n'
    assert make(NewPageRequest("c", is_section=True)) == '---\ntitle: "C"\n---\n\n'


@pytest.mark.parametrize(
    ("archetype", "text"),
    [
        ("---\ntitle: x\n---\n", "---\ndeferred: true\ntitle: x\n---\n"),
        ('+++\ntitle = "x"\n+++\n', '+++\ndeferred = true\ntitle = "x"\n+++\n'),
        ("title: x\n\ntext", "deferred: true\ntitle: x\n\ntext"),
        ("text", "---\ndeferred: true\n---\n\ntext"),
        ("---\ndeferred: {ttl: 60}\n---\n", "---\ndeferred: {ttl: 60}\n---\n"),
    ],
)
def test_a_deferred_page_says_so(make: Make, archetype: str, text: str) -> None:
    assert make(NewPageRequest("x", deferred=True), {"archetypes/default.md": archetype}) == text


@pytest.mark.parametrize("there", ["x.md", "x/index.md", "x/_index.md"])
@pytest.mark.parametrize("path", ["x", "x/"])
def test_a_second_page_for_an_address_is_refused(make: Make, there: str, path: str) -> None:
    with pytest.raises(ScaffoldError, match="this page exists already"):
        make(NewPageRequest(path), {f"content/{there}": "mine"})


def test_front_matter_that_cannot_be_read_writes_nothing(make: Make, tmp_path: Path) -> None:
    with pytest.raises(ScaffoldError, match=r"archetypes/default\.md:2:"):
        make(NewPageRequest("x"), {"archetypes/default.md": "---\na: b: c\n---\n"})
    assert not (tmp_path / "content").exists()


def test_titles_may_contain_anything(make: Make) -> None:
    text = make(NewPageRequest("x", title='He said "hi": #1'))
    assert text.startswith('---\ntitle: "He said \\"hi\\": #1"\n')


def test_archetypes_know_the_time(make: Make) -> None:
    text = make(
        NewPageRequest("x"), {"archetypes/default.md": "{{ now.isoformat() }} {{ date.year }}"}
    )
    assert text == f"{NOW.isoformat()} {dt.date(2026, 1, 31).year}"
