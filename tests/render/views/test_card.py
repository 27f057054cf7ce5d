"""`page.card`: what stands on the card of a page, and how a server finds it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from ssg.model.queries.site import Site
from ssg.render.views.card import card_of, find_card
from tests.conftest import Built, build_site, write

CONFIG = """
base_url = "https://example.org/sub/"
title = "River boats"
author = "Ada"
[feed]
enabled = false
[images.cards]
background = "#000000"
show = ["section", "site", "date", "author"]
exclude = ["notes/**"]
"""
SHOWN = (
    "{% set card = page.card %}{% if card %}{{ card.permalink }} {{ card.url == card | string }} "
    "{{ card.width }}x{{ card.height }} {{ card.alt }}{% else %}no card{% endif %}"
)
FILES = {
    "ssg.toml": CONFIG,
    "templates/base.html": SHOWN,
    **{f"templates/{name}.html": SHOWN for name in ("page", "section", "term", "taxonomy")},
    "content/_index.md": "---\ntitle: Home\n---\n",
    "content/blog/_index.md": "---\ntitle: Journal\npaginate_by: 1\n---\n",
    "content/blog/boat.md": "---\ntitle: A  boat\ndate: 2026-01-29\ntags: [x]\n---\n",
    "content/blog/ship.md": "---\ntitle: A ship\nauthors: [Bob, Eve]\ncard: The ship\n---\n",
    "content/plain.md": "---\ntitle: Plain\ncard: false\n---\n",
    "content/own.md": "---\ntitle: Own\nimage: /own.png\n---\n",
    "content/both.md": "---\ntitle: Both\nimage: /own.png\ncard: Told\n---\n",
    "content/notes/one.md": "---\ntitle: One\n---\n",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    root = tmp_path_factory.mktemp("cards")
    write(root, FILES)
    return build_site(root)


@pytest.fixture(scope="module")
def opened(built: Built) -> Site:
    return built.site


def _parts(site: Site, path: str) -> tuple[str, ...] | None:
    page = site.page_at(path)
    assert page
    card = card_of(page, site)
    return card.texts() if card else None


@pytest.mark.parametrize(
    ("path", "texts"),
    [
        ("/blog/boat/", ("A boat", "Journal", "River boats", "2026-01-29", "Ada")),
        ("/blog/ship/", ("The ship", "Journal", "River boats", "", "Bob, Eve")),
        ("/blog/", ("Journal", "", "River boats", "", "Ada")),
        ("/blog/page/2/", ("Journal", "", "River boats", "", "Ada")),
        ("/", ("River boats", "", "", "", "Ada")),
        ("/tags/x/", ("x", "", "River boats", "", "Ada")),
        ("/plain/", None),
        ("/notes/one/", None),
        ("/own/", None),
        ("/both/", ("Told", "", "River boats", "", "Ada")),
        ("/sitemap.xml", None),
    ],
)
def test_what_stands_on_a_card(opened: Site, path: str, texts: tuple[str, ...] | None) -> None:
    assert _parts(opened, path) == texts


def test_cards_are_in_the_language_of_their_pages(site: Callable[..., Built]) -> None:
    languages = """
default_language = "en"
[languages.en]
title = "Boats"
[languages.ar]
title = "قوارب"
fallback = true
"""
    config = (
        CONFIG.partition("[feed]")[0] + languages + '[images.cards]\nfont = ["noto-sans-arabic"]\n'
    )
    built = site(
        {
            "ssg.toml": config,
            **{name: text for name, text in FILES.items() if name.startswith("templates")},
            "content/blog/_index.md": "---\ntitle: Journal\n---\n",
            "content/blog/_index.ar.md": "---\ntitle: مدونة\n---\n",
            "content/blog/a.md": "---\ntitle: A\n---\n",
            "content/blog/a.ar.md": "---\ntitle: ب\n---\n",
            "content/blog/only.md": "---\ntitle: Only\n---\n",
        }
    )
    opened = built.site
    cards = {path: card_of(built.page(path), opened) for path in ("/ar/blog/a/", "/ar/blog/only/")}
    own, fallback = cards.values()
    assert own and fallback
    assert (own.title, own.parts.section, own.parts.site, own.direction) == (
        "ب", "مدونة", "قوارب", "rtl",
    )  # fmt: skip
    assert (fallback.page_path, fallback.parts.site, fallback.direction) == (
        "/blog/only/", "Boats", "ltr",
    )  # fmt: skip


def test_a_server_finds_the_card_of_an_address(opened: Site) -> None:
    design = opened.settings.images and opened.settings.images.cards
    assert design
    for path in ("/", "/blog/boat/", "/tags/x/"):
        page = opened.page_at(path)
        assert page
        card = card_of(page, opened)
        assert card
        assert find_card(opened, card.path(design)) == card


def test_a_stranger_cannot_ask_for_other_cards(opened: Site) -> None:
    design = opened.settings.images and opened.settings.images.cards
    page = opened.page_at("/blog/boat/")
    assert design and page
    card = card_of(page, opened)
    assert card
    path = card.path(design)
    last = "1" if path[-5] == "0" else "0"
    for other in (
        path.replace("/boat/", "/ship/"), path[:-5] + last + ".png", path.replace(".png", ".jpg"),
        path.replace("/blog/boat/", "/plain/"), path.replace("/boat/", "/"), "/_img/x.png",
    ):  # fmt: skip
        assert find_card(opened, other) is None


def test_templates_show_it(built: Built) -> None:
    html = built.read("blog/boat/index.html")
    form = (
        r"https://example\.org/sub/_img/cards/blog/boat/[0-9a-f]{16}\.png "
        r"True 1200x630 A boat – River boats"
    )
    assert re.fullmatch(form, html.strip())
    assert built.read("plain/index.html") == "no card"
