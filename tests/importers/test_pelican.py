"""Pelican: cases that the site in `sites/` does not cover."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import yaml

from ssg.importers.pelican.permalinks import slugify
from tests.importers.old import Imported

Old = Callable[..., Imported]


def _settings(text: str) -> dict[str, str]:
    return {"pelicanconf.py": text}


def test_settings_are_read_and_never_run(old: Old) -> None:
    found = old("pelican", _settings(
        "import os\n"
        "raise SystemExit('run')\n"
        "NAME = 'A'\n"
        "SITENAME = NAME + ' ' + f'{NAME}B'\n"
        "AUTHOR: str = 'Ana'\n"
        "DEFAULT_PAGINATION = os.cpu_count()\n"
        "TIMEZONE = 'Nowhere/Else'\n"
        "if True:\n    SITEURL = 'https://no.example.com'\n"
    ))  # fmt: skip
    assert found.config["title"] == "A AB"
    assert found.config["author"] == "Ana"
    assert "base_url" not in found.config
    assert found.findings == [
        "pelicanconf.py:6: DEFAULT_PAGINATION, which is not a constant, was not imported",
        "pelicanconf.py:7: unknown time zone Nowhere/Else",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Hello, World!", "hello-world"), ("Größe & mehr", "grosse-mehr"), ("a_b  c", "a_b-c")],
)
def test_slugs_equal_those_of_pelican(text: str, expected: str) -> None:
    assert slugify(text) == expected


@pytest.mark.parametrize(
    ("settings", "header", "expected"),
    [
        ("", "Title: A b\n", "/a-b.html"),
        ("ARTICLE_URL = '{category}/{slug}/'", "Title: A\nCategory: X y\n", "/x-y/a/"),
        ("ARTICLE_SAVE_AS = '{date:%Y}/{slug}/index.html'", "Title: A\nDate: 2024-02-03\n",
         "/2024/a/"),
        ("", "Title: A\nSlug: own\nLang: fr\n", "/own.html"),
        ("", "Title: A\nsave_as: x/y.html\n", "/x/y.html"),
        ("SLUGIFY_SOURCE = 'basename'", "Title: A\n", "/post.html"),
        ("SLUGIFY_SOURCE = 'basename'", "Title: A\nSlug: b\n", "/b.html"),
    ],
)  # fmt: skip
def test_addresses_stay(old: Old, settings: str, header: str, expected: str) -> None:
    found = old("pelican", {**_settings(settings), "content/post.md": header + "\nText\n"})
    values = yaml.safe_load(found.page("post.md").split("---")[1])
    pattern = found.config.get("permalinks", {}).get("**", "")
    natural = pattern.replace(":slug", values.get("slug", "")).replace(":year", "2024")
    assert values.get("path", natural) == expected


def test_a_header_may_begin_with_any_key(old: Old) -> None:
    found = old("pelican", {"content/a.md": "Mood: sunny\nTitle: A\n\nText\n"})
    assert "mood: sunny" in found.page("a.md")
    assert found.body("a.md") == "Text"


def test_metadata_in_the_names_of_files(old: Old) -> None:
    settings = "FILENAME_METADATA = r'(?P<date>\\d{4}-\\d{2}-\\d{2})_(?P<slug>.*)'"
    found = old("pelican", {**_settings(settings), "content/2024-02-03_x.md": "Title: A\n\nB\n"})
    assert "date: 2024-02-03\n" in found.page("2024-02-03_x.md")
    assert "slug: x\n" in found.page("2024-02-03_x.md")


def test_categories_without_pages_go_to_extra(old: Old) -> None:
    settings = "CATEGORY_SAVE_AS = ''\n"
    found = old("pelican", {**_settings(settings), "content/a.md": "Title: A\n\nB\n"})
    assert "categories" not in found.config["taxonomies"]
    assert "extra:\n  categories:\n    - misc\n" in found.page("a.md")


def test_a_page_may_be_the_home_page(old: Old) -> None:
    files = {"content/pages/home.md": "Title: Home\nURL:\nsave_as: index.html\n\nHi\n"}
    found = old("pelican", files)
    assert found.body("_index.md") == "Hi"
    assert found.config["menus"]["main"][0] == {"page": "_index.md", "weight": 1}


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("{% img /a.png %}", "![](/a.png)"),
        ("{% img left /a.png 10 'A b' 'C d' %}", "![C d](/a.png)"),
        ("{% vimeo 12 %}", '{{ vimeo(id="12") }}'),
        ("{% gist 12 %}", '<script src="https://gist.github.com/12.js"></script>'),
        ("{% video /a.mp4 10 20 /a.png %}",
         '<video controls preload="none"><source src="/a.mp4"></video>'),
        ("{% include_code a.py lang:python %}", '```python {title="a.py"}\nx = 1\n```'),
        ("{% other x %}", "<!-- {% other x %} -->"),
        ("`{% img /a.png %}`", "`{% img /a.png %}`"),
    ],
)  # fmt: skip
def test_liquid_tags(old: Old, tag: str, expected: str) -> None:
    files = {"content/a.md": f"Title: A\n\n{tag}\n", "content/code/a.py": "x = 1\n"}
    assert old("pelican", files).body("a.md") == expected


def test_a_translation_is_at_its_own_address(old: Old) -> None:
    head = "Title: A\nSlug: a\nLang: {}\n\nText\n"
    files = {"content/a.md": head.format("en"), "content/a-fr.md": head.format("fr")}
    found = old("pelican", files)
    assert "path: /a-fr.html\n" in found.page("a-fr.md")
    assert found.findings == ["content/a-fr.md: a translation into fr became a page of its own"]
