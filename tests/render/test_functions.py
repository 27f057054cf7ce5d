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
def test_a_page_that_is_not_there_is_an_error(
    problems: Callable[..., list[str]], call: str
) -> None:
    (line,) = problems({**SITE, "templates/page.html": only_at("/blog/a/", f"{{{{ {call} }}}}")})
    assert 'get_page: there is no page "' in line
