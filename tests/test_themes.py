"""The themes that come with ssg: their sizes, their texts, what they make of a site."""

from __future__ import annotations

import gzip
import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Built

THEMES = Path(__file__).parents[1] / "themes"
DEFAULT = THEMES / "default"
LANGUAGES = ("ar", "de", "en", "fr")
MOST_BYTES = 30_000
"""Of all style sheets and scripts of the default theme, compressed."""

PHRASE = re.compile(r"""trans\("([\w.]+\w)\"""")
SITE = {
    "ssg.toml": 'base_url = "https://example.org/sub/"\n[search]\nenabled = true\n',
    "templates/page.html": "{% extends 'theme:page.html' %}",
    "templates/section.html": "{% extends 'theme:section.html' %}",
    "templates/term.html": "{% extends 'theme:term.html' %}",
    "templates/taxonomy.html": "{% extends 'theme:taxonomy.html' %}",
    "content/buch/_index.md": "---\ntitle: Buch\nsort_by: weight\n---\n",
    "content/buch/eins.md": "---\ntitle: Eins\n---\n## A\n\n## B\n",
    "content/buch/zwei.md": "---\ntitle: Zwei\n---\n",
    "content/post.md": "---\ntitle: Post\ndate: 2025-03-01\nupdated: 2025-04-01\ntags: [x]\n---\n",
}


def phrases(theme: Path, language: str) -> dict[str, str]:
    """The texts of a theme by key."""
    (table,) = tomllib.loads((theme / f"i18n/{language}.toml").read_text("utf-8")).items()
    return {f"{table[0]}.{key}": text for key, text in table[1].items()}


def test_the_default_theme_is_small() -> None:
    files = [*DEFAULT.glob("static/*.css"), *DEFAULT.glob("static/*.js")]
    assert len(files) == 5
    assert 1000 < sum(len(gzip.compress(file.read_bytes())) for file in files) < MOST_BYTES


@pytest.mark.parametrize("file", sorted(DEFAULT.glob("static/*")), ids=lambda file: file.name)
def test_the_default_theme_asks_nobody_else(file: Path) -> None:
    text = file.read_text("utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert "//" not in re.sub(r"^\s*//.*|//  ?\w.*$", "", text, flags=re.M)
    assert "@import" not in text


@pytest.mark.parametrize("theme", ["default", "plain"])
def test_a_theme_has_the_same_texts_in_each_language(theme: str) -> None:
    languages = sorted(file.stem for file in (THEMES / theme).glob("i18n/*.toml"))
    assert {"de", "en"} <= set(languages)
    assert theme != "default" or tuple(languages) == LANGUAGES
    known = phrases(THEMES / theme, "en")
    slots = {key: set(re.findall(r"\{\w+\}", text)) for key, text in known.items()}
    for language in languages:
        texts = phrases(THEMES / theme, language)
        assert texts.keys() == known.keys()
        assert {key: set(re.findall(r"\{\w+\}", text)) for key, text in texts.items()} == slots


@pytest.mark.parametrize("theme", ["default", "plain"])
def test_every_text_is_used_and_every_one_used_is_there(theme: str) -> None:
    templates = "".join(
        file.read_text("utf-8") for file in (THEMES / theme / "templates").rglob("*.html")
    )
    used = set(PHRASE.findall(templates))
    kinds = {"theme.note", "theme.tip", "theme.warning"} if theme == "default" else set()
    assert used | kinds == phrases(THEMES / theme, "en").keys()


def test_every_word_is_in_the_language_of_the_site(site: Callable[..., Built]) -> None:
    config = "default_language = 'de'\n" + SITE["ssg.toml"]
    built = site({**SITE, "ssg.toml": config})
    english, german = phrases(DEFAULT, "en"), phrases(DEFAULT, "de")
    told = {
        text.partition("{")[0].strip()
        for key, text in english.items()
        if text != german[key] and not text.startswith("{")
    }
    for name in (file for file in built.files if file.endswith(".html")):
        html = built.read(name)
        assert '<html lang="de" dir="ltr"' in html
        shown = {
            part.strip() for part in re.findall(r">([^<>]+)<|=\"([^\"]+)\"", html) for part in part
        }
        assert not told & shown, name
    assert "1. März 2025" in built.read("post/index.html")


def test_a_language_that_the_theme_lacks_is_shown_english_texts(site: Callable[..., Built]) -> None:
    built = site({**SITE, "ssg.toml": "default_language = 'eo'\n" + SITE["ssg.toml"]})
    assert "Skip to content" in built.read("post/index.html")
    assert built.report.warnings == ()


def test_a_site_says_a_text_of_its_theme_anew(site: Callable[..., Built]) -> None:
    built = site({**SITE, "i18n/en.toml": '[theme]\nskip = "To the text"\n'})
    assert "To the text" in built.read("post/index.html")
    assert built.report.warnings == ()


def test_search_is_shown_where_there_is_an_index(site: Callable[..., Built]) -> None:
    with_search = site(SITE).read("post/index.html")
    assert 'data-index="/sub/search/en.json"' in with_search
    without = site({"ssg.toml": SITE["ssg.toml"].partition("[search]")[0]}).read("post/index.html")
    assert "search" not in without


def test_link_previews_show_the_card_of_a_page(site: Callable[..., Built]) -> None:
    config = SITE["ssg.toml"] + '[extra]\nimage = "/all.png"\n[images.cards]\n'
    own = "---\ntitle: Own\nimage: /own.png\n---\n"
    none = "---\ntitle: None\ncard: false\n---\n"
    built = site({**SITE, "ssg.toml": config, "content/own.md": own, "content/none.md": none})
    html = built.read("post/index.html")
    card = re.search(r'<meta property="og:image" content="([^"]+)">', html)
    assert card and card[1].startswith("https://example.org/sub/_img/cards/post/")
    for part in (
        '<meta property="og:image:width" content="1200">',
        '<meta property="og:image:height" content="630">',
        '<meta property="og:image:alt" content="Post – My site">',
        '<meta name="twitter:card" content="summary_large_image">',
    ):
        assert part in html, part
    assert 'og:image" content="https://example.org/sub/own.png"' in built.read("own/index.html")
    assert 'og:image" content="https://example.org/sub/all.png"' in built.read("none/index.html")


def test_machines_are_told_of_a_post(site: Callable[..., Built]) -> None:
    config = SITE["ssg.toml"] + '[extra]\nimage = "/card.png"\naccent = "#602020"\n'
    html = site({**SITE, "ssg.toml": config}).read("post/index.html")
    for part in (
        '<link rel="canonical" href="https://example.org/sub/post/">',
        '<meta property="og:type" content="article">',
        '<meta property="og:image" content="https://example.org/sub/card.png">',
        '<meta name="twitter:card" content="summary_large_image">',
        '"@type": "BlogPosting"',
        '"datePublished": "2025-03-01T00:00:00+00:00"',
        '<link rel="alternate" type="application/atom+xml"',
        "--accent-light: #602020",
    ):
        assert part in html, part


TRANSLATED = {
    "ssg.toml": 'base_url = "https://example.org/sub/"\ntitle = "Notes"\n[languages.en]\n'
    '[languages.fr]\ntitle = "Carnet"\nfallback = true\n',
    "content/_index.md": "",
    "content/_index.fr.md": "",
    "content/one.md": "---\ndate: 2025-03-01\n---\nOne.\n",
    "content/two.fr.md": "---\ndate: 2025-03-01\ndescription: Deux.\n---\nDeux.\n",
    "templates/page.html": "{% extends 'theme:page.html' %}",
    "templates/section.html": "{% extends 'theme:section.html' %}",
}


def _told(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html)
    assert found
    told: dict[str, Any] = json.loads(found[1])
    return told


def test_machines_are_told_where_a_text_stands_that_is_not_translated(
    site: Callable[..., Built],
) -> None:
    html = site(TRANSLATED).read("fr/one/index.html")
    told = _told(html)
    assert (told["url"], told["inLanguage"]) == ("https://example.org/sub/one/", "en")
    assert told["isPartOf"] == {
        "@type": "WebSite", "name": "Notes", "url": "https://example.org/sub/",
    }  # fmt: skip
    assert told["author"]["name"] == "Notes"
    assert '<link rel="canonical" href="https://example.org/sub/one/">' in html
    assert '<meta property="og:locale" content="en">' in html
    assert '<html lang="fr"' in html


def test_machines_are_told_of_a_translation_in_its_language(site: Callable[..., Built]) -> None:
    built = site(TRANSLATED)
    told = _told(built.read("fr/two/index.html"))
    assert (told["url"], told["inLanguage"]) == ("https://example.org/sub/fr/two/", "fr")
    assert told["isPartOf"]["name"] == "Carnet"
    assert told["isPartOf"]["url"] == "https://example.org/sub/fr/"
    assert told["description"] == "Deux."
    assert "description" not in _told(built.read("fr/index.html"))


def test_the_plain_theme_names_the_original_too(site: Callable[..., Built]) -> None:
    html = site({**TRANSLATED, "ssg.toml": 'theme = "plain"\n' + TRANSLATED["ssg.toml"]}).read(
        "fr/one/index.html"
    )
    assert '<link rel="canonical" href="https://example.org/sub/one/">' in html
    assert '<main lang="en" dir="ltr">' in html


def test_the_plain_theme_makes_a_site(site: Callable[..., Built]) -> None:
    files = {name: text for name, text in SITE.items() if not name.startswith("templates/")}
    hidden = {f"templates/{name}.html": "{% extends 'theme:" + name + ".html' %}" for name in
              ("page", "section", "term", "taxonomy")}  # fmt: skip
    built = site({**files, **hidden, "ssg.toml": 'theme = "plain"\n' + SITE["ssg.toml"]})
    post = built.read("post/index.html")
    assert '<time datetime="2025-03-01T00:00:00+00:00">2025-03-01</time>' in post
    assert re.search(r'href="/sub/plain\.[0-9a-f]+\.css"', post)
    assert "Zwei" in built.read("buch/index.html")
    assert "<script" not in post


def test_the_plain_theme_is_a_handful() -> None:
    files = [file for file in (THEMES / "plain/templates").rglob("*") if file.is_file()]
    assert len(files) <= 8
    assert sum(len(file.read_text("utf-8").splitlines()) for file in files) < 120


def _home(site: Callable[..., Built], **files: str) -> list[str]:
    """The addresses that the home page lists."""
    home = {"templates/index.html": "{% extends 'theme:index.html' %}"}
    config = {"ssg.toml": files.pop("config", 'title = "T"\n')}
    html = site({**home, **config, **{f"content/{name}.md": text for name, text in files.items()}})
    main = html.read("index.html").partition("<main")[2].partition("</main")[0]
    return re.findall(r'<h[23]><a href="([^"]+)"', main)


def test_the_home_page_of_a_site_without_dates_lists_its_pages_in_their_order(
    site: Callable[..., Built],
) -> None:
    found = _home(site, **{
        "_index": "---\nsort_by: weight\n---\n", "one": "---\nweight: 2\n---\n",
        "two": "---\nweight: 1\n---\n", "part/_index": "---\nsort_by: weight\n---\n",
        "part/x": "", "open/_index": "---\ntransparent: true\n---\n",
        "open/y": "---\nweight: 3\n---\n",
    })  # fmt: skip
    assert found == ["/two/", "/one/", "/open/y/", "/part/"]


def test_the_home_page_of_a_site_of_sections_lists_these(site: Callable[..., Built]) -> None:
    assert _home(site, **{"a/_index": "", "a/x": "", "b/_index": ""}) == ["/a/", "/b/"]


def test_the_home_page_of_a_site_with_dates_lists_the_newest(site: Callable[..., Built]) -> None:
    pages = {"a": "---\ndate: 2024-01-01\n---\n", "b": "", "c/d": "---\ndate: 2025-01-01\n---\n"}
    assert _home(site, **pages) == ["/c/d/", "/a/"]


def test_a_home_page_may_list_nothing(site: Callable[..., Built]) -> None:
    assert _home(site, config="[extra]\nlatest = 0\n", a="") == []
