"""Folders, sections and paths."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.content.source.document import SectionOptions, SourceDocument
from ssg.content.structure.permalinks import Permalinks
from ssg.content.structure.sections import find_sections, home_of, humanise
from ssg.model.urls import canonical_path, output_file, path_problem
from tests.conftest import Built

MACHINES = {"/404.html", "/feed.xml", "/sitemap.xml"}


@pytest.mark.parametrize(
    ("sources", "paths"),
    [
        ([], ["/"]),
        (["a.md"], ["/", "/a/"]),
        (["blog/a.md"], ["/", "/blog/", "/blog/a/"]),
        (["blog/2024/a.md"], ["/", "/blog/", "/blog/2024/a/"]),
        (["b/2024/_index.md", "b/2024/a.md"], ["/", "/b/", "/b/2024/", "/b/2024/a/"]),
        (["about/index.md"], ["/", "/about/"]),
        (["about/index.md", "about/team.md"], ["/", "/about/", "/about/team/"]),
        (["b/trip/index.md", "b/trip/notes.md"], ["/", "/b/", "/b/trip/", "/b/trip/notes/"]),
        (["index.md"], ["/"]),
        (["_index.md"], ["/"]),
        (["Foo Bar/Ä b.md"], ["/", "/foo-bar/", "/foo-bar/ä-b/"]),
        (["2024-01-31-hello.md"], ["/", "/hello/"]),
        (["2024-01-31_hello.md", "2024-01-31.md"], ["/", "/2024-01-31/", "/hello/"]),
        (["blog/!!!/a.md"], ["/", "/blog/", "/blog/a/"]),
        (["v1.2.md"], ["/", "/v1.2/"]),
        (["a.html.md"], ["/", "/a.html/"]),
        (["हिन्दी.md", "日本/語.md"], ["/", "/हिन्दी/", "/日本/", "/日本/語/"]),
        (["a/b/c/d/_index.md", "a/b/c/d/e.md"], ["/", "/a/", "/a/b/c/d/", "/a/b/c/d/e/"]),
    ],
)  # fmt: skip
def test_a_place_makes_a_path(
    site: Callable[..., Built], sources: list[str], paths: list[str]
) -> None:
    built = site({f"content/{source}": "" for source in sources})
    assert sorted(set(built.paths) - MACHINES) == paths


@pytest.mark.parametrize(
    ("sources", "words"),
    [
        (["b.md", "b/_index.md"], "content/b.md and content/b/_index.md both want /b/"),
        (["blog.md", "blog/a.md"], "content/blog.md and the section content/blog/ both want"),
        (["_index.md", "index.md"], "both want /"),
        (["docs/_index.md", "docs/index.md"], "both want /docs/"),
        (["a.md", "a/index.md"], "content/a/index.md and content/a.md both want /a/"),
        (["Foo.md", "foo.md"], "content/Foo.md and content/foo.md both want /foo/"),
        (["a b.md", "a-b.md"], "both want /a-b/"),
        (["x/!!!/p.md", "x/p.md"], "both want /x/p/"),
        (["!!!/_index.md"], "both want /"),
        (["e\u0301.md", "é.md"], "both want /é/"),
    ],
)  # fmt: skip
def test_two_sources_for_one_path_are_both_named(
    problems: Callable[..., list[str]], sources: list[str], words: str
) -> None:
    (problem,) = problems({f"content/{source}": "" for source in sources})
    assert words in problem
    assert all(source in problem for source in sources if source.endswith("index.md"))


@pytest.mark.parametrize("name", ["!!!.md", "—.md", "a/….md"])
def test_a_name_without_letters_makes_no_url(problems: Callable[..., list[str]], name: str) -> None:
    assert problems({f"content/{name}": ""}) == [
        f"content/{name}: the file name has no letter or digit for a URL. "
        "Set slug or path in its front matter"
    ]


def test_a_slug_helps_a_name_without_letters(site: Callable[..., Built]) -> None:
    assert "/x/" in site({"content/!!!.md": "---\nslug: x\n---\n"}).paths


@pytest.mark.parametrize(
    ("name", "header", "path"),
    [
        ("blog/a.md", "slug: B c", "/blog/B c/"),
        ("blog/a.md", "path: /x/y", "/x/y/"),
        ("blog/a.md", "path: x/y.txt", "/x/y.txt"),
        ("blog/a.md", "url: /other", "/other/"),
        ("blog/trip/index.md", "slug: tour", "/blog/tour/"),
        ("blog/_index.md", "slug: notes", "/notes/"),
        ("blog/_index.md", "path: /a/b", "/a/b/"),
        ("blog/sub/_index.md", "slug: x", "/blog/x/"),
    ],
)
def test_front_matter_chooses_a_path(
    site: Callable[..., Built], name: str, header: str, path: str
) -> None:
    built = site({f"content/{name}": f"---\n{header}\n---\n"})
    page = built.site.page_from(name)
    assert page is not None
    assert page.path == path


def test_pages_follow_the_path_of_their_section(site: Callable[..., Built]) -> None:
    built = site({"content/blog/_index.md": "---\npath: /notes\n---\n", "content/blog/a.md": ""})
    assert "/notes/a/" in built.paths


segments = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1, max_size=20
)


@given(st.lists(segments, min_size=1, max_size=4), st.text(max_size=20), st.text(max_size=20))
def test_no_file_name_leads_out_of_the_publish_folder(
    parts: list[str], slug: str, path: str
) -> None:
    """What front matter may hold has passed `path_problem` before."""
    slug = "" if path_problem(slug) or "/" in slug else slug
    path = "" if path_problem(path) else path
    document = SourceDocument("/".join(parts) + ".md", slug=slug, path=path)
    sections = find_sections([document])
    url = Permalinks({}, []).path(document, home_of(document, sections))
    if url and not path_problem(url):
        assert url.startswith("/")
        assert "//" not in url
        assert ".." not in output_file(url).split("/")
        assert not output_file(url).startswith("/")


@given(st.lists(st.lists(segments, min_size=1, max_size=3), max_size=6))
def test_every_folder_has_one_section_and_all_lead_home(places: list[list[str]]) -> None:
    names = sorted({"/".join([*place, "_index.md"]) for place in places})
    documents = [SourceDocument(name, section=SectionOptions()) for name in names]
    sections = find_sections(documents)
    assert {section.id for section in sections.values()} == set(range(1, len(sections) + 1))
    for section in sections.values():
        above = section
        while above.parent:
            above = above.parent
        assert above.folder == ""
        assert canonical_path(section.path) == section.path


def test_a_section_without_pages_is_a_page(site: Callable[..., Built]) -> None:
    assert site({"content/x/_index.md": "---\ntitle: X\n---\n"}).read("x/index.html") == "X:"


def test_titles_come_from_names(site: Callable[..., Built]) -> None:
    built = site(
        {
            "content/my_blog/getting-started.md": "",
            "content/my_blog/trip/index.md": "",
            "content/my_blog/2025-05-01-fjord/index.md": "",
        }
    )
    titles = {page.path: page.title for page in built.site.all_pages()}
    assert titles["/my_blog/"] == "My blog"
    assert titles["/my_blog/getting-started/"] == "Getting started"
    assert titles["/my_blog/trip/"] == "Trip"
    assert titles["/my_blog/fjord/"] == "Fjord"
    assert titles["/"] == "My site"


def test_titles_from_names_are_sorted_as_titles(site: Callable[..., Built]) -> None:
    files = {
        "content/d/_index.md": "---\nsort_by: title\n---\n",
        "content/d/zebra.md": "no title",
        "content/d/apple.md": "---\ntitle: M\n---\n",
        "content/d/x.md": "# A\n",
    }
    assert site(files).read("d/index.html") == "D: /d/x/ /d/apple/ /d/zebra/"


def test_bundles_are_sorted_by_their_folder(site: Callable[..., Built]) -> None:
    files = {
        "content/d/_index.md": "---\nsort_by: slug\n---\n",
        "content/d/z/index.md": "",
        "content/d/m.md": "",
    }
    assert site(files).read("d/index.html") == "D: /d/m/ /d/z/"


def test_sections_are_sorted_by_title_with_their_pages(site: Callable[..., Built]) -> None:
    files = {
        "content/_index.md": "---\nsort_by: title\n---\n",
        "content/a/_index.md": "---\ntitle: Z\n---\n",
        "content/m/x.md": "",
        "templates/section.html": "{{ page.sections | map(attribute='path') | join }}",
    }
    assert site(files).read("index.html") == "/m//a/"


@pytest.mark.parametrize(
    ("name", "title"),
    [("getting-started", "Getting started"), ("a_b", "A b"), ("", ""), ("éa", "Éa"), ("-", "")],
)
def test_a_name_is_made_readable(name: str, title: str) -> None:
    assert humanise(name) == title


def test_a_page_template_is_inherited(site: Callable[..., Built]) -> None:
    files = {
        "content/blog/_index.md": "---\npage_template: post.html\n---\n",
        "content/blog/deep/_index.md": "",
        "content/blog/deep/a.md": "",
        "content/blog/own.md": "---\ntemplate: page.html\n---\n",
        "templates/post.html": "post",
    }
    built = site(files)
    assert built.read("blog/deep/a/index.html") == "post"
    assert built.read("blog/own/index.html") == "Own|"
