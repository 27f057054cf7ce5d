"""`site` in a template."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Built
from tests.render.conftest import SITE, only_at


@pytest.mark.parametrize(
    ("path", "template", "text"),
    [
        ("/blog/a/", "{{ site.title }} {{ site.language }}", "My site en"),
        ("/blog/a/", "{{ site.url }} {{ site.base_url }}", "/sub/ https://example.org/sub/"),
        ("/blog/a/", "{{ site.home.title }} {{ site.extra.menu[0] }}", "Home x"),
        ("/blog/a/", "{{ site.sections | map(attribute='path') | join }}", "/blog/"),
        ("/blog/a/", "{{ site.pages[:2] | map(attribute='slug') | join }}", "ab"),
        ("/blog/a/", "{{ site.pages | length }}", "5"),
        ("/blog/a/", "{{ site.taxonomies.tags.terms[0].page_count }}", "2"),
        ("/blog/a/", "{{ site.feeds[0].path }} {{ site.home.feed.slug }}", "/feed.xml feed.xml"),
        ("/blog/a/", "{{ site.data.team.lead }}", "Ann"),
        ("/blog/a/", "{{ site.data.places.london.rain }}", "True"),
        ("/blog/a/", "{{ site.data['team']['lead'] }}", "Ann"),
        ("/blog/a/", "{{ site.data.nope is defined }}", "False"),
        ("/blog/a/", "{{ site.build_time | date }}", "2026-01-31"),
    ],
)
def test_any_template_sees_the_site(
    site: Callable[..., Built], path: str, template: str, text: str
) -> None:
    built = site({**SITE, "templates/page.html": only_at(path, template)})
    assert built.read(path[1:] + "index.html") == text
