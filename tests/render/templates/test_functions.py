"""Functions of templates."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Built
from tests.render.conftest import SITE, only_at


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ("get_url('/style.css')", "/sub/style.css"),
        ("get_url('style.css?v=1#x')", "/sub/style.css?v=1#x"),
        ("get_url('/über uns/')", "/sub/%C3%BCber%20uns/"),
        ("get_url('/feed.xml', absolute=true)", "https://example.org/sub/feed.xml"),
        ("get_url('@/blog/a.md')", "/sub/blog/a/"),
        ("get_url('@/blog/a.md#part')", "/sub/blog/a/#part"),
        ("get_url('@/blog/_index.md', absolute=true)", "https://example.org/sub/blog/"),
        ("get_page('blog/a.md').path", "/blog/a/"),
        ("get_page('@/blog/a.md').path", "/blog/a/"),
        ("get_page('/blog/a/').path", "/blog/a/"),
        ("get_page('blog/a').path", "/blog/a/"),
        ("get_page('/').title", "Home"),
    ],
)
def test_a_call_gives(site: Callable[..., Built], call: str, text: str) -> None:
    built = site({**SITE, "templates/page.html": only_at("/blog/a/", f"{{{{ {call} }}}}")})
    assert built.read("blog/a/index.html") == text


@pytest.mark.parametrize("call", ["get_page('nope.md')", "get_url('@/nope.md')"])
def test_a_missing_page_is_an_error(problems: Callable[..., list[str]], call: str) -> None:
    (line,) = problems({**SITE, "templates/page.html": only_at("/blog/a/", f"{{{{ {call} }}}}")})
    assert 'get_page: there is no page "' in line


# -- sections, taxonomies, data, texts ---------------------------------------------------------

MORE = {
    **SITE,
    "data/team.toml": 'lead = "Ann"\n',
    "data/words.txt": "one\ntwo\n",
    "content/blog/prices.csv": "name,price\ntea,3\n",
    "content/blog/trip/index.md": "",
    "content/blog/trip/track.json": '{"km": 12}',
    "content/blog/large.txt": "x" * 1_000_001,
    "i18n/en.toml": 'hello = "Hello {name}"\nmore = "Read on"\n[nav]\nhome = "Home"\n',
    "i18n/de.toml": 'hello = "Hallo {name}"\n[nav]\nhome = "Start"\n',
}


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ("get_section('blog').path", "/blog/"),
        ("get_section('blog/_index.md').path", "/blog/"),
        ("get_section('@/blog/_index.md').path", "/blog/"),
        ("get_section('/').title", "Home"),
        ("get_taxonomy('tags').name", "tags"),
        ("load_data('data/team.toml').lead", "Ann"),
        ("load_data('data/words.txt').split() | join('-')", "one-two"),
        ("load_data('@/blog/prices.csv')[0].price", "3"),
        ("load_data('content/blog/prices.csv')[0].name", "tea"),
        ("load_data('prices.csv', page)[0].name", "tea"),
        ("load_data('track.json', get_page('/blog/trip/')).km", "12"),
        ("data.team.lead ~ site.data.team.lead", "AnnAnn"),
        ("trans('nav.home')", "Home"),
        ("trans('nav.home', 'de')", "Start"),
        ("trans('nav.home', 'de-AT')", "Start"),
        ("trans('more', lang='de')", "Read on"),
        ("trans('hello', 'de', name='<Ann>')", "Hallo &lt;Ann&gt;"),
        ("trans('hello')", "Hello {name}"),
    ],
)
def test_a_call_reads(site: Callable[..., Built], call: str, text: str) -> None:
    built = site({**MORE, "templates/page.html": only_at("/blog/a/", f"{{{{ {call} }}}}")})
    assert built.read("blog/a/index.html") == text


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("get_section('blgo')", 'get_section: there is no section "blgo"'),
        ("get_section('/blog/a/')", 'get_section: there is no section "/blog/a/"'),
        ("get_taxonomy('tag')", 'no taxonomy "tag" (while rendering content/blog/a.md). Did you '),
        (
            "get_page('blog/aa.md')",
            '"blog/aa.md" (while rendering content/blog/a.md). Did you mean',
        ),
        ("load_data('data/taem.toml')", 'Did you mean "data/team.toml"?'),
        ("load_data('data/../../secret.txt')", 'there is no data file "../secret.txt"'),
        ("load_data('@/blog/large.txt')", 'there is no data file "content/blog/large.txt"'),
        ("trans('nav.hom')", 'trans: there is no text "nav.hom" in en'),
    ],
)
def test_a_call_for_what_is_not_there_is_an_error(
    problems: Callable[..., list[str]], call: str, message: str
) -> None:
    (line,) = problems({**MORE, "templates/page.html": only_at("/blog/a/", f"{{{{ {call} }}}}")})
    assert message in line


def test_files_beside_pages_are_kept_only_where_something_may_load_them(
    site: Callable[..., Built],
) -> None:
    assert site(MORE).site.file_paths() == []
    built = site({"templates/page.html": "{{ load_data('data/team.toml').lead }}"})
    kept = built.site.file_paths()
    assert {"data/team.toml", "data/words.txt"} <= set(kept)
    assert [path for path in kept if path.startswith("content/")] == [
        "content/blog/prices.csv",
        "content/blog/trip/track.json",
    ]


# -- copied files ------------------------------------------------------------------------------

EMPTY_SHA384 = (
    "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da"
    "274edebfe76f65fbd51ad2f14898b95b"
)
FILES = {
    **SITE,
    "static/a/style.css": "",
    "static/logo.svg": "",
    "content/blog/bundle/index.md": "",
    "content/blog/bundle/own.css": "",
}


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ("get_url('a/style.css', cachebust=true)", "/sub/a/style.38b060a751.css"),
        ("get_url('/a/style.css#x', cachebust=true)", "/sub/a/style.38b060a751.css#x"),
        (
            "get_url('/a/style.css', true, cachebust=true)",
            "https://example.org/sub/a/style.38b060a751.css",
        ),
        ("get_url('/blog/bundle/own.css', cachebust=true)", "/sub/blog/bundle/own.38b060a751.css"),
        ("get_file_hash('/logo.svg')", EMPTY_SHA384),
        (
            "get_integrity('logo.svg') | safe",
            "sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb",
        ),
    ],
)
def test_a_call_for_a_file_gives(site: Callable[..., Built], call: str, text: str) -> None:
    built = site({**FILES, "templates/page.html": only_at("/blog/a/", f"{{{{ {call} }}}}")})
    assert built.read("blog/a/index.html") == text


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("get_url('/style.css', cachebust=true)", 'there is no file "/style.css"'),
        ("get_url('/logo.svg', cachebust=true)", "Add it to assets.fingerprint"),
        ("get_integrity('/logo.sgv')", 'Did you mean "/logo.svg"?'),
    ],
)
def test_a_missing_file_is_an_error(
    problems: Callable[..., list[str]], call: str, message: str
) -> None:
    (line,) = problems({**FILES, "templates/page.html": only_at("/blog/a/", f"{{{{ {call} }}}}")})
    assert message in line
